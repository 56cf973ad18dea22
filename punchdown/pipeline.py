"""The stages in order, one function per verb: what the command line, Ansible and nornir call.

    load -> compile -> render ----------------> intended
    fetch, mask -> normalise -> compare ------> plan -> apply
    read state ---------------> judge --------> findings
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from punchdown.campaign import Campaign, Member, apply_plan, closed_because, make_waves, resume
from punchdown.compare import device_findings, make_plan, refuse_if_different
from punchdown.compiler import CompiledSite, compile_site
from punchdown.devices import Limits, Operator, Target, open_writer, run_all
from punchdown.errors import InputError, PlanError, PunchdownError
from punchdown.intent import DeviceIntent
from punchdown.loader import load_estate
from punchdown.model import Diagnostic, Estate
from punchdown.platforms import Reader, Writer, platform
from punchdown.render import render_device
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.values import (
    Change,
    ConfigLine,
    DeviceOutcome,
    DeviceReport,
    Finding,
    IntendedConfig,
    Plan,
    Progress,
    Report,
    RunResult,
    Severity,
    finding_id,
)
from punchdown.verify import judge


@dataclass(frozen=True, slots=True)
class Selection:
    """Globs over sites, devices, roles and platforms; empty = all."""

    sites: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()

    def takes(self, intent: DeviceIntent) -> bool:
        """Whether a device is among them."""
        pairs = ((self.sites, intent.site), (self.devices, intent.device), (self.roles, intent.role),
                 (self.platforms, intent.platform))
        return all(not globs or any(fnmatchcase(value, glob) for glob in globs) for globs, value in pairs)


def _ignore(_event: Progress) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a campaign goes where that differs from the estate's ``campaigns``; 0 and None = as written there.
    ``any_time``: change windows and freezes do not count."""

    batch: int = 0
    max_failures: int = 0
    canary: bool | None = None
    any_time: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What reaching devices needs. ``now`` is UTC, ISO 8601; ``timer_seconds`` is the devices' own rollback timer."""

    estate: Path
    operator: Path
    now: str
    user: str
    workers: int = 50
    timer_seconds: int = 120
    store_url: str | None = None
    pace: Pace = Pace()
    progress: Callable[[Progress], None] = field(default=_ignore)


@dataclass(frozen=True, slots=True)
class Work:
    """One device with all that is known of it before it is asked."""

    intent: DeviceIntent
    intended: IntendedConfig
    target: Target


def _compiled(estate: Estate) -> dict[str, CompiledSite]:
    sites = {name: compile_site(loaded) for name, loaded in estate.loaded.items()}
    errors = [str(item) for site in sites.values() for item in site.errors]
    if errors:
        raise InputError(errors)
    names = Counter(intent.device for site in sites.values() for intent in site.devices)
    if twice := sorted(name for name, count in names.items() if count > 1):
        raise InputError([f"device names are used in more than one site: {', '.join(twice)}"])
    return sites


def _intents(sites: Mapping[str, CompiledSite], selection: Selection) -> list[DeviceIntent]:
    intents = [intent for site in sites.values() for intent in site.devices if selection.takes(intent)]
    if not intents:
        known = ", ".join(intent.device for site in sites.values() for intent in site.devices)
        raise PlanError(f"the selection takes no device; known: {known or 'none'}")
    return intents


def _warning(item: Diagnostic) -> Finding:
    return Finding(finding_id("check", item.code, item.message), "", "check", Severity.LOW, item.message,
                   position=item.position, hint=item.hint)


def check(estate: Path, selection: Selection, now: str) -> Report:
    """Load, compile and render everything; no device is touched.

    Raises:
        InputError: the definition is wrong, all faults at once.
        RenderError: a template could not print an intent.
    """
    loaded = load_estate(estate)
    sites = _compiled(loaded)
    intents = _intents(sites, selection)
    for intent in intents:
        render_device(intent)
    chosen = {intent.site for intent in intents}
    warnings = tuple(_warning(item) for name in sorted(chosen) for item in sites[name].diagnostics)
    return Report("check", loaded.name, now, tuple(_row(intent, "in-order") for intent in intents), warnings)


def _row(intent: DeviceIntent, status: str, findings: tuple[Finding, ...] = (), error: str = "",
         change: Change | None = None) -> DeviceReport:
    return DeviceReport(intent.device, intent.site, intent.platform, intent.role, status, findings, error, change)


