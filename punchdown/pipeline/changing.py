"""The verbs that change devices: apply, finish (resume), rollback."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from punchdown.campaign import Campaign, Counts, Number, apply_plan, closed_because, resume
from punchdown.compare import refuse_if_different
from punchdown.devices import Operator, Target, open_writer
from punchdown.errors import PlanError
from punchdown.intent import DeviceIntent
from punchdown.loader import load_estate
from punchdown.model import Estate
from punchdown.pipeline.leftover import refuse_left
from punchdown.pipeline.reading import plan_work
from punchdown.pipeline.way import refuse_if_broken
from punchdown.pipeline.work import (
    Context,
    Seen,
    Selection,
    Work,
    compare,
    limits_of,
    observe,
    row_of,
    target_of,
    waves_of,
    work_of,
)
from punchdown.platforms import Writer
from punchdown.probes import Count, ask, load_counts
from punchdown.state import Store
from punchdown.values import (
    DeviceOutcome,
    DeviceReport,
    Finding,
    IntendedConfig,
    Plan,
    Report,
    RunResult,
    Severity,
    finding_id,
    from_json,
    to_json,
)

COUNTS = "counts"
"""What is accepted in order to change devices while what ``counts.yml`` names can't be counted."""


def apply(context: Context, selection: Selection, *, plan: tuple[Plan, ...] | None = None) -> Report:
    """Bring the selected devices to the definition; a reviewed plan is computed again and refused if it differs.

    Raises:
        PlanError: what was reviewed is not what would be done now, or some command on the way breaks an invariant that
            nobody accepted; or what shall be counted can't be.
        StateError: somebody else changes this site.
    """
    estate, items = work_of(context, selection)
    return _apply_work(context, estate, items, plan, "apply")


def _apply_work(context: Context, estate: Estate, items: list[Work], plan: tuple[Plan, ...] | None,
                what: str) -> Report:
    computed, report = plan_work(context, estate, items, what)
    if plan is not None:
        if [item.site for item in plan] != [item.site for item in computed]:
            raise PlanError("the plan is of other sites than the definition has now: make a new one")
        for reviewed, now in zip(plan, computed, strict=True):
            refuse_if_different(reviewed, now)
    refuse_if_broken(computed, context.pace.accept)
    if (closed := _closed(estate, context)) and any(not change.empty for item in computed for change in item.changes):
        raise PlanError(f"{closed}; nothing was changed (--any-time overrides)")
    operator = Operator.load(context.operator)
    results = []
    seen: Seen = {}
    with Store.open(context.store_url or operator.store_url) as store:
        refuse_left(store, [site_plan.site for site_plan in computed])
        campaigns = [_campaign(context, estate, items, operator, store, site_plan, what, seen)
                     for site_plan in computed]
        for campaign in campaigns:
            if campaign.waves:
                campaign.counts.begin(campaign.timer_seconds)
        for site_plan, campaign in zip(computed, campaigns, strict=True):
            result = apply_plan(site_plan, campaign)
            results.append(result)
            _keep(store, result, seen)
            if result.interrupted:
                break
    return _report_of(what, results, report.estate, context.now, report.devices)


def _keep(store: Store, result: RunResult, seen: Seen) -> None:
    """What audits rest on: the devices that were verified and confirmed. What went back was seen for nothing."""
    store.remember(sighting for outcome in result.outcomes if outcome.status == "changed"
                   for sighting in seen.get(outcome.device, ()))


def _report_of(kind: str, results: list[RunResult], estate: str, now: str, rows: Iterable[DeviceReport]) -> Report:
    outcomes = {outcome.device: outcome for result in results for outcome in result.outcomes}
    devices = tuple(_applied(row, outcomes.get(row.device)) for row in rows)
    uncounted = tuple(Finding(finding_id(kind, result.site, "uncounted", text), "", kind, Severity.UNKNOWN,
                              f"{result.site}: {text}", "whether anything was lost is not known")
                      for result in results for text in result.warnings)
    return Report(kind, estate, now, devices, uncounted, runs=tuple(result.run for result in results),
                  interrupted=any(result.interrupted for result in results))


def _closed(estate: Estate, context: Context) -> str:
    if context.pace.any_time:
        return ""
    return closed_because(estate.campaigns, datetime.fromisoformat(context.now))


def _counts(context: Context, operator: Operator, site: str) -> Counts:
    """The numbers that ``counts.yml`` has of a site."""
    def number(name: str, count: Count) -> Number:
        return Number(name, lambda: ask(name, count, site, operator.secrets, operator.root), count.tolerance,
                      count.settle_seconds)

    return Counts(tuple(number(name, count) for name, count in load_counts(operator.root).items()
                        if count.covers(site)), without=COUNTS in context.pace.accept)


