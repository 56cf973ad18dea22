"""Access lists of IOS, construct by construct: what an entry lets through and what it does not."""

from __future__ import annotations

import pytest

from punchdown.platforms.cisco_ios.policy_groups import read_groups
from punchdown.platforms.cisco_ios.policy_lists import access_lists, table
from punchdown.platforms.cisco_ios.policy_sections import sections
from punchdown.values.policy import Table, Verdict
from tests.platforms.policies import outcomes, packet


def tables(text: str) -> dict[str, Table]:
    found = sections("running-config", text)
    groups = read_groups(found)
    return {item.table: table(item, groups) for item in access_lists(found)}


def extended(*entries: str, before: str = "") -> Table:
    body = "\n".join(f" {entry}" for entry in entries)
    return tables(f"{before}ip access-list extended T\n{body}\n")["ip access-list T"]


def ipv6(*entries: str) -> Table:
    return tables("ipv6 access-list T\n" + "\n".join(f" {entry}" for entry in entries))["ipv6 access-list T"]


def ends(item: Table, words: str, **fields: int) -> set[str]:
    return outcomes((item,), item.name, packet(words, **fields))


WEB = "tcp 10.1.0.9:1000 10.2.0.1:80"

READ = [
    ("permit ip any any", [WEB, "89 10.0.0.1 10.0.0.2"], []),
    ("permit tcp any host 10.2.0.1 eq www", [WEB], ["tcp 10.1.0.9:1000 10.2.0.1:81", "udp 10.1.0.9:1000 10.2.0.1:80"]),
    ("permit tcp any any eq ftp 8080 www", [WEB, "tcp 1.1.1.1:1 2.2.2.2:21"], ["tcp 1.1.1.1:1 2.2.2.2:22"]),
    ("permit tcp any any neq 80", ["tcp 1.1.1.1:1 2.2.2.2:81"], [WEB]),
    ("permit tcp any any neq 79 80", ["tcp 1.1.1.1:1 2.2.2.2:81"], [WEB, "tcp 1.1.1.1:1 2.2.2.2:79"]),
    ("permit udp any any lt 100", ["udp 1.1.1.1:1 2.2.2.2:99"], ["udp 1.1.1.1:1 2.2.2.2:100"]),
    ("permit udp any any gt 100", ["udp 1.1.1.1:1 2.2.2.2:101"], ["udp 1.1.1.1:1 2.2.2.2:100"]),
    ("permit udp any any gt 65535", [], ["udp 1.1.1.1:1 2.2.2.2:65535"]),
    ("permit udp any range 50000 50511 any", ["udp 1.1.1.1:50511 2.2.2.2:9"], ["udp 1.1.1.1:50512 2.2.2.2:9"]),
    ("permit udp any any range 200 100", ["udp 1.1.1.1:1 2.2.2.2:150"], ["udp 1.1.1.1:1 2.2.2.2:201"]),
    ("permit udp any any eq syslog", ["udp 1.1.1.1:1 2.2.2.2:514"], ["udp 1.1.1.1:1 2.2.2.2:513"]),
    ("permit tcp any any eq cmd", ["tcp 1.1.1.1:1 2.2.2.2:514"], []),
    ("permit ip 10.1.0.0 0.0.255.255 any", [WEB], ["tcp 10.3.0.9:1000 10.2.0.1:80"]),
    ("permit ip 10.1.0.7 0.0.255.255 any", [WEB, "tcp 10.1.0.1:1 1.1.1.1:1"], ["tcp 10.3.0.9:1000 10.2.0.1:80"]),
    ("permit ip 10.0.0.9 0.255.255.0 any", [WEB, "tcp 10.200.7.9:1 1.1.1.1:1"], ["tcp 10.1.0.8:1 1.1.1.1:1"]),
    ("permit ip 10.1.0.1 0.0.0.254 any", [WEB, "tcp 10.1.0.255:1 1.1.1.1:1"], ["tcp 10.1.0.10:1 1.1.1.1:1"]),
    ("permit ip 10.1.0.9 0.0.0.0 any", [WEB], ["tcp 10.1.0.8:1 1.1.1.1:1"]),
    ("permit ip 1.2.3.4 255.255.255.255 any", [WEB], []),
    ("permit 89 any any", ["89 10.0.0.1 10.0.0.2"], [WEB]),
    ("permit ahp any any", ["51 10.0.0.1 10.0.0.2"], ["50 10.0.0.1 10.0.0.2"]),
    ("permit sctp any any eq 5060", ["sctp 10.0.0.1:1 10.0.0.2:5060"], ["sctp 10.0.0.1:1 10.0.0.2:5061"]),
    ("permit tcp any any log", [WEB], []),
    ("permit tcp any any log-input COOKIE", [WEB], []),
    ("permit tcp any any reflect SEEN timeout 300", [WEB], []),
]