def render(estate: Path, selection: Selection) -> tuple[IntendedConfig, ...]:
    """The intended configuration of every selected device, sorted by site and name."""
    return tuple(render_device(intent) for intent in _intents(_compiled(load_estate(estate)), selection))


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


def _work(context: Context, selection: Selection) -> tuple[Estate, list[Work]]:
    estate = load_estate(context.estate)
    items = []
    for intent in _intents(_compiled(estate), selection):
        site = estate.sites[intent.site]
        device = site.devices[intent.device]
        target = Target(intent.device, str(device.management), platform(intent.platform), site.management.credential,
                        device.port)
        items.append(Work(intent, render_device(intent), target))
    return estate, items


def targets(estate: Path, selection: Selection) -> tuple[Target, ...]:
    """How the selected devices are reached."""
    loaded = load_estate(estate)
    found = []
    for intent in _intents(_compiled(loaded), selection):
        site = loaded.sites[intent.site]
        device = site.devices[intent.device]
        found.append(Target(intent.device, str(device.management), platform(intent.platform),
                            site.management.credential, device.port))
    return tuple(found)


def _compare(secrets: Secrets, item: Work, reader: Reader) -> Change:
    room = platform(item.intent.platform)
    running = room.fetch(reader, secrets.fingerprint)
    return room.compare(item.intent, item.intended, running, secrets.fingerprints(item.intended))


def _limits(context: Context, operator: Operator) -> Limits:
    return Limits(context.workers, operator.logins_per_second)


def plan(context: Context, selection: Selection) -> tuple[tuple[Plan, ...], Report]:
    """What would change, per site, and the same as a report. Writes nothing."""
    return _plan(context, selection, "plan")


def _plan(context: Context, selection: Selection, kind: str) -> tuple[tuple[Plan, ...], Report]:
    estate, items = _work(context, selection)
    operator = Operator.load(context.operator)
    secrets = operator.secrets
    by_name = {item.intent.device: item for item in items}
    results = run_all([item.target for item in items], lambda reader: _compare(secrets, by_name[reader.device], reader),
                      operator=operator, limits=_limits(context, operator), progress=context.progress)
    rows: list[DeviceReport] = []
    changes: dict[str, Change] = {}
    failures: dict[str, str] = {}
    for item in items:
        result = results[item.intent.device]
        if isinstance(result, PunchdownError):
            failures[item.intent.device] = str(result)
            rows.append(_row(item.intent, "failed", error=str(result)))
        else:
            changes[item.intent.device] = result
            findings = device_findings(result, kind)
            rows.append(_row(item.intent, _status(result, findings), findings, change=result))
    plans = tuple(
        make_plan(site, (changes[item.intent.device] for item in items
                         if item.intent.site == site and item.intent.device in changes),
                  {name: text for name, text in failures.items() if by_name[name].intent.site == site})
        for site in sorted({item.intent.site for item in items}))
    return plans, Report(kind, estate.name, context.now, tuple(rows))


def _status(change: Change, findings: tuple[Finding, ...]) -> str:
    if change.empty:
        return "in-order"
    return "unknown" if all(item.severity is Severity.UNKNOWN for item in findings) else "different"


def drift(context: Context, selection: Selection) -> Report:
    """Intended against running on every selected device. Writes nothing to a device."""
    return _plan(context, selection, "drift")[1]


def _observe(item: Work, reader: Reader) -> tuple[Finding, ...]:
    room = platform(item.intent.platform)
    return judge(room.expectations(item.intent), room.observe(reader, item.intent))


def verify(context: Context, selection: Selection) -> Report:
    """The operational state of every selected device against what the intent needs. Writes nothing."""
    estate, items = _work(context, selection)
    operator = Operator.load(context.operator)
    by_name = {item.intent.device: item for item in items}
    results = run_all([item.target for item in items], lambda reader: _observe(by_name[reader.device], reader),
                      operator=operator, limits=_limits(context, operator), progress=context.progress)
    rows = []
    for item in items:
        result = results[item.intent.device]
        if isinstance(result, PunchdownError):
            rows.append(_row(item.intent, "failed", error=str(result)))
        else:
            unknown = all(finding.severity is Severity.UNKNOWN for finding in result)
            status = "in-order" if not result else "unknown" if unknown else "different"
            rows.append(_row(item.intent, status, result))
    return Report("verify", estate.name, context.now, tuple(rows))


