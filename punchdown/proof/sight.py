"""One state on the way between two: what each seat reaches there, and which seat of another state is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from punchdown.proof.claims import Claims
from punchdown.proof.headers import sent
from punchdown.proof.network import Seat
from punchdown.proof.rules import Mode
from punchdown.proof.seats import following, with_devices
from punchdown.proof.sets import PacketSet
from punchdown.proof.site import SiteState
from punchdown.values.policy import Field

Place = tuple[str, str, tuple[tuple[str, str], ...]]
"""Device, port and who sits there: the same in every state, whatever tag they use."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Packets as they were sent. ``answered``: their reply comes back; ``arrived``: they come to their receiver and
    need no answer to do something (all but TCP); ``declared``: some flow of the matrix allows what they became."""

    answered: PacketSet
    arrived: PacketSet
    declared: PacketSet


class Sight:
    """What can be seen of one state. ``itself`` are devices that may be asked for themselves; ``like`` is a state whose
    findings are kept where nothing is different, which is so for the seats ``unchanged``."""

    def __init__(self, state: SiteState, itself: Iterable[str], like: Sight | None = None) -> None:
        topology = with_devices(following(state.topology, state.policies), itself)
        self.claims: Claims = replace(state, topology=topology).claims(like.claims.network if like else None)
        self.network = self.claims.network
        self.space = self.network.space
        self.seats: dict[Place, int] = {place: number for number, seat in enumerate(self.network.seats)
                                        for place in places(seat)}
        self.unchanged: frozenset[int] = frozenset()
        if like is not None:
            self.claims.parties.inherit(like.claims.parties)
            self.unchanged = self.claims.judge.inherit(like.claims.judge)
        self._reach: dict[tuple[int, Mode], dict[int, Opened]] = {}

    @property
    def exact(self) -> bool:
        """Whether both readings are one."""
        return self.network.exact

    def reach(self, seat: int, wanted: Mode) -> Mapping[int, Opened]:
        """What a seat's packets open at each other seat, whatever source they carry."""
        key = (seat, self.claims.judge.mode(wanted))
        if key not in self._reach:
            found: dict[int, Opened] = {}
            for item in self.claims.judge.delivered(seat, wanted):
                known = found.get(item.arrival.seat, self.nothing)
                found[item.arrival.seat] = Opened(
                    known.answered | item.answered, known.arrived | item.packets & ~self.claims.judge.tcp,
                    known.declared | item.packets & self.claims.parties.allowed(item.arrival.header))
            self._reach[key] = found
        return self._reach[key]

    @property
    def nothing(self) -> Opened:
        """Nothing is open."""
        return Opened(self.space.nothing, self.space.nothing, self.space.nothing)

    def own(self, seat: int) -> PacketSet:
        """The packets with a source of somebody at the seat."""
        return self.space.union(self.claims.parties.owned(kind, name, sent(Field.SOURCE))
                                for kind, name in self.network.seats[seat].who)


def places(seat: Seat) -> Iterator[Place]:
    """The places that a seat stands for."""
    for port in seat.members:
        yield (seat.device, port, seat.who)
