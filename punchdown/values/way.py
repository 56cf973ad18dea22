"""The way between two configurations of a site: what holds after every single command, and what does not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from punchdown.values.proof import Claim


class Invariant(StrEnum):
    """What shall hold after every command. ``PROTECTION``: nothing is open that is open neither before the change nor
    after it. ``CONTINUITY``: a declared flow that is open before and after stays open. ``MANAGEMENT``: whoever
    manages a device before and after, by whatever address of it, can log in all the time."""

    PROTECTION = "protection"
    CONTINUITY = "continuity"
    MANAGEMENT = "management"


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that does not hold for a while, between two parties.

    ``device`` and ``command`` bring it about, ``number`` is the command's among those of the device, from 1.
    ``commands``: after so many, this one included, it holds again; ``until`` is the one that mends it, with its device.
    ``claim`` has the packet and its way; it is unknown where lines nobody understood decide. ``unauthenticated``: it
    is about who has not authenticated on a port that asks for it.
    """

    invariant: Invariant
    device: str
    number: int
    command: str
    commands: int
    until: tuple[str, str]
    claim: Claim
    unauthenticated: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One site. ``order`` are the changing devices as they are taken, ``commands`` all of theirs, ``states`` how many
    different ones they lead through, each judged. ``unjudged`` says in words what nobody could judge; ``fault`` is set
    when nothing could be, and then nothing is promised. ``waves`` are the devices that change together, ``seconds`` are
    about what all of it takes, and ``basis`` says on what that rests."""

    site: str
    order: tuple[str, ...]
    commands: int
    states: int
    breaches: tuple[Breach, ...] = ()
    unjudged: tuple[str, ...] = ()
    fault: str = ""
    waves: tuple[tuple[str, ...], ...] = ()
    seconds: int = 0
    basis: str = ""

    @property
    def broken(self) -> tuple[Invariant, ...]:
        """The invariants that do not hold all the way, or are not known to, in the order of :class:`Invariant`."""
        if self.fault:
            return tuple(Invariant)
        found = {breach.invariant for breach in self.breaches}
        return tuple(item for item in Invariant if item in found)