def apply(context: Context, selection: Selection, *, plan: tuple[Plan, ...] | None = None) -> Report:
    """Bring the selected devices to the definition; a reviewed plan is computed again and refused if it differs.

    Raises:
        PlanError: what was reviewed is not what would be done now.
        StateError: somebody else changes this site.
    """
    computed, report = _plan(context, selection, "apply")
    if plan is not None:
        if [item.site for item in plan] != [item.site for item in computed]:
            raise PlanError("the plan is of other sites than the definition has now: make a new one")
        for reviewed, now in zip(plan, computed, strict=True):
            refuse_if_different(reviewed, now)
    estate, items = _work(context, selection)
    if (closed := _closed(estate, context)) and any(not change.empty for item in computed for change in item.changes):
        raise PlanError(f"{closed}; nothing was changed (--any-time overrides)")
    operator = Operator.load(context.operator)
    results = []
    with Store.open(context.store_url or operator.store_url) as store:
        for site_plan in computed:
            result = apply_plan(site_plan, _campaign(context, estate, items, operator, store, site_plan))
            results.append(result)
            if result.interrupted:
                break
    return _report_of(results, report.estate, context.now, report.devices)


def _report_of(results: list[RunResult], estate: str, now: str, rows: Iterable[DeviceReport]) -> Report:
    outcomes = {outcome.device: outcome for result in results for outcome in result.outcomes}
    devices = tuple(_applied(row, outcomes.get(row.device)) for row in rows)
    return Report("apply", estate, now, devices, runs=tuple(result.run for result in results),
                  interrupted=any(result.interrupted for result in results))


def _closed(estate: Estate, context: Context) -> str:
    if context.pace.any_time:
        return ""
    return closed_because(estate.campaigns, datetime.fromisoformat(context.now))


def _campaign(context: Context, estate: Estate, items: list[Work], operator: Operator, store: Store,
              site_plan: Plan) -> Campaign:
    by_name = {item.intent.device: item for item in items}
    pace, defaults, limits = context.pace, estate.campaigns, _limits(context, operator)
    changing = [by_name[change.device] for change in site_plan.changes if not change.empty]
    batch = pace.batch or defaults.batch

    def connect(operator: Operator, target: Target) -> Writer:
        limits.wait()
        return open_writer(operator, target)

    return Campaign(
        targets={item.intent.device: item.target for item in changing},
        waves=make_waves([Member(item.intent.device, item.intent.role, item.intent.platform) for item in changing],
                         batch=batch, canary=defaults.canary if pace.canary is None else pace.canary),
        store=store, operator=operator, secrets=operator.secrets, user=context.user,
        timer_seconds=context.timer_seconds, verify=lambda reader: _observe(by_name[reader.device], reader),
        refetch=lambda reader: _compare(operator.secrets, by_name[reader.device], reader), progress=context.progress,
        connect=connect, workers=min(batch, context.workers), max_failures=pace.max_failures or defaults.max_failures)


def finish(context: Context, run: str) -> Report:
    """Finish or undo what a run left in the middle when its process died: each device by what it shows.

    Raises:
        StateError: no such run, it has ended, or its process lives.
        PlanError: a device of the run is not in the definition any more.
    """
    operator = Operator.load(context.operator)
    with Store.open(context.store_url or operator.store_url) as store:
        begun = store.plan_of(run)
        names = tuple(change.device for change in begun.changes)
        estate, items = _work(context, Selection(sites=(begun.site,), devices=names))
        if gone := sorted(set(names) - {item.intent.device for item in items}):
            raise PlanError(f"run {run} left devices that the definition has no longer: {', '.join(gone)}")
        result = resume(run, _campaign(context, estate, items, operator, store, begun))
    return _report_of([result], estate.name, context.now, [_row(item.intent, "in-order") for item in items])


def _applied(row: DeviceReport, outcome: DeviceOutcome | None) -> DeviceReport:
    if outcome is None:
        return row
    status = {"unchanged": "in-order"}.get(outcome.status, outcome.status)
    error = outcome.message if status in {"failed", "rolled-back", "skipped"} else ""
    return replace(row, status=status, error=error)
