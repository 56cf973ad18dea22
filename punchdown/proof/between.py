"""A state between two others of the same site: what is open there and at neither end, what is shut there only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from punchdown.proof.claims import About
from punchdown.proof.headers import sent
from punchdown.proof.judge import Verdict
from punchdown.proof.network import ITSELF, Seat, in_prefixes
from punchdown.proof.rules import Mode
from punchdown.proof.sets import TCP, PacketSet
from punchdown.proof.sight import Opened, Sight, places
from punchdown.proof.site import SiteState
from punchdown.values import finding_id
from punchdown.values.policy import DevicePolicy, Field
from punchdown.values.proof import Answer, Claim, UnreadLine
from punchdown.values.way import Invariant

_SOURCE = sent(Field.SOURCE)
_EPHEMERAL = (1024, 65535)
_NOT_WHO = (Field.DESTINATION, Field.SOURCE_PORT, Field.DSCP)
"""What does not matter about who can log in: which of a device's addresses he asks, and how."""


@dataclass(frozen=True, slots=True)
class Managed:
    """A device that somebody logs in to from the prefixes ``sources``, by TCP ``port``. ``host``: the host of the
    definition that it is, empty when it is asked for itself."""

    device: str
    sources: tuple[str, ...]
    host: str = ""
    port: int = 22

    @property
    def who(self) -> tuple[str, str]:
        """How its seat is called."""
        return ("host", self.host) if self.host else ("device", self.device)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one state between two parties. ``forged``: only with a source that is not the sender's."""

    invariant: Invariant
    client: str
    server: str
    verdict: Verdict
    unauthenticated: bool = False
    forged: bool = False
    unread: tuple[UnreadLine, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """The same fault in the next state has the same."""
        return (self.invariant, self.client, self.server, self.unauthenticated, self.verdict.answer)


class Journey:
    """Both ends of a way, and what is wrong with states in between. ``unauthenticated`` asks about those who have not
    authenticated on ports that ask for it."""

    def __init__(self, before: SiteState, after: SiteState, managed: tuple[Managed, ...]) -> None:
        addresses = [text for state in (before, after) for policy in state.policies.values()
                     for item in policy.interfaces for text in item.addresses]
        taken = (*before.taken, *(text.partition("/")[0] for text in addresses))
        self._before = replace(before, taken=taken)
        self._after = replace(after, taken=taken)
        self._managed = managed
        self._itself = tuple(item.device for item in managed if not item.host)
        self.old = Sight(self._before, self._itself)
        self.new = Sight(self._after, self._itself, self.old)
        self._last = self.old
        self._logins: dict[tuple[object, ...], PacketSet] = {}
        self._known: tuple[tuple[Seat, ...], dict[int, list[Fault]]] | None = None
        self._protected = {("host", host.name) for host in before.matrix.hosts if host.protected} | {
            ("device", item.device) for item in managed}
        self._segments = {("host", host.name): host.segment for host in before.matrix.hosts}
        self._read_at_ends = {line.text for state in (before, after) for policy in state.policies.values()
                              for line in policy.unread}

    def sight(self, policies: Mapping[str, DevicePolicy]) -> Sight:
        """The state in which devices have these policies."""
        self._last = Sight(replace(self._before, policies=policies), self._itself, self._last)
        return self._last

    def faults(self, sight: Sight) -> Iterator[Fault]:
        """Everything that is wrong in a state; the first between two parties speaks for the rest."""
        yield from self._unread(sight)
        ends = [self._ends(sight, seat) for seat in range(len(sight.network.seats))]
        known = self._known[1] if self._known is not None and self._known[0] == sight.network.seats else {}
        found: dict[int, list[Fault]] = {}
        for seat, pairs in enumerate(ends):
            if self._asked(sight.network.seats[seat]):
                found[seat] = known[seat] if seat in known and seat in sight.unchanged else [
                    fault for one, other in pairs for fault in self._between(sight, (one, seat, other), ends)]
                yield from found[seat]
        self._known = (sight.network.seats, found)

    def _asked(self, seat: Seat) -> bool:
        """Whether somebody may send from a seat: no device itself, and only from guarded ports where nobody has
        authenticated."""
        guarded = any((port := sight.network.devices[seat.device].ports.get(seat.port)) is not None and port.guarded
                      for sight in (self.old, self.new))
        return seat.port != ITSELF and (guarded or not self._before.unauthenticated)

    def _unread(self, sight: Sight) -> Iterator[Fault]:
        lines = tuple(UnreadLine(name, line) for name, device in sight.network.devices.items()
                      for line in device.policy.unread if line.text not in self._read_at_ends)
        if lines:
            yield Fault(Invariant.PROTECTION, lines[0].device, "", Verdict(Answer.UNKNOWN), unread=lines)

    def _ends(self, sight: Sight, seat: int) -> list[tuple[int, int]]:
        """The seats at both ends of the way that stand for the same ports."""
        found = {(self.old.seats[place], self.new.seats[place]) for place in places(sight.network.seats[seat])}
        return sorted(found)

    def _between(self, sight: Sight, seats: tuple[int, int, int],
                 ends: list[list[tuple[int, int]]]) -> Iterator[Fault]:
        for target, there in enumerate(sight.network.seats):
            if target == seats[1] and len(there.members) == 1:
                continue
            for one, other in ends[target]:
                yield from self._harm(sight, seats, (one, target, other))
                yield from self._loss(sight, seats, (one, target, other))

    def _open(self, sight: Sight, seats: tuple[int, int, int], targets: tuple[int, int, int],
              mode: Mode) -> tuple[Opened, Opened, Opened]:
        """What is open between two places before, now and after."""
        states = (self.old, sight, self.new)
        return tuple(state.reach(seat, mode).get(target, state.nothing)  # type: ignore[return-value]
                     for state, seat, target in zip(states, seats, targets, strict=True))

    def _harm(self, sight: Sight, seats: tuple[int, int, int], targets: tuple[int, int, int]) -> Iterator[Fault]:
        if not self._guarded(sight, seats[1], targets[1]):
            return
        old, now, new = self._open(sight, seats, targets, Mode.MAY)
        nothing = sight.space.nothing
        if now in (old, new):
            return
        known = old.answered | old.arrived | new.answered | new.arrived
        sure = self._open(sight, seats, targets, Mode.MUST)[1]
        for found, answer in ((sure, Answer.REFUTED), (now, Answer.UNKNOWN)):
            for packets, one_way in ((found.answered, False), (found.arrived, True)):
                harm = packets & ~known
                if harm != nothing:
                    honest = harm & sight.own(seats[1])
                    forged = honest == nothing
                    fault = self._fault(Invariant.PROTECTION, sight, seats[1], targets[1],
                                        Verdict(answer, harm if forged else honest, seats[1], targets[1], one_way))
                    yield replace(fault, forged=forged)
                    return

    def _guarded(self, sight: Sight, seat: int, target: int) -> bool:
        """Whether anything is promised about who reaches a seat: between segments, and for protected hosts."""
        clients, servers = sight.network.seats[seat].who, sight.network.seats[target].who
        ours = {self._segments.get(who, who[1]) for who in clients}
        return any(who in self._protected or self._segments.get(who, who[1]) not in ours for who in servers)

    def _loss(self, sight: Sight, seats: tuple[int, int, int], targets: tuple[int, int, int]) -> Iterator[Fault]:
        managed = [item for item in self._managed if item.who in sight.network.seats[targets[1]].who]
        old, now, new = self._open(sight, seats, targets, Mode.MUST)
        if managed:
            yield from self._shut_out(sight, managed[0], seats, targets, (old, now, new))
            if not managed[0].host:
                return
        if now in (old, new):
            return
        perhaps = self._open(sight, seats, targets, Mode.MAY)[1]
        own = sight.own(seats[1]) & (old.declared | new.declared)
        for found, answer in ((perhaps, Answer.REFUTED), (now, Answer.UNKNOWN)):
            for kept, still in ((old.answered & new.answered, found.answered), (old.arrived & new.arrived,
                                                                               found.arrived)):
                lost = kept & ~still & own
                if lost != sight.space.nothing:
                    yield self._fault(Invariant.CONTINUITY, sight, seats[1], targets[1],
                                      Verdict(answer, lost, seats[1], targets[1]))
                    return

    def _shut_out(self, sight: Sight, managed: Managed, seats: tuple[int, int, int], targets: tuple[int, int, int],
                  opened: tuple[Opened, Opened, Opened]) -> Iterator[Fault]:
        """Who may log in at both ends, by whatever address, and may not now."""
        login = self._login(sight, managed, seats[1])
        old, now, new = (item.answered & login for item in opened)
        if now in (old, new):
            return
        old_who, now_who, new_who = (sight.space.forget(item, _NOT_WHO) for item in (old, now, new))
        lost = old_who & new_who & ~now_who
        if lost != sight.space.nothing:
            yield self._fault(Invariant.MANAGEMENT, sight, seats[1], targets[1],
                              Verdict(Answer.REFUTED, old & lost, seats[1], targets[1]))

    def _login(self, sight: Sight, managed: Managed, seat: int) -> PacketSet:
        key = (managed.sources, managed.port, sight.network.seats[seat].who)
        if key not in self._logins:
            where = sight.space.where
            self._logins[key] = (
                where(Field.PROTOCOL, (TCP, TCP)) & where(Field.DESTINATION_PORT, (managed.port, managed.port))
                & where(Field.SOURCE_PORT, _EPHEMERAL) & in_prefixes(sight.space, _SOURCE, managed.sources)
                & sight.own(seat))
        return self._logins[key]

    def _fault(self, invariant: Invariant, sight: Sight, seat: int, target: int, verdict: Verdict) -> Fault:
        return Fault(invariant, _name(sight, seat), _name(sight, target), verdict, sight.network.unauthenticated)

    def unjudged(self) -> Iterator[str]:
        """What nobody could judge, in words."""
        for managed in self._managed:
            if not any(self._manages(managed, seat) for seat in range(len(self.old.network.seats))):
                yield (f"whether {managed.device} stays within reach of its operators: none of "
                       f"{', '.join(managed.sources)} has a way to log in before and after the change")

    def _manages(self, managed: Managed, seat: int) -> bool:
        """Whether somebody at a seat can log in at both ends."""
        if self.old.network.seats[seat].port == ITSELF or (
                self._login(self.old, managed, seat) == self.old.space.nothing):
            return False
        others = {self.new.seats[place] for place in places(self.old.network.seats[seat])}
        who = []
        for sight, numbers in ((self.old, {seat}), (self.new, others)):
            found = [item.answered & self._login(sight, managed, number) for number in numbers
                     for target, item in sight.reach(number, Mode.MUST).items()
                     if managed.who in sight.network.seats[target].who]
            who.append(sight.space.forget(sight.space.union(found), _NOT_WHO))
        return bool(who[0] & who[1] != self.old.space.nothing)

    def claim(self, fault: Fault, sight: Sight) -> Claim:
        """A fault told by a packet and its way."""
        site = self._before.matrix.site
        key = f"{fault.client}>{fault.server}" + (" unauthenticated" if fault.unauthenticated else "")
        if fault.unread:
            return Claim(finding_id("way", site, fault.invariant, key), "gained", fault.client, fault.server,
                         f"nobody understands a line of {fault.client}", Answer.UNKNOWN,
                         f"a line that nobody understood decides: {fault.unread[0].line.text}", unread=fault.unread)
        opens = fault.invariant is Invariant.PROTECTION
        title = (f"{fault.server} is open to {fault.client}, and is neither before the change nor after it" if opens
                 else f"{fault.client} loses {fault.server}, and has it before the change and after it")
        kind = "spoofed" if fault.forged else "gained" if opens else "stopped"
        about = About(kind, key, fault.client, fault.server, title)
        reach = ("one way" if fault.verdict.one_way else "both ways") if opens else ""
        found = sight.claims.claim(about, fault.verdict, reach=reach)
        return replace(found, id=finding_id("way", site, fault.invariant, key))


def _name(sight: Sight, seat: int) -> str:
    return ", ".join(name for _, name in sight.network.seats[seat].who)
