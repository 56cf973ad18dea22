"""Value/mask pairs, canonical flows, and what a compile-time refusal says."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from punchdown.intent import DeviceIntent, LinkMode, PortRange
from punchdown.platforms.openvswitch import PLATFORM
from punchdown.platforms.openvswitch.capabilities import NOT_LOGGED, refusals
from punchdown.platforms.openvswitch.normalise import canonical_flow, parse_flow, rows, shown_flows
from punchdown.platforms.openvswitch.storm import shown_meters
from punchdown.platforms.openvswitch.words import masks, vlan_columns
from punchdown.render import render_device
from punchdown.values import RunningConfig, RunningDocument
from tests.platforms.openvswitch.sample import PBX, port, switch

NUMBERS = st.integers(0, 65535)


@given(NUMBERS, NUMBERS)
def test_pairs_are_exactly_the_range(one: int, other: int) -> None:
    first, last = sorted((one, other))
    following = first
    for pair in masks(PortRange(first, last)):
        value, _, mask = pair.partition("/")
        size = 0x10000 - int(mask or "0xffff", 16)
        assert int(value, 0) == following
        assert following % size == 0
        following += size
    assert following == last + 1


@pytest.mark.parametrize(("written", "shown"), [
    ("table=0,priority=32768,actions=normal", " cookie=0x0, duration=3.1s, n_packets=7, n_bytes=9, actions=NORMAL"),
    ("ct_state=+trk+new,ip,actions=drop", " cookie=0x0, priority=32768,ct_state=+new+trk,ip actions=drop"),
    ("ip,nw_src=10.20.0.0/255.255.0.0,nw_dst=1.2.3.4/32,actions=drop",
     " ip,nw_src=10.20.0.0/16,nw_dst=1.2.3.4 actions=drop"),
    ("ip,nw_src=10.0.0.1/24,actions=drop", " ip,nw_src=10.0.0.0/24 actions=drop"),
    ("ip,ip_dscp=46,actions=mod_nw_tos:184", " ip,nw_tos=184 actions=set_field:46->ip_dscp"),
    ("dl_type=0x0800,nw_proto=6,tp_dst=0x6d8,actions=drop", " tcp,tp_dst=1752 actions=drop"),
    ("in_port=65534,actions=load:110->NXM_NX_REG0[],resubmit(,11)",
     " in_port=LOCAL actions=set_field:0x6e->reg0,resubmit(,11)"),
    ("ip,actions=ct(zone=3,commit),resubmit(,40)", " ip actions=ct(commit,zone=3),resubmit(,40)"),
])
def test_equal_spellings_are_equal(written: str, shown: str) -> None:
    assert canonical_flow(written) == canonical_flow(shown)


@pytest.mark.parametrize(("one", "other"), [
    ("priority=5,actions=drop", "priority=6,actions=drop"),
    ("cookie=0x7064,actions=drop", "actions=drop"),
    ("tcp,tp_dst=80,actions=drop", "tcp,tp_src=80,actions=drop"),
    ("actions=drop", "idle_timeout=9,actions=drop"),
    ("udp,tp_dst=0x4000/0xc000,actions=drop", "udp,tp_dst=0x4000/0xe000,actions=drop"),
    ("actions=NORMAL", "actions=set_field:0->ip_dscp,NORMAL"),
])
def test_other_meanings_differ(one: str, other: str) -> None:
    assert canonical_flow(one) != canonical_flow(other)


@pytest.mark.parametrize("line", [
    "cookie=0x8021,priority=300,in_port=9,dl_src=02:00:00:00:00:09,dl_vlan=120,actions=resubmit(,10)",
    "cookie=0x8021,priority=300,in_port=9,vlan_tci=0x0000/0x1fff,dl_src=02:00:00:00:00:09,actions=resubmit(,10)",
])
def test_sessions_are_state(line: str) -> None:
    assert shown_flows(line, {}) == ""


@pytest.mark.parametrize("line", [
    "cookie=0x8021,priority=300,in_port=9,dl_src=02:00:00:00:00:09,actions=resubmit(,10)",
    "cookie=0x8021,priority=301,in_port=9,dl_vlan=120,dl_src=02:00:00:00:00:09,actions=resubmit(,10)",
    "cookie=0x8021,priority=300,in_port=9,dl_vlan=120,actions=resubmit(,10)",
    "cookie=0x8021,priority=300,in_port=9,dl_vlan=120,dl_src=02:00:00:00:00:09,actions=NORMAL",
    "cookie=0x8021,priority=300,in_port=9,dl_vlan=120,dl_src=02:00:00:00:00:00/ff:00:00:00:00:00,actions=resubmit(,10)",
    "cookie=0x7064,priority=300,in_port=9,dl_vlan=120,dl_src=02:00:00:00:00:09,actions=resubmit(,10)",
])
def test_anything_else_is_no_session(line: str) -> None:
    assert shown_flows(line, {}) != ""


def test_management_port_is_called_by_name() -> None:
    assert "in_port=mgmt" in shown_flows("in_port=1000 actions=NORMAL", {"1000": "mgmt"})
    assert "in_port=100," in shown_flows("in_port=100 actions=NORMAL", {"1000": "mgmt"})


@pytest.mark.parametrize(("cell", "value"), [('["set",[]]', []), ("20", 20), ('["set",[20,10]]', [10, 20]),
                                              ('["map",[["k","v"]]]', {"k": "v"})])
def test_sets_have_three_shapes(cell: str, value: object) -> None:
    assert rows(f'{{"headings": ["a"], "data": [[{cell}]]}}') == ({"a": value},)


def test_a_trunk_without_vlans_is_parked_and_refused() -> None:
    empty = port("p1", "uplink", 0, mode=LinkMode.TRUNK, native_vlan=0)
    assert vlan_columns(empty, 999) == "vlan_mode=access tag=999 trunks=[]"
    assert refusals(switch(ports=(empty,))) == ("port p1: a trunk without VLANs would carry every VLAN",)


def test_dot1x_needs_the_authenticator() -> None:
    assert refusals(switch()) == ()
    assert refusals(switch(model="")) == ("port p9: 802.1X needs model dot1x-agent",)
    assert "/etc/punchdown/dot1x.json" not in PLATFORM.documents(switch(model=""))


def test_every_flow_has_a_source_and_no_two_disagree() -> None:
    lines = render_device(switch()).document("flows:br0").lines
    found: dict[str, str] = {}
    for line in lines:
        flow = parse_flow(line.text)
        assert flow
        assert found.setdefault(flow.key, flow.text) == flow.text
        assert line.source.field
    smdr = [line for line in lines if "tp_dst=1752" in line.text]
    assert [line.source.field for line in smdr] == ["hosts.collector.uses"]


def test_authenticator_settings_are_json() -> None:
    settings = json.loads(render_device(switch()).document("/etc/punchdown/dot1x.json").text)
    assert settings["servers"][0]["secret"] == "<secret:radius-sw-1>"
    assert [item["ofport"] for item in settings["ports"]] == [9]


def test_unknown_secret_is_unknown() -> None:
    intended = render_device(switch())
    documents = tuple(RunningDocument(item.name, item.text.replace("<secret:radius-sw-1>", "<masked:1234>"))
                      for item in intended.documents)
    running = RunningConfig("sw-1", "openvswitch", documents)
    assert PLATFORM.compare(switch(), intended, running, {"radius-sw-1": "<masked:1234>"}).empty
    [item] = PLATFORM.compare(switch(), intended, running, {}).differences
    assert item.verdict == "unknown"


@pytest.mark.parametrize(("document", "line"), [
    ("meters:br0", "meter=slowpath,kbps,band=type=drop,rate=1000"), ("meters:br0", "garbage"),
    ("/etc/punchdown/openflow-br0.flows", "table=,priority=high,actions=drop")])
def test_a_line_that_nobody_understands_is_a_difference(document: str, line: str) -> None:
    intended = render_device(switch())
    documents = tuple(RunningDocument(item.name, item.text + f"{line}\n" * (item.name == document))
                      for item in intended.documents)
    change = PLATFORM.compare(switch(), intended, RunningConfig("sw-1", "openvswitch", documents), {})
    assert [(item.verdict, item.line) for item in change.differences if item.document == document] == [("extra", line)]


def test_filter_without_address_is_refused() -> None:
    first, *rest = switch().ports
    bare = replace(first, hosts=())
    assert refusals(switch(ports=(bare, *rest))) == ("port p1: a filter needs the address of the host behind it",)


def test_denials_say_that_nothing_is_logged() -> None:
    def notes(intent: DeviceIntent) -> set[str]:
        lines = render_device(intent).document("flows:br0").lines
        return {line.source.note for line in lines if "priority=100" in line.text and line.text.endswith("=drop")
                and "table=32" in line.text and f"nw_dst={PBX}" in line.text}

    quiet = tuple(replace(item, log_denied=False) for item in switch().filters)
    assert notes(switch()) == {NOT_LOGGED}
    assert notes(switch(filters=quiet)) == {""}


@pytest.mark.parametrize(("dump", "shown"), [
    ("OFPST_METER_CONFIG reply (OF1.4) (xid=0x2):\n", ""),
    ("OFPST_METER_CONFIG:\nmeter=7 kbps bands=\ntype=drop rate=5\n\nmeter=1 pktps burst bands=\ntype=drop rate=9\n",
     "meter=1,pktps,burst,band=type=drop,rate=9\nmeter=7,kbps,band=type=drop,rate=5\n"),
])
def test_meters_are_shown_as_they_are_written(dump: str, shown: str) -> None:
    assert shown_meters(dump) == shown


def test_a_port_without_storm_control_has_no_meter() -> None:
    lines = [line.text for line in render_device(switch()).document("meters:br0").lines]
    assert [line.partition(",")[0] for line in lines] == ["meter=10", "meter=10010"]
