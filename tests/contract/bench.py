"""Where a platform is tried: an emulated appliance, or for daemons (which have tests of their own) bare text."""

from __future__ import annotations

import hashlib
import pickle
import re
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import starmap
from typing import Any, Protocol

from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ApplianceSpec, Faults, ManualClock
from punchdown.render import render_device
from punchdown.secrets import REFERENCE
from punchdown.values import Change, IntendedConfig, RunningConfig, RunningDocument
from tests.contract.hand import Hand
from tests.contract.member import Member

TIMER = 300
"""Seconds of a change's own timer."""


def clear(name: str) -> str:
    """The secret of a name. Nothing else in any definition or device looks like it."""
    return f"Clear-{name}-9xq"


def fingerprint(plain: str) -> str:
    return f"<masked:{hashlib.sha256(plain.encode()).hexdigest()[:16]}>"


def resolve(text: str) -> str:
    return REFERENCE.sub(lambda match: clear(match[1]), text)


def masked(text: str) -> str:
    """References as a fetch would show what they stand for."""
    return REFERENCE.sub(lambda match: fingerprint(clear(match[1])), text)


def secrets_of(intended: IntendedConfig) -> dict[str, str]:
    """Fingerprints by name, all known."""
    names = {name for item in intended.documents for line in item.lines for name in REFERENCE.findall(line.text)}
    return {name: fingerprint(clear(name)) for name in names}


class Bench(Protocol):
    """A device that can be looked at and changed."""

    member: Member

    def running(self) -> RunningConfig: ...

    def compare(self, intent: DeviceIntent) -> Change: ...

    def push(self, change: Change) -> None:
        """Change it for good; fails when a line is refused."""


class Paper:
    """A device that is its text. What a change makes of it is what the platform's ``states`` says."""

    def __init__(self, member: Member, intent: DeviceIntent) -> None:
        self.member, self.device = member, intent.device
        self.documents: Mapping[str, str] = _texts(render_device(intent))

    def running(self) -> RunningConfig:
        shown = self.member.shows({name: masked(text) for name, text in self.documents.items()})
        return RunningConfig(self.device, self.member.name, tuple(starmap(RunningDocument, shown.items())))

    def compare(self, intent: DeviceIntent) -> Change:
        return compared(self.member, intent, self.running())

    def push(self, change: Change) -> None:
        last = deque(self.member.room.states(self.documents, change), maxlen=1)
        self.documents = last[0][1] if last else self.documents


def spec_of(member: Member, intent: DeviceIntent, **box: Any) -> ApplianceSpec:
    """The appliance that an intent is for."""
    members = [int(match[1]) for port in intent.ports if (match := re.match(r"[A-Za-z-]+(\d)/", port.name))]
    given = {"model": intent.model, "version": intent.version, "members": max([1, *members]), **member.box,
             **member.prepared(intent), **box}
    return ApplianceSpec(intent.device, platform=member.name, **given)


class Rig:
    """An emulated appliance as from the factory: it has no address yet, somebody sits at its console."""

    def __init__(self, member: Member, intent: DeviceIntent, *, faults: Faults | None = None, **box: Any) -> None:
        self.member, self.device, self.clock = member, intent.device, ManualClock()
        assert member.family is not None
        self.box = member.family(spec_of(member, intent, faults=faults or Faults(), **box), self.clock)

    def hand(self) -> Hand:
        return Hand(self.member.room, self.box, self.device)

    def running(self) -> RunningConfig:
        return self.member.room.fetch(self.hand(), fingerprint)

    def compare(self, intent: DeviceIntent) -> Change:
        return compared(self.member, intent, self.running())

    def type(self, *lines: str) -> None:
        """Type lines in configuration mode; what the device says to one must be nothing, or known to be no refusal."""
        hand = self.hand()
        for line in lines:
            self.typed(hand, line)
        hand.run(self.member.capabilities.cli.leave)

    def typed(self, hand: Hand, line: str) -> None:
        said = self.refusal(hand.configure(resolve(line)).output)
        assert not said, (line, said)

    def refusal(self, output: str) -> str:
        """What of an answer is not known to be harmless."""
        kept = (line for line in output.splitlines() if line.strip() and not re.search(self.member.says, line))
        return "\n".join(kept)

    def commit(self, change: Change) -> Any:
        """Everything up to the confirmation, which is left out: the state machine in its middle."""
        hand, safe = self.hand(), self.member.room.safe_change()
        safe.stage(hand, change, resolve)
        safe.check(hand)
        safe.commit(hand, TIMER)
        return safe

    def push(self, change: Change) -> None:
        safe, fresh = self.commit(change), self.hand()
        safe.confirm(fresh)
        safe.save(fresh)


def _texts(intended: IntendedConfig) -> dict[str, str]:
    return {document.name: document.text for document in intended.documents}


@lru_cache(maxsize=64)
def rendered(intent: DeviceIntent) -> IntendedConfig:
    """What a device should run; the same is asked again and again."""
    return render_device(intent)


def compared(member: Member, intent: DeviceIntent, running: RunningConfig) -> Change:
    """What a device of a platform needs that runs this, every secret known."""
    intended = rendered(intent)
    return member.room.compare(intent, intended, running, secrets_of(intended))


_PREPARED: dict[tuple[str, DeviceIntent], bytes] = {}
"""Appliances that run an intent, with their clocks: the same one is wanted again and again."""


def bench(member: Member, intent: DeviceIntent) -> Paper | Rig:
    """A device that runs an intent."""
    if member.family is None:
        return Paper(member, intent)
    rig, key = Rig(member, intent), (member.name, intent)
    if key in _PREPARED:
        rig.box, rig.clock = pickle.loads(_PREPARED[key])
        return rig
    rig.push(rig.compare(intent))
    with suppress(AttributeError, TypeError, pickle.PicklingError):  # some can't be copied: they are made each time
        _PREPARED[key] = pickle.dumps((rig.box, rig.clock))
    return rig
