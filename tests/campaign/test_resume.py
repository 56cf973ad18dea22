"""A run whose process died at any step is finished or undone by what the device shows."""

import pytest

from punchdown.campaign import apply_plan, resume
from punchdown.errors import RejectedError, StateError
from punchdown.state import store as store_module
from tests.campaign.fakes import NEW, OLD


class Crash(BaseException):
    """The process is gone: nothing of it runs any more."""


@pytest.fixture
def crashed(world, monkeypatch):
    """Let the run die at a place; nobody cleans up, and its process counts as gone."""

    def die(place):
        def crash(box):
            raise Crash

        world.boxes["sw-1"].faults[place] = crash
        with monkeypatch.context() as patch:
            patch.setattr(type(world.campaign.store), "end_run", lambda *_: None)
            with pytest.raises(Crash):
                apply_plan(world.plan, world.campaign)
        monkeypatch.setattr(store_module, "_alive", lambda _process: False)
        (run,) = world.campaign.store.unfinished("lisbon")
        return run

    return die


@pytest.mark.parametrize("place", ["before stage", "before check", "before commit", "amid commit", "after commit",
                                   "before verify", "before confirm", "after confirm", "before save", "after save"])
def test_each_step_is_finished_or_undone(world, crashed, place):
    box = world.boxes["sw-1"]
    run = crashed(place)
    (outcome,) = resume(run, world.campaign).outcomes
    done = place in {"after confirm", "before save", "after save"}
    assert (box.running, box.saved) == ((NEW, NEW) if done else (OLD, OLD))
    assert outcome.status == ("changed" if done else "rolled-back")
    assert box.deadline is None
    assert world.campaign.store.unfinished("lisbon") == ()
    with pytest.raises(StateError, match="ended"):
        resume(run, world.campaign)


def test_what_was_staged_is_dropped(world, crashed):
    resume(crashed("after stage"), world.campaign)
    assert world.boxes["sw-1"].staged == ""


def test_a_device_that_the_run_never_began_is_skipped(three, monkeypatch):
    def crash(box):
        raise Crash

    three.boxes["sw-1"].faults["after commit"] = crash
    with monkeypatch.context() as patch:
        patch.setattr(type(three.campaign.store), "end_run", lambda *_: None)
        with pytest.raises(Crash):
            apply_plan(three.plan, three.campaign)
    monkeypatch.setattr(store_module, "_alive", lambda _process: False)
    (run,) = three.campaign.store.unfinished("lisbon")
    result = resume(run, three.campaign)
    assert {item.device: item.status for item in result.outcomes} == {
        "radius-1": "changed", "sw-1": "rolled-back", "fw-1": "skipped"}


def test_a_device_out_of_reach_stays_unknown(world, crashed):
    run = crashed("after commit")
    world.boxes["sw-1"].down_until = 1e9
    (outcome,) = resume(run, world.campaign).outcomes
    assert outcome.status == "failed"
    assert "look at it" in outcome.message


def test_a_disk_that_is_full_at_the_resumption_is_told_and_the_rest_goes_on(three, monkeypatch):
    def crash(box):
        raise Crash

    def full(box):
        box.faults["before save"] = full
        raise RejectedError("radius-1", "save", "write memory", "% no space left")

    three.boxes["radius-1"].faults["before save"] = crash
    with monkeypatch.context() as patch:
        patch.setattr(type(three.campaign.store), "end_run", lambda *_: None)
        with pytest.raises(Crash):
            apply_plan(three.plan, three.campaign)
    monkeypatch.setattr(store_module, "_alive", lambda _process: False)
    (run,) = three.campaign.store.unfinished("lisbon")
    three.boxes["radius-1"].faults["before save"] = full
    outcomes = {item.device: item for item in resume(run, three.campaign).outcomes}
    assert outcomes["radius-1"].status == "failed"
    assert "runs the new configuration" in outcomes["radius-1"].message
    assert (three.boxes["radius-1"].running, three.boxes["radius-1"].saved) == (NEW, OLD)
    assert three.campaign.store.unfinished("lisbon") == ()
