"""Texts as engineers write them, each with the answer that the vendor's documentation gives."""

from __future__ import annotations

import pytest

from punchdown.platforms.openvswitch.documents import DATABASE, FLOWS

from .texts import answers, state

YES, NO, UNKNOWN = "proved", "refuted", "unknown"
ASKED = "tcp x -> y:1752"

SWITCH = """version 16.12
ip routing
interface GigabitEthernet1/0/1
 switchport access vlan 10
 switchport mode access
interface GigabitEthernet1/0/2
 switchport access vlan 20
 switchport mode access
interface Vlan10
 ip address 10.0.1.1 255.255.255.0
{inner}interface Vlan20
 ip address 10.0.2.1 255.255.255.0
{outer}{more}
"""
SEATS = {"x": ("10.0.1.5", "GigabitEthernet1/0/1"), "y": ("10.0.2.5", "GigabitEthernet1/0/2")}
BOUND = " ip access-group A in\n"
LIST = "ip access-list extended A\n"
REFLEXIVE = """ip access-list extended OUT
 permit tcp any any reflect {one} timeout 120
 permit udp any any
ip access-list extended BACK
 evaluate {two}
"""
BOTH = (" ip access-group OUT in\n", " ip access-group BACK in\n")
MANAGEMENT = """vrf definition Mgmt-vrf
interface GigabitEthernet0/0
 vrf forwarding Mgmt-vrf
 ip address 192.168.5.1 255.255.255.0
ip route vrf Mgmt-vrf 0.0.0.0 0.0.0.0 192.168.5.254
"""

CATALYST = {
    "a line with the number of an earlier one": (
        LIST + " 10 permit udp any any\n 10 permit tcp any any\n", BOUND, "", {ASKED: UNKNOWN, "udp x -> y:53": YES}),
    "a line without number stands behind all": (
        LIST + " 40 deny tcp any any\n 10 permit udp any any\n permit tcp any any\n", BOUND, "", {ASKED: NO}),
    "flags of openings": (
        LIST + " deny tcp any any match-all +syn -ack\n permit ip any any\n", BOUND, "",
        {ASKED: NO, "tcp y -> x:22": YES}),
    "flags of no connection": (
        LIST + " deny tcp any any match-all +syn +fin\n permit ip any any\n", BOUND, "", {ASKED: YES}),
    "flags as older devices write them": (
        LIST + " permit tcp any any ack rst\n", BOUND, "", {ASKED: NO, "tcp y -> x:22": YES}),
    "sessions that a reflexive list remembers": (
        REFLEXIVE.format(one="SEEN", two="SEEN"), *BOTH, {ASKED: YES, "tcp y -> x:1752": NO, "udp y -> x:53": NO}),
    "sessions of another reflexive list": (
        REFLEXIVE.format(one="SEEN", two="OTHER"), *BOTH, {"tcp y -> x:1752": NO}),
    "what goes to Null0": ("ip route 10.0.2.5 255.255.255.255 Null0\n", "", "", {ASKED: NO}),
    "a route that waits for a better one to go": (
        "ip route 10.0.2.5 255.255.255.255 Null0 250\nip route 10.0.2.5 255.255.255.255 Vlan20\n", "", "",
        {ASKED: YES}),
    "the management port's own routes": (MANAGEMENT, "", "", {ASKED: YES}),
    "a limit of the control plane": (
        "policy-map P\n class C\n  police 8000 conform-action drop\ncontrol-plane\n service-policy input P\n", "", "",
        {ASKED: YES}),
    "a macro's text": (
        f"macro name M\nswitchport mode access\n{LIST} permit ip any any\n@\n{LIST} permit udp any any\n", BOUND, "",
        {ASKED: NO}),
    "what a pager left": (
        LIST + " permit udp any any\n --More-- \x08\x08\x08      \x08\x08\x08 permit tcp any any eq 1752\n", BOUND, "",
        {ASKED: YES, "tcp x -> y:22": NO}),
    "an address of a standby group is the device's": (
        "", " standby 1 ip 10.0.1.254\n", "", {"tcp y -> 10.0.1.254:22": YES, "tcp y -> 10.0.1.253:22": NO}),
    "zones that are not followed": (
        "zone security IN\nzone-pair security P source IN destination OUT\n", " zone-member security IN\n", "",
        {ASKED: UNKNOWN}),
    "a filter that drops beside what is not followed": (
        LIST + " deny ip any any\nip nat inside source static 10.0.1.5 10.0.2.99\n", BOUND, "", {ASKED: UNKNOWN}),
}


@pytest.mark.parametrize("name", CATALYST)
def test_catalyst(name):
    more, inner, outer, expected = CATALYST[name]
    found = state("cisco_ios", {"running-config": SWITCH.format(inner=inner, outer=outer, more=more)}, SEATS)
    assert answers(found, expected) == expected


