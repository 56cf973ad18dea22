"""The collector is back at its pace after a run, also after one that failed."""

import gc

import pytest

from punchdown.errors import InputError
from punchdown.pipeline import Selection, render
from punchdown.pipeline.memory import few_collections


def test_the_pace_is_slower_inside_and_back_outside():
    before = gc.get_threshold()
    with few_collections():
        assert gc.get_threshold()[0] > before[0]
    assert gc.get_threshold() == before


def test_a_run_that_fails_leaves_the_pace_as_it_was(tmp_path):
    before = gc.get_threshold()
    with pytest.raises(InputError):
        render(tmp_path, Selection())
    assert gc.get_threshold() == before
