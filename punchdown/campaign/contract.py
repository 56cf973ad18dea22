"""What a campaign needs from outside; everything that touches the network or a clock can be handed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event

from punchdown.campaign.counts import Counts
from punchdown.devices import Operator, Target, open_writer
from punchdown.platforms import Reader, Writer
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.values import Change, Progress, Verified


@dataclass(frozen=True)
class Campaign:
    """What applying needs. ``waves`` are the devices to change, those of one wave at the same time and at most
    ``workers`` of them; after ``max_failures`` devices that failed no other begins. ``verify`` judges the operational
    state and counts what lives on the device: a loss of more than ``tolerance`` (of MAC addresses ``silent``), both
    shares, rolls it back, and what of its wave is not yet confirmed. ``refetch`` compares once more;
    ``timer_seconds`` is the device's own rollback timer. Once ``stop`` is set, a device in hand is finished or put
    back and no other begins. ``intended`` (device to intent and configuration, as JSON) and ``what`` (the verb) are
    kept in the store. ``counts`` are numbers from outside that must not fall beyond their own tolerance."""

    targets: Mapping[str, Target]
    waves: tuple[tuple[str, ...], ...]
    store: Store
    operator: Operator
    secrets: Secrets
    user: str
    timer_seconds: int
    verify: Callable[[Reader], Verified]
    refetch: Callable[[Reader], Change]
    progress: Callable[[Progress], None]
    connect: Callable[[Operator, Target], Writer] = open_writer
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    intended: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    what: str = "apply"
    workers: int = 1
    max_failures: int = 1
    tolerance: float = 0.0
    silent: float = 0.25
    counts: Counts = field(default_factory=Counts)
    stop: Event = field(default_factory=Event)
