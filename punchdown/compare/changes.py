"""Plans that are sealed, and the differences of a change as findings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from punchdown.errors import PlanError
from punchdown.values import Change, Difference, Finding, Plan, Severity, Verdict, difference_id, to_json
from punchdown.values.way import Way

_TITLES = {
    Verdict.MISSING: "missing", Verdict.EXTRA: "not in the definition", Verdict.REORDERED: "in the wrong order",
    Verdict.UNKNOWN: "can't be compared",
}


def _title(item: Difference) -> str:
    place = f" ({' / '.join(item.path)})" if item.path else ""
    return f"{_TITLES[item.verdict]}: {item.line}{place}"


def _severity(item: Difference) -> Severity:
    return Severity.UNKNOWN if item.verdict is Verdict.UNKNOWN else Severity(item.severity)


def device_findings(change: Change, kind: str) -> tuple[Finding, ...]:
    """One finding per difference; the id is the same on every run."""
    return tuple(
        Finding(
            id=difference_id(change.device, item), device=change.device, kind=kind,
            severity=_severity(item), title=_title(item), meaning=item.meaning, document=item.document,
            line=item.line, expected=item.line if item.verdict is Verdict.MISSING else "",
            controls=item.source.controls, position=item.source.position, field=item.source.field)
        for item in change.differences)


def make_plan(site: str, changes: Iterable[Change], failures: Mapping[str, str], way: Way | None = None) -> Plan:
    """The plan of one site, sealed over everything a reviewer sees."""
    ordered = tuple(sorted(changes, key=lambda change: change.device))
    plan = Plan(site, ordered, dict(sorted(failures.items())), way=way)
    return replace(plan, digest=hashlib.sha256(to_json(plan, indent=None).encode()).hexdigest())


def refuse_if_different(reviewed: Plan, computed: Plan) -> None:
    """Hold a reviewed plan against the one computed again just now. How long it may take is no part of what was
    reviewed.

    Raises:
        PlanError: the definition or a device changed since the review, or the file was edited.
    """
    if make_plan(reviewed.site, reviewed.changes, reviewed.failures, reviewed.way).digest != reviewed.digest:
        raise PlanError("the plan file was edited after it was made: make a new one")
    reviewed, computed = _untimed(reviewed), _untimed(computed)
    if reviewed.digest == computed.digest:
        return
    before = {change.device: change for change in reviewed.changes}
    after = {change.device: change for change in computed.changes}
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if not differing and reviewed.way != computed.way:
        raise PlanError("not what was reviewed any more: the way between the configurations leads through other states;"
                        " make a new plan and review it")
    raise PlanError("not what was reviewed any more: " + (", ".join(differing) or "the devices that failed") +
                    ": the definition or the device changed since the plan was made; make a new one and review it")


def _untimed(plan: Plan) -> Plan:
    way = replace(plan.way, seconds=0, basis="") if plan.way is not None else None
    return make_plan(plan.site, plan.changes, plan.failures, way)
