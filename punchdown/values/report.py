"""What a run of a verb found, per device: the one value behind terminal, JSON and HTML."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.errors import ExitCode
from punchdown.values.audit import Audit
from punchdown.values.change import Change
from punchdown.values.finding import Finding
from punchdown.values.proof import Proofs
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
class Ignored:
    """A finding that is known and left for a while. ``until`` is the last day, ISO 8601."""

    finding: Finding
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class Report:
    """``kind``: check, render, plan, apply, verify, prove, drift, audit. ``generated`` is handed in (UTC, ISO 8601),
    never read from a clock. Devices are sorted by site, then name; a proof's or an audit's are sites. ``runs`` are the
    state store's names of what was applied (for ``--resume`` and ``rollback``); ``interrupted``: somebody stopped it
    before the end. ``ways`` are what holds on the way of each site that changes. ``proofs`` and ``audit`` are what the
    verbs of that name found, whole. ``new`` are ids of findings that no earlier look saw, ``gone`` the findings that
    this one saw no more; both empty where no history is kept. ``ignored`` are left out of the devices."""

    kind: str
    estate: str
    generated: str
    devices: tuple[DeviceReport, ...]
    warnings: tuple[Finding, ...] = ()
    runs: tuple[str, ...] = ()
    interrupted: bool = False
    ways: tuple[Way, ...] = ()
    proofs: Proofs | None = None
    audit: Audit | None = None
    new: tuple[str, ...] = ()
    gone: tuple[Finding, ...] = ()
    ignored: tuple[Ignored, ...] = ()

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
