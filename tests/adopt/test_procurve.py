"""Switches with ArubaOS-Switch: there and back, and one that nobody set up with us."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from punchdown.compiler import compile_estate
from punchdown.loader import load_estate
from punchdown.pipeline import import_folder
from tests.adopt.examples import NOW, row
from tests.adopt.test_round_trip import planned
from tests.contract.features import MACS, definition
from tests.contract.member import members
from tests.platforms.hp_procurve.boxes import Box, intent_of

FOREIGN = """\
Running configuration:

; hpStack_WC Configuration Editor; Created on release #WC.16.07.0003
; Ver #14:01.4f.f8.1d:02
stacking
   member 1 type "JL322A" mac-address 9020c2-fb8080
   exit
hostname "Stack 1"
trunk 1/47-1/48 trk1 lacp
ip default-gateway 10.9.99.1
ntp unicast
ntp server 10.9.99.5 iburst
console idle-timeout 600
snmp-server community "sesame" unrestricted
radius-server host 10.9.99.7 key "open-sesame"
aaa authentication port-access eap-radius
aaa port-access authenticator 1/1-1/3
aaa port-access authenticator 1/1 client-limit 1
aaa port-access authenticator active
interface 1/1
   name "desk: {x} # 'y' $(z)"
   exit
interface 1/9
   disable
   exit
interface 1/A1
   name "to the roof"
   rate-limit all in percent 10
   exit
vlan 1
   name "DEFAULT_VLAN"
   no untagged 1/1-1/10,1/A1,Trk1
   ip address dhcp-bootp
   exit
vlan 20
   name "Phones"
   tagged 1/1-1/8,Trk1
   voice
   exit
vlan 30
   name "Staff"
   untagged 1/1-1/10
   tagged Trk1,1/A1
   exit
vlan 99
   name "Management"
   untagged 1/A1
   tagged Trk1
   ip address 10.9.99.2 255.255.255.0
   exit
spanning-tree
"""


def test_a_switch_of_the_example_comes_back(tmp_path: Path) -> None:
    """What is gone is the flow of a host that the switch alone can't place."""
    device = "sw-acc-1"
    (tmp_path / f"{device}.cfg").write_text(Box(device, intent_of(device)).text())
    made = import_folder(tmp_path, "coimbra", (), NOW)
    assert planned(made, device) == (0, 2, 0)
    known, lines = map(int, re.match(r"(\d+) of (\d+) lines", row(made, device).findings[0].title).groups())
    assert known / lines > 0.99
    site = yaml.safe_load(made.text)
    assert {name: item["vlan"] for name, item in site["segments"].items()} == {
        "call-control": 110, "phones": 120, "office": 130, "management": 199}
    ports = site["devices"][device]["ports"]
    assert {key: value for key, value in ports.items() if key != 48} == {
        "1-40": "phone-and-pc", "41-44": "pc", 45: "mivb-1", "46-47": "unused"}
    assert site["dot1x"]["servers"] == ["radius-5"]


POLLED = """\
ip authorized-managers 10.30.99.7 255.255.255.255 access operator access-method snmp
snmpv3 enable
snmpv3 only
snmpv3 user "punchdown" auth sha "0a" priv aes "0b"
snmpv3 group managerpriv user "punchdown" sec-model ver3
"""
"""The switch asks back when SNMPv3 is switched on: a hand does it."""


def test_who_runs_a_switch_comes_back(tmp_path: Path) -> None:
    """Logins and ports ask different servers, and who polls may not log in."""
    member = members()["hp_procurve"]
    folder = tmp_path / "estate" / "sites"
    folder.mkdir(parents=True)
    (folder.parent / "punchdown.yml").write_text("estate: e\n")
    (folder / "viseu.yml").write_text(yaml.safe_dump(definition(member, "core-switch", {
        "hosts": MACS, "protection": {"source_guard": True}, "management": {
            "aaa": {"method": "radius", "servers": ["radius-2"], "roles": ["core-switch"]}}})))
    intent = next(item for item in compile_estate(load_estate(folder.parent))["viseu"].devices if item.device == "sw-1")
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "sw-1.cfg").write_text(Box("sw-1", intent).text() + POLLED)
    made = import_folder(tmp_path / "saved", "viseu", (), NOW)
    site = yaml.safe_load(made.text)
    assert site["management"] == {
        "aaa": {"method": "radius", "servers": ["radius-2"]},
        "snmp": {"user": "punchdown", "authentication": "sha", "privacy": "aes128", "managers": ["log-1"],
                 "traps": False}}
    assert site["protection"] == {"source_guard": True}
    assert site["dot1x"]["servers"] == ["radius-1"]
    assert [name for name, item in site["hosts"].items() if item["kind"] == "admin"] == ["admin-1"]
    assert site["hosts"]["pbx-1"]["mac"] == MACS["pbx-1"]["mac"]
    unmanaged = {item.title for item in row(made, "sw-1").findings if item.title.startswith("unmanaged")}
    assert {title.split(" (")[0] for title in unmanaged} <= {
        "unmanaged: snmp-server community", "unmanaged: password manager"}


