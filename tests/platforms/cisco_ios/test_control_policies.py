"""The new style of port access control: it means what the classic one means, at every step and in every table."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from punchdown.errors import RejectedError
from punchdown.intent import DeviceIntent, Vlan
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.lab.emulated.cisco_ios.appliance import AuthSession
from punchdown.platforms.cisco_ios.adopt import ADOPTER
from punchdown.platforms.cisco_ios.state import observe
from punchdown.render import render_device
from punchdown.values import Verdict
from punchdown.values.adopted import Fate
from tests.platforms.cisco_ios.switches import INTENT, IOS, Switch, closed, new_switch, resolve, source

_POLICY = "policy-map type control subscriber PD-dot1x-mab-critical-voice"


def asking(**changes: object) -> DeviceIntent:
    """The new style, with port access control that differs."""
    guests = tuple(Vlan(number, name, "guest", "", "", source("segments", 9)) for number, name in (
        (170, "guests"), (171, "wrong")))
    ports = tuple(replace(port, dot1x=port.dot1x and replace(port.dot1x, **changes))  # type: ignore[arg-type]
                  for port in INTENT.ports)
    return replace(INTENT, authentication="ibns2", ports=ports, vlans=(*INTENT.vlans, *guests))


ASKED = {
    "usual": asking(), "guests": asking(guest_vlan=170), "wrong": asking(auth_fail_vlan=171),
    "both": asking(guest_vlan=170, auth_fail_vlan=170), "unlike": asking(guest_vlan=170, auth_fail_vlan=171),
    "no MAB": asking(mab=False), "no MAB, guests": asking(mab=False, guest_vlan=170),
    "closed": asking(dead="closed"), "shared": asking(host_mode="multi-auth"),
    "alone": asking(host_mode="single-host", critical_vlan=0, reauth_seconds=7200, tx_period_seconds=30),
}


def switch_of(running: DeviceIntent | None = None) -> Switch:
    """A switch that was converted."""
    clock = ManualClock()
    made = Switch(IosAppliance(ApplianceSpec("Switch", version="17.9.4", ports=8, style="new-style"), clock), clock)
    if running:
        made.push(made.compare(running))
    return made


def guards(text: str, intent: DeviceIntent) -> tuple[list[tuple[str, bool, int]], bool]:
    """(port, who is not authenticated is kept out, VLAN of who is let in all the same), and whether all was read."""
    policy = IOS.policy(intent, {"running-config": text})
    declared = {port.name for port in intent.ports}
    return [(port.name, port.guarded, port.guest) for port in policy.ports if port.name in declared], not policy.unread


@pytest.mark.parametrize("name", ASKED)
def test_the_proof_reads_the_same_in_both_styles(name: str) -> None:
    texts = [render_device(replace(ASKED[name], authentication=style)).documents[0].text
             for style in ("classic", "ibns2")]
    old, new = (guards(text, ASKED[name]) for text in texts)
    assert old == new
    assert any(guarded for _, guarded, _ in new[0])
    assert new[1] is (name != "unlike")


@pytest.mark.parametrize("name", ASKED)
def test_an_import_reads_the_same_in_both_styles(name: str) -> None:
    old, new = (ADOPTER.read("sw", "", {"running-config": render_device(
        replace(ASKED[name], authentication=style)).documents[0].text}) for style in ("classic", "ibns2"))
    assert (old.authentication, new.authentication) == ("classic", "ibns2")
    assert [port.auth for port in old.ports] == [port.auth for port in new.ports]
    assert any(port.auth for port in new.ports)
    assert [line.line.text for line in new.lines if line.fate is Fate.UNMANAGED] == [
        line.line.text for line in old.lines if line.fate is Fate.UNMANAGED]


def test_from_each_to_each_and_nothing_is_left() -> None:
    """Whoever was kept out on both sides is kept out at every step; each is taken, shown back and idempotent."""
    bare = replace(asking(), ports=tuple(closed(number) for number in (1, 2, 3, 5, 6, 8)))
    switch = switch_of(bare)
    before = switch.appliance.running_config().splitlines()
    way = ("usual", "both", "no MAB, guests", "closed", "shared", "usual")
    for one, other in pairwise(ASKED[name] for name in way):
        switch.push(switch.compare(one))
        assert switch.compare(one).empty
        kept = {port: guest for port, guarded, guest in guards(switch.appliance.running_config(), one)[0] if guarded}
        change = switch.compare(other)
        for _, documents in IOS.states({"running-config": switch.appliance.running_config()}, change):
            found = {port: guest for port, guarded, guest in guards(documents["running-config"], one)[0] if guarded}
            assert set(found) == set(kept)
    switch.push(switch.compare(bare))
    assert switch.compare(bare).empty
    left = set(switch.appliance.running_config().splitlines()) - set(before)
    assert not [line for line in left if "subscriber" in line or "PD-dot1x" in line or line.startswith("service-")]


WRONG = (
    (("interface gi1/0/1", "no access-session closed"), "lets frames in before they are authenticated"),
    (("interface gi1/0/1", "no access-session port-control"), "802.1X is off on port"),
    (("interface gi1/0/1", "no service-policy type control subscriber"), "does not do what PD-dot1x-mab-critical-"),
    (("interface gi1/0/1", "access-session host-mode multi-host"), ""),
    (("service-template PD-critical", "vlan 120"), "PD-critical of port access control"),
    ((_POLICY, "event authentication-failure match-first", "60 class always do-until-failure", "20 authorize"),
     "PD-dot1x-mab-critical-voice of port access control"),
    ((_POLICY, "event authentication-failure match-first", "30 class always do-until-failure", "10 authorize"),
     "PD-dot1x-mab-critical-voice of port access control"),
    ((_POLICY, "no event violation"), "PD-dot1x-mab-critical-voice of port access control"),
    (("class-map type control subscriber match-all PD-server-down", "no match result-type aaa-timeout"),
     "PD-server-down of port access control"),
)


def test_what_was_changed_by_hand_is_told_and_put_back() -> None:
    switch = switch_of(ASKED["usual"])
    for lines, told in WRONG:
        switch.type(*lines)
        change = switch.compare(ASKED["usual"])
        assert any(told in item.meaning for item in change.differences), lines
        assert not told or {"high"} <= {item.severity for item in change.differences}
        assert "ports must authenticate again" in change.risk_why or lines[0].startswith(("service", "class"))
        switch.push(change)
        assert switch.compare(ASKED["usual"]).empty, lines


def test_a_device_of_the_other_style_is_not_touched() -> None:
    """The conversion is for good, so no timer could take it back: it is left to people."""
    for switch, intent, words in ((new_switch(), ASKED["usual"], "authentication convert-to new-style"),
                                  (switch_of(), INTENT, "authentication: ibns2")):
        before = switch.appliance.running_config()
        assert words not in switch.compare(intent).risk_why
        with pytest.raises(RejectedError, match=words):
            IOS.safe_change().stage(switch.writer(), switch.compare(intent), resolve)
        assert switch.appliance.running_config() == before
    switch = new_switch()
    switch.writer().run("authentication convert-to new-style forced")
    switch.push(switch.compare(ASKED["usual"]))
    assert switch.compare(ASKED["usual"]).empty
    assert not [line for line in switch.compare(ASKED["usual"]).unmanaged if "DEFAULT_" in line]


def test_a_plan_says_what_ports_show_of_the_style(switch: Switch) -> None:
    assert "authentication convert-to new-style" in switch.compare(ASKED["usual"]).risk_why
    change = switch_of(ASKED["usual"]).compare(INTENT)
    assert "say `authentication: ibns2` on it" in change.risk_why
    assert change.risk == "high"


def test_what_is_not_confirmed_goes_back_in_the_new_style() -> None:
    switch = switch_of(ASKED["usual"])
    before = switch.running().text("running-config")
    writer, safe = switch.writer(), IOS.safe_change()
    safe.stage(writer, switch.compare(ASKED["guests"]), resolve)
    safe.commit(writer, 60)
    assert "PD-dot1x-mab-critical-voice-guest" in switch.appliance.running_config()
    switch.clock.advance(3600)
    assert switch.running().text("running-config") == before


def test_sessions_are_read_from_the_table_of_the_style() -> None:
    switch = switch_of(ASKED["usual"])
    switch.appliance.auth_sessions = [AuthSession("GigabitEthernet1/0/1", "0800.0f10.0101", "mab", "VOICE")]
    seen = observe(switch.writer(), ASKED["usual"])
    assert not seen.errors
    assert seen.facts["port:GigabitEthernet1/0/1:sessions"] == ["0800.0f10.0101 mab VOICE Auth"]
    assert seen.life["sessions"] == 1


def test_policies_that_let_somebody_in() -> None:
    """An authorisation without an answer lets in; a VLAN of its own makes a guest; what is not known is told."""
    text = render_device(ASKED["usual"]).documents[0].text
    always = "  60 class always do-until-failure\n   10 terminate dot1x\n   20 terminate mab\n"

    def first(old: str, new: str) -> tuple[bool, int, bool]:
        assert old in text
        ports, read = guards(text.replace(old, new), ASKED["usual"])
        return (*ports[0][1:], read)

    assert first(always, always) == (True, 0, True)
    assert first(always, f"{always}   25 authorize\n") == (False, 0, True)
    assert first(always, f"{always}   25 activate service-template PD-critical\n   26 authorize\n") == (True, 130, True)
    assert first(always, f"{always}   25 authenticate using webauth\n") == (True, 0, False)
    assert first(" access-session closed\n", "") == (False, 0, True)
    assert first(f" service-policy type control subscriber {_POLICY.split()[-1]}\n", "") == (True, 0, False)
    assert first("match result-type aaa-timeout\n match authorization-status unauthorized",
                 "match authorization-status unauthorized") == (True, 130, True)


def test_policies_have_no_number_twice() -> None:
    for intent in ASKED.values():
        text = render_device(intent).documents[0].text
        for body in re.findall(r"^policy-map type control .*\n((?: .*\n)*)", text, re.MULTILINE):
            for actions in re.split(r"^  \d+ class .*\n", body, flags=re.MULTILINE):
                numbers = re.findall(r"^   (\d+) ", actions, re.MULTILINE)
                assert len(numbers) == len(set(numbers))


def test_an_edited_number_is_put_back_in_order() -> None:
    """What holds the number goes before the line that should have it."""
    switch = switch_of(ASKED["usual"])
    switch.type(_POLICY, "event violation match-all", "10 class always do-until-failure", "no 10 restrict",
                "10 protect")
    change = switch.compare(ASKED["usual"])
    assert {item.verdict for item in change.differences} == {Verdict.MISSING, Verdict.EXTRA}
    sent = [step.text.strip() for step in change.steps]
    assert sent.index("no 10 protect") < sent.index("10 restrict")
