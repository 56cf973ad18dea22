"""The emulated switch by itself: membership, lists, port access, questions, restart; in the device's own words."""

from __future__ import annotations

import re

import pytest
from ntc_templates.parse import parse_output

from punchdown.lab.emulated import ApplianceSpec, Faults, ManualClock
from punchdown.lab.emulated.hp_procurve import Neighbour, ProcurveAppliance, Station

SAVED = """\
; J9729A Configuration Editor; Created on release #WB.16.08.0001
; Ver #14:01.44.08.15.9b.3f.b3.b8.ee.34.79.3c.29.eb.9f.fc.f3.ff.37.ef:09
hostname "floor-1"
module 1 type j9729a
dhcp-snooping
dhcp-snooping authorized-server 192.0.2.1
no dhcp-snooping option 82
dhcp-snooping vlan 1-3 7
timesync ntp
ntp unicast
ntp server 192.0.2.1 iburst
ntp enable
no telnet-server
web-management ssl
ip authorized-managers 192.0.2.0 255.255.255.0 access manager
ip default-gateway 192.0.2.1
interface 8
   dhcp-snooping trust
   name "uplink"
   arp-protect trust
   exit
snmp-server community "xxxx" unrestricted
vlan 1
   name "DEFAULT_VLAN"
   no untagged 1-3,8
   untagged 4-7
   no ip address
   exit
vlan 2
   name "guests"
   untagged 1-3
   tagged 8
   no ip address
   exit
vlan 7
   name "phones"
   tagged 1,3,8
   no ip address
   voice
   exit
spanning-tree
spanning-tree 1-3 admin-edge-port
no tftp server
no autorun
no dhcp config-file-update
password manager
"""
"""As such a switch prints itself, with other names and addresses."""


class Keyboard:
    """Somebody at the switch."""

    def __init__(self, **spec: object) -> None:
        self.clock = ManualClock()
        self.box = ProcurveAppliance(ApplianceSpec("sw-1", platform="hp_procurve", ports=8, **spec), self.clock)
        self.session = self.box.session()

    def type(self, *lines: str) -> str:
        """What the switch says to the last of the lines."""
        said = ""
        for line in lines:
            said = self.session.feed(line)
        return said.strip()

    def configure(self, *lines: str) -> str:
        return self.type("end", "configure", *lines)

    def shown(self, start: str) -> list[str]:
        """The lines of one block of the running configuration."""
        text = self.box.running_config()
        found = re.search(rf"^{re.escape(start)}\n((?:   .*\n)*)", text, re.MULTILINE)
        return [line.strip() for line in found[1].splitlines()][:-1] if found else []


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


def test_it_prints_what_it_was_given() -> None:
    """A saved configuration comes back line by line, and again after a restart."""
    box = ProcurveAppliance(ApplianceSpec("x", platform="hp_procurve", ports=8, startup=SAVED), ManualClock())
    assert box.refused == []
    assert box.running_config().splitlines()[2:] == SAVED.splitlines()[2:]
    box.save()
    box.restart()
    assert box.running_config().splitlines()[2:] == SAVED.splitlines()[2:]


def test_a_port_moves_and_is_always_in_some_vlan(keyboard: Keyboard) -> None:
    keyboard.configure("vlan 10", "untagged 1-4", "vlan 20", "tagged 2-3")
    assert keyboard.shown("vlan 1") == ['name "DEFAULT_VLAN"', "no untagged 1-4", "untagged 5-8", "no ip address"]
    assert "must belong to at least one VLAN" in keyboard.configure("vlan 1", "no untagged 5")
    assert keyboard.configure("vlan 10", "no untagged 1-2") == ""
    assert keyboard.shown("vlan 10")[1] == "untagged 3-4"
    assert keyboard.shown("vlan 1")[1:3] == ["no untagged 2-4", "untagged 1,5-8"], "port 1 went home, 2 has its tag"
    assert keyboard.configure("vlan 20", "no tagged 2") == ""
    assert keyboard.shown("vlan 1")[1:3] == ["no untagged 3-4", "untagged 1-2,5-8"]


def test_the_port_side_is_rewritten(keyboard: Keyboard) -> None:
    keyboard.configure("vlan 10", "vlan 20", "interface 3", "untagged vlan 10", "tagged vlan 20")
    assert keyboard.shown("vlan 10")[1] == "untagged 3"
    assert keyboard.shown("vlan 20")[1] == "tagged 3"
    assert keyboard.shown("interface 3") == []


