"""A packet's way told hop by hop: where it went, which line let it through, which one stopped it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import pairwise

from punchdown.proof.decide import Decision, Numbers, decide
from punchdown.proof.headers import Ends, sent, swapped
from punchdown.proof.network import Network
from punchdown.proof.parties import PROTOCOLS
from punchdown.proof.reach import Reach, Spot, State, Step
from punchdown.proof.rules import Mode
from punchdown.proof.sets import PacketSet
from punchdown.proof.ways import openings, replies
from punchdown.values import Provenance
from punchdown.values.policy import Field, LineRef
from punchdown.values.proof import Hop, Packet, UnreadLine

Sources = Callable[[str, LineRef], Provenance]
"""Device and line to why the line exists."""

_NAMES = {number: name for name, number in PROTOCOLS.items()}
_ICMP = (1, 58)


@dataclass(frozen=True, slots=True)
class Story:
    """``arrived`` at the seat it was meant for; ``answered``: and the reply came back. ``crossed``: the devices on its
    way."""

    arrived: bool
    answered: bool
    hops: tuple[Hop, ...]
    unread: tuple[UnreadLine, ...]
    crossed: frozenset[str] = frozenset()


def as_packet(numbers: Numbers) -> Packet:
    """A packet in people's words."""
    family = 6 if numbers[Field.FAMILY] else 4
    protocol = numbers[Field.PROTOCOL]
    source, destination = (
        str(ip_address(numbers[field].to_bytes(16 if family == 6 else 4, "big")))
        for field in (Field.SOURCE, Field.DESTINATION))
    return Packet(family, _NAMES.get(protocol, str(protocol)), source, destination, numbers[Field.SOURCE_PORT],
                  numbers[Field.DESTINATION_PORT], numbers[Field.ICMP_TYPE] if protocol in _ICMP else -1)


def tell(network: Network, numbers: Numbers, seat: int, target: int, mode: Mode, sources: Sources) -> Story:
    """Send one packet from a seat and follow it to another, then its reply back."""
    space = network.space
    one = space.packet({field: numbers[field] for field in _OF_PACKETS})
    there = openings(network, seat, one, mode, told=True)
    teller = _Teller(network, numbers, mode, sources)
    goal = _arrival(there, target)
    if goal is None:
        return Story(False, False, tuple(teller.stopped(there, target, reply=False)), teller.unread_of(there))
    there.arrivals = [item for item in there.arrivals if item.seat == target]
    hops = tuple(teller.path(there, goal, reply=False))
    _, back = replies(network, seat, there, mode, told=True)
    home = _home(back, seat, one, network)
    unread = (*teller.unread_of(there), *teller.unread_of(back))
    if home is None:
        return Story(True, False, (*hops, *teller.stopped(back, seat, reply=True)), unread, _crossed(there, goal))
    return Story(True, True, (*hops, *teller.path(back, home, reply=True)), unread,
                 _crossed(there, goal) | _crossed(back, home))


_OF_PACKETS = (Field.FAMILY, Field.PROTOCOL, Field.SOURCE, Field.DESTINATION, Field.SOURCE_PORT,
               Field.DESTINATION_PORT, Field.ICMP_TYPE, Field.ICMP_CODE, Field.DSCP, Field.TCP_REPLY, Field.FRAGMENT,
               Field.ETHERTYPE)
"""What a packet is drawn with; hardware addresses are whatever passes."""


def _arrival(reach: Reach, target: int) -> State | None:
    """The state in which it arrived at a seat, by the usual way if it can."""
    found = sorted((state for state in reach.parents if state.spot.kind == "seat" and state.spot.name == str(target)),
                   key=lambda state: state.detour)
    return found[0] if found else None


def _way(reach: Reach, goal: State) -> list[State]:
    """The states from the sender to a state."""
    states = [goal]
    while (before := reach.parents[states[0]]) is not None:
        states.insert(0, before)
    return states


def _crossed(reach: Reach, goal: State) -> frozenset[str]:
    return frozenset(state.spot.device for state in _way(reach, goal))


