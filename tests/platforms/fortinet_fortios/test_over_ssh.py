"""Over SSH, by punchdown's own sessions: plan, apply, look again; and everything that can go wrong in between."""

from dataclasses import replace

import pytest
from netmiko import ConnectHandler

from punchdown.campaign import apply_plan
from punchdown.lab.emulated import Faults
from punchdown.values import Plan
from tests.platforms.fortinet_fortios.conftest import PASSWORD, VLANS


def started(rendered):
    """A start-up configuration that lacks one policy and has one helper too many."""
    head, _, tail = rendered.rpartition("\n    edit ")
    return VLANS + head.replace("    delete 13\n", "") + tail[tail.index("    next\n") + 8:]


def test_from_the_factory_to_what_is_declared(wall):
    made = wall()
    change, pending = made.look()
    assert change.steps
    assert not pending
    (outcome,) = apply_plan(Plan("viseu", (change,)), made.campaign).outcomes
    assert outcome.status == "changed", outcome.message
    left, pending = made.look()
    assert (left.differences, left.steps, pending) == ((), (), False)
    made.box.restart()
    assert made.look()[0].differences == ()


def test_netmikos_own_driver_logs_in(wall):
    made = wall()
    session = ConnectHandler(device_type="fortinet", host="127.0.0.1", port=made.fleet.ports["fw-1"],
                             username="punchdown", password=PASSWORD, disabled_algorithms={"kex": ["none"]})
    try:
        assert "FGVM64 v7.4.4" in session.send_command("get system status")
    finally:
        session.disconnect()


FAULTS = {
    "refused": {"refuse": "set name"}, "session dies": {"drop_on": "set name"},
    "power fails": {"restart_on": "set name"}, "power fails after the commit": {"restart_on": "transaction commit"},
    "session dies at the commit": {"drop_on": "transaction commit"}, "confirmation lost": {"lose_confirm": True},
    "the timer is short": {"timer_factor": 0.0},
}


@pytest.mark.parametrize(("fault", "keeps_switch"), [*((fault, True) for fault in FAULTS), ("power fails", False),
                                                     ("the timer is short", False)])
def test_the_old_or_the_new_configuration_and_never_half(wall, rendered, fault, keeps_switch):
    """Whether the unit keeps the switch that arms its timer, the vendor does not say; the contract suite takes the
    other answer."""
    made = wall(Faults(**FAULTS[fault]), started(rendered))
    made.box.keeps_switch = keeps_switch
    change, _ = made.look()
    assert {item.verdict for item in change.differences} == {"missing", "extra"}
    (outcome,) = apply_plan(Plan("viseu", (change,)), made.campaign).outcomes
    left, pending = made.look()
    assert not pending
    assert outcome.status == "rolled-back", outcome.message
    assert left.differences == change.differences


def test_a_verification_that_takes_too_long(wall, rendered):
    made = wall(startup=started(rendered))
    change, _ = made.look()
    calls = []

    def slow(reader):
        calls.append(reader)
        made.campaign.sleep(601.0 if len(calls) > 1 else 0.0)
        return made.verified(reader)

    (outcome,) = apply_plan(Plan("viseu", (change,)), replace(made.campaign, verify=slow)).outcomes
    assert outcome.status == "rolled-back", outcome.message
    assert made.look()[0].differences == change.differences
