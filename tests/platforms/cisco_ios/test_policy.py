"""A whole configuration of a switch as a policy: ports, VLANs, lists in their places, routes, what stays unread."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.platforms.cisco_ios import PLATFORM
from punchdown.render import render_device
from punchdown.values.policy import DevicePolicy, PortPolicy
from tests.platforms.cisco_ios.switches import INTENT, Switch
from tests.platforms.policies import lisbon, packet, through, unread


def read(text: str, model: str = "") -> DevicePolicy:
    return PLATFORM.policy(replace(INTENT, model=model), {"running-config": text})


def port(*lines: str, before: str = "") -> PortPolicy:
    body = "".join(f" {line}\n" for line in lines)
    return read(f"{before}interface GigabitEthernet1/0/1\n{body}").ports[0]


def left_over(text: str) -> list[str]:
    return [line.text for line in read(text).unread]


def test_access_ports() -> None:
    assert (port("switchport mode access").untagged, port("switchport mode access").tagged) == (1, ())
    phone = port("switchport access vlan 130", "switchport mode access", "switchport voice vlan 120")
    assert (phone.untagged, phone.tagged) == (130, (120,))
    for word in ("none", "dot1p", "untagged"):
        assert port("switchport mode access", f"switchport voice vlan {word}").tagged == ()


def test_lines_of_the_other_mode_mean_nothing() -> None:
    stale = port("switchport access vlan 20", "switchport mode trunk", "switchport trunk allowed vlan 30,40")
    assert (stale.untagged, stale.tagged) == (0, (30, 40))
    assert port("switchport trunk native vlan 9", "switchport mode access").untagged == 1


def test_trunks() -> None:
    default = port("switchport mode trunk")
    assert (default.untagged, default.tagged[0], default.tagged[-1], len(default.tagged)) == (1, 2, 4094, 4093)
    native = port("switchport mode trunk", "switchport trunk native vlan 10", "switchport trunk allowed vlan 10,20-22")
    assert (native.untagged, native.tagged) == (10, (20, 21, 22))
    tagging = port("switchport mode trunk", "switchport trunk native vlan 10", "switchport trunk allowed vlan 10,20",
                   before="vlan dot1q tag native\n")
    assert (tagging.untagged, tagging.tagged) == (0, (10, 20))


@pytest.mark.parametrize(("lines", "carried"), [
    (("allowed vlan 10", "allowed vlan add 20,30", "allowed vlan remove 10"), (20, 30)),
    (("allowed vlan none",), ()),
    (("allowed vlan none", "allowed vlan add 7"), (7,)),
    (("allowed vlan except 2-4094",), (1,)),
    (("allowed vlan 5-6", "allowed vlan all", "allowed vlan remove 1-4090"), (4091, 4092, 4093, 4094)),
])
def test_lists_of_vlans(lines: tuple[str, ...], carried: tuple[int, ...]) -> None:
    edits = (f"switchport trunk {line}" for line in lines)
    found = port("switchport mode trunk", "switchport trunk native vlan 999", *edits)
    assert found.tagged == carried


DOT1X = ("switchport mode access", "authentication port-control auto", "dot1x pae authenticator")


def test_a_port_is_guarded_when_something_authenticates() -> None:
    assert port(*DOT1X, before="dot1x system-auth-control\n").guarded
    assert port("switchport mode access", "authentication port-control auto", "mab").guarded
    assert port("switchport mode access", "access-session port-control auto", "access-session closed", "mab").guarded
    assert not port("switchport mode access", "access-session port-control auto", "mab").guarded
    assert not port(*DOT1X).guarded
    assert not port(*DOT1X, "authentication open", before="dot1x system-auth-control\n").guarded
    assert not port("switchport mode access", "authentication port-control force-authorized", "mab").guarded
    assert port("switchport mode access", "authentication port-control force-unauthorized").closed
    assert port("switchport mode access", "shutdown").closed


def test_the_vlan_of_who_did_not_authenticate() -> None:
    guest = "authentication event no-response action authorize vlan 666"
    failed = "authentication event fail retry 2 action authorize vlan {}"
    assert port(*DOT1X, guest, before="dot1x system-auth-control\n").guest == 666
    assert port(*DOT1X, guest, failed.format(666)).guest == 666
    assert port(*DOT1X).guest == 0
    text = f"dot1x system-auth-control\ninterface GigabitEthernet1/0/1\n {guest}\n {failed.format(667)}\n"
    assert left_over(text + "".join(f" {line}\n" for line in DOT1X)) == [failed.format(667)]


def test_port_control_that_nothing_answers_is_unread() -> None:
    text = "interface GigabitEthernet1/0/1\n" + "".join(f" {line}\n" for line in DOT1X)
    assert left_over(text) == ["interface GigabitEthernet1/0/1"]
    assert left_over("dot1x system-auth-control\n" + text) == []


LISTS = """ip access-list extended A
 permit tcp any any eq 80
