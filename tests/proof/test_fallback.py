"""Where CUDD has no wheel, the same library's pure Python gives the same answers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import sys
sys.modules["dd.cudd"] = None
from punchdown.proof.sets import BDD
assert BDD.__module__ == "dd.autoref"
import tests.proof.test_hard as hard
hard.test_wildcard_masks_that_are_no_prefixes()
hard.test_a_hairpin_needs_its_masquerade(True, "both ways")
hard.test_a_hairpin_needs_its_masquerade(False, "one way")
hard.test_an_unread_line_matters_only_where_a_packet_meets_it_undecided()
print("same")
"""


def test_the_same_answers_without_cudd():
    found = subprocess.run([sys.executable, "-c", SCRIPT], cwd=Path(__file__).parents[2], capture_output=True,
                           text=True, check=False)
    assert (found.stdout.strip(), found.stderr) == ("same", "")
