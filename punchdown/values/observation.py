"""What should be seen on a device, and what was seen."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from punchdown.values.finding import Finding
from punchdown.values.position import Provenance


@dataclass(frozen=True, slots=True)
class Expectation:
    """``key`` names a fact of the device's state (``vlan:110``, ``port:p5:mode``); ``value`` is what it must be."""

    key: str
    value: Any
    title: str
    source: Provenance
    severity: str = "medium"

    @property
    def recorded_value(self) -> str:
        """The value as JSON, to tell later whether the same is still expected."""
        return json.dumps(self.value, sort_keys=True, default=sorted)


@dataclass(frozen=True, slots=True)
class Observation:
    """What one device's state was read as: key to value; a key that could not be read is absent. ``life`` counts what
    uses the device now (``phones``, ``sessions``, ``macs``): more is better, and a kind that can't be counted is
    absent."""

    device: str
    facts: dict[str, Any]
    errors: tuple[str, ...] = ()
    life: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verified:
    """An observation, judged: what is not as it should be, and what lives on the device."""

    findings: tuple[Finding, ...]
    life: dict[str, int] = field(default_factory=dict)
