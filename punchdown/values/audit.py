"""What an audit found: every control of the catalogue once for each site, with the evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from punchdown.errors import ExitCode
from punchdown.values.finding import Finding, Severity, finding_id
from punchdown.values.position import NOWHERE, Position
from punchdown.values.proof import Answer
from punchdown.values.reading import SettingReading
from punchdown.values.settings import GatewaySetting


class ControlState(StrEnum):
    """How a control stands on a site, best first."""

    VERIFIED = "verified"
    ENFORCED = "enforced"
    EXPORTED = "exported"
    ATTESTED = "attested"
    WAIVED = "waived"
    NOT_APPLICABLE = "not-applicable"
    EXPIRED = "expired"
    MISSING = "missing"


OPEN_STATES = (ControlState.EXPIRED, ControlState.MISSING)
"""States that leave something to do."""


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """Lines of one document of one device that exist for the control, all from one place of the definition."""

    device: str
    document: str
    feature: str
    field: str
    position: Position
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the last verification of a device saw of one expectation. ``value`` is the expected value as JSON, ``at``
    UTC in ISO 8601; ``holds`` is None when the device did not show it."""

    device: str
    key: str
    title: str
    value: str
    holds: bool | None
    at: str


@dataclass(frozen=True, slots=True)
class ProofEvidence:
    """What is proved of what the intended configurations let through, as far as it bears on the control. ``claims``
    counts the claims that it sums up, ``meaning`` holds the counter-example of what is refuted."""

    title: str
    answer: Answer
    meaning: str = ""
    claims: int = 1
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True)
class Statement:
    """A person's word (``kind`` attestation) or a waiver. Days are ISO 8601; ``until`` is the last day it counts.
    ``text`` is the evidence or the reason."""

    kind: str
    name: str
    who: str
    when: str
    text: str
    until: str
    valid: bool
    position: Position


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a control is not met, and where in the definition."""

    text: str
    position: Position = NOWHERE


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control on one site. ``why`` says in one sentence what the state rests on; ``settings`` are what the
    definition asks of gateways' forms for it, ``readings`` what exports of these forms show of them."""

    id: str
    domain: str
    paper: str
    section: str
    title: str
    severity: str
    state: ControlState
    why: str
    lines: tuple[LineEvidence, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    settings: tuple[GatewaySetting, ...] = ()
    readings: tuple[SettingReading, ...] = ()
    proofs: tuple[ProofEvidence, ...] = ()
    statements: tuple[Statement, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices whose lines exist for it, sorted."""
        return tuple(sorted({item.device for item in self.lines}))

    @property
    def line_count(self) -> int:
        """How many lines exist for it."""
        return sum(len(item.lines) for item in self.lines)


@dataclass(frozen=True, slots=True)
class SiteAudit:
    """One site: every control once, in the order of the catalogue; ``stale`` are expired attestations and waivers."""

    site: str
    results: tuple[ControlResult, ...]
    stale: tuple[Statement, ...] = ()

    @property
    def counts(self) -> dict[ControlState, int]:
        """State to number of controls."""
        return dict(Counter(item.state for item in self.results))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is missing or expired, each with an id that stays the same from run to run."""
        found = [
            Finding(finding_id("audit", self.site, item.id), "", "audit", Severity(item.severity),
                    f"{item.id}: {item.title}", item.why, controls=(item.id,),
                    position=item.gaps[0].position if item.gaps else NOWHERE)
            for item in self.results if item.state in OPEN_STATES]
        found += [
            Finding(finding_id("audit", self.site, item.kind, item.name), "", "audit", Severity.LOW,
                    f"the {item.kind} {item.name} has expired", f"it counted until {item.until}",
                    position=item.position)
            for item in self.stale]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Coverage:
    """One row of a coverage table: ``counts`` by state over all sites."""

    name: str
    counts: dict[ControlState, int]

    @property
    def total(self) -> int:
        """Controls in the row."""
        return sum(self.counts.values())

    @property
    def met(self) -> int:
        """Controls that neither lack anything nor are waived."""
        return sum(self.counts.get(state, 0) for state in (
            ControlState.VERIFIED, ControlState.ENFORCED, ControlState.EXPORTED, ControlState.ATTESTED))

    @property
    def applicable(self) -> int:
        """Controls that concern the sites."""
        return self.total - self.counts.get(ControlState.NOT_APPLICABLE, 0)


@dataclass(frozen=True, slots=True)
class Audit:
    """An estate's audit. ``as_of`` is the day against which attestations and waivers count, ISO 8601;
    ``domains`` and ``papers`` map their keys to titles, in the order of reports."""

    estate: str
    generated: str
    as_of: str
    domains: dict[str, str]
    papers: dict[str, str]
    sites: tuple[SiteAudit, ...]

    @property
    def exit_code(self) -> ExitCode:
        """2 when anything is missing or expired, else 0."""
        return ExitCode.DIFFERENT if any(site.findings for site in self.sites) else ExitCode.OK

    @property
    def counts(self) -> dict[ControlState, int]:
        """State to number of controls, over all sites."""
        return dict(Counter(item.state for item in self._results()))

    def by_domain(self) -> tuple[Coverage, ...]:
        """One row for each domain."""
        return tuple(_coverage(title, (item for item in self._results() if item.domain == name))
                     for name, title in self.domains.items())

    def by_paper(self) -> tuple[Coverage, ...]:
        """One row for each paper."""
        return tuple(_coverage(title, (item for item in self._results() if item.paper == name))
                     for name, title in self.papers.items())

    def _results(self) -> list[ControlResult]:
        return [item for site in self.sites for item in site.results]


def _coverage(name: str, results: Iterable[ControlResult]) -> Coverage:
    return Coverage(name, dict(Counter(item.state for item in results)))
