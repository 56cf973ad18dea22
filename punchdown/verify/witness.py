"""What was seen of each expectation, kept for audits."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.values import Expectation, Finding, Observation, Severity, Sighting
from punchdown.verify.judge import judge

_HOLDS = {Severity.UNKNOWN: None}


def witness(expectations: Iterable[Expectation], observation: Observation, at: str) -> tuple[Sighting, ...]:
    """One sighting per expectation, those that hold included; ``at`` is when the device was looked at."""
    return tuple(Sighting(observation.device, item.key, item.title, item.recorded_value,
                          _holds(judge((item,), observation)), at) for item in expectations)


def _holds(findings: tuple[Finding, ...]) -> bool | None:
    return _HOLDS.get(findings[0].severity, False) if findings else True
