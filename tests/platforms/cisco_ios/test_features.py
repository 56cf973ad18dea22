"""What a site may ask of a switch beyond the usual: taken, shown back, found when it is changed by hand, and gone again
when nobody asks any more. The emulated switch shares no code with the platform."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from punchdown.intent import DeviceIntent, FixedAddress, RadiusServer, SnmpAccess, SwitchProtection
from punchdown.platforms.cisco_ios.capabilities import refusals
from punchdown.platforms.cisco_ios.snmp import SnmpUser, read_users
from punchdown.platforms.cisco_ios.state import expectations, observe
from punchdown.render import render_device
from punchdown.values import Verdict
from tests.platforms.cisco_ios.switches import (
    INTENT,
    IOS,
    KNOWN,
    Switch,
    closed,
    new_switch,
    port,
    shown,
    source,
)

PROTECTION = SwitchProtection(False, False, "", False, False, False, source("protection", 50))
INSPECTING = replace(
    INTENT,
    protection=replace(
        PROTECTION, arp_inspection=True,
        fixed=(FixedAddress(110, "10.20.10.11", "08:00:0F:10:00:11", "mivb-2", source("hosts.mivb-2", 10)),
               FixedAddress(110, "10.20.10.12", "08:00:0F:10:00:12", "mivb-3", source("hosts.mivb-3", 11)))),
    ports=tuple(replace(item, arp_trusted=item.role == "uplink", arp_rate=0 if item.role == "host" else 15)
                for item in INTENT.ports))
SNMP = SnmpAccess("punchdown", "sha256", "aes128", ("10.20.99.100", "10.20.99.7"), True, source("management.snmp", 60))
POLLED = replace(INTENT, management=replace(INTENT.management, snmp=SNMP))
CHANGING = replace(INTENT, ports=tuple(replace(item, dot1x=item.dot1x and replace(item.dot1x, coa=True))
                                       for item in INTENT.ports))
SENSOR = port(7, role="mirror", description="sensor", access_vlan=999, voice_vlan=0, dot1x=None, lldp_med=False,
              storm_control=False, mirrors=tuple(f"GigabitEthernet1/0/{number}" for number in (1, 2, 3, 5)))
MIRRORING = replace(INTENT, ports=(*INTENT.ports, SENSOR))
GUARDING = replace(INTENT, protection=replace(PROTECTION, source_guard=True), ports=tuple(
    replace(item, hosts=(("08:00:0F:10:00:11", "10.20.10.11", ""),)) if item.role == "host" else item
    for item in INTENT.ports))
CHECKED = tuple(RadiusServer(f"login-{number}", f"10.20.99.{20 + number}", 49, 49, "tacacs-sw-acc-1",
                             source("management.aaa.servers", 61 + number)) for number in (1, 2))
TACACS = replace(INTENT, management=replace(INTENT.management, login="tacacs", login_servers=CHECKED,
                                            login_accounting=True))
RADIUS = replace(INTENT, management=replace(INTENT.management, login="radius", login_servers=(
    INTENT.radius_servers[1], replace(INTENT.radius_servers[0], name="login-1", address="10.20.99.21"))))
ASKED: dict[str, tuple[DeviceIntent, tuple[str, ...]]] = {
    "arp-inspection": (INSPECTING, (
        "arp access-list PD-arp-110", " permit ip host 10.20.10.11 mac host 0800.0f10.0011",
        "ip arp inspection filter PD-arp-110 vlan 110", "ip arp inspection vlan 110,120,130,199",
        "ip arp inspection validate src-mac dst-mac", " ip arp inspection trust", " ip arp inspection limit none",
        "ip dhcp snooping database flash:punchdown-leases")),
    "coa": (CHANGING, ("aaa server radius dynamic-author", " port 3799")),
    "source-guard": (GUARDING, (
        "ip source binding 0800.0F10.0011 vlan 110 10.20.10.11 interface Gi1/0/5", " ip verify source")),
    "tacacs": (TACACS, (
        "aaa group server tacacs+ PD-login-tacacs", " server name PD-login-2",
        " ip tacacs source-interface Vlan199", "aaa authentication login default group PD-login-tacacs local",
        "aaa authorization exec default group PD-login-tacacs local if-authenticated",
        "aaa accounting commands 15 default start-stop group PD-login-tacacs")),
    "radius": (RADIUS, (
        "aaa group server radius PD-login-radius", " server name login-1", " ip radius source-interface Vlan199",
        "aaa authentication login default group PD-login-radius local")),
    "mirror": (MIRRORING, (
        "monitor session 1 source interface Gi1/0/1 - 3 , Gi1/0/5", "monitor session 1 destination interface Gi1/0/7")),
    "snmp": (POLLED, (
        "ip access-list standard PD-snmp", "snmp-server view PD-all iso included",
        "snmp-server group PD-monitoring v3 priv read PD-all access PD-snmp",
        "snmp-server host 10.20.99.100 version 3 priv punchdown",
        "snmp-server enable traps snmp authentication linkdown linkup coldstart warmstart")),
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
    bare = replace(INTENT, ports=(*INTENT.ports, closed(7)))
    switch.push(switch.compare(intent))
    assert switch.compare(intent).empty
    switch.push(switch.compare(bare))
    assert switch.compare(bare).empty
    usual = {line.text for line in render_device(bare).documents[0].lines}
    shown = switch.appliance.running_config().splitlines()
    stays = {"ip dhcp snooping database flash:punchdown-leases", "aaa server radius dynamic-author", " port 3799"}
    assert {line for line in lines if line in stays and not line.startswith(" ")} <= set(switch.compare().unmanaged)
    assert [line for line in lines if line in shown and line not in usual | stays] == []


@pytest.mark.parametrize("name", ASKED)
def test_each_line_that_is_lacking_is_told_and_put_back(name: str) -> None:
    intent, lines = ASKED[name]
    switch = new_switch(running=intent)
    for line in lines:
        if not line.startswith(" "):
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
    silent = replace(INSPECTING, ports=tuple(replace(item, dhcp_trusted=False) for item in INSPECTING.ports))
    assert any("leases" in reason for reason in refusals(silent))
    assert not any("leases" in reason for reason in refusals(INSPECTING))


def test_a_vlan_that_is_not_inspected_is_seen() -> None:
    switch = new_switch(running=INSPECTING)
    switch.type("no ip arp inspection vlan 120")
    facts = observe(switch.writer(), INSPECTING).facts
    assert facts["arp-inspection:110"] is True
    assert facts["arp-inspection:120"] is False


def test_the_user_of_snmp_is_read_from_its_own_table(switch: Switch) -> None:
    """The running configuration never shows it; its keys are shown nowhere."""
    switch.push(switch.compare(POLLED))
    assert "snmp-server user" not in switch.appliance.running_config()
    text = switch.running().documents[0].text
    assert ("snmp-server user punchdown PD-monitoring v3 auth sha-2 256 <masked:unknown> priv aes 128 <masked:unknown>"
            in text.splitlines())
    assert "clear-snmp" not in text
    switch.type("no snmp-server user punchdown PD-monitoring v3")
    (lost,) = switch.compare(POLLED).differences
    assert lost.meaning == "punchdown can't poll the device by SNMPv3"
    assert lost.line.endswith("auth sha-2 256 <secret:snmp-auth-punchdown> priv aes 128 <secret:snmp-priv-punchdown>")
    assert observe(switch.writer(), POLLED).facts["snmp-user:punchdown"] == "nobody"


def test_a_user_with_another_hash_is_made_anew(switch: Switch) -> None:
    switch.push(switch.compare(POLLED))
    switch.type("snmp-server user punchdown PD-monitoring v3 auth md5 notsosecret priv des notsosecret")
    assert texts(switch, POLLED) == [
        "no snmp-server user punchdown PD-monitoring v3",
        ("snmp-server user punchdown PD-monitoring v3 auth sha-2 256 <secret:snmp-auth-punchdown> "
         "priv aes 128 <secret:snmp-priv-punchdown>")]
    switch.push(switch.compare(POLLED))
    assert switch.compare(POLLED).empty


def test_somebody_else_who_polls_stays_unmanaged(switch: Switch) -> None:
    switch.type("snmp-server group THEIRS v3 priv", "snmp-server community ours RO",
                "snmp-server user them THEIRS v3 auth sha abcdefgh priv aes 128 abcdefgh",
                "snmp-server host 10.20.99.9 version 3 priv them")
    switch.push(switch.compare(POLLED))
    change = switch.compare(POLLED)
    assert change.empty
    assert {"snmp-server group THEIRS v3 priv", "snmp-server host 10.20.99.9 version 3 priv them"} <= set(
        change.unmanaged)


def test_fewer_managers_and_no_traps(switch: Switch) -> None:
    switch.push(switch.compare(POLLED))
    fewer = replace(INTENT, management=replace(INTENT.management, snmp=replace(
        SNMP, managers=("10.20.99.7",), traps=False, authentication="sha", privacy="aes256")))
    switch.push(switch.compare(fewer))
    assert switch.compare(fewer).empty
    assert "snmp-server host" not in switch.appliance.running_config()
    assert "10.20.99.100 host" not in "".join(line for line in switch.appliance.running_config().splitlines()
                                              if line.endswith("eq snmp"))


@pytest.mark.parametrize(("shown", "hashed"), [("SHA", "sha"), ("SHA1", "sha"), ("SHA2-256", "sha-2 256"),
                                               ("SHA256", "sha-2 256"), ("MD5", "md5"), ("None", "")])
def test_what_a_device_calls_a_hash(shown: str, hashed: str) -> None:
    told = f"User name: u\nAuthentication Protocol: {shown}\nPrivacy Protocol: AES256\nGroup-name: g\n"
    assert read_users(told) == (SnmpUser("u", "g", hashed, "aes 256"),)


def test_who_may_end_sessions(switch: Switch) -> None:
    """The servers and nobody else, each with the switch's own secret; another key is set in place."""
    switch.push(switch.compare(CHANGING))
    told = switch.appliance.running_config()
    assert "clear-radius" not in told
    assert re.findall(r"^ client (\S+) server-key 7 ", told, re.MULTILINE) == ["10.20.99.5", "10.20.99.6"]
    assert told.count("eq 3799") == 2
    switch.type("aaa server radius dynamic-author", "client 10.20.99.5 server-key another", "client 10.20.99.66 "
                "server-key theirs")
    assert {item.meaning for item in switch.compare(CHANGING).differences} == {
        "10.20.99.5 can not end or change sessions", "10.20.99.5 can end or change sessions",
        "10.20.99.66 can end or change sessions"}
    assert texts(switch, CHANGING) == [
        "aaa server radius dynamic-author", "client 10.20.99.5 server-key <secret:radius-sw-acc-1>",
        "no client 10.20.99.66"]
    switch.push(switch.compare(CHANGING))
    assert switch.compare(CHANGING).empty


