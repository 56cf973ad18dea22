"""Flows, database and agent settings of a switch as a policy, construct by construct."""

from __future__ import annotations

import json

import pytest

from punchdown.platforms.openvswitch import PLATFORM
from punchdown.platforms.openvswitch.documents import AUTHENTICATOR, DATABASE, FLOWS, METERS
from punchdown.platforms.openvswitch.normalise import shown_flows
from punchdown.platforms.openvswitch.policy import ENTRY, NO_VLAN
from punchdown.values.policy import Assign, DevicePolicy, Field, PortPolicy
from tests.platforms.policies import lisbon, packet, through, unread

SWITCH, RENDERED = lisbon("sw-core-1")
WEB = "tcp 10.1.0.9:1000 10.2.0.1:80"
PORTS = """bridge br0 fail_mode=secure
interface p1 ofport_request=1
interface p2 ofport_request=2
port p1 vlan_mode=access tag=10 trunks=[]
port p2 vlan_mode=trunk tag=[] trunks=10,20
"""


def read(*flows: str, database: str = PORTS, **documents: str) -> DevicePolicy:
    return PLATFORM.policy(SWITCH, {FLOWS: "\n".join(flows), DATABASE: database, **documents})


def ends(found: DevicePolicy, words: str, entry: str = "p1", **fields: int) -> set[str]:
    return through(found, (ENTRY,), packet(words, **fields), entry)


READ = [
    ("tcp,tp_dst=80", [WEB], ["tcp 1.1.1.1:1 2.2.2.2:81", "udp 1.1.1.1:1 2.2.2.2:80", "tcp [fd00::1]:1 [fd00::2]:80"]),
    ("tcp,tcp_dst=80", [WEB], ["tcp 1.1.1.1:1 2.2.2.2:81"]),
    ("dl_type=0x0800,nw_proto=6,tp_dst=80", [WEB], ["udp 1.1.1.1:1 2.2.2.2:80"]),
    ("eth_type=0x800,ip_proto=6", [WEB], ["udp 1.1.1.1:1 2.2.2.2:80"]),
    ("udp,tp_dst=0x4000/0xc000", ["udp 1.1.1.1:1 2.2.2.2:16384", "udp 1.1.1.1:1 2.2.2.2:32767"],
     ["udp 1.1.1.1:1 2.2.2.2:16383", "udp 1.1.1.1:1 2.2.2.2:32768"]),
    ("tcp6,tp_src=0x50/0xfffe", ["tcp [fd00::1]:81 [fd00::2]:1"], ["tcp [fd00::1]:82 [fd00::2]:1", WEB]),
    ("ip,nw_src=10.1.0.0/16", [WEB], ["tcp 10.2.0.9:1 1.1.1.1:1"]),
    ("ip,nw_src=10.0.0.9/255.0.0.255", [WEB], ["tcp 10.0.0.8:1 1.1.1.1:1"]),
    ("ip,nw_src=0.0.0.0/0", [WEB], ["tcp [fd00::1]:1 [fd00::2]:2"]),
    ("ipv6,ipv6_dst=fd00::/8", ["tcp [fd00::1]:1 [fd00::2]:2"], ["tcp [fd00::1]:1 [fe00::2]:2"]),
    ("ipv6,ipv6_dst=::2/::f", ["tcp [fd00::1]:1 [fd00::12]:2"], ["tcp [fd00::1]:1 [fd00::13]:2"]),
    ("ip,nw_proto=89", ["89 1.1.1.1 2.2.2.2"], [WEB]),
    ("", [WEB, "tcp [fd00::1]:1 [fd00::2]:2"], []),
    ("tp_dst=80", [WEB, "udp 1.1.1.1:1 2.2.2.2:9"], []),
    ("nw_src=10.0.0.1", [WEB], []),
    ("arp,arp_spa=10.1.0.9", [], [WEB]),
]


@pytest.mark.parametrize(("match", "passing", "dropped"), READ)
def test_matches(match: str, passing: list[str], dropped: list[str]) -> None:
    """A field without the protocol that it needs is ignored, as the switch does."""
    found = read(f"cookie=0x1, duration=4.5s, table=0, n_packets=0, n_bytes=0, priority=5{',' * bool(match)}{match} "
                 "actions=NORMAL")
    assert unread(found) == []
    assert [ends(found, words) for words in passing] == [{"accept"}] * len(passing)
    assert [ends(found, words) for words in dropped] == [{"drop"}] * len(dropped)


