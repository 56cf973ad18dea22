"""An emulated switch behind a small site: what is sent to its address reaches the loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from punchdown.devices import Target
from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ApplianceSpec, Fleet, ScaledClock
from punchdown.model import Site
from punchdown.pipeline import Context, changing, work
from punchdown.pipeline.work import target_of

SITE = """\
site: faro
segments:
  office: {{vlan: 130, prefix: 10.20.32.0/24, zone: data}}
  management: {{vlan: 199, prefix: 10.20.99.0/24, zone: management}}
hosts:
  admin-1: {{kind: admin, segment: management, address: 10.20.99.9}}
management:
  credential: switches
devices:
  sw-1: {{role: access-switch, platform: cisco_ios, management: 10.20.99.11,
         ports: {{1-4: pc, 5: admin-1, {more}24: unused}}}}
"""
FEW, MORE = "6-23: unused, ", "6: pc, 7-23: unused, "
CREDENTIALS = """\
credentials:
  switches: {username: punchdown, password: {file: login}, scope: {management: [127.0.0.0/8]}}
"""
NOW = "2026-03-02T04:05:06Z"


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    found = Fleet(ScaledClock(1.0))
    asyncio.run_coroutine_threadsafe(
        found.start([ApplianceSpec("sw-1", username="punchdown", password="pw-9")]), loop).result(20)
    yield found
    asyncio.run_coroutine_threadsafe(found.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def context(fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """Alice's context; whatever is sent to the switch's address reaches the emulated one on the loopback."""
    def here(site: Site, intent: DeviceIntent) -> Target:
        return replace(target_of(site, intent), address="127.0.0.1", port=fleet.ports[intent.device])

    monkeypatch.setattr(work, "target_of", here)
    monkeypatch.setattr(changing, "target_of", here)
    operator, estate = tmp_path / "operator", tmp_path / "estate"
    (operator / "secrets").mkdir(parents=True)
    (estate / "sites").mkdir(parents=True)
    (operator / "secrets" / "login").write_text("pw-9")
    (operator / "credentials.yml").write_text(CREDENTIALS)
    (operator / "known_hosts").write_text(fleet.known_hosts())
    (estate / "punchdown.yml").write_text("estate: hotels\n")
    return Context(estate, operator, NOW, "alice")


@pytest.fixture
def write(context: Context) -> Callable[[str], None]:
    def call(more: str) -> None:
        (context.estate / "sites" / "faro.yml").write_text(SITE.format(more=more))
    return call
