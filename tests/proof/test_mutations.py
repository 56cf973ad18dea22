"""One wrong rule in a rendered device: the prover sees it exactly where the plain evaluator says that it matters."""

from __future__ import annotations

from collections import Counter

import pytest

from .edits import PLATFORMS
from .mutants import Score, mutant, scores

BLOCKS, EACH = 4, 25


@pytest.fixture(scope="module")
def board():
    """Scores by platform; printed at the end of the module (``-s`` or ``-rP`` shows them)."""
    counted = {name: Counter() for name in PLATFORMS}
    yield counted
    for name, found in counted.items():
        print(f"{name}: " + ", ".join(f"{score} {found[score]}" for score in Score))


@pytest.mark.parametrize("block", range(BLOCKS))
@pytest.mark.parametrize("name", PLATFORMS)
def test_no_mutant_is_missed_and_none_is_invented(name, block, board):
    """100 a platform in all; ``python -m tests.proof.long`` judges thousands."""
    counted, bad = scores(name, range(block * EACH, (block + 1) * EACH))
    assert bad == []
    assert counted[Score.KILLED] > counted[Score.ALONE], "the corners show too little by themselves"
    assert counted[Score.KILLED] + counted[Score.ALONE] > EACH // 4
    board[name] += counted


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_edit_finds_something_to_do(name):
    """Each kind once, all different from what was rendered."""
    document, edits = PLATFORMS[name]
    made = [mutant(name, seed) for seed in range(len(edits))]
    assert [found.kind for found in made] == list(edits)
    assert all(found.text != found.base.documents[document] for found in made)
