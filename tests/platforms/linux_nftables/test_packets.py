"""What the rendered ruleset does with packets: hosts in network namespaces around the firewall."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from punchdown.errors import RejectedError, RolledBackError
from punchdown.intent import DeviceIntent
from punchdown.platforms.linux_nftables import PLATFORM
from punchdown.platforms.linux_nftables.capabilities import RULES
from punchdown.render import render_device
from tests.platforms.linux.local_writer import Appliance, LocalWriter
from tests.platforms.linux_nftables.firewall_example import FIREWALL, POLICIES, device, policy

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.geteuid() != 0, reason="needs root and namespaces")]

HOSTS = {  # host: interface of the firewall, its addresses there, the host's addresses
    "pbx": ("lan110", "10.20.10.1/24", ("10.20.10.10/24",)),
    "phone": ("lan120", "10.20.20.1/24", ("10.20.20.101/24",)),
    "pc": ("lan130", "10.20.32.1/24", ("10.20.32.7/24",)),
    "smdr": ("lan140", "10.20.40.1/24", ("10.20.40.15/24", "10.20.40.99/24")),
    "mbg": ("lan150", "10.20.50.1/24", ("10.20.50.10/24",)),
    "admin": ("lan199", "10.20.99.1/24", ("10.20.99.100/24",)),
    "outside": ("wan0", "203.0.113.2/24", ("203.0.113.1/24", "192.0.2.5/32", "198.51.100.9/32", "203.0.113.99/32",
                                          "192.0.2.200/32")),
}
SERVERS = {"pbx": ("TCP4-LISTEN:1752", "TCP4-LISTEN:22", "UDP4-RECVFROM:50000"),
           "mbg": ("TCP4-LISTEN:5061", "TCP4-LISTEN:443", "TCP4-LISTEN:22", "UDP4-RECVFROM:20000"),
           "outside": ("TCP4-LISTEN:443", "TCP4-LISTEN:25"), "smdr": ("TCP6-LISTEN:443", "TCP6-LISTEN:22"),
           "pc": ("TCP4-LISTEN:443",)}


def cable(writer: LocalWriter) -> None:
    lines = ["set -e", "mkdir -p /run/netns", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"]
    for host, (port, own, addresses) in HOSTS.items():
        lines += [f"ip netns add {host}", f"ip link add {port} type veth peer name eth0 netns {host}",
                  f"ip address add {own} dev {port}", f"ip link set {port} up",
                  f"ip netns exec {host} sh -c 'ip link set lo up; ip link set eth0 up'",
                  *(f"ip -n {host} address add {address} dev eth0" for address in addresses),
                  f"ip -n {host} route add default via {own.partition('/')[0]}"]
    lines += ["ip route add default via 203.0.113.1", "ip address add 203.0.113.10/24 dev wan0"]
    for port, own, host, address in (("lan130", "2001:db8:32::1", "pc", "2001:db8:32::7"),
                                     ("lan140", "2001:db8:40::1", "smdr", "2001:db8:40::15")):
        lines += [f"ip address add {own}/64 dev {port} nodad", f"ip -n {host} address add {address}/64 dev eth0 nodad",
                  f"ip -n {host} -6 route add default via {own}"]
    for host, listeners in SERVERS.items():
        lines += [f"ip netns exec {host} setsid socat {listener},fork,reuseaddr SYSTEM:'echo $SOCAT_PEERADDR' "
                  "</dev/null >/dev/null 2>&1 &" for listener in listeners]
        lines.append(f"until [ $(ip netns exec {host} ss -Hlntu | wc -l) -eq {len(listeners)} ]; do sleep 0.1; done")
    answer = writer.run("sh -s", stdin="\n".join(lines))
    assert answer.code == 0, answer.error


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalWriter]:
    with Appliance(tmp_path_factory.mktemp("packets") / "disk", name="fw-1") as appliance:
        writer = appliance.writer()
        cable(writer)
        yield writer


@pytest.fixture
def loaded(site: LocalWriter) -> LocalWriter:
    text = render_device(device()).document(RULES).text
    assert site.run("nft -f - && conntrack -F 2>/dev/null; true", stdin=text).error == ""
    return site


def peer(writer: LocalWriter, client: str, target: str, *, kind: str = "TCP4", bind: str = "") -> str:
    """The client's address as the server sees it; empty when no connection came about."""
    option = f",bind={bind}" if bind else ""
    send = "echo x" if kind.startswith("UDP") else "sleep 0.5"
    words = f"{kind}:{target}{option}" + (",connect-timeout=0.7" if kind.startswith("TCP") else "")
    return writer.run(f"{send} | ip netns exec {client} timeout 2 socat -t 0.7 - '{words}' 2>/dev/null").output.strip()


