"""What a site may ask of a switch beyond the usual: taken, shown back, found when it is changed by hand, and gone again
when nobody asks any more. The emulated switch shares no code with the platform."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.intent import DeviceIntent, FixedAddress, SwitchProtection
from punchdown.platforms.cisco_ios.capabilities import refusals
from punchdown.platforms.cisco_ios.state import expectations, observe
from punchdown.render import render_device
from punchdown.values import Verdict
from tests.platforms.cisco_ios.switches import INTENT, Switch, new_switch, source

PROTECTION = SwitchProtection(False, False, "", False, False, False, source("protection", 50))
INSPECTING = replace(
    INTENT,
    protection=replace(
        PROTECTION, arp_inspection=True,
        fixed=(FixedAddress(110, "10.20.10.11", "08:00:0F:10:00:11", "mivb-2", source("hosts.mivb-2", 10)),
               FixedAddress(110, "10.20.10.12", "08:00:0F:10:00:12", "mivb-3", source("hosts.mivb-3", 11)))),
    ports=tuple(replace(port, arp_trusted=port.role == "uplink", arp_rate=0 if port.role == "host" else 15)
                for port in INTENT.ports))
ASKED: dict[str, tuple[DeviceIntent, tuple[str, ...]]] = {
    "arp-inspection": (INSPECTING, (
        "arp access-list PD-arp-110", " permit ip host 10.20.10.11 mac host 0800.0f10.0011",
        "ip arp inspection filter PD-arp-110 vlan 110", "ip arp inspection vlan 110,120,130,199",
        "ip arp inspection validate src-mac dst-mac", " ip arp inspection trust", " ip arp inspection limit none",
        "ip dhcp snooping database flash:punchdown-leases")),
}


def texts(switch: Switch, intent: DeviceIntent) -> list[str]:
    return [step.text.strip() for step in switch.compare(intent).steps]


@pytest.mark.parametrize("name", ASKED)
def test_it_is_taken_shown_back_and_observed(name: str) -> None:
    intent, lines = ASKED[name]
    switch = new_switch(running=intent)
    assert switch.compare(intent).empty, switch.compare(intent).differences
    shown = switch.appliance.running_config().splitlines()
    assert [line for line in lines if line not in shown] == []
    seen = observe(switch.writer(), intent)
    assert not seen.errors
    wanted = {item.key: item.value for item in expectations(intent)}
    assert {key: seen.facts.get(key) for key in wanted if ":mode" not in key} == {
        key: value for key, value in wanted.items() if ":mode" not in key}


@pytest.mark.parametrize("name", ASKED)
def test_it_comes_and_goes(name: str, switch: Switch) -> None:
    intent, lines = ASKED[name]
    switch.push(switch.compare(intent))
    assert switch.compare(intent).empty
    switch.push(switch.compare())
    assert switch.compare().empty
    usual = {line.text for line in render_device(INTENT).documents[0].lines}
    shown = switch.appliance.running_config().splitlines()
    stays = {"ip dhcp snooping database flash:punchdown-leases"}
    assert [line for line in lines if line in shown and line not in usual | stays] == []


@pytest.mark.parametrize("name", ASKED)
def test_each_line_that_is_lacking_is_told_and_put_back(name: str) -> None:
    intent, lines = ASKED[name]
    for line in lines:
        if not line.startswith(" "):
            switch = new_switch(running=intent)
            switch.type(f"no {line}")
            found = switch.compare(intent).differences
            assert Verdict.MISSING in {item.verdict for item in found}, line
            switch.push(switch.compare(intent))
            assert switch.compare(intent).empty, line


def test_inspection_starts_last_and_ends_first(switch: Switch) -> None:
    """Nobody is cut off on the way: ports are trusted and lists stand before it starts, and after it has ended."""
    begins = texts(switch, INSPECTING)
    on = begins.index("ip arp inspection vlan 110,120,130,199")
    assert begins.index("permit ip host 10.20.10.12 mac host 0800.0f10.0012") < on
    assert begins.index("ip arp inspection trust") < begins.index("ip arp inspection filter PD-arp-110 vlan 110") < on
    change = switch.compare(INSPECTING)
    assert "lease" in change.risk_why
    switch.push(change)
    ends = texts(switch, INTENT)
    off = ends.index("no ip arp inspection vlan 110,120,130,199")
    assert off < ends.index("no ip arp inspection trust")
    unbound = ends.index("no ip arp inspection filter PD-arp-110 vlan 110")
    assert off < unbound < ends.index("no arp access-list PD-arp-110")


def test_a_vlan_more_or_less_under_inspection(switch: Switch) -> None:
    switch.push(switch.compare(INSPECTING))
    switch.type("no ip arp inspection vlan 120", "ip arp inspection vlan 999")
    assert texts(switch, INSPECTING) == ["no ip arp inspection vlan 999", "ip arp inspection vlan 120"]


def test_a_fixed_address_changes_before_the_old_one_goes(switch: Switch) -> None:
    switch.push(switch.compare(INSPECTING))
    assert INSPECTING.protection
    station = replace(INSPECTING.protection.fixed[0], mac="08:00:0F:10:00:99")
    changed = replace(INSPECTING, protection=replace(INSPECTING.protection, fixed=(station,)))
    assert texts(switch, changed) == [
        "arp access-list PD-arp-110", "permit ip host 10.20.10.11 mac host 0800.0f10.0099",
        "no permit ip host 10.20.10.11 mac host 0800.0f10.0011",
        "no permit ip host 10.20.10.12 mac host 0800.0f10.0012"]
    differences = switch.compare(changed).differences
    assert "10.20.10.11 mac host 0800.0f10.0099 loses the network" in {item.meaning for item in differences}


def test_inspection_without_leases_is_refused() -> None:
    silent = replace(INSPECTING, ports=tuple(replace(port, dhcp_trusted=False) for port in INSPECTING.ports))
    assert any("leases" in reason for reason in refusals(silent))
    assert not any("leases" in reason for reason in refusals(INSPECTING))


def test_a_vlan_that_is_not_inspected_is_seen() -> None:
    switch = new_switch(running=INSPECTING)
    switch.type("no ip arp inspection vlan 120")
    facts = observe(switch.writer(), INSPECTING).facts
    assert facts["arp-inspection:110"] is True
    assert facts["arp-inspection:120"] is False
