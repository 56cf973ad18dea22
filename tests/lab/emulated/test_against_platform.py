"""The switch judges the platform room: what it renders is taken, and a second comparison finds nothing.

The switch is written from the fact sheet alone and the room from its own reading of it, so they can disagree.
"""

import hashlib
import re
from pathlib import Path

import pytest

from punchdown.compiler import compile_estate
from punchdown.errors import RejectedError, RolledBackError
from punchdown.lab.emulated import ApplianceSpec, Faults, ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.loader import load_estate
from punchdown.platforms.cisco_ios import PLATFORM
from punchdown.platforms.contract import Answer
from punchdown.render import render_device

INVENTORY = Path(__file__).parents[3] / "inventory"
REFERENCE = re.compile(r"<secret:([^>]+)>")


def fingerprint(plain: str) -> str:
    return f"<masked:{hashlib.sha256(plain.encode()).hexdigest()[:16]}>"


def resolve(text: str) -> str:
    return REFERENCE.sub(lambda match: f"pw-{match[1]}", text)


class Writer:
    """A writing session without network."""

    device = "sw-acc-1"

    def __init__(self, box: IosAppliance) -> None:
        self._box, self._session = box, box.session()

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        return self.run(command)

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        if self._session.configurator and command != "end":
            self._session.feed("end")
        output = self._session.feed(command)
        while self._session.question:
            output += self._session.prompt + self._session.feed("")
        return Answer(output)

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        if not self._session.configurator:
            self._session.feed("configure terminal")
        return Answer("".join(self._session.feed(one) for one in line.split("\n")))

    def reconnect(self) -> "Writer":
        return Writer(self._box)

    def close(self) -> None:
        self._session.closed = True


@pytest.fixture(scope="module")
def intent():
    devices = compile_estate(load_estate(INVENTORY))["lisbon"].devices
    return next(device for device in devices if device.device == "sw-acc-1")


@pytest.fixture(scope="module")
def intended(intent):
    return render_device(intent)


@pytest.fixture
def compare(intent, intended):
    names = {
        name for document in intended.documents for line in document.lines for name in REFERENCE.findall(line.text)
    }
    secrets = {name: fingerprint(f"pw-{name}") for name in names}
    room = PLATFORM
    return lambda box: room.compare(intent, intended, room.fetch(Writer(box), fingerprint), secrets)


def commit(box: IosAppliance, change) -> tuple:
    writer, safe = Writer(box), PLATFORM.safe_change()
    safe.stage(writer, change, resolve)
    safe.check(writer)
    safe.commit(writer, 300)
    return writer, safe


def test_every_rendered_line_is_taken(switch: IosAppliance, intended) -> None:
    text = resolve("\n".join(line.text for document in intended.documents for line in document.lines))
    assert len(text.splitlines()) > 1000
    assert switch.load(f"{text}\nend")[1] == []


def test_a_flat_switch_becomes_the_intended_one(switch: IosAppliance, compare) -> None:
    first = compare(switch)
    assert len(first.steps) > 100
    writer, safe = commit(switch, first)
    safe.confirm(writer.reconnect())
    assert compare(switch).differences == ()


def test_an_unconfirmed_change_goes_back_whole(switch: IosAppliance, clock: ManualClock, compare) -> None:
    writer, safe = commit(switch, compare(switch))
    clock.advance(301)
    with pytest.raises(RolledBackError):
        safe.confirm(writer.reconnect())
    assert "dot1x system-auth-control" not in switch.running_config()


def test_a_refused_line_is_noticed(compare) -> None:
    box = IosAppliance(
        ApplianceSpec("sw-acc-1", management="10.20.99.11", faults=Faults(refuse="^ *mab")), ManualClock()
    )
    with pytest.raises(RejectedError):
        commit(box, compare(box))
