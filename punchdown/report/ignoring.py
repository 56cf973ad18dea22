"""Findings that the estate leaves for a while: taken out of a report, counted, and back on the day after the last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

from punchdown.model.attest import Ignore
from punchdown.values import DeviceReport, Finding, Ignored, Report, Severity, difference_id, finding_id
from punchdown.values.position import Position

LOOKS = frozenset({"check", "verify", "prove", "drift", "audit"})
"""Verbs whose findings can be left. A plan always shows all that it would do."""
_PLACE = Position("punchdown.yml")


def leave(report: Report, rules: Sequence[Ignore], as_of: date) -> Report:
    """The report without what a rule leaves on that day. A rule that has expired, or names nothing, is a warning."""
    if report.kind not in LOOKS or not rules:
        return report
    valid = [rule for rule in rules if rule.narrow and as_of <= rule.until]
    ignored: list[Ignored] = []
    rows = tuple(_left(row, valid, ignored) for row in report.devices)
    warnings = [item for item in report.warnings if not _take(item, "", "", valid, ignored)]
    found = [(row.site, row.device, item) for row in rows for item in row.findings]
    told = [warning for rule in rules if rule not in valid and (warning := _warning(report.kind, rule, found))]
    left = {item.finding.id for item in ignored}
    return replace(report, devices=rows, warnings=(*warnings, *told), ignored=tuple(ignored),
                   new=tuple(item for item in report.new if item not in left))


def rule_for(finding: Finding, site: str, device: str, rules: Iterable[Ignore]) -> Ignore | None:
    """The first rule that leaves a finding, None when all do not."""
    return next((rule for rule in rules if _fits(rule, finding, site, device)), None)


def _fits(rule: Ignore, finding: Finding, site: str, device: str) -> bool:
    return ((not rule.finding or rule.finding == finding.id) and fnmatchcase(site, rule.site)
            and fnmatchcase(device, rule.device) and fnmatchcase(finding.title, rule.title)
            and (rule.control is None or rule.control in finding.controls))


def _take(finding: Finding, site: str, device: str, rules: Iterable[Ignore], ignored: list[Ignored]) -> bool:
    rule = rule_for(finding, site, device, rules)
    if rule is not None:
        ignored.append(Ignored(finding, rule.reason, rule.until.isoformat()))
    return rule is not None


def _left(row: DeviceReport, rules: Sequence[Ignore], ignored: list[Ignored]) -> DeviceReport:
    findings = tuple(item for item in row.findings if not _take(item, row.site, row.device, rules, ignored))
    if len(findings) == len(row.findings):
        return row
    change = row.change
    if change is not None:
        gone = {item.id for item in row.findings} - {item.id for item in findings}
        change = replace(change, differences=tuple(
            item for item in change.differences if difference_id(change.device, item) not in gone))
    status = row.status
    if status in {"different", "unknown"}:
        unknown = all(item.severity is Severity.UNKNOWN for item in findings)
        status = "in-order" if not findings else "unknown" if unknown else "different"
    return replace(row, findings=findings, change=change, status=status)


def _warning(kind: str, rule: Ignore, found: Iterable[tuple[str, str, Finding]]) -> Finding | None:
    """What to tell of a rule that does not count; nothing of one that has expired and has nothing left to leave."""
    key = finding_id(kind, "ignore", rule.finding, rule.site, rule.device, rule.title, rule.control or "")
    if not rule.narrow:
        return Finding(key, "", kind, Severity.LOW, f"a rule to ignore names nothing and is not applied: {rule.reason}",
                       position=_PLACE, hint="name a finding, a site, a device, a title or a control")
    count = sum(_fits(rule, item, site, device) for site, device, item in found)
    if not count:
        return None
    return Finding(key, "", kind, Severity.LOW, f"a rule to ignore ended on {rule.until}: {rule.reason}",
                   f"{count} finding{' counts' if count == 1 else 's count'} again", position=_PLACE)
