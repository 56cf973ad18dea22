"""The example library's switch over real SSH: an emulated appliance, and a campaign that reaches it."""

from __future__ import annotations

import asyncio
import hashlib
import re
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
from punchdown.lab.emulated import ApplianceSpec, Faults, Fleet, ManualClock, ScaledClock
from punchdown.lab.emulated.juniper_junos import JunosAppliance
from punchdown.loader import load_estate
from punchdown.platforms import Reader, platform
from punchdown.render import render_device
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.values import Change, Verified
from punchdown.verify import judge

ESTATE = Path(__file__).parents[3] / "inventory" / "examples" / "library"
JUNOS = platform("juniper_junos")
CREDENTIALS = """\
credentials:
  switches: {username: punchdown, password: {file: login}, scope: {management: [127.0.0.0/8]}}
"""


@cache
def intent(device: str = "sw-core") -> DeviceIntent:
    (site,) = compile_estate(load_estate(ESTATE)).values()
    return next(item for item in site.devices if item.device == device)


def fingerprint(clear: str) -> str:
    return f"<masked:{hashlib.sha256(clear.encode()).hexdigest()[:16]}>"


def known() -> dict[str, str]:
    texts = (line.text for document in render_device(intent()).documents for line in document.lines)
    return {name: fingerprint(f"pw-{name}") for text in texts for name in re.findall(r"<secret:([^>]+)>", text)}


def in_order() -> str:
    """What the switch shows when it runs the intent, secrets and all."""
    box = JunosAppliance(ApplianceSpec("sw-core", platform="juniper_junos", ports=0), ManualClock())
    lines = (line.text for line in render_device(intent()).documents[0].lines)
    tree, refused = box.load("\n".join((box.running_config(), *(re.sub(r"<secret:([^>]+)>", r"pw-\1", line)
                                                               for line in lines))))
    assert refused == []
    return tree.text


def compared(reader: Reader) -> Change:
    return JUNOS.compare(intent(), render_device(intent()), JUNOS.fetch(reader, fingerprint), known())


def verified(reader: Reader) -> Verified:
    seen = JUNOS.observe(reader, intent())
    return Verified(judge(JUNOS.expectations(intent()), seen), seen.life)


@dataclass
class Lab:
    """The appliance on loopback SSH, and a campaign."""

    fleet: Fleet
    campaign: Campaign

    @property
    def box(self) -> JunosAppliance:
        found = self.fleet.appliances["sw-core"]
        assert isinstance(found, JunosAppliance)
        return found

    def look(self) -> tuple[Change, bool]:
        """What a new session sees: the comparison, and whether something waits."""
        session = self.campaign.connect(self.campaign.operator, self.campaign.targets["sw-core"])
        try:
            return compared(session), JUNOS.safe_change().pending(session)
        finally:
            session.close()


@pytest.fixture
def lab(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """As from the factory; with a parameter, in order but for the lines that it matches."""
    missing = getattr(request, "param", "")
    startup = "".join(line for line in in_order().splitlines(keepends=True)
                      if not re.search(missing, line)) if missing else ""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    fleet = Fleet(ScaledClock(60.0))
    spec = ApplianceSpec("sw-core", platform="juniper_junos", password="pw-9", ports=24, startup=startup,
                         faults=Faults())
    asyncio.run_coroutine_threadsafe(fleet.start([spec]), loop).result(20)
    directory = tmp_path / "secrets"
    directory.mkdir(mode=0o700)
    (directory / "login").write_text("pw-9")
    for name in known():
        (directory / name).write_text(f"pw-{name}")
    (tmp_path / "credentials.yml").write_text(CREDENTIALS)
    (tmp_path / "known_hosts").write_text(fleet.known_hosts())
    target = Target("sw-core", "127.0.0.1", JUNOS, "switches", fleet.ports["sw-core"])
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as store:
        yield Lab(fleet, Campaign(
            targets={"sw-core": target}, waves=(("sw-core",),), store=store, operator=Operator.load(tmp_path),
            secrets=Secrets(directory, b"k" * 32), user="alice", timer_seconds=3600, verify=verified, refetch=compared,
            progress=lambda item: None, sleep=lambda seconds: threading.Event().wait(seconds / 20)))
    asyncio.run_coroutine_threadsafe(fleet.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