def test_removing_a_vlan_asks_for_its_ports(keyboard: Keyboard) -> None:
    keyboard.configure("vlan 10", "untagged 1", "exit", "no vlan 10")
    assert "moved to the default VLAN" in keyboard.session.prompt
    keyboard.type("n")
    assert keyboard.shown("vlan 10")
    keyboard.configure("no vlan 10")
    keyboard.type("y")
    assert not keyboard.shown("vlan 10")
    assert "untagged 1-8" in keyboard.shown("vlan 1")


@pytest.mark.parametrize(("lines", "said"), [
    (("vlan 10", "tagd 1"), "Invalid input: tagd"),
    (("interfce 1",), "Invalid input: interfce"),
    (("vlan",), "Incomplete input: vlan"),
    (("vlan 10", "tagged 99"), "Module not present for port or invalid port: 99"),
    (("no vlan 77",), "VLAN 77 not found."),
    (("spanning-tree 1 x",), "Invalid input: x"),
    (("i",), "Ambiguous input: i"),
    (("radius-server host 192.0.2.1 ke x",), None),
    (("ip access-list extended x", "10 permit tcp any any", "10 deny ip any any"), "Duplicate sequence number."),
    (("ip access-list extended x", "permit tcp any any eq"), "Incomplete input: eq"),
    (("ip access-list extended x", "permit ipx any any"), "Invalid input: ipx"),
    (("interface 1", "no ip access-group none in"), '"none" has not been configured.'),
    (("interface 1", "service-policy none in"), 'Policy "none" not found.'),
    (("aaa server-group radius g host 192.0.2.9",), "RADIUS server 192.0.2.9 not found."),
    (("policy qos p", "class ipv4 c action ip-dscp ef"), 'Class "c" not found.'),
    (("class ipv4 c", "match ip any any", "exit", "policy qos p", "class ipv4 c action ip-dscp ef"),
     "DSCP Policy 101110 not configured."),
    (("aaa port-access authenticator 1 unauth-vid 66",), "VLAN 66 not found."),
    (("aaa port-access authenticator 1", "port-security 1 learn-mode static"),
     "Inconsistent value: learn-mode is not allowed with port access."),
    (('hostname "open',), "Invalid input: hostname"),
    (("vlan 10", 'name "PD"', "vlan 20", "name PD"), "Inconsistent value: the VLAN name is in use."),
])
def test_refusals_in_its_own_words(keyboard: Keyboard, lines: tuple[str, ...], said: str | None) -> None:
    before = keyboard.box.running_config() if len(lines) == 1 else None
    answer = keyboard.configure(*lines)
    assert answer == (said or "")
    assert said is None or before is None or keyboard.box.running_config() == before


def test_abbreviations_and_ambiguity(keyboard: Keyboard) -> None:
    assert keyboard.configure("int 1", "disa") == ""
    assert keyboard.shown("interface 1") == ["disable"]
    assert keyboard.configure("sp 1 a") == ""
    assert "spanning-tree 1 admin-edge-port\n" in keyboard.box.running_config()
    assert keyboard.configure("ip a") == "Ambiguous input: a"
    assert keyboard.configure("ntp") == "Incomplete input: ntp"


def test_what_is_in_use_stays(keyboard: Keyboard) -> None:
    keyboard.configure("radius-server host 192.0.2.1", "aaa server-group radius g host 192.0.2.1",
                       "aaa authentication port-access eap-radius server-group g")
    assert "in use" in keyboard.configure("no radius-server host 192.0.2.1")
    assert "cannot be removed" in keyboard.configure("no aaa server-group radius g host 192.0.2.1")
    keyboard.configure("qos dscp-map ef priority 6", "class ipv4 c", "match ip any any", "exit", "policy qos p",
                       "class ipv4 c action ip-dscp ef action priority 6", "exit", "interface 1 service-policy p in")
    assert "in use" in keyboard.configure("no policy qos p")
    assert "in use" in keyboard.configure("class ipv4 c", "no 10")


def test_defaults_hide_and_lists_are_compressed(keyboard: Keyboard) -> None:
    keyboard.configure("aaa port-access authenticator 1-4,6", "aaa port-access authenticator 1 tx-period 10",
                       "aaa port-access authenticator 2 tx-period 30", "aaa port-access authenticator 3 tx-period 10",
                       "telnet-server", "no web-management", "radius-server timeout 5")
    text = keyboard.box.running_config()
    assert "aaa port-access authenticator 1-4,6\n" in text
    assert "aaa port-access authenticator 1,3 tx-period 10\n" in text
    assert "telnet-server" not in text
    assert "no web-management\n" in text
    assert "timeout" not in text
    keyboard.configure("no aaa port-access authenticator 1")
    assert "aaa port-access authenticator 3 tx-period 10\n" in keyboard.box.running_config()


