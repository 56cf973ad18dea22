"""A configuration as sections: each unindented line with what is indented below it, line numbers kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from punchdown.values.policy import LineRef

_BANNER = re.compile(r"banner \S+ (\^C|\S)(.*)")
_MACRO = re.compile(r"macro name \S+")
_PAGER = re.compile(r"\s*-{1,2} ?[Mm]ore ?-{1,2}\s*(?:\x08[\s\x08]*\x08)?")
_ENTRY = re.compile(r"(?:(?:sequence )?\d+ )?(?:permit|deny|remark|evaluate)\b")
_LIST = re.compile(r"(?:ip|ipv6|mac) access-list (?:standard |extended )?\S+$")


@dataclass(frozen=True, slots=True)
class Section:
    """``head`` is the unindented line, ``body`` the lines below it; texts without blanks at the ends."""

    head: LineRef
    body: tuple[LineRef, ...]

    @property
    def text(self) -> str:
        return self.head.text


def _lines(document: str, text: str) -> Iterator[tuple[int, LineRef]]:
    """(indent, line) of everything but comments, empty lines, the text of banners and macros, and what a pager left."""
    delimiter = ""
    for number, shown in enumerate(text.replace("\x03", "^C").splitlines(), 1):
        raw = _PAGER.sub("", shown) if shown.endswith("--") or "\x08" in shown else shown
        if delimiter:
            delimiter = "" if delimiter in raw else delimiter
            continue
        line = " ".join(raw.split())
        if not line or line.startswith("!"):
            continue
        found = _BANNER.match(line)
        if found and found[1] not in found[2]:
            delimiter = found[1]
        delimiter = "@" if _MACRO.fullmatch(line) else delimiter
        yield len(raw) - len(raw.lstrip()), LineRef(document, number, line)


def sections(document: str, text: str) -> tuple[Section, ...]:
    """The sections in order. Entries of a list that stand unindented below its heading belong to it."""
    found: list[tuple[LineRef, list[LineRef]]] = []
    for indent, line in _lines(document, text):
        entry = found and _ENTRY.match(line.text) and _LIST.match(found[-1][0].text)
        if (indent or entry) and found:
            found[-1][1].append(line)
        else:
            found.append((line, []))
    return tuple(Section(head, tuple(body)) for head, body in found)
