"""What others are told of a look."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.values.finding import Severity


@dataclass(frozen=True, slots=True)
class Told:
    """A fault on all its devices: ``count`` of them, the first of ``names`` as SITE/DEVICE. ``new``: some of its
    findings were never seen before."""

    severity: Severity
    title: str
    meaning: str
    controls: tuple[str, ...]
    count: int
    names: tuple[str, ...]
    new: bool


@dataclass(frozen=True, slots=True)
class Unseen:
    """A device that could not be looked at, and why."""

    site: str
    device: str
    error: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a webhook gets. ``version`` counts changes that break readers. ``devices`` and ``findings`` are counts by
    status and severity, ``new`` and ``gone`` findings since the look before; ``more`` faults are not in ``faults``.
    Text of devices is printable, on one line, and to be escaped by whoever shows it."""

    version: int
    kind: str
    estate: str
    generated: str
    exit_code: int
    devices: dict[str, int]
    findings: dict[str, int]
    new: int
    gone: int
    ignored: int
    warnings: int
    faults: tuple[Told, ...]
    more: int
    unseen: tuple[Unseen, ...]
