"""Expectations against one observation."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.values import Expectation, Finding, Observation, Severity, finding_id


def _words(value: object) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _finding(device: str, item: Expectation, severity: Severity, meaning: str) -> Finding:
    return Finding(
        id=finding_id(device, "verify", item.key), device=device, kind="verify", severity=severity, title=item.title,
        meaning=meaning, expected=_words(item.value), controls=item.source.controls, position=item.source.position,
        field=item.source.field)


def judge(expectations: Iterable[Expectation], observation: Observation) -> tuple[Finding, ...]:
    """One finding per expectation that does not hold; what could not be read is unknown, never in order."""
    findings = []
    for item in expectations:
        if item.key not in observation.facts:
            why = "; ".join(observation.errors) or "the device does not show it"
            findings.append(_finding(observation.device, item, Severity.UNKNOWN, f"could not be read: {why}"))
        elif _plain(observation.facts[item.key]) != _plain(item.value):
            seen = _words(observation.facts[item.key])
            findings.append(_finding(observation.device, item, Severity(item.severity),
                                     f"expected {_words(item.value)}, found {seen}"))
    return tuple(findings)
