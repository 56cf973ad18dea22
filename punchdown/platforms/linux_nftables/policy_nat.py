"""Address translation statements: ``dnat``, ``snat``, ``masquerade``, ``redirect``, with one target or a map of them.

Source: nft(8), "NAT statements". A longer port range is taken from at random, so it never shifts 1:1.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

from punchdown.platforms.linux_nftables.policy_matches import Conditions, Key, UnreadError, conditions, take_key
from punchdown.platforms.linux_nftables.policy_text import Elements, elements
from punchdown.values.policy import Action, Field, Translate

TRANSLATIONS = frozenset({"dnat", "snat", "masquerade", "redirect"})
_FLAGS = frozenset({"random", "fully-random", "persistent"})
_TARGET = re.compile(r"(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)|([0-9a-fA-F:]+))(?::(\d+)(?:-(\d+))?)?")


@dataclass(frozen=True, slots=True)
class Translation:
    """``ways``: conditions that a map adds, and the action. ``unread`` are words not understood: what then happens is
    not known."""

    ways: tuple[tuple[Conditions, tuple[Action, ...]], ...]
    unread: list[str] = field(default_factory=list)


def take_translation(words: list[str], sets: Mapping[str, Elements], interfaces: Collection[str]) -> Translation:
    """Take the statement off the front; everything behind it but a comment belongs to it."""
    end = words.index("comment") if "comment" in words else len(words)
    taken = words[:end]
    del words[:end]
    try:
        return Translation(tuple(_read(taken, sets, interfaces)))
    except (ValueError, IndexError):
        return Translation((((), ()),), taken)


def _read(taken: list[str], sets: Mapping[str, Elements],
          interfaces: Collection[str]) -> list[tuple[Conditions, tuple[Action, ...]]]:
    kind, rest = taken[0], _without_flags(taken[1:])
    where = Field.DESTINATION if kind == "dnat" else Field.SOURCE
    if kind == "masquerade":
        return [((), (Translate(where, None, _only_ports(rest)),))]
    if kind == "redirect":
        raise UnreadError(kind)
    while rest[0] in {"ip", "ip6", "to", "addr", ".", "port"} and not (rest[0] in {"ip", "ip6"} and rest[1] == "daddr"):
        rest.pop(0)
    if "map" not in rest:
        if len(rest) != 1:
            raise UnreadError(" ".join(rest))
        return [((), (target(where, rest[0]),))]
    keys: list[Key] = []
    while key := take_key(rest):
        keys.append(key)
        if rest[0] == ".":
            rest.pop(0)
    if rest[0] != "map" or not keys:
        raise UnreadError(" ".join(rest))
    return [(_conditions(keys, item[:item.index(":")], interfaces),
             (target(where, ":".join(" ".join(item[item.index(":") + 1:]).split(" . "))),))
            for item in _elements(rest[1:], sets)]


def _without_flags(words: list[str]) -> list[str]:
    place = next((number for number, word in enumerate(words) if word in _FLAGS), len(words))
    return words[:place]


def _only_ports(rest: Sequence[str]) -> tuple[int, int] | None:
    ports = "".join(rest).removeprefix("to").removeprefix(":")
    first, _, last = ports.partition("-")
    return (int(first), int(last or first)) if ports else None


def target(where: Field, text: str) -> Translate:
    """``10.0.0.1``, ``10.0.0.1:443``, ``[2001:db8::1]:443``. Raises UnreadError for a range of addresses."""
    found = _TARGET.fullmatch(text)
    if not found:
        raise UnreadError(text)
    address = int(ip_address(found[1] or found[2] or found[3]))
    return Translate(where, address, (int(found[4]), int(found[5] or found[4])) if found[4] else None)


def _elements(words: Sequence[str], sets: Mapping[str, Elements]) -> list[tuple[str, ...]]:
    if words[0] == "{":
        return elements(words[1:words.index("}")])
    known = sets.get(words[0].removeprefix("@"))
    if known is None or known.changing:
        raise UnreadError(words[0])
    return known.elements


def _conditions(keys: Sequence[Key], item: Sequence[str], interfaces: Collection[str]) -> Conditions:
    values = " ".join(item).split(" . ")
    return tuple(match for key, value in zip(keys, values, strict=True)
                 for match in conditions(key, [value], interfaces))
