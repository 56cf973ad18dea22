"""Firewalls with ASA: there and back, beside a switch of the site, and one that nobody set up with us."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from shutil import copytree
from unittest.mock import Mock

import pytest
import yaml

from punchdown.compiler import compile_estate
from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ManualClock
from punchdown.lab.emulated.cisco_asa import AsaAppliance
from punchdown.loader import load_estate
from punchdown.pipeline import NotRecognised, import_folder
from punchdown.platforms import Reader
from punchdown.platforms.cisco_asa.adopt import ADOPTER
from punchdown.render import render_device
from punchdown.report import to_html, to_markdown, to_text
from tests.adopt.examples import NOW, SWITCH, row
from tests.adopt.test_hostile import EVIL, mutated
from tests.adopt.test_round_trip import REFERENCE, planned, shown_by_the_switch
from tests.platforms.cisco_asa.conftest import ESTATE, intent, spec

DAMAGED = int(os.environ.get("PUNCHDOWN_DAMAGED", "1"))
"""Rounds of four damaged texts each."""


@cache
def shown_by_the_firewall(wanted: DeviceIntent | None = None) -> str:
    """The running configuration of an emulated firewall that took what is rendered for it, its first login gone."""
    box = AsaAppliance(spec(), ManualClock())
    typed = box.configurator()
    rendered = render_device(wanted or intent()).document("running-config").text
    text = REFERENCE.sub(lambda match: f"pw-{match[1]}", rendered)
    for line in (*text.splitlines(), "no ssh 10.80.99.0 255.255.255.0 lan99"):
        assert not line.strip() or not typed.feed(line).refused, line
    return box.running_config()


def test_the_firewall_of_the_example_comes_back(tmp_path: Path) -> None:
    """Every line, some at another place among permits; VPN, hairpin, lists of senders and hosts as they were."""
    (tmp_path / "fw-1.cfg").write_text(shown_by_the_firewall())
    made = import_folder(tmp_path, "viseu", (), NOW)
    added, removed, moved = planned(made, "fw-1")
    assert (added, removed) == (0, 0)
    assert moved <= 10
    known, lines = map(int, re.match(r"(\d+) of (\d+) lines", row(made, "fw-1").findings[0].title).groups())
    assert known / lines > 0.95
    site = yaml.safe_load(made.text)
    assert {item["vlan"]: item["zone"] for item in site["segments"].values()} == {
        10: "call-control", 20: "voice", 30: "data", 40: "server", 50: "dmz", 99: "management"}
    gateway = next(item for item in site["hosts"].values() if item["address"] == "10.80.50.10")
    assert (gateway["public"], gateway["hairpin"]) == ("198.51.100.80", True)
    assert gateway["expose"] == ["minet-tls", {"service": "sip-tls", "from": "carrier"}, "web-proxy",
                                 {"service": "media", "from": "any"}]
    wall = site["firewall"]
    assert wall["wan"] == {"address": "198.51.100.8/24", "router": "198.51.100.1"}
    assert (wall["allow"], wall["deny"], wall["netblocks"]["homes"]) == (
        "homes", "blocked", ["203.0.113.64/26", "203.0.113.192/27"])
    assert wall["vpns"]["to-annexe"] == {"peer": "192.0.2.130", "remote": "far-to-annexe",
                                         "local": ["vlan-10", "vlan-20"], "authentication": "shared-secret"}
    assert {"from": "vlan-30", "to": "wan", "service": "web"} in site["flows"]
    assert site["devices"]["fw-1"]["version"] == "9.16"
    assert "pw-" not in made.text + str(made.report)


def test_switch_and_firewall_of_a_site_complete_each_other(tmp_path: Path) -> None:
    """The switch names the VLANs and shows its ports, the firewall shows prefixes and who reaches what: one site."""
    (tmp_path / "acc-1.cfg").write_text(shown_by_the_switch(ESTATE, "viseu", "acc-1")[0])
    (tmp_path / "fw-1.cfg").write_text(shown_by_the_firewall())
    made = import_folder(tmp_path, "viseu", (), NOW)
    site = yaml.safe_load(made.text)
    assert {name: item["platform"] for name, item in site["devices"].items()} == {
        "acc-1": "cisco_ios", "fw-1": "cisco_asa"}
    assert {name: item["prefix"] for name, item in site["segments"].items() if item["vlan"] in {20, 30, 99}} == {
        "phones": "10.80.20.0/24", "office": "10.80.30.0/24", "management": "10.80.99.0/24"}
    for device in ("acc-1", "fw-1"):
        added, removed, moved = planned(made, device)
        assert (added, removed) == (0, 0), device
        assert moved <= 2, device
    assert "guessed: its prefix" not in made.text


FOREIGN = """\
: Saved
ASA Version 9.8(4)
!
hostname BRANCH-FW
enable password $sha512$5000$abc==$def== pbkdf2
names
!
interface GigabitEthernet1/1
 nameif outside
 security-level 0
 ip address 203.0.113.2 255.255.255.248