def reaches(writer: LocalWriter, client: str, target: str, **options: str) -> str:
    """As :func:`peer`, with patience for a busy machine."""
    return next(filter(None, (peer(writer, client, target, **options) for _ in range(4))), "")


@pytest.mark.parametrize(("client", "target", "options"), [
    ("smdr", "10.20.10.10:1752", {"bind": "10.20.40.15"}),
    ("phone", "10.20.10.10:50000", {"kind": "UDP4"}),
    ("pc", "[2001:db8:40::15]:443", {"kind": "TCP6"}),
    ("outside", "203.0.113.10:5061", {"bind": "192.0.2.5"}),
    ("outside", "203.0.113.10:8443", {"bind": "198.51.100.9"}),
    ("outside", "203.0.113.10:20000", {"kind": "UDP4", "bind": "192.0.2.200"}),
    ("phone", "203.0.113.10:20000", {"kind": "UDP4"}),
    ("pc", "203.0.113.1:443", {}),
])
def test_passes(loaded: LocalWriter, client: str, target: str, options: dict[str, str]) -> None:
    assert reaches(loaded, client, target, **options)


@pytest.mark.parametrize(("client", "target", "options"), [
    ("smdr", "10.20.10.10:1752", {"bind": "10.20.40.99"}),
    ("smdr", "10.20.10.10:22", {"bind": "10.20.40.15"}),
    ("pc", "10.20.10.10:1752", {}),
    ("pc", "10.20.50.10:443", {}),
    ("pc", "[2001:db8:40::15]:22", {"kind": "TCP6"}),
    ("pc", "203.0.113.1:25", {}),
    ("mbg", "10.20.32.7:443", {}),
    ("outside", "203.0.113.10:5061", {"bind": "192.0.2.200"}),
    ("outside", "203.0.113.10:22", {"bind": "192.0.2.5"}),
    ("outside", "10.20.50.10:5061", {"bind": "192.0.2.5"}),
    ("outside", "203.0.113.10:20000", {"kind": "UDP4", "bind": "203.0.113.99"}),
])
def test_is_refused(loaded: LocalWriter, client: str, target: str, options: dict[str, str]) -> None:
    assert peer(loaded, client, target, **options) == ""


def test_the_refused_would_pass_without_our_table(loaded: LocalWriter) -> None:
    loaded.run("nft delete table inet punchdown; conntrack -F")
    for client, target in (("pc", "10.20.10.10:1752"), ("pc", "10.20.50.10:443"), ("mbg", "10.20.32.7:443")):
        assert reaches(loaded, client, target)


def test_outgoing_connections_leave_with_the_wan_address(loaded: LocalWriter) -> None:
    assert reaches(loaded, "pc", "203.0.113.1:443") == "203.0.113.2"


def test_a_claimed_source_of_another_segment_is_dropped(loaded: LocalWriter) -> None:
    loaded.run("ip -n pc address add 10.20.40.15/32 dev eth0; ip route replace 10.20.40.15/32 dev lan130")
    assert peer(loaded, "pc", "10.20.10.10:1752", bind="10.20.40.15") == ""
    loaded.run("ip -n pc address del 10.20.40.15/32 dev eth0; ip route del 10.20.40.15/32 dev lan130")


def test_marks_of_a_pc_are_set_back(loaded: LocalWriter) -> None:
    assert mark_seen(loaded, "pc", "10.20.40.15") == "0x0"
    assert mark_seen(loaded, "phone", "10.20.10.10") == "0xb8"


def mark_seen(writer: LocalWriter, client: str, target: str) -> str:
    """The TOS byte at the receiver of a packet sent with DSCP 46."""
    receiver = "smdr" if target.startswith("10.20.40") else "pbx"
    seen = writer.run(
        f"ip netns exec {receiver} timeout 3 tcpdump -nvc1 -i eth0 'icmp[icmptype]=icmp-echo or udp' 2>/dev/null "
        f">/run/seen & sleep 0.6; ip netns exec {client} ping -Q 184 -c1 -W1 {target} >/dev/null; "
        f"echo x | ip netns exec {client} socat - UDP4:{target}:50000,tos=184 2>/dev/null; wait; cat /run/seen").output
    return seen.partition("(tos ")[2].partition(",")[0]


def heard(writer: LocalWriter) -> int:
    return int(writer.run("stat -c %s /run/heard").output)


def heard_later(writer: LocalWriter) -> int:
    return int(writer.run("sleep 1; stat -c %s /run/heard").output)


def without_smdr() -> DeviceIntent:
    return device(replace(FIREWALL, policies=POLICIES[1:]))