def test_lists_in_its_own_words(keyboard: Keyboard) -> None:
    keyboard.configure("ip access-list extended x", "permit tcp host 10.0.0.1 any eq http", "remark why",
                       "5 deny ip 10.0.0.0/24 any log", "exit", "ipv6 access-list y",
                       "permit icmp any host fe80::1 135")
    assert keyboard.shown('ip access-list extended "x"') == [
        "5 deny ip 10.0.0.0 0.0.0.255 0.0.0.0 255.255.255.255 log",
        "10 permit tcp 10.0.0.1 0.0.0.0 0.0.0.0 255.255.255.255 eq 80", '20 remark "why"']
    assert keyboard.shown('ipv6 access-list "y"') == ["10 permit icmp ::/0 fe80::1/128 135"]


def test_keys_show_only_with_credentials(keyboard: Keyboard) -> None:
    keyboard.configure('radius-server host 192.0.2.1 key "s3cret"')
    assert "s3cret" not in keyboard.box.running_config()
    keyboard.configure("include-credentials")
    assert "Continue?[y/n]" in keyboard.session.prompt
    keyboard.type("y")
    assert 'radius-server host 192.0.2.1 key "s3cret"\n' in keyboard.box.running_config()
    keyboard.type("write memory")
    keyboard.box.restart()
    assert 'radius-server host 192.0.2.1 key "s3cret"\n' in keyboard.box.running_config()


def test_a_scheduled_restart_brings_back_what_was_saved(keyboard: Keyboard) -> None:
    before = keyboard.box.running_config()
    keyboard.type("reload after 5")
    keyboard.type("y")
    assert "scheduled in 5 minutes" in keyboard.type("show reload after")
    keyboard.configure("vlan 10")
    assert "needs to be saved" in keyboard.type("show config status")
    keyboard.clock.advance(299)
    assert keyboard.shown("vlan 10")
    keyboard.clock.advance(2)
    keyboard.type("show version")
    assert keyboard.session.closed
    assert keyboard.box.running_config() == before


def test_a_restart_that_is_called_off_does_not_come(keyboard: Keyboard) -> None:
    keyboard.type("reload after 5")
    keyboard.type("n")
    assert "not scheduled" in keyboard.type("show reload after")
    keyboard.type("reload after 5")
    keyboard.type("y")
    keyboard.type("no reload")
    keyboard.clock.advance(600)
    keyboard.type("show version")
    assert not keyboard.session.closed


def test_restarting_asks_whether_to_save(keyboard: Keyboard) -> None:
    keyboard.configure("vlan 10")
    keyboard.type("reload", "y")
    assert "save current configuration" in keyboard.session.prompt
    keyboard.type("y")
    assert keyboard.shown("vlan 10")


def test_faults() -> None:
    refusing = Keyboard(faults=Faults(refuse="^vlan"))
    assert refusing.configure("vlan 10").startswith("Invalid input")
    dying = Keyboard(faults=Faults(restart_on="^ *untagged"))
    dying.configure("vlan 10", "untagged 1")
    assert dying.session.closed
    assert not dying.shown("vlan 10")


@pytest.mark.parametrize("command", ["show vlans", "show interfaces brief", "show mac-address", "show port-security",
                                     "show lldp info remote-device"])
def test_the_published_parsers_read_its_tables(keyboard: Keyboard, command: str) -> None:
    keyboard.configure("vlan 10", "name phones", "voice", "untagged 2", "interface 3 disable",
                       "port-security 4 learn-mode limited-continuous address-limit 2 action send-alarm")
    keyboard.box.stations.append(Station("2", "08:00:0f:00:00:01"))
    keyboard.box.neighbours.append(Neighbour("2", "08000f-000001", "08 00 0f 00 00 01", "phone-1"))
    keyboard.type("end")
    rows = parse_output(platform="hp_procurve", command=command, data=keyboard.session.feed(command))
    told = {"show vlans": ("10", "phones", "Yes"), "show interfaces brief": ("3", "No", "Down"),
            "show mac-address": ("08000f-000001", "2", "10"), "show port-security": ("4", "Send Alarm"),
            "show lldp info remote-device": ("2", "phone-1")}[command]
    assert any(set(told) <= set(row.values()) for row in rows), rows
