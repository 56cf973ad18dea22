"""Which packets get from whom to whom, one seat at a time, and what that says about the flow matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from punchdown.intent.flows import Flow
from punchdown.proof.headers import sent
from punchdown.proof.network import Network
from punchdown.proof.parties import EPHEMERAL, WAN, Parties, Party
from punchdown.proof.reach import Arrival, Spot
from punchdown.proof.rules import Mode
from punchdown.proof.sets import TCP, PacketSet
from punchdown.proof.ways import openings, replies
from punchdown.values.policy import Field
from punchdown.values.proof import Answer

_SOURCE, _DESTINATION = sent(Field.SOURCE), sent(Field.DESTINATION)


@dataclass(frozen=True, slots=True)
class Delivered:
    """Packets (as sent) that reached whom they were for. ``answered``: those whose reply came back."""

    arrival: Arrival
    packets: PacketSet
    answered: PacketSet


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer with the set that a counter-example is drawn from, and the seats it concerns."""

    answer: Answer
    packets: PacketSet | None = None
    client: int = -1
    server: int = -1
    one_way: bool = False


class Judge:
    """Answers about one state of a site; everything is computed when first asked for."""

    def __init__(self, network: Network, parties: Parties) -> None:
        self.network = network
        self.parties = parties
        self.space = network.space
        self._spots: dict[tuple[int, Mode], frozenset[Spot]] = {}
        self._delivered: dict[tuple[int, Mode], tuple[Delivered, ...]] = {}

    @cached_property
    def opening(self) -> PacketSet:
        """The first packets of connections: no fragments, no TCP ACK, one receiver."""
        where = self.space.where
        many = self.space.union((self.space.address(_DESTINATION, (0xE0 << 24, (1 << 32) - 1), 0),
                                 self.space.address(_DESTINATION, (0xFF << 120, (1 << 128) - 1), 1)))
        return self.space.valid & where(Field.FRAGMENT, (0, 0)) & where(Field.TCP_REPLY, (0, 0)) & ~many

    @cached_property
    def tcp(self) -> PacketSet:
        """All of TCP: what needs an answer to be open."""
        return self.space.where(Field.PROTOCOL, (TCP, TCP))

    def mode(self, wanted: Mode) -> Mode:
        """One walk serves both readings where every line was understood."""
        return Mode.MAY if self.network.exact else wanted

    def delivered(self, seat: int, wanted: Mode) -> tuple[Delivered, ...]:
        """All that a seat's packets reach, whatever source address they carry."""
        key = (seat, self.mode(wanted))
        if key not in self._delivered:
            reach = openings(self.network, seat, self.opening, key[1])
            reach.arrivals = [Arrival(item.seat, item.header, item.detour, packets) for item in reach.arrivals
                              if (packets := item.packets & self._for(item)) != self.space.nothing]
            back, answers = replies(self.network, seat, reach, key[1])
            here = self.network.seats[seat]
            self._spots[key] = reach.spots | answers.spots | {Spot("port", here.device, here.port, here.tag)}
            self._delivered[key] = tuple(
                Delivered(item, self.space.any_mac(item.packets), self.space.any_mac(item.packets & back))
                for item in reach.arrivals)
        return self._delivered[key]

    def touched(self, seat: int) -> frozenset[str]:
        """The devices that a seat's packets, or the replies to them, may come to."""
        self.delivered(seat, Mode.MAY)
        return frozenset(spot.device for spot in self._spots[seat, Mode.MAY])

    def inherit(self, other: Judge) -> frozenset[int]:
        """Take over what seats reach in the state that this one is like, where no packet of theirs comes to a spot that
        is different. Gives these seats."""
        if self.network.exact != other.network.exact:
            return frozenset()
        here = {(seat.device, seat.port, seat.tag): number for number, seat in enumerate(self.network.seats)}
        names = {number: here.get((seat.device, seat.port, seat.tag), -1)
                 for number, seat in enumerate(other.network.seats)}
        for (seat, mode), spots in other._spots.items():
            if names[seat] >= 0 and all(map(self.network.alike, spots)):
                self._spots[names[seat], mode] = spots
                self._delivered[names[seat], mode] = tuple(
                    replace(item, arrival=replace(item.arrival, seat=names[item.arrival.seat]))
                    for item in other._delivered[seat, mode])
        return frozenset(seat for seat, _ in self._spots)

    def _for(self, arrival: Arrival) -> PacketSet:
        """The packets whose destination, by now, is an address of somebody at the seat; at the wan, of the networks
        behind VPNs as well."""
        who = self.network.seats[arrival.seat].who
        if ("wan", "wan") in who:
            who = (*who, *(("remote", party.name) for party in self.parties.tunnelled))
        return self.space.union(self.parties.owned(kind, name, arrival.header[Field.DESTINATION]) for kind, name in who)

    def between(self, seat: int, server: Party, mode: Mode) -> Iterator[tuple[Delivered, PacketSet]]:
        """What a seat's packets reach of one party, with the set of those that are for it."""
        seats = set(self.parties.seats(server))
        for item in self.delivered(seat, mode):
            if item.arrival.seat in seats:
                own = self.parties.owned(server.kind, server.name, item.arrival.header[Field.DESTINATION])
                yield item, own

    def flow(self, flow: Flow, client: Party, server: Party) -> Iterator[Verdict]:
        """Whether every opening packet of a flow reaches the server, and is answered, from each seat to each."""
        for seat in self.parties.seats(client):
            asked = self._asked(flow, client, server)
            for target in self.parties.seats(server):
                if seat == target and client == server:
                    continue
                may = self._open(flow, seat, target, server, Mode.MAY)
                must = self._open(flow, seat, target, server, Mode.MUST)
                if (missing := asked & ~may[0]) != self.space.nothing:
                    yield Verdict(Answer.REFUTED, missing, seat, target)
                elif (missing := asked & ~must[0]) != self.space.nothing:
                    yield Verdict(Answer.UNKNOWN, missing, seat, target)
                else:
                    yield Verdict(Answer.PROVED, None, seat, target, asked & ~must[1] != self.space.nothing)

    def _asked(self, flow: Flow, client: Party, server: Party) -> PacketSet:
        """The opening packets of a flow as its client sends them: to the public address from outside."""
        destination = (self.parties.anywhere((f"{server.public}/32",), _DESTINATION)
                       if client.kind == "wan" and server.public
                       else self.parties.owned(server.kind, server.name, _DESTINATION)
                       & self.parties.anywhere(flow.destinations, _DESTINATION))
        own = self.parties.owned(client.kind, client.name, _SOURCE) & self.parties.anywhere(flow.sources, _SOURCE)
        asked = self.opening & own & destination & self.parties.service(flow, sent(Field.DESTINATION_PORT))
        if "wan" in {client.kind, server.kind} and not self.parties.ipv6_outside:
            asked = asked & self.space.where(Field.FAMILY, (0, 0))
        if flow.protocol in {"tcp", "udp"}:
            asked = asked & self.space.where(Field.SOURCE_PORT, EPHEMERAL)
        return asked

    def _open(self, flow: Flow, seat: int, target: int, server: Party, mode: Mode) -> tuple[PacketSet, PacketSet]:
        """The packets that arrive at a flow's service (answered, where the protocol is TCP), and those answered."""
        arrived, answered = [], []
        for item, own in self.between(seat, server, mode):
            if item.arrival.seat == target and not item.arrival.detour:
                right = own & self.parties.service(flow, item.arrival.header[Field.DESTINATION_PORT])
                answered.append(item.answered & right)
                arrived.append((item.answered if flow.protocol == "tcp" else item.packets) & right)
        return self.space.union(arrived), self.space.union(answered)

    def rest(self, client: Party, server: Party, services: Sequence[Flow] = ()) -> Verdict:
        """Whether nothing that no flow allows can be opened, or, where it needs no answer, can arrive. ``services``: of
        all that, only what is sent to the services of these flows."""
        return self._nothing(client, server, lambda _seat: self.parties.owned(client.kind, client.name, _SOURCE),
                             declared=True, services=services)

    def spoofed(self, segment: Party, seats: Iterable[int], server: Party) -> Verdict:
        """Whether packets with a source that is not the sender's arrive nowhere."""
        return self._nothing(segment, server, self._forged, declared=False, seats=tuple(seats))

    def pretending(self, who: Party, seats: Iterable[int], server: Party) -> Verdict:
        """Whether packets from these seats in the name of somebody else arrive nowhere."""
        return self._nothing(who, server, lambda _seat: self.parties.owned(who.kind, who.name, _SOURCE),
                             declared=False, seats=tuple(seats))

    def leaking(self, seats: Iterable[int], server: Party) -> Verdict:
        """Whether nothing for a network behind a VPN comes to the wan as it is."""
        outside = set(self.parties.seats(WAN))
        for mode, answer in ((Mode.MUST, Answer.REFUTED), (Mode.MAY, Answer.UNKNOWN)):
            for seat in seats:
                for item in self.delivered(seat, mode):
                    own = self.parties.owned(server.kind, server.name, item.arrival.header[Field.DESTINATION])
                    if item.arrival.seat in outside and (found := item.packets & own) != self.space.nothing:
                        return Verdict(answer, found, seat, item.arrival.seat, one_way=True)
        return Verdict(Answer.PROVED)

    def _forged(self, seat: int) -> PacketSet:
        """The packets of a seat whose source nobody who may sit there has; the unspecified one asks for an address."""
        nobody = self.space.union((self.space.address(_SOURCE, (0, 0), 0), self.space.address(_SOURCE, (0, 0), 1)))
        found = self.space.everything
        for kind, name in self.network.seats[seat].who:
            found = found & self.parties.foreign(kind, name, _SOURCE)
        return found & ~nobody

    def _nothing(self, client: Party, server: Party, sources: Callable[[int], PacketSet], *, declared: bool,
                 seats: tuple[int, ...] | None = None, services: Sequence[Flow] = ()) -> Verdict:
        seats = self.parties.seats(client) if seats is None else seats
        for seat in seats:
            found = self._undeclared(seat, server, sources(seat), Mode.MUST, declared=declared, services=services)
            for target, both, _ in found:
                if both != self.space.nothing:
                    return Verdict(Answer.REFUTED, both, seat, target)
            for target, _, one in found:
                if one != self.space.nothing:
                    return Verdict(Answer.REFUTED, one, seat, target, one_way=True)
        if not self.network.exact:
            for seat in seats:
                for target, both, one in self._undeclared(seat, server, sources(seat), Mode.MAY, declared=declared,
                                                          services=services):
                    if (some := both | one) != self.space.nothing:
                        return Verdict(Answer.UNKNOWN, some, seat, target)
        return Verdict(Answer.PROVED)

    def _undeclared(self, seat: int, server: Party, source: PacketSet, mode: Mode, *, declared: bool,
                    services: Sequence[Flow]) -> list[tuple[int, PacketSet, PacketSet]]:
        """Per seat where it arrives: what can be opened, and what arrives only and needs no answer."""
        found: dict[int, tuple[PacketSet, PacketSet]] = {}
        for item, own in self.between(seat, server, mode):
            packets = item.packets & source & own
            if services:
                packets = packets & self.space.union(
                    self.parties.service(flow, item.arrival.header[Field.DESTINATION_PORT]) for flow in services)
            if declared and packets != self.space.nothing:
                packets = packets & ~self.parties.allowed(item.arrival.header)
            if packets == self.space.nothing:
                continue
            both = packets & item.answered if declared else self.space.nothing
            one = packets & ~item.answered & ~self.tcp if declared else packets
            before = found.get(item.arrival.seat, (self.space.nothing, self.space.nothing))
            found[item.arrival.seat] = (before[0] | both, before[1] | one)
        return [(target, both, one) for target, (both, one) in found.items()]
