"""Apply a plan, wave after wave, until too many devices have failed. Resume a campaign that was cut off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace

from punchdown.campaign.contract import Campaign
from punchdown.campaign.device import ENDS, DeviceChange
from punchdown.campaign.gate import Gate
from punchdown.errors import PlanError, StateError
from punchdown.values import Change, DeviceOutcome, JournalEntry, Plan, Progress, RunResult


def apply_plan(plan: Plan, campaign: Campaign) -> RunResult:
    """Apply the changes of one site in ``campaign.waves``; after ``campaign.max_failures`` the rest is skipped.

    Raises:
        PlanError: a secret that would be needed is missing, or what shall be counted can't be; nothing was sent.
        StateError: another campaign holds the site.
    """
    if missing := _missing_secrets(campaign, plan):
        raise PlanError(f"secrets are missing, nothing was sent: {', '.join(missing)}")
    changes = {change.device: change for change in plan.changes}
    if campaign.waves:
        campaign.counts.begin(campaign.timer_seconds)
    outcomes = [DeviceOutcome(name, "unchanged") for name, change in changes.items() if change.empty]
    run = campaign.store.begin_run(plan.site, campaign.user, plan, what=campaign.what,
                                   intended=campaign.intended)
    result = "interrupted"
    try:
        outcomes += _in_waves(campaign, run, changes)
        failed = any(item.status not in {"changed", "unchanged"} for item in outcomes)
        result = "interrupted" if campaign.stop.is_set() else "failed" if failed else "done"
    finally:
        _end(campaign, run, result, outcomes)
    return replace(_result(run, plan, outcomes), interrupted=campaign.stop.is_set(),
                   warnings=tuple(campaign.counts.unasked.values()))


def resume(run: str, campaign: Campaign) -> RunResult:
    """Finish or undo every device that a run left in the middle; devices that it never began are skipped.

    Raises:
        StateError: no such run, it has ended, or its process still lives.
    """
    plan = campaign.store.take_over(run)
    journal = campaign.store.journal(run)
    outcomes = []
    for change in plan.changes:
        last = _last_step(journal, change.device)
        if change.empty:
            outcomes.append(DeviceOutcome(change.device, "unchanged"))
        elif last is None:
            outcomes.append(DeviceOutcome(change.device, "skipped", "the run had not come to it"))
        elif last.step in ENDS:
            outcomes.append(_ended(last))
        else:
            outcomes.append(DeviceChange(campaign, run, change).finish(journal))
    campaign.store.end_run(run, "resumed")
    return _result(run, plan, outcomes)


def _in_waves(campaign: Campaign, run: str, changes: dict[str, Change]) -> list[DeviceOutcome]:
    outcomes: list[DeviceOutcome] = []
    campaign.progress(Progress("", "changing", str(sum(map(len, campaign.waves)))))

    def skip(device: str, why: str) -> None:
        outcomes.append(DeviceOutcome(device, "skipped", why))
        campaign.progress(Progress(device, "skipped", why))

    def one(device: str, gate: Gate, closed: str) -> None:
        failed = sum(outcome.status != "changed" for outcome in outcomes)
        if campaign.stop.is_set():
            skip(device, "the campaign was stopped")
        elif failed >= campaign.max_failures:
            skip(device, _too_many(failed))
        elif gate.lost:
            skip(device, gate.lost)
        elif closed:
            skip(device, closed)
        else:
            outcomes.append(DeviceChange(campaign, run, changes[device], gate).apply())

    with ThreadPoolExecutor(campaign.workers, thread_name_prefix="campaign") as pool:
        for number, wave in enumerate(campaign.waves):
            gate, closed = Gate(), campaign.counts.closed() if number else ""
            _wait_for([pool.submit(one, device, gate, closed) for device in wave], campaign)
    return outcomes


def _end(campaign: Campaign, run: str, result: str, outcomes: Iterable[DeviceOutcome]) -> None:
    """Raises StateError with how the devices ended, since nobody will read it in the store."""
    try:
        campaign.store.end_run(run, result)
    except StateError as error:
        ends = Counter(item.status for item in outcomes)
        told = ", ".join(f"{number} {status}" for status, number in ends.items()) or "none had ended"
        raise StateError(f"{error}. The devices: {told}") from error


def _wait_for(wave: list[Future[None]], campaign: Campaign) -> None:
    """Until all of a wave have ended. An interrupt lets them end in order; the next wave then only skips."""
    while True:
        try:
            wait(wave)
            break
        except KeyboardInterrupt:
            campaign.stop.set()
    for future in wave:
        future.result()


def _too_many(failed: int) -> str:
    return "an earlier device failed" if failed == 1 else f"{failed} devices have failed"


def _last_step(journal: tuple[JournalEntry, ...], device: str) -> JournalEntry | None:
    return next((entry for entry in reversed(journal) if entry.device == device), None)


def _ended(entry: JournalEntry) -> DeviceOutcome:
    status = {"done": "changed", "unknown": "failed"}.get(entry.step, entry.step)
    return DeviceOutcome(entry.device, status, entry.detail)


def _missing_secrets(campaign: Campaign, plan: Plan) -> tuple[str, ...]:
    texts = [text for change in plan.changes for text in (*change.payload.values(), *(s.text for s in change.steps))]
    return campaign.secrets.missing(texts)


def _result(run: str, plan: Plan, outcomes: list[DeviceOutcome]) -> RunResult:
    return RunResult(run, plan.site, tuple(sorted(outcomes, key=lambda item: item.device)))