!
interface GigabitEthernet1/2
 nameif inside
 security-level 100
 ip address 10.7.20.1 255.255.255.0
!
interface GigabitEthernet1/3.50
 vlan 50
 nameif pbx
 security-level 90
 ip address 10.7.50.1 255.255.255.0
!
interface GigabitEthernet1/4
 shutdown
 no nameif
 no security-level
 no ip address
!
object network pbx-main
 host 10.7.50.10
object network gateway
 host 10.7.50.20
object network branch-lan
 subnet 10.7.20.0 255.255.255.0
object network far-lan
 subnet 10.9.20.0 255.255.255.0
object-group network homes
 network-object 198.51.100.64 255.255.255.192
object-group service minet tcp
 port-object range 6801 6802
object-group service odd quic
 port-object eq 443
object-group network itself
 network-object host 10.7.20.30
 group-object itself
access-list outside_in remark phones of home workers
access-list outside_in extended permit tcp object-group homes object gateway object-group minet
access-list outside_in extended permit tcp any object pbx-main eq 1752
access-list outside_in extended permit tcp any object gateway eq https inactive
access-list inside_in extended permit tcp any object pbx-main object-group minet
access-list inside_in extended permit udp any object pbx-main eq tftp
access-list inside_in extended permit tcp any object pbx-main eq 1753
access-list inside_in extended permit tcp host 10.7.20.15 object pbx-main eq 1752 log
access-list inside_in extended permit tcp object-group itself any eq 25
access-list inside_in extended permit tcp any object pbx-main object-group odd
access-list inside_in extended permit ip any any
access-list far extended permit ip object branch-lan object far-lan
nat (inside,outside) source static branch-lan branch-lan destination static far-lan far-lan no-proxy-arp
!
object network gateway
 nat (pbx,outside) static 203.0.113.3
nat (inside,outside) after-auto source dynamic any interface
access-group outside_in in interface outside
access-group inside_in in interface inside
route outside 0.0.0.0 0.0.0.0 203.0.113.6 1
route inside 10.7.64.0 255.255.192.0 10.7.20.254 1
aaa-server ISE protocol tacacs+
aaa-server ISE (inside) host 10.7.20.9
 key hush-tacacs
http server enable
http 10.7.20.0 255.255.255.0 inside
snmp-server host inside 10.7.20.8 community hush-community version 2c
snmp-server user poller grp v3 auth sha hush-auth priv aes 128 hush-priv
crypto ipsec ikev1 transform-set old esp-3des esp-md5-hmac
crypto map out 10 match address far
crypto map out 10 set peer 192.0.2.9
crypto map out 10 set ikev1 transform-set old
crypto map out interface outside
telnet 10.7.20.0 255.255.255.0 inside
ssh 10.7.20.100 255.255.255.255 inside
ssh 0.0.0.0 0.0.0.0 outside
username admin password hush-login encrypted privilege 15
tunnel-group 192.0.2.9 type ipsec-l2l
tunnel-group 192.0.2.9 ipsec-attributes
 ikev1 pre-shared-key hush-peer
policy-map global_policy
 class inspection_default
  inspect sip
