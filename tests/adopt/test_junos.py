"""EX switches: there and back, and some that nobody set up with us, as statements and in braces."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml

from punchdown.compiler import compile_estate
from punchdown.intent import DeviceIntent, SnmpAccess
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.juniper_junos import JunosAppliance
from punchdown.loader import load_estate
from punchdown.pipeline import Import, import_folder
from punchdown.platforms.juniper_junos.adopt import ADOPTER
from punchdown.platforms.juniper_junos.curly import flat
from punchdown.render import render_device
from punchdown.values.adopted import Fate, SeenDevice, SeenPort
from tests.adopt.examples import NOW, Adopt, row
from tests.adopt.junos_example import BRACES
from tests.adopt.test_hostile import EVIL, write
from tests.adopt.test_round_trip import INVENTORY, REFERENCE, intents, planned, saved_gateway
from tests.platforms.juniper_junos.conftest import intent


@cache
def shown(device: str, other: DeviceIntent | None = None) -> str:
    """What the emulated switch shows when it runs a device of the example, or something else under that name."""
    box = JunosAppliance(ApplianceSpec(device, platform="juniper_junos", ports=0), ManualClock())
    lines = (REFERENCE.sub(lambda match: f"pw-{match[1]}", line.text)
             for line in render_device(other or intent(device)).documents[0].lines)
    tree, refused = box.load("\n".join((box.running_config(), *lines)))
    assert refused == []
    text: str = tree.text
    return text


def there_and_back(folder: Path, *devices: str) -> Import:
    for device in devices:
        (folder / f"{device}.conf").write_text(shown(device))
    return import_folder(folder, "guarda", (), NOW)


def seen(text: str) -> SeenDevice:
    return ADOPTER.read("sw", "sw.conf", ADOPTER.masked({"sw.conf": text}, lambda _: "<masked:unknown>"))


@cache
def floor() -> SeenDevice:
    return seen(BRACES)


def port(device: SeenDevice, name: str) -> SeenPort:
    return next(item for item in device.ports if item.name == name)


def test_an_access_switch_comes_back_whole(tmp_path: Path) -> None:
    made = there_and_back(tmp_path, "sw-rooms")
    assert planned(made, "sw-rooms") == (0, 0, 0)
    known, lines = map(int, re.match(r"(\d+) of (\d+) lines", row(made, "sw-rooms").findings[0].title).groups())
    assert known / lines > 0.99
    site = yaml.safe_load(made.text)
    assert {name: item["vlan"] for name, item in site["segments"].items()} == {
        "phones": 20, "staff": 30, "management": 99, "readers": 35}
    assert site["devices"]["sw-rooms"]["ports"] == {
        "0-11": "phone-and-pc", "12-13": "pc", "14-17": {"role": "pc", "segment": "readers"}, "18-23": "unused",
        "xe-0/1/0": {"role": "uplink", "segments": ["phones", "staff", "readers", "management"],
                     "description": "sw-core"}}
    assert "pw-" not in made.text + str(made.report)


def test_a_core_switch_and_the_firewall_beside_it_come_back(tmp_path: Path) -> None:
    """A plan would add limits for the ports of servers of leases. Nothing is taken off, nor their trust."""
    saved_gateway(tmp_path / "fw-1", intents(INVENTORY / "examples" / "library", "guarda")["fw-1"])
    made = there_and_back(tmp_path, "sw-core")
    assert planned(made, "sw-core") == (4, 0, 0)
    ports = yaml.safe_load(made.text)["devices"]["sw-core"]["ports"]
    assert {key: ports[key] for key in (5, 7, 14, 15)} == {
        5: "mivb-1", 7: "admin-1", 14: "fw-1/call-control", 15: "fw-1/phones"}
    assert ports[10]["role"] == "dhcp-1-phones"


def test_a_core_switch_alone_can_not_tell_what_routes(tmp_path: Path) -> None:
    """The guard of the port to the gateway, its marks: what nothing but the gateway itself tells."""
    made = there_and_back(tmp_path, "sw-core")
    text = made.text
    estate = tmp_path / "estate"
    write(estate, text)
    (again,) = (item for compiled in compile_estate(load_estate(estate)).values() for item in compiled.devices
                if item.device == "sw-core")
    lines = set(shown("sw-core", again).splitlines())
    gone = [line for line in shown("sw-core").splitlines() if line not in lines and " secret " not in line]
    assert not [line for line in gone if not re.search(r"PD-guard-10|interfaces ge-0/0/1[4-9] ", line)]
    assert len(gone) / len(shown("sw-core").splitlines()) < 0.13


def test_who_runs_the_switch_is_taken_over_and_what_it_needs_is_named(tmp_path: Path) -> None:
    own = intent("sw-rooms")
    snmp = SnmpAccess("nms", "sha256", "aes128", ("10.75.99.100",), traps=True, source=own.source)
    server = replace(own.radius_servers[0], secret="radius-x")
    management = replace(own.management, snmp=snmp, login="radius", login_servers=(server,), login_accounting=True)
    (tmp_path / "sw-rooms.conf").write_text(shown("sw-rooms", replace(own, management=management)))
    made = import_folder(tmp_path, "guarda", (), NOW)
    said = yaml.safe_load(made.text)["management"]
    assert said["snmp"] == {"user": "nms", "authentication": "sha256", "privacy": "aes128", "managers": ["admin-100"]}
    assert said["aaa"] == {"method": "radius", "servers": ["radius-5"]}
    assert planned(made, "sw-rooms") == (0, 0, 0)
    told = [item.title for item in made.report.warnings if item.title.startswith("secret")]
    assert any("snmp-auth-nms and snmp-priv-nms" in item for item in told)
    assert any("radius-sw-rooms" in item for item in told)
    assert not re.search(r"pw-|\$[69]\$", made.text + str(made.report))


def braced(statements: str) -> str:
    """Statements in braces, a word a level."""
    out: list[str] = []
    for line in statements.splitlines():
        *path, last = re.findall(r'"[^"]*"|\S+', line)[1:]
        out += [f"{word} {{" for word in path] + [f"{last};"] + ["}" for _ in path]
    return "\n".join(out)


def test_braces_say_what_statements_say() -> None:
    text = shown("sw-rooms")
    assert [line for line in flat(braced(text)).split("\n") if line] == text.splitlines()


def test_a_number_stays_that_of_the_file() -> None:
    lines = BRACES.splitlines()
    for item in floor().lines:
        last = item.line.text.split()[-1].strip('"')
        assert item.line.text.startswith("deactivate ") or last in lines[item.line.number - 1] or "masked" in last


def test_ranges_tell_their_ports_what_they_do_not_say_themselves() -> None:
    names = [item.name for item in floor().ports if item.access_vlan == 30 and item.voice_vlan == 20]
    assert names == ["ge-0/0/2", "ge-0/0/3", "ge-0/0/0", "ge-0/0/1", "ge-0/0/10", "ge-0/0/20", "ge-0/0/21"]
    assert port(floor(), "ge-0/0/0").description == "desks"
    assert port(floor(), "ge-0/0/2").description == 'desk "A"'
    assert port(floor(), "ge-0/0/3").closed
    auth = port(floor(), "ge-0/0/10").auth
    assert auth is not None
    assert (auth.host_mode, auth.mab, auth.dead, auth.critical_vlan) == ("multi-auth", True, "critical", 30)
    assert port(floor(), "ge-0/0/20").edge


def test_what_is_inactive_is_not_taken_over_and_told() -> None:
    assert "ge-0/0/7" not in [item.name for item in floor().ports]
    off = {item.line.text for item in floor().lines if item.note.startswith("inactive")}
    assert off == {"deactivate system services telnet", "deactivate interfaces ge-0/0/7",
                   "set interfaces ge-0/0/7 unit 0 family ethernet-switching vlan members OFFICE"}
    assert "logins over Telnet, in clear" not in {item.title for item in floor().advice}


def test_a_port_that_a_group_shapes_is_left_out_and_told(tmp_path: Path) -> None:
    (tmp_path / "floor.conf").write_text(BRACES)
    made = import_folder(tmp_path, "faro", (), NOW)
    assert port(floor(), "ge-0/0/47").unread
    assert "47" not in yaml.safe_load(made.text)["devices"]["floor-7"]["ports"]
    assert any("ge-0/0/47: left out: the group POWER" in item.title for item in made.report.warnings)
    assert {item.fate for item in floor().lines if "POWER" in item.line.text} == {Fate.UNMANAGED}


def test_a_definition_that_somebody_elses_switch_gives(tmp_path: Path) -> None:
    (tmp_path / "floor.conf").write_text(BRACES)
    made = import_folder(tmp_path, "faro", (), NOW)
    site = yaml.safe_load(made.text)
    assert {name: item["vlan"] for name, item in site["segments"].items()} == {
        "phones": 20, "office": 30, "pbx-2": 50, "mgmt": 99}
    switch = site["devices"]["floor-7"]
    assert (switch["management"], switch["version"]) == ("10.8.99.7", "21.4R3-S5.4")
    assert switch["aggregations"] == {"to-the-core": {"number": 1, "ports": ["xe-0/1/0-1"],
                                                      "segments": ["phones", "office", "mgmt"]}}
    assert switch["ports"]["xe-0/1/2"]["role"] == "access-point"
    assert site["hosts"]["admin-100"]["address"] == "10.8.99.100"
    assert site["dot1x"]["auth_port"] == 1645
    assert site["management"] == {"session_timeout_minutes": 20}
    titles = " ".join(item.title for item in made.report.warnings)
    assert "all of 10.9.0.0/16 may log in today" in titles
    assert "ae0: a link of several ports whose number no definition takes" in titles


def test_what_the_guideline_wants_otherwise_is_told(tmp_path: Path) -> None:
    titles = {item.title for item in floor().advice}
    assert {"the superuser may log in from the network", "the switch is managed over HTTP in clear",
            "SNMP with a community, in clear", "one station authenticates for all behind a port",
            "a trunk carries every VLAN"} <= titles
    assert "logins are tried from any address" not in titles
    assert any(item.title.startswith("a range names ports by a pattern") for item in floor().advice)
    assert any(item.title.startswith("a filter denies before it permits") for item in floor().advice)
    assert port(floor(), "ge-0/0/8").broadcast_percent == 2


def test_no_secret_is_kept_and_each_is_named(tmp_path: Path) -> None:
    (tmp_path / "floor.conf").write_text(BRACES)
    made = import_folder(tmp_path, "faro", (), NOW)
    text = "\n".join(item.line.text for item in floor().lines)
    for secret in ("$9$", "$6$", "s3cr3t-word", "LbHX", "lc "):
        assert secret not in text + made.text + str(made.report)
    assert {what for what, _ in floor().secrets} == {
        "the key of the RADIUS server 10.8.99.6", "the key of the TACACS+ server 10.8.99.9",
        "the keys of the SNMPv3 user watcher", "the NTP key 1"}


def test_openings_say_who_uses_what() -> None:
    assert {(item.client, item.server, item.protocol, item.first, item.last) for item in floor().openings} == {
        ("10.8.40.15/32", "10.8.50.10/32", "tcp", 1752, 1752), ("10.8.40.15/32", "10.8.50.10/32", "tcp", 6801, 6802)}


@pytest.mark.parametrize(("text", "why"), [
    ("set vlans a vlan-id 7\nset interfaces ge-0/0/1 unit 0 family ethernet-switching port-mode access", "without ELS"),
    ("set vlans a vlan-id 7\nset protocols mstp interface ge-0/0/1", "MSTP"),
    ("set vlans a vlan-id 7\nset interfaces vme unit 0 family inet address 10.0.0.1/24", "beside the network")])
def test_a_switch_that_speaks_otherwise_is_refused(text: str, why: str) -> None:
    assert why in seen(text).refused


def test_what_senders_are_held_to_is_read() -> None:
    at = "set vlans a forwarding-options dhcp-security"
    found = seen(f"set vlans a vlan-id 7\n{at} arp-inspection\n{at} ip-source-guard\n"
                 f"{at} group x interface ge-0/0/1.0 static-ip 10.0.0.9 mac 02:00:00:AA:00:01\n"
                 f"{at} group x interface ge-0/0/2.0 static-ip 10.0.0.999 mac 02:00:00:AA:00:02\n"
                 "set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members a\n"
                 "set protocols rstp interface ge-0/0/1 no-root-port\n"
                 "set firewall family inet filter PD-management term radius-1-coa then accept")
    assert (found.guards.arp, found.guards.source, found.guards.fixed) == (
        True, True, (("10.0.0.9", "02:00:00:aa:00:01"),))
    assert port(found, "ge-0/0/1").root_guard
    assert found.change_of_authorization


@pytest.mark.parametrize("text", [
    "set security zones security-zone lan\nset vlans a vlan-id 7\nset interfaces irb unit 7 family inet",
    "set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/30\nset protocols ospf area 0",
    "set interfaces ethernet eth0 vif 7", "interfaces {\n    ethernet eth0 {\n        vif 7;\n    }\n}\n"])
def test_what_is_no_switch_is_not_taken_for_one(text: str) -> None:
    assert not ADOPTER.recognises(text)


@pytest.mark.parametrize("evil", [*EVIL, "a\x0bset system services telnet", "a\u2028set system services telnet",
                                  "} interfaces { ge-0/0/0 { disable; } }"])
def test_hostile_text_stays_text(adopt_texts: Adopt, tmp_path: Path, evil: str) -> None:
    quoted = evil.replace("\\", "\\\\").replace('"', '\\"')
    text = BRACES.replace("description desks", f'description "{quoted}"').replace("to the core", quoted)
    text = text.replace("Keep out", quoted).replace("OFFICE", re.sub(r"[^\w-]", "", evil)[:20] or "x")
    assert seen(text).session_minutes == 20
    assert not port(seen(text), "ge-0/0/0").closed
    assert "logins over Telnet, in clear" not in {item.title for item in seen(text).advice}
    made = adopt_texts(floor=text)
    assert not re.search(r"<secret:|[\x00-\x09\x0b-\x1f\x7f-\uffff]", made.text)
    write(tmp_path / "estate", made.text)
    assert list(load_estate(tmp_path / "estate").sites) == ["porto"]


@pytest.mark.parametrize("name", ["ge-0/0/30", "ae3"])
def test_a_trunk_that_tags_nothing_is_a_port_of_its_segment(adopt_texts: Adopt, name: str) -> None:
    lines = ("vlans OFFICE vlan-id 31", "interfaces ge-0/0/40 ether-options 802.3ad ae3",
             f"interfaces {name} native-vlan-id 31",
             f"interfaces {name} unit 0 family ethernet-switching interface-mode trunk",
             f"interfaces {name} unit 0 family ethernet-switching vlan members OFFICE")
    made = adopt_texts(floor=shown("sw-rooms") + "".join(f"set {line}\n" for line in lines))
    ports = yaml.safe_load(made.text)["devices"]["sw-rooms"]["ports"]
    assert ports.get(30) == ({"role": "pc", "segment": "office", "dot1x": False} if name != "ae3" else None)
    assert any("carries no segment tagged" in item.title for item in made.report.warnings) == (name == "ae3")
