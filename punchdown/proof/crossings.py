"""What became of packets that crossed a device, kept for the next walk that brings the same packets the same way."""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from punchdown.values.policy import DevicePolicy, PortPolicy


@dataclass
class Crossing:
    """Where packets went on (spot, header, packets, detour), and what the device remembers of them: by VLAN, and as
    a router."""

    went: list[tuple[Any, Any, Any, bool]] = field(default_factory=list)
    bridged: list[tuple[int, Any]] = field(default_factory=list)
    routed: list[Any] = field(default_factory=list)


class Crossings:
    """All that is known of one device in one state. A key begins with the state of the packets, which names the spot;
    it holds for a device of another policy wherever nothing is different that a look at that spot depends on."""

    def __init__(self, policy: DevicePolicy) -> None:
        self.known: dict[tuple[Any, ...], Crossing] = {}
        self._numbers: dict[Hashable, int] = {}
        self._ports = {port.name: replace(port, line=None) for port in policy.ports}
        self._interfaces = tuple(replace(item, line=None) for item in policy.interfaces)
        self._router = (policy.before_routing, policy.forward, policy.after_routing, policy.local,
                        tuple(replace(route, line=None) for route in policy.routes), policy.routes_packets,
                        policy.tracks, any(port.outbound for port in policy.ports), policy.outputs,
                        tuple((port.name, port.closed, port.guarded) for port in policy.ports if policy.outputs))

    def number(self, remembered: Hashable) -> int:
        """A small name for what a device remembers of an opening."""
        return self._numbers.setdefault(remembered, len(self._numbers))

    def inherit(self, other: Crossings, same_table: Callable[[str], bool], wired: tuple[str, ...],
                wired_there: tuple[str, ...]) -> Callable[[Any], bool]:
        """Take over what holds here as well; gives which spots are the same. ``wired`` are the ports that somebody may
        be asked about."""
        if self._router != other._router or self._interfaces != other._interfaces or not all(
                same_table(name) for name in self._routing_tables()):
            return lambda _spot: False
        self._numbers = other._numbers
        same = {name for name, port in self._ports.items() if other._ports.get(name) == port
                and all(same_table(table) for table in (*port.inbound, *port.outbound))}
        same |= {name for name in (*wired, *wired_there) if name not in self._ports and name not in other._ports}
        vlans = cache(self._same_vlans(other, same, wired, wired_there))

        def alike(spot: Any) -> bool:
            return vlans(spot.tag) if spot.kind == "vlan" else spot.kind != "port" or spot.name in same

        self.known.update({key: crossing for key, crossing in other.known.items() if alike(key[0].spot)})
        return alike

    def _routing_tables(self) -> list[str]:
        return [*(name for names in self._router[:4] for name in names),
                *(name for item in self._interfaces for name in (*item.inbound, *item.outbound))]

    def _same_vlans(self, other: Crossings, same: Container[str], wired: tuple[str, ...],
                    wired_there: tuple[str, ...]) -> Callable[[int], bool]:
        def members(ports: dict[str, PortPolicy], names: tuple[str, ...], vlan: int) -> list[str]:
            return [name for name in names if (port := ports.get(name)) is not None
                    and (vlan == port.untagged or vlan in port.tagged)]

        def alike(vlan: int) -> bool:
            here = members(self._ports, wired, vlan)
            return here == members(other._ports, wired_there, vlan) and all(name in same for name in here)
        return alike
