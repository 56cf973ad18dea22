"""What was done, step by step, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One step of one device, written before it is taken. ``at`` is UTC, ISO 8601."""

    run: str
    device: str
    step: str
    at: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the change of one device took: ``command_seconds`` for its ``commands``, ``seconds`` for the rest, what
    its wave waited for included."""

    device: str
    seconds: float
    commands: int
    command_seconds: float


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One campaign on one site. Times are UTC, ISO 8601; ``ended`` and ``result`` are empty while it has not ended."""

    run: str
    site: str
    who: str
    started: str
    ended: str
    result: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line of the audit log. ``what``: apply, rollback, resume or end; ``digest`` seals the plan."""

    at: str
    who: str
    what: str
    site: str
    run: str
    digest: str
    result: str


@dataclass(frozen=True, slots=True)
class DeviceOutcome:
    """``status``: unchanged, changed, rolled-back, failed, skipped. ``message`` never holds a secret."""

    device: str
    status: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a campaign ended, devices sorted by name. ``interrupted``: it was stopped and the rest skipped. ``warnings``
    say what could not be counted."""

    run: str
    site: str
    outcomes: tuple[DeviceOutcome, ...]
    interrupted: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """True when any device is not on its intended configuration because of this run."""
        return any(outcome.status in {"failed", "rolled-back"} for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Progress:
    """What happens to one device right now, for whoever watches."""

    device: str
    step: str
    detail: str = ""