ipv6 access-list B
 deny ipv6 any any
"""


def test_bindings_of_ports_and_routed_interfaces() -> None:
    found = read(LISTS + """interface GigabitEthernet1/0/1
 switchport mode access
 ip access-group A in
 ipv6 traffic-filter B in
interface Vlan10
 ip address 10.0.10.1 255.255.255.0
 ip address 10.0.11.1 255.255.255.0 secondary
 ipv6 address 2001:DB8::1/64
 ipv6 address FE80::1 link-local
 ip access-group A out
interface Vlan20
 no ip address
 shutdown
interface TenGigabitEthernet1/1/1
 no switchport
 ip address 192.0.2.1 255.255.255.252
 ip access-group A in
""")
    assert found.ports[0].inbound == ("ip access-list A", "ipv6 access-list B")
    first, second, third = found.interfaces
    assert (first.vlan, first.addresses) == (10, ("10.0.10.1/24", "10.0.11.1/24", "2001:db8::1/64"))
    assert (first.inbound, first.outbound) == ((), ("ip access-list A",))
    assert (second.vlan, second.closed) == (20, True)
    assert (third.port, third.vlan, third.inbound) == ("TenGigabitEthernet1/1/1", 0, ("ip access-list A",))
    assert (found.unused, found.undefined, found.unread) == ((), (), ())


def test_a_later_binding_replaces_an_earlier_one() -> None:
    found = read(LISTS + "interface Gi1/0/1\n switchport mode access\n ip access-group X in\n ip access-group A in\n")
    assert (found.ports[0].name, found.ports[0].inbound) == ("GigabitEthernet1/0/1", ("ip access-list A",))


def test_an_undefined_list_lets_everything_pass_and_is_named() -> None:
    found = read("interface GigabitEthernet1/0/1\n switchport mode access\n ip access-group GONE in\n")
    assert [(name, line.number) for name, line in found.undefined] == [("ip access-list GONE", 3)]
    assert through(found, found.ports[0].inbound, packet("tcp 1.1.1.1:1 2.2.2.2:22")) == {"accept"}


def test_lists_that_nothing_names_are_unused() -> None:
    text = LISTS + "class-map match-any C\n match access-group name A\n"
    assert read(text).unused == ("ipv6 access-list B",)


def test_terminal_lines_filter_the_device_itself() -> None:
    text = """ip access-list standard ADMINS
 permit 10.0.99.100
line vty 0 4
 access-class ADMINS in
line vty 5 15
 access-class ADMINS in vrf-also
"""
    found = read(text)
    assert through(found, found.local, packet("tcp 10.0.99.100:1 10.0.99.1:22")) == {"accept"}
    assert through(found, found.local, packet("tcp 10.0.99.101:1 10.0.99.1:22")) == {"drop"}
    assert through(found, found.local, packet("tcp 10.0.99.101:1 10.0.99.1:80")) == {"accept"}
    other = read(text.replace(" access-class ADMINS in vrf-also\n", " transport input ssh\n"))
    assert through(other, other.local, packet("tcp 10.0.99.101:1 10.0.99.1:22")) == {"accept", "drop"}


def test_dhcp_answers_come_from_trusted_ports_only() -> None:
    text = """ip dhcp snooping vlan 10,20
ip dhcp snooping
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
interface GigabitEthernet1/0/2
 switchport mode trunk
 ip dhcp snooping trust
