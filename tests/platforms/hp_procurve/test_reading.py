"""What is read out of a text: secrets masked, port lists as sets, what filters nothing, what was not understood."""

from __future__ import annotations

import pytest

from punchdown.platforms.hp_procurve.capabilities import DOCUMENT
from punchdown.platforms.hp_procurve.change import refusal
from punchdown.platforms.hp_procurve.masking import mask
from punchdown.platforms.hp_procurve.normalise import NOWHERE, text_of, tree_of
from punchdown.platforms.hp_procurve.policy import MANAGERS, policy
from punchdown.values.policy import DevicePolicy
from tests.platforms.hp_procurve.boxes import intent_of
from tests.platforms.policies import packet, through, unread

INTENT = intent_of("sw-acc-1")


def read(*lines: str) -> DevicePolicy:
    return policy(INTENT, {DOCUMENT: "\n".join(lines) + "\n"})


def tree(*lines: str) -> dict:
    return tree_of((line, NOWHERE) for line in lines)


@pytest.mark.parametrize("line", [
    'radius-server host 192.0.2.1 key "hush hush"',
    "radius-server host 192.0.2.1 auth-port 1645 acct-port 1646 key hush", 'radius-server key "hush"',
    'radius-server host 192.0.2.1 encrypted-key "hush"', "tacacs-server host 192.0.2.1 key hush",
    'tacacs-server key "hush"', 'snmp-server community "hush" unrestricted',
    'snmp-server host 192.0.2.1 community "hush" trap-level critical',
    'password manager user-name "admin" sha1 "hush"', 'password manager user-name "admin" sha1\n "hush"',
    'password operator plaintext "hush"', 'snmpv3 user "x" auth sha "hush" priv aes "hush"',
    'key-string "hush"',
])
def test_no_secret_passes(line: str) -> None:
    masked = mask(f"{line}\n", lambda plain: f"<masked:{len(plain)}>")
    assert "hush" not in masked
    assert "<masked:" in masked


def test_what_is_no_secret_stays() -> None:
    text = ('   name "key hush"\nbanner motd "password: hush"\nntp server 192.0.2.1 iburst\n'
            'aaa server-group radius "sha1" host x\n')
    assert mask(text, str.upper) == text


@pytest.mark.parametrize(("one", "other"), [
    (("vlan 10", "   untagged 1-3", "   exit"), ("vlan 10", "   untagged 3,1", "   untagged 2", "   exit")),
    (("vlan 10", "   tagged 1-2", "   exit"), ("vlan 10", "   exit", "interface 1-2", "   tagged vlan 10", "   exit")),
    (("vlan 10", "   name x", "   exit"), ("vlan 10 name \"x\"",)),
    (("aaa port-access authenticator 1-2",), ("aaa port-access authenticator 2", "aaa port-access authenticator 1",
                                              "aaa port-access authenticator 1-2 tx-period 30")),
    (("interface 5", "   dhcp-snooping trust", "   exit"), ("dhcp-snooping trust 5",)),
    (("dhcp-snooping vlan 10 20-22",), ("dhcp-snooping vlan 20,21,22", "dhcp-snooping vlan 10")),
    (("qos dscp-map ef priority 6",), ("qos dscp-map 101110 priority 6",)),
    (("hostname x", "ip ssh", "telnet-server"), ('hostname "x"',)),
])
def test_other_words_for_the_same(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    first, second = tree(*one), tree(*other)
    assert {slot: entry.same for slot, entry in first.items()} == {slot: entry.same for slot, entry in second.items()}
    again = tree(*text_of(first).splitlines())
    assert {slot: entry.same for slot, entry in again.items()} == {slot: entry.same for slot, entry in first.items()}


def test_a_tag_in_vlan_1_is_no_membership_without_one() -> None:
    found = {port.name: port for port in read("vlan 1", "   no untagged 3", "   tagged 1-2", "   exit", "vlan 9",
                                              "   tagged 3", "   exit").ports}
    assert [(found[name].untagged, found[name].tagged) for name in "1234"] == [(0, (1,)), (0, (1,)), (0, (9,)), (1, ())]


LIST = ('ip access-list extended "x"', "   10 permit tcp 10.0.0.1 0.0.0.0 0.0.0.0 255.255.255.255 eq 80", "   exit")
BOUND = ("interface 1", '   ip access-group "x" in', "   exit")


def ends(found: DevicePolicy, probe: str) -> set[str]:
    (port,) = (item for item in found.ports if item.name == "1")
    return through(found, port.inbound, packet(probe))


def test_a_list_ends_in_a_denial_but_an_empty_or_missing_one_filters_nothing() -> None:
    assert ends(read(*LIST, *BOUND), "tcp 10.0.0.1:9 10.0.0.2:80") == {"accept"}
    assert ends(read(*LIST, *BOUND), "tcp 10.0.0.1:9 10.0.0.2:81") == {"drop"}
    assert ends(read(*LIST, *BOUND), "tcp [fd00::1]:9 [fd00::2]:81") == {"accept"}
    assert ends(read(LIST[0], LIST[2], *BOUND), "tcp 10.0.0.1:9 10.0.0.2:81") == {"accept"}
    missing = read(*BOUND)
    assert ends(missing, "tcp 10.0.0.1:9 10.0.0.2:81") == {"accept"}
    assert [name for name, _ in missing.undefined] == ["access-list x"]


def test_who_may_log_in() -> None:
    found = read("ip authorized-managers 10.0.0.0 255.255.255.0 access manager access-method ssh")
    assert found.local == (MANAGERS,)
    assert through(found, found.local, packet("tcp 10.0.0.9:9 10.0.0.1:22")) == {"accept"}
    assert through(found, found.local, packet("tcp 10.0.0.9:9 10.0.0.1:23")) == {"drop"}
    assert through(found, found.local, packet("tcp 10.0.1.9:9 10.0.0.1:22")) == {"drop"}
    assert read("hostname x").local == ()


def test_authentication_counts_when_it_is_on() -> None:
    guarded = {active: [port.guarded for port in read("aaa port-access authenticator 1", *active).ports
                        if port.name == "1"] for active in ((), ("aaa port-access authenticator active",))}
    assert guarded == {(): [False], ("aaa port-access authenticator active",): [True]}


@pytest.mark.parametrize("lines", [
    ("openflow",), ("router ospf",), ("interface 1", "   mac-access-group x in", "   exit"),
    ("vlan 10", "   protocol ipx", "   exit"), ("frobnicate",), ("mirror 1 port 5",),
    ('ip access-list extended "x"', "   10 permit tcp 10.0.0.1 0.0.0.0 0.0.0.0 255.255.255.255 urgent", "   exit")])
def test_what_is_not_understood_is_kept(lines: tuple[str, ...]) -> None:
    assert unread(read(*lines)), lines


def test_a_notice_is_no_refusal() -> None:
    assert refusal("\n Running configuration is same as the startup configuration.\n") == ""
    assert refusal("Inconsistent value: x") == "Inconsistent value: x"
