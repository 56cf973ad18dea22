"""Documents of lines: what differs between intended and running, and the change that makes them equal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from punchdown.secrets import UNKNOWN, fingerprinted
from punchdown.values import (
    Change,
    ConfigLine,
    Difference,
    Document,
    IntendedConfig,
    Provenance,
    RunningConfig,
    Step,
    Verdict,
)

MASKED = re.compile(r"<masked:[^>]*>")
_NO_KEY = "<masked:no-key>"  # differs from what a device side says, so that two unknowns are never equal

Meaning = Callable[[Verdict, str], str]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line in canonical words (what is compared), as shown, with where it comes from."""

    key: str
    source: Provenance


def compare_lines(intended: Document, running: str, canonical: Callable[[str], str], *,
                  fingerprint: Mapping[str, str] | None = None, meaning: Meaning = lambda _verdict, _line: "",
                  severity: str = "medium") -> tuple[Difference, ...]:
    """Differences in the order of the document; order of lines is meaning.

    ``canonical`` turns one line of either side into comparable words; empty = carries no meaning (comment, blank).
    ``fingerprint`` maps secret names to ``<masked:HEX>``; a name that is absent is unknown, never equal.
    """
    names = fingerprint or {}
    wanted = [line for line in (_intended(item, canonical, names) for item in intended.lines) if line.key]
    found = [key for key in map(canonical, running.splitlines()) if key]
    gone, extra = _apart(wanted, found)
    verdicts = [*_judge(gone, extra)]
    return tuple(Difference(verdict, intended.name, (), line.key, line.source, meaning(verdict, line.key),
                            severity if verdict is not Verdict.UNKNOWN else "unknown") for verdict, line in verdicts)


def _intended(line: ConfigLine, canonical: Callable[[str], str], names: Mapping[str, str]) -> _Line:
    revealed = fingerprinted(line.text, names).replace(UNKNOWN, _NO_KEY)
    return _Line(canonical(revealed), line.source)


def _apart(wanted: list[_Line], found: list[str]) -> tuple[list[_Line], list[_Line]]:
    """Lines that only one side has at their place; extra lines get the provenance of the line before them."""
    matcher = SequenceMatcher(None, [line.key for line in wanted], found, autojunk=False)
    gone: list[_Line] = []
    extra: list[_Line] = []
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag == "equal":
            continue
        gone += wanted[first:last]
        near = wanted[max(first - 1, 0)].source if wanted else Provenance()
        extra += [_Line(key, near) for key in found[begin:end]]
    return gone, extra


def _judge(gone: list[_Line], extra: list[_Line]) -> Iterable[tuple[Verdict, _Line]]:
    """A line on both lists stands in the wrong place; one that differs in an unknowable secret only is unknown."""
    moved = Counter(line.key for line in gone) & Counter(line.key for line in extra)
    unknown = Counter(_skeleton(line.key) for line in gone if line.key not in moved)
    unknown &= Counter(_skeleton(line.key) for line in extra if line.key not in moved)
    doubtful = _doubtful(gone, extra, unknown)
    for line in gone:
        if line.key in moved:
            yield Verdict.REORDERED, line
        else:
            yield (Verdict.UNKNOWN if _skeleton(line.key) in doubtful else Verdict.MISSING), line
    for line in extra:
        if line.key not in moved and _skeleton(line.key) not in doubtful:
            yield Verdict.EXTRA, line


def _doubtful(gone: list[_Line], extra: list[_Line], shared: Counter[str]) -> frozenset[str]:
    return frozenset(_skeleton(line.key) for line in (*gone, *extra)
                     if (UNKNOWN in line.key or _NO_KEY in line.key) and _skeleton(line.key) in shared)


def _skeleton(key: str) -> str:
    return MASKED.sub("<masked>", key)


def change_of_documents(intended: IntendedConfig, running: RunningConfig, differences: tuple[Difference, ...], *,
                        together: tuple[tuple[str, ...], ...] = (), unmanaged: tuple[str, ...] = (), risk: str = "low",
                        risk_why: str = "") -> Change:
    """The change whose payload is the full intended text of every document that differs.

    ``together``: groups of documents that go into the payload as soon as one of them differs. A document whose only
    differences are unknowable secrets is pushed as well: that is the one way to know.
    """
    touched = {item.document for item in differences}
    touched |= {name for group in together if touched & set(group) for name in group}
    payload = {item.name: item.text for item in intended.documents if item.name in touched}
    steps = tuple(Step(f"replace {name}", "whole document, checked by the device, under its rollback timer")
                  for name in payload)
    return Change(intended.device, intended.platform, differences, steps, running.digest, unmanaged, risk, risk_why,
                  payload)