interface GigabitEthernet1/0/3
 switchport mode trunk
 switchport trunk native vlan 999
 switchport trunk allowed vlan 10,30
"""
    access, trusted, partial = read(text).ports
    answer = packet("udp 10.0.0.1:67 10.0.0.9:68")
    assert through(read(text), access.inbound, answer) == {"drop"}
    assert through(read(text), access.inbound, packet("udp 10.0.0.9:68 10.0.0.1:67")) == {"accept"}
    assert trusted.inbound == ()
    assert through(read(text), partial.inbound, answer | packet("udp 10.0.0.1:67 10.0.0.9:68", vlan=10)) == {"drop"}
    assert through(read(text), partial.inbound, packet("udp 10.0.0.1:67 10.0.0.9:68", vlan=30)) == {"accept"}
    assert read(text.replace("ip dhcp snooping\n", "")).ports[0].inbound == ()


def test_members_of_a_bundle_have_its_settings() -> None:
    found = read("""interface Port-channel1
 switchport mode trunk
 switchport trunk native vlan 999
 switchport trunk allowed vlan 10
interface GigabitEthernet1/0/1
 channel-group 1 mode active
interface GigabitEthernet1/0/2
 channel-group 1 mode active
 shutdown
""")
    assert [(item.name, item.tagged, item.closed) for item in found.ports] == [
        ("GigabitEthernet1/0/1", (10,), False), ("GigabitEthernet1/0/2", (10,), True)]


MAPS = """ip access-list extended PBX
 permit tcp any host 10.0.10.9 eq 1752
ip access-list extended OTHER
 deny udp any any eq 69
 permit udp any any
 permit tcp any any eq 1752
vlan access-map GUARD 20
 match ip address OTHER
 action forward
vlan access-map GUARD 10
 match ip address PBX
 action drop
vlan filter GUARD vlan-list 10,20
interface GigabitEthernet1/0/1
 switchport mode access
 switchport access vlan 10
interface GigabitEthernet1/0/2
 switchport mode trunk
 switchport trunk native vlan 999
 switchport trunk allowed vlan 20,30
interface Vlan10
 ip address 10.0.10.1 255.255.255.0
"""


def test_vlan_maps_judge_on_entry_and_what_is_routed_into_the_vlan() -> None:
    found = read(MAPS)
    access, trunk = found.ports
    assert unread(found) == []
    ends = {"tcp 10.0.10.2:1 10.0.10.9:1752": "drop", "udp 10.0.10.2:1 10.0.10.9:53": "accept",
            "udp 10.0.10.2:1 10.0.10.9:69": "drop", "tcp 10.0.10.2:1 10.0.10.9:22": "drop",
            "tcp [fd00::1]:1 [fd00::2]:1752": "accept"}
    for words, end in ends.items():
        assert through(found, access.inbound, packet(words)) == {end}, words
        assert through(found, trunk.inbound, packet(words, vlan=20)) == {end}, words
        assert through(found, trunk.inbound, packet(words, vlan=30)) == {"accept"}, words
        assert through(found, found.interfaces[0].outbound, packet(words)) == {end}, words


def test_parts_of_vlan_maps_that_are_not_read() -> None:
    probe = packet("tcp 10.0.10.2:1 10.0.10.9:1752")
    redirected = read(MAPS.replace(" action drop", " action redirect GigabitEthernet1/0/2"))
    assert through(redirected, redirected.ports[0].inbound, probe) >= {"accept", "drop"}
    missing = read(MAPS.replace("match ip address PBX", "match ip address GONE"))
    assert through(missing, missing.ports[0].inbound, probe) == {"accept", "drop"}
    assert len(unread(missing)) == 1


SWITCH = "interface GigabitEthernet1/0/1\n switchport mode access\n"


def test_routing_is_on_where_the_text_or_the_kind_of_device_says_so() -> None:
    assert not read(SWITCH).routes_packets
    assert read(SWITCH + "ip routing\n").routes_packets
    assert read(SWITCH, model="ISR4331").routes_packets
    assert read("interface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n").routes_packets
    assert not read("no ip routing\ninterface GigabitEthernet0/0\n ip address 10.0.0.1 255.0.0.0\n").routes_packets


def test_ipv6_is_routed_only_when_switched_on() -> None:
    probe = packet("tcp [2001:db8::1]:1 [2001:db8:1::1]:2")
    without, having = read(SWITCH + "ip routing\n"), read(SWITCH + "ip routing\nipv6 unicast-routing\n")
    assert through(without, without.forward, probe) == {"drop"}
    assert through(having, having.forward, probe) == {"accept"}


def test_routes() -> None:
    found = read(SWITCH + """ip routing
