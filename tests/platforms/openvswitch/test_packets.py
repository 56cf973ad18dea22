"""Real packets through a real switch: before and after the push, with listeners proved alive before."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

from punchdown.errors import RejectedError
from punchdown.intent import DeviceIntent
from punchdown.platforms.openvswitch import PLATFORM
from punchdown.render import render_device
from punchdown.values import Change
from tests.platforms.openvswitch.bench import RESTART, Bench
from tests.platforms.openvswitch.sample import COLLECTOR, PBX, PBX_MAC, SWITCH, switch

pytestmark = pytest.mark.lab
SECRETS = {"radius-sw-1": "<masked:1234>"}


def fingerprint(secret: str) -> str:
    return "<masked:1234>" if secret == "s3cret" else "<masked:0000>"


def resolve(text: str) -> str:
    return text.replace("<secret:radius-sw-1>", "s3cret")


def plan(bench: Bench, intent: DeviceIntent | None = None) -> Change:
    intent = intent or switch()
    running = PLATFORM.fetch(bench.appliance.writer(), fingerprint)
    return PLATFORM.compare(intent, render_device(intent), running, SECRETS)


def push(bench: Bench, change: Change, *, confirm: bool = True, timer: int = 30) -> None:
    machine, writer = PLATFORM.safe_change(), bench.appliance.writer()
    machine.stage(writer, change, resolve)
    machine.check(writer)
    machine.commit(writer, timer)
    if confirm:
        machine.confirm(writer)
        machine.save(writer)


def add_flow(bench: Bench, text: str) -> None:
    bench.switch(f"ovs-ofctl -O OpenFlow14 add-flow br0 '{text}'")


def test_before_the_push_everything_is_open(bench: Bench) -> None:
    assert bench.connect("collector", PBX, 1752) == "open"
    assert bench.connect("pc", PBX, 1752) == "open"
    assert bench.connect("pc", "fe80::ff:fe00:1%eth0", 1752) == "open"
    assert bench.connect("pbx", COLLECTOR, 9999) == "open"
    assert bench.connect("admin", SWITCH, 22) == "open"
    assert bench.connect("server", SWITCH, 22) == "open"


def test_push_is_idempotent(bench: Bench) -> None:
    change = plan(bench)
    assert len(change.differences) > 150
    push(bench, change)
    again = plan(bench)
    assert again.differences == ()
    assert again.payload == {}
    second = PLATFORM.fetch(bench.appliance.writer(), fingerprint)
    assert "s3cret" not in repr(second)
    assert '"secret": "<masked:1234>"' in second.text("/etc/punchdown/dot1x.json")
    assert json.loads(bench.switch("cat /etc/punchdown/dot1x.json"))["servers"][0]["secret"] == "s3cret"


def test_state_is_as_expected(bench: Bench) -> None:
    seen = PLATFORM.observe(bench.appliance.writer(), switch())
    assert seen.errors == ()
    assert {item.key: item.value for item in PLATFORM.expectations(switch())}.items() <= seen.facts.items()


def test_filter_lets_the_collector_in_and_nobody_else(bench: Bench) -> None:
    assert bench.connect("collector", PBX, 1752) == "open"
    assert bench.connect("collector", PBX, 22, 1) == "timeout"
    assert bench.connect("pc", PBX, 1752, 1) == "timeout"
    assert bench.connect("pbx", COLLECTOR, 8080) == "open"
    assert bench.connect("pbx", COLLECTOR, 9999, 1) == "timeout"


def test_link_local_is_no_way_around(bench: Bench) -> None:
    bench.on("pc", "ip", "neigh", "replace", "fe80::ff:fe00:1", "lladdr", PBX_MAC, "dev", "eth0")
    assert bench.connect("pc", "fe80::ff:fe00:1%eth0", 1752, 1) == "timeout"


def test_management_from_its_sources_by_ssh_only(bench: Bench) -> None:
    assert bench.connect("admin", SWITCH, 22) == "open"
    assert bench.connect("admin", SWITCH, 80, 1) == "timeout"
    assert bench.connect("server", SWITCH, 22, 1) == "timeout"


def capture(bench: Bench, sender: str, packet: bytes) -> str:
    """What arrives on the trunk of one frame that a host sends raw."""
    words = ("tcpdump", "-lnveei", "eth0", "-Q", "in", "-c", "1", "ether", "src", packet[6:12].hex(":"))
    sniffer = subprocess.Popen([*bench.enter("trunk"), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    assert sniffer.stderr
    while "listening" not in (line := sniffer.stderr.readline()):
        assert line
    code = ("import socket,sys; s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW); s.bind(('eth0',0));"
            "s.send(bytes.fromhex(sys.argv[1]))")
    bench.on(sender, sys.executable, "-c", code, packet.hex())
    try:
        return sniffer.communicate(timeout=1)[0]
    except subprocess.TimeoutExpired:
        sniffer.kill()
        return sniffer.communicate()[0]


def frame(tag: str, tos: int, mac: str = "020000000004", source: str = "0a142007") -> bytes:
    """UDP 5004 to 5004 to everybody in the VLAN; ``tag`` is the 802.1Q header in hexadecimal."""
    words = bytearray.fromhex(f"4500001d0000000040110000{source}0a142063")
    words[1] = tos
    total = sum(int.from_bytes(words[place:place + 2], "big") for place in range(0, 20, 2))
    total = (total & 0xFFFF) + (total >> 16)
    words[10:12] = (~total & 0xFFFF).to_bytes(2, "big")
    udp = bytes.fromhex("138c138c00090000") + b"x"
    return bytes.fromhex(f"ffffffffffff{mac}{tag}0800") + bytes(words) + udp


def arp(source: str) -> bytes:
    """Who has 10.20.10.99, asked by the PC in the name of ``source`` (hexadecimal)."""
    return bytes.fromhex(f"ffffffffffff02000000000308060001080006040001020000000003{source}0000000000000a140a63")


def test_nobody_borrows_an_address(bench: Bench) -> None:
    own, collector, mac = "0a140a42", "0a140a0f", "020000000003"
    assert "vlan 110" in capture(bench, "pc", arp(own))
    assert capture(bench, "pc", arp(collector)) == ""
    assert "vlan 110" in capture(bench, "pc", frame("", 0, mac, own))
    assert capture(bench, "pc", frame("", 0, mac, collector)) == ""


def test_undeclared_ipv6_does_not_leave_its_port(bench: Bench) -> None:
    payload = "0011223344556677"
    packet = f"6000000000081140fe80{'00' * 13}0aff02{'00' * 13}01{payload}"
    bench.on("desk", "sysctl", "-qw", "net.ipv6.conf.eth0.disable_ipv6=1")
    assert capture(bench, "desk", bytes.fromhex(f"33330000000102000000000a86dd{packet}")) == ""
    assert capture(bench, "phone", bytes.fromhex(f"3333000000010200000000048100007886dd{packet}")) == ""
    assert "vlan 130" in capture(bench, "desk", frame("", 0, "02000000000a", "0a14200a"))


def test_phone_port_tags_and_marks(bench: Bench) -> None:
    voice = capture(bench, "phone", frame("81000078", 0xB8))
    assert "vlan 120, p 5" in voice
    assert "tos 0xb8" in voice
    data = capture(bench, "phone", frame("", 0xB8))
    assert "vlan 130, p 0" in data
    assert "tos 0x0" in data
    assert capture(bench, "phone", frame("8100006e", 0)) == ""
    assert capture(bench, "phone", frame("810000008100006e", 0)) == ""


def test_closed_and_unauthenticated_ports_are_silent(bench: Bench) -> None:
    mac = "020000000009"
    assert capture(bench, "shut", frame("", 0, "020000000006")) == ""
    assert capture(bench, "dot1x", frame("", 0, mac)) == ""
    add_flow(bench, "cookie=0x8021,priority=300,in_port=9,vlan_tci=0x0000/0x1fff,dl_src=02:00:00:00:00:09,"
                    "actions=resubmit(,10)")
    assert "vlan 130" in capture(bench, "dot1x", frame("", 0, mac))
    assert plan(bench).differences == ()


def test_drift_says_what_it_means(bench: Bench) -> None:
    add_flow(bench, f"priority=500,tcp,in_port=3,nw_dst={PBX},tp_dst=1752,actions=NORMAL")
    change = plan(bench)
    [item] = change.differences
    assert item.meaning == f"whoever is behind port p3 can open TCP 1752 on pbx-1 ({PBX}) past the filter"
    assert item.source.controls
    assert item.severity == "high"
    push(bench, change)
    assert plan(bench).differences == ()
    assert PLATFORM.observe(bench.appliance.writer(), switch()).facts["flows:sessions"] == 1


def test_removed_and_changed_flows_are_drift(bench: Bench) -> None:
    bench.switch("ovs-ofctl -O OpenFlow14 --strict del-flows br0 'priority=200,in_port=9'")
    add_flow(bench, "table=11,priority=100,ipv6,cookie=0x7064,actions=resubmit(,12)")
    add_flow(bench, "table=3,cookie=0x8021,priority=7,in_port=2,actions=NORMAL")
    change = plan(bench)
    meanings = {item.meaning for item in change.differences}
    assert "802.1X is off on port p9" in meanings
    assert "IPv6 that nobody declared can pass" in meanings
    assert len(change.differences) == 4
    push(bench, change)
    assert plan(bench).differences == ()


def test_changed_vlan_is_drift(bench: Bench) -> None:
    bench.switch("ovs-vsctl set port p3 tag=199 -- clear port p4 trunks -- set bridge br0 fail_mode=standalone")
    change = plan(bench)
    meanings = " | ".join(item.meaning for item in change.differences)
    assert "port p3 is in VLAN 199 (access); declared: is in VLAN 110 (access)" in meanings
    assert "every filter is off after a restart" in meanings
    assert change.risk == "high"
    push(bench, change)
    assert plan(bench).differences == ()


def flood(bench: Bench, destination: str, frames: int) -> tuple[int, float]:
    """(how many of the desk's frames of 8 kbit reached the trunk, seconds it took to send them)."""
    code = ("import socket,sys,time; s=socket.socket(socket.AF_PACKET,socket.SOCK_RAW); s.bind(('eth0',0))\n"
            "f=bytes.fromhex(sys.argv[1]).ljust(1000,b'.'); start=time.monotonic()\n"
            "for n in range(int(sys.argv[2])):\n s.send(f)\n if n % 50 == 0: time.sleep(0.004)\n"
            "print(time.monotonic()-start)")
    packet = bytes.fromhex(destination) + frame("", 0, "02000000000a", "0a14200a")[6:]
    count = ("cat", "/sys/class/net/eth0/statistics/rx_packets")
    before = int(bench.on("trunk", *count))
    seconds = float(bench.on("desk", sys.executable, "-c", code, packet.hex(), str(frames)))
    time.sleep(0.3)
    return int(bench.on("trunk", *count)) - before, seconds


@pytest.mark.parametrize(("destination", "limit_kbit"), [("ffffffffffff", 10_000), ("01005e000001", 20_000)])
def test_a_storm_is_cut_to_its_rate(bench: Bench, destination: str, limit_kbit: int) -> None:
    frames = limit_kbit  # eight seconds of what is allowed, in about one
    arrived, seconds = flood(bench, destination, frames)
    bucket = limit_kbit / 8
    assert bucket * 0.9 < arrived < bucket * (1 + seconds) * 1.2
    to_one, _ = flood(bench, "0200000000fe", frames)
    assert to_one > 0.9 * frames


def test_a_changed_meter_is_drift(bench: Bench) -> None:
    bench.switch("ovs-ofctl -O OpenFlow14 mod-meter br0 meter=10,kbps,band=type=drop,rate=900000 && "
                 "ovs-ofctl -O OpenFlow14 add-meter br0 meter=77,kbps,band=type=drop,rate=5")
    change = plan(bench)
    assert {item.meaning for item in change.differences} == {
        "broadcast of port p10 is not limited to 10000 kbit/s",
        "meter 10 limits to 900000 kbit/s, which nobody declared", "meter 77 limits to 5 kbit/s, which nobody declared"}
    push(bench, change)
    assert plan(bench).differences == ()


def test_timer_brings_everything_back(bench: Bench) -> None:
    shut = switch(filters=tuple(item if item.name != "to-pbx-1" else type(item)(
        item.name, item.direction, True, (), item.protects, True, item.source) for item in switch().filters))
    moved = tuple(port if port.name != "p3" else type(port)(**{
        **{name: getattr(port, name) for name in port.__slots__}, "access_vlan": 130, "description": "a 'new' place"})
        for port in shut.ports)
    before = PLATFORM.fetch(bench.appliance.writer(), fingerprint)
    push(bench, plan(bench, switch(filters=shut.filters, ports=moved)), confirm=False, timer=5)
    assert bench.switch("ovs-vsctl get port p3 tag").strip() == "130"
    assert bench.connect("collector", PBX, 1752, 1) == "timeout"
    deadline = time.monotonic() + 10
    while PLATFORM.safe_change().pending(bench.appliance.writer()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert PLATFORM.fetch(bench.appliance.writer(), fingerprint) == before
    assert bench.connect("collector", PBX, 1752) == "open"
    assert plan(bench).differences == ()


def test_a_removed_permission_ends_its_connection(bench: Bench) -> None:
    code = ("import socket,struct,sys,time\ns=socket.create_connection((sys.argv[1],1752),3)\n"
            "print(s.recv(5).decode(),flush=True)\nsys.stdin.readline()\ns.send(b'x')\ntime.sleep(1)\n"
            "print(struct.unpack_from('I',s.getsockopt(socket.IPPROTO_TCP,socket.TCP_INFO,32),24)[0])\n")
    client = subprocess.Popen([*bench.enter("collector"), sys.executable, "-c", code, PBX], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert client.stdout
    assert client.stdout.readline() == "hello\n"
    tight = tuple(type(item)(item.name, item.direction, True, (), item.protects, True, item.source)
                  for item in switch().filters)
    push(bench, plan(bench, switch(filters=tight)))
    assert bench.switch("ovs-appctl dpctl/dump-conntrack | grep -c dport=1752 || true").strip() == "0"
    unacknowledged = client.communicate("go\n", timeout=5)[0]
    assert int(unacknowledged) == 1
    push(bench, plan(bench))
    assert bench.connect("collector", PBX, 1752) == "open"


def test_a_broken_flow_file_is_refused_before_anything_changes(bench: Bench) -> None:
    change = plan(bench, switch())
    text = "table=0,priority=5,tp_dst=80,actions=drop\n"
    bad = Change("sw-1", "openvswitch", (), (), "", payload={"flows:br0": text})
    before = PLATFORM.fetch(bench.appliance.writer(), fingerprint)
    with pytest.raises(RejectedError, match="normalization changed"):
        push(bench, bad)
    assert PLATFORM.fetch(bench.appliance.writer(), fingerprint) == before
    assert change.empty


def test_flows_return_after_the_daemon_restarts(bench: Bench) -> None:
    bench.switch(RESTART)
    assert bench.connect("collector", PBX, 1752, 1) == "timeout"
    bench.switch("sh /etc/punchdown/boot.d/10-openflow")
    assert bench.connect("collector", PBX, 1752) == "open"
    assert plan(bench).differences == ()
