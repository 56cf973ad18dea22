"""The same fault on many devices as one line, and how much a report weighs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from punchdown.errors import ExitCode
from punchdown.values import DeviceReport, Finding, Report, Severity, difference_id

SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.UNKNOWN)
"""Worst first; unknown stands apart."""
MANY = 3
"""Devices from which on a fault is told once for all of them."""
NEVER = "never"
RANKS = {Severity.LOW: 0, Severity.MEDIUM: 1, Severity.HIGH: 2, Severity.UNKNOWN: 3}
_PORT = re.compile(r"\b(interface|port) [^\s)]*\d[^\s)]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Group:
    """One fault. ``title`` has ``*`` where ports and the device's own name stood; ``meaning`` is set when it is the
    same everywhere. ``devices`` are (site, device), sorted; ``ids`` are the findings, one for each place."""

    kind: str
    severity: Severity
    title: str
    meaning: str
    controls: tuple[str, ...]
    devices: tuple[tuple[str, str], ...]
    ids: frozenset[str]


def general(finding: Finding, device: str) -> str:
    """A finding's title without what differs from device to device and from port to port.

    >>> general(Finding("0", "sw-1", "drift", Severity.LOW, "off on port Gi1/0/7 of sw-1"), "sw-1")
    'off on port * of *'
    """
    title = re.sub(rf"(?<![\w-]){re.escape(device)}(?![\w-])", "*", finding.title) if device else finding.title
    return _PORT.sub(r"\1 *", title)


def groups(found: Iterable[tuple[str, str, Finding]]) -> tuple[Group, ...]:
    """(site, device, finding) by fault: worst first, then the most widespread, then by title."""
    gathered: dict[tuple[object, ...], list[tuple[str, str, Finding]]] = {}
    for site, device, finding in found:
        key = (finding.kind, finding.severity, general(finding, device), finding.controls)
        gathered.setdefault(key, []).append((site, device, finding))
    told = []
    for items in gathered.values():
        _, device, first = items[0]
        meanings = {finding.meaning for _, _, finding in items}
        told.append(Group(
            first.kind, first.severity, general(first, device) if len(items) > 1 else first.title,
            meanings.pop() if len(meanings) == 1 else "", first.controls,
            tuple(sorted({(site, device) for site, device, _ in items})), frozenset(item.id for _, _, item in items)))
    return tuple(sorted(told, key=lambda item: (SEVERITIES.index(item.severity), -len(item.devices), item.title)))


def standing(report: Report) -> tuple[tuple[DeviceReport, Finding], ...]:
    """The findings that still stand, with their devices: those of a device that was changed are what was mended."""
    return tuple((row, item) for row in report.devices if row.status != "changed" for item in row.findings)


def report_groups(report: Report) -> tuple[Group, ...]:
    """The faults of a report that still stand, by fault."""
    return groups((row.site, row.device, finding) for row, finding in standing(report))


def told_once(report: Report) -> tuple[tuple[Group, ...], tuple[DeviceReport, ...]]:
    """Faults of at least ``MANY`` devices, and the devices with what is left to tell of each."""
    wide = tuple(group for group in report_groups(report) if len(group.devices) >= MANY)
    ids = frozenset[str]().union(*(group.ids for group in wide))
    return wide, tuple(_without(row, ids) for row in report.devices)


def _without(row: DeviceReport, ids: frozenset[str]) -> DeviceReport:
    if not any(item.id in ids for item in row.findings):
        return row
    change = row.change
    if change is not None:
        change = replace(change, differences=tuple(
            item for item in change.differences if difference_id(change.device, item) not in ids))
    return replace(row, findings=tuple(item for item in row.findings if item.id not in ids), change=change)


def exit_code(report: Report, fail_on: str = "") -> ExitCode:
    """The report's own exit code; with ``fail_on`` (a severity, or ``never``) 2 only for findings and warnings as bad
    as that."""
    code = report.exit_code
    if not fail_on or code in {ExitCode.FAILED, ExitCode.INTERRUPTED}:
        return code
    if fail_on == NEVER:
        return ExitCode.OK
    found = (*(item for _, item in standing(report)), *report.warnings)
    return ExitCode.DIFFERENT if any(as_bad(item, Severity(fail_on)) for item in found) else ExitCode.OK


def device_fails(row: DeviceReport, fail_on: str = "") -> bool:
    """Whether a device by itself would fail a pipeline: what could not be done does always, findings only when
    ``fail_on`` is a severity and one is as bad as that."""
    code = exit_code(Report("", "", "", (row,)), fail_on)
    return code is ExitCode.FAILED or (code is ExitCode.DIFFERENT and bool(fail_on))


def as_bad(finding: Finding | Group, least: Severity) -> bool:
    """Whether a finding, or a fault, is at least as bad as that. What is unknown could be as bad as anything."""
    return RANKS[finding.severity] >= RANKS[least]