ip default-gateway 10.9.9.9
ip route 0.0.0.0 0.0.0.0 192.0.2.1
ip route 10.5.0.0 255.255.0.0 Vlan10 10.0.10.2 200 name SITE
ip route 10.6.0.0 255.255.0.0 Null0
ipv6 route 2001:DB8:5::/48 2001:DB8::2
""")
    assert [(item.prefix, item.interface, item.next_hop) for item in found.routes] == [
        ("0.0.0.0/0", "", "192.0.2.1"), ("10.5.0.0/16", "Vlan10", "10.0.10.2"), ("10.6.0.0/16", "Null0", ""),
        ("2001:db8:5::/48", "", "2001:DB8::2")]
    assert [item.next_hop for item in read(SWITCH + "ip default-gateway 10.9.9.9\n").routes] == ["10.9.9.9"]


@pytest.mark.parametrize("line", [
    "ip nat inside source list 1 interface Vlan10 overload", "vlan filter GUARD vlan-list 10",
    "vlan filter GUARD vlan-list ten", "zone-pair security A",
    "cts role-based enforcement", "ip wccp web-cache", "bridge irb", "a word that nobody knows",
])
def test_global_lines_that_could_matter_are_kept(line: str) -> None:
    assert left_over(SWITCH + line + "\n") == [line]


@pytest.mark.parametrize("line", [
    "snmp-server location attic", "ip ssh version 2", "router ospf 1", "ip nat pool P 10.0.0.1 10.0.0.9",
    "aaa new-model", "spanning-tree mode rapid-pvst", "ip http server", "no ip http server", "vlan internal allocation",
])
def test_global_lines_that_decide_nothing_are_not(line: str) -> None:
    assert left_over(SWITCH + line + "\n") == []


@pytest.mark.parametrize("line", [
    "switchport protected", "switchport mode dynamic auto", "mac access-group M in", "ip policy route-map R",
    "ip verify source port-security", "authentication control-direction in", "source template T",
    "crypto map M", "switchport trunk allowed vlan ten",
])
def test_lines_of_a_port_that_could_matter_are_kept(line: str) -> None:
    text = f"interface GigabitEthernet1/0/1\n switchport mode access\n {line}\n"
    assert left_over(text) == [line]
    assert left_over(text + " shutdown\n") == []


VRFS = """ip routing
vrf definition guests
 address-family ipv4
 exit-address-family
interface Vlan10
 ip address 10.1.0.1 255.255.0.0
interface Vlan20
 vrf forwarding guests
 ip address 10.2.0.1 255.255.0.0
interface Vlan30
 ip vrf forwarding guests
 ip address 10.3.0.1 255.255.0.0
interface GigabitEthernet0/0
 vrf forwarding Mgmt-vrf
 no ip address
