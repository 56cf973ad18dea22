"""The site as the walk sees it: devices with their policies, cables, and who sits where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

from punchdown.intent.topology import Topology
from punchdown.proof.crossings import Crossings
from punchdown.proof.headers import Expr
from punchdown.proof.sets import PacketSet, Space
from punchdown.proof.tables import Tables
from punchdown.values.policy import DevicePolicy, PortPolicy, RoutedInterface, Translate

ITSELF = "(itself)"
"""The port at which a device itself sits, where somebody asks whether it can be reached."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where somebody sits: ``members`` are all ports of the device that are the same in every way, the first speaks
    for them. ``who`` are (kind, name) of all that may sit there."""

    device: str
    port: str
    tag: int
    who: tuple[tuple[str, str], ...]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exit:
    """One outcome of a routing decision: the packets (as sent) that leave by an interface."""

    interface: RoutedInterface
    packets: PacketSet


class Device:
    """One device; ``policy`` None: nothing reads its configuration, so it passes all, tags unchanged."""

    def __init__(self, space: Space, name: str, policy: DevicePolicy | None) -> None:
        self.space = space
        self.name = name
        self.transparent = policy is None
        self.policy = policy or DevicePolicy(name, "", ())
        self.tables = Tables(space, self.policy)
        self.crossings = Crossings(self.policy)
        self.ports: dict[str, PortPolicy] = {port.name: port for port in self.policy.ports}
        self.interfaces: dict[str, RoutedInterface] = {}
        for interface in self.policy.interfaces:
            self.interfaces[interface.name] = interface
        for interface in self.policy.interfaces:
            if interface.port and not interface.vlan:
                self.interfaces.setdefault(interface.port, interface)
        self._exits: dict[Expr, tuple[Exit, ...]] = {}
        self.default_exit: RoutedInterface | None = None

    def sends(self, name: str, unauthenticated: bool) -> bool:
        """Whether frames leave by a switch port."""
        port = self.ports.get(name)
        return port is not None and not port.closed and not (port.guarded and unauthenticated)

    def tagged(self, port: str, tag: int) -> RoutedInterface | None:
        """The sub-interface of a wire that takes frames with a tag; without one, the interface of the wire itself."""
        if tag:
            return next((item for item in self.policy.interfaces if item.port == port and item.vlan == tag), None)
        return self.interfaces.get(port)

    def routed_in(self, vlan: int) -> tuple[RoutedInterface, ...]:
        """The open layer-3 interfaces of a VLAN."""
        return tuple(item for item in self.policy.interfaces if item.vlan == vlan and vlan and not item.closed)

    @cached_property
    def wires(self) -> frozenset[str]:
        """The names by which cables may call its layer-3 interfaces."""
        return frozenset({*self.interfaces, *(item.port for item in self.policy.interfaces if item.port)})

    @cached_property
    def filters_out(self) -> bool:
        """Whether frames are looked at once more when they leave a port."""
        return any(port.outbound for port in self.policy.ports)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """Its own addresses as host prefixes."""
        return tuple(str(ip_network(ip_interface(text).ip)) for item in self.policy.interfaces
                     for text in item.addresses)

    def connected(self, interface: RoutedInterface, destination: Expr) -> PacketSet:
        """Packets that a usual sender on the interface's link would not send to this device: the destination is on the
        same link, and no address that the device answers for. Beyond the wan, nobody of the site is on the link."""
        if interface is self.default_exit:
            return self.space.nothing
        link = in_prefixes(self.space, destination, (str(ip_interface(text).network) for text in interface.addresses))
        return link & ~in_prefixes(self.space, destination, (*self.own, *self._translated))

    @cached_property
    def _translated(self) -> tuple[str, ...]:
        """Addresses that it puts in the place of others, as host prefixes."""
        return tuple(str(ip_network(action.address)) for table in self.policy.tables for rule in table.rules
                     for action in rule.actions if isinstance(action, Translate) and action.address)

    def exits(self, destination: Expr) -> tuple[Exit, ...]:
        """The routing decision by longest prefix; what is for the device itself leaves by no interface, nor does what
        is never routed (link-local, multicast)."""
        if destination not in self._exits:
            routes = [(ip_interface(text).network, item) for item in self.policy.interfaces for text in item.addresses
                      if not item.closed]
            for route in self.policy.routes:
                interface = self._by_route(route.interface, route.next_hop)
                if interface is not None and not interface.closed:
                    routes.append((ip_network(route.prefix), interface))
            if self.default_exit is not None and not any(network.prefixlen == 0 and network.version == 4
                                                         for network, _ in routes):
                routes.append((ip_network("0.0.0.0/0"), self.default_exit))
            left = ~in_prefixes(self.space, destination, (*self.own, *NEVER_ROUTED))
            found: dict[str, list[PacketSet]] = defaultdict(list)
            by_name = {item.name: item for _, item in routes}
            for network, item in sorted(routes, key=lambda route: -route[0].prefixlen):
                packets = in_prefixes(self.space, destination, (str(network),))
                found[item.name].append(left & packets)
                left = left & ~packets
            self._exits[destination] = tuple(Exit(by_name[name], self.space.union(sets))
                                             for name, sets in found.items())
        return self._exits[destination]

    def _by_route(self, name: str, next_hop: str) -> RoutedInterface | None:
        """The interface of a route: as written, or the one on whose link its next hop is."""
        if name:
            return self.interfaces.get(name)
        for item in self.policy.interfaces:
            if next_hop and any(ip_address(next_hop) in ip_interface(text).network for text in item.addresses):
                return item
        return None


def _same(_spot: Any) -> bool:
    return True


NEVER_ROUTED = ("fe80::/10", "ff00::/8", "224.0.0.0/4", "255.255.255.255/32", "169.254.0.0/16", "127.0.0.0/8")


def in_prefixes(space: Space, expr: Expr, prefixes: Iterable[str]) -> PacketSet:
    """The packets (as sent) for which what ``expr`` holds lies in one of the prefixes, of both families."""
    found = []
    for text in prefixes:
        network = ip_network(text)
        ends = (int(network.network_address), int(network.broadcast_address))
        found.append(space.address(expr, ends, 0 if network.version == 4 else 1))
    return space.union(found)


def as_guests(policy: DevicePolicy) -> DevicePolicy:
    """The policy while nobody has authenticated: a guarded port with a guest VLAN carries that one, untagged."""
    return replace(policy, ports=tuple(
        replace(port, untagged=port.guest, tagged=(), guarded=False) if port.guarded and port.guest else port
        for port in policy.ports))


class Network:
    """All devices, cables and seats of a site. ``like`` is another state of the same site, alike in what it asks."""

    def __init__(self, space: Space, topology: Topology, policies: Mapping[str, DevicePolicy], *,
                 unauthenticated: bool = False, like: Network | None = None) -> None:
        self.space = space
        self.topology = topology
        self.unauthenticated = unauthenticated
        places = [place for link in topology.links for place in (link.one, link.other)]
        names = {device for device, _ in places} | {item.device for item in topology.attachments} | set(policies)
        if unauthenticated:
            policies = {name: as_guests(policy) for name, policy in policies.items()}
        self.devices = {name: self._device(name, policies.get(name), like) for name in sorted(names)}
        self.peers: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for link in topology.links:
            self.peers[self._place(link.one)].append(self._place(link.other))
            self.peers[self._place(link.other)].append(self._place(link.one))
        for item in topology.attachments:
            device = self.devices[item.device]
            if item.kind == "wan" and item.port in device.interfaces:
                device.default_exit = device.interfaces[item.port]
        self.seats = self._seats()
        self.at: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, seat in enumerate(self.seats):
            self.at[seat.device, seat.port].append(number)
        self.wired: dict[str, tuple[str, ...]] = dict.fromkeys(self.devices, ())
        for name, port in sorted({*self.peers, *self.at}):
            self.wired[name] = (*self.wired[name], port)
        self._alike: dict[str, Callable[[Any], bool]] = {}
        if like is not None and like.unauthenticated == unauthenticated:
            self._inherit(like)

    def _device(self, name: str, policy: DevicePolicy | None, like: Network | None) -> Device:
        """A device; what is known of it or of its tables from another state of the same site still holds."""
        known = like.devices.get(name) if like is not None and like.unauthenticated == self.unauthenticated else None
        if known is not None and known.transparent == (policy is None) and policy in (None, known.policy):
            return known
        device = Device(self.space, name, policy)
        if known is not None:
            device.tables.inherit(known.tables)
        return device

    def _inherit(self, like: Network) -> None:
        """Take over what crossed devices in another state, wherever they are the same here."""
        for name, device in self.devices.items():
            known = like.devices.get(name)
            if known is None:
                continue
            if known is device and like.wired[name] == self.wired[name]:
                self._alike[name] = _same
                continue
            if known is device:
                device = self.devices[name] = Device(self.space, name, device.policy)
                device.default_exit = known.default_exit
                device.tables.inherit(known.tables)
            if (device.default_exit, device.tables.exact) == (known.default_exit, known.tables.exact):
                self._alike[name] = device.crossings.inherit(
                    known.crossings, device.tables.same_as(known.tables).__contains__, self.wired[name],
                    like.wired[name])

    def alike(self, spot: Any) -> bool:
        """Whether packets fare at a spot of a walk as they did in the state that this one is like."""
        alike = self._alike.get(spot.device)
        return alike is not None and alike(spot)

    @cached_property
    def legs(self) -> dict[tuple[str, str], RoutedInterface]:
        """Cables that end at a device that is asked for itself, at none of the ports that its configuration knows:
        its own management port, which leads to its one interface with addresses."""
        found = {}
        for name, port in self.peers:
            policy = self.devices[name].policy
            known = {*self.devices[name].ports, *self.devices[name].interfaces}
            addressed = [item for item in policy.interfaces if item.addresses]
            if (name, ITSELF) in self.at and port not in known and len(addressed) == 1:
                found[name, port] = addressed[0]
        return found

    def _place(self, place: tuple[str, str]) -> tuple[str, str]:
        """Interfaces by their own name, whatever the cable calls them."""
        interface = self.devices[place[0]].interfaces.get(place[1])
        return (place[0], interface.name) if interface is not None and not interface.vlan else place

    @cached_property
    def assumed(self) -> tuple[str, ...]:
        """Devices that a packet may cross and whose configuration nothing reads."""
        return tuple(name for name, device in self.devices.items() if device.transparent and self._crossed(name))

    def _crossed(self, name: str) -> bool:
        links = sum(len(others) for (device, _), others in self.peers.items() if device == name)
        return links + sum(item.device == name for item in self.topology.attachments) > 1

    @cached_property
    def exact(self) -> bool:
        """Whether every line that a packet can meet was understood."""
        return all(device.tables.exact for device in self.devices.values())

    def _seats(self) -> tuple[Seat, ...]:
        """Attachments, equal ports joined."""
        who: dict[tuple[str, str, int], list[tuple[str, str]]] = defaultdict(list)
        for item in self.topology.attachments:
            device, port = self._place((item.device, item.port))
            who[device, port, item.tag].append((item.kind, item.name))
        classes: dict[tuple[object, ...], list[str]] = defaultdict(list)
        tags_of: dict[tuple[str, str], list[tuple[int, tuple[tuple[str, str], ...]]]] = defaultdict(list)
        for (device, port, tag), people in sorted(who.items()):
            tags_of[device, port].append((tag, tuple(sorted(people))))
        for (device, port), tags in tags_of.items():
            classes[device, self._likeness(device, port), tuple(tags)].append(port)
        return tuple(Seat(str(device), ports[0], tag, people, tuple(ports))
                     for (device, _, tags), ports in classes.items()
                     for tag, people in tags)  # type: ignore[attr-defined]

    def _likeness(self, name: str, port: str) -> object:
        """Equal for ports of a device that treat every packet alike."""
        device = self.devices[name]
        policy = device.ports.get(port)
        if policy is None or (name, port) in self.peers:
            return port
        places = device.tables.places((*policy.inbound, *policy.outbound))
        return (policy.untagged, policy.tagged, policy.inbound, policy.outbound, policy.closed, policy.guarded,
                tuple(port in item.names for item in places))

    def attachments(self, kind: str, name: str) -> tuple[int, ...]:
        """The seats of somebody, as numbers."""
        return tuple(number for number, seat in enumerate(self.seats) if (kind, name) in seat.who)

    def shut(self, seat: Seat) -> bool:
        """Whether nothing can pass its port now: closed, or guarded while nobody has authenticated."""
        policy = self.devices[seat.device].ports.get(seat.port)
        return policy is not None and (policy.closed or (policy.guarded and self.unauthenticated))