def test_somebody_elses_switch(tmp_path: Path) -> None:
    (tmp_path / "stack.cfg").write_text(FOREIGN)
    made = import_folder(tmp_path, "faro", ("10.9.99.100",), NOW)
    site = yaml.safe_load(made.text)
    assert {name: item["vlan"] for name, item in site["segments"].items()} == {
        "phones": 20, "staff": 30, "management": 99}
    (device,) = site["devices"]
    switch = site["devices"][device]
    assert (switch["management"], switch["version"]) == ("10.9.99.2", "WC.16.07.0003")
    assert switch["ports"]["1/9"] == "unused"
    assert switch["aggregations"]
    assert "sesame" not in made.text + str(made.report)
    titles = {item.title.removeprefix("against the guideline: "): item for item in row(made, device).findings}
    assert {"one station authenticates for all behind a port and 1 more", "SNMP with a community, in clear",
            "logins over Telnet, in clear", "logins are tried from any address"} <= set(titles)
    unmanaged = {item.line for item in row(made, device).findings if item.title.startswith("unmanaged")}
    assert "rate-limit all in percent 10" in unmanaged
    (stacking,) = (item for item in row(made, device).findings if item.line == "stacking")
    assert FOREIGN.splitlines()[stacking.position.line - 1] == "stacking"
    assert switch["exceptions"]["1/1"]["description"] == "desk: x 'y' (z)"


CHASSIS = """\
; J8697A Configuration Editor; Created on release #K.15.08.0013
; Ver #02:1b.ef:f6
hostname "mdf"
module 1 type j9534a
module A type j9536a
timesync sntp
sntp unicast
sntp server priority 1 10.5.0.20
time timezone -360
ip route 0.0.0.0 0.0.0.0 10.5.99.9
ip routing
interface A5
   routing
   ip address 10.5.7.1/30
   exit
snmp-server community "sesame" Operator
vlan 1
   name "DEFAULT_VLAN"
   no untagged A1-A8,B1-B4
   untagged B5-B9999999
   no ip address
   exit
vlan 20
   name "Phones"
   untagged A1
   tagged A2,B1-4
   ip address 10.16.0.1 255.240.0.0
   exit
vlan 30
   name "Staff"
   untagged A2-A4,A6-A8
   exit
vlan 99
   name "Management"
   tagged B1-B4
   ip address 10.5.99.1/24
   exit
no dhcp config-file-update
password manager
"""
"""Words that public configurations of 2510G, 2620, 2920, 5400 and 2930F have and our own never do: SNTP, slots, a range
whose last port leaves the prefix off, a default route of a switch that routes, prefixes for masks, a segment of phones
as wide as a company. Names and addresses are ours."""


def test_words_of_public_configurations(tmp_path: Path) -> None:
    (tmp_path / "mdf.cfg").write_text(CHASSIS)
    made = import_folder(tmp_path, "faro", ("10.5.99.100",), NOW)
    site = yaml.safe_load(made.text)
    assert site["services"]["ntp"] == ["10.5.0.20"]
    assert site["segments"]["management"]["router"] == "10.5.99.9"
    assert site["segments"]["phones"]["prefix"] == "10.16.0.0/22"
    assert "which part of it do phones have?" in str(made.report.warnings)
    switch = site["devices"]["mdf"]
    assert switch["management"] == "10.5.99.1"
    assert switch["ports"] == {
        "A1": {"role": "application", "segment": "phones"}, "A3-A4": "pc", "A6-A8": "pc",
        "A2": {"role": "access-point", "segment": "staff", "segments": ["phones"]},
        "B1-B4": {"role": "uplink", "segments": ["phones", "management"]}}
    told = {item.line: item.title for item in row(made, "mdf").findings}
    assert told["untagged B5-B9999999"].startswith("unmanaged")
    assert not {"module A type j9536a", "no dhcp config-file-update", "ip address 10.5.99.1/24"} & told.keys()
