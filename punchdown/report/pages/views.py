"""What each page shows, worked out from the definition's places and the store's past."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from punchdown.model.attest import Ignore
from punchdown.report.groups import SEVERITIES, Group, groups
from punchdown.report.ignoring import rule_for
from punchdown.report.pages.data import Listed, Overview, Place
from punchdown.values import Applied, Fault, Latest, Look, Proof, RunRecord, Severity, SiteAudit

WHOLE = frozenset({"prove", "audit"})
"""Looks at whole sites; those at devices may name one as its site is named."""
RANK = {"failed": 0, "different": 1, "unknown": 2, "never": 3, "skipped": 4, "in-order": 5}
"""Statuses, worst first; ``never``: nobody has looked yet."""
FOUND = frozenset({"different", "unknown"})
CAUSES = {"changed-outside": "changed outside of punchdown since it was applied",
          "not-applied-yet": "as applied last; the definition moved on and was not applied",
          "never-applied": "never applied by punchdown"}


@dataclass(frozen=True, slots=True)
class Left:
    """An open fault that a rule leaves alone."""

    fault: Fault
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One device now. ``faults`` are open and not left alone, worst first; ``ended`` are those that ended lately, the
    last first; ``since`` is the begin of the oldest open one."""

    site: str
    listed: Listed
    status: str
    faults: tuple[Fault, ...]
    left: tuple[Left, ...]
    ended: tuple[Fault, ...]
    latest: dict[str, Latest]
    applied: Applied | None

    @property
    def name(self) -> str:
        return self.listed.device

    @property
    def since(self) -> str:
        return min((item.since for item in self.faults), default="")

    @property
    def looked(self) -> str:
        """The last time that anybody looked, empty when nobody did."""
        return max((item.at for item in self.latest.values()), default="")

    @property
    def cause(self) -> str:
        """Why it drifts, in words."""
        return CAUSES.get(self.latest["drift"].cause, "") if "drift" in self.latest else ""

    @property
    def counts(self) -> dict[Severity, int]:
        return counted(self.faults)


@dataclass(frozen=True, slots=True)
class SiteView:
    """One site now. ``own`` are faults of the whole site (what a proof refuted), ``faults`` all that are open there;
    ``gaps`` are controls that an audit found missing or expired, which are told apart."""

    place: Place
    devices: tuple[DeviceView, ...]
    own: tuple[Fault, ...]
    gaps: tuple[Fault, ...]
    left: tuple[Left, ...]
    proof: Proof | None
    proved: Latest | None
    audit: SiteAudit | None
    runs: tuple[RunRecord, ...]

    @property
    def name(self) -> str:
        return self.place.site

    @property
    def faults(self) -> tuple[Fault, ...]:
        return (*self.own, *(fault for device in self.devices for fault in device.faults))

    @property
    def counts(self) -> dict[Severity, int]:
        return counted(self.faults)

    @property
    def statuses(self) -> Counter[str]:
        return Counter(device.status for device in self.devices)

    @property
    def since(self) -> str:
        return min((item.since for item in self.faults), default="")

    @property
    def looked(self) -> str:
        return max((device.looked for device in self.devices), default="")

    @property
    def applied(self) -> Applied | None:
        """The change of any of its devices that was confirmed last."""
        known = [device.applied for device in self.devices if device.applied]
        return max(known, key=lambda item: item.at, default=None)


@dataclass(frozen=True, slots=True)
class EstateView:
    """Everything, sites sorted by name. ``ended`` are faults that ended lately, ``looks`` the last of each kind."""

    overview: Overview
    sites: tuple[SiteView, ...]
    ended: tuple[Fault, ...]
    looks: tuple[Look, ...]

    @property
    def devices(self) -> tuple[DeviceView, ...]:
        return tuple(device for site in self.sites for device in site.devices)

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(fault for site in self.sites for fault in site.faults)

    @property
    def gaps(self) -> tuple[Fault, ...]:
        """Controls of any site that an audit found missing or expired."""
        return tuple(gap for site in self.sites for gap in site.gaps)

    @property
    def left(self) -> tuple[Left, ...]:
        return tuple(item for site in self.sites for item in (
            *site.left, *(left for device in site.devices for left in device.left)))

    @property
    def statuses(self) -> Counter[str]:
        return Counter(device.status for device in self.devices)

    @property
    def counts(self) -> dict[Severity, int]:
        return counted(self.faults)


