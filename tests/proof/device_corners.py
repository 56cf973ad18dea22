"""Packets for one device, drawn from the corners of its rules: each boundary, one below, one above."""

from __future__ import annotations

import random
from collections.abc import Iterable
from difflib import SequenceMatcher
from ipaddress import ip_interface

from punchdown.proof.headers import WIDTHS
from punchdown.values.policy import DevicePolicy, Field, Match, Rule, Translate

from . import plain
from .corners import canonical
from .plain_walk import LOCAL

_NEAR = (0, 0, 0, 0, -1, 1)
_USUAL = {Field.PROTOCOL: (6, 6, 17, 17, 1, 58, 50), Field.SOURCE_PORT: (1024, 49152, 65535),
          Field.DESTINATION_PORT: (0, 443, 65535), Field.ICMP_TYPE: (8, 128, 0), Field.DSCP: (0, 46, 24),
          Field.TCP_REPLY: (0, 0, 0, 1), Field.FRAGMENT: (0, 0, 0, 0, 0, 1)}
_ADDRESSES = (Field.SOURCE, Field.DESTINATION)


class Corners:
    """Boundaries of all that some policies of a device say."""

    def __init__(self, policies: Iterable[DevicePolicy], dice: random.Random) -> None:
        self.dice = dice
        found: dict[tuple[Field, int], set[int]] = {}
        for policy in policies:
            for item in policy.interfaces:
                for text in item.addresses:
                    address = ip_interface(text)
                    for field in _ADDRESSES:
                        found.setdefault((field, int(address.version == 6)), set()).update(
                            (int(address.ip), int(address.network.network_address) + 10))
            for rule in (rule for table in policy.tables for rule in table.rules):
                for match in rule.matches:
                    if isinstance(match, Match) and match.field not in LOCAL:
                        found.setdefault((match.field, _family(rule)), set()).update(_edges(match))
                for action in rule.actions:
                    if isinstance(action, Translate) and action.address:
                        for field in _ADDRESSES:
                            found.setdefault((field, 0), set()).add(action.address)
        self.edges = {key: sorted(numbers) for key, numbers in found.items()}

    def letter(self, rule: Rule | None = None) -> plain.Packet:
        """A packet that meets the rule or just misses it; of no rule: any mix of corners."""
        family = _family(rule) if rule is not None else int(self.dice.random() < 0.15)
        packet = dict.fromkeys(Field, 0)
        packet[Field.FAMILY] = family
        packet[Field.ETHERTYPE] = 0x86DD if family else 0x0800
        for field, usual in _USUAL.items():
            packet[field] = self._fitting(field, family, (*usual, *self._some(field, family)))
        for field in (*_ADDRESSES, Field.SOURCE_MAC, Field.DESTINATION_MAC):
            packet[field] = self._fitting(field, family, self._some(field, family) or (0,))
        for match in rule.matches if rule is not None else ():
            if isinstance(match, Match) and match.field not in LOCAL and not match.negated and _edges(match):
                packet[match.field] = self._fitting(match.field, family, tuple(_edges(match)))
        packet[Field.FAMILY], packet[Field.ETHERTYPE] = family, 0x86DD if family else 0x0800
        if packet[Field.PROTOCOL] in {1, 58}:  # each family has an ICMP of its own
            packet[Field.PROTOCOL] = 58 if family else 1
        return canonical(packet)

    def _some(self, field: Field, family: int) -> tuple[int, ...]:
        known = self.edges.get((field, family), [])
        return tuple(self.dice.choices(known, k=3)) if known else ()

    def _fitting(self, field: Field, family: int, numbers: tuple[int, ...]) -> int:
        top = (1 << (128 if family else 32)) - 1 if field in _ADDRESSES else (1 << WIDTHS[field]) - 1
        near = 0 if field in {Field.PROTOCOL, Field.TCP_REPLY, Field.FRAGMENT} else self.dice.choice(_NEAR)
        return min(top, max(0, self.dice.choice(numbers) + near))


def _family(rule: Rule) -> int:
    return int(any(isinstance(match, Match) and match.field is Field.FAMILY and match.ranges == ((1, 1),)
                   and not match.negated for match in rule.matches))


def _edges(match: Match) -> list[int]:
    """Both ends of its ranges; of a masked value the lowest, and the highest of the lower 16 bits."""
    top = (1 << WIDTHS[match.field]) - 1
    return sorted({number for pair in match.ranges for number in pair}
                  | {number for value, mask in match.masked for number in (
                      value & mask, (value & mask | ~mask & 0xFFFF) & top)})


def changed_rules(before: DevicePolicy, after: DevicePolicy) -> list[Rule]:
    """The rules of both policies that are not in the same place of the same order, and those of tables that are bound
    elsewhere now."""
    found: list[Rule] = []
    old, new = ({table.name: table.rules for table in policy.tables} for policy in (before, after))
    for name in {*old, *new}:
        one, other = old.get(name, ()), new.get(name, ())
        shapes = [[(rule.matches, rule.end, rule.actions) for rule in rules] for rules in (one, other)]
        if shapes[0] != shapes[1]:
            for kind, a, b, c, d in SequenceMatcher(None, *shapes, autojunk=False).get_opcodes():
                found += (*one[a:b], *other[c:d]) if kind != "equal" else ()
    for name in _bound(before) ^ _bound(after):
        found += (*old.get(name[0], ()), *new.get(name[0], ()))
    return found


def _bound(policy: DevicePolicy) -> set[tuple[str, str, str]]:
    """(table, where, which way)."""
    places = [(item.name, way, names) for item in (*policy.ports, *policy.interfaces)
              for way, names in (("in", item.inbound), ("out", item.outbound))]
    places += [("", "before", policy.before_routing), ("", "forward", policy.forward),
               ("", "after", policy.after_routing)]
    return {(table, where, way) for where, way, names in places for table in names}