def test_icmp_marks_and_addresses_of_the_link() -> None:
    assert ends(read("icmp,icmp_type=8 actions=NORMAL"), "icmp 1.1.1.1 2.2.2.2", icmp_type=8) == {"accept"}
    assert ends(read("icmp6,icmpv6_type=135 actions=NORMAL"), "icmp6 fd00::1 fd00::2", icmp_type=134) == {"drop"}
    for match in ("ip,nw_tos=184", "ip,ip_dscp=46"):
        assert ends(read(f"{match} actions=NORMAL"), WEB, dscp=46) == {"accept"}
        assert ends(read(f"{match} actions=NORMAL"), WEB, dscp=45) == {"drop"}
    card = read("dl_src=02:00:00:00:00:01 actions=NORMAL")
    assert ends(card, WEB, source_mac=0x020000000001) == {"accept"}
    assert ends(card, WEB, source_mac=0x020000000002) == {"drop"}
    group = read("dl_dst=01:00:00:00:00:00/01:00:00:00:00:00 actions=NORMAL")
    assert ends(group, WEB, destination_mac=0xFFFFFFFFFFFF) == {"accept"}
    assert ends(group, WEB, destination_mac=0x020000000002) == {"drop"}


@pytest.mark.parametrize(("match", "vlans"), [
    ("dl_vlan=10", {10}), ("dl_vlan=0xffff", {0}), ("vlan_tci=0x0000/0x1fff", {0}), ("vlan_tci=0x0/0xfff", {0}),
    ("vlan_tci=0x1000/0x1000", {10, 20}), ("vlan_tci=0x100a/0x1fff", {10}), ("vlan_vid=0x100a", {10}),
    ("vlan_vid=0x1000/0x1000", {10, 20}),
])
def test_tags(match: str, vlans: set[int]) -> None:
    found = read(f"{match} actions=NORMAL")
    assert unread(found) == []
    assert {vlan for vlan in (0, 10, 20) if ends(found, WEB, vlan=vlan) == {"accept"}} == vlans


def test_addresses_inside_of_arp() -> None:
    found = read("arp,arp_spa=10.0.0.1,arp_sha=02:00:00:00:00:01 actions=drop", "priority=1,arp actions=NORMAL")
    assert unread(found) == []
    probe = packet("0 10.0.0.1 10.0.0.2", ethertype=0x0806)
    assert through(found, (ENTRY,), probe | {Field.SOURCE_MAC: 0x020000000001}) == {"drop"}
    assert through(found, (ENTRY,), probe | {Field.SOURCE_MAC: 0x020000000002}) == {"accept"}


def test_ports_by_number_name_and_local() -> None:
    for match in ("in_port=1", "in_port=p1", 'in_port="p1"'):
        found = read(f"{match} actions=NORMAL")
        assert (ends(found, WEB, "p1"), ends(found, WEB, "p2")) == ({"accept"}, {"drop"})
    for match in ("in_port=LOCAL", "in_port=65534"):
        assert ends(read(f"{match} actions=NORMAL"), WEB, "br0") == {"accept"}


def test_later_fragments_have_port_zero() -> None:
    found = read("tcp,tp_dst=80 actions=NORMAL")
    assert ends(found, WEB, fragment=1) == {"drop"}
    assert ends(found, "tcp 10.0.0.1 10.0.0.2", fragment=1) == {"drop"}
    assert ends(read("tcp,tp_dst=0 actions=NORMAL"), "tcp 10.0.0.1 10.0.0.2", fragment=1) == {"accept"}
    assert ends(read("tcp,tp_dst=0x0/0xff00 actions=NORMAL"), "tcp 10.0.0.1 10.0.0.2", fragment=1) == {"accept"}
    later = read("ip,ip_frag=later actions=drop", "priority=1,actions=NORMAL")
    assert ends(later, "tcp 10.0.0.1 10.0.0.2", fragment=1) == {"drop"}
    assert ends(later, WEB) == {"accept"}


def test_the_highest_priority_wins_and_no_flow_is_a_drop() -> None:
    found = read("priority=1,actions=NORMAL", "tcp actions=drop", "priority=40000,tcp,tp_dst=80 actions=NORMAL")
    assert ends(found, WEB) == {"accept"}
    assert ends(found, "tcp 1.1.1.1:1 2.2.2.2:81") == {"drop"}, "32768 is the default"
    assert ends(found, "udp 1.1.1.1:1 2.2.2.2:81") == {"accept"}
    assert ends(read("udp actions=NORMAL"), WEB) == {"drop"}


