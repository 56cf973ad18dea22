"""From running to intended: differences, ordered steps, plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from punchdown.values.finding import finding_id
from punchdown.values.position import Provenance
from punchdown.values.way import Way


class Verdict(StrEnum):
    """What a difference is: a line that lacks, one too many, one that stands in the wrong place, or not knowable."""

    MISSING = "missing"
    EXTRA = "extra"
    REORDERED = "reordered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Difference:
    """One owned line that differs.

    ``path`` are the enclosing lines (``("interface Vlan199",)``), ``line`` the canonical line itself; ``source`` is
    the provenance of the intended line, or of the feature that owns the place where an extra line stands.
    ``meaning`` says in words what follows from it ("10.20.32.7 can open SMDR on mivb-1").
    """

    verdict: Verdict
    document: str
    path: tuple[str, ...]
    line: str
    source: Provenance
    meaning: str = ""
    severity: str = "medium"


def difference_id(device: str, item: Difference) -> str:
    """The id of the finding that tells a difference: by device, document, place and line, the same on every run."""
    return finding_id(device, item.document, *item.path, item.line, item.verdict)


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a remediation (``text`` may hold secret references) and why it stands at this place."""

    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What one device needs. ``steps`` are in the order in which they are sent; empty means nothing to do.

    ``payload`` maps document names to the full intended text where the platform commits whole documents.
    ``base`` is the digest of the running configuration that the change was computed against.
    """

    device: str
    platform: str
    differences: tuple[Difference, ...]
    steps: tuple[Step, ...]
    base: str
    unmanaged: tuple[str, ...] = ()
    risk: str = "low"
    risk_why: str = ""
    payload: dict[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """True when the device runs what it should."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes of a set of devices of one site, devices sorted by name; ``digest`` seals them. ``way`` says what
    holds after every single command, None when nothing changes."""

    site: str
    changes: tuple[Change, ...]
    failures: dict[str, str] = field(default_factory=dict)
    digest: str = ""
    way: Way | None = None