def test_a_key_that_the_device_hides_is_unknown(switch: Switch) -> None:
    switch.push(switch.compare(CHANGING))
    text = re.sub(r"(client 10.20.99.5 server-key) 7 \S+", r"\1 6 AbCdEf", switch.appliance.running_config())
    (unsure,) = IOS.compare(CHANGING, render_device(CHANGING), shown(text), KNOWN).differences
    assert (unsure.verdict, unsure.path) == (Verdict.UNKNOWN, ("aaa server radius dynamic-author",))


def test_a_sensor_sees_what_is_declared_and_nothing_else(switch: Switch) -> None:
    switch.push(switch.compare(MIRRORING))
    switch.type("monitor session 1 source interface Gi1/0/8", "no monitor session 1 source interface Gi1/0/2",
                "monitor session 1 source interface Gi1/0/6 rx")
    found = {(item.meaning, item.severity) for item in switch.compare(MIRRORING).differences}
    assert found == {
        ("the sensor does not see the frames of GigabitEthernet1/0/2", "medium"),
        ("the sensor also sees the frames of GigabitEthernet1/0/8", "high"),
        ("the sensor also sees the frames of GigabitEthernet1/0/6", "high")}
    switch.push(switch.compare(MIRRORING))
    assert switch.compare(MIRRORING).empty


