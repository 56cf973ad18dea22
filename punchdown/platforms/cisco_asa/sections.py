"""A configuration as text, cut into its top-level lines and what is indented below each, with line numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from punchdown.values import Provenance

Lines = Iterable[tuple[str, Provenance]]

_VOLATILE = re.compile(r"[:!]|ASA Version |Cryptochecksum|terminal width |names$|end$|\[OK\]|Written by |Saved$")


@dataclass(slots=True)
class Node:
    """A line, its place in the text (from 1), where it comes from, and the lines below it."""

    text: str
    number: int
    source: Provenance
    below: list[Node] = field(default_factory=list)


def volatile(line: str) -> bool:
    """Whether a line is a remark of the device's, no setting."""
    return _VOLATILE.match(line.strip()) is not None


def read(lines: Lines) -> list[Node]:
    """The top-level lines in order. A banner's text is kept blank by blank."""
    top: list[Node] = []
    path: list[tuple[int, Node]] = []
    for number, (raw, source) in enumerate(lines, 1):
        text = raw.strip()
        if not text or volatile(text):
            continue
        depth = len(raw) - len(raw.lstrip())
        node = Node(text if text.startswith("banner ") else " ".join(text.split()), number, source)
        while path and path[-1][0] >= depth:
            path.pop()
        (path[-1][1].below if path else top).append(node)
        path.append((depth, node))
    return top


def read_text(text: str) -> list[Node]:
    """The top-level lines of a running configuration."""
    nowhere = Provenance()
    return read((line, nowhere) for line in text.splitlines())