"""


@pytest.mark.parametrize(("entry", "leaving", "passes"), [
    ("Vlan10", "Vlan20", False), ("Vlan20", "Vlan10", False), ("Vlan20", "Vlan30", True), ("Vlan10", "Vlan10", True),
    ("Vlan30", "Vlan10", False)])
def test_a_routing_table_of_its_own_reaches_no_other(entry: str, leaving: str, passes: bool) -> None:
    found = read(SWITCH + VRFS)
    assert unread(found) == []
    probe = packet("tcp 10.1.0.9:1000 10.2.0.9:80")
    assert through(found, found.forward, probe, entry, leaving) == {"accept" if passes else "drop"}
    mixed = read(SWITCH + VRFS.replace(" ip vrf forwarding guests\n", "").replace(" vrf forwarding guests\n", ""))
    assert unread(mixed) == []
    assert through(mixed, mixed.forward, probe, entry, leaving) == {"accept"}


def test_prefixes_that_overlap_in_two_routing_tables_are_not_followed() -> None:
    text = SWITCH + VRFS.replace("10.2.0.1", "10.1.0.2")
    assert left_over(text) == ["vrf forwarding guests"]
    assert left_over(text.replace("ip routing\n", "")) == ["vrf forwarding guests"]
    assert left_over(SWITCH + VRFS + "ip route vrf guests 0.0.0.0 0.0.0.0 10.2.0.9\n") == [
        "ip route vrf guests 0.0.0.0 0.0.0.0 10.2.0.9"]


def test_a_negotiated_mode_is_unread_on_a_port_that_the_definition_uses() -> None:
    used, spare = "interface GigabitEthernet1/0/1", "interface TenGigabitEthernet1/1/8"
    text = f"{used}\n switchport access vlan 10\n{spare}\n switchport access vlan 10\n"
    assert left_over(text) == [used]
    assert read(text).ports[1].untagged == 10


def test_lines_below_a_heading_that_could_matter_are_kept() -> None:
    bound = "interface GigabitEthernet1/0/1\n switchport mode access\n service-policy input P\n"
    assert left_over(SWITCH + bound + "policy-map P\n class C\n  drop\n") == ["drop"]
    assert left_over(SWITCH + bound + "policy-map P\n class C\n  service-policy Q\npolicy-map Q\n class C\n  drop\n"
                     ) == ["drop"]
    assert left_over(SWITCH + "policy-map P\n class C\n  drop\n") == []
    assert left_over(SWITCH + bound + "policy-map P\n class C\n  police 128000\n   exceed-action drop\n") == []
    assert left_over(SWITCH + "vlan 10\n name X\n shutdown\n") == ["shutdown"]
    assert left_over("banner motd ^C\nip nat inside\n^C\n" + SWITCH) == []


def test_the_example_switch_is_understood_whole() -> None:
    intent, documents = lisbon("sw-acc-1")
    found = PLATFORM.policy(intent, documents)
    assert unread(found) == []
    assert [item.name for item in found.ports] == [item.name for item in intent.ports]
    for declared, item in zip(intent.ports, found.ports, strict=True):
        assert item.closed == (declared.mode == "closed")
        if not item.closed:
            assert item.guarded == (declared.dot1x is not None)
            assert set(item.tagged) == {*declared.tagged, declared.voice_vlan} - {0}
            assert item.untagged == declared.access_vlan
    assert len(found.interfaces) == 1
    assert not found.routes_packets


def meaning(item: DevicePolicy, intent: DeviceIntent) -> object:
    """What a policy says of the ports of the definition, without the places of its lines."""
    declared = {port.name for port in intent.ports}
    return ({one.name: ([(rule.matches, rule.end) for rule in one.rules], one.default) for one in item.tables},
            {one.name: replace(one, line=None) for one in item.ports if one.name in declared},
            [replace(one, line=None) for one in item.interfaces if one.addresses],
            [replace(one, line=None) for one in item.routes], item.local, item.unused, item.routes_packets)


def test_what_an_appliance_shows_is_understood_and_means_the_same(switch: Switch) -> None:
    found = read(switch.running().text("running-config"))
    wanted = read(render_device(INTENT).document("running-config").text)
    assert unread(found) == unread(wanted) == []
    assert meaning(found, INTENT) == meaning(wanted, INTENT)


def test_the_example_switch_means_the_same_when_an_appliance_shows_it() -> None:
    intent, documents = lisbon("sw-acc-1")
    clock = ManualClock()
    box = Switch(IosAppliance(ApplianceSpec("sw-acc-1", version="17.9.4", ports=48), clock), clock)
    writer, safe = box.writer(), PLATFORM.safe_change()
    safe.stage(writer, box.compare(intent), lambda text: re.sub(r"<secret:[^>]+>", "pw12345678", text))
    safe.commit(writer, 300)
    safe.confirm(writer.reconnect())
    found = PLATFORM.policy(intent, {"running-config": box.running().text("running-config")})
    assert unread(found) == []
    assert len(found.ports) > 48
    assert meaning(found, intent) == meaning(PLATFORM.policy(intent, documents), intent)