def _home(back: Reach, seat: int, one: PacketSet, network: Network) -> State | None:
    """The state in which the reply came back as one to what was sent."""
    wanted: Ends = swapped((sent(Field.SOURCE), sent(Field.DESTINATION), sent(Field.SOURCE_PORT),
                            sent(Field.DESTINATION_PORT)))
    for state in back.parents:
        there = state.spot.kind == "seat" and state.spot.name == str(seat)
        if there and one & network.space.same(state.header.ends, wanted) != network.space.nothing:
            return state
    return None


class _Teller:
    """Hops of one packet."""

    def __init__(self, network: Network, numbers: Numbers, mode: Mode, sources: Sources) -> None:
        self.network = network
        self.numbers = numbers
        self.mode = mode
        self.sources = sources

    def _decision(self, step: Step, mode: Mode) -> Decision:
        policy = self.network.devices[step.device].policy
        return decide(policy, step.tables, step.header.of(self.numbers), step.passage, mode)

    def path(self, reach: Reach, goal: State, *, reply: bool) -> Iterable[Hop]:
        """All looks on the way to a state."""
        for state, after in pairwise(_way(reach, goal)):
            yield from self._hops(reach, state, after, reply=reply)

    def _hops(self, reach: Reach, state: State, after: State, *, reply: bool) -> Iterable[Hop]:
        steps = [step for step in reach.steps if step.before == state and _leads(step, after.spot)]
        place = _place(state.spot, after.spot)
        if place and not steps:
            yield Hop(state.spot.device, place, True, reply=reply)
        for step in steps:
            decision = self._decision(step, self.mode)
            if len(steps) == 1 or decision.line is not None:
                yield self._hop(step, place or _place(state.spot, None), decision, reply=reply, passed=True)

    def _hop(self, step: Step, place: str, decision: Decision, *, reply: bool, passed: bool) -> Hop:
        source = self.sources(step.device, decision.line) if decision.line is not None else Provenance()
        return Hop(step.device, place, passed, decision.table, decision.line, source, reply)

    def stopped(self, reach: Reach, target: int, *, reply: bool) -> Iterable[Hop]:
        """The way to the look that stopped it: nearest to where it was meant to go, else the furthest it came."""
        seat = self.network.seats[target]
        dropped = [step for step in reach.steps if not step.passed]
        if not dropped:
            return
        near = {(seat.device, seat.port)}
        best = max(dropped, key=lambda step: (
            any((step.device, name) in near for name in step.passage.leaving), step.before.spot.kind == "router",
            self._depth(reach, step.before)))
        yield from self.path(reach, best.before, reply=reply)
        decision = self._decision(best, self.mode)
        yield self._hop(best, _where(best), decision, reply=reply, passed=False)

    def _depth(self, reach: Reach, state: State) -> int:
        depth = 0
        at: State | None = state
        while at is not None:
            at, depth = reach.parents[at], depth + 1
        return depth

    def unread_of(self, reach: Reach) -> tuple[UnreadLine, ...]:
        """The lines met on any way that nobody understood."""
        found: dict[UnreadLine, None] = {}
        for step in reach.steps:
            for mode in (Mode.MAY, Mode.MUST):
                for line in self._decision(step, mode).unread:
                    found[UnreadLine(step.device, line)] = None
        return tuple(found)


def _leads(step: Step, after: Spot) -> bool:
    """Whether a look belongs to the way to the next spot: not one at another port of the same bridge."""
    if not step.passed:
        return False
    return after.kind != "out" or not step.passage.leaving or after.name in step.passage.leaving


def _place(spot: Spot, after: Spot | None) -> str:
    if spot.kind == "port" and after is not None and after.kind != "router":
        return f"in by {spot.name}, VLAN {after.tag}" if spot.name else ""
    if spot.kind == "router":
        return f"from {spot.name} to {after.name or f'VLAN {after.tag}'}" if after is not None else f"from {spot.name}"
    if spot.kind == "vlan" and after is not None and after.kind == "out":
        return f"out by {after.name}"
    return ""


def _where(step: Step) -> str:
    entry, leaving = step.passage.entry, step.passage.leaving
    if entry and leaving:
        return f"from {entry[0]} to {leaving[0]}"
    return f"in by {entry[0]}" if entry else f"out by {leaving[0]}" if leaving else ""
