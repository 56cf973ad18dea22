"""The example's firewall as an emulated appliance: behind a pair of Python calls, and over SSH."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from punchdown.campaign import Campaign
from punchdown.devices import Operator, Target, open_reader
from punchdown.lab.emulated import ApplianceSpec, Faults, Fleet, ManualClock
from punchdown.lab.emulated.fortinet_fortios import FortiosAppliance, prepared
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import ground_of
from punchdown.platforms import platform
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.values import Verified
from punchdown.verify import judge

ROOM = platform("fortinet_fortios")
ESTATE = Path(__file__).parents[3] / "inventory" / "examples" / "law-firm"
VLANS = prepared((10, 20, 30, 40, 50, 99))
PASSWORD = "pw-9"
CREDENTIALS = """\
credentials:
  walls: {username: punchdown, password: {file: login}, scope: {management: [127.0.0.0/8]}}
"""


@pytest.fixture(scope="session")
def site():
    """The example, rendered: (compiled site, intent, intended configuration)."""
    ground = ground_of(ESTATE, Selection())
    compiled = ground.sites["viseu"]
    intent = next(item for item in compiled.devices if item.device == "fw-1")
    return compiled, intent, ground.intended["fw-1"]


@pytest.fixture(scope="session")
def rendered(site):
    return site[2].documents[0].text


@pytest.fixture
def box():
    return FortiosAppliance(ApplianceSpec("fw-1", platform="fortinet_fortios", startup=VLANS), ManualClock())


@pytest.fixture
def loop():
    found = asyncio.new_event_loop()
    thread = threading.Thread(target=found.run_forever)
    thread.start()
    yield found
    found.call_soon_threadsafe(found.stop)
    thread.join()
    found.close()


class Wall:
    """A running appliance and a campaign against it."""

    def __init__(self, fleet, campaign, intent, intended):
        self.fleet, self.campaign, self.intent, self.intended = fleet, campaign, intent, intended
        self.box = fleet.appliances["fw-1"]

    def change(self, reader):
        return ROOM.compare(self.intent, self.intended, ROOM.fetch(reader, lambda _: "<masked:unknown>"), {})

    def verified(self, reader):
        return Verified(judge(ROOM.expectations(self.intent), ROOM.observe(reader, self.intent)))

    def look(self):
        """(differences, whether it waits for a confirmation) over a new session that can't write."""
        session = open_reader(self.campaign.operator, self.campaign.targets["fw-1"])
        try:
            return self.change(session), ROOM.safe_change().pending(session)
        finally:
            session.close()


@pytest.fixture
def wall(loop, tmp_path, site):
    """Makes a wall with faults, from a start-up configuration."""
    fleets, stores = [], []

    def make(faults: Faults | None = None, startup: str = VLANS) -> Wall:
        clock = ManualClock()
        fleet = Fleet(clock)
        spec = ApplianceSpec("fw-1", platform="fortinet_fortios", password=PASSWORD, startup=startup,
                             faults=faults or Faults())
        asyncio.run_coroutine_threadsafe(fleet.start([spec]), loop).result(60)
        fleets.append(fleet)
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "login").write_text(PASSWORD)
        (tmp_path / "secrets" / "vpn-to-coimbra").write_text("a key of both offices")
        (tmp_path / "credentials.yml").write_text(CREDENTIALS)
        (tmp_path / "known_hosts").write_text(fleet.known_hosts())
        stores.append(Store.open(f"sqlite:///{tmp_path / 'state.db'}"))
        target = Target("fw-1", "127.0.0.1", ROOM, "walls", fleet.ports["fw-1"])
        made = Wall(fleet, None, *site[1:])
        made.campaign = Campaign(
            targets={"fw-1": target}, waves=(("fw-1",),), store=stores[0].__enter__(), operator=Operator.load(tmp_path),
            secrets=Secrets(tmp_path / "secrets", b"k" * 32), user="alice", timer_seconds=600, verify=made.verified,
            refetch=made.change, progress=lambda _: None, clock=clock.now, sleep=clock.advance)
        return made

    yield make
    for store in stores:
        store.__exit__(None, None, None)
    for fleet in fleets:
        asyncio.run_coroutine_threadsafe(fleet.stop(), loop).result(60)
