"""The reference for a whole site: one packet, frame by frame, in the simplest way. Shares no code with the prover."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_interface, ip_network

from punchdown.intent.topology import Topology
from punchdown.values.policy import Assign, DevicePolicy, Field, PortPolicy, RoutedInterface, Table, Track

from . import plain
from .plain import Packet

LOCAL = (Field.STATE, Field.TRACKED, Field.DNAT, Field.VLAN, Field.MARK, Field.REGISTER0, Field.REGISTER1,
         Field.REGISTER2, Field.REGISTER3)
ENDS = (Field.SOURCE, Field.DESTINATION, Field.SOURCE_PORT, Field.DESTINATION_PORT)
Ends = tuple[int, ...]


@dataclass
class Memory:
    """What devices remember of connections: leaving ends per bridge and VLAN, (entry, leaving) ends per router."""

    bridges: dict[tuple[str, int], set[Ends]] = field(default_factory=dict)
    routers: dict[str, set[tuple[Ends, Ends]]] = field(default_factory=dict)


def ends(packet: Packet) -> Ends:
    return tuple(packet[name] for name in ENDS)


def swapped(pair: Ends) -> Ends:
    return (pair[1], pair[0], pair[3], pair[2])


class Site:
    """Sends one packet at a time."""

    def __init__(self, topology: Topology, policies: dict[str, DevicePolicy]) -> None:
        self.topology = topology
        self.policies = policies
        self.tables = {name: {table.name: table for table in policy.tables} for name, policy in policies.items()}
        self.marked = {name: marked(policy) for name, policy in policies.items()}
        self.cables: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for link in topology.links:
            self.cables.setdefault(link.one, []).append(link.other)
            self.cables.setdefault(link.other, []).append(link.one)

    def send(self, place: tuple[str, str, int], packet: Packet, known: Memory | None) -> tuple[
            set[tuple[tuple[str, str, int], tuple[int, ...]]], Memory]:
        """Everywhere that a frame arrives: (device, port, tag) of attachments with the packet as it arrives there;
        and what was remembered. ``known``: it is a reply, and this was remembered."""
        self.known, self.memory = known, Memory()
        self.arrived: set[tuple[tuple[str, str, int], tuple[int, ...]]] = set()
        self.seen: set[tuple[object, ...]] = set()
        self.port(place[0], place[1], place[2], packet)
        return self.arrived, self.memory

    def outcome(self, policy: DevicePolicy, names: tuple[str, ...], packet: Packet, entry: str,
                leaving: str, mask: int = 0) -> Packet | None:
        return self.passed(self.tables[policy.device], names, packet, entry, leaving, mask)

    def passed(self, tables: dict[str, Table], names: tuple[str, ...], packet: Packet, entry: str, leaving: str,
               mask: int = 0) -> Packet | None:
        for name in names:
            ((end, left),) = plain.results(tables, name, packet, entry, leaving, 0, mask)
            if end == "return":
                end = tables[name].default.value
            if end not in ("accept", "return"):
                return None
            packet = plain.thawed(left)
        return packet

    def once(self, *key: object) -> bool:
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def port(self, device: str, name: str, tag: int, packet: Packet) -> None:
        policy = self.policies[device]
        if not self.once("port", device, name, tag, plain.frozen(packet)):
            return
        ports = {item.name: item for item in policy.ports}
        interfaces = {item.name: item for item in policy.interfaces}
        if name in interfaces and name not in ports:
            if tag == 0 and interfaces[name].vlan == 0:
                self.router(policy, interfaces[name], packet)
        elif name in ports:
            self.bridge_in(policy, ports[name], tag, packet)

    def bridge_in(self, policy: DevicePolicy, port: PortPolicy, tag: int, packet: Packet) -> None:
        vlan = tag if tag in port.tagged else (port.untagged if tag == 0 else 0)
        if port.closed or vlan == 0:
            return
        known = self.known is not None and swapped(ends(packet)) in self.known.bridges.get((policy.device, vlan), ())
        packet = {**packet, **dict.fromkeys(LOCAL, 0), Field.VLAN: tag, Field.STATE: int(known)}
        left = self.outcome(policy, port.inbound, packet, port.name, "")
        if left is None:
            return
        if self.committed(policy, port.inbound, packet, port.name):
            self.memory.bridges.setdefault((policy.device, vlan), set()).add(ends(left))
        written = left[Field.VLAN]
        vlan = written if written in port.tagged else (port.untagged if written == 0 else 0)
        if vlan:
            self.bridge(policy, vlan, left)

    def committed(self, policy: DevicePolicy, names: tuple[str, ...], packet: Packet, entry: str) -> bool:
        """Whether a rule that tells connection tracking to remember was met: run again with a mark in its place."""
        tables = self.marked[policy.device]
        if not tables:
            return False
        left = self.passed(tables, names, {**packet, Field.REGISTER3: 0}, entry, "")
        return left is not None and left[Field.REGISTER3] == 1

    def bridge(self, policy: DevicePolicy, vlan: int, packet: Packet) -> None:
        if not self.once("vlan", policy.device, vlan, plain.frozen(packet)):
            return
        for port in policy.ports:
            if port.closed or (vlan != port.untagged and vlan not in port.tagged):
                continue
            tag = 0 if vlan == port.untagged else vlan
            left = self.outcome(policy, port.outbound, {**packet, Field.VLAN: tag}, "", port.name)
            if left is not None:
                self.wire(policy.device, port.name, tag, left)
        for interface in policy.interfaces:
            if interface.vlan == vlan and not interface.closed:
                self.router(policy, interface, packet)

    def wire(self, device: str, name: str, tag: int, packet: Packet) -> None:
        packet = {**packet, **dict.fromkeys(LOCAL, 0)}
        for peer, port in self.cables.get((device, name), ()):
            self.port(peer, port, tag, packet)
        if any((item.device, item.port, item.tag) == (device, name, tag) for item in self.topology.attachments):
            self.arrived.add(((device, name, tag), plain.frozen(packet)))

    def router(self, policy: DevicePolicy, entry: RoutedInterface, packet: Packet) -> None:
        if not policy.routes_packets or entry.closed:
            return
        packet = {**packet, **dict.fromkeys(LOCAL, 0), Field.TRACKED: int(policy.tracks)}
        if not self.once("router", policy.device, entry.name, plain.frozen(packet)):
            return
        if self.known is not None and self.on_link(policy, entry, packet):
            return  # those who answer know who is on their own link
        fitting = []
        if self.known is not None and policy.tracks:
            fitting = [came for came, went in self.known.routers.get(policy.device, ())
                       if ends(packet) == swapped(went)]
        for came in fitting:  # of several connections that fit, any may be the one
            old = [went for entry, went in self.known.routers[policy.device] if entry == came]
            changed = any(came[1] != went[1] for went in old if ends(packet) == swapped(went))
            self.forward(policy, entry, {**packet, Field.STATE: 1, Field.DNAT: int(changed),
                                         Field.DESTINATION: came[0], Field.DESTINATION_PORT: came[2]}, came)
        if not fitting:
            self.forward(policy, entry, packet, None)

    def forward(self, policy: DevicePolicy, entry: RoutedInterface, packet: Packet, undo: Ends | None) -> None:
        before = self.outcome(policy, (*entry.inbound, *policy.before_routing), packet, entry.name, "")
        if before is None:
            return
        leaving = self.route(policy, before)
        if leaving is None:
            return
        after = self.outcome(policy, (*policy.forward, *leaving.outbound, *policy.after_routing), before, entry.name,
                             leaving.name, next((int(ip_interface(text).ip) for text in leaving.addresses), 0))
        if after is None:
            return
        if undo is not None:
            after = {**after, Field.SOURCE: undo[1], Field.SOURCE_PORT: undo[3]}
        elif policy.tracks:
            self.memory.routers.setdefault(policy.device, set()).add((ends(packet), ends(after)))
        if leaving.vlan:
            self.bridge(policy, leaving.vlan, {**after, **dict.fromkeys(LOCAL, 0), Field.VLAN: leaving.vlan})
        else:
            self.wire(policy.device, leaving.name, 0, after)

    def on_link(self, policy: DevicePolicy, entry: RoutedInterface, packet: Packet) -> bool:
        if any(item.device == policy.device and item.port == entry.name and item.kind == "wan"
               for item in self.topology.attachments):
            return False
        destination = address(packet)
        own = {ip_interface(text).ip for item in policy.interfaces for text in item.addresses}
        own |= {ip_address(action.address) for table in policy.tables for rule in table.rules
                for action in rule.actions if getattr(action, "address", None)}
        return destination not in own and any(destination in ip_interface(text).network for text in entry.addresses)

    def route(self, policy: DevicePolicy, packet: Packet) -> RoutedInterface | None:
        destination = address(packet)
        if destination.is_link_local or destination.is_multicast or destination.is_loopback:
            return None
        best: tuple[int, RoutedInterface] | None = None
        ways = [(ip_interface(text).network, item) for item in policy.interfaces for text in item.addresses]
        ways += [(ip_network(route.prefix), item) for route in policy.routes for item in policy.interfaces
                 if item.name == route.interface]
        if any(destination == ip_interface(text).ip for item in policy.interfaces for text in item.addresses):
            return None
        for network, item in ways:
            if destination in network and not item.closed and (best is None or network.prefixlen > best[0]):
                best = (network.prefixlen, item)
        return best[1] if best else None


def marked(policy: DevicePolicy) -> dict[str, Table]:
    """A device's tables with a mark in the place of what tells connection tracking to remember; none where nothing
    does."""
    mark = Assign(Field.REGISTER3, 1, 1)
    if not any(isinstance(action, Track) and action.commit for table in policy.tables for rule in table.rules
               for action in rule.actions):
        return {}
    return {table.name: replace(table, rules=tuple(
        replace(rule, actions=tuple(mark if isinstance(action, Track) and action.commit else action
                                    for action in rule.actions)) for rule in table.rules)) for table in policy.tables}


def address(packet: Packet):
    number = packet[Field.DESTINATION]
    return ip_address(number.to_bytes(16 if packet[Field.FAMILY] else 4, "big"))
