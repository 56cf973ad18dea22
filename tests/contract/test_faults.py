"""The safe change under faults: whatever breaks at whatever moment, the device ends in its old or new configuration,
the run says which, nothing stays armed, and a restart changes nothing that was not said."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from punchdown.campaign import Campaign, apply_plan, resume
from punchdown.devices import Target
from punchdown.errors import ConnectError, DeviceTimeout
from punchdown.intent import DeviceIntent
from punchdown.platforms import Reader
from punchdown.platforms.contract import Answer
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.state import store as store_module
from punchdown.values import Change, DeviceOutcome, Plan, Verified
from tests.contract.bench import TIMER, Rig, bench, clear, compared, fingerprint
from tests.contract.features import Patch, definition, roles
from tests.contract.hand import Hand
from tests.contract.member import Member
from tests.contract.test_features import placed, subject
from tests.faults.runs import empty_store

NIGHTS = int(os.environ.get("PUNCHDOWN_CONTRACT_NIGHTS", "1"))
CHANGE: Patch = {"segments": {"office": {"vlan": 35}, "phones": {"dhcp": "20-30"}},
                 "hosts": {"taker-1": {"uses": ["smdr@pbx-1", "pms@pbx-1"]}},
                 "flows": [{"from": "office", "to": "pbx-1", "service": "ssh"}]}


class Killed(BaseException):
    """The process of the tool is gone."""


class Known(Secrets):
    """Every secret can be resolved."""

    def resolve(self, name: str) -> str:
        return clear(name)


class Journal(Store):
    """The store of a process that can be killed."""

    night: Night

    def write(self, run: str, device: str, step: str, detail: str = "") -> None:
        if self.night.dead:
            raise Killed
        super().write(run, device, step, detail)

    def end_run(self, run: str, result: str) -> None:
        if not self.night.dead:
            super().end_run(run, result)


class Night:
    """One device whose network or power fails once, at one operation."""

    def __init__(self, member: Member, old: DeviceIntent, new: DeviceIntent, fault: str = "", moment: int = -1) -> None:
        self.old, self.new, self.fault, self.moment = old, new, fault, moment
        self.operations, self.away, self.dead = 0, 0.0, False
        rig = bench(member, old)
        assert isinstance(rig, Rig)
        self.rig = rig

    def die(self) -> None:
        self.dead = True
        raise Killed

    def due(self) -> str:
        if self.dead:
            raise Killed
        self.operations += 1
        return self.fault if self.operations == self.moment else ""

    def refetch(self, reader: Reader) -> Change:
        room = self.rig.member.room
        return compared(self.rig.member, self.new, room.fetch(reader, fingerprint))

    def go(self, folder: Path) -> DeviceOutcome:
        """Plan, apply, finish what a kill left; then everything heals and time passes."""
        rig, name = self.rig, self.rig.device
        target = Target(name, "192.0.2.1", rig.member.room, "none")
        (folder / "state.db").write_bytes(empty_store())
        with Journal.open(f"sqlite:///{folder / 'state.db'}") as store:
            store.night = self
            campaign = Campaign(
                targets={name: target}, waves=((name,),), store=store, operator=None,  # type: ignore[arg-type]
                secrets=Known(folder, b"k"), user="alice", timer_seconds=TIMER,
                verify=lambda _reader: Verified(()), refetch=self.refetch, progress=lambda _step: None,
                connect=lambda _operator, _target: FaultyHand(self), clock=rig.clock.now, sleep=rig.clock.advance)
            plan = Plan("viseu", (rig.compare(self.new),), digest="sealed")
            try:
                result = apply_plan(plan, campaign)
            except Killed:
                result = self.resumed(store, campaign)
        rig.clock.advance(3 * 3600)
        rig.box.tick()
        (outcome,) = result.outcomes
        return outcome

    def resumed(self, store: Store, campaign: Campaign) -> Any:
        self.dead = False
        self.rig.clock.advance(30)
        alive, store_module._alive = store_module._alive, lambda _process: False
        try:
            (run,) = store.unfinished("viseu")
            return resume(run, campaign)
        finally:
            store_module._alive = alive


class FaultyHand(Hand):
    """A session that breaks when its night says so."""

    def __init__(self, night: Night) -> None:
        self.night, self.alive = night, True
        if night.due() or night.rig.clock.now() < night.away:
            raise ConnectError(night.rig.device, "connect", "no answer")
        super().__init__(night.rig.member.room, night.rig.box, night.rig.device)

    def reconnect(self) -> FaultyHand:
        return FaultyHand(self.night)

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        return self._do(lambda: super(FaultyHand, self).show(command, timeout=timeout), timeout)

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        return self._do(lambda: super(FaultyHand, self).run(command, timeout=timeout), timeout)

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        return self._do(lambda: super(FaultyHand, self).configure(line, timeout=timeout), timeout)

    def _do(self, act: Callable[[], Answer], timeout: float) -> Answer:
        night, fault = self.night, self.night.due()
        night.rig.clock.advance(0.1)
        night.rig.box.tick()
        if not self.alive or self.wire.session.closed:
            raise ConnectError(self.device, "run", "the session is gone")
        if fault == "killed":
            night.die()
        if fault == "power fails":
            self._power()
        if fault in {"reset", "power fails"}:
            self._reset()
        if fault == "hang":
            self.alive = False
            night.rig.clock.advance(timeout)
            raise DeviceTimeout(self.device, "run", "no answer")
        if fault == "timer runs out":
            night.rig.clock.advance(TIMER + 60)
            night.rig.box.tick()
        answer = act()
        if fault == "power fails after":
            self._power()
        if fault in {"reset after", "power fails after"}:
            self._reset()
        if fault == "killed after":
            night.die()
        return answer

    def _power(self) -> None:
        self.night.rig.box.restart()
        self.night.away = self.night.rig.clock.now() + 90

    def _reset(self) -> None:
        self.alive = False
        self.wire.session.closed = True
        raise ConnectError(self.device, "run", "connection reset by peer")


FAULTS = ("reset", "reset after", "hang", "power fails", "power fails after", "killed", "killed after",
          "timer runs out")


def intents(member: Member) -> tuple[DeviceIntent, DeviceIntent]:
    role = roles(member)[0]
    return subject(definition(member, role), role), subject(definition(member, role, CHANGE), role)


def lines(rig: Rig) -> list[tuple[str, str]]:
    """What runs; the order of lines is judged by a comparison."""
    return sorted(placed(rig.member, rig.running()))


@pytest.fixture(scope="module")
def undisturbed() -> dict[str, tuple[Any, Any, int]]:
    return {}


def reference(member: Member, folder: Path, kept: dict[str, tuple[Any, Any, int]]) -> tuple[Any, Any, int]:
    """What runs before and after a change that nothing disturbs, and how many operations it takes."""
    if member.name not in kept:
        night = Night(member, *intents(member))
        old = lines(night.rig)
        assert night.go(folder).status == "changed"
        kept[member.name] = old, lines(night.rig), night.operations
        assert old != lines(night.rig)
    return kept[member.name]


@pytest.mark.parametrize("fault", FAULTS)
def test_old_or_new_and_the_run_says_which(
        rigged: Member, fault: str, tmp_path: Path, undisturbed: dict[str, tuple[Any, Any, int]]) -> None:
    (tmp_path / "first").mkdir()
    old, new, operations = reference(rigged, tmp_path / "first", undisturbed)
    dice = random.Random(f"{rigged.name} {fault}")
    for moment in dice.sample(range(1, operations + 1), min(NIGHTS, operations)):
        folder = tmp_path / str(moment)
        folder.mkdir()
        night = Night(rigged, *intents(rigged), fault, moment)
        outcome = night.go(folder)
        where = f"{fault} at {moment} of {operations}: {outcome.status}, {outcome.message}"
        found = lines(night.rig)
        assert found in (old, new), f"{where}; neither configuration runs"
        said = {"changed": (new,), "rolled-back": (old,)}.get(outcome.status, (old,))
        if "look at it" in outcome.message:
            said = (old, new)
        elif "runs the new configuration" in outcome.message:
            said = (new,)
        assert found in said, where
        assert night.rig.compare(night.old if found == old else night.new).differences == (), where
        assert not rigged.room.safe_change().pending(night.rig.hand()), where
        night.rig.box.restart()
        night.rig.clock.advance(600)
        assert lines(night.rig) == found or outcome.status == "failed", f"{where}; a restart changed it"
        written = b"".join(path.read_bytes() for path in folder.glob("state.db*"))
        assert b"Clear-" not in written, where


def test_a_confirmation_that_is_left_out_is_noticed(
        rigged: Member, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The device's own timer is real: a tool that only claims to have confirmed is found out by it. Where going back is
    a restart with what is saved, nothing is saved under the timer, and the run says so."""
    night = Night(rigged, *intents(rigged))
    old = lines(night.rig)
    monkeypatch.setattr(type(rigged.room.safe_change()), "confirm", lambda _self, _writer: None)
    outcome = night.go(tmp_path)
    assert outcome.status == "changed" or "still scheduled" in outcome.message
    assert lines(night.rig) == old
