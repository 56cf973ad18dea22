"""An emulated switch that runs a device of the example site, and what a policy says without its line numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.hp_procurve import ProcurveAppliance
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import Ground, ground_of
from punchdown.platforms import platform
from punchdown.platforms.hp_procurve.capabilities import DOCUMENT
from punchdown.platforms.hp_procurve.policy import policy
from punchdown.values import Change
from punchdown.values.policy import LineRef
from tests.contract.bench import compared, fingerprint, resolve
from tests.contract.hand import Hand
from tests.contract.member import members

ESTATE = Path(__file__).parents[3] / "inventory" / "examples" / "aruba-office"
ROOM = platform("hp_procurve")
MEMBER = members()["hp_procurve"]


@cache
def ground() -> Ground:
    """The example site, rendered."""
    return ground_of(ESTATE, Selection())


def intent_of(name: str, where: Ground | None = None) -> DeviceIntent:
    """A device of the example site."""
    return next(item for item in (where or ground()).sites["coimbra"].devices if item.device == name)


class Box:
    """An emulated switch; with ``running``, one that runs an intent."""

    def __init__(self, device: str = "sw-acc-1", running: DeviceIntent | None = None, ports: int = 48,
                 **spec: Any) -> None:
        spec = {"platform": "hp_procurve", "ports": ports, **spec}
        self.appliance = ProcurveAppliance(ApplianceSpec(device, **spec), ManualClock())
        self.device = device
        if running:
            hand = self.hand()
            for line in ("configure terminal", "include-credentials", "end"):
                hand.run(line)
            self.type(*(step.text for step in self.change(running).steps))

    def hand(self) -> Hand:
        return Hand(ROOM, self.appliance, self.device)

    def text(self) -> str:
        return self.appliance.running_config()

    def change(self, wanted: DeviceIntent) -> Change:
        return compared(MEMBER, wanted, ROOM.fetch(self.hand(), fingerprint))

    def type(self, *lines: str) -> None:
        for _ in self.typing(*lines):
            pass

    def typing(self, *lines: str) -> Iterator[str]:
        """The switch's own text after each command."""
        hand = self.hand()
        for line in lines:
            answer = hand.configure(resolve(line.strip())).output
            assert not answer.strip(), (line, answer)
            yield self.text()
        hand.run("end")


def means(intent: DeviceIntent, text: str) -> Any:
    """A configuration's policy without line numbers and order of sections."""
    found = policy(replace(intent, device="any"), {DOCUMENT: text})
    return {item.name: {table.name: _plain(table) for table in found.tables} if item.name == "tables"
            else sorted(map(repr, _plain(getattr(found, item.name))))
            for item in fields(found) if isinstance(getattr(found, item.name), tuple)}


def _plain(value: Any) -> Any:
    if isinstance(value, LineRef):
        return None
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if is_dataclass(value):
        return tuple(_plain(getattr(value, item.name)) for item in fields(value))
    return value
