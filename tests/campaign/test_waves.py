"""Who changes together, how many failures end it, when nothing may change, and what an interrupt does."""

import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchdown.campaign import Member, apply_plan, closed_because, make_waves
from punchdown.model.campaigns import Campaigns
from tests.campaign.fakes import NEW, OLD, make_world, refuse

ROLES = ("radius", "dhcp", "access-switch", "core-switch", "firewall", "border")
MEMBERS = st.lists(
    st.builds(Member, st.integers(0, 60).map("sw-{}".format), st.sampled_from(ROLES),
              st.sampled_from(["cisco_ios", "hp_procurve"]), st.sampled_from(["", "", "a", "b"])),
    unique_by=lambda member: member.device)


@given(MEMBERS, st.integers(1, 7), st.booleans())
def test_waves(members, batch, canary):
    waves = make_waves(members, batch=batch, canary=canary)
    by_name = {member.device: member for member in members}
    order = [by_name[name] for wave in waves for name in wave]
    assert sorted(member.device for member in order) == sorted(by_name)
    assert [member.rank for member in order] == sorted(member.rank for member in members)
    for wave in waves:
        pairs = [by_name[name].pair for name in wave if by_name[name].pair]
        assert 1 <= len(wave) <= batch
        assert len(pairs) == len(set(pairs))
    for role in ROLES if canary else ():
        first = next((wave for wave in waves if by_name[wave[0]].role == role), ())
        platforms = [by_name[name].platform for name in first]
        assert len(platforms) == len(set(platforms))


def wide(store, secrets, count, **settings):
    names = tuple(f"sw-{number}" for number in range(count))
    world = make_world(store, secrets, names)
    world.campaign = replace(world.campaign, waves=(names[:1], names[1:]), workers=8, **settings)
    return world


def statuses(result):
    return {outcome.device: outcome.status for outcome in result.outcomes}


def test_a_wave_is_changed_together(store, secrets):
    world = wide(store, secrets, 9)
    together = threading.Barrier(8, timeout=20)
    for name, box in world.boxes.items():
        if name != "sw-0":
            box.faults["before stage"] = lambda _box: together.wait()
    assert set(statuses(apply_plan(world.plan, world.campaign)).values()) == {"changed"}


def test_what_one_device_loses_brings_its_wave_back(store, secrets):
    world = wide(store, secrets, 9, max_failures=9)
    together = threading.Barrier(8, timeout=20)
    for name, box in world.boxes.items():
        if name != "sw-0":
            box.faults["before stage"] = lambda _box: together.wait()
    world.boxes["sw-4"].phones[NEW] = 39
    result = apply_plan(world.plan, world.campaign)
    assert statuses(result) == {"sw-0": "changed", **{f"sw-{number}": "rolled-back" for number in range(1, 9)}}
    assert {box.running for name, box in world.boxes.items() if name != "sw-0"} == {OLD}
    assert "of the same wave, sw-4 lost phones 1 of 40" in next(
        outcome.message for outcome in result.outcomes if outcome.device == "sw-2")


def test_a_wave_that_lost_something_begins_no_other_device(store, secrets):
    world = wide(store, secrets, 4, max_failures=9)
    world.campaign = replace(world.campaign, workers=1)
    world.boxes["sw-1"].phones[NEW] = 0
    assert statuses(apply_plan(world.plan, world.campaign)) == {
        "sw-0": "changed", "sw-1": "rolled-back", "sw-2": "skipped", "sw-3": "skipped"}


def test_a_device_that_takes_too_long_is_not_waited_for(store, secrets):
    world = wide(store, secrets, 3)
    world.campaign = replace(world.campaign, timer_seconds=8)
    first = threading.Event()
    world.boxes["sw-1"].faults["before save"] = lambda _box: first.set()
    world.boxes["sw-2"].faults["before stage"] = lambda _box: first.wait(20)
    assert set(statuses(apply_plan(world.plan, world.campaign)).values()) == {"changed"}
    assert first.is_set()


def test_a_canary_that_fails_saves_the_rest(store, secrets):
    world = wide(store, secrets, 9)
    world.boxes["sw-0"].faults["before commit"] = refuse
    found = statuses(apply_plan(world.plan, world.campaign))
    assert [found.pop("sw-0"), set(found.values())] == ["rolled-back", {"skipped"}]
    assert {box.running for box in world.boxes.values()} == {OLD}
    assert sum(box.opened for name, box in world.boxes.items() if name != "sw-0") == 0


@pytest.mark.parametrize(("tolerated", "changed"), [(2, 3), (3, 5)])
def test_so_many_failures_end_it(store, secrets, tolerated, changed):
    world = wide(store, secrets, 9, max_failures=tolerated)
    world.campaign = replace(world.campaign, workers=1)
    for name in ("sw-1", "sw-4", "sw-7"):
        world.boxes[name].faults["before commit"] = refuse
    found = list(statuses(apply_plan(world.plan, world.campaign)).values())
    assert (found.count("changed"), found.count("rolled-back")) == (changed, tolerated)
    assert len(found) == 9


def test_an_interrupt_finishes_the_devices_in_hand_and_begins_no_other(store, secrets):
    world = wide(store, secrets, 9)
    world.boxes["sw-0"].faults["after commit"] = lambda _box: signal.raise_signal(signal.SIGINT)
    result = apply_plan(world.plan, world.campaign)
    found = statuses(result)
    assert result.interrupted
    assert [found.pop("sw-0"), set(found.values())] == ["changed", {"skipped"}]
    assert world.boxes["sw-0"].saved == NEW
    assert store.unfinished("lisbon") == ()


def test_an_interrupt_before_the_commit_leaves_the_device_alone(store, secrets):
    world = wide(store, secrets, 2)
    world.boxes["sw-0"].faults["after stage"] = lambda _box: world.campaign.stop.set()
    result = apply_plan(world.plan, world.campaign)
    assert statuses(result) == {"sw-0": "failed", "sw-1": "skipped"}
    assert "interrupted; the device was not changed" in result.outcomes[0].message
    assert (world.boxes["sw-0"].running, world.boxes["sw-0"].staged) == (OLD, "")


SETTINGS = Campaigns.model_validate({
    "time_zone": "Europe/Lisbon", "windows": [{"days": ["mon", "tue"], "start": "22:00", "end": "04:00"}],
    "freezes": [{"start": "2026-12-20", "end": "2027-01-06", "why": "high season"}]})


@pytest.mark.parametrize(("now", "told"), [
    ((2026, 7, 6, 21, 30), ""),  # Monday 22:30 in Lisbon: summer time
    ((2026, 7, 6, 20, 59), "it is Mon 21:59"),
    ((2026, 7, 8, 2, 59), ""),  # Wednesday 03:59 belongs to Tuesday's window
    ((2026, 7, 8, 3, 0), "it is Wed 04:00"),
    ((2026, 7, 8, 22, 0), "it is Wed 23:00"),
    ((2026, 11, 23, 22, 0), ""),  # winter time
    ((2026, 12, 21, 23, 0), "frozen until 2027-01-06 (high season)"),
])
def test_when(now, told):
    reason = closed_because(SETTINGS, datetime(*now, tzinfo=UTC))
    assert (told in reason) if told else reason == ""


def test_without_windows_it_is_always_open():
    assert closed_because(Campaigns(), datetime(2026, 7, 8, 3, 0, tzinfo=UTC)) == ""
