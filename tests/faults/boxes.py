"""Emulated switches behind sessions that break by schedule: what a network, a power supply and other people do."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from punchdown.devices import Target
from punchdown.errors import ConnectError, DeviceError, DeviceTimeout, TrustError
from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.platforms.contract import Answer
from punchdown.values import Change
from tests.platforms.cisco_ios.switches import INTENT, IOS, EmulatedWriter, Switch, closed, new_switch, port

OLD = INTENT
NEW = replace(INTENT, ports=(closed(1), port(2, access_vlan=120, voice_vlan=0), *INTENT.ports[2:]))
FOREIGN = "snmp-server contact night shift"
MEDDLED = ("interface GigabitEthernet1/0/3", "description somebody was here")
BOOT_SECONDS = 90.0
NO_LOGIN = frozenset({"login refused", "name not found", "reset", "reset after"})


class Killed(BaseException):
    """SIGKILL: nothing of the process runs any more."""


@dataclass
class Process:
    """The process of the tool. Once ``dead`` it does nothing any more, in any thread, until the next one starts."""

    dead: bool = False

    def die(self) -> None:
        self.dead = True
        raise Killed

    def breathe(self) -> None:
        if self.dead:
            raise Killed


@dataclass
class Box:
    """One switch. ``schedule`` maps the number of an operation on it, or a command, to what happens there, once;
    ``healed`` ends it all."""

    name: str
    appliance: IosAppliance
    clock: ManualClock
    process: Process
    schedule: dict[int | str, str] = field(default_factory=dict)
    ops: int = 0
    away_until: float = 0.0
    aaa_until: float = 0.0
    stranger_until: float = 0.0
    disk_full: bool = False
    healed: bool = False
    sessions: list[FaultySession] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    meddled_unseen: bool = False

    def next_fault(self, text: str = "connect") -> str:
        number, self.ops = self.ops, self.ops + 1
        self.log.append(text)
        fault = "" if self.healed else self.schedule.pop(number, "") or self.schedule.pop(text, "")
        if fault:
            self.happened.append(fault)
        return fault

    def cut_sessions(self) -> None:
        for session in self.sessions:
            session.alive = False

    def power_fails(self) -> None:
        self.cut_sessions()
        self.appliance.restart()
        self.away_until = self.clock.now() + BOOT_SECONDS

    def somebody_types(self, *lines: str) -> None:
        other = EmulatedWriter(self.appliance)
        for line in lines:
            other.configure(line)
        other.close()

    def somebody_meddles(self) -> None:
        """Under the timer, whoever confirms that has not looked."""
        self.meddled_unseen = self.appliance.revert is not None
        self.somebody_types(*MEDDLED)

    def timer_is_early(self) -> None:
        if self.appliance.revert:
            self.appliance.revert_now()

    def lines(self) -> list[str]:
        """What runs, without what changes by itself, the groundwork, and what somebody else typed."""
        return _plain(self.appliance.running_config())

    def saved_lines(self) -> list[str]:
        return _plain(self.appliance.files["nvram:startup-config"])


@lru_cache(maxsize=64)
def _plain(text: str) -> list[str]:
    volatile = ("!", "Building", "Current configuration", "version", "end", "username", "archive",
                " path flash", FOREIGN)
    kept = [line for line in text.splitlines() if line.strip() and not line.startswith(volatile)]
    return [line.strip() for line in kept if line.strip() not in {"description pc", MEDDLED[1]}]


class FaultySession(EmulatedWriter):
    """A writer whose network and device fail by the box's schedule."""

    def __init__(self, box: Box) -> None:
        box.process.breathe()
        box.clock.advance(0.5)
        self.box, self.alive, self.device = box, True, box.name
        fault, now = box.next_fault(), box.clock.now()
        if fault in NO_LOGIN or now < max(box.away_until, box.aaa_until):
            raise ConnectError(box.name, "connect", fault or "no answer")
        if fault == "host key changed":
            box.stranger_until = now + 600
        if now < box.stranger_until:
            raise TrustError(f"{box.name}: another host key than the trusted one")
        super().__init__(box.appliance)
        self.device = box.name
        box.sessions.append(self)

    def reconnect(self) -> FaultySession:
        return FaultySession(self.box)

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        return self._under_faults(lambda: EmulatedWriter.run(self, command), command, timeout)

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        return self._under_faults(lambda: EmulatedWriter.configure(self, line), line, timeout)

    def close(self) -> None:
        if self.alive and not self.box.process.dead:
            super().close()
        self.alive = False

    def _under_faults(self, act: Callable[[], Answer], text: str, timeout: float) -> Answer:
        box = self.box
        box.process.breathe()
        box.clock.advance(0.1)
        box.appliance.tick()
        if not self.alive:
            raise ConnectError(box.name, "run", "the session is gone")
        fault = box.next_fault(text)
        if fault in _BEFORE:
            _BEFORE[fault](self, text, timeout)
        if fault == "refused line":
            return Answer("                ^\n% Invalid input detected at '^' marker.\n")
        if text == "write memory" and box.disk_full:
            return Answer("%Error opening nvram:/startup-config (No space left on device)\n")
        answer = act()
        if fault in _AFTER:
            _AFTER[fault](self, text, timeout)
        return answer


