"""What a campaign needs from outside; everything that touches the network or a clock can be handed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from punchdown.devices import Operator, Target, open_writer
from punchdown.platforms import Reader, Writer
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.values import Change, Finding, Progress


@dataclass(frozen=True)
class Campaign:
    """What applying needs. ``order`` are the devices to change, first one first; ``verify`` judges the operational
    state, ``refetch`` compares once more; ``timer_seconds`` is the device's own rollback timer."""

    targets: Mapping[str, Target]
    order: tuple[str, ...]
    store: Store
    operator: Operator
    secrets: Secrets
    user: str
    timer_seconds: int
    verify: Callable[[Reader], tuple[Finding, ...]]
    refetch: Callable[[Reader], Change]
    progress: Callable[[Progress], None]
    connect: Callable[[Operator, Target], Writer] = open_writer
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
