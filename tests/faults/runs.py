"""One campaign over a rack of switches under faults drawn from a seed, and what must hold when the dust has settled."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from punchdown.campaign import Campaign, Member, apply_plan, make_waves, resume
from punchdown.errors import StateError
from punchdown.lab.emulated import ManualClock
from punchdown.platforms import Reader
from punchdown.render import render_device
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.state import store as store_module
from punchdown.values import Change, DeviceOutcome, Plan, RunResult, Verified
from tests.faults.boxes import FAULTS, MEDDLED, MOMENTS, NEW, Box, FaultySession, Killed, Process, Rack, target
from tests.platforms.cisco_ios.switches import IOS

SECRET = "clear-radius-sw-acc-1"
TIMER = 120
OPERATIONS = 60
INTENDED = render_device(NEW)


@cache
def empty_store() -> bytes:
    """A state store with its tables; to make them takes longer than a short campaign."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "state.db"
        with Store.open(f"sqlite:///{path}"):
            pass
        return path.read_bytes()


class Journal(Store):
    """The store of a process that can be killed, or whose disk is full or locked, or whose file somebody deletes, at a
    journal step."""

    process: Process
    kill_at = -1
    deleted_at = -1
    broken: tuple[int, int] = (-1, -1)
    count = 0

    def write(self, run: str, device: str, step: str, detail: str = "") -> None:
        self.process.breathe()
        self.count += 1
        if self.count == self.kill_at:
            self.process.die()
        if self.count == self.deleted_at:
            Path(self._engine.url.database or "").unlink()
        if self.broken[0] <= self.count < self.broken[1]:
            raise StateError("the state store can't be written: database is locked")
        super().write(run, device, step, detail)

    def end_run(self, run: str, result: str) -> None:
        if not self.process.dead:
            super().end_run(run, result)


@dataclass
class Night:
    """A campaign in the making: everything in it follows from the seed. With a ``schedule`` there is one device, and
    that is what happens to it; ``kill_at`` is the journal step at which the tool is killed then."""

    seed: int
    rack: Rack
    folder: Path
    devices: int = 20
    schedule: dict[int | str, str] | None = None
    kill_at: int = -1

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.clock = ManualClock()
        self.process = Process()
        self.devices = self.devices if self.schedule is None else 1
        self.boxes = self.rack.boxes(self.devices, self.clock, self.process)
        self.told: list[str] = []
        self.store_broke = False
        secrets = self.folder / "secrets"
        secrets.mkdir(exist_ok=True)
        (secrets / "radius-sw-acc-1").write_text(SECRET)
        self.secrets = Secrets(secrets, b"k" * 32)
        for name in self.dice.sample(sorted(self.boxes), min(6, self.devices)):
            places = [self.dice.choice(MOMENTS) if self.dice.random() < 0.3 else self.dice.randrange(1, OPERATIONS)
                      for _ in range(self.dice.choice((1, 1, 2, 3)))]
            self.boxes[name].schedule = {place: self.dice.choice(FAULTS) for place in places}
            if self.schedule is not None:
                self.boxes[name].schedule = dict(self.schedule)

    def _compare(self, reader: Reader) -> Change:
        running = IOS.fetch(reader, self.secrets.fingerprint)
        return replace(IOS.compare(NEW, INTENDED, running, self.secrets.fingerprints(INTENDED)), device=reader.device)

    def campaign(self, store: Store) -> Campaign:
        names = tuple(self.boxes)
        return Campaign(
            targets={name: target(name) for name in names},
            waves=make_waves([Member(name, "access-switch", "cisco_ios") for name in names], batch=5), store=store,
            operator=None, secrets=self.secrets, user="alice", timer_seconds=TIMER,  # type: ignore[arg-type]
            verify=lambda _reader: Verified(()), refetch=self._compare,
            progress=lambda step: self.told.append(repr(step)),
            connect=lambda _operator, where: FaultySession(self.boxes[where.device]), clock=self.clock.now,
            sleep=self.clock.advance, max_failures=self.devices)

    def go(self) -> RunResult:
        """Plan, apply under faults, resume when the process was killed, then heal and let every timer run out."""
        url = f"sqlite:///{self.folder / 'state.db'}"
        (self.folder / "state.db").write_bytes(empty_store())
        with Journal.open(url) as store:
            store.process = self.process
            plan = Plan("lisbon", tuple(replace(self._planned(), device=name) for name in self.boxes), digest="sealed")
            if self.schedule is not None:
                store.kill_at = self.kill_at
            elif self.dice.random() < 0.25:
                store.kill_at = self.dice.randrange(1, 11 * self.devices)
            elif self.dice.random() < 0.15:
                first = self.dice.randrange(1, 11 * self.devices)
                store.broken = (first, first + self.dice.choice((1, 3, 40)))
                self.store_broke = True
            result = self._apply(store, plan)
        self.settle()
        return result

    def settle(self) -> None:
        """Every fault heals, and every timer runs out."""
        for box in self.boxes.values():
            box.healed = True
        self.clock.advance(3 * 3600)
        for box in self.boxes.values():
            box.appliance.tick()

    def _planned(self) -> Change:
        if self.rack.planned is None:
            box = next(iter(self.rack.boxes(1, self.clock).values()))
            self.rack.planned = self._compare(FaultySession(box))
        return self.rack.planned

    def _apply(self, store: Journal, plan: Plan) -> RunResult:
        try:
            return apply_plan(plan, self.campaign(store))
        except Killed:
            store.kill_at, store.broken = -1, (-1, -1)
        return self._again(store)

    def _again(self, store: Store) -> RunResult:
        alive, store_module._alive = store_module._alive, lambda _process: False
        try:
            while True:
                self.process.dead = False
                self.clock.advance(self.dice.choice((1.0, 30.0, 400.0)))
                for box in self.boxes.values():
                    box.cut_sessions()
                (run,) = store.unfinished("lisbon")
                with suppress(Killed):
                    return resume(run, self.campaign(store))
        finally:
            store_module._alive = alive


