"""A packet on its way, told in terms of the packet as it was sent.

A :class:`Header` says for each field what it holds by now: the bits of a field of the packet as it was sent, constants
that somebody wrote, or a mix of both. So every guard along a way is a set of packets *as they were sent*, and neither
an address translation nor the reply of a connection needs an inverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from punchdown.values.policy import Field

WIDTHS: Mapping[Field, int] = {
    Field.FAMILY: 1, Field.PROTOCOL: 8, Field.SOURCE: 128, Field.DESTINATION: 128, Field.SOURCE_PORT: 16,
    Field.DESTINATION_PORT: 16, Field.ICMP_TYPE: 8, Field.ICMP_CODE: 8, Field.DSCP: 6, Field.TCP_REPLY: 1,
    Field.FRAGMENT: 1,
    Field.STATE: 2, Field.TRACKED: 1, Field.DNAT: 1, Field.VLAN: 12, Field.ETHERTYPE: 16, Field.SOURCE_MAC: 48,
    Field.DESTINATION_MAC: 48, Field.MARK: 32, Field.REGISTER0: 32, Field.REGISTER1: 32, Field.REGISTER2: 32,
    Field.REGISTER3: 32, Field.EGRESS: 8,
}
"""Bits of each field. An IPv4 address stands in the low 32 bits of its field."""

OF_THE_DEVICE = (
    Field.STATE, Field.TRACKED, Field.DNAT, Field.VLAN, Field.MARK, Field.REGISTER0, Field.REGISTER1, Field.REGISTER2,
    Field.REGISTER3, Field.EGRESS,
)
"""What a device knows about a packet: gone when the packet leaves it."""

ENDS = (Field.SOURCE, Field.DESTINATION, Field.SOURCE_PORT, Field.DESTINATION_PORT)
"""What names a connection beside its protocol, which nobody rewrites."""

_INDEX = {field: number for number, field in enumerate(Field)}


class Expr(NamedTuple):
    """What a field holds: ``value`` in the bits of ``mask``, the sent packet's ``base`` in all others; or, with
    ``span``, some number in that range that nobody knows beforehand (a translated port)."""

    base: Field | None
    value: int = 0
    mask: int = 0
    span: tuple[int, int] | None = None

    def known(self, width: int) -> bool:
        """Whether it is one number, whatever was sent."""
        return self.span is None and self.mask == (1 << width) - 1


def sent(field: Field) -> Expr:
    """The field as it was sent."""
    return Expr(field)


def constant(field: Field, value: int) -> Expr:
    """One number in all bits of a field."""
    return Expr(None, value, (1 << WIDTHS[field]) - 1)


def any_of(span: tuple[int, int]) -> Expr:
    """Some number of an inclusive range."""
    return Expr(None, 0, 0, span)


Ends = tuple[Expr, Expr, Expr, Expr]
"""Source, destination, source port, destination port."""


@dataclass(frozen=True, slots=True)
class Header:
    """All fields in the order of :class:`Field`. ``commits``: connection tracking was told to remember."""

    fields: tuple[Expr, ...]
    commits: bool = False
    _hash: int = field(default=0, init=False, compare=False, repr=False)

    def __hash__(self) -> int:
        """Computed once: headers are keys all along a walk."""
        if not self._hash:
            object.__setattr__(self, "_hash", hash((self.fields, self.commits)))
        return self._hash

    def __getitem__(self, field: Field) -> Expr:
        return self.fields[_INDEX[field]]

    def having(self, changes: Iterable[tuple[Field, Expr]], *, commits: bool | None = None) -> Header:
        """The header with some fields changed."""
        fields = list(self.fields)
        for name, expr in changes:
            fields[_INDEX[name]] = expr
        return Header(tuple(fields), self.commits if commits is None else commits)

    def writing(self, field: Field, value: int, mask: int) -> Header:
        """The header after ``value`` was written into the bits of ``mask``."""
        old = self[field]
        if old.span is not None and mask != (1 << WIDTHS[field]) - 1:
            return self
        return self.having(((field, Expr(old.base, (old.value & ~mask) | (value & mask), old.mask | mask)
                             if mask != (1 << WIDTHS[field]) - 1 else constant(field, value & mask)),))

    @property
    def ends(self) -> Ends:
        """What names its connection."""
        return (self[Field.SOURCE], self[Field.DESTINATION], self[Field.SOURCE_PORT], self[Field.DESTINATION_PORT])

    def on_device(self, *, vlan: int, state: int, tracked: bool, dnat: bool = False) -> Header:
        """As a device sees it on arrival: nothing of what another device knew."""
        known = {Field.VLAN: vlan, Field.STATE: state, Field.TRACKED: int(tracked), Field.DNAT: int(dnat)}
        return self.having(((field, constant(field, known.get(field, 0))) for field in OF_THE_DEVICE), commits=False)

    def off_device(self) -> Header:
        """As it travels on a cable."""
        return self.having(((field, constant(field, 0)) for field in OF_THE_DEVICE), commits=False)

    def answered(self, changes: Iterable[tuple[Field, Expr]]) -> Header:
        """The header of a reply: ends swapped, with what else a reply of its protocol has."""
        source, destination, source_port, destination_port = self.ends
        return replace(self.off_device().having((
            (Field.SOURCE, destination), (Field.DESTINATION, source), (Field.SOURCE_PORT, destination_port),
            (Field.DESTINATION_PORT, source_port), *changes)), commits=False)

    def of(self, packet: Mapping[Field, int]) -> dict[Field, int]:
        """The numbers that the fields hold when ``packet`` was sent; of a span its first."""
        return {field: expr.span[0] if expr.span else
                (expr.value & expr.mask) | ((packet.get(expr.base, 0) if expr.base else 0) & ~expr.mask)
                for field, expr in zip(Field, self.fields, strict=True)}


AS_SENT = Header(tuple(sent(field) for field in Field)).off_device()
"""A packet on its first cable."""


def swapped(ends: Ends) -> Ends:
    """The ends of the reply."""
    source, destination, source_port, destination_port = ends
    return (destination, source, destination_port, source_port)
