"""What it leases, as it says itself."""

from __future__ import annotations

import re

from punchdown.intent import DeviceIntent
from punchdown.platforms import Reader
from punchdown.values import Expectation, Observation
from punchdown_leasebox.lines import OURS


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    return tuple(Expectation(f"pool:{pool.name}", f"{pool.first}-{pool.last}", f"{pool.name} gets addresses",
                             pool.source, "high") for pool in (intent.dhcp.pools if intent.dhcp else ()))


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    del intent
    rows = re.findall(rf"^{OURS}(\S+) +(\S+) +(\S+) +\d+ leased$", reader.show("show pools").output, re.MULTILINE)
    return Observation(reader.device, {f"pool:{name}": f"{first}-{last}" for name, first, last in rows})
