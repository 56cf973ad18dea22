"""The verbs that write nothing: render, explain, plan, drift, verify."""

from __future__ import annotations

from pathlib import Path

from punchdown.compare import device_findings, make_plan
from punchdown.compiler import compile_estate
from punchdown.devices import Operator, run_all
from punchdown.errors import PlanError, PunchdownError
from punchdown.loader import load_estate
from punchdown.model import Estate
from punchdown.pipeline.leftover import left_behind, told_left
from punchdown.pipeline.meaning import with_meaning
from punchdown.pipeline.memory import few_collections
from punchdown.pipeline.remembering import remember, timings_of
from punchdown.pipeline.way import ways_of
from punchdown.pipeline.work import (
    Context,
    Selection,
    Work,
    compare,
    intents_of,
    limits_of,
    look,
    row_of,
    work_of,
)
from punchdown.render import render_device
from punchdown.values import (
    Change,
    ConfigLine,
    DeviceReport,
    Finding,
    IntendedConfig,
    Plan,
    Report,
    RunningConfig,
    Severity,
    Sighting,
)


@few_collections()
def render(estate: Path, selection: Selection) -> tuple[IntendedConfig, ...]:
    """The intended configuration of every selected device, sorted by site and name."""
    return tuple(render_device(intent) for intent in intents_of(compile_estate(load_estate(estate)), selection))


def explain(estate: Path, device: str, line: str | None = None) -> tuple[ConfigLine, ...]:
    """The lines of one device with their provenance; ``line`` keeps those that contain it.

    Raises:
        PlanError: there is no such device, or no such line.
    """
    (config, *_) = render(estate, Selection(devices=(device,)))
    lines = tuple(item for document in config.documents for item in document.lines if not line or line in item.text)
    if not lines:
        raise PlanError(f"{device}: no line contains {line!r}")
    return lines


def plan(context: Context, selection: Selection) -> tuple[tuple[Plan, ...], Report]:
    """What would change, per site, and the same as a report. Writes nothing."""
    return _plan(context, selection, "plan")


@few_collections()
def _plan(context: Context, selection: Selection, kind: str) -> tuple[tuple[Plan, ...], Report]:
    estate, items = work_of(context, selection)
    kept: dict[str, RunningConfig] = {}
    plans, report = plan_work(context, estate, items, kind, kept)
    return plans, with_meaning(report, estate, kept)


def plan_work(context: Context, estate: Estate, items: list[Work], kind: str,
              kept: dict[str, RunningConfig] | None = None) -> tuple[tuple[Plan, ...], Report]:
    """The plans of devices that are at hand already, per site, and the same as a report of this kind; ``kept`` gets
    what they run."""
    operator = Operator.load(context.operator)
    secrets = operator.secrets
    by_name = {item.intent.device: item for item in items}
    running = {} if kept is None else kept
    results = run_all([item.target for item in items],
                      lambda reader: compare(secrets, by_name[reader.device], reader, running),
                      operator=operator, limits=limits_of(context, operator), progress=context.progress)
    rows: list[DeviceReport] = []
    changes: dict[str, Change] = {}
    failures: dict[str, str] = {}
    for item in items:
        result = results[item.intent.device]
        if isinstance(result, PunchdownError):
            failures[item.intent.device] = str(result)
            rows.append(row_of(item.intent, "failed", error=str(result)))
        else:
            changes[item.intent.device] = result
            findings = device_findings(result, kind)
            rows.append(row_of(item.intent, _status(result, findings), findings, change=result))
    ways = {} if kind == "drift" else ways_of(estate, items, changes, running, timings_of(context, operator))
    left = left_behind(context, operator, {item.intent.site for item in items})
    rows = [told_left(row, left.get(row.device), kind) for row in rows]
    plans = tuple(
        make_plan(site, (changes[item.intent.device] for item in items
                         if item.intent.site == site and item.intent.device in changes),
                  {name: text for name, text in failures.items() if by_name[name].intent.site == site},
                  ways.get(site))
        for site in sorted({item.intent.site for item in items}))
    return plans, Report(kind, estate.name, context.now, tuple(rows), ways=tuple(ways.values()))


def _status(change: Change, findings: tuple[Finding, ...]) -> str:
    if change.empty:
        return "in-order"
    return "unknown" if all(item.severity is Severity.UNKNOWN for item in findings) else "different"


def drift(context: Context, selection: Selection) -> Report:
    """Intended against running on every selected device. Writes nothing to a device; what was found is kept in the
    store."""
    report = _plan(context, selection, "drift")[1]
    return remember(report, context.operator, context.store_url, context.user)


@few_collections()
def verify(context: Context, selection: Selection) -> Report:
    """The operational state of every selected device against what the intent needs. Writes to no device; what was
    seen is kept in the store."""
    estate, items = work_of(context, selection)
    operator = Operator.load(context.operator)
    by_name = {item.intent.device: item for item in items}
    results = run_all([item.target for item in items], lambda reader: look(by_name[reader.device], reader, context.now),
                      operator=operator, limits=limits_of(context, operator), progress=context.progress)
    rows = []
    sightings: list[Sighting] = []
    for item in items:
        result = results[item.intent.device]
        if isinstance(result, PunchdownError):
            rows.append(row_of(item.intent, "failed", error=str(result)))
        else:
            findings, seen = result
            sightings += seen
            unknown = all(finding.severity is Severity.UNKNOWN for finding in findings)
            status = "in-order" if not findings else "unknown" if unknown else "different"
            rows.append(row_of(item.intent, status, findings))
    left = left_behind(context, operator, {item.intent.site for item in items})
    report = Report("verify", estate.name, context.now,
                    tuple(told_left(row, left.get(row.device), "verify") for row in rows))
    return remember(report, context.operator, context.store_url, context.user, sightings)