@pytest.mark.parametrize(("entry", "passing", "dropped"), READ)
def test_entries(entry: str, passing: list[str], dropped: list[str]) -> None:
    item = extended(entry)
    assert not any(rule.unread for rule in item.rules)
    assert [ends(item, words) for words in passing] == [{"accept"}] * len(passing)
    assert [ends(item, words) for words in dropped] == [{"drop"}] * len(dropped)


def test_established_and_its_long_form_are_replies() -> None:
    for words in ("established", "match-any +ack +rst"):
        item = extended(f"permit tcp any any {words}")
        assert ends(item, WEB, tcp_reply=1) == {"accept"}
        assert ends(item, WEB, tcp_reply=0) == {"drop"}


def test_marks() -> None:
    for words, value in (("dscp ef", 46), ("dscp 46", 46), ("dscp af31", 26), ("dscp default", 0)):
        item = extended(f"permit ip any any {words}")
        assert ends(item, WEB, dscp=value) == {"accept"}
        assert ends(item, WEB, dscp=value + 1) == {"drop"}
    critical = extended("permit ip any any precedence critical")
    assert ends(critical, WEB, dscp=40) == ends(critical, WEB, dscp=47) == {"accept"}
    assert ends(critical, WEB, dscp=39) == ends(critical, WEB, dscp=48) == {"drop"}


def test_icmp_types_and_codes() -> None:
    for words in ("echo", "8", "echo log"):
        item = extended(f"permit icmp any any {words}")
        assert ends(item, "icmp 1.1.1.1 2.2.2.2", icmp_type=8) == {"accept"}
        assert ends(item, "icmp 1.1.1.1 2.2.2.2", icmp_type=0) == {"drop"}
    for words in ("port-unreachable", "3 3"):
        item = extended(f"permit icmp any any {words}")
        assert ends(item, "icmp 1.1.1.1 2.2.2.2", icmp_type=3, icmp_code=3) == {"accept"}
        assert ends(item, "icmp 1.1.1.1 2.2.2.2", icmp_type=3, icmp_code=1) == {"drop"}
        assert ends(item, "icmp 1.1.1.1 2.2.2.2", icmp_type=8) == {"drop"}


@pytest.mark.parametrize(("entry", "words"), [
    ("permit tcp any any eq 80 time-range NIGHT", "time-range NIGHT"),
    ("permit tcp any any eq 80 ttl 4", "ttl 4"),
    ("permit tcp any any eq 80 tos min-delay", "tos min-delay"),
    ("permit tcp any any eq 80 match-all +syn -ecn", "match-all +syn -ecn"),
    ("permit tcp any any eq 80 syn", "syn"),
    ("permit tcp any any eq 80 shiny", "shiny"),
])
def test_what_narrows_and_is_not_read_may_or_may_not_match(entry: str, words: str) -> None:
    item = extended(entry)
    assert {rule.unread for rule in item.rules if rule.unread} == {words}
    assert ends(item, WEB) == {"accept", "drop"}
    assert ends(item, "tcp 1.1.1.1:1 2.2.2.2:81") == {"drop"}


@pytest.mark.parametrize("entry", [
    "permit tcp object-group NOBODY any", "permit tcp fqdn-group X any", "permit tcp any any eq nonsense",
    "permit tcp 10.0.0.1 any", "permit tcp any portgroup NONE any", "permit bananas any any",
])
def test_an_entry_that_is_not_read_may_let_anything_pass(entry: str) -> None:
    assert ends(extended(entry), WEB) == {"accept", "drop"}