def test_the_later_of_two_flows_with_one_match_replaces_the_earlier() -> None:
    found = read("priority=5,tcp,nw_src=10.0.0.0/8 actions=drop", "priority=5,tcp,nw_src=10.9.9.9/8 actions=NORMAL")
    assert ends(found, WEB) == {"accept"}


def test_flows_of_one_priority_that_contradict_each_other_are_not_known_where_they_meet() -> None:
    found = read("priority=5,tcp,tp_dst=80 actions=NORMAL", "priority=5,ip,nw_src=10.1.0.0/16 actions=drop")
    assert ends(found, WEB) == {"accept", "drop"}
    assert ends(found, "tcp 10.2.0.9:1 1.1.1.1:80") == {"accept"}
    assert ends(found, "tcp 10.1.0.9:1 1.1.1.1:81") == {"drop"}
    assert [words for _, words in unread(found)] == ["line 2 has the same priority"]


def test_flows_of_one_priority_that_cannot_meet_or_agree_are_read() -> None:
    assert unread(read("priority=5,tcp,tp_dst=80 actions=NORMAL", "priority=5,tcp,tp_dst=81 actions=drop",
                       "priority=5,udp actions=drop", "priority=5,arp actions=drop", "priority=5,ipv6 actions=drop",
                       "priority=5,in_port=1,icmp actions=NORMAL", "priority=5,in_port=2,icmp actions=drop")) == []
    many = [f"priority=5,tcp,nw_src=10.0.0.{number},tp_dst={port} actions={'NORMAL' if port % 2 else 'drop'}"
            for number in range(20) for port in range(80, 90)]
    assert unread(read(*many)) == []
    assert len(unread(read(*many, "priority=5,tcp,nw_dst=10.9.9.9 actions=drop"))) == 100


def test_tables_registers_and_resubmission() -> None:
    found = read("table=0,priority=5,in_port=1 actions=set_field:0xa->reg0,resubmit(,10)",
                 "table=0,priority=5,in_port=2 actions=load:0xb->NXM_NX_REG0[0..15],goto_table:10",
                 "table=10,reg0=0xa,tcp actions=NORMAL", "table=10,reg0=0xb/0xffff,udp actions=NORMAL",
                 "table=30 actions=NORMAL")
    assert unread(found) == []
    udp = "udp 1.1.1.1:1 2.2.2.2:2"
    assert [ends(found, words, entry) for entry in ("p1", "p2") for words in (WEB, udp)] == [
        {"accept"}, {"drop"}, {"drop"}, {"accept"}]
    assert found.unused == ("table 30",)


def test_a_table_without_flows_drops() -> None:
    assert ends(read("actions=resubmit(,7)"), WEB) == {"drop"}


def test_what_is_written() -> None:
    actions = ("mod_nw_tos:184", "set_field:46->ip_dscp", "mod_vlan_vid:10", "set_field:4106->vlan_vid", "strip_vlan",
               "set_field:02:00:00:00:00:01->eth_src", "mod_dl_dst:02:00:00:00:00:02", "load:0x7->NXM_NX_REG1[]",
               "set_field:0x5/0xf->reg2")
    rule = read(f"ip actions={','.join(actions)},set_field:6->vlan_pcp,dec_ttl,NORMAL").tables[0].rules[0]
    assert rule.actions == (
        Assign(Field.DSCP, 46, 63), Assign(Field.DSCP, 46, 63), Assign(Field.VLAN, 10, 0xFFF),
        Assign(Field.VLAN, 10, 0xFFF), Assign(Field.VLAN, 0, 0xFFF),
        Assign(Field.SOURCE_MAC, 0x020000000001, 2**48 - 1),
        Assign(Field.DESTINATION_MAC, 0x020000000002, 2**48 - 1), Assign(Field.REGISTER1, 7, 2**32 - 1),
        Assign(Field.REGISTER2, 5, 15))
    assert (rule.unread, rule.end) == ("", "accept")


CONNTRACK = (
    "table=0,priority=5,ip actions=ct(table=20,zone=5)",
    "table=20,priority=9,ct_state=+trk+est,ip actions=NORMAL",
    "table=20,priority=9,ct_state=+rpl+est+trk,ip actions=NORMAL",
    "table=20,priority=8,ct_state=+inv+trk,ip actions=drop",
    "table=20,priority=5,ct_state=+trk+new,tcp,tp_dst=80 actions=ct(commit,zone=5),NORMAL",
)