def counted(faults: Iterable[Fault]) -> dict[Severity, int]:
    """Severity to number, in the order of :data:`SEVERITIES`, with noughts."""
    counts = Counter(fault.finding.severity for fault in faults)
    return {severity: counts[severity] for severity in SEVERITIES}


def fault_groups(faults: Iterable[Fault]) -> tuple[Group, ...]:
    """Open faults by fault."""
    return groups((fault.site, fault.device, fault.finding) for fault in faults)


def estate_view(overview: Overview) -> EstateView:
    """Everything that the pages show. Faults of devices that the definition has no longer are left out."""
    past = overview.past
    today = date.fromisoformat(overview.generated[:10])
    rules = [rule for rule in overview.rules if rule.narrow and today <= rule.until]
    by_device: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    by_site: dict[str, list[Fault]] = defaultdict(list)
    for fault in past.faults:
        (by_site[fault.site] if fault.kind in WHOLE else by_device[fault.site, fault.device]).append(fault)
    latest: dict[tuple[str, str], dict[str, Latest]] = defaultdict(dict)
    proved: dict[str, Latest] = {}
    for item in past.latest:
        if item.kind not in WHOLE:
            latest[item.site, item.device][item.kind] = item
        elif item.kind == "prove":
            proved[item.site] = item
    applied = {item.device: item for item in past.applied}
    runs: dict[str, list[RunRecord]] = defaultdict(list)
    for run in overview.runs:
        runs[run.site].append(run)
    proofs = {item.site: item for item in past.proofs}
    audits = {item.site: item for item in past.audits}
    sites, ended = [], []
    for place in overview.places:
        devices = tuple(_device(place.site, listed, by_device[place.site, listed.device], rules,
                                latest[place.site, listed.device], applied.get(listed.device))
                        for listed in place.devices)
        whole = by_site[place.site]
        own, left = _split(place.site, [item for item in whole if not item.until and item.kind != "audit"], rules)
        gaps, more = _split(place.site, [item for item in whole if not item.until and item.kind == "audit"], rules)
        sites.append(SiteView(place, devices, own, gaps, (*left, *more), proofs.get(place.site),
                              proved.get(place.site), audits.get(place.site),
                              tuple(runs[place.site][:10])))
        ended += [item for device in devices for item in device.ended]
        ended += [item for item in whole if item.until and item.kind != "audit"]
    last = {look.kind: look for look in past.looks}
    return EstateView(overview, tuple(sites), tuple(sorted(ended, key=lambda item: item.until, reverse=True)),
                      tuple(last[kind] for kind in ("drift", "verify", "prove", "audit") if kind in last))


def _device(site: str, listed: Listed, faults: Sequence[Fault], rules: Sequence[Ignore], latest: dict[str, Latest],
            applied: Applied | None) -> DeviceView:
    shown, left = _split(site, [item for item in faults if not item.until], rules)
    ended = tuple(sorted((item for item in faults if item.until), key=lambda item: item.until, reverse=True))
    return DeviceView(site, listed, _status(latest, shown, left), shown, left, ended, latest, applied)


def _split(site: str, faults: Iterable[Fault], rules: Sequence[Ignore]) -> tuple[tuple[Fault, ...], tuple[Left, ...]]:
    shown: list[Fault] = []
    left: list[Left] = []
    for fault in faults:
        rule = rule_for(fault.finding, site, fault.device, rules)
        if rule is None:
            shown.append(fault)
        else:
            left.append(Left(fault, rule.reason, rule.until.isoformat()))
    return tuple(sorted(shown, key=lambda item: (SEVERITIES.index(item.finding.severity), item.since))), tuple(left)


def _status(latest: Mapping[str, Latest], faults: Sequence[Fault], left: Sequence[Left]) -> str:
    """The worst of what looks said, as far as no rule leaves it alone."""
    quiet = {item.fault.kind for item in left}
    seen = ["in-order" if item.status in FOUND and kind in quiet else item.status for kind, item in latest.items()
            if item.status not in FOUND or kind not in {fault.kind for fault in faults}]
    severities = {item.finding.severity for item in faults}
    if severities:
        seen.append("unknown" if severities == {Severity.UNKNOWN} else "different")
    return min(seen, key=lambda item: RANK.get(item, 1), default="never")