def test_a_mirror_onto_one_of_our_ports_is_told_and_goes(switch: Switch) -> None:
    switch.type("monitor session 4 source interface Gi1/0/5", "monitor session 4 destination interface Gi1/0/6",
                "monitor session 5 source interface Gi1/0/5", "monitor session 5 destination interface Te1/1/1")
    change = switch.compare()
    assert "whoever is on GigabitEthernet1/0/6 sees the frames of others" in {
        item.meaning for item in change.differences}
    assert {line for line in change.unmanaged if line.startswith("monitor session")} == {
        "monitor session 5 source interface GigabitEthernet1/0/5",
        "monitor session 5 destination interface TenGigabitEthernet1/1/1"}
    switch.push(change)
    assert "monitor session 4" not in switch.appliance.running_config()


def test_a_mirror_of_a_mirror_is_refused() -> None:
    twice = replace(MIRRORING, ports=(*MIRRORING.ports, replace(SENSOR, name="GigabitEthernet1/0/4",
                                                                mirrors=("GigabitEthernet1/0/7",))))
    assert refusals(twice) == ("GigabitEthernet1/0/4: repeats GigabitEthernet1/0/7, which is a mirror itself",)


def test_nothing_enters_at_a_sensors_port() -> None:
    text = "\n".join(line.text for line in render_device(MIRRORING).documents[0].lines)
    ports = {item.name: item for item in IOS.policy(MIRRORING, {"running-config": text}).ports}
    assert ports["GigabitEthernet1/0/7"].closed
    assert not ports["GigabitEthernet1/0/1"].closed
    lets_in = text.replace("destination interface GigabitEthernet1/0/7",
                           "destination interface Gi1/0/7 ingress untagged vlan 110")
    policy = IOS.policy(MIRRORING, {"running-config": lets_in})
    assert [line.text for line in policy.unread if line.text.startswith("monitor")]


def test_no_list_is_made_that_no_port_uses() -> None:
    text = "\n".join(line.text for line in render_device(replace(INTENT, ports=(closed(6),))).documents[0].lines)
    assert "PD-no-ipv6" not in text
    assert "ipv6 traffic-filter PD-no-ipv6 in" in "\n".join(
        line.text for line in render_device(INTENT).documents[0].lines)
