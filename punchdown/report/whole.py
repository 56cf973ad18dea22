"""Proofs and audits as reports: sites stand where devices do, so that every format and every rule speaks of them."""

from __future__ import annotations

from punchdown.values import Audit, DeviceReport, Finding, Proof, Proofs, Report, Severity
from punchdown.values.proof import Answer, Claim

OPENS = frozenset({"rest", "spoofed", "clear", "unused", "gained"})
"""Kinds of claims whose refutation means that something is open which should not be."""


def proofs_report(proofs: Proofs) -> Report:
    """A finding for every claim that is not proved."""
    rows = [_row(proof.site, _findings(proof)) for proof in proofs.proofs]
    rows += [DeviceReport(device, "", "", "", "failed", error=error) for device, error in proofs.failures.items()]
    return Report("prove", proofs.estate, proofs.generated, tuple(rows), proofs=proofs)


def audit_report(audit: Audit) -> Report:
    """A finding for every control that is missing or has expired."""
    rows = tuple(_row(site.site, site.findings) for site in audit.sites)
    return Report("audit", audit.estate, audit.generated, rows, audit=audit)


def _row(site: str, findings: tuple[Finding, ...]) -> DeviceReport:
    unknown = all(item.severity is Severity.UNKNOWN for item in findings)
    status = "in-order" if not findings else "unknown" if unknown else "different"
    return DeviceReport(site, site, "", "site", status, findings)


def _findings(proof: Proof) -> tuple[Finding, ...]:
    return tuple(_finding(claim) for claim in proof.claims if claim.answer is not Answer.PROVED)


def _finding(claim: Claim) -> Finding:
    """The counter-example stands in the meaning, the line that decides is the device's line."""
    hop = next((hop for hop in reversed(claim.hops) if hop.line is not None), None)
    unread = claim.unread[0] if claim.unread else None
    line = hop.line if hop is not None else unread.line if unread is not None else None
    device = hop.device if hop is not None else unread.device if unread is not None else ""
    said = claim.meaning
    if claim.packet is not None and str(claim.packet) not in said:
        said = f"{said}: {claim.packet}" if said else str(claim.packet)
    return Finding(claim.id, device, "prove", _severity(claim), f"{claim.answer}: {claim.title}", said,
                   line.document if line is not None else "", line.text.strip() if line is not None else "",
                   controls=claim.source.controls, position=claim.source.position, field=claim.source.field)


def _severity(claim: Claim) -> Severity:
    if claim.answer is Answer.UNKNOWN:
        return Severity.UNKNOWN
    return Severity.HIGH if claim.kind in OPENS else Severity.LOW if claim.kind == "query" else Severity.MEDIUM