def test_connection_tracking() -> None:
    found = read(*CONNTRACK)
    assert (unread(found), found.tracks) == ([], True)
    assert [ends(found, WEB, state=state) for state in range(4)] == [{"accept"}, {"accept"}, {"drop"}, {"drop"}]
    assert ends(found, "tcp 1.1.1.1:1 2.2.2.2:81") == {"drop"}
    before = read("table=0,ct_state=-trk,ip actions=NORMAL")
    assert (ends(before, WEB), ends(before, WEB, tracked=1)) == ({"accept"}, {"drop"})
    assert ends(read("ct_state=-new+trk,ip actions=NORMAL"), WEB, tracked=1, state=0) == {"drop"}


def test_zones_that_differ_are_not_followed() -> None:
    found = read(CONNTRACK[0], CONNTRACK[1], CONNTRACK[4].replace("zone=5", "zone=6"))
    assert [line.number for line in found.unread] == [1, 3]


@pytest.mark.parametrize(("flow", "words"), [
    ("ct_state=+snat+trk,tcp actions=NORMAL", "ct_state=+snat+trk"),
    ("ct_state=0x121/0x121,tcp actions=NORMAL", "ct_state=0x121/0x121"),
    ("tcp,tcp_flags=+syn actions=NORMAL", "tcp_flags=+syn"),
    ("tcp,nw_ttl=64 actions=NORMAL", "nw_ttl=64"),
    ("tcp,xreg1=0x1 actions=NORMAL", "xreg1=0x1"),
    ("tcp,metadata=0x1 actions=NORMAL", "metadata=0x1"),
    ("conj_id=3,tcp actions=NORMAL", "conj_id=3"),
    ("tcp actions=meter:9,NORMAL", "meter:9"),
])
def test_what_narrows_and_is_not_read_may_or_may_not_match(flow: str, words: str) -> None:
    found = read(flow)
    assert [left for _, left in unread(found)] == [words]
    assert ends(found, "icmp 1.1.1.1 2.2.2.2" if "icmp" in flow else WEB) == {"accept", "drop"}


@pytest.mark.parametrize("actions", [
    "5", "output:NXM_NX_REG0[]", "output:2,mod_vlan_vid:20,output:1", "group:4",
    "learn(table=1,priority=5)", "NORMAL,output:2", "resubmit(2,10)",
    "resubmit(,10,ct)", "resubmit(,1),NORMAL",
    "ct(commit,nat(src=10.0.0.1),zone=1),NORMAL", "clone(output:2)", "move:NXM_OF_IP_SRC[]->NXM_OF_IP_DST[]",
])
def test_frames_that_are_sent_past_the_bridging_are_kept(actions: str) -> None:
    found = read(f"tcp,tp_dst=80 actions={actions}")
    assert [line.number for line in found.unread] == [1]
    assert {rule.end_known for rule in found.tables[0].rules} == {False}
    assert ends(found, WEB) >= {"accept", "drop"}


def test_lines_that_are_no_flows_are_kept() -> None:
    found = read("NXST_FLOW reply (xid=0x4):", "# a remark", "", "what is this", "priority=high,tcp actions=drop")
    assert [line.number for line in found.unread] == [4, 5]


def test_meters_that_only_limit_a_rate_let_a_packet_pass() -> None:
    found = read("tcp actions=meter:1,NORMAL", "udp actions=meter:2,NORMAL",
                 **{METERS: "meter=1,kbps,band=type=drop,rate=10000\nmeter=2,kbps,band=type=drop,rate=0\n"})
    assert [words for _, words in unread(found)] == ["meter:2"]
    assert ends(found, WEB) == {"accept"}


def port(row: str) -> PortPolicy:
    return read(database=f"port p1 {row}\n").ports[0]


def test_vlans_of_ports() -> None:
    access = port("vlan_mode=access tag=10 trunks=20")
    assert (access.untagged, access.tagged) == (10, ())
    native = port("vlan_mode=native-untagged tag=10 trunks=10,20")
    assert (native.untagged, native.tagged) == (10, (20,))
    tagged = port("vlan_mode=native-tagged tag=10 trunks=20")
    assert (tagged.untagged, tagged.tagged) == (10, (10, 20))
    trunk = port("vlan_mode=trunk tag=[] trunks=20,30")
    assert (trunk.untagged, trunk.tagged) == (0, (20, 30))


