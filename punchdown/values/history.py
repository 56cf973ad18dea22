"""What looks at devices found over time: faults with a beginning and an end, and how each device was seen last."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.values.audit import SiteAudit
from punchdown.values.finding import Finding
from punchdown.values.proof import Proof
from punchdown.values.report import DeviceReport


@dataclass(frozen=True, slots=True)
class Look:
    """One run of a verb that only looks. ``kind``: drift, verify, prove or audit; ``at`` is UTC, ISO 8601; ``devices``
    are how many it saw, sites for proofs and audits."""

    kind: str
    at: str
    who: str
    devices: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding in time. ``since`` is the first look of its kind that showed it, ``until`` the first that showed the
    device without it, empty while it is there; both UTC, ISO 8601. ``device`` is the site's name where the look was at
    a whole site (proofs, audits). A fault that comes back is a new one."""

    kind: str
    site: str
    device: str
    finding: Finding
    since: str
    until: str = ""


@dataclass(frozen=True, slots=True)
class Latest:
    """How one kind of look saw one device last. ``cause`` of a drift: changed-outside (it runs something else than was
    confirmed), not-applied-yet (it runs what was confirmed, the definition moved on), never-applied, or empty."""

    kind: str
    site: str
    device: str
    at: str
    status: str
    cause: str
    seen: DeviceReport


@dataclass(frozen=True, slots=True)
class Applied:
    """The last confirmed change of a device. ``at`` is UTC, ISO 8601."""

    device: str
    run: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class News:
    """What one look changed: faults that it was the first to see, and those that are gone."""

    opened: tuple[Fault, ...] = ()
    gone: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """All that a store remembers of looks. ``faults`` are the open ones and those that ended lately, oldest first;
    ``looks`` oldest first; ``proofs`` and ``audits`` are the last of each site."""

    looks: tuple[Look, ...] = ()
    faults: tuple[Fault, ...] = ()
    latest: tuple[Latest, ...] = ()
    applied: tuple[Applied, ...] = ()
    proofs: tuple[Proof, ...] = ()
    audits: tuple[SiteAudit, ...] = ()
