"""Plan, apply, verify and drift over real SSH with punchdown's own sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.campaign import apply_plan
from punchdown.lab.emulated.juniper_junos import JunosSession
from punchdown.values import Plan

from .conftest import Lab, compared

SMALL = pytest.mark.parametrize("lab", ["voip interface ge-0/0/1|dot1x .* ge-0/0/[23] "], indirect=True)


def plan(lab: Lab) -> Plan:
    return Plan("guarda", (lab.look()[0],))


@SMALL
def test_a_switch_that_left_its_definition_is_brought_back(lab: Lab) -> None:
    first = plan(lab)
    assert 10 < len(first.changes[0].steps) < 60
    (outcome,) = apply_plan(first, lab.campaign).outcomes
    assert outcome.status == "changed", outcome.message
    change, waits = lab.look()
    assert (change.differences, change.steps, waits) == ((), (), False)
    assert "pw-radius" not in lab.box.running_config()


@SMALL
def test_what_nobody_confirms_in_time_goes_back(lab: Lab) -> None:
    before, first = lab.box.running_config(), plan(lab)
    seen = iter(range(100))

    def slow(reader):
        if next(seen) > 0:
            lab.box.clock.start += 7200
        return compared(reader)

    (outcome,) = apply_plan(first, replace(lab.campaign, refetch=slow, sleep=lambda _: None)).outcomes
    assert outcome.status == "rolled-back", outcome.message
    assert lab.box.running_config() == before


@SMALL
def test_a_session_that_dies_amid_the_lines_changes_nothing(lab: Lab) -> None:
    before, first = lab.box.running_config(), plan(lab)
    lab.box.faults.drop_on = "switch-options voip"
    (outcome,) = apply_plan(first, replace(lab.campaign, sleep=lambda _: None)).outcomes
    assert outcome.status == "failed", outcome.message
    assert "the device was not changed" in outcome.message
    assert lab.box.running_config() == before
    lab.box.tick()
    assert lab.box.holder is None
    (outcome,) = apply_plan(first, lab.campaign).outcomes
    assert outcome.status == "changed", outcome.message


@SMALL
def test_a_refused_line_says_who_asked_and_frees_the_candidate(lab: Lab) -> None:
    first = plan(lab)
    lab.box.faults.refuse = "dot1x authenticator interface"
    (outcome,) = apply_plan(first, lab.campaign).outcomes
    assert outcome.status == "failed"
    assert "syntax error" in outcome.message
    assert lab.box.holder is None
    assert not lab.box.modified


@SMALL
def test_somebody_else_at_work_is_told(lab: Lab) -> None:
    first = plan(lab)
    other = JunosSession(lab.box)
    assert "Entering" in other.feed("configure exclusive")
    (outcome,) = apply_plan(first, lab.campaign).outcomes
    assert outcome.status == "failed"
    assert "configuration database locked" in outcome.message
