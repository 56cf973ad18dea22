"""Routing tables of their own (VRFs): a packet leaves by an interface of the VRF that it came in by, or not at all.

Routes are looked up in one table for all: that is the same as long as no prefix of one VRF overlaps one of another.
Source: IOS-XE configuration guides, "VRF-lite".
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_interface

from punchdown.platforms.cisco_ios.policy_ports import Interface
from punchdown.values.policy import At, LineRef, Place, Rule, Table, Verdict

VRFS = "routing tables of their own"


def vrf_table(ports: Iterable[Interface]) -> Table | None:
    """What keeps the VRFs of a device apart; None where it has none."""
    members: dict[str, list[Interface]] = {}
    for item in ports:
        if item.vrf and item.addresses:
            members.setdefault(item.vrf, []).append(item)
    rules: list[Rule] = []
    for items in members.values():
        names = tuple(item.name for item in items)
        line = items[0].vrf_line or items[0].line
        rules += [Rule((At(Place.IN, names), At(Place.OUT, names, negated=True)), Verdict.DROP, line),
                  Rule((At(Place.IN, names, negated=True), At(Place.OUT, names)), Verdict.DROP, line)]
    return Table(VRFS, tuple(rules), Verdict.ACCEPT) if rules else None


def overlapping(ports: Iterable[Interface]) -> tuple[LineRef, ...]:
    """The lines of VRFs in which a prefix overlaps one of another routing table: which one a packet takes is not
    followed."""
    routed = [(item, ip_interface(address).network) for item in ports for address in item.addresses]
    found = {item.name: item.vrf_line for item, one in routed for other, two in routed
             if item.vrf != other.vrf and item.vrf_line and one.version == two.version and one.overlaps(two)}
    return tuple(line for line in found.values() if line)


def lonely(ports: Iterable[Interface]) -> frozenset[str]:
    """VRFs with one interface at most, as of a management port: their routes lead back to where a packet came from.
    A VRF of no interface is among them."""
    members: dict[str, set[str]] = {}
    for item in ports:
        members.setdefault(item.vrf, set()).update({item.name} if item.addresses else ())
    return frozenset(name for name, names in members.items() if name and len(names) < 2)
