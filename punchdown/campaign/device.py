"""The safe change of one device: each step is in the journal before it is taken, and every end is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from punchdown.campaign.contract import Campaign
from punchdown.campaign.gate import Gate
from punchdown.campaign.life import losses
from punchdown.campaign.seen import Seen, judge
from punchdown.errors import ConnectError, DeviceError, PlanError, PunchdownError, StateError
from punchdown.platforms import SafeChange, Writer
from punchdown.values import Change, DeviceOutcome, JournalEntry, Progress, Severity

POLL_SECONDS = 2.0
GRACE_SECONDS = 30.0
ENDS = frozenset({"done", "failed", "rolled-back", "unknown"})
_UNTOUCHED = frozenset({"", "connect", "fetch"})
_STAGED = frozenset({"stage", "check"})
_MARK = ", mark "
_NOT_YET = frozenset({"connect", "fetch", "stage", "check", "commit"})
_ARMED = frozenset({"commit", "reconnect", "verify", "confirm"})


class DeviceChange:
    """One device of one run. ``gate`` is its wave's; alone it waits for nobody."""

    def __init__(self, campaign: Campaign, run: str, change: Change, gate: Gate | None = None) -> None:
        self._campaign = campaign
        self._run = run
        self._change = change
        self._target = campaign.targets[change.device]
        self._machine: SafeChange = self._target.platform.safe_change()
        self._gate = gate or Gate()
        self._sessions: list[Writer] = []
        self._at = ""
        self._lived: Mapping[str, int] = {}
        self._armed = 0.0

    def apply(self) -> DeviceOutcome:
        """Change the device, or see to it that it runs its old configuration, and say which.

        Raises:
            KeyboardInterrupt: after the device was put back and the journal says so.
        """
        try:
            with self._gate.member(self._change.device):
                self._stages()
        except KeyboardInterrupt:
            self._end(DeviceError(self._change.device, self._at, "interrupted"))
            raise
        except PunchdownError as error:
            return self._end(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not leave the device armed and unseen
            return self._end(DeviceError(self._change.device, self._at, f"internal fault: {type(error).__name__}"))
        finally:
            self._close()
        return DeviceOutcome(self._change.device, "changed")

    def finish(self, journal: Iterable[JournalEntry] = ()) -> DeviceOutcome:
        """After a crash: look at the device, then save what was confirmed or put back what was not. ``journal`` are
        the steps of the run so far."""
        for entry in journal:
            if entry.device == self._change.device and entry.step == "commit" and _MARK in entry.detail:
                self._machine.recall(entry.detail.partition(_MARK)[2])
        try:
            self._step("resume")
            seen = self._look()
            if seen is Seen.NEW:
                return self._late_save("the run had stopped")
            back = seen is Seen.OLD or self._undo() is Seen.OLD
            self._drop_staged()
        except PunchdownError as error:
            return self._outcome("unknown", f"the run had stopped, then: {self._clean(str(error))}; look at it")
        finally:
            self._close()
        if back:
            return self._outcome("rolled-back", "the run had stopped unconfirmed; the old configuration runs")
        return self._outcome("unknown", "the run had stopped; neither configuration was seen whole: look at it")

    def _stages(self) -> None:
        timer, machine = self._campaign.timer_seconds, self._machine
        self._step("connect")
        writer = self._connect()
        self._step("fetch")
        self._require_base(writer)
        self._lived = self._campaign.verify(writer).life
        self._step("stage")
        machine.stage(writer, self._change, self._campaign.secrets.resolve_text)
        self._step("check")
        machine.check(writer)
        mark = machine.mark(writer)
        armed = f"{len(self._change.steps)} commands, timer {timer} s"
        self._step("commit", f"{armed}{_MARK}{mark}" if mark else armed)
        self._armed = self._campaign.clock()
        machine.commit(writer, timer)
        self._step("reconnect")
        fresh = self._reconnect(timer)
        self._step("verify")
        self._require_life(fresh, timer, self._require_verified(fresh))
        self._require_wave(timer)
        self._step("confirm")
        machine.confirm(fresh)
        self._step("read-back")
        self._campaign.store.confirm(self._run, self._change.device, self._require_read_back(fresh))
        self._step("save")
        machine.save(fresh)
        self._step("done")

    def _reconnect(self, timer: int) -> Writer:
        """A new session; a network that settles after the change gets a third of the timer before it counts as lost."""
        deadline = self._campaign.clock() + timer / 3
        while True:
            try:
                return self._connect()
            except ConnectError:
                if self._campaign.clock() >= deadline:
                    raise
                self._campaign.sleep(POLL_SECONDS)

    def _require_base(self, writer: Writer) -> None:
        if self._campaign.refetch(writer).base != self._change.base:
            raise PlanError(f"{self._change.device}: its configuration changed since the plan was made")

    def _require_verified(self, writer: Writer) -> Mapping[str, int]:
        """Lines and state are as intended; gives what lives on the device now."""
        left = self._campaign.refetch(writer).differences
        if left:
            raise DeviceError(self._change.device, "verify", f"{len(left)} lines are not as intended, first: "
                              f"{left[0].verdict} {left[0].line}")
        seen = self._campaign.verify(writer)
        if broken := [item for item in seen.findings if item.severity is not Severity.UNKNOWN]:
            raise DeviceError(self._change.device, "verify", f"{broken[0].title}: {broken[0].meaning}")
        return seen.life

    def _require_life(self, writer: Writer, timer: int, now: Mapping[str, int]) -> None:
        """What used the device before must be back within a third of the timer: ports authenticate again."""
        deadline = self._campaign.clock() + timer / 3
        while lost := self._lost(now):
            if self._campaign.clock() >= deadline:
                self._gate.close(self._change.device, lost)
                raise DeviceError(self._change.device, "verify", f"lost since the change: {lost}")
            self._campaign.sleep(POLL_SECONDS)
            now = self._campaign.verify(writer).life

    def _require_wave(self, timer: int) -> None:
        """An eighth of the timer for the others: together with the two thirds before, it still runs then. What is
        counted outside of the devices has until three quarters of it are gone."""
        if lost := self._gate.wait(self._change.device, timer / 8):
            raise DeviceError(self._change.device, "verify", lost)
        counts, until = self._campaign.counts, self._armed + timer * 3 / 4
        lost = self._gate.judged(self._change.device, lambda: counts.after(
            until, self._campaign.clock, self._campaign.sleep))
        if counts.told:
            self._note("counted", counts.told)
        if lost:
            raise DeviceError(self._change.device, "verify", lost)

    def _lost(self, now: Mapping[str, int]) -> str:
        """Kinds of which too many are gone, as ``phones 12 of 40``; empty when none."""
        return losses(self._lived, now, tolerance=self._campaign.tolerance, silent=self._campaign.silent)

    def _require_read_back(self, writer: Writer) -> str:
        """The base of the next plan: the digest of what runs now."""
        left = self._campaign.refetch(writer)
        if left.differences:
            raise DeviceError(self._change.device, "read-back",
                              f"confirmed, yet it differs: {left.differences[0].line}")
        return left.base

    def _saved(self, why: str) -> DeviceOutcome:
        """It runs what is meant for good, so it is saved whether or not the journal can be written."""
        writer = self._connect()
        self._note("read-back", "")
        base = self._require_read_back(writer)
        self._note("save", "")
        self._machine.save(writer)
        try:
            self._campaign.store.confirm(self._run, self._change.device, base)
            self._step("done")
        except StateError as error:
            return self._outcome("failed", f"{why}; the device runs the new configuration and has saved it, which "
                                 f"nobody could write down: {error}")
        return DeviceOutcome(self._change.device, "changed", "finished after the run had stopped")

    def _end(self, error: PunchdownError) -> DeviceOutcome:
        """Bring the device to one of its two configurations, whatever step failed."""
        failed_at, why = self._at, self._clean(str(error))
        if failed_at in _UNTOUCHED:
            return self._outcome("failed", why)
        if failed_at in _STAGED:
            self._drop_staged()
            return self._outcome("failed", f"{why}; the device was not changed")
        if failed_at not in _ARMED:
            return self._end_confirmed(why)
        self._note("rollback", why)
        seen = self._undo(confirming=failed_at == "confirm")
        if seen is Seen.OLD:
            return self._outcome("rolled-back", f"{why}; the old configuration runs again")
        if seen is Seen.NEW:
            return self._late_save(why)
        return self._outcome("unknown", f"{why}; the old configuration was not seen back within the device's timer of "
                             f"{self._campaign.timer_seconds} s: look at it")

    def _end_confirmed(self, why: str) -> DeviceOutcome:
        """Confirmed, and something failed before the end: tell what runs now, and save it if it can be saved."""
        seen = self._seen_again()
        if seen is Seen.NEW:
            return self._late_save(why)
        return self._restarted(why) if seen is Seen.OLD else self._outcome(
            "unknown", f"{why}; it was confirmed and is not as intended: look at it")

    def _late_save(self, why: str) -> DeviceOutcome:
        """The answer to the confirmation was lost, the confirmation was not. What the device runs after a save that
        failed is seen, not assumed: it may have restarted."""
        for _ in range(2):
            try:
                return self._saved(why)
            except PunchdownError as error:
                then = self._clean(str(error))
            seen = self._seen_again()
            if seen is Seen.OLD:
                return self._restarted(why)
            if seen is not Seen.NEW:
                return self._outcome("unknown", f"{why}; it ran the new configuration, then: {then}: look at it")
        return self._outcome("failed", f"{why}; the device runs the new configuration, then: {then}; a restart may "
                             "bring the old one back")

    def _restarted(self, why: str) -> DeviceOutcome:
        return self._outcome("rolled-back", f"{why}; it restarted before the change was saved: the old configuration "
                             "runs")

    def _seen_again(self) -> Seen:
        """What runs, as soon as the device can be reached: a restart takes its time."""
        deadline = self._campaign.clock() + self._campaign.timer_seconds + GRACE_SECONDS
        while (seen := self._look()) is Seen.UNREACHABLE and self._campaign.clock() < deadline:
            self._campaign.sleep(POLL_SECONDS)
        return seen

    def _undo(self, *, confirming: bool = False) -> Seen:
        """Back now over a new session, or by the device's own timer; what was seen last."""
        deadline = self._campaign.clock() + self._campaign.timer_seconds + GRACE_SECONDS
        asked = confirming and self._look() is Seen.NEW
        while True:
            asked = asked or self._ask_rollback()
            seen = self._look()
            if seen is Seen.OLD or (seen is Seen.NEW and confirming) or self._campaign.clock() >= deadline:
                return seen
            asked = asked and seen is not Seen.PENDING
            self._campaign.sleep(POLL_SECONDS)

    def _ask_rollback(self) -> bool:
        """A new session first: the old ones may be dead, and one that hangs costs its whole timeout."""
        known = list(reversed(self._sessions))
        for session in (None, *known):
            with suppress(Exception):
                self._machine.rollback(session or self._connect())
                return True
        return False

    def _look(self) -> Seen:
        session = None
        try:
            session = self._campaign.connect(self._campaign.operator, self._target)
            if self._machine.pending(session):
                return Seen.PENDING
            return judge(self._campaign.refetch(session), self._change, self._machine.groundwork)
        except Exception:  # noqa: BLE001 - even a fault of ours must not end the waiting for the device's timer
            return Seen.UNREACHABLE
        finally:
            if session is not None:
                session.close()

    def _drop_staged(self) -> None:
        """Nothing took effect; what is staged may hold secrets. A pending change is somebody else's: left alone."""
        with suppress(PunchdownError):
            session = self._connect()
            if not self._machine.pending(session):
                self._machine.rollback(session)

    def _connect(self) -> Writer:
        session = self._campaign.connect(self._campaign.operator, self._target)
        self._sessions.append(session)
        return session

    def _close(self) -> None:
        for session in self._sessions:
            session.close()

    def _step(self, name: str, detail: str = "") -> None:
        """Write the step, then it may be taken.

        Raises:
            StateError: what can't be written is not done.
            DeviceError: the campaign was stopped before the device began to change.
        """
        if name in _NOT_YET and self._campaign.stop.is_set():
            raise DeviceError(self._change.device, self._at, "interrupted")
        self._campaign.store.write(self._run, self._change.device, name, detail)
        self._at = name
        self._campaign.progress(Progress(self._change.device, name, detail))

    def _note(self, name: str, detail: str) -> None:
        """As a step, of a device that must be put back whether or not the journal can be written."""
        with suppress(StateError):
            self._campaign.store.write(self._run, self._change.device, name, detail)
        self._campaign.progress(Progress(self._change.device, name, detail))

    def _outcome(self, end: str, message: str) -> DeviceOutcome:
        self._note(end, message)
        return DeviceOutcome(self._change.device, "failed" if end == "unknown" else end, message)

    def _clean(self, text: str) -> str:
        texts = (*self._change.payload.values(), *(step.text for step in self._change.steps))
        return self._campaign.secrets.scrub(text, texts)
