"""Phones that a monitoring server counts: what a wave loses brings it back; who can't be asked gives no leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from punchdown.campaign import Counts, Number, apply_plan
from punchdown.errors import PlanError
from punchdown.probes import Count, ask
from punchdown.secrets import Secrets
from punchdown.state import Store
from punchdown.values import RunResult
from tests.campaign.fakes import NEW, OLD, TIMER, World, make_world
from tests.probes.prometheus import Prometheus, prometheus

NAMES = ("sw-0", "sw-1", "sw-2", "sw-3")
SETTLE = 10


@pytest.fixture
def server() -> Iterator[Prometheus]:
    with prometheus() as found:
        yield found


@pytest.fixture
def site(server: Prometheus, store: Store, secrets: Secrets) -> World:
    """A canary and two waves; of a hundred phones all are registered whatever the switches run."""
    world = make_world(store, secrets, NAMES)
    world.campaign = replace(world.campaign, waves=(("sw-0",), ("sw-1", "sw-2"), ("sw-3",)), workers=2, max_failures=9)
    server.value = lambda: 100
    return counted(world, server)


def counted(world: World, server: Prometheus, *, without: bool = False, **fields: Any) -> World:
    count = Count(url=server.url, query="sum(registered)", **{"settle_seconds": SETTLE, **fields})
    number = Number("registered phones", lambda: ask("registered phones", count, "lisbon", world.campaign.secrets,
                                                     Path()), count.tolerance, count.settle_seconds)
    world.campaign = replace(world.campaign, counts=Counts((number,), without=without))
    return world


def status(result: RunResult) -> list[str]:
    return [item.status for item in result.outcomes]


def breaks(world: World, name: str, phones: int, server: Prometheus) -> None:
    """So many phones are gone while this switch runs what is new."""
    server.value = lambda: 100 - phones * (world.boxes[name].running != OLD)


def test_nothing_lost(site: World, server: Prometheus) -> None:
    result = apply_plan(site.plan, site.campaign)
    assert (status(result), result.warnings) == (["changed"] * 4, ())
    told = [entry.detail for entry in site.campaign.store.journal(result.run) if entry.step == "counted"]
    assert told == ["registered phones 100 of 100"] * 4
    assert site.time.now == 3 * SETTLE
    assert len(server.got) == 1 + 3 + 2


def test_what_a_wave_loses_brings_all_of_it_back_and_ends_the_campaign(site: World, server: Prometheus) -> None:
    breaks(site, "sw-2", 5, server)
    result = apply_plan(site.plan, site.campaign)
    assert status(result) == ["changed", "rolled-back", "rolled-back", "changed"]
    assert "registered phones 5 of 100 are gone" in result.outcomes[1].message
    assert [box.running for box in site.boxes.values()] == [NEW, OLD, OLD, NEW]
    assert all(box.deadline is None for box in site.boxes.values())


def test_what_stays_lost_lets_no_other_wave_begin(site: World, server: Prometheus) -> None:
    gone = []
    site.boxes["sw-2"].faults["amid commit"] = lambda _box: gone.append(5)
    server.value = lambda: 100 - sum(gone)
    result = apply_plan(site.plan, site.campaign)
    assert status(result) == ["changed", "rolled-back", "rolled-back", "skipped"]
    assert "since the campaign began, registered phones 5 of 100 are gone" in result.outcomes[3].message
    assert site.boxes["sw-3"].opened == 0


def test_small_losses_add_up(site: World, server: Prometheus) -> None:
    counted(site, server, tolerance=0.05)
    server.value = lambda: 100 - 3 * sum(box.running == NEW for box in site.boxes.values())
    assert status(apply_plan(site.plan, site.campaign)) == ["changed", "rolled-back", "rolled-back", "rolled-back"]


def test_phones_that_come_back_in_time_are_waited_for(site: World, server: Prometheus) -> None:
    server.value = lambda: 100 - 50 * (0 < site.time.now < TIMER / 2)
    site.campaign = replace(site.campaign, waves=(("sw-0",),))
    assert status(apply_plan(site.plan, site.campaign)) == ["changed"]
    assert TIMER / 2 <= site.time.now < TIMER


def test_a_number_that_is_gone_altogether_is_lost(site: World, server: Prometheus) -> None:
    server.value = lambda: None if site.boxes["sw-0"].running != OLD else 100
    result = apply_plan(site.plan, site.campaign)
    assert result.outcomes[0].status == "rolled-back"
    assert "registered phones 100 of 100 are gone" in result.outcomes[0].message


@pytest.mark.parametrize("answer", [(503, b""), None])
def test_who_cannot_be_asked_before_lets_nothing_begin(
        site: World, server: Prometheus, answer: tuple[int, bytes] | None) -> None:
    server.says, server.value = answer, lambda: None
    with pytest.raises(PlanError, match="nothing was changed; --accept counts"):
        apply_plan(site.plan, site.campaign)
    assert all(box.calls == [] for box in site.boxes.values())
    assert site.campaign.store.runs() == ()
    counted(site, server, without=True)
    result = apply_plan(site.plan, site.campaign)
    assert (status(result), len(result.warnings)) == (["changed"] * 4, 1)


def test_who_cannot_be_asked_after_a_wave_is_told_and_no_other_wave_begins(site: World, server: Prometheus) -> None:
    site.boxes["sw-0"].faults["after commit"] = lambda _box: setattr(server, "says", (503, b""))
    result = apply_plan(site.plan, site.campaign)
    assert status(result) == ["changed", "skipped", "skipped", "skipped"]
    assert result.warnings == ("registered phones: it answered 503",)


def test_a_number_slower_than_the_timer_is_refused(site: World, server: Prometheus) -> None:
    counted(site, server, settle_seconds=TIMER)
    with pytest.raises(PlanError, match=f"--timer {3 * TIMER}"):
        apply_plan(site.plan, site.campaign)
