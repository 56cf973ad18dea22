"""Patterns of command lines, shared by the families: ``(a|b)`` choices and ``[optional]`` parts, spread out."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOKEN = re.compile(r"<[^>]+>|[()\[\]|^]|[^\s()\[\]|<>^]+")


def expand(pattern: str) -> list[list[str]]:
    """All flat piece sequences a pattern stands for."""
    pieces = _TOKEN.findall(pattern)
    sequences, used = _alternatives(pieces, 0)
    if used != len(pieces):
        raise ValueError(f"unbalanced pattern {pattern!r}")
    return sequences


def _alternatives(pieces: Sequence[str], place: int) -> tuple[list[list[str]], int]:
    found: list[list[str]] = []
    current: list[list[str]] = [[]]
    while place < len(pieces) and pieces[place] not in ")]":
        piece = pieces[place]
        if piece == "|":
            found, current, place = found + current, [[]], place + 1
        elif piece in "([":
            inner, place = _alternatives(pieces, place + 1)
            choices = [*inner, []] if piece == "[" else inner
            current = [head + tail for head in current for tail in choices]
            place += 1
        else:
            current = [[*head, piece] for head in current]
            place += 1
    return found + current, place
