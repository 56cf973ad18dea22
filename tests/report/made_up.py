"""An estate of any size with a past, for pages: the shipped example site again and again, and sixty nights."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from punchdown import pipeline
from punchdown.audit import audit_site
from punchdown.compiler import compile_estate
from punchdown.loader import load_estate
from punchdown.pipeline.auditing import facts_of
from punchdown.pipeline.reporting import place_of
from punchdown.report import audit_report, proofs_report
from punchdown.report.pages import Listed, Overview, Place
from punchdown.values import (
    Applied,
    Change,
    DeviceReport,
    Difference,
    Fault,
    Finding,
    Latest,
    Look,
    Past,
    Position,
    Proof,
    Proofs,
    Provenance,
    RunRecord,
    Severity,
    SiteAudit,
    Verdict,
    difference_id,
    finding_id,
)
from punchdown.values.audit import Audit
from punchdown.values.policy import LineRef
from punchdown.values.proof import Answer, Hop, Packet

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
EVIL = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\x1b[2J\u202e"
PLACE = Position("sites/lisbon.yml", 31, 5)
_ORIGIN = Provenance("hosts.smdr-taker.uses", PLACE, ("acl-smdr",), "", "acls")
_VLAN = Provenance("segments.office.vlan", Position("sites/lisbon.yml", 7, 17), (), "", "vlans")


def at(days: float) -> str:
    """A time so many days before the pages are made."""
    return (NOW - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def example() -> tuple[Place, Proof, SiteAudit]:
    """The shipped example site: its place, its proof and its audit."""
    loaded = load_estate(ROOT / "inventory")
    compiled = compile_estate(loaded)["lisbon"]
    (proof,) = pipeline.prove_rendered(ROOT / "inventory", pipeline.Selection(sites=("lisbon",)), pipeline.Question(),
                                       at(0)).proofs
    return place_of(compiled), proof, audit_site(facts_of(loaded.loaded["lisbon"], compiled), date(2026, 3, 2))


def opened(proof: Proof) -> Proof:
    """The same proof, one claim of it refuted and one unknown."""
    first, second = [index for index, claim in enumerate(proof.claims) if claim.kind == "rest"][:2]
    packet = Packet(4, "tcp", "10.20.32.7", "10.20.10.10", 40000, 1752)
    way = (Hop("sw-core-1", "in by p4", passed=True, line=LineRef("flows:br0", 34, f"priority=40000,tcp {EVIL}"),
               source=_ORIGIN),)
    claims = list(proof.claims)
    claims[first] = replace(claims[first], answer=Answer.REFUTED, packet=packet, hops=way,
                            meaning=f"10.20.32.7 can open TCP 1752 on mivb-1: {packet}")
    claims[second] = replace(claims[second], answer=Answer.UNKNOWN)
    return replace(proof, claims=tuple(claims), basis="running")


def change_of(device: str, number: int) -> Change:
    """What one device drifts by; every device has the same wrong time server."""
    def difference(verdict: Verdict, line: str, meaning: str = "", severity: str = "medium",
                   path: tuple[str, ...] = (), source: Provenance = _ORIGIN) -> Difference:
        return Difference(verdict, "running-config", path, line, source, meaning, severity)

    ntp = [difference(Verdict.EXTRA, "ntp server 10.20.99.250", source=_VLAN, severity="low"),
           difference(Verdict.MISSING, "ntp server 10.20.99.5", source=_VLAN, severity="low")]
    port = ("interface GigabitEthernet1/0/7",)
    own = [] if number % 3 else [
        difference(Verdict.EXTRA, f"description {EVIL}", path=port, source=_VLAN),
        difference(Verdict.EXTRA, "switchport access vlan 131", path=port, source=_VLAN),
        difference(Verdict.MISSING, "switchport access vlan 130", path=port, source=_VLAN),
        difference(Verdict.MISSING, "authentication port-control auto",
                   "whatever is plugged in reaches the office without logging in", "high", path=port),
        difference(Verdict.REORDERED, "20 deny tcp any host 10.20.10.10 eq 1752",
                   "10.20.32.7 can open SMDR on mivb-1", "high", path=("ip access-list extended SMDR",)),
        difference(Verdict.UNKNOWN, "radius server key", "no fingerprint key", "unknown"),
    ]
    return Change(device, "cisco_ios", (*ntp, *own), (), "1" * 64)


def drift_findings(change: Change) -> tuple[Finding, ...]:
    """As the comparison tells them."""
    return tuple(Finding(
        difference_id(change.device, item), change.device, "drift",
        Severity.UNKNOWN if item.verdict is Verdict.UNKNOWN else Severity(item.severity),
        f"{item.verdict}: {item.line}{f' ({item.path[0]})' if item.path else ''}", item.meaning, item.document,
        item.line, controls=item.source.controls, position=item.source.position, field=item.source.field)
        for item in change.differences)


def made_up(devices: int) -> Overview:
    """So many devices on sites of ten, or on one; a third of them drifts, each in its own way and all alike."""
    place, proof, audit = example()
    sites = max(1, devices // 10)
    places, faults, latest, applied, runs = [], [], [], [], []
    for number in range(sites):
        name = "lisbon" if sites == 1 else f"hotel-{number + 1:03}"
        count = devices // sites + (number < devices % sites)
        listed = tuple(_named(place.devices[index % len(place.devices)], index, number, sites, devices)
                       for index in range(count))
        star = tuple((listed[0].device, item.device) for item in listed[1:])
        places.append(replace(place, site=name, devices=listed,
                              cables=place.cables if listed == place.devices else star))
        for index, item in enumerate(listed):
            report, own = _seen(name, item, number + index)
            faults += own
            latest.append(Latest("drift", name, item.device, at(0.1), report.status,
                                 "changed-outside" if own else "", report))
            latest.append(Latest("verify", name, item.device, at(0.2), "in-order",
                                 "", replace(report, change=None, status="in-order", error="")))
            applied.append(Applied(item.device, f"run{number:09}", "ana", at(12)))
        proven = replace(opened(proof) if number % 4 == 0 else proof, site=name)
        for whole in (proofs_report(Proofs("grand-hotels", at(0.3), (proven,))),
                      audit_report(Audit("grand-hotels", at(0.3), "2026-03-02", {}, {}, (replace(audit, site=name),)))):
            (row,) = whole.devices
            latest.append(Latest(whole.kind, name, name, at(0.3), row.status, "", replace(row, findings=())))
            faults += [Fault(whole.kind, name, name, _of(item, name), at(4 + number % 30)) for item in row.findings]
        runs.append(RunRecord(f"run{number:09}", name, "ana", at(12), at(11.99), "done"))
    names = [item.site for item in places]
    looks = tuple(Look("drift", at(days), "ci", devices) for days in range(60, -1, -1))
    return Overview("grand-hotels", at(0), tuple(places), Past(
        looks, tuple(faults), tuple(latest), tuple(applied),
        tuple(replace(opened(proof) if number % 4 == 0 else proof, site=name) for number, name in enumerate(names)),
        tuple(replace(audit, site=name) for name in names)), tuple(runs))


def _of(finding: Finding, site: str) -> Finding:
    return replace(finding, id=finding_id(finding.id, site))


def _named(listed: Listed, index: int, number: int, sites: int, devices: int) -> Listed:
    name = listed.device if devices <= 5 else f"{listed.device.rpartition('-')[0]}-{index + 1:02}"
    return replace(listed, device=name if sites == 1 else f"{name}-{number + 1:03}")


def _seen(site: str, listed: Listed, number: int) -> tuple[DeviceReport, list[Fault]]:
    """How a device was seen last, and its faults."""
    name = listed.device
    row = DeviceReport(name, site, listed.platform, listed.role, "in-order")
    if number % 17 == 16:
        return replace(row, status="failed", error=f"{name}: connect: no answer within 10 s {EVIL}"), []
    gone = Fault("drift", site, name, Finding(finding_id(name, "gone"), name, "drift", Severity.MEDIUM,
                                             f"extra: vlan 666 {EVIL}"), at(40 - number % 20), at(20 - number % 15))
    if number % 2:
        return row, [gone]
    change = change_of(name, number)
    found = [Fault("drift", site, name, finding, at(1 + (number * 7 + index * 3) % 50))
             for index, finding in enumerate(drift_findings(change))]
    return replace(row, status="different", change=change), [gone, *found]
