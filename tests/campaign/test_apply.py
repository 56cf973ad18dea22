"""Whatever fails, wherever: old or new, the journal agrees, the site is free, no secret shows."""

from dataclasses import replace

import pytest

from punchdown.campaign import apply_plan
from punchdown.errors import ConnectError, DeviceTimeout, PlanError, StateError
from punchdown.values import Change, Severity, to_json
from tests.campaign.fakes import NEW, OLD, SECRET, TIMER, finding, refuse

STEPS = ["connect", "fetch", "stage", "check", "commit", "reconnect", "verify", "confirm", "read-back", "save", "done"]


def hang(box):
    raise DeviceTimeout(box.name, "step", "no answer")


def drop(box):
    raise ConnectError(box.name, "step", "the session broke")


def vanish(box):
    """Away for longer than the timer, and back after it."""
    box.down_until = box.time.now + TIMER + 5
    raise ConnectError(box.name, "step", "the session broke")


def vanish_for_good(box):
    box.down_until = box.time.now + 10_000
    raise ConnectError(box.name, "step", "the session broke")


def stumble(box):
    raise KeyError(SECRET)


def interrupt(box):
    raise KeyboardInterrupt


FAULTS = [hang, drop, refuse, vanish, stumble]
PLACES = ["before connect", "before refetch", "before look", "before stage", "after stage", "before check",
          "before commit",
          "amid commit", "after commit", "before verify", "before confirm", "after confirm", "before save",
          "after save"]


def journal_of(world, result):
    return [entry.step for entry in world.campaign.store.journal(result.run)]


def in_order(world, box, result):
    """What must hold however it ended."""
    (outcome,) = result.outcomes
    assert box.running in {OLD, NEW}
    assert box.deadline is None
    assert box.opened == box.closed
    assert SECRET not in outcome.message + to_json(result) + to_json(world.campaign.store.journal(result.run))
    assert SECRET not in repr(world.told)
    last = journal_of(world, result)[-1]
    assert {"done": "changed"}.get(last, last) == outcome.status
    assert outcome.status != "rolled-back" or box.running == OLD
    assert outcome.status != "changed" or (box.running, box.saved) == (NEW, NEW)
    assert world.campaign.store.unfinished("lisbon") == ()
    world.campaign.store.end_run(world.campaign.store.begin_run("lisbon", "bob", world.plan), "done")


def test_all_goes_well(world):
    box = world.boxes["sw-1"]
    result = apply_plan(world.plan, world.campaign)
    assert journal_of(world, result) == STEPS
    assert [item.step for item in world.told] == ["changing", *STEPS]
    assert result.outcomes[0].status == "changed"
    assert world.campaign.store.confirmed("sw-1") == "digest of new"
    assert box.opened == 2
    in_order(world, box, result)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_step(world, place, fault):
    box = world.boxes["sw-1"]
    box.faults[place] = fault
    result = apply_plan(world.plan, world.campaign)
    in_order(world, box, result)
    done = {"before save", "after save"} | ({"after confirm"} if fault is not stumble else set())
    assert box.running == (NEW if place in done or place == "after confirm" else OLD)


@pytest.mark.parametrize("place", ["amid commit", "after commit", "before verify", "before confirm"])
def test_a_device_that_can_be_reached_goes_back_at_once(world, place):
    box = world.boxes["sw-1"]
    box.faults[place] = drop
    apply_plan(world.plan, world.campaign)
    assert (box.running, world.time.now) == (OLD, 0)


@pytest.mark.parametrize("place", ["before stage", "after stage", "before check"])
def test_nothing_staged_is_left_behind(world, place):
    box = world.boxes["sw-1"]
    box.faults[place] = refuse
    result = apply_plan(world.plan, world.campaign)
    assert box.staged == ""
    assert result.outcomes[0].message.endswith("the device was not changed")


def test_a_change_that_somebody_else_has_pending_is_left_alone(world):
    box = world.boxes["sw-1"]

    def other(box):
        box.deadline, box.before = box.time.now + 1000, "theirs"
        refuse(box)

    box.faults["before check"] = other
    apply_plan(world.plan, world.campaign)
    assert "rollback" not in box.calls
    assert box.deadline is not None


@pytest.mark.parametrize("place", ["amid commit", "after commit", "before verify", "before confirm"])
def test_a_device_that_does_not_come_back_is_unknown_never_fine(world, place):
    box = world.boxes["sw-1"]
    box.faults[place] = vanish_for_good
    result = apply_plan(world.plan, world.campaign)
    assert result.outcomes[0].status == "failed"
    assert "look at it" in result.outcomes[0].message
    assert journal_of(world, result)[-1] == "unknown"
    assert result.failed


def test_a_fault_of_ours_that_stays_ends_in_a_rollback_all_the_same(world):
    box = world.boxes["sw-1"]

    def broken(reader):
        if box.running == NEW:
            raise KeyError(SECRET)
        return refetch(reader)

    refetch = world.campaign.refetch
    result = apply_plan(world.plan, replace(world.campaign, refetch=broken))
    assert result.outcomes[0].status == "rolled-back"
    in_order(world, box, result)


def test_a_new_session_that_fails_once_is_tried_again(world):
    box = world.boxes["sw-1"]
    box.faults["after commit"] = lambda box: box.faults.update({"before connect": drop})
    result = apply_plan(world.plan, world.campaign)
    assert result.outcomes[0].status == "changed"
    assert box.running == NEW


def test_a_confirmation_whose_answer_is_lost_is_finished(world):
    box = world.boxes["sw-1"]
    box.faults["after confirm"] = drop
    result = apply_plan(world.plan, world.campaign)
    assert (result.outcomes[0].status, box.saved) == ("changed", NEW)