: end
"""


def test_somebody_elses_firewall(tmp_path: Path) -> None:
    (tmp_path / "branch.cfg").write_text(FOREIGN)
    made = import_folder(tmp_path, "faro", (), NOW)
    site = yaml.safe_load(made.text)
    assert {name: (item["vlan"], item["prefix"]) for name, item in site["segments"].items()} == {
        "inside": (20, "10.7.20.0/24"), "pbx-2": (50, "10.7.50.0/24")}
    hosts = site["hosts"]
    assert {hosts[name]["address"]: hosts[name]["kind"] for name in ("pbx-main", "gateway", "app-10-7-20-15")} == {
        "10.7.50.10": "mivoice-business", "10.7.50.20": "border-gateway", "10.7.20.15": "application"}
    assert hosts["app-10-7-20-15"]["uses"] == ["smdr@pbx-main"]
    assert (hosts["gateway"]["public"], hosts["gateway"]["expose"]) == ("203.0.113.3", ["minet-tls"])
    assert site["firewall"] == {"wan": {"address": "203.0.113.2/29", "router": "203.0.113.6"},
                                "netblocks": {"homes": ["198.51.100.64/26"]}, "allow": "homes"}
    assert site["devices"] == {}
    told = "\n".join(item.title for item in (*made.report.warnings, *row(made, "branch").findings))
    for part in ("its interfaces are called inside, outside, pbx", "rename them by a new nameif", "the VPN to",
                 "the number of its VLAN: inside is no VLAN's interface", "anybody may open smdr of pbx-main",
                 "all of inside may use pms of pbx-main",
                 "logins over Telnet, in clear", "logins are tried from the outside", "SNMP with a community, in clear",
                 "the firewall rewrites SIP on its way", "a list permits anything to anywhere",
                 "what enters by an interface is judged by no list", "unmanaged: route inside"):
        assert part in told, part
    assert "hush" not in made.text + str(made.report)


def test_who_checks_logins_and_who_polls_come_back_without_their_keys(tmp_path: Path) -> None:
    estate = tmp_path / "estate"
    copytree(ESTATE, estate)
    place = estate / "sites" / "viseu.yml"
    place.write_text(place.read_text().replace("management: {banner:", (
        "management: {aaa: {method: tacacs, servers: [admin-1], roles: [firewall]}, snmp: {managers: [admin-1], traps: "
        "false, roles: [firewall]}, banner:")))
    wanted = next(item for item in compile_estate(load_estate(estate))["viseu"].devices if item.device == "fw-1")
    (tmp_path / "saved").mkdir()
    text = shown_by_the_firewall(wanted).replace("ikev2 remote-authentication pre-shared-key *****",
                                                 "ikev2 remote-authentication pre-shared-key pw-typed")
    assert "pw-" in text
    (tmp_path / "saved" / "fw-1.cfg").write_text(text)
    made = import_folder(tmp_path / "saved", "viseu", (), NOW)
    assert planned(made, "fw-1")[:2] == (0, 0)
    management = yaml.safe_load(made.text)["management"]
    assert management["aaa"] == {"method": "tacacs", "servers": ["admin-100"]}
    assert management["snmp"] == {"user": "punchdown", "authentication": "sha256", "privacy": "aes128",
                                  "managers": ["admin-100"], "traps": False}
    told = "\n".join(item.title for item in made.report.warnings if item.title.startswith("secret: "))
    for name in ("tacacs-fw-1", "snmp-auth-punchdown", "snmp-priv-punchdown", "vpn-to-annexe"):
        assert name in told, name
    assert "pw-" not in made.text + str(made.report)


def test_a_firewall_that_misses_a_segment_stays_out_and_what_it_shows_is_taken(tmp_path: Path) -> None:
    """Its platform would have to open for packets that come by no interface of it."""
    legs = (("lan20", "10.7.20.1/24"), ("lan99", "10.7.99.1/24"), ("wan0", "198.51.100.8/24"))
    shown = AsaAppliance(replace(spec(), management="10.7.99.1", legs=legs), ManualClock()).running_config()
    (tmp_path / "wall.cfg").write_text(f"{shown}ssh 10.7.99.100 255.255.255.255 lan99\n")
    (tmp_path / "floor.cfg").write_text(SWITCH)
    made = import_folder(tmp_path, "porto", (), NOW)
    site = yaml.safe_load(made.text)
    assert set(site["devices"]) == {"sw-floor1"}
    assert site["segments"]["voice"]["prefix"] == "10.7.20.0/24"
    assert any("fw-1 is not in the definition: mivoice-business-10 to voice" in item.title
               for item in made.report.warnings)


def test_an_old_model_with_switch_ports_is_one_firewall(tmp_path: Path) -> None:
    """No header, line ends of another system, interfaces of VLANs, two ways out, a tunnel."""
    text = ("hostname small\ninterface Ethernet0/0\n switchport access vlan 2\n!\ninterface Vlan2\n nameif Outside\n "
            "security-level 0\n ip address 203.0.113.2 255.255.255.0\n!\ninterface Vlan30\n nameif office\n "
            "security-level 100\n ip address 10.7.30.1 255.255.255.0\n ipv6 address 2001:db8:30::1/64\n!\n"
            "interface Vlan3\n nameif backup\n security-level 0\n ip address 192.0.2.2 255.255.255.0\n!\n"
            "interface Tunnel1\n nameif far\n ip address 169.254.0.1 255.255.255.252\n!\n"
            "route Outside 0 0 203.0.113.1\n")
    (tmp_path / "small.cfg").write_text(text.replace("\n", "\r\n"))
    made = import_folder(tmp_path, "faro", ("10.7.30.9",), NOW)
    assert [(item.platform, item.device) for item in made.report.devices] == [("cisco_asa", "small")]
    site = yaml.safe_load(made.text)
    assert site["firewall"]["wan"] == {"address": "203.0.113.2/24", "router": "203.0.113.1"}
    assert {name: (item["vlan"], item["prefix6"]) for name, item in site["segments"].items() if item["vlan"] == 30} == {
        "office": (30, "2001:db8:30::/64")}
    assert "169.254" not in made.text
    assert "backup" not in site["segments"]


def test_a_login_that_may_not_look_is_told() -> None:
    refused = Mock(spec=Reader, device="fw-1")
    refused.show.return_value.output = "ERROR: Command authorization failed"
    with pytest.raises(DeviceError, match="the login must be privileged"):
        ADOPTER.fetch(refused, str)


SLOTS = ("BRANCH-FW", "pbx-main", "home workers", "homes", "minet", "poller", "ISE", "far-lan", "outside_in", "inside",
         "old", "$sha512$5000$abc==$def==")


def hostile() -> Iterator[str]:
    """Every hostile text at every place, as a word and as it stands: at one place, and at all of them at once."""
    for number, slot in enumerate(SLOTS):
        yield FOREIGN.replace(slot, EVIL[number % len(EVIL)])
    for shift, pick in product(range(len(EVIL)), (str.split, lambda text: [text])):
        text = FOREIGN
        for number, slot in enumerate(SLOTS):
            text = text.replace(slot, pick(EVIL[(number + shift) % len(EVIL)])[0])
        yield text


def test_hostile_names_stay_data(tmp_path: Path) -> None:
    for number, text in enumerate(hostile()):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "fw.cfg").write_text(text, encoding="utf-8")
        made = import_folder(folder, "faro", (), NOW)
        assert set(yaml.safe_load(made.text)) <= {"site", "prefix", "segments", "hosts", "flows", "firewall", "devices",
                                                  "remotes", "custom_services", "services", "management"}
        assert not re.search(r"<secret:|[\x00-\x09\x0b-\x1f\x7f-\uffff]", made.text)
        assert not {"\x1b", "\u202e"} & set(to_text(made.report) + to_markdown(made.report))
        assert "<script>alert(1)" not in to_html(made.report)
        assert "hush" not in made.text + str(made.report)


@pytest.mark.parametrize("seed", range(DAMAGED))
def test_a_damaged_firewall_gives_a_clean_definition_or_none(tmp_path: Path, seed: int) -> None:
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        text = mutated(random.Random(100 * seed + number), FOREIGN if number % 2 else shown_by_the_firewall())
        (folder / "fw.cfg").write_text(text, encoding="utf-8")
        with suppress(NotRecognised):
            import_folder(folder, "faro", (), NOW)
