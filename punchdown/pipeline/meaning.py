"""What differences mean: the packets that a drift lets through or stops, what a plan opens and closes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from punchdown.compiler import CompiledSite, compile_site
from punchdown.model import Estate
from punchdown.pipeline.proving import Documents, rendered_documents, site_state
from punchdown.proof import SiteState, compare, prove
from punchdown.render import render_device
from punchdown.values import Finding, Report, RunningConfig, Severity, finding_id
from punchdown.values.proof import Answer, Claim, Hop

MOST = 20
"""Findings of one site that are told one by one; the rest as a number: `punchdown prove` has them all."""

MOST_SITES = 25
"""Sites with differences that are asked in one run: each takes a second or two of one processor."""


def with_meaning(report: Report, estate: Estate, running: Mapping[str, RunningConfig]) -> Report:
    """The report with semantic findings beside its line findings.

    A drift: the claims that hold for the definition and no longer for what runs. A plan: what becomes reachable and
    what stops. Asked only of sites where something differs and every selected device could be read; a device that was
    not selected is taken as it should be.
    """
    differing = {row.site for row in report.devices if row.change is not None and not row.change.empty}
    unread = {row.site for row in report.devices if row.device not in running}
    wanted = sorted(differing - unread)
    if not wanted:
        return report
    found: dict[str, list[Finding]] = {}
    for name in wanted[:MOST_SITES]:
        site = compile_site(estate.loaded[name])
        first = next(row.device for row in report.devices if row.site == name and row.change and not row.change.empty)
        for finding in _of_site(site, report.kind, running, first):
            found.setdefault(finding.device, []).append(finding)
    rows = tuple(replace(row, findings=(*row.findings, *found.get(row.device, ()))) for row in report.devices)
    return replace(report, devices=rows, warnings=(*report.warnings, *_unasked(wanted[MOST_SITES:])))


def _unasked(sites: list[str]) -> Iterator[Finding]:
    """What was left out, so that nobody takes it for nothing."""
    if sites:
        named = ", ".join(sites[:MOST]) + (" ..." if len(sites) > MOST else "")
        yield Finding(finding_id("prove", "unasked"), "", "prove", Severity.LOW,
                      f"what the differences of {len(sites)} more site{'s' if len(sites) > 1 else ''} mean was not "
                      "worked out: see `punchdown prove -s SITE`", meaning=named)


def _of_site(site: CompiledSite, kind: str, running: Mapping[str, RunningConfig], fallback: str) -> list[Finding]:
    try:
        before, after = _states(site, running)
        claims = list(_worse(before, after) if kind == "drift" else compare(before, after).claims)
    except Exception as error:  # noqa: BLE001  a report of lines must not fail for what it would add to them
        return [Finding(finding_id("prove", site.site, "fault"), fallback, "prove", Severity.UNKNOWN,
                        f"what this means could not be worked out: {type(error).__name__}")]
    devices = {intent.device for intent in site.devices if intent.device in running}
    told = [_finding(claim, devices, fallback) for claim in claims[:MOST]]
    if len(claims) > MOST:
        told.append(Finding(finding_id("prove", site.site, "more"), fallback, "prove", told[0].severity,
                            f"and {len(claims) - MOST} more: see `punchdown prove -s {site.site}`"))
    return told


def _states(site: CompiledSite, running: Mapping[str, RunningConfig]) -> tuple[SiteState, SiteState]:
    """As it runs, and as it should."""
    intended = {intent.device: render_device(intent) for intent in site.devices}
    rendered = rendered_documents(intended)
    runs: Documents = {**rendered, **{
        name: {item.name: item.text for item in running[name].documents} for name in rendered if name in running}}
    return site_state(site, intended, runs, "running"), site_state(site, intended, rendered, "rendered")


def _worse(before: SiteState, after: SiteState) -> Iterator[Claim]:
    """Claims that are proved as it should be, and not as it runs; worst first."""
    sound = {claim.id for claim in prove(after).claims if claim.answer is Answer.PROVED}
    claims = [claim for claim in prove(before).claims if claim.answer is not Answer.PROVED and claim.id in sound]
    yield from sorted(claims, key=lambda claim: claim.answer is Answer.UNKNOWN)


def _finding(claim: Claim, devices: set[str], fallback: str) -> Finding:
    """A claim as a finding of the device whose line decides."""
    hop = _deciding(claim)
    device = hop.device if hop is not None and hop.device in devices else fallback
    line = f"line {hop.line.number}: {hop.line.text.strip()}" if hop is not None and hop.line is not None else ""
    known = {"flow": Severity.MEDIUM, "gained": Severity.LOW, "stopped": Severity.LOW}
    severity = Severity.UNKNOWN if claim.answer is Answer.UNKNOWN else known.get(claim.kind, Severity.HIGH)
    source = claim.source
    return Finding(claim.id, device, "prove", severity, claim.meaning or claim.title, document=hop.line.document
                   if hop is not None and hop.line is not None else "", line=line,
                   meaning=f"{claim.title}: {claim.answer}" if claim.answer is Answer.UNKNOWN else "",
                   controls=source.controls, position=source.position, field=source.field)


def _deciding(claim: Claim) -> Hop | None:
    """The look that stopped the packet; else the first line on its way that the definition does not know, else the last
    line."""
    lines = [hop for hop in claim.hops if hop.line is not None and hop.line.number]
    stopped = [hop for hop in lines if not hop.passed]
    foreign = [hop for hop in lines if not hop.source.field and not hop.reply]
    return next(iter((*stopped, *foreign, *reversed(lines))), None)
