"""Over real SSH with our own sessions: plan, apply, verify, drift; the timer, a session that dies, a refused line."""

from __future__ import annotations

import asyncio
import hashlib
import re
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from punchdown.campaign import Campaign, apply_plan
from punchdown.devices import Operator, Target, open_reader
from punchdown.devices.terminal import Terminal
from punchdown.errors import RejectedError
from punchdown.lab.emulated import ApplianceSpec, Faults, Fleet, ScaledClock
from punchdown.lab.emulated.hp_procurve import Station
from punchdown.render import render_device
from punchdown.secrets import REFERENCE, Secrets
from punchdown.state import Store
from punchdown.values import Change, DeviceOutcome, Plan, Verified
from tests.platforms.hp_procurve.boxes import ROOM, intent_of

NAME = "sw-acc-1"
INTENT = intent_of(NAME)
CREDENTIALS = """\
credentials:
  switches: {username: punchdown, password: {file: login}, scope: {management: [127.0.0.0/8]}}
"""


class Known(Secrets):
    """Every secret can be resolved."""

    def resolve(self, name: str) -> str:
        return f"Clear-{name}"


def fingerprint(plain: str) -> str:
    return f"<masked:{hashlib.sha256(plain.encode()).hexdigest()[:16]}>"


def compared(reader: Any) -> Change:
    intended = render_device(INTENT)
    names = {name for line in intended.document("running-config").lines for name in REFERENCE.findall(line.text)}
    return ROOM.compare(INTENT, intended, ROOM.fetch(reader, fingerprint),
                        {name: fingerprint(f"Clear-{name}") for name in names})


class Site:
    """One emulated switch on the loopback, and a campaign that may change it."""

    def __init__(self, folder: Path, faults: Faults) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self.fleet = Fleet(ScaledClock(30.0))
        spec = ApplianceSpec(NAME, platform="hp_procurve", password="pw-9", faults=faults)
        self._do(self.fleet.start([spec]))
        self.box = self.fleet.appliances[NAME]
        secrets = Known(folder / "secrets", b"k")
        secrets.directory.mkdir()
        (secrets.directory / "login").write_text("pw-9")
        (folder / "credentials.yml").write_text(CREDENTIALS)
        (folder / "known_hosts").write_text(self.fleet.known_hosts())
        self._open = ExitStack()
        store = self._open.enter_context(Store.open(f"sqlite:///{folder / 'state.db'}"))
        self.target = Target(NAME, "127.0.0.1", ROOM, "switches", self.fleet.ports[NAME])
        self.campaign = Campaign(
            targets={NAME: self.target}, waves=((NAME,),), store=store, operator=Operator.load(folder),
            secrets=secrets, user="alice", timer_seconds=1800, verify=self.verified, refetch=compared,
            progress=lambda _: None, clock=self.fleet.clock.now, sleep=lambda seconds: time.sleep(seconds / 10))

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def verified(self, reader: Any) -> Verified:
        found = ROOM.observe(reader, INTENT)
        assert found.errors == ()
        return Verified((), found.life)

    def read(self, ask: Any) -> Any:
        session = self.campaign.connect(self.campaign.operator, self.target)
        try:
            return ask(session)
        finally:
            session.close()

    def apply(self, **changes: Any) -> DeviceOutcome:
        (outcome,) = apply_plan(Plan("coimbra", (self.read(compared),)), replace(self.campaign, **changes)).outcomes
        return outcome

    def close(self) -> None:
        self._do(self.fleet.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()
        self._open.close()


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Any]:
    sites: list[Site] = []

    def make(faults: Faults | None = None) -> Site:
        sites.append(Site(tmp_path, faults or Faults()))
        return sites[0]

    yield make
    for site in sites:
        site.close()