def test_safe_change_ends_connections_that_are_no_longer_allowed(loaded: LocalWriter) -> None:
    extra = policy("10.20.40.15/32", "10.20.10.10/32", "tcp", 1753)
    push(loaded, device(replace(FIREWALL, policies=(extra, *POLICIES))))
    loaded.run("(ip netns exec pbx setsid socat -u TCP4-LISTEN:1753,reuseaddr CREATE:/run/heard & "
               "(while sleep 0.1; do echo x; done) | ip netns exec smdr timeout 20 socat -u - "
               "TCP4:10.20.10.10:1753,bind=10.20.40.15,retry=20,interval=0.1) </dev/null >/dev/null 2>&1 & sleep 1")
    assert heard(loaded) < heard_later(loaded)
    push(loaded, without_smdr())
    assert heard(loaded) == heard_later(loaded)
    assert PLATFORM.compare(without_smdr(), render_device(without_smdr()), PLATFORM.fetch(loaded, str), {}).empty


def push(writer: LocalWriter, intent: DeviceIntent, *, confirm: bool = True, seconds: int = 30) -> None:
    change = PLATFORM.compare(intent, render_device(intent), PLATFORM.fetch(writer, str), {})
    safe = PLATFORM.safe_change()
    safe.stage(writer, change, str)
    safe.check(writer)
    safe.commit(writer, seconds)
    if confirm:
        safe.confirm(writer.reconnect())
        safe.save(writer)


def test_unconfirmed_change_comes_back_byte_for_byte(loaded: LocalWriter) -> None:
    push(loaded, device())
    before = loaded.run(f"nft -s list ruleset; cat {RULES}").output
    push(loaded, without_smdr(), confirm=False, seconds=1)
    assert loaded.run(f"nft -s list ruleset; cat {RULES}").output != before
    loaded.run("until [ -e /var/lib/punchdown/txn/restored ]; do sleep 0.1; done")
    assert loaded.run(f"nft -s list ruleset; cat {RULES}").output == before
    with pytest.raises(RolledBackError):
        PLATFORM.safe_change().confirm(loaded)


def test_text_that_nft_refuses_changes_nothing(loaded: LocalWriter) -> None:
    before = loaded.run("nft -s list ruleset").output
    change = PLATFORM.compare(without_smdr(), render_device(without_smdr()), PLATFORM.fetch(loaded, str), {})
    broken = replace(change, payload={RULES: change.payload[RULES].replace("tcp dport", "tcp dprot", 1)})
    safe = PLATFORM.safe_change()
    safe.stage(loaded, broken, str)
    with pytest.raises(RejectedError, match="syntax error"):
        safe.check(loaded)
    safe.rollback(loaded)
    assert loaded.run("nft -s list ruleset").output == before


def test_state_is_as_expected_and_a_helper_is_seen(loaded: LocalWriter) -> None:
    push(loaded, device())
    wanted = {item.key: item.value for item in PLATFORM.expectations(device()) if not item.key.startswith("sshd:")}
    seen = PLATFORM.observe(loaded, device()).facts
    assert {key: seen.get(key) for key in wanted} == wanted
    loaded.run("nft -f -", stdin='table ip alg { ct helper sip5060 { type "sip" protocol udp; l3proto ip; }\n }\n')
    loaded.run("nft chain inet punchdown forward '{ policy accept; }'; sysctl -qw net.ipv4.ip_forward=0")
    seen = PLATFORM.observe(loaded, device()).facts
    assert (seen["ct-helper"], seen["policy:forward"], seen["forwarding:ipv4"]) == ("present", "accept", "0")
    loaded.run("nft delete table ip alg; sysctl -qw net.ipv4.ip_forward=1")
    loaded.run("nft flush chain inet punchdown from_wan; ip address del 203.0.113.2/24 dev wan0")
    seen = PLATFORM.observe(loaded, device()).facts
    assert {value for key, value in seen.items() if key.startswith("forward:")} == {"translated"}
    assert seen["interface:wan0:address"] == "none"
    loaded.run("ip address add 203.0.113.2/24 dev wan0; ip address add 203.0.113.10/24 dev wan0; "
               "ip route replace default via 203.0.113.1")


def test_a_rate_lets_some_openings_through_and_not_all(site: LocalWriter) -> None:
    limited = device(replace(FIREWALL, policies=(replace(POLICIES[0], rate=1),)))
    assert site.run("nft -f - && conntrack -F 2>/dev/null; true", stdin=render_device(limited).document(RULES).text
                    ).error == ""
    words = "TCP4:10.20.10.10:1752,bind=10.20.40.15,connect-timeout=2"
    answer = site.run(f"for number in $(seq 40); do (sleep 0.2 | ip netns exec smdr socat -t 1 - {words} 2>/dev/null) "
                      "& done; wait")
    assert 0 < len(answer.output.split()) < 40
