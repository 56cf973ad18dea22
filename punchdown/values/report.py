"""What a run of a verb found, per device: the one value behind terminal, JSON and HTML."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.errors import ExitCode
from punchdown.values.change import Change
from punchdown.values.finding import Finding
from punchdown.values.way import Way


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """``status``: in-order, different, unknown, failed, changed, rolled-back, skipped. ``error`` is set when failed."""

    device: str
    site: str
    platform: str
    role: str
    status: str
    findings: tuple[Finding, ...] = ()
    error: str = ""
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """``kind``: check, render, plan, apply, verify, drift. ``generated`` is handed in (UTC, ISO 8601), never read
    from a clock. Devices are sorted by site, then name. ``runs`` are the state store's names of what was applied
    (for ``--resume`` and ``rollback``); ``interrupted``: somebody stopped it before the end. ``ways``
    are what holds on the way of each site that changes."""

    kind: str
    estate: str
    generated: str
    devices: tuple[DeviceReport, ...]
    warnings: tuple[Finding, ...] = ()
    runs: tuple[str, ...] = ()
    interrupted: bool = False
    ways: tuple[Way, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of all devices, in order."""
        return tuple(finding for device in self.devices for finding in device.findings)

    @property
    def exit_code(self) -> ExitCode:
        """130 when interrupted; else 1 when any device failed or was rolled back; else 2 on differences, findings or
        unknown; else 0."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        states = {device.status for device in self.devices}
        if states & {"failed", "rolled-back"}:
            return ExitCode.FAILED
        if states & {"different", "unknown"}:
            return ExitCode.DIFFERENT
        return ExitCode.OK