def test_a_router_with_one_wire():
    """Frames with a tag belong to the sub-interface of that VLAN."""
    text = """interface GigabitEthernet0/0
 no ip address
interface GigabitEthernet0/0.10
 encapsulation dot1Q 10
 ip address 10.0.1.1 255.255.255.0
 ip access-group A in
interface GigabitEthernet0/0.20
 encapsulation dot1Q 20
 ip address 10.0.2.1 255.255.255.0
ip access-list extended A
 permit tcp any any eq 1752
"""
    expected = {ASKED: YES, "tcp x -> y:22": NO}
    seats = {"x": ("10.0.1.5", "GigabitEthernet0/0", 10), "y": ("10.0.2.5", "GigabitEthernet0/0", 20)}
    assert answers(state("cisco_ios", {"running-config": text}, seats), expected) == expected


BRIDGE = """bridge br0 fail_mode=secure
interface p1 ofport_request=1
interface p2 ofport_request=2
interface p3 ofport_request=3
port p1 vlan_mode=access tag=10 trunks=[]
port p2 vlan_mode=access tag=10 trunks=[]
port p3 vlan_mode=trunk tag=[] trunks=10,20
"""
PLACES = {"x": ("10.0.1.5", "p1"), "y": ("10.0.1.6", "p2"), "z": ("10.0.1.7", "p3", 10), "w": ("10.0.2.7", "p3", 20)}
HERE, THERE = "tcp 10.0.1.5 -> 10.0.1.6:1752", "tcp 10.0.1.5 -> 10.0.1.7:1752"
REST = "priority=1,actions=NORMAL\n"
TRACKED = """ip,{}actions=ct(table=1)
table=1,ct_state={},ip,actions=NORMAL
table=1,ct_state={},tcp,tp_dst=1752,actions=ct({}),NORMAL
"""

FLOWED = {
    "frames sent to ports": (
        "in_port=1,actions=output:2\nin_port=2,actions=p1\n", {HERE: YES, THERE: NO}),
    "frames sent to all ports, in whatever VLAN": (
        "in_port=1,actions=flood\nin_port=2,actions=in_port\n",
        {HERE: YES, THERE: NO, "udp 10.0.1.6 -> 10.0.1.5:1": NO}),
    "a tag before they are sent": (
        f"in_port=1,actions=push_vlan:0x8100,set_field:4106->vlan_vid,output:p3\n{REST}", {THERE: YES, HERE: NO}),
    "a tag that the port does not carry": (
        f"in_port=1,actions=mod_vlan_vid:10,NORMAL\n{REST}", {HERE: NO, THERE: NO}),
    "another VLAN on a trunk": (
        f"in_port=3,dl_vlan=20,actions=mod_vlan_vid:10,NORMAL\n{REST}", {"udp 10.0.2.7 -> 10.0.1.6:1": YES}),
    "no tag any more on a trunk without a native VLAN": (
        f"in_port=3,actions=strip_vlan,NORMAL\n{REST}", {"udp 10.0.1.7 -> 10.0.1.6:1": NO}),
    "states as numbers": (
        TRACKED.format("ct_state=0/0x20,", "0x2a/0x2a", "0x21/0x21", "commit,exec(set_field:1->ct_mark)"),
        {HERE: YES, "tcp 10.0.1.5 -> 10.0.1.6:1": NO}),
    "states of no reply": (
        TRACKED.format("", "+est+trk", "+trk-rpl", "commit"), {HERE: YES, "tcp 10.0.1.5 -> 10.0.1.6:1": NO}),
    "flags of TCP": (
        f"tcp,tcp_flags=+syn-ack,in_port=2,actions=drop\n{REST}", {HERE: YES, "tcp 10.0.1.6 -> 10.0.1.5:1": NO}),
    "flags of TCP as numbers": (
        f"tcp,tcp_flags=0x002/0x012,in_port=2,actions=drop\n{REST}", {HERE: YES, "tcp 10.0.1.6 -> 10.0.1.5:1": NO}),
    "registers with high numbers": (
        f"tcp,tp_dst=1752,actions=load:0x1->NXM_NX_REG15[],resubmit(,1)\n{REST}table=1,reg15=0x1,actions=NORMAL\n",
        {HERE: YES}),
    "an address that is rewritten": (
        f"ip,nw_dst=10.0.1.99,actions=mod_nw_dst:10.0.1.6,NORMAL\n{REST}", {HERE: UNKNOWN}),
}


@pytest.mark.parametrize("name", FLOWED)
def test_open_vswitch(name):
    flows, expected = FLOWED[name]
    assert answers(state("openvswitch", {FLOWS: flows, DATABASE: BRIDGE}, PLACES), expected) == expected
