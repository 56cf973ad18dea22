"""Order where it is meaning."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

_T = TypeVar("_T", bound=Hashable)


def misplaced(wanted: Sequence[_T], present: Sequence[_T]) -> list[_T]:
    """What both have, in another order: as few of the first as make the rest agree.

    >>> misplaced(["a", "b", "c"], ["b", "c", "x", "a"])
    ['a']
    """
    there, asked = set(present), set(wanted)
    ours = [item for item in wanted if item in there]
    theirs = [item for item in present if item in asked]
    if ours == theirs:
        return []
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    kept = {item for block in blocks for item in ours[block.a:block.a + block.size]}
    return [item for item in ours if item not in kept]