def violations(night: Night, result: RunResult) -> list[str]:
    """What does not hold, in words; empty when all does."""
    found = []
    url = f"sqlite:///{night.folder / 'state.db'}"
    with Store.open(url) as store:
        if left := store.unfinished("lisbon"):
            found.append(f"runs without an end: {left}")
        steps = {entry.device: entry.step for entry in store.journal(result.run)}
        try:
            store.end_run(store.begin_run("lisbon", "bob", Plan("lisbon", ())), "done")
        except StateError as error:
            found.append(str(error))
    for outcome in result.outcomes:
        box = night.boxes[outcome.device]
        found += [f"{box.name} after {', '.join(box.happened) or 'nothing'}: {fault} ({outcome.status}: "
                  f"{outcome.message}; journal {steps.get(box.name)})" for fault in _faults(night, box, outcome, steps)]
    written = b"".join(path.read_bytes() for path in night.folder.glob("state.db*"))
    if SECRET.encode() in written or SECRET in repr(result) + "".join(night.told):
        found.append("a secret was written")
    return found


def _faults(night: Night, box: Box, outcome: DeviceOutcome, steps: dict[str, str]) -> list[str]:
    lines = box.lines()
    runs, saved = (next((name for name, known in (("old", night.rack.old), ("new", night.rack.new)) if found == known),
                        "neither") for found in (lines, box.saved_lines()))
    found = []
    if runs == "neither":
        found.append("neither the old nor the new configuration runs")
    if runs not in _allowed(outcome):
        found.append(f"it runs the {runs} configuration")
    if saved != runs and outcome.status != "failed":
        found.append(f"it would start with the {saved} configuration and nobody said so")
    if outcome.status == "changed" and box.meddled_unseen and MEDDLED[1] in box.appliance.running_config():
        found.append("it was confirmed together with what somebody else had typed")
    if box.appliance.revert is not None:
        found.append("a change still waits for its confirmation")
    ends = {"changed": {"done"}, "rolled-back": {"rolled-back"}, "failed": {"failed", "unknown"}, "skipped": {None}}
    if not night.store_broke and steps.get(box.name) not in ends[outcome.status]:
        found.append("the journal says otherwise")
    return found + _reach(box)


def _reach(box: Box) -> list[str]:
    box.healed, box.stranger_until = True, 0.0
    session = FaultySession(box)
    try:
        answer = session.run("show running-config").output
        return [] if "hostname" in answer else ["the box shows no configuration"]
    finally:
        session.close()


def _allowed(outcome: DeviceOutcome) -> set[str]:
    """What may run, by what the person was told."""
    if outcome.status == "changed" or "runs the new configuration" in outcome.message:
        return {"new"}
    return {"old", "new"} if "look at it" in outcome.message else {"old"}