def test_the_timer_that_wins_the_race_is_told_as_rolled_back(world):
    box = world.boxes["sw-1"]
    box.faults["before verify"] = lambda box: box.time.sleep(TIMER + 1)
    result = apply_plan(world.plan, world.campaign)
    assert result.outcomes[0].status == "rolled-back"
    assert "timer" in result.outcomes[0].message
    in_order(world, box, result)


@pytest.mark.parametrize(("severity", "status"), [
    (Severity.HIGH, "rolled-back"), (Severity.MEDIUM, "rolled-back"), (Severity.LOW, "rolled-back"),
    (Severity.UNKNOWN, "changed")])
def test_a_failed_verification_goes_back(world, severity, status):
    world.findings.append(finding(severity))
    result = apply_plan(world.plan, world.campaign)
    assert result.outcomes[0].status == status
    in_order(world, world.boxes["sw-1"], result)


def test_a_device_that_changed_since_the_plan_is_not_touched(world):
    box = world.boxes["sw-1"]
    box.running = "theirs"
    result = apply_plan(world.plan, world.campaign)
    assert box.running == "theirs"
    assert "since the plan" in result.outcomes[0].message
    assert box.calls == ["connect", "refetch"]


def test_a_difference_left_after_confirming_is_a_failure(world):
    box = world.boxes["sw-1"]
    box.faults["after confirm"] = lambda box: setattr(box, "running", "half")
    result = apply_plan(world.plan, world.campaign)
    assert result.outcomes[0].status == "failed"
    assert "yet it differs: key" in result.outcomes[0].message


@pytest.mark.parametrize("place", PLACES[1:])
def test_an_interrupt_puts_the_device_back_and_frees_the_site(world, place):
    box = world.boxes["sw-1"]
    box.faults[place] = interrupt
    with pytest.raises(KeyboardInterrupt):
        apply_plan(world.plan, world.campaign)
    assert box.deadline is None
    assert box.running == (NEW if place in {"after confirm", "before save", "after save"} else OLD)
    assert box.opened == box.closed
    assert world.campaign.store.unfinished("lisbon") == ()


def test_the_journal_is_written_before_the_step_and_an_unwritable_one_stops_it(world, monkeypatch):
    box = world.boxes["sw-1"]
    write = world.campaign.store.write
    dead = []

    def failing(run, device, step, detail=""):
        if step == "commit" or dead:
            dead.append(step)
            raise StateError("disk full")
        write(run, device, step, detail)

    monkeypatch.setattr(type(world.campaign.store), "write", lambda _self, *args: failing(*args))
    result = apply_plan(world.plan, world.campaign)
    assert "commit" not in box.calls
    assert (box.running, box.staged) == (OLD, "")
    assert "disk full" in result.outcomes[0].message


@pytest.mark.parametrize("step", ["reconnect", "verify", "confirm"])
def test_a_journal_that_fails_while_the_timer_runs_undoes(world, monkeypatch, step):
    box = world.boxes["sw-1"]
    write = world.campaign.store.write
    dead = []

    def failing(run, device, name, detail=""):
        if name == step or dead:
            dead.append(name)
            raise StateError("disk full")
        write(run, device, name, detail)

    monkeypatch.setattr(type(world.campaign.store), "write", lambda _self, *args: failing(*args))
    result = apply_plan(world.plan, world.campaign)
    assert (result.outcomes[0].status, box.running) == ("rolled-back", OLD)


def test_a_missing_secret_stops_before_anything(world):
    (world.campaign.secrets.directory / "radius").unlink()
    with pytest.raises(PlanError, match="radius"):
        apply_plan(world.plan, world.campaign)
    assert world.boxes["sw-1"].calls == []


def test_the_order_is_kept_and_the_first_failure_stops(three):
    three.boxes["sw-1"].faults["before check"] = refuse
    result = apply_plan(three.plan, three.with_order("radius-1", "sw-1", "fw-1"))
    assert {item.device: item.status for item in result.outcomes} == {
        "radius-1": "changed", "sw-1": "failed", "fw-1": "skipped"}
    assert three.boxes["fw-1"].calls == []
    assert [item.device for item in result.outcomes] == sorted(three.boxes)


def test_a_device_in_order_is_unchanged(world):
    box = world.boxes["sw-1"]
    plan = type(world.plan)("lisbon", (Change("sw-1", "stand-in", (), (), "x"),))
    result = apply_plan(plan, world.with_order())
    assert (result.outcomes[0].status, box.calls) == ("unchanged", [])


@pytest.mark.parametrize(("back", "tolerance", "status"), [
    (40, 0.0, "changed"), (39, 0.0, "rolled-back"), (36, 0.1, "changed"), (35, 0.1, "rolled-back")])
def test_phones_that_stay_away_bring_the_device_back(world, back, tolerance, status):
    box = world.boxes["sw-1"]
    box.phones[NEW] = back
    result = apply_plan(world.plan, replace(world.campaign, tolerance=tolerance))
    assert result.outcomes[0].status == status
    if status == "rolled-back":
        assert f"lost since the change: phones {40 - back} of 40" in result.outcomes[0].message
    in_order(world, box, result)


def test_phones_have_a_third_of_the_timer_to_come_back(world):
    box = world.boxes["sw-1"]
    box.phones[NEW] = 0

    def arrive(seconds):
        world.time.sleep(seconds)
        if world.time.now > TIMER / 4:
            box.phones[NEW] = 40

    result = apply_plan(world.plan, replace(world.campaign, sleep=arrive))
    assert result.outcomes[0].status == "changed"
    in_order(world, box, result)
