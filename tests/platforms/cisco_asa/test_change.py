"""The safe change over real SSH on the emulated ASA: old or new configuration, whatever happens in between."""

from __future__ import annotations

from dataclasses import replace

from punchdown.campaign import apply_plan
from punchdown.devices import open_reader
from punchdown.lab.emulated import Faults
from punchdown.values import Plan, Verdict
from tests.platforms.cisco_asa.conftest import Lab, compared, verified

TYPED = """\
access-list PD-in-lan30 line 1 extended permit tcp any any eq ssh
no nat (lan50,wan0) source static PD-h-10.80.50.10 PD-h-198.51.100.80 service PD-s-tcp-443 PD-s-tcp-443
telnet 0 0 lan30
policy-map global_policy
class inspection_default
inspect sip
"""


def applied(lab: Lab, **changes: object) -> str:
    campaign = replace(lab.campaign, **changes)  # type: ignore[arg-type]
    (outcome,) = apply_plan(Plan("viseu", (lab.look(),)), campaign).outcomes
    return outcome.status


def test_planned_applied_verified_and_in_order(lab: Lab) -> None:
    assert lab.look().risk == "high"
    assert applied(lab) == "changed"
    assert lab.look().empty
    session = open_reader(lab.campaign.operator, lab.campaign.targets["fw-1"])
    assert compared(session).empty
    assert verified(session).findings == ()
    session.close()
    assert lab.box.reload_at is None
    lab.box.restart()
    assert lab.look().empty


def test_what_somebody_types_beside_is_drift_and_goes(lab: Lab) -> None:
    assert applied(lab) == "changed"
    typed = lab.box.configurator()
    for line in TYPED.splitlines():
        assert not typed.feed(line).refused
    found = lab.look()
    assert {(item.verdict, item.meaning) for item in found.differences} == {
        (Verdict.EXTRA, "anyone can open TCP ssh on anything"),
        (Verdict.MISSING, "packets are not translated as declared"),
        (Verdict.EXTRA, "0.0.0.0 may log in by TELNET"),
        (Verdict.EXTRA, "the firewall rewrites SIP (SIP ALG)")}
    assert {item.severity for item in found.differences} == {"high"}
    assert applied(lab) == "changed"
    assert lab.look().empty


def test_a_refused_line_ends_in_the_old_configuration_without_a_restart(lab: Lab) -> None:
    before, generation = lab.look(), lab.box.generation
    lab.box.faults = Faults(refuse="^nat .*5061")
    assert applied(lab) == "rolled-back"
    lab.box.faults = Faults()
    assert lab.look().base == before.base
    assert lab.box.generation == generation
    assert lab.box.reload_at is None


def test_what_outlives_the_timer_restarts_into_the_old_configuration(lab: Lab) -> None:
    before, generation = lab.look(), lab.box.generation
    lab.box.faults = Faults(timer_factor=0.0)
    assert applied(lab) == "rolled-back"
    assert lab.look().base == before.base
    assert lab.box.generation > generation


def test_power_that_fails_in_between_ends_in_the_old_configuration(lab: Lab) -> None:
    before = lab.look()
    lab.box.faults = Faults(restart_on="^access-group PD-in-lan40")
    assert applied(lab) == "rolled-back"
    assert lab.look().base == before.base


def test_a_session_that_dies_ends_in_the_old_configuration(lab: Lab) -> None:
    before = lab.look()
    lab.box.faults = Faults(drop_on="^access-group PD-in-lan40")
    assert applied(lab) == "rolled-back"
    assert lab.look().base == before.base
    assert lab.box.reload_at is None


def test_a_confirmation_that_is_lost_ends_in_one_of_the_two(lab: Lab) -> None:
    before = lab.look()
    lab.box.faults = Faults(lose_confirm=True)
    status = applied(lab)
    now = lab.look()
    assert (status, now.empty) == ("changed", True) or (status, now.base) == ("rolled-back", before.base)
    assert lab.box.reload_at is None
