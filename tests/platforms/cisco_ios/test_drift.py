"""Differences: what the device shows in other words is none, and what is one says what it means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.intent import DeviceIntent
from punchdown.values import Verdict
from tests.platforms.cisco_ios.switches import INTENT, IOS, KNOWN, Switch, new_switch, render_device, shown

PORT_1 = ("interface GigabitEthernet1/0/1",)


def test_nothing_to_do_after_a_push(switch: Switch) -> None:
    change = switch.compare()
    assert change.differences == ()
    assert change.steps == ()


@pytest.mark.parametrize("version", ["15.2.7", "16.12.4", "17.9.4", "17.12.4"])
def test_every_release_is_in_order_after_a_push(version: str) -> None:
    assert new_switch(version, INTENT).compare().differences == ()


def test_dot1x_taken_off_a_port(switch: Switch) -> None:
    switch.type("interface Gi1/0/1", "no authentication port-control")
    (difference,) = switch.compare().differences
    assert difference.verdict is Verdict.MISSING
    assert difference.path == PORT_1
    assert difference.meaning == "802.1X is off on port GigabitEthernet1/0/1"
    assert difference.severity == "high"
    assert difference.source.field == "dot1x"


def test_acl_lines_swapped(switch: Switch) -> None:
    text = switch.running().text("running-config")
    first = " 30 permit tcp host 10.20.10.11 eq 1752 host 10.20.40.15 established\n"
    second = " 40 deny udp host 10.20.10.11 10.20.32.0 0.0.0.255 log\n"
    assert first in text
    assert second in text
    swapped = text.replace(first + second, " 30" + second[3:] + " 40" + first[3:])
    change = IOS.compare(INTENT, render_device(INTENT), shown(swapped), KNOWN)
    (difference,) = change.differences
    assert difference.verdict is Verdict.REORDERED
    assert "10.20.32.0" in difference.meaning or "TCP 1752 on mivb-2" in difference.meaning


def test_a_permit_too_many_says_who_can_open_what(switch: Switch) -> None:
    switch.type(
        "ip access-list extended PD-from-mivb-2", "35 permit tcp host 10.20.10.11 eq 1752 host 10.20.32.7 established"
    )
    (difference,) = switch.compare().differences
    assert difference.verdict is Verdict.EXTRA
    assert difference.meaning == "10.20.32.7 can open TCP 1752 on mivb-2 (10.20.10.11)"


def test_radius_server_removed(switch: Switch) -> None:
    switch.type("aaa group server radius punchdown", "no server name radius-2", "no radius server radius-2")
    change = switch.compare()
    meanings = {difference.meaning for difference in change.differences}
    assert "RADIUS server radius-2 is not configured" in meanings
    assert "RADIUS server radius-2 is not asked" in meanings
    texts = [step.text.strip() for step in change.steps]
    assert texts.index("radius server radius-2") < texts.index("server name radius-2")
    assert "key <secret:radius-sw-acc-1>" in texts


def test_trunk_widened(switch: Switch) -> None:
    switch.type("interface Gi1/0/8", "switchport trunk allowed vlan add 150")
    change = switch.compare()
    assert {difference.meaning for difference in change.differences} == {
        "trunk GigabitEthernet1/0/8 also carries VLAN 150"
    }
    assert [step.text.strip() for step in change.steps][1:] == ["switchport trunk allowed vlan remove 150"]


def test_trunk_open_to_all(switch: Switch) -> None:
    switch.type("interface Gi1/0/8", "no switchport trunk allowed vlan")
    change = switch.compare()
    assert [difference.verdict for difference in change.differences] == [Verdict.MISSING]
    assert "also carries VLAN 1-109" in change.differences[0].meaning
    switch.push(change)
    assert switch.compare().empty


def test_cosmetic_spellings_are_no_drift(switch: Switch) -> None:
    text = switch.running().text("running-config")
    for shown_as, other in (
        ("interface GigabitEthernet1/0/1\n", "interface Gi1/0/1\n"),
        ("allowed vlan 110,120,130,199", "allowed vlan 110,120,130\n switchport trunk allowed vlan add 199"),
        ("set dscp ef", "set dscp 46"),
        ("any dscp cs3", "any dscp 24"),
        ("host 10.20.10.11", "10.20.10.11 0.0.0.0"),
        ("deny ip any any", "deny 0 0.0.0.0 255.255.255.255 any"),
        ("eq ntp", "eq 123"),
        ("level 1.00", "level 1"),
        ("spanning-tree portfast\n", "spanning-tree portfast edge\n"),
        ("10.20.98.0 0.0.0.255", "10.20.98.77 0.0.0.255"),
        ("10 permit 10.20.99.100", "10 permit host 10.20.99.100"),
        ("line vty 5 15", "line vty 5 8"),
    ):
        assert shown_as in text, shown_as
        text = text.replace(shown_as, other)
    text = text.replace("deny 0 0.0", "deny ip 0.0") + "".join(
        f"line vty {n}\n access-class PD-vty in\n exec-timeout 15 0\n transport input ssh\n" for n in range(9, 16)
    )
    change = IOS.compare(INTENT, render_device(INTENT), shown(text), KNOWN)
    assert change.differences == ()


def test_an_unsecured_login_line_beyond_ours_is_found(switch: Switch) -> None:
    switch.type("line vty 16 31", "transport input telnet ssh")
    differences = switch.compare().differences
    assert ("line vty 16 31",) in {difference.path for difference in differences}
    switch.push(switch.compare())
    assert switch.compare().empty


def test_a_secret_without_a_key_is_unknown_never_in_order(switch: Switch) -> None:
    change = IOS.compare(INTENT, render_device(INTENT), switch.running(), {})
    assert [difference.verdict for difference in change.differences] == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert change.steps == ()


def test_a_changed_secret_is_found_and_never_shown(switch: Switch) -> None:
    switch.type("radius server radius-1", "key somebodys-own")
    change = switch.compare()
    assert {difference.verdict for difference in change.differences} == {Verdict.MISSING, Verdict.EXTRA}
    assert "somebodys-own" not in repr(change)
    assert [step.text.strip() for step in change.steps][-1] == "key <secret:radius-sw-acc-1>"


def test_what_is_not_ours_is_unmanaged_and_stays(switch: Switch) -> None:
    switch.type("vlan 777", "name theirs", "interface Gi1/0/4", "description theirs", "snmp-server location here")
    change = switch.compare()
    assert change.differences == ()
    assert {"vlan 777", "interface GigabitEthernet1/0/4", "snmp-server location here"} <= set(change.unmanaged)


def without_vlan(number: int) -> DeviceIntent:
    """The intent when a segment has left the definition: no port is in its VLAN any more."""
    ports = tuple(replace(port, voice_vlan=0 if port.voice_vlan == number else port.voice_vlan,
                          tagged=tuple(vlan for vlan in port.tagged if vlan != number)) for port in INTENT.ports)
    return replace(INTENT, ports=ports, vlans=tuple(vlan for vlan in INTENT.vlans if vlan.id != number))


def test_a_vlan_that_we_made_goes_with_its_segment(switch: Switch) -> None:
    left = without_vlan(120)
    change = switch.compare(left)
    (difference,) = [item for item in change.differences if item.line == "vlan 120"]
    assert difference.verdict is Verdict.EXTRA
    assert difference.meaning == "VLAN 120 is left over: no segment has it"
    sent = switch.push(change)
    assert sent.index("no vlan 120") > max(at for at, line in enumerate(sent) if "voice vlan" in line)
    assert "vlan 120" not in switch.appliance.running_config().splitlines()
    assert switch.compare(left).differences == ()


@pytest.mark.parametrize(
    "foreign",
    [
        ("interface Gi1/0/4", "switchport mode access", "switchport access vlan 120"),
        ("interface Gi1/0/4", "switchport mode trunk", "switchport trunk allowed vlan 10,100-130"),
        ("interface Vlan120", "ip address 192.0.2.1 255.255.255.0"),
    ],
)
def test_a_vlan_that_something_foreign_uses_stays(switch: Switch, foreign: tuple[str, ...]) -> None:
    switch.type(*foreign)
    change = switch.compare(without_vlan(120))
    assert "vlan 120" not in {item.line for item in change.differences}
    assert "vlan 120" in change.unmanaged


def test_a_vlan_of_somebody_else_stays_whatever_we_had_there(switch: Switch) -> None:
    switch.type("vlan 120", "name theirs")
    change = switch.compare(without_vlan(120))
    assert "vlan 120" not in {item.line for item in change.differences}
    assert "vlan 120" in change.unmanaged


def test_a_segment_may_move_to_another_vlan_number(switch: Switch) -> None:
    moved = replace(INTENT, vlans=tuple(replace(vlan, id=121) if vlan.id == 120 else vlan for vlan in INTENT.vlans),
                    ports=tuple(replace(port, voice_vlan=121 if port.voice_vlan else 0,
                                        tagged=tuple(121 if vlan == 120 else vlan for vlan in port.tagged))
                                for port in INTENT.ports), qos=replace(INTENT.qos, voice_vlans=(121,)))
    switch.push(switch.compare(moved))
    assert switch.compare(moved).differences == ()
    assert "vlan 120" not in switch.appliance.running_config().splitlines()


def test_a_name_that_the_device_would_refuse_is_refused_before() -> None:
    long = replace(INTENT, vlans=(replace(INTENT.vlans[0], name="a" * 30), *INTENT.vlans[1:]))
    assert IOS.refusals(long) == (f"VLAN 110: the name PD-{'a' * 30} has more than 32 characters",)


def test_a_foreign_time_source_is_taken_away(switch: Switch) -> None:
    switch.type("ntp server 192.0.2.1")
    assert [step.text for step in switch.compare().steps] == ["no ntp server 192.0.2.1"]


def test_a_line_too_many_below_our_port_is_taken_away(switch: Switch) -> None:
    switch.type("interface Gi1/0/1", "authentication open")
    change = switch.compare()
    assert change.differences[0].meaning == "port GigabitEthernet1/0/1 lets frames in before they are authenticated"
    switch.push(change)
    assert switch.compare().empty


def test_a_port_without_a_reason_left_is_refused() -> None:
    mixed = replace(INTENT, ports=(replace(INTENT.ports[0], ipv6_vlans=(120,), filter_in="guard"),))
    assert "can't tell them apart" in IOS.refusals(mixed)[0]
    assert IOS.refusals(INTENT) == ()
