"""What the model decides: how a switch marks, how it tags trunks, how it probes RADIUS servers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from punchdown.intent import DeviceIntent, LinkIntent
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.platforms.cisco_ios.capabilities import refusals
from tests.platforms.cisco_ios.switches import INTENT, Switch, closed, port, trunk

MODELS = {"WS-C2960X-24PS-L": "15.2(7)E", "WS-C3750X-24P": "15.2(4)E", "C9300-48P": "17.9.4"}
LINK = LinkIntent("pair", 3, ("GigabitEthernet1/0/4", "GigabitEthernet1/0/7"), "active", 1, trunk(4, 110, 120))


def switch_of(model: str) -> Switch:
    clock = ManualClock()
    return Switch(IosAppliance(ApplianceSpec("Switch", model=model, version=MODELS[model], ports=8), clock), clock)


def intent_of(model: str) -> DeviceIntent:
    return replace(INTENT, model=model, links=(LINK,))


def sections(switch: Switch) -> dict[str, list[str]]:
    blocks = re.split(r"\n(?! )", switch.appliance.running_config())
    return {head: [line.strip() for line in body] for head, *body in (block.splitlines() or [""] for block in blocks)}


@pytest.mark.parametrize("model", MODELS)
def test_each_model_in_its_own_words(model: str) -> None:
    intent, switch = intent_of(model), switch_of(model)
    assert not refusals(intent)
    change = switch.compare(intent)
    switch.push(change)
    assert switch.compare(intent).empty, switch.compare(intent).differences
    text, shown = switch.appliance.running_config(), sections(switch)
    phone, pc, pbx, uplink, member, bundle = (shown[f"interface {name}"] for name in (
        *(f"GigabitEthernet1/0/{number}" for number in (1, 3, 5, 8, 4)), "Port-channel3"))
    assert "service-policy input PD-phone-and-pc" in phone
    mls, tags = not model.startswith("C9"), model.startswith("WS-C3750")
    assert ("mls qos" in shown) is mls
    assert [("mls qos trust dscp" in lines) for lines in (phone, pc, pbx, uplink, member, bundle)] == [
        False, False, mls, mls, mls, False]
    assert [("priority-queue out" in lines) for lines in (phone, pc, pbx, uplink, member, bundle)] == [
        mls, mls, mls, mls, mls, False]
    assert ("service-policy input PD-untrusted" in pc) is not mls
    assert [("switchport trunk encapsulation dot1q" in lines) for lines in (phone, uplink, member, bundle)] == [
        False, tags, tags, tags]
    assert ("automate-tester username punchdown-probe probe-on" in text) is not mls
    if mls:
        sent = [step.text.strip() for step in change.steps]
        assert sent.index("mls qos") > max(at for at, line in enumerate(sent) if line == "mls qos trust dscp")


def test_what_a_port_trusts_changes_with_its_role() -> None:
    """Marks of a port are believed, or a policy rewrites them: never both, and what was before goes first."""
    model = "WS-C2960X-24PS-L"
    switch = switch_of(model)
    switch.push(switch.compare(intent_of(model)))
    turned = replace(intent_of(model), ports=tuple(
        port(5) if item.name.endswith("/5") else closed(8) if item.name.endswith("/8") else item
        for item in INTENT.ports))
    change = switch.compare(turned)
    sent = [step.text.strip() for step in change.steps]
    assert sent.index("no mls qos trust dscp") < sent.index("service-policy input PD-phone-and-pc")
    switch.push(change)
    assert switch.compare(turned).empty
    switch.push(switch.compare(intent_of(model)))
    assert switch.compare(intent_of(model)).empty


def test_a_model_that_was_not_named_keeps_what_tags_its_trunks() -> None:
    """A line that the definition does not ask for, and that the device needs, is no difference."""
    switch = switch_of("WS-C3750X-24P")
    switch.push(switch.compare(intent_of("WS-C3750X-24P")))
    found = switch.compare(intent_of("")).differences
    assert not [item for item in found if "encapsulation" in item.line]