def _reset(session: FaultySession, _text: str, _timeout: float) -> None:
    session.alive = False
    raise ConnectError(session.box.name, "run", "connection reset by peer")


def _hang(session: FaultySession, _text: str, timeout: float) -> None:
    session.alive = False
    session.box.clock.advance(timeout)
    raise DeviceTimeout(session.box.name, "run", "no answer")


def _wrong_prompt(session: FaultySession, _text: str, _timeout: float) -> None:
    raise DeviceError(session.box.name, "run", "the prompt is not the one expected")


def _power(session: FaultySession, text: str, timeout: float) -> None:
    session.box.power_fails()
    _reset(session, text, timeout)


def _kill(session: FaultySession, _text: str, _timeout: float) -> None:
    session.box.process.die()


def _on_the_instant(session: FaultySession, _text: str, _timeout: float) -> None:
    revert = session.box.appliance.revert
    if revert:
        session.box.clock.seconds = max(session.box.clock.seconds, revert.deadline)
        session.box.appliance.tick()


def _slow(session: FaultySession, _text: str, timeout: float) -> None:
    session.box.clock.advance(timeout * 0.9)


def _aaa(session: FaultySession, _text: str, _timeout: float) -> None:
    session.box.aaa_until = session.box.clock.now() + 200


def _away(session: FaultySession, text: str, timeout: float) -> None:
    session.box.cut_sessions()
    session.box.away_until = session.box.clock.now() + random.Random(session.box.ops).choice((20, 100, 400))
    _reset(session, text, timeout)


_BEFORE: dict[str, Callable[[FaultySession, str, float], None]] = {
    "reset": _reset, "hang": _hang, "wrong prompt": _wrong_prompt, "power fails": _power, "killed": _kill,
    "timer on the instant": _on_the_instant, "slow": _slow, "aaa dies": _aaa, "away": _away,
    "timer early": lambda session, _text, _timeout: session.box.timer_is_early(),
    "meddled": lambda session, _text, _timeout: session.box.somebody_meddles(),
    "foreign line": lambda session, _text, _timeout: session.box.somebody_types(FOREIGN),
    "disk full": lambda session, _text, _timeout: setattr(session.box, "disk_full", True),
    "clock jumps": lambda session, _text, _timeout: session.box.clock.advance(3600),
}
_AFTER: dict[str, Callable[[FaultySession, str, float], None]] = {
    "reset after": _reset, "power fails after": _power, "killed after": _kill,
}
MOMENTS = ("configure confirm", "write memory", "configure revert now", "configure terminal revert timer 2",
           "show archive config rollback timer", "end")
FAULTS = (*_BEFORE, *_AFTER, "refused line", "login refused", "name not found", "host key changed")


class Rack:
    """Switches that run the old configuration, saved; made once and copied. ``old`` and ``new`` are the lines that a
    box runs before and after an undisturbed change, ``planned`` is that change, the same for all of them."""

    planned: Change | None = None

    def __init__(self, old: DeviceIntent | None = OLD) -> None:
        appliance = new_switch(running=old).appliance
        appliance.save()
        self._appliance = pickle.dumps(appliance)
        (box,) = self.boxes(1, ManualClock()).values()
        self.old = box.lines()
        switch = Switch(box.appliance, box.clock)
        switch.push(switch.compare(NEW))
        self.new = box.lines()
        assert self.old != self.new

    def boxes(self, count: int, clock: ManualClock, process: Process | None = None) -> dict[str, Box]:
        """Fresh boxes on one clock, changed by one process."""
        found = {}
        for number in range(count):
            appliance = pickle.loads(self._appliance)
            appliance.clock = clock
            found[f"sw-{number:02}"] = Box(f"sw-{number:02}", appliance, clock, process or Process())
        return found


def target(name: str) -> Target:
    return Target(name, "192.0.2.1", IOS, "none")
