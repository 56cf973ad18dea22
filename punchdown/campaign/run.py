"""Apply a plan, device after device; the first that fails stops the campaign."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from punchdown.devices import Operator, Target, open_reader, open_writer
from punchdown.errors import ConnectError, DeviceError, PlanError, PunchdownError, RolledBackError, TrustError
from punchdown.platforms import Reader, SafeChange, Writer
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.values import Change, DeviceOutcome, Finding, Plan, Progress, RunResult, Severity

_POLL_SECONDS = 2.0
_GRACE_SECONDS = 30.0


@dataclass(frozen=True)
class Campaign:
    """What applying needs. ``order`` are the devices to change, first one first; ``verify`` judges the operational
    state, ``refetch`` compares once more; ``timer_seconds`` is the device's own rollback timer."""

    targets: Mapping[str, Target]
    order: tuple[str, ...]
    store: Store
    operator: Operator
    secrets: Secrets
    user: str
    timer_seconds: int
    verify: Callable[[Reader], tuple[Finding, ...]]
    refetch: Callable[[Reader], Change]
    progress: Callable[[Progress], None]


class _Device:
    """The safe change of one device: each step is in the journal before it is taken."""

    def __init__(self, campaign: Campaign, run: str, change: Change) -> None:
        self.campaign = campaign
        self.run = run
        self.change = change
        self.target = campaign.targets[change.device]
        self.machine: SafeChange = self.target.platform.safe_change()
        self.sessions: list[Writer] = []
        self.armed = False

    def step(self, name: str, detail: str = "") -> None:
        self.campaign.store.write(self.run, self.change.device, name, detail)
        self.campaign.progress(Progress(self.change.device, name, detail))

    def apply(self) -> DeviceOutcome:
        """Change the device, or leave it on its old configuration and say so."""
        try:
            self._stages()
        except PunchdownError as error:
            return self._failed(error)
        except KeyboardInterrupt:
            outcome = self._failed(DeviceError(self.change.device, "interrupt", "interrupted"))
            self.step("interrupted", outcome.message)
            raise
        finally:
            for session in self.sessions:
                session.close()
        return DeviceOutcome(self.change.device, "changed")

    def _stages(self) -> None:
        self.step("connect")
        writer = self._session(open_writer(self.campaign.operator, self.target))
        self.step("fetch")
        self._same_base(writer)
        self.step("stage")
        self.machine.stage(writer, self.change, self.campaign.secrets.resolve_text)
        self.step("check")
        self.machine.check(writer)
        self.step("commit", f"timer {self.campaign.timer_seconds} s")
        self.armed = True
        self.machine.commit(writer, self.campaign.timer_seconds)
        self.step("reconnect")
        fresh = self._session(open_writer(self.campaign.operator, self.target))
        self.step("verify")
        self._verified(fresh)
        self.step("confirm")
        self.machine.confirm(fresh)
        self.armed = False
        self.step("read-back")
        self._read_back(fresh)
        self.step("save")
        self.machine.save(fresh)
        self.step("done")

    def _session(self, writer: Writer) -> Writer:
        self.sessions.append(writer)
        return writer

    def _same_base(self, writer: Writer) -> None:
        now = self.campaign.refetch(writer)
        if now.base != self.change.base:
            raise PlanError(f"{self.change.device}: its configuration changed since the plan was made")

    def _verified(self, writer: Writer) -> None:
        left = self.campaign.refetch(writer)
        if left.differences:
            first = left.differences[0]
            raise DeviceError(self.change.device, "verify", f"{len(left.differences)} lines are not as intended, "
                              f"first: {first.verdict} {first.line}")
        broken = [item for item in self.campaign.verify(writer) if item.severity is not Severity.UNKNOWN]
        if broken:
            raise DeviceError(self.change.device, "verify", f"{broken[0].title}: {broken[0].meaning}")

    def _read_back(self, writer: Writer) -> None:
        left = self.campaign.refetch(writer)
        if left.differences:
            raise DeviceError(self.change.device, "read-back", "confirmed, yet it differs: "
                              f"{left.differences[0].line}")
        self.campaign.store.confirm(self.run, self.change.device, left.base)

    def _failed(self, error: PunchdownError) -> DeviceOutcome:
        if not self.armed or isinstance(error, RolledBackError):
            self.step("failed", str(error))
            status = "rolled-back" if isinstance(error, RolledBackError) else "failed"
            return DeviceOutcome(self.change.device, status, str(error))
        self.step("rollback", str(error))
        how = self._undo()
        self.step("rolled-back" if how else "unknown", how)
        if how:
            return DeviceOutcome(self.change.device, "rolled-back", f"{error}; {how}")
        return DeviceOutcome(self.change.device, "failed", f"{error}; the device can't be reached and is left to its "
                             "own timer: look at it")

    def _undo(self) -> str:
        """Back to the old configuration: now if it can be reached, else by its own timer. Empty when not seen back."""
        asked = self._ask_rollback()
        deadline = time.monotonic() + self.campaign.timer_seconds + _GRACE_SECONDS
        while time.monotonic() < deadline:
            if self._is_back():
                return "rolled back" if asked else "the device rolled back by its own timer"
            time.sleep(_POLL_SECONDS)
        return ""

    def _ask_rollback(self) -> bool:
        for writer in (*reversed(self.sessions), None):
            try:
                session = writer or self._session(open_writer(self.campaign.operator, self.target))
                self.machine.rollback(session)
            except PunchdownError:
                continue
            return True
        return False

    def _is_back(self) -> bool:
        session = None
        try:
            session = open_reader(self.campaign.operator, self.target)
            return self.campaign.refetch(session).base == self.change.base
        except (ConnectError, DeviceError, TrustError):
            return False
        finally:
            if session is not None:
                session.close()


def _missing_secrets(campaign: Campaign, plan: Plan) -> tuple[str, ...]:
    texts = [text for change in plan.changes for text in (*change.payload.values(), *(s.text for s in change.steps))]
    return campaign.secrets.missing(texts)


def apply_plan(plan: Plan, campaign: Campaign) -> RunResult:
    """Apply the changes of one site in ``campaign.order``; after the first failure the rest is skipped.

    Raises:
        PlanError: a secret that would be needed is missing; nothing was sent.
        StateError: another campaign holds the site.
    """
    if missing := _missing_secrets(campaign, plan):
        raise PlanError(f"secrets are missing, nothing was sent: {', '.join(missing)}")
    changes = {change.device: change for change in plan.changes}
    outcomes = [DeviceOutcome(name, "unchanged") for name, change in changes.items() if change.empty]
    run = campaign.store.begin_run(plan.site, campaign.user, plan.digest)
    stopped = False
    try:
        for name in campaign.order:
            if stopped:
                outcomes.append(DeviceOutcome(name, "skipped", "an earlier device failed"))
                continue
            outcomes.append(_Device(campaign, run, changes[name]).apply())
            stopped = outcomes[-1].status != "changed"
    finally:
        campaign.store.end_run(run, "failed" if stopped else "done")
    return RunResult(run, plan.site, tuple(sorted(outcomes, key=lambda item: item.device)))
