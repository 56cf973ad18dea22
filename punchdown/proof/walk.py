"""The way of packets through the site: sets of them, from one seat to all others, and the replies back.

Every guard is a set of packets as they were sent, so a way and its reply meet in one set without inverting anything.
Frames are flooded to every port of their VLAN: a bridge sends a unicast to one of these, and which one is known by the
address of who sits there. A loop ends where a device has already seen all that arrives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from ipaddress import ip_interface

from punchdown.proof.crossings import Crossing
from punchdown.proof.headers import Ends, Header, constant, swapped
from punchdown.proof.network import ITSELF, Device, Network, Seat, in_prefixes
from punchdown.proof.reach import Arrival, Reach, Remembered, Spot, State, Step
from punchdown.proof.rules import Mode, Passage
from punchdown.proof.sets import PacketSet
from punchdown.values.policy import OUT_AGAIN, Field, PortPolicy, RoutedInterface

_CROSSING = frozenset({"port", "vlan", "router"})
"""Moves that depend on nothing but the device, the packets and what it remembers."""


class Walk:
    """One flood: openings (``opening`` None) or the replies to one."""

    def __init__(self, network: Network, mode: Mode, opening: Reach | None = None, *, told: bool = False) -> None:
        self.network = network
        self.space = network.space
        self.mode = mode
        self.opening = opening
        self.told = told
        self.reach = Reach()
        self._waiting: dict[State, PacketSet] = {}
        self._seen: dict[State, PacketSet] = {}
        self._here: State | None = None
        self._crossing: Crossing | None = None
        self._remembered: dict[str, int] = {}

    def start(self, seat: Seat, header: Header, packets: PacketSet) -> None:
        """Somebody sends from a seat; what a device itself sends meets none of its tables."""
        if seat.port == ITSELF:
            for way in self.network.devices[seat.device].exits(header[Field.DESTINATION]):
                vlan = way.interface.vlan
                spot = Spot("vlan", seat.device, "", vlan) if vlan else Spot("sent", seat.device, way.interface.name)
                self._go(spot, header.on_device(vlan=vlan, state=0, tracked=False), packets & way.packets)
                for (device, port), interface in self.network.legs.items():
                    if device == seat.device and interface == way.interface:
                        self._go(Spot("out", device, port), header.off_device(), packets & way.packets)
        elif not self.network.shut(seat):
            self._go(Spot("port", seat.device, seat.port, seat.tag), header, packets)

    def run(self) -> Reach:
        """Flood until nothing new arrives anywhere."""
        moves: dict[str, Callable[[State, Device, PacketSet], None]] = {
            "port": self._port, "vlan": self._vlan, "out": self._out, "router": self._router, "sent": self._sent,
            "seat": self._seat}
        while self._waiting:
            state = next(iter(self._waiting))
            packets = self._waiting.pop(state)
            seen = self._seen.get(state, self.space.nothing)
            packets = packets & ~seen
            if packets == self.space.nothing:
                continue
            self._seen[state] = seen | packets
            self._here = state
            move, device = moves[state.spot.kind], self.network.devices[state.spot.device]
            if self.told or state.spot.kind not in _CROSSING:
                move(state, device, packets)
            else:
                self._cross(move, state, device, packets)
        self.reach.spots = frozenset(state.spot for state in self._seen)
        return self.reach

    def _cross(self, move: Callable[[State, Device, PacketSet], None], state: State, device: Device,
               packets: PacketSet) -> None:
        """A move inside of a device, done once for all walks that bring the same packets the same way."""
        key = (state, packets, self.mode, self._memory(device))
        crossing = device.crossings.known.get(key)
        if crossing is None:
            self._crossing = crossing = device.crossings.known[key] = Crossing()
            move(state, device, packets)
            self._crossing = None
        for spot, header, some, detour in crossing.went:
            self._go(spot, header, some, detour=detour)
        for vlan, item in crossing.bridged:
            self.reach.bridged[device.name, vlan].append(item)
        self.reach.routed[device.name] += crossing.routed

    def _memory(self, device: Device) -> int:
        """A name for what the device remembers of the opening, -1 when this is the opening."""
        if self.opening is None:
            return -1
        if device.name not in self._remembered:
            bridged = sorted((vlan, tuple(items)) for (name, vlan), items in self.opening.bridged.items()
                             if name == device.name)
            routed = tuple(self.opening.routed.get(device.name, ()))
            self._remembered[device.name] = device.crossings.number((tuple(bridged), routed))
        return self._remembered[device.name]

    def _go(self, spot: Spot, header: Header, packets: PacketSet, *, detour: bool | None = None) -> None:
        if packets == self.space.nothing:
            return
        kept = self._here.detour if detour is None and self._here is not None else bool(detour)
        if self._crossing is not None:
            self._crossing.went.append((spot, header, packets, kept))
            return
        state = State(spot, header, kept)
        self._waiting[state] = self._waiting[state] | packets if state in self._waiting else packets
        if self.told and state not in self.reach.parents:
            self.reach.parents[state] = self._here

    def _remember(self, device: Device, vlan: int, item: Remembered) -> None:
        """Keep a connection, of a bridge by VLAN, of a router with VLAN 0."""
        if self._crossing is not None and vlan:
            self._crossing.bridged.append((vlan, item))
        elif self._crossing is not None:
            self._crossing.routed.append(item)
        elif vlan:
            self.reach.bridged[device.name, vlan].append(item)
        else:
            self.reach.routed[device.name].append(item)

    def _through(self, device: Device, names: tuple[str, ...], header: Header, packets: PacketSet,
                 passage: Passage) -> Iterable[tuple[Header, PacketSet]]:
        if not names:
            return ((header, packets),)
        passing = device.tables.through(names, header, packets, passage, self.mode)
        if self.told and self._here is not None:
            self.reach.steps.append(Step(self._here, device.name, names, header, passage, bool(passing)))
        return passing.items()

    def _port(self, state: State, device: Device, packets: PacketSet) -> None:
        """A frame on a switch port, or a packet on a wire of a router."""
        name, tag = state.spot.name, state.spot.tag
        if device.transparent:
            self._go(Spot("vlan", device.name, "", tag), state.header, packets)
            return
        if name in device.wires and name not in device.ports:
            interface = device.tagged(name, tag)
            if interface is not None and (tag or not interface.vlan):
                self._go(Spot("router", device.name, interface.name), state.header, packets)
            return
        if (device.name, name) in self.network.legs and not tag:
            self._go(Spot("router", device.name, self.network.legs[device.name, name].name), state.header, packets)
        port = device.ports.get(name)
        if port is None or port.closed:
            return
        vlan = tag if tag in port.tagged else port.untagged if not tag else 0
        if not vlan:
            return
        for header, known in self._tracked(state.header, packets, device, vlan, tag):
            passage = Passage(entry=(name,))
            for left, passed in self._through(device, port.inbound, header, known, passage):
                if left.commits:
                    self._remember(device, vlan, Remembered(passed, header.ends, left.ends))
                self._bridge(device, port, left, passed)

    def _bridge(self, device: Device, port: PortPolicy, left: Header, packets: PacketSet) -> None:
        """A frame that the tables of its port let pass: to where they send it, else into the VLAN of its tag, which
        they may have written."""
        tag, output = left[Field.VLAN].value, left[Field.EGRESS].value
        if output:
            for name in device.policy.outputs[output - 1]:
                goal = port.name if name == OUT_AGAIN else name
                if name == OUT_AGAIN or (name != port.name and device.sends(name, self.network.unauthenticated)):
                    self._go(Spot("out", device.name, goal, tag), left.off_device(), packets)
            return
        vlan = tag if tag in port.tagged else port.untagged if not tag else 0
        if vlan:
            kept = left.having((), commits=False) if device.filters_out else left.off_device()
            self._go(Spot("vlan", device.name, "", vlan), kept, packets)

    def _tracked(self, header: Header, packets: PacketSet, device: Device, vlan: int,
                 tag: int) -> Iterable[tuple[Header, PacketSet]]:
        """What a bridge knows of packets that come in: replies of connections it remembers are established."""
        fresh = header.on_device(vlan=tag, state=0, tracked=False)
        if self.opening is None or (device.name, vlan) not in self.opening.bridged:
            return ((fresh, packets),)
        known = self.space.union(
            item.packets & self.space.same(header.ends, swapped(item.leaving))
            for item in self.opening.bridged[device.name, vlan]) & packets
        unknown = packets if self._unsure(device) else packets & ~known
        return ((header.on_device(vlan=tag, state=1, tracked=False), known), (fresh, unknown))

    def _unsure(self, device: Device) -> bool:
        """Whether a device that may remember a connection may as well not."""
        return self.mode is Mode.MAY and not device.tables.exact

    def _vlan(self, state: State, device: Device, packets: PacketSet) -> None:
        vlan, header = state.spot.tag, state.header
        if device.transparent:
            for name in self._wired(device):
                self._go(Spot("out", device.name, name, vlan), header, packets)
            return
        for name in self._wired(device):
            port = device.ports.get(name)
            if port is not None and device.sends(name, self.network.unauthenticated) and (
                    vlan == port.untagged or vlan in port.tagged):
                tag = 0 if vlan == port.untagged else vlan
                tagged = header.having(((Field.VLAN, constant(Field.VLAN, tag)),))
                for left, passed in self._through(device, port.outbound, tagged, packets, Passage((), (name,))):
                    self._go(Spot("out", device.name, name, tag), left.off_device(), passed)
        for interface in device.routed_in(vlan):
            self._go(Spot("router", device.name, interface.name), header.off_device(), packets)

    def _wired(self, device: Device) -> Iterable[str]:
        """Ports with a cable or a seat that may be asked about."""
        return self.network.wired[device.name]

    def _out(self, state: State, _device: Device, packets: PacketSet) -> None:
        spot = state.spot
        for peer, port in self.network.peers.get((spot.device, spot.name), ()):
            self._go(Spot("port", peer, port, spot.tag), state.header, packets)
        for number in self.network.at.get((spot.device, spot.name), ()):
            if self.network.seats[number].tag == spot.tag:
                self._go(Spot("seat", spot.device, str(number)), state.header, packets)

    def _seat(self, state: State, _device: Device, packets: PacketSet) -> None:
        self.reach.arrivals.append(Arrival(int(state.spot.name), state.header, state.detour, packets))

    def _router(self, state: State, device: Device, packets: PacketSet) -> None:
        """In by one interface, out by those that the destination asks for."""
        entry = device.interfaces[state.spot.name]
        if entry.closed:
            return
        if (device.name, ITSELF) in self.network.at:
            self._itself(state, device, entry, packets)
        if not device.policy.routes_packets:
            return
        near = device.connected(entry, state.header[Field.DESTINATION])
        if self.opening is None:
            self._route(state, device, entry, packets & near, detour=True)
        self._route(state, device, entry, packets & ~near, detour=state.detour)

    def _itself(self, state: State, device: Device, entry: RoutedInterface, packets: PacketSet) -> None:
        """What is for the device itself."""
        policy = device.policy
        names = (*entry.inbound, *policy.before_routing, *policy.local)
        for header, known, _ in self._connection(device, state.header, packets):
            for left, passed in self._through(device, names, header, known, Passage(_names(entry))):
                own = in_prefixes(self.space, left[Field.DESTINATION], device.own)
                self._go(Spot("out", device.name, ITSELF), left.off_device(), passed & own)

    def _route(self, state: State, device: Device, entry: RoutedInterface, packets: PacketSet, *,
               detour: bool) -> None:
        if packets == self.space.nothing:
            return
        policy, came = device.policy, _names(entry)
        for header, known, undo in self._connection(device, state.header, packets):
            first = self._through(device, (*entry.inbound, *policy.before_routing), header, known, Passage(came))
            for routed, passed in first:
                for way in device.exits(routed[Field.DESTINATION]):
                    goes = passed & way.packets
                    if goes != self.space.nothing:
                        self._leave(device, entry, way.interface, (header, routed), goes, undo, detour=detour)

    def _leave(self, device: Device, entry: RoutedInterface, leaving: RoutedInterface, headers: tuple[Header, Header],
               packets: PacketSet, undo: tuple[Ends, Ends] | None, *, detour: bool) -> None:
        header, routed = headers
        policy = device.policy
        passage = Passage(_names(entry), _names(leaving), _address(leaving))
        names = (*policy.forward, *leaving.outbound, *policy.after_routing)
        for left, passed in self._through(device, names, routed, packets, passage):
            after = left
            if undo is not None:
                after = left.having(((Field.SOURCE, undo[0][1]), (Field.SOURCE_PORT, undo[0][3])))
            elif policy.tracks or left.commits:
                self._remember(device, 0, Remembered(passed, header.ends, left.ends))
            if leaving.vlan and leaving.port and leaving.port not in device.ports:
                self._go(Spot("out", device.name, leaving.port, leaving.vlan), after.off_device(), passed,
                         detour=detour)
            elif leaving.vlan:
                fresh = after.on_device(vlan=leaving.vlan, state=0, tracked=False)
                self._go(Spot("vlan", device.name, "", leaving.vlan), fresh, passed, detour=detour)
            else:
                self._go(Spot("sent", device.name, leaving.name), after.off_device(), passed, detour=detour)

    def _connection(self, device: Device, header: Header,
                    packets: PacketSet) -> Iterable[tuple[Header, PacketSet, tuple[Ends, Ends] | None]]:
        """What a router knows of packets: replies that it remembers are established and translated back."""
        tracks = device.policy.tracks
        fresh = header.on_device(vlan=0, state=0, tracked=tracks)
        if self.opening is None or not (tracks or self.opening.routed.get(device.name)):
            return ((fresh, packets, None),)
        groups: dict[tuple[Ends, Ends], list[PacketSet]] = defaultdict(list)
        for item in self.opening.routed.get(device.name, ()):
            groups[item.entry, item.leaving].append(item.packets)
        found: list[tuple[Header, PacketSet, tuple[Ends, Ends] | None]] = []
        unknown = packets
        for (entry, leaving), sets in groups.items():
            known = packets & self.space.union(sets) & self.space.same(header.ends, swapped(leaving))
            if known == self.space.nothing:
                continue
            old = header.on_device(vlan=0, state=1, tracked=True, dnat=entry[1] != leaving[1])
            back = old.having(((Field.DESTINATION, entry[0]), (Field.DESTINATION_PORT, entry[2])))
            found.append((back, known, (entry, leaving)))
            unknown = unknown if self._unsure(device) else unknown & ~known
        return (*found, (fresh, unknown, None))

    def _sent(self, state: State, _device: Device, packets: PacketSet) -> None:
        """A packet on the wire of a layer-3 interface."""
        self._go(Spot("out", state.spot.device, state.spot.name), state.header, packets)


def _names(interface: RoutedInterface) -> tuple[str, ...]:
    return (interface.name, *((interface.port,) if interface.port else ()))


def _address(interface: RoutedInterface) -> int:
    """The first IPv4 address, as a masquerade takes it; 0 for none."""
    return next((int(ip.ip) for ip in map(ip_interface, interface.addresses) if ip.version == 4), 0)
