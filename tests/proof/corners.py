"""Random tables, and packets from the corners of their rules: each boundary, one below, one above."""

from __future__ import annotations

import random

from punchdown.values.policy import (
    Assign,
    At,
    Enter,
    Field,
    LineRef,
    Match,
    Place,
    Rule,
    Table,
    Track,
    Translate,
    Verdict,
)

from . import plain

PLACES = ("p1", "p2", "p3")
TOPS = {Field.PROTOCOL: 255, Field.SOURCE_PORT: 65535, Field.DESTINATION_PORT: 65535, Field.ICMP_TYPE: 255,
        Field.DSCP: 63, Field.TCP_REPLY: 1, Field.FRAGMENT: 1, Field.STATE: 3, Field.TRACKED: 1, Field.DNAT: 1,
        Field.VLAN: 4095, Field.REGISTER0: 2**32 - 1, Field.MARK: 2**32 - 1}
ADDRESSES = {0: (0x0A141400, 0x0A141407, 0x0A1414FF, 0x0A141500, 0xCB007100),
             1: (0x20010DB8 << 96, (0x20010DB8 << 96) + 1, 0xFE80 << 112, (1 << 128) - 1)}
SETTABLE = (Field.DSCP, Field.REGISTER0, Field.MARK, Field.VLAN)