class Screen:
    """A channel of a switch that moves the cursor about, as real ones do."""

    def recv_ready(self) -> bool:
        return False

    def settimeout(self, _seconds: float) -> None:
        """It answers at once."""

    def sendall(self, data: bytes) -> None:
        self.sent = data.strip()

    def recv(self, _most: int) -> bytes:
        if not self.sent:
            raise TimeoutError
        sent, self.sent = self.sent, b""
        head = b"\x1b[24;20H\x1b[?25h\x1b[24;27H\x1bE\r\x1b[24;1H\x1b[2K"
        return b"".join((b"\x1b[24;7H", sent, head, b"one\x1bEtwo\x1bE",
                         b"\r\x1b[1;24r\x1b[24;1Hsw-1(vlan-10)# \x1b[24;1H\x1b[24;14H\x1b[?25h"))


def test_a_screen_is_read_as_lines() -> None:
    connection = type("Connection", (), {"remote_conn": Screen(), "base_prompt": "sw-1"})()
    terminal = Terminal(connection, "sw-1", ROOM.capabilities.cli)
    assert terminal.ask("read", "show vlans", 1.0).split() == ["one", "two"]
    assert terminal.in_configuration


def test_a_reader_sees_and_changes_nothing(made: Any) -> None:
    site = made()
    before = site.box.running_config()
    reader = open_reader(site.campaign.operator, site.target)
    assert "DEFAULT_VLAN" in reader.show("show vlans").output
    with pytest.raises(RejectedError):
        reader.show("write memory")
    reader.close()
    assert site.box.running_config() == before
    assert site.box.saved


def test_plan_apply_verify_drift(made: Any) -> None:
    site = made()
    outcome = site.apply()
    assert outcome.status == "changed", outcome.message
    assert site.read(compared).empty
    found = site.read(lambda reader: ROOM.observe(reader, INTENT))
    assert {item.key for item in ROOM.expectations(INTENT)} <= set(found.facts)
    assert [item.key for item in ROOM.expectations(INTENT) if found.facts[item.key] != item.value] == []
    hand = site.box.session()
    for line in ("configure", "vlan 110 untagged 7", "end"):
        hand.feed(line)
    drift = site.read(compared)
    assert {(item.verdict, item.line) for item in drift.differences} == {("missing", "untagged 7"),
                                                                          ("extra", "untagged 7")}
    assert "Clear-" not in repr(drift)


def test_the_timer_brings_the_old_configuration_back(made: Any) -> None:
    site = made()
    before = site.box.running_config()
    late = [0]

    def slow(reader: Any) -> Verified:
        late[0] += 1
        if late[0] > 1:  # the first look is before the change
            time.sleep(2.5)
        return site.verified(reader)

    outcome = site.apply(verify=slow, timer_seconds=60)
    assert outcome.status == "rolled-back", outcome.message
    assert site.box.running_config() == before


def test_a_change_that_silences_stations_goes_back(made: Any) -> None:
    """Nobody has logged in: on a port that the change lets authenticate, its stations are heard no more."""
    site, slept = made(), [0.0]
    port = next(item for item in INTENT.ports if item.dot1x)
    site.box.stations += [Station(port.name, f"00:50:56:00:00:0{number}") for number in (1, 2, 3)]
    before = site.box.running_config()
    outcome = site.apply(clock=lambda: slept[0], sleep=lambda _: slept.append(slept.pop() + 400))
    assert outcome.status == "rolled-back", outcome.message
    assert "MACs 3 of 3" in outcome.message
    assert site.box.running_config() == before


@pytest.mark.parametrize("fault", [
    {"refuse": r"^rate-limit mcast"}, {"drop_on": r"^service-policy"}, {"restart_on": r"^untagged 1-44"}])
def test_old_or_new_and_never_half(made: Any, fault: dict[str, str]) -> None:
    site = made(Faults(**fault))
    before = site.box.running_config()
    outcome = site.apply()
    assert outcome.status == "rolled-back", outcome.message
    assert site.box.running_config() == before
    assert "Clear-" not in outcome.message
    assert not re.search(r"reload scheduled", site.box.session().feed("show reload after"))
