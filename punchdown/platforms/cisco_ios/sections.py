"""A configuration as text, cut into its top-level lines and what is indented below each. No word is changed here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from punchdown.values import Provenance

Lines = Iterable[tuple[str, Provenance]]

_VOLATILE = re.compile(r"Building configuration|Current configuration|ntp clock-period |end$|!|version ")
_BANNER = re.compile(r"banner (\S+) (\^C|.)(.*)", re.DOTALL)
_CONTINUED = re.compile(r"\s+switchport trunk allowed vlan add (\S+)")


@dataclass(frozen=True, slots=True)
class Section:
    """One top-level line (a banner with its text on further lines) and the lines ``below`` it, indented as they were.
    ``sources`` are as long as ``below``."""

    root: str
    source: Provenance
    below: tuple[str, ...]
    sources: tuple[Provenance, ...]

    def without_body(self) -> Section:
        """The top-level line alone."""
        return Section(self.root, self.source, (), ())


_Open = tuple[Provenance, list[str], list[Provenance]]
"""A section while it is read: where its top-level line comes from, the lines below it, and where those come from."""


def _banner(lines: list[tuple[str, Provenance]], start: int, match: re.Match[str]) -> tuple[str, int]:
    delimiter, body, index = match[2], match[3], start
    while delimiter not in body and index + 1 < len(lines):
        index += 1
        body += "\n" + lines[index][0].replace("\x03", "^C")
    return f"banner {match[1]}\n" + body.partition(delimiter)[0].strip("\n\r "), index


def sections(lines: Lines) -> dict[str, Section]:
    """Top-level line to its section, in the order of the text. What is volatile is left out, VLAN lists that continue
    on a second line are joined, and a section that comes twice is one."""
    everything = list(lines)
    found: dict[str, _Open] = {}
    below: list[str] = []
    sources: list[Provenance] = []
    index = -1
    while index + 1 < len(everything):
        index += 1
        text, source = everything[index]
        body = text.strip()
        if not body or body[0] == "!":
            continue
        if text[0] == " " and found:
            if " vlan add " in text and below and (more := _CONTINUED.fullmatch(text.rstrip())):
                below[-1] += f",{more[1]}"
            else:
                below.append(text.rstrip())
                sources.append(source)
            continue
        if _VOLATILE.match(body):
            continue
        if match := _BANNER.fullmatch(text.replace("\x03", "^C")):
            root, index = _banner(everything, index, match)
        else:
            root = " ".join(body.split())
        _, below, sources = found.setdefault(root, (source, [], []))
    return {root: Section(root, source, tuple(below), tuple(sources))
            for root, (source, below, sources) in found.items()}
