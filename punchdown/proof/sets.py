"""Sets of packets, and all that is known about how they are stored: binary decision diagrams, one variable per bit.

Variables stand in the order protocol, ports, flags, what devices know, addresses: lists of rules share protocols and
ports, so the diagrams stay small above the addresses (``bench/prove.py`` measures the orders). CUDD does the work;
where its wheel is missing, the same library's pure Python does, many times slower.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from punchdown.proof.headers import AS_SENT, WIDTHS, Ends, Expr, Header
from punchdown.values.policy import Field, Match

try:
    from dd.cudd import BDD
except ImportError:  # no wheel for this interpreter or machine
    from dd.autoref import BDD

ORDER = (
    Field.FAMILY, Field.PROTOCOL, Field.TCP_REPLY, Field.FRAGMENT, Field.STATE, Field.TRACKED, Field.DNAT,
    Field.ICMP_TYPE, Field.ICMP_CODE, Field.DESTINATION_PORT, Field.SOURCE_PORT, Field.VLAN, Field.ETHERTYPE,
    Field.DSCP, Field.MARK, Field.REGISTER0, Field.REGISTER1, Field.REGISTER2, Field.REGISTER3, Field.EGRESS,
    Field.DESTINATION, Field.SOURCE, Field.DESTINATION_MAC, Field.SOURCE_MAC,
)
WITH_PORTS = (6, 17, 33, 132, 136)
"""TCP, UDP, DCCP, SCTP, UDP-Lite (IANA protocol numbers)."""
ECHOES = (0, 8, 128, 129)
"""ICMP types that have no code but 0 (RFC 792, RFC 4443)."""
TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
_IPV4 = (1 << 32) - 1
_ADDRESSES = (Field.SOURCE, Field.DESTINATION)


class PacketSet(Protocol):
    """A set of packets: ``&``, ``|``, ``~``; equal sets are equal."""

    def __and__(self, other: PacketSet) -> PacketSet: ...

    def __or__(self, other: PacketSet) -> PacketSet: ...

    def __invert__(self) -> PacketSet: ...


class Space:
    """All packets, and how sets of them are made. Sets of one space go together only with sets of the same."""

    def __init__(self, order: Sequence[Field] = ORDER) -> None:
        self._bdd: Any = BDD()
        self._bdd.configure(reordering=False)
        names = [f"{field}.{bit}" for field in order for bit in reversed(range(WIDTHS[field]))]
        self._bdd.declare(*names)
        self._bits = {field: [self._bdd.var(f"{field}.{bit}") for bit in range(WIDTHS[field])] for field in order}
        self._names = {f"{field}.{bit}": (field, bit) for field in order for bit in range(WIDTHS[field])}
        self._macs = [name for name, (field, _) in self._names.items()
                      if field in {Field.SOURCE_MAC, Field.DESTINATION_MAC}]
        self._conditions: dict[tuple[Expr, Match, int], tuple[PacketSet, bool]] = {}
        self._prefixes: dict[tuple[Expr, int, int, int], PacketSet] = {}
        self.everything: PacketSet = self._bdd.true
        self.nothing: PacketSet = self._bdd.false
        self.valid = self._valid()

    def _valid(self) -> PacketSet:
        """Packets that can be: what has no ports holds 0 there, and so on; one way to write each packet."""
        protocol = self.where(Field.PROTOCOL, *((number, number) for number in WITH_PORTS))
        ported = protocol & self.where(Field.FRAGMENT, (0, 0))
        no_ports = self.where(Field.SOURCE_PORT, (0, 0)) & self.where(Field.DESTINATION_PORT, (0, 0))
        families = (
            (self.where(Field.FAMILY, (0, 0)) & self.where(Field.ETHERTYPE, (0x0800, 0x0800))
             & ~self.where(Field.PROTOCOL, (ICMP6, ICMP6)))
            | (self.where(Field.FAMILY, (1, 1)) & self.where(Field.ETHERTYPE, (0x86DD, 0x86DD))
               & ~self.where(Field.PROTOCOL, (ICMP, ICMP))))
        typed = self.where(Field.PROTOCOL, (ICMP, ICMP), (ICMP6, ICMP6)) & self.where(Field.FRAGMENT, (0, 0))
        tcp = self.where(Field.PROTOCOL, (TCP, TCP)) & self.where(Field.FRAGMENT, (0, 0))
        coded = typed & ~self.where(Field.ICMP_TYPE, *((kind, kind) for kind in ECHOES))
        return (families & (ported | no_ports) & (typed | self.where(Field.ICMP_TYPE, (0, 0)))
                & (coded | self.where(Field.ICMP_CODE, (0, 0)))
                & (tcp | self.where(Field.TCP_REPLY, (0, 0))))

    def where(self, field: Field, *ranges: tuple[int, int]) -> PacketSet:
        """Packets as sent whose field lies in one of the ranges (inclusive). Addresses: all 128 bits count."""
        return self._in_ranges(Expr(field), ranges, WIDTHS[field])

    def where_masked(self, field: Field, value: int, mask: int) -> PacketSet:
        """Packets as sent whose field has the bits of ``value`` where ``mask`` has ones."""
        return self._masked(Expr(field), value, mask, WIDTHS[field])

    def between(self, expr: Expr, first: int, last: int) -> PacketSet:
        """The packets, as they were sent, for which a 16-bit field (a port) lies between two numbers."""
        if expr.span is not None:
            inside = first <= expr.span[0] and expr.span[1] <= last
            return self.everything if inside else self.nothing
        return self._between(expr, first, last, 16)

    def address(self, expr: Expr, ends: tuple[int, int], family: int) -> PacketSet:
        """The packets, as they were sent, of a family (0 IPv4, 1 IPv6) for which an address lies between two ends."""
        return self.where(Field.FAMILY, (family, family)) & self._between(expr, *ends, 128 if family else 32)

    def condition(self, header: Header, match: Match, family: int | None) -> tuple[PacketSet, bool]:
        """The packets, as they were sent, that meet a condition by now; and whether that is certain.

        ``family`` is what the rule's other conditions say, None when nothing. Not certain where the field holds a
        number that nobody knows beforehand: then the set is of those that may meet it.
        """
        expr = header[match.field]
        width = WIDTHS[match.field]
        if match.field in _ADDRESSES:
            width = address_width(match, family)
        key = (expr, match, width)
        if key not in self._conditions:
            self._conditions[key] = self._condition(expr, match, width)
        return self._conditions[key]

    def _condition(self, expr: Expr, match: Match, width: int) -> tuple[PacketSet, bool]:
        if expr.span is not None:
            return self._span_condition(expr.span, match)
        found = self._in_ranges(expr, match.ranges, width)
        for value, mask in match.masked:
            found = found | self._masked(expr, value, mask, width)
        found = ~found if match.negated else found
        if match.field in _ADDRESSES:
            found = found & self.where(Field.FAMILY, (0, 0) if width == 32 else (1, 1))
        return found, True

    def _span_condition(self, span: tuple[int, int], match: Match) -> tuple[PacketSet, bool]:
        numbers = [any(first <= number <= last for first, last in match.ranges)
                   or any(number & mask == value & mask for value, mask in match.masked)
                   for number in range(span[0], span[1] + 1)]
        if all(numbers):
            return (self.nothing if match.negated else self.everything), True
        if not any(numbers):
            return (self.everything if match.negated else self.nothing), True
        return self.everything, False

    def _in_ranges(self, expr: Expr, ranges: Iterable[tuple[int, int]], width: int) -> PacketSet:
        return self.union(self._between(expr, first, last, width) for first, last in ranges)

    def _bit(self, expr: Expr, bit: int) -> Any:
        if expr.mask >> bit & 1 or expr.base is None:
            return self.everything if expr.value >> bit & 1 else self.nothing
        return self._bits[expr.base][bit]

    def _masked(self, expr: Expr, value: int, mask: int, width: int) -> PacketSet:
        found: Any = self.everything
        for bit in range(width):
            if mask >> bit & 1:
                literal = self._bit(expr, bit)
                found = (literal if value >> bit & 1 else ~literal) & found
        return found  # type: ignore[no-any-return]

    def _between(self, expr: Expr, first: int, last: int, width: int) -> PacketSet:
        top = (1 << width) - 1
        first, last = max(first, 0), min(last, top)
        if first > last:
            return self.nothing
        free = (first ^ last).bit_length()
        if first & ((1 << free) - 1) == 0 and last & ((1 << free) - 1) == (1 << free) - 1:
            return self._prefix(expr, first, free, width)
        low: Any = self.everything
        high: Any = self.everything
        for bit in range(free):  # the bits above are common to both ends
            literal = self._bit(expr, bit)
            low = literal & low if first >> bit & 1 else literal | low
            high = ~literal | high if last >> bit & 1 else ~literal & high
        return self._prefix(expr, first, free, width) & low & high  # type: ignore[no-any-return]

    def _prefix(self, expr: Expr, value: int, free: int, width: int) -> PacketSet:
        """``value`` in all bits but the ``free`` lowest; halves of addresses are shared."""
        key = (expr, value >> free << free, free, width)
        found: Any = self._prefixes.get(key)
        if found is None:
            found = self.everything
            middle = width // 2
            if width > 16 and free < middle:
                bits, upper = range(free, middle), self._prefix(expr, value, middle, width)
            else:
                bits, upper = range(free, width), self.everything
            for bit in bits:
                literal = self._bit(expr, bit)
                found = (literal if value >> bit & 1 else ~literal) & found
            found = found & upper
            self._prefixes[key] = found
        return found  # type: ignore[no-any-return]

    def union(self, sets: Iterable[PacketSet]) -> PacketSet:
        """All of them together, joined in pairs so that no diagram is copied more than log n times."""
        level = list(sets)
        while len(level) > 1:
            odd = level[-1:] if len(level) % 2 else []
            level = [one | two for one, two in zip(level[::2], level[1::2], strict=False)] + odd
        return level[0] if level else self.nothing

    def same(self, one: Ends, other: Ends) -> PacketSet:
        """The packets, as sent, for which the ends of two headers hold the same numbers."""
        found: Any = self.everything
        for left, right, field in zip(one, other, (Field.SOURCE, Field.DESTINATION, Field.SOURCE_PORT,
                                                   Field.DESTINATION_PORT), strict=True):
            if left == right:
                continue
            if left.span or right.span:
                return self.nothing
            for bit in range(WIDTHS[field]):
                found = found & ~self._bdd.apply("xor", self._bit(left, bit), self._bit(right, bit))
        return found  # type: ignore[no-any-return]

    def forget(self, packets: Any, fields: Iterable[Field]) -> PacketSet:
        """The packets that differ from one of the set in nothing but these fields."""
        names = [f"{field}.{bit}" for field in fields for bit in range(WIDTHS[field])]
        return self._bdd.exist(names, packets)  # type: ignore[no-any-return]

    def any_mac(self, packets: Any) -> PacketSet:
        """The packets for which some hardware addresses do."""
        return self._bdd.exist(self._macs, packets)  # type: ignore[no-any-return]

    def sample(self, packets: PacketSet, wishes: Iterable[PacketSet] = ()) -> dict[Field, int]:
        """One packet of the set, by as many of the wishes as can be had, earlier ones first.

        Raises:
            ValueError: the set is empty.
        """
        if packets == self.nothing:
            raise ValueError("an empty set has no packet")
        for wish in wishes:
            wished = packets & wish
            packets = packets if wished == self.nothing else wished
        packet = dict.fromkeys(Field, 0)
        for name, value in self._bdd.pick(packets).items():
            field, bit = self._names[name]
            packet[field] |= int(value) << bit
        return packet

    def packet(self, values: Mapping[Field, int]) -> PacketSet:
        """The set of one packet, told by the fields that matter; all bits of these."""
        found = self.everything
        for field, value in values.items():
            found = found & self._prefix(Expr(field), value, 0, WIDTHS[field])
        return found

    def release(self) -> None:
        """Forget what was made for questions so far, so that the sets that nobody holds any more go."""
        self._conditions.clear()
        self._prefixes.clear()

    def weight(self, packets: Any) -> int:
        """Nodes of the diagram: what it costs."""
        return int(packets.dag_size)


def address_width(match: Match, family: int | None) -> int:
    """32 or 128: which addresses a condition speaks of. Without a word of its rule about the family, numbers that fit
    in 32 bits are IPv4 addresses."""
    if family is not None:
        return 128 if family else 32
    numbers = [last for _, last in match.ranges] + [value | mask for value, mask in match.masked]
    return 32 if all(number <= _IPV4 for number in numbers) else 128


@cache
def space() -> Space:
    """The one space of this process: a diagram made for one question serves the next."""
    return Space()


atexit.register(space.cache_clear)  # the pure Python diagrams complain about sets that outlive them

__all__ = ["AS_SENT", "PacketSet", "Space", "address_width", "space"]
