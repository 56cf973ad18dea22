"""What every port is told, wherever it stands: under its own name, under a range of ports, under ``all``.

A range gives what the port does not say itself. What groups give is not read; ports that they shape are named.
Source: vendor's guides "Interfaces Fundamentals" (interface ranges) and "CLI User Guide" (configuration groups).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import islice, product

from punchdown.platforms.juniper_junos.policy_text import Statement, Text
from punchdown.platforms.juniper_junos.statements import Words, expand
from punchdown.values.policy import LineRef

PORT = re.compile(r"(?:ge|mge|xe|et)-\d+/\d+/\d+(?::\d+)?|ae\d+")
_MOST = 1024
"""Ports of one range: no virtual chassis has more."""
_SHAPES = re.compile(r"(?:unit|disable|native-vlan-id|ether-options 802\.3ad|gigether-options 802\.3ad)\b")
_PLACES = {
    "dot1x": ("protocols", "dot1x", "authenticator", "interface"),
    "rstp": ("protocols", "rstp", "interface"), "vstp": ("protocols", "vstp", "interface"),
    "mstp": ("protocols", "mstp", "interface"), "voip": ("switch-options", "voip", "interface"),
    "macs": ("switch-options", "interface"), "poe": ("poe", "interface"),
}
_EVERY = ("all", "access-ports")


def members_of(words: Words, named: Iterable[str]) -> tuple[str, ...]:
    """The ports that one line of a range names; ``named`` are those that a ``*`` can mean.

    >>> members_of(("member", "ge-0/0/[0-2,7]"), ()), members_of(("member-range", "xe-0/1/0", "to", "xe-0/1/1"), ())
    (('ge-0/0/0', 'ge-0/0/1', 'ge-0/0/2', 'ge-0/0/7'), ('xe-0/1/0', 'xe-0/1/1'))
    """
    if words[:1] == ("member-range",) and len(words) == 4:
        (front, _, first), (other, _, last) = words[1].rpartition("/"), words[3].rpartition("/")
        numbers = expand(f"{first}-{last}") if front == other else ()
        return tuple(f"{front}/{number}" for number in numbers[:_MOST])
    if words[:1] != ("member",) or len(words) != 2:
        return ()
    parts = re.split(r"\[([\d,-]+)\]", words[1])
    choices = [[str(number) for item in part.split(",") for number in expand(item)] if place % 2 else [part]
               for place, part in enumerate(parts)]
    found = ["".join(chosen) for chosen in islice(product(*choices), _MOST)]
    return tuple(dict.fromkeys(name for one in found for name in (
        [port for port in named if fnmatchcase(port, one)] if "*" in one else [one]) if PORT.fullmatch(name)))


class PortTexts:
    """The statements of every port. ``ranges``: name to its ports; ``wide``: lines of ranges that name no port one by
    one; ``shaped``: ports to the group that shapes them."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._own: dict[str, list[Statement]] = {}
        self._of_range: dict[str, list[Statement]] = {}
        self.ranges: dict[str, tuple[str, ...]] = {}
        self.wide: list[Statement] = []
        for one in text.under("interfaces"):
            if one.words[1:2] == ("interface-range",) and len(one.words) > 3:
                self._of_range.setdefault(one.words[2], []).append(one)
            elif len(one.words) > 1 and PORT.fullmatch(one.words[1]):
                self._own.setdefault(one.words[1], []).append(one)
        for name, rows in self._of_range.items():
            self.ranges[name] = tuple(dict.fromkeys(self._members(rows)))
        self._groups_of: dict[str, list[str]] = {}
        for name, ports in self.ranges.items():
            for port in ports:
                self._groups_of.setdefault(port, []).append(name)
        self._elsewhere = {key: self._by_interface(path) for key, path in _PLACES.items()}
        self.shaped = dict(self._shaped())

    def _members(self, rows: Iterable[Statement]) -> Iterator[str]:
        for one in rows:
            if one.words[3] in {"member", "member-range"}:
                if not PORT.fullmatch(one.words[-1]) or one.words[3] == "member-range":
                    self.wide.append(one)
                yield from members_of(one.words[3:], self._own)

    def names(self) -> tuple[str, ...]:
        """Every port that is named, in the order of the text; those of ranges alone last."""
        return tuple(dict.fromkeys((*self._own, *(port for ports in self.ranges.values() for port in ports))))

    def said(self, port: str) -> list[tuple[Words, Statement]]:
        """What the port is told, below its name: its own first, then what its ranges give."""
        own = [(one.words[2:], one) for one in self._own.get(port, ())]
        return own + [(one.words[3:], one) for name in self._groups_of.get(port, ())
                      for one in self._of_range[name] if one.words[3] not in {"member", "member-range"}]

    def line(self, port: str) -> LineRef:
        """The line that names the port first."""
        rows = self._own.get(port) or self._of_range[self._groups_of[port][0]]
        return rows[0].line

    def elsewhere(self, key: str, port: str) -> list[Words]:
        """What another part says of the port, below the interface: by name, else by a range, else for all."""
        found = self._elsewhere[key]
        names = (port, *self._groups_of.get(port, ()), *_EVERY)
        return next((found[name] for name in names if name in found), [])

    def _by_interface(self, path: Words) -> dict[str, list[Words]]:
        found: dict[str, list[Words]] = {}
        for one in self._text.under(*path):
            if len(one.words) > len(path):
                found.setdefault(one.words[len(path)].removesuffix(".0"), []).append(one.words[len(path) + 1:])
        return found

    def _shaped(self) -> Iterator[tuple[str, str]]:
        """Ports to the group that tells them what to do, straight or by a pattern."""
        top = {one.words[-1] for one in self._text.under("apply-groups")}
        top |= {one.words[-1] for one in self._text.under("interfaces") if one.words[1:2] == ("apply-groups",)}
        patterns = [(one.words[3].strip("<>"), one.words[1]) for one in self._text.under("groups")
                    if one.words[1] in top and one.words[2:3] == ("interfaces",) and len(one.words) > 4
                    and _SHAPES.match(" ".join(one.words[4:]))]
        for port in self.names():
            straight = next((words[-1] for words, _ in self.said(port) if "apply-groups" in words), "")
            if group := straight or next((name for pattern, name in patterns if fnmatchcase(port, pattern)), ""):
                yield port, group