def test_a_reflexive_list_lets_answers_pass_and_which_is_known_of_one_alone() -> None:
    remembering = "ip access-list extended OUT\n permit tcp any any reflect SEEN\n"
    for name, answered in (("SEEN", {"accept"}), ("OTHER", {"accept", "drop"})):
        item = extended(f"evaluate {name}", before=remembering)
        assert ends(item, WEB, state=1) == answered
        assert ends(item, WEB, state=0) == {"drop"}
    assert ends(extended("evaluate SEEN"), WEB, state=1) == {"accept", "drop"}


def test_flags_by_which_lists_tell_openings_from_replies() -> None:
    for words, opening, reply in (("match-all +syn -ack", {"accept"}, {"drop"}), ("ack rst", {"drop"}, {"accept"}),
                                  ("match-all +fin -ack", {"drop"}, {"drop"}), ("match-all +ack", {"drop"}, {"accept"}),
                                  ("match-any -syn", {"drop"}, {"accept", "drop"})):
        item = extended(f"permit tcp any any {words}")
        assert (ends(item, WEB, tcp_reply=0), ends(item, WEB, tcp_reply=1)) == (opening, reply), words


def test_words_behind_log_are_no_cookie() -> None:
    item = ipv6("deny ipv6 any any log undetermined-transport", "deny ipv6 any any log routing", "permit ipv6 any any")
    assert ends(item, "tcp [fd00::1]:1 [fd00::2]:80") == {"accept", "drop"}
    assert [rule.unread for rule in item.rules if rule.unread] == ["routing"]


def test_the_second_of_two_lines_with_one_number_may_not_be_there() -> None:
    item = extended("10 permit udp any any", "10 permit tcp any any")
    assert (ends(item, WEB), ends(item, "udp 1.1.1.1:1 2.2.2.2:2")) == ({"accept", "drop"}, {"accept"})


def test_an_unknown_action_has_an_unknown_end() -> None:
    first = extended("dynamic GUEST permit ip any any").rules[2]
    assert (first.unread, first.end_known) == ("dynamic GUEST permit ip any any", False)


def test_later_fragments_pass_a_permit_with_ports_and_do_not_meet_a_deny() -> None:
    permit = extended("permit tcp any host 10.2.0.1 eq 80")
    assert ends(permit, "tcp 10.1.0.9 10.2.0.1", fragment=1) == {"accept"}
    assert ends(permit, "tcp 10.1.0.9 10.2.0.2", fragment=1) == {"drop"}
    deny = extended("deny tcp any any eq 80", "permit ip any any")
    assert ends(deny, WEB) == {"drop"}
    assert ends(deny, "tcp 10.1.0.9 10.2.0.1", fragment=1) == {"accept"}
    only = extended("deny tcp any any fragments", "permit ip any any")
    assert ends(only, WEB) == {"accept"}
    assert ends(only, "tcp 10.1.0.9 10.2.0.1", fragment=1) == {"drop"}


def test_order_is_that_of_the_sequence_numbers() -> None:
    item = extended("20 permit ip any any", "10 deny tcp any any", "deny ip any any")
    assert [rule.line.text for rule in item.rules[2:]] == ["10 deny tcp any any", "20 permit ip any any",
                                                          "deny ip any any"]
    assert ends(item, WEB) == {"drop"}


def test_what_the_list_does_not_speak_of_passes() -> None:
    assert ends(extended("deny ip any any"), "tcp [fd00::1]:1 [fd00::2]:2") == {"accept"}
    assert ends(ipv6("deny ipv6 any any"), WEB) == {"accept"}
    arp = packet(WEB, ethertype=0x0806)
    item = extended("deny ip any any")
    assert outcomes((item,), item.name, arp) == {"accept"}


def test_an_empty_list_lets_everything_pass_and_one_entry_ends_that() -> None:
    assert tables("ip access-list extended E\n")["ip access-list E"].default is Verdict.ACCEPT
    assert ends(extended("remark nothing yet"), WEB) == {"accept"}
    assert ends(extended("permit udp any any"), WEB) == {"drop"}