def _campaign(context: Context, estate: Estate, items: list[Work], operator: Operator, store: Store,
              site_plan: Plan, what: str, seen: Seen) -> Campaign:
    by_name = {item.intent.device: item for item in items}
    pace, defaults, limits = context.pace, estate.campaigns, limits_of(context, operator)
    changing = [by_name[change.device] for change in site_plan.changes if not change.empty]
    batch = pace.batch or defaults.batch

    def connect(operator: Operator, target: Target) -> Writer:
        limits.wait()
        return open_writer(operator, target)

    return Campaign(
        targets={item.intent.device: item.target for item in changing},
        waves=waves_of(estate, [item.intent for item in changing], pace),
        store=store, operator=operator, secrets=operator.secrets, user=context.user,
        intended={item.intent.device: (to_json(item.intent, indent=None), to_json(item.intended, indent=None))
                  for item in changing}, what=what,
        timer_seconds=context.timer_seconds,
        verify=lambda reader: observe(by_name[reader.device], reader, context.now, seen),
        refetch=lambda reader: compare(operator.secrets, by_name[reader.device], reader), progress=context.progress,
        connect=connect, workers=min(batch, context.workers), max_failures=pace.max_failures or defaults.max_failures,
        tolerance=defaults.tolerance, silent=defaults.silent, counts=_counts(context, operator, site_plan.site))


def finish(context: Context, run: str) -> Report:
    """Finish or undo what a run left in the middle when its process died: each device by what it shows.

    Raises:
        StateError: no such run, it has ended, or its process lives.
        PlanError: a device of the run is not in the definition any more.
    """
    operator = Operator.load(context.operator)
    with Store.open(context.store_url or operator.store_url) as store:
        begun, estate = store.plan_of(run), load_estate(context.estate)
        items = _remembered(estate, store.intended(run))
        seen: Seen = {}
        result = resume(run, _campaign(context, estate, items, operator, store, begun, "resume", seen))
        _keep(store, result, seen)
    return _report_of("apply", [result], estate.name, context.now, [row_of(item.intent, "in-order") for item in items])


def _remembered(estate: Estate, kept: Mapping[str, tuple[str, str]]) -> list[Work]:
    """Devices with what a run intended for them; how they are reached is as the definition says now.

    Raises:
        PlanError: the definition has one of them no longer.
    """
    items = []
    for device, (intent_text, config_text) in sorted(kept.items()):
        intent = from_json(DeviceIntent, intent_text)
        site = estate.sites.get(intent.site)
        if site is None or device not in site.devices:
            raise PlanError(f"{device}: the definition has it no longer, so that it can't be reached")
        items.append(Work(intent, from_json(IntendedConfig, config_text), target_of(site, intent)))
    return items


def _before(context: Context, run: str) -> tuple[Estate, list[Work]]:
    """The devices that a run changed, each with what the run before it had brought about.

    Raises:
        PlanError: the run changed nothing, or was the first on one of its devices.
        StateError: there is no such run.
    """
    with Store.open(context.store_url or Operator.load(context.operator).store_url) as store:
        store.plan_of(run)
        earlier = {device: store.before(run, device) for device in store.changed(run)}
        if not earlier:
            raise PlanError(f"run {run} changed no device; there is nothing to bring back")
        if first := [device for device, found in earlier.items() if not found]:
            raise PlanError(f"run {run} was the first on {', '.join(first)}: what ran there before was never intended "
                            "here; write it into the definition and apply that")
        kept = {device: store.intended(found)[device] for device, found in earlier.items()}
    estate = load_estate(context.estate)
    return estate, _remembered(estate, kept)


def rollback_plan(context: Context, run: str) -> tuple[tuple[Plan, ...], Report]:
    """What would bring back the configurations from before a run, as a plan like any other. Writes nothing."""
    return plan_work(context, *_before(context, run), "rollback")


def rollback(context: Context, run: str, *, plan: tuple[Plan, ...] | None = None) -> Report:
    """Bring the devices of a run back to what they were intended to run before it.

    Raises:
        PlanError: as ``rollback_plan``, or what was reviewed is not what would be done now.
        StateError: no such run, or somebody else changes this site.
    """
    return _apply_work(context, *_before(context, run), plan, "rollback")


def _applied(row: DeviceReport, outcome: DeviceOutcome | None) -> DeviceReport:
    if outcome is None:
        return row
    status = {"unchanged": "in-order"}.get(outcome.status, outcome.status)
    error = outcome.message if status in {"failed", "rolled-back", "skipped"} else ""
    return replace(row, status=status, error=error)
