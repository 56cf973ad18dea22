"""A rule while it is read, and what its words may refer to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from punchdown.platforms.linux_nftables.policy_matches import Conditions
from punchdown.platforms.linux_nftables.policy_text import Chain, Elements
from punchdown.values.policy import Action


@dataclass(slots=True)
class Draft:
    """A rule while it is read. ``ways`` are its alternatives: conditions, the words of a verdict map's verdict, and
    the actions of a translation. ``sure``: its end is known. ``matters``: it writes what is not followed.
    ``times``: the words that say when it holds."""

    ways: list[tuple[Conditions, tuple[str, ...], tuple[Action, ...]]] = field(
        default_factory=lambda: [((), (), ())])
    actions: list[Action] = field(default_factory=list)
    end: tuple[str, ...] = ()
    unread: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    sure: bool = True
    matters: bool = False

    def narrow(self, found: Sequence[Conditions]) -> None:
        """Each way with each of the found conditions."""
        self.ways = [((*known, *new), verdict, actions) for known, verdict, actions in self.ways for new in found]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule's words may refer to: the table's named sets, the device's interfaces, and the prefixes that are
    routed by each of these; ``own`` are the device's addresses."""

    chain: Chain
    sets: Mapping[str, Elements]
    interfaces: Collection[str]
    routed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: tuple[str, ...] = ()


def take(words: list[str], count: int) -> list[str]:
    """Take words off the front."""
    taken = words[:count]
    del words[:count]
    return taken
