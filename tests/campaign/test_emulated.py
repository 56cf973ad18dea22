"""The campaign over real SSH: the platform's own safe change on the emulated switch and its revert timer."""

import asyncio
import threading
import time
from dataclasses import replace

import pytest

from punchdown.campaign import Campaign, apply_plan
from punchdown.devices import Operator, Target
from punchdown.lab.emulated import ApplianceSpec, Fleet, ScaledClock
from punchdown.platforms import platform
from punchdown.values import Change, Difference, Plan, Provenance, Step, Verdict, Verified

LINE = "vlan 77"
CREDENTIALS = """\
credentials:
  switches: {username: punchdown, password: {file: login}, scope: {management: [127.0.0.0/8]}}
"""


def compared(reader):
    """A comparison that wants one VLAN."""
    text = reader.show("show running-config").output
    lines = [line for line in text.splitlines() if line.startswith("vlan ") or line.strip().startswith("name ")]
    missing = () if LINE in lines else (Difference(Verdict.MISSING, "running-config", (), LINE, Provenance()),)
    return Change(reader.device, "cisco_ios", missing, tuple(Step(LINE) for _ in missing), base=repr(lines))


@pytest.fixture
def loop():
    found = asyncio.new_event_loop()
    thread = threading.Thread(target=found.run_forever)
    thread.start()
    yield found
    found.call_soon_threadsafe(found.stop)
    thread.join()
    found.close()


@pytest.fixture
def fleet(loop):
    found = Fleet(ScaledClock(60.0))
    asyncio.run_coroutine_threadsafe(found.start([ApplianceSpec("sw-1", username="punchdown", password="pw-9")]),
                                     loop).result(20)
    yield found
    asyncio.run_coroutine_threadsafe(found.stop(), loop).result(20)


@pytest.fixture
def campaign(fleet, secrets, store, tmp_path):
    (secrets.directory / "login").write_text("pw-9")
    (tmp_path / "credentials.yml").write_text(CREDENTIALS)
    (tmp_path / "known_hosts").write_text(fleet.known_hosts())
    target = Target("sw-1", "127.0.0.1", platform("cisco_ios"), "switches", fleet.ports["sw-1"])
    return Campaign(targets={"sw-1": target}, waves=(("sw-1",),), store=store, operator=Operator.load(tmp_path),
                    secrets=secrets, user="alice", timer_seconds=60, verify=lambda reader: Verified(()),
                    refetch=compared, progress=lambda item: None, sleep=lambda seconds: time.sleep(seconds / 10))


@pytest.fixture
def plan(campaign):
    session = campaign.connect(campaign.operator, campaign.targets["sw-1"])
    change = compared(session)
    session.close()
    return Plan("lisbon", (change,))


def runs_it(campaign):
    session = campaign.connect(campaign.operator, campaign.targets["sw-1"])
    try:
        return compared(session).empty, platform("cisco_ios").safe_change().pending(session)
    finally:
        session.close()


def test_a_change_is_confirmed(campaign, plan):
    # Sixty times as fast as life: sixty minutes of timer are a minute here.
    campaign = replace(campaign, timer_seconds=3600)
    (outcome,) = apply_plan(plan, campaign).outcomes
    assert outcome.status == "changed", outcome.message
    assert runs_it(campaign) == (True, False)


def test_a_verification_that_outlives_the_timer_ends_in_the_old_configuration(campaign, plan):
    campaign = replace(campaign, verify=lambda reader: time.sleep(1.5) or Verified(()))
    (outcome,) = apply_plan(plan, campaign).outcomes
    assert outcome.status == "rolled-back", outcome.message
    assert runs_it(campaign) == (False, False)


def test_a_session_that_dies_under_the_change_ends_in_the_old_configuration(campaign, plan, fleet):
    def die(reader):
        fleet._drop("sw-1")
        return compared(reader)

    campaign = replace(campaign, timer_seconds=3600)
    calls = iter([compared, die, compared, compared, compared])
    campaign = replace(campaign, refetch=lambda reader: next(calls)(reader))
    (outcome,) = apply_plan(plan, campaign).outcomes
    assert outcome.status == "rolled-back", outcome.message
    assert runs_it(campaign) == (False, False)
