"""A device with a rollback timer in simulated time, and a platform that drives it; faults where a test wants them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from punchdown.campaign import Campaign
from punchdown.devices import Target
from punchdown.errors import ConnectError, RejectedError, RolledBackError
from punchdown.values import NOWHERE, Change, Difference, Finding, Plan, Provenance, Severity, Step, Verdict, Verified

OLD, NEW, BROKEN = "old", "new", "half"
SECRET = "tall-Oak-9"
TIMER = 60


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Box:
    """What the device runs. ``deadline`` is set while its own timer is armed; ``down`` says until when it is away."""

    name: str
    time: Time
    running: str = OLD
    before: str = OLD
    saved: str = OLD
    staged: str = ""
    deadline: float | None = None
    down_until: float = -1.0
    phones: dict[str, int] = field(default_factory=lambda: {OLD: 40, BROKEN: 0, NEW: 40})
    faults: dict[str, Callable[["Box"], None]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    opened: int = 0
    closed: int = 0

    def tick(self) -> None:
        if self.deadline is not None and self.time.now >= self.deadline:
            self.running, self.deadline = self.before, None

    def enter(self, call: str, when: str = "before") -> None:
        """Note the call and let its fault happen, once."""
        self.tick()
        if when == "before":
            self.calls.append(call)
        fault = self.faults.pop(f"{when} {call}", None)
        if fault:
            fault(self)


class Session:
    def __init__(self, box: Box) -> None:
        box.enter("connect")
        if box.time.now < box.down_until:
            raise ConnectError(box.name, "connect", "no route")
        box.opened += 1
        self.box, self.open = box, True

    @property
    def device(self) -> str:
        return self.box.name

    def reach(self) -> Box:
        self.box.tick()
        if not self.open or self.box.time.now < self.box.down_until:
            raise ConnectError(self.box.name, "run", "the session broke")
        return self.box

    def reconnect(self) -> "Session":
        return Session(self.box)

    def close(self) -> None:
        if self.open:
            self.box.closed += 1
        self.open = False


class Machine:
    """The safe change of the stand-in platform; like a real one its state is on the device."""

    groundwork = ()

    def _at(self, writer: Session, call: str, act: Callable[[Box], None]) -> None:
        box = writer.reach()
        box.enter(call)
        writer.reach()
        act(box)
        box.enter(call, "after")

    def stage(self, writer: Any, change: Change, resolve: Callable[[str], str]) -> None:
        self._at(writer, "stage", lambda box: setattr(box, "staged", resolve(change.steps[0].text)))

    def check(self, writer: Any) -> None:
        self._at(writer, "check", lambda box: None)

    def mark(self, writer: Any) -> str:
        return ""

    def recall(self, mark: str) -> None:
        """Its state is on the device."""

    def commit(self, writer: Any, timer_seconds: int) -> None:
        def act(box: Box) -> None:
            box.before, box.deadline = box.running, box.time.now + timer_seconds
            box.running = BROKEN
            box.enter("commit", "amid")
            box.running = NEW

        self._at(writer, "commit", act)

    def confirm(self, writer: Any) -> None:
        def act(box: Box) -> None:
            if box.deadline is None:
                raise RolledBackError(box.name, "confirm", "the timer was first")
            box.deadline, box.staged = None, ""

        self._at(writer, "confirm", act)

    def rollback(self, writer: Any) -> None:
        def act(box: Box) -> None:
            if box.deadline is not None:
                box.running, box.deadline = box.before, None
            box.staged = ""

        self._at(writer, "rollback", act)

    def save(self, writer: Any) -> None:
        self._at(writer, "save", lambda box: setattr(box, "saved", box.running))

    def pending(self, writer: Any) -> bool:
        return writer.reach().deadline is not None


def difference(text: str) -> Difference:
    return Difference(Verdict.MISSING, "running-config", (), text, Provenance())


def compared(box: Box) -> Change:
    """What comparing gives while the box runs what it runs."""
    lines = {OLD: ("vlan 7", "key"), BROKEN: ("key",), NEW: ()}.get(box.running, ("all",))
    return Change(box.name, "stand-in", tuple(difference(line) for line in lines),
                  (Step(f"set {box.name} <secret:radius>"),) if lines else (), base=f"digest of {box.running}")


@dataclass
class World:
    """Devices, a plan for them, and the campaign that applies it."""

    boxes: dict[str, Box]
    plan: Plan
    campaign: Campaign
    time: Time
    findings: list[Finding] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)

    def with_order(self, *order: str) -> Campaign:
        return replace(self.campaign, waves=tuple((name,) for name in order))


def make_world(store: Any, secrets: Any, names: tuple[str, ...] = ("sw-1",)) -> World:
    time = Time()
    boxes = {name: Box(name, time) for name in names}
    platform: Any = SimpleNamespace(safe_change=Machine, name="stand-in")
    targets = {name: Target(name, "192.0.2.1", platform, "none") for name in names}
    world: Any = None

    def refetch(reader: Any) -> Change:
        box = reader.reach()
        box.enter("refetch")
        return compared(reader.reach())

    def verify(reader: Any) -> Verified:
        box = reader.reach()
        box.enter("verify" if box.deadline is not None else "look")
        reader.reach()
        return Verified(tuple(world.findings), {"phones": box.phones[box.running]})

    campaign = Campaign(
        targets=targets, waves=tuple((name,) for name in names), store=store, operator=None, secrets=secrets,
        user="alice", timer_seconds=TIMER,
        verify=verify, refetch=refetch, progress=lambda item: world.told.append(item),
        connect=lambda _operator, target: Session(boxes[target.device]), clock=time, sleep=time.sleep)
    plan = Plan("lisbon", tuple(compared(box) for box in boxes.values()), digest="sealed")
    world = World(boxes, plan, campaign, time)
    return world


def finding(severity: Severity) -> Finding:
    return Finding("1", "sw-1", "verify", severity, "no phone on port 7", position=NOWHERE)


def refuse(box: Box) -> None:
    raise RejectedError(box.name, "step", f"key {SECRET}", f"% bad {SECRET}")