def test_a_port_that_nobody_configured_carries_every_vlan_and_frames_without_one() -> None:
    bare = port("vlan_mode=trunk tag=[] trunks=[]")
    assert (bare.untagged, len(bare.tagged)) == (NO_VLAN, 4094)
    assert port("vlan_mode=native-untagged tag=10 trunks=[]").tagged[:2] == (1, 2)


def test_rows_that_are_not_followed_are_kept() -> None:
    found = read(database=PORTS + "port p3 vlan_mode=dot1q-tunnel tag=10 trunks=[]\nmirror m select_all=true\n")
    assert [line.text.split()[0] for line in found.unread] == ["port", "mirror"]
    assert [item.name for item in found.ports] == ["p1", "p2"]


AGENT = json.dumps({"ports": [{"name": "p1", "ofport": 1, "data_vlan": 10, "voice_vlan": 20}]}, indent=1)
GUARD = ("table=0,priority=200,in_port=1 actions=drop", "table=0,priority=100,in_port=2 actions=resubmit(,10)",
         "table=10 actions=NORMAL")


def test_a_guarded_port_admits_sessions_as_the_agent_opens_them() -> None:
    found = read(*GUARD, **{AUTHENTICATOR: AGENT})
    assert [item.guarded for item in found.ports] == [True, False]
    assert [ends(found, WEB, "p1", vlan=vlan) for vlan in (0, 20, 10)] == [{"accept"}, {"accept"}, {"drop"}]
    session = next(rule for rule in found.table(ENTRY).rules if rule.line.document == AUTHENTICATOR)
    assert '"name": "p1"' in session.line.text


def test_a_flow_that_lets_a_guarded_port_past_the_agent_ends_the_guard() -> None:
    for flow in ("table=0,priority=400,in_port=1 actions=NORMAL", "table=0,priority=400,tcp actions=NORMAL"):
        assert not read(*GUARD, flow, **{AUTHENTICATOR: AGENT}).ports[0].guarded
    harmless = "table=0,priority=400,in_port=2 actions=NORMAL"
    assert read(*GUARD, harmless, **{AUTHENTICATOR: AGENT}).ports[0].guarded
    session = "cookie=0x8021,table=0,priority=300,in_port=1,dl_src=02:00:00:00:00:01 actions=resubmit(,10)"
    assert read(*GUARD, session, **{AUTHENTICATOR: AGENT}).ports[0].guarded


def test_settings_of_the_agent_that_are_not_read_are_kept() -> None:
    assert [line.document for line in read(*GUARD, **{AUTHENTICATOR: "{broken"}).unread] == [AUTHENTICATOR]


def test_the_switch_itself() -> None:
    own = read(database=PORTS + "port mgmt vlan_mode=access tag=199 trunks=[]\n").interfaces
    assert [(item.name, item.vlan, item.addresses) for item in own] == [("mgmt", 199, (SWITCH.management.address,))]


def test_the_example_switch_is_understood_whole() -> None:
    found = PLATFORM.policy(SWITCH, RENDERED)
    assert unread(found) == []
    assert found.unused == ()
    declared = {item.name: item for item in SWITCH.ports}
    assert {item.name for item in found.ports} == {*declared, "mgmt"}
    for item in found.ports:
        if item.name in declared:
            assert item.guarded == (declared[item.name].dot1x is not None)


def test_the_example_switch_reads_the_same_from_what_the_switch_shows() -> None:
    """Canonical words, sorted: another order and other spellings of the same flows."""
    shown = shown_flows(RENDERED[FLOWS], {})
    assert shown != RENDERED[FLOWS]

    def meaning(flows: str) -> dict[str, object]:
        policy = PLATFORM.policy(SWITCH, {**RENDERED, FLOWS: flows})
        return {table.name: frozenset((frozenset(rule.matches), rule.end, rule.actions) for rule in table.rules)
                for table in policy.tables}

    assert meaning(shown) == meaning(RENDERED[FLOWS])


def test_who_reaches_a_protected_host_of_the_example() -> None:
    found = PLATFORM.policy(SWITCH, RENDERED)
    smdr = "tcp 10.20.40.15:40000 10.20.10.10:1752"
    assert ends(found, smdr, "p14") == {"accept"}
    assert ends(found, smdr.replace("40.15", "40.16"), "p14") == {"drop"}
    assert ends(found, smdr.replace("1752", "1753"), "p14") == {"drop"}
    assert ends(found, "tcp 10.20.10.10:1752 10.20.40.15:40000", "p5", state=1, tcp_reply=1) == {"accept"}
    assert ends(found, "tcp 10.20.10.10:1752 10.20.40.15:40000", "p5") == {"drop"}
