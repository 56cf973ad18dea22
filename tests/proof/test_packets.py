"""The prover against the plain evaluator, packet by packet, on what devices of the example sites run."""

from __future__ import annotations

import pytest

from .agreement import Agreement, asked
from .edits import PLATFORMS

BLOCKS, DEVICES = 2, 16
"""Seeds a block: 250 packets each, so 8,000 a platform here; ``python -m tests.proof.long`` asks 100,000."""


@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("name", PLATFORMS)
def test_both_say_the_same_of_every_packet(name, block):
    """Where it comes out, as what, and whether the answer to it comes back."""
    said = sum((asked(name, 1000 + seed) for seed in range(block * DEVICES, (block + 1) * DEVICES)), Agreement())
    assert said.differ == []
    assert said.same[False, False] > 100
    assert said.same[True, True] + said.same[True, False] > 100
