"""A change as two columns: what the device has, what the definition says; lines that belong together side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, takewhile

from punchdown.values import Change, Difference, Provenance, Verdict

ALIKE = 0.5
"""Share of words from which on two lines are taken for the same line, changed."""
MOST = 60
"""Lines of one place that are paired by likeness; of more, every comparison would cost too much."""

LONG = 200
"""Words of two lines from which on they are compared as heaps of words, and told as changed in one piece."""
TEXT = 200_000
"""Characters of all lines of one place beyond which none are paired."""

Words = tuple[tuple[str, bool], ...]
"""A line in pieces; True: this piece is only on its side."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; a side without words has no such line. ``verdict`` is missing, extra, reordered, unknown or changed."""

    verdict: str
    has: Words
    should: Words
    source: Provenance
    meaning: str
    severity: str


@dataclass(frozen=True, slots=True)
class Spot:
    """The rows of one place: a document and its enclosing lines."""

    document: str
    path: tuple[str, ...]
    rows: tuple[Row, ...]


def side_by_side(change: Change) -> tuple[Spot, ...]:
    """The change by place, in its own order."""
    return tuple(Spot(document, path, tuple(_rows(list(items)))) for (document, path), items in groupby(
        change.differences, key=lambda item: (item.document, item.path)))


def _rows(items: Sequence[Difference]) -> Iterator[Row]:
    extra = [item for item in items if item.verdict is Verdict.EXTRA]
    missing = [item for item in items if item.verdict is Verdict.MISSING]
    few = len(extra) + len(missing) <= MOST and sum(len(item.line) for item in (*extra, *missing)) <= TEXT
    partner = _partners(extra, missing) if few else {}
    taken = {id(item) for item in partner.values()}
    for item in items:
        if item.verdict is Verdict.EXTRA and id(item) in partner:
            yield _changed(item, partner[id(item)])
        elif id(item) not in taken:
            yield _alone(item)


def _partners(extra: Sequence[Difference], missing: Sequence[Difference]) -> dict[int, Difference]:
    """Each extra line's missing line, the most alike first."""
    scored = [(_likeness(one.line, other.line), -row, -column)
              for row, one in enumerate(extra) for column, other in enumerate(missing)]
    found: dict[int, Difference] = {}
    used: set[int] = set()
    for score, row, column in sorted(scored, reverse=True):
        if score >= ALIKE and id(extra[-row]) not in found and -column not in used:
            found[id(extra[-row])] = missing[-column]
            used.add(-column)
    return found


def _likeness(one: str, other: str) -> float:
    left, right = one.split(), other.split()
    if left[:1] != right[:1]:
        return 0.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    return matcher.ratio() if len(left) + len(right) <= LONG else matcher.quick_ratio()


def _changed(extra: Difference, missing: Difference) -> Row:
    left, right = extra.line.strip().split(" "), missing.line.strip().split(" ")
    has: list[tuple[str, bool]] = []
    should: list[tuple[str, bool]] = []
    for same, one, other in _pieces(left, right):
        if one:
            has.append((" ".join(one), not same))
        if other:
            should.append((" ".join(other), not same))
    worse = min((extra, missing), key=lambda item: ("high", "medium", "low", "unknown").index(item.severity))
    meaning = "; ".join(dict.fromkeys(text for text in (extra.meaning, missing.meaning) if text))
    return Row("changed", tuple(has), tuple(should), missing.source, meaning, worse.severity)


def _pieces(left: list[str], right: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Whether it is the same on both sides, and what stands there."""
    head = _alike(left, right)
    tail = min(_alike(left[::-1], right[::-1]), min(len(left), len(right)) - head)
    yield True, left[:head], right[:head]
    one, other = left[head:len(left) - tail], right[head:len(right) - tail]
    if len(one) + len(other) > LONG:
        yield False, one, other
    else:
        for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            yield tag == "equal", one[a:b], other[c:d]
    yield True, left[len(left) - tail:], right[len(right) - tail:]


def _alike(left: list[str], right: list[str]) -> int:
    """How many words both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _alone(item: Difference) -> Row:
    words: Words = ((item.line.strip(), False),)
    has = words if item.verdict is not Verdict.MISSING else ()
    should = words if item.verdict in {Verdict.MISSING, Verdict.REORDERED} else ()
    return Row(item.verdict.value, has, should, item.source, item.meaning, item.severity)