class Maker:
    """Everything random about one case comes from one seed."""

    def __init__(self, seed: int, *, unread: float = 0.0, translate: bool = True) -> None:
        self.dice = random.Random(seed)
        self.unread = unread
        self.translate = translate
        self.line = 0

    def tables(self, count: int = 3, rules: int = 8) -> dict[str, Table]:
        """``t0`` may enter ``t1`` and so on; the last enters none."""
        made = {}
        for number in reversed(range(count)):
            targets = tuple(f"t{other}" for other in range(number + 1, count))
            default = self.dice.choice((Verdict.ACCEPT, Verdict.DROP, *((Verdict.RETURN,) if number else ())))
            body = tuple(self.rule(targets) for _ in range(self.dice.randint(1, rules)))
            made[f"t{number}"] = Table(f"t{number}", body, default)
        return made

    def rule(self, targets: tuple[str, ...]) -> Rule:
        self.line += 1
        family = self.dice.choice((0, 0, 1, None))
        matches: list[Match | At] = []
        if family is not None:
            matches.append(Match(Field.FAMILY, ((family, family),)))
            matches += [self.address(field, family) for field in (Field.SOURCE, Field.DESTINATION)
                        if self.dice.random() < 0.5]
        if self.dice.random() < 0.5:
            protocol = self.dice.choice((6, 17))
            matches.append(Match(Field.PROTOCOL, ((protocol, protocol),)))
            matches += [self.numbers(field) for field in (Field.SOURCE_PORT, Field.DESTINATION_PORT)
                        if self.dice.random() < 0.5]
        for field in (Field.TCP_REPLY, Field.FRAGMENT, Field.STATE, Field.TRACKED, Field.DNAT, Field.DSCP,
                      Field.REGISTER0, Field.MARK, Field.VLAN):
            if self.dice.random() < 0.12:
                matches.append(self.numbers(field))
        if self.dice.random() < 0.2:
            names = tuple(self.dice.sample(PLACES, self.dice.randint(1, 2)))
            matches.append(At(self.dice.choice((Place.IN, Place.OUT)), names, self.dice.random() < 0.3))
        end: Verdict | Enter = self.dice.choice((Verdict.ACCEPT, Verdict.ACCEPT, Verdict.DROP, Verdict.REJECT,
                                                 Verdict.NEXT, Verdict.RETURN))
        if targets and self.dice.random() < 0.3:
            end = Enter(self.dice.choice(targets), self.dice.random() < 0.6)
        unread = "words" if self.dice.random() < self.unread else ""
        return Rule(tuple(matches), end, LineRef("acl", self.line, f"rule {self.line}"), self.actions(),
                    unread, not unread or self.dice.random() < 0.7)

    def actions(self) -> tuple[Assign | Track | Translate, ...]:
        if self.dice.random() < 0.75:
            return ()
        kind = self.dice.choice(("assign", "assign", "track", "translate" if self.translate else "assign"))
        if kind == "track":
            return (Track(),)
        if kind == "translate":
            field = self.dice.choice((Field.SOURCE, Field.DESTINATION))
            port = self.dice.choice((None, (443, 443)))
            return (Translate(field, self.dice.choice(ADDRESSES[0]), port),)
        field = self.dice.choice(SETTABLE)
        top = TOPS[field]
        return (Assign(field, self.dice.randint(0, top), self.dice.choice((top, top, self.dice.randint(0, top)))),)

    def address(self, field: Field, family: int) -> Match:
        base = self.dice.choice(ADDRESSES[family])
        width = 128 if family else 32
        top = (1 << width) - 1
        kind = self.dice.choice(("prefix", "wildcard", "range", "host"))
        negated = self.dice.random() < 0.2
        if kind == "wildcard":
            return Match(field, (), ((base, top ^ self.dice.choice((0xFF, 0x0F0F, 0x100, 0x5))),), negated)
        if kind == "range":
            return Match(field, ((base, min(top, base + self.dice.randint(0, 300))),), (), negated)
        size = 0 if kind == "host" else self.dice.choice((8, 9, 3))
        first = base >> size << size
        return Match(field, ((first, first + (1 << size) - 1),), (), negated)

    def numbers(self, field: Field) -> Match:
        top = TOPS[field]
        negated = self.dice.random() < 0.2
        if self.dice.random() < 0.3:
            return Match(field, (), ((self.dice.randint(0, top), self.dice.randint(0, top)),), negated)
        first = self.dice.choice((0, self.dice.randint(0, top), min(top, 1752)))
        ranges = [(first, min(top, first + self.dice.choice((0, 1, 7, 1000))))]
        if self.dice.random() < 0.3:
            ranges.append((top // 2, top // 2 + 1))
        return Match(field, tuple(ranges), (), negated)

    def packets(self, tables: dict[str, Table], count: int) -> list[plain.Packet]:
        """Packets whose fields lie on the boundaries of what the rules say."""
        corners: dict[Field, set[int]] = {field: {0} for field in Field}
        for table in tables.values():
            for rule in table.rules:
                for match in rule.matches:
                    if isinstance(match, Match):
                        corners[match.field] |= set(_boundaries(match))
        return [self._packet({field: sorted(numbers) for field, numbers in corners.items()}) for _ in range(count)]

    def _packet(self, corners: dict[Field, list[int]]) -> plain.Packet:
        family = self.dice.randint(0, 1)
        top = (1 << (128 if family else 32)) - 1
        packet = dict.fromkeys(Field, 0)
        for field, limit in TOPS.items():
            packet[field] = min(limit, max(0, self.dice.choice(corners[field])))
        packet[Field.FAMILY] = family
        packet[Field.ETHERTYPE] = 0x86DD if family else 0x0800
        packet[Field.PROTOCOL] = self.dice.choice((6, 6, 17, 17, 58 if family else 1, 50))
        for field in (Field.SOURCE, Field.DESTINATION):
            fitting = [number for number in corners[field] if 0 <= number <= top]
            packet[field] = self.dice.choice(fitting)
        return canonical(packet)


def canonical(packet: plain.Packet) -> plain.Packet:
    """What has no ports holds 0 there, and so on."""
    packet = dict(packet)
    if packet[Field.PROTOCOL] not in plain.PORTED or packet[Field.FRAGMENT]:
        packet[Field.SOURCE_PORT] = packet[Field.DESTINATION_PORT] = 0
    if packet[Field.PROTOCOL] not in (1, 58) or packet[Field.FRAGMENT]:
        packet[Field.ICMP_TYPE] = 0
    if packet[Field.PROTOCOL] != 6 or packet[Field.FRAGMENT]:
        packet[Field.TCP_REPLY] = 0
    return packet


def _boundaries(match: Match) -> list[int]:
    edges = [number for pair in match.ranges for number in pair] + [value & mask for value, mask in match.masked]
    edges += [value & mask | (~mask & 0xFFFF) for value, mask in match.masked]
    return [edge + step for edge in edges for step in (-1, 0, 1)]
