"""What a walk knows of packets: where they are, as what, where they arrived, what devices remember of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from punchdown.proof.headers import Ends, Header
from punchdown.proof.rules import Passage
from punchdown.proof.sets import PacketSet


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the way. ``kind``: port (a frame comes in), vlan (it is inside of a bridge), out (it leaves by a
    port), router (it enters a layer-3 interface), sent (it leaves one), seat (it arrived; ``name`` is the number).
    ``tag``: the frame's tag at ports, the VLAN inside."""

    kind: str
    device: str
    name: str
    tag: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What is known of the packets at a spot. ``detour``: they went to a router although their destination is on
    their own link, which a usual sender does not do."""

    spot: Spot
    header: Header
    detour: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """What connection tracking keeps: which packets, and the ends of their connection on entry and on leaving."""

    packets: PacketSet
    entry: Ends
    leaving: Ends


@dataclass(frozen=True, slots=True)
class Arrival:
    """Packets (as sent) that arrived at a seat with a header."""

    seat: int
    header: Header
    detour: bool
    packets: PacketSet


@dataclass(frozen=True, slots=True)
class Step:
    """One look of a device's tables at packets, kept when a walk is told step by step."""

    before: State
    device: str
    tables: tuple[str, ...]
    header: Header
    passage: Passage
    passed: bool


@dataclass
class Reach:
    """All that became of what one seat sent; ``spots`` are where it came to."""

    arrivals: list[Arrival] = field(default_factory=list)
    bridged: dict[tuple[str, int], list[Remembered]] = field(default_factory=lambda: defaultdict(list))
    routed: dict[str, list[Remembered]] = field(default_factory=lambda: defaultdict(list))
    steps: list[Step] = field(default_factory=list)
    parents: dict[State, State | None] = field(default_factory=dict)
    spots: frozenset[Spot] = frozenset()
