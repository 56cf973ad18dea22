"""The example clinic's firewall: its intent, and an emulated ASA with the legs that its engineer named."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from punchdown.campaign import Campaign
from punchdown.compiler import compile_estate
from punchdown.devices import Operator, Target
from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ApplianceSpec, Faults, Fleet, ScaledClock
from punchdown.lab.emulated.cisco_asa import AsaAppliance
from punchdown.loader import load_estate
from punchdown.platforms import Reader, platform
from punchdown.render import render_device
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.values import Change, Verified
from punchdown.verify import judge

ESTATE = Path(__file__).parents[3] / "inventory" / "examples" / "asa-edge"
ASA = platform("cisco_asa")
CREDENTIALS = """\
credentials:
  firewalls: {username: punchdown, password: {file: login}, scope: {management: [127.0.0.0/8]}}
"""


@cache
def intent() -> DeviceIntent:
    (site,) = compile_estate(load_estate(ESTATE)).values()
    return next(item for item in site.devices if item.device == "fw-1")


def spec(faults: Faults | None = None) -> ApplianceSpec:
    firewall = intent().firewall
    assert firewall is not None
    legs = tuple((leg.name, leg.address) for leg in firewall.interfaces)
    return ApplianceSpec("fw-1", platform="cisco_asa", management="10.80.99.1", password="pw-9", legs=legs,
                         router="198.51.100.1", faults=faults or Faults())


def unfingerprinted(_clear: str) -> str:
    return "<masked:x>"


def compared(reader: Reader) -> Change:
    return ASA.compare(intent(), render_device(intent()), ASA.fetch(reader, unfingerprinted), {})


def verified(reader: Reader) -> Verified:
    return Verified(judge(ASA.expectations(intent()), ASA.observe(reader, intent())))


@dataclass
class Lab:
    """The appliance on loopback SSH, and a campaign that reaches it."""

    fleet: Fleet
    campaign: Campaign

    @property
    def box(self) -> AsaAppliance:
        found = self.fleet.appliances["fw-1"]
        assert isinstance(found, AsaAppliance)
        return found

    def look(self) -> Change:
        session = self.campaign.connect(self.campaign.operator, self.campaign.targets["fw-1"])
        try:
            return compared(session)
        finally:
            session.close()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    fleet = Fleet(ScaledClock(60.0))
    asyncio.run_coroutine_threadsafe(fleet.start([spec()]), loop).result(20)
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "login").write_text("pw-9")
    (folder / "vpn-to-annexe").write_text("a-key-of-both-houses")
    (tmp_path / "credentials.yml").write_text(CREDENTIALS)
    (tmp_path / "known_hosts").write_text(fleet.known_hosts())
    target = Target("fw-1", "127.0.0.1", ASA, "firewalls", fleet.ports["fw-1"])
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as store:
        yield Lab(fleet, Campaign(
            targets={"fw-1": target}, waves=(("fw-1",),), store=store, operator=Operator.load(tmp_path),
            secrets=Secrets(folder, b"k" * 32), user="alice", timer_seconds=3600, verify=verified, refetch=compared,
            progress=lambda item: None, sleep=lambda seconds: threading.Event().wait(seconds / 20)))
    asyncio.run_coroutine_threadsafe(fleet.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