def test_ipv6_lists_let_neighbour_discovery_pass_before_the_implicit_deny_only() -> None:
    solicit = ("icmp6 fe80::1 ff02::1", {"icmp_type": 135})
    implicit, explicit = ipv6("permit tcp any any"), ipv6("permit tcp any any", "deny ipv6 any any")
    assert ends(implicit, solicit[0], **solicit[1]) == {"accept"}
    assert ends(explicit, solicit[0], **solicit[1]) == {"drop"}
    assert ends(implicit, solicit[0], icmp_type=134) == {"drop"}


def test_ipv6_entries() -> None:
    item = ipv6("sequence 20 permit tcp 2001:db8::/32 host 2001:db8::1 eq 443", "permit icmp any any nd-ns sequence 10",
                "permit ipv6 any any routing")
    assert item.rules[2].line.text.startswith("permit icmp")
    assert ends(item, "tcp [2001:db8:9::1]:1 [2001:db8::1]:443") == {"accept"}
    assert ends(item, "tcp [2001:db9::1]:1 [2001:db8::1]:443") == {"accept", "drop"}
    assert {rule.unread for rule in item.rules} == {"", "routing"}


def test_standard_lists_in_all_spellings() -> None:
    found = tables("""
access-list 10 remark who may
access-list 10 permit 10.0.0.1
access-list 10 deny   10.1.0.0 0.0.255.255 log
access-list 10 permit any
ip access-list standard NAMED
 10 permit host 10.0.0.1
 20 permit 10.0.0.2 log
""")
    numbered, named = found["ip access-list 10"], found["ip access-list NAMED"]
    assert ends(numbered, "udp 10.0.0.1:1 1.1.1.1:1") == {"accept"}
    assert ends(numbered, "udp 10.1.9.1:1 1.1.1.1:1") == {"drop"}
    assert ends(numbered, "udp 10.2.9.1:1 1.1.1.1:1") == {"accept"}
    assert [ends(named, f"udp 10.0.0.{last}:1 1.1.1.1:1") for last in (1, 2, 3)] == [{"accept"}, {"accept"}, {"drop"}]


GROUPS = """
object-group network INNER
 description of no meaning
 host 10.0.0.1
 10.1.0.0 255.255.0.0
object-group network OUTER
 group-object INNER
 range 10.2.0.5 10.2.0.9
 10.3.0.0 /24
object-group network LOOP
 group-object LOOP
object-group service WEB
 tcp eq www
 tcp 443
 udp source gt 1023 range 50000 50010
 icmp echo
object-group service BOTH
 group-object WEB
 tcp-udp eq 53
object-group service ANY
 ip
"""


def test_object_groups_nested_with_masks_and_ranges() -> None:
    item = extended("permit tcp object-group OUTER any eq 80", before=GROUPS)
    for source in ("10.0.0.1", "10.1.200.1", "10.2.0.5", "10.2.0.9", "10.3.0.255"):
        assert ends(item, f"tcp {source}:1 1.1.1.1:80") == {"accept"}, source
    for source in ("10.0.0.2", "10.2.0.4", "10.2.0.10", "10.3.1.0"):
        assert ends(item, f"tcp {source}:1 1.1.1.1:80") == {"drop"}, source


def test_service_groups() -> None:
    item = extended("permit object-group BOTH any host 10.9.9.9", before=GROUPS)
    assert not any(rule.unread for rule in item.rules)
    for words, end in (("tcp 1.1.1.1:1 10.9.9.9:443", "accept"), ("tcp 1.1.1.1:1 10.9.9.9:444", "drop"),
                       ("udp 1.1.1.1:1024 10.9.9.9:50010", "accept"), ("udp 1.1.1.1:1023 10.9.9.9:50010", "drop"),
                       ("udp 1.1.1.1:1 10.9.9.9:53", "accept"), ("tcp 1.1.1.1:1 10.9.9.8:443", "drop")):
        assert ends(item, words) == {end}, words
    assert ends(item, "icmp 1.1.1.1 10.9.9.9", icmp_type=8) == {"accept"}
    assert ends(extended("permit object-group ANY any any", before=GROUPS), "89 1.1.1.1 2.2.2.2") == {"accept"}


def test_a_group_that_holds_itself_is_not_read() -> None:
    assert ends(extended("permit tcp object-group LOOP any", before=GROUPS), WEB) == {"accept", "drop"}
