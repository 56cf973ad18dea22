"""One device on a bench: somebody sits on each port that is asked about, nothing else is there.

The prover and the plain evaluator are asked the same: where does a packet come out, as what, and does the answer to
it come back?
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from punchdown.intent.topology import Attachment, Topology
from punchdown.proof.headers import Expr, Header
from punchdown.proof.network import Network
from punchdown.proof.rules import Mode
from punchdown.proof.sets import PacketSet, Space, space
from punchdown.proof.ways import openings, replies
from punchdown.values.policy import DevicePolicy, Field

from . import plain
from .plain_walk import LOCAL, Site, ends, swapped

Place = tuple[str, str, int]
Answer = tuple[frozenset[tuple[Place, tuple[int, ...]]], bool]
"""Where a packet comes out with its fields on the wire, and whether a reply of one who got it comes back."""
WIRE = tuple(field for field in Field if field not in LOCAL)
MATTERING = WIRE
ECHO = {(1, 8): 0, (58, 128): 129}
"""(protocol, ICMP type) of what is answered, with the type of the answer (RFC 792, RFC 4443)."""


def on_bench(policy: DevicePolicy, ports: Iterable[str] = (), wan: str = "") -> Topology:
    """Somebody on these ports (all when none are named), once per VLAN that they carry, and on each routed wire."""
    wanted = set(ports)
    found = [Attachment("host", f"{port.name} {tag}", policy.device, port.name, tag)
             for port in policy.ports if not wanted or port.name in wanted for tag in (0, *port.tagged)]
    found += [Attachment("wan" if item.name == wan else "host", item.name, policy.device, item.name)
              for item in policy.interfaces if not item.vlan]
    return Topology("bench", tuple(found), ())


class Bench:
    """``like``: another state of the same device, whose tables are reused where they say the same."""

    def __init__(self, policy: DevicePolicy, topology: Topology, like: Bench | None = None) -> None:
        self.space = like.space if like else space()
        self.policy = policy
        self.network = Network(self.space, topology, {policy.device: policy}, like=like.network if like else None)
        self.site = Site(topology, {policy.device: policy})
        self.places: dict[Place, int] = {(seat.device, seat.port, seat.tag): number
                                         for number, seat in enumerate(self.network.seats)}
        self._said: dict[Place, tuple[dict[Place, dict[Header, PacketSet]], PacketSet]] = {}

    def said(self, place: Place) -> tuple[dict[Place, dict[Header, PacketSet]], PacketSet]:
        """The prover's answer for all that is sent from a place: where it comes out and as what; what is answered."""
        if place not in self._said:
            number = self.places[place]
            reach = openings(self.network, number, self.space.valid, Mode.MAY)
            back, _ = replies(self.network, number, reach, Mode.MAY)
            names = {number: known for known, number in self.places.items()}
            out: dict[Place, dict[Header, PacketSet]] = defaultdict(dict)
            for item in reach.arrivals:
                there = out[names[item.seat]]
                there[item.header] = there.get(item.header, self.space.nothing) | item.packets
            self._said[place] = out, back
        return self._said[place]

    def proved(self, place: Place, packet: plain.Packet) -> Answer:
        """The prover's answer for one packet."""
        out, back = self.said(place)
        one = self.space.packet({field: packet[field] for field in MATTERING})
        arrived = {(there, wire(header.of(packet))) for there, headers in out.items()
                   for header, packets in headers.items() if one & packets != self.space.nothing}
        return frozenset(arrived), one & back != self.space.nothing

    def happens(self, place: Place, packet: plain.Packet) -> Answer:
        """The plain evaluator's."""
        arrived, memory = self.site.send(place, packet, None)
        home = any(
            back == place and swapped(ends(plain.thawed(left))) == ends(packet)
            for there, came in arrived for answer in answers(plain.thawed(came))
            for back, left in self.site.send(there, answer, memory)[0])
        return frozenset((there, wire(plain.thawed(came))) for there, came in arrived), home


def wire(packet: plain.Packet) -> tuple[int, ...]:
    """What of a packet is on the cable."""
    return tuple(packet[field] for field in WIRE)


def answers(packet: plain.Packet) -> list[plain.Packet]:
    """What a machine says to a packet: one reply, or none to what nobody answers."""
    source, destination, source_port, destination_port = swapped(ends(packet))
    changes = {Field.SOURCE: source, Field.DESTINATION: destination, Field.SOURCE_PORT: source_port,
               Field.DESTINATION_PORT: destination_port}
    if packet[Field.PROTOCOL] == 6:
        changes[Field.TCP_REPLY] = 1
    if packet[Field.PROTOCOL] in {1, 58}:
        kind = ECHO.get((packet[Field.PROTOCOL], packet[Field.ICMP_TYPE]))
        if kind is None:
            return []
        changes[Field.ICMP_TYPE] = kind
    return [{**packet, **changes}]


def difference(before: Bench, after: Bench, place: Place) -> PacketSet:
    """The packets from a place that, as the prover says, come out elsewhere, as something else, or are answered in one
    state only."""
    sets = before.space
    (out, back), (then, later) = before.said(place), after.said(place)
    found = [(back & ~later) | (later & ~back)]
    for there in {*out, *then}:
        for one, other in ((out.get(there, {}), then.get(there, {})), (then.get(there, {}), out.get(there, {}))):
            for header, packets in one.items():
                same = sets.union(same_wire(sets, header, known) & those for known, those in other.items())
                found.append(packets & ~same)
    return sets.union(found)


def same_wire(sets: Space, one: Header, other: Header) -> PacketSet:
    """The packets, as sent, for which two headers are the same on the wire."""
    found = sets.everything
    for field in WIRE:
        if one[field] != other[field]:
            found = found & _same(sets, one[field], other[field])
    return found


def _same(sets: Space, one: Expr, other: Expr) -> PacketSet:
    """The packets, as sent, for which two expressions hold the same number."""
    if one.base is not None and other.base is not None and one.base != other.base:
        raise ValueError("two fields in the place of one: not told apart bit by bit")
    fixed = one.mask & other.mask
    if (one.value ^ other.value) & fixed:
        return sets.nothing
    found = sets.everything
    for written, left in ((one, other), (other, one)):
        only = written.mask & ~left.mask
        if only and left.base is not None:
            found = found & sets.where_masked(left.base, written.value & only, only)
    return found
