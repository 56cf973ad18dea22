"""nftables rulesets as policies, construct by construct."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from punchdown.platforms.linux_nftables import PLATFORM
from punchdown.platforms.linux_nftables.capabilities import FOREIGN, FORWARDING, RULES
from punchdown.values.policy import DevicePolicy, Field, Translate
from tests.platforms.policies import lisbon, packet, through, unread

FW, _ = lisbon("fw-1")
WEB = "tcp 10.1.0.9:1000 10.2.0.1:80"


def read(text: str, **documents: str) -> DevicePolicy:
    return PLATFORM.policy(FW, {RULES: text, **documents})


def chain(*rules: str, head: str = "type filter hook forward priority filter; policy drop;", family: str = "inet",
          beside: str = "") -> DevicePolicy:
    body = "\n".join(f"\t\t{rule}" for rule in rules)
    return read(f"table {family} t {{\n{beside}\n\tchain c {{\n\t\t{head}\n{body}\n\t}}\n}}\n")


def ends(found: DevicePolicy, words: str, entry: str = "", leaving: str = "", **fields: int) -> set[str]:
    return through(found, found.forward, packet(words, **fields), entry, leaving)


READ = [
    ("tcp dport 80 accept", [WEB], ["udp 10.1.0.9:1000 10.2.0.1:80", "tcp 10.1.0.9:1 10.2.0.1:81"]),
    ("tcp dport ssh accept", ["tcp 1.1.1.1:1 2.2.2.2:22"], [WEB]),
    ("tcp dport { 22, 80-90 } accept", [WEB, "tcp 1.1.1.1:1 2.2.2.2:22", "tcp 1.1.1.1:1 2.2.2.2:90"],
     ["tcp 1.1.1.1:1 2.2.2.2:91"]),
    ("tcp dport != { 22, 80 } accept", ["tcp 1.1.1.1:1 2.2.2.2:81"], [WEB, "udp 1.1.1.1:1 2.2.2.2:81"]),
    ("tcp dport != 80 accept", ["tcp 1.1.1.1:1 2.2.2.2:81"], [WEB]),
    ("tcp dport >= 1024 accept", ["tcp 1.1.1.1:1 2.2.2.2:1024"], ["tcp 1.1.1.1:1 2.2.2.2:1023"]),
    ("tcp dport < 1024 accept", ["tcp 1.1.1.1:1 2.2.2.2:1023"], ["tcp 1.1.1.1:1 2.2.2.2:1024"]),
    ("ip saddr 10.1.0.0/16 accept", [WEB], ["tcp 10.2.0.9:1 1.1.1.1:1", "tcp [fd00::1]:1 [fd00::2]:2"]),
    ("ip saddr != 10.1.0.0/16 accept", ["tcp 10.2.0.9:1 1.1.1.1:1"], [WEB, "tcp [fd00::1]:1 [fd00::2]:2"]),
    ("ip saddr 10.1.0.5-10.1.0.9 accept", [WEB], ["tcp 10.1.0.10:1 1.1.1.1:1"]),
    ("ip saddr & 255.0.0.255 == 10.0.0.9 accept", [WEB], ["tcp 10.1.0.8:1 1.1.1.1:1"]),
    ("ip6 daddr fd00::/8 accept", ["tcp [fd00::1]:1 [fd00::2]:2"], [WEB]),
    ("ip protocol tcp accept", [WEB], ["tcp [fd00::1]:1 [fd00::2]:2", "udp 1.1.1.1:1 2.2.2.2:2"]),
    ("meta l4proto { tcp, udp } th dport 80 accept", [WEB, "udp 1.1.1.1:1 2.2.2.2:80"], ["sctp 1.1.1.1:1 2.2.2.2:80"]),
    ("th dport 80 accept", [WEB, "sctp 1.1.1.1:1 2.2.2.2:80"], ["89 1.1.1.1 2.2.2.2"]),
    ("meta nfproto ipv6 accept", ["tcp [fd00::1]:1 [fd00::2]:2"], [WEB]),
    ("ether type ip accept", [WEB], ["tcp [fd00::1]:1 [fd00::2]:2"]),
    ("ip saddr . tcp dport { 10.1.0.9 . 80, 10.1.0.8 . 90 } accept", [WEB, "tcp 10.1.0.8:1 2.2.2.2:90"],
     ["tcp 10.1.0.9:1 2.2.2.2:90"]),
    ("tcp dport vmap { 80: accept, 81: drop }", [WEB], ["tcp 1.1.1.1:1 2.2.2.2:81"]),
    ("tcp dport vmap { 80 : accept, 81 : drop }", [WEB], ["tcp 1.1.1.1:1 2.2.2.2:81", "tcp 1.1.1.1:1 2.2.2.2:82"]),
    ("ip saddr . ip daddr vmap { 10.1.0.9 . 10.2.0.1 : accept }", [WEB], ["tcp 10.1.0.9:1 10.2.0.2:80"]),
    ('counter packets 5 bytes 300 log prefix "accept" level info accept comment "drop"', [WEB], []),
    ("counter name hits log flags tcp sequence,options accept", [WEB], []),
    ("log group 2 snaplen 64 accept", [WEB], []),
]


@pytest.mark.parametrize(("rule", "passing", "dropped"), READ)
def test_rules(rule: str, passing: list[str], dropped: list[str]) -> None:
    found = chain(rule)
    assert unread(found) == []
    assert [ends(found, words) for words in passing] == [{"accept"}] * len(passing)
    assert [ends(found, words) for words in dropped] == [{"drop"}] * len(dropped)


def test_icmp_types() -> None:
    found = chain("icmp type { echo-request, 3 } accept", "icmpv6 type nd-neighbor-solicit accept")
    assert ends(found, "icmp 1.1.1.1 2.2.2.2", icmp_type=8) == ends(found, "icmp 1.1.1.1 2.2.2.2", icmp_type=3)
    assert ends(found, "icmp 1.1.1.1 2.2.2.2", icmp_type=8) == {"accept"}
    assert ends(found, "icmp 1.1.1.1 2.2.2.2", icmp_type=0) == {"drop"}
    assert ends(found, "icmp6 fd00::1 fd00::2", icmp_type=135) == {"accept"}
    assert ends(found, "icmp6 fd00::1 fd00::2", icmp_type=8) == {"drop"}


def test_states_in_all_spellings() -> None:
    for rule in ("ct state established,related accept", "ct state { established, related } accept",
                 "ct state vmap { established : accept, related : accept, invalid : drop }",
                 "ct state != { new, invalid } accept"):
        found = chain(rule)
        assert [ends(found, WEB, state=state) for state in (1, 2)] == [{"accept"}] * 2, rule
        assert [ends(found, WEB, state=state) for state in (0, 3)] == [{"drop"}] * 2, rule
        assert found.tracks
    assert not chain("tcp dport 80 accept").tracks


def test_dscp_and_marks() -> None:
    assert ends(chain("ip dscp ef accept"), WEB, dscp=46) == {"accept"}
    assert ends(chain("ip dscp { cs3, 0x2e } accept"), WEB, dscp=24) == {"accept"}
    assert ends(chain("ip dscp ef accept"), WEB, dscp=45) == {"drop"}
    marked = chain("tcp dport 80 meta mark set 0x10", "mark & 0xf0 == 0x10 accept")
    assert unread(marked) == []
    assert ends(marked, WEB) == {"accept"}
    assert ends(marked, "tcp 1.1.1.1:1 2.2.2.2:81") == {"drop"}
    remarked = chain("ip dscp set cs3", "ip dscp cs3 accept")
    assert ends(remarked, WEB, dscp=46) == {"accept"}


@pytest.mark.parametrize(("flags", "opening", "reply"), [
    ("tcp flags & (fin|syn|rst|ack) == syn", {"accept"}, {"drop"}),
    ("tcp flags syn / fin,syn,rst,ack", {"accept"}, {"drop"}),
    ("tcp flags & (fin|syn|rst|ack) != syn", {"drop"}, {"accept"}),
    ("tcp flags != syn / fin,syn,rst,ack", {"drop"}, {"accept"}),
    ("tcp flags & (ack|rst) != 0", {"drop"}, {"accept"}),
    ("tcp flags & ack == ack", {"drop"}, {"accept"}),
    ("tcp flags == 0x0", {"drop"}, {"drop"}),
    ("tcp flags != syn", {"accept", "drop"}, {"accept", "drop"}),
    ("tcp flags syn", {"accept", "drop"}, {"accept", "drop"}),
    ("tcp flags ack,rst", {"drop"}, {"accept"}),
    ("tcp flags ! ack,rst", {"accept"}, {"drop"}),
    ("tcp flags { syn }", {"accept", "drop"}, {"drop"}),
    ("tcp flags & (fin|syn) == (fin|syn)", {"drop"}, {"drop"}),
    ("tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0", {"drop"}, {"drop"}),
    ("tcp flags & (fin|syn|rst|ack) < (fin)", {"accept", "drop"}, {"accept", "drop"}),
])
def test_tcp_flags(flags: str, opening: set[str], reply: set[str]) -> None:
    found = chain(f"{flags} accept")
    assert (ends(found, WEB, tcp_reply=0), ends(found, WEB, tcp_reply=1)) == (opening, reply)


def test_interfaces() -> None:
    found = chain('iifname "lan110" oifname { "wan0", "lan120" } accept', 'iif "lan130" accept',
                  'oifname != "wan0" accept', 'iifname "lan1*" accept')
    assert ends(found, WEB, "lan110", "wan0") == {"accept"}
    assert ends(found, WEB, "lan130", "wan0") == {"accept"}
    assert ends(found, WEB, "wan0", "lan150") == {"accept"}
    assert ends(found, WEB, "lan150", "wan0") == {"accept"}
    assert ends(found, WEB, "wan0", "wan0") == {"drop"}


def test_jump_goto_and_return() -> None:
    found = read("""table inet t {
	chain web {
		tcp dport 80 accept
		tcp dport 81 return
		drop
	}
	chain forward {
		type filter hook forward priority filter; policy accept;
		ip saddr 10.1.0.0/16 jump web
		ip saddr 10.2.0.0/16 goto web
		drop
	}
}
""")
    assert unread(found) == []
    assert ends(found, WEB) == {"accept"}
    assert ends(found, "tcp 10.1.0.9:1 1.1.1.1:81") == {"drop"}, "back behind the jump"
    assert ends(found, "tcp 10.2.0.9:1 1.1.1.1:81") == {"accept"}, "goto ends with the policy of the base chain"
    assert ends(found, "tcp 10.2.0.9:1 1.1.1.1:82") == {"drop"}


def test_a_chain_without_a_name() -> None:
    found = chain("ip daddr 10.2.0.1 jump {\n tcp dport 80 accept\n udp dport { 80, 81 } jump { drop; }\n}",
                  "udp dport 82 accept")
    assert unread(found) == []
    assert found.unused == ()
    assert ends(found, WEB) == {"accept"}
    assert ends(found, "udp 1.1.1.1:1 10.2.0.1:81") == ends(found, "tcp 1.1.1.1:1 10.2.0.2:80") == {"drop"}
    assert ends(found, "udp 1.1.1.1:1 10.2.0.1:82") == {"accept"}


def test_goto_from_a_chain_goes_back_to_where_that_was_called() -> None:
    found = read("""table inet t {
	chain inner { return; }
	chain outer {
		goto inner
		accept
	}
	chain forward {
		type filter hook forward priority 0; policy drop;
		jump outer
		tcp dport 80 accept
	}
}
""")
    assert ends(found, WEB) == {"accept"}
    assert ends(found, "tcp 1.1.1.1:1 2.2.2.2:81") == {"drop"}


def test_return_in_a_base_chain_is_its_policy() -> None:
    for policy, end in (("accept", {"accept"}), ("drop", {"drop"})):
        found = chain("return", "drop", head=f"type filter hook forward priority filter; policy {policy};")
        assert ends(found, WEB) == end


def test_reject_is_no_way_through() -> None:
    for rule in ("reject", "reject with icmpx admin-prohibited", "meta l4proto tcp reject with tcp reset"):
        assert ends(chain(rule, "accept"), WEB) == {"drop"}


SETS = """
	set hosts {
		type ipv4_addr
		flags interval
		auto-merge
		elements = { 10.1.0.0/24,
				10.9.0.5-10.9.0.7 comment "a pair" }
	}
	set seen {
		type ipv4_addr
		flags dynamic,timeout
		timeout 1m
	}
	map verdicts {
		type inet_service : verdict
		elements = { 80 : accept, 81 : drop }
	}
	set pairs {
		type ipv4_addr . inet_service
		elements = { 10.1.0.9 . 80 }
	}
"""


def test_named_sets_and_maps() -> None:
    found = chain("ip saddr @hosts accept", beside=SETS)
    assert (ends(found, WEB), ends(found, "tcp 10.9.0.7:1 1.1.1.1:1"), ends(found, "tcp 10.9.0.8:1 1.1.1.1:1")) == (
        {"accept"}, {"accept"}, {"drop"})
    assert ends(chain("tcp dport vmap @verdicts", beside=SETS), WEB) == {"accept"}
    pairs = chain("ip saddr . tcp dport @pairs accept", beside=SETS)
    assert (ends(pairs, WEB), ends(pairs, "tcp 10.1.0.9:1 1.1.1.1:81")) == ({"accept"}, {"drop"})


def test_an_empty_set_matches_nothing() -> None:
    found = chain("ip saddr @none accept", beside="\tset none { type ipv4_addr; }")
    assert (unread(found), ends(found, WEB)) == ([], {"drop"})


@pytest.mark.parametrize(("rule", "words"), [
    ("ip saddr @seen tcp dport 80 accept", "ip saddr @seen tcp dport 80"),
    ("ip saddr @missing accept", "ip saddr @missing"),
    ("iifname $WAN accept", "iifname $WAN"),
    ("tcp dport 80 limit rate 10/second burst 20 packets accept", "limit rate 10/second burst 20 packets"),
    ("tcp dport 80 limit rate over 10 mbytes/second accept", "limit rate over 10 mbytes/second"),
    ("tcp dport 80 quota until 25 mbytes accept", "quota until 25 mbytes"),
    ("tcp dport 80 ip ttl > 3 accept", "ip ttl > 3"),
    ("tcp dport 80 fib saddr . iif oif != 0 accept", "fib saddr . iif oif != 0"),
    ("iif 2 tcp dport 80 accept", "iif 2 tcp dport 80"),
    ("ct mark 1 tcp dport 80 accept", "ct mark 1"),
    ("tcp dport 80 ct original ip daddr 192.0.2.1 accept", "ct original ip daddr 192.0.2.1"),
    ("tcp dport 80 update @seen { ip saddr limit rate over 50/second } accept",
     "update @seen { ip saddr limit rate over 50/second }"),
])
def test_what_narrows_and_is_not_read_may_or_may_not_match(rule: str, words: str) -> None:
    found = chain(rule, beside=SETS)
    assert [left for _, left in unread(found)] == [words]
    assert ends(found, WEB) == {"accept", "drop"}


def test_a_next_header_is_the_protocol_at_most() -> None:
    found = chain("ip6 nexthdr tcp tcp dport 80 accept")
    assert ends(found, "tcp [fd00::1]:1 [fd00::2]:80") == {"accept", "drop"}
    assert ends(found, "tcp [fd00::1]:1 [fd00::2]:81") == ends(found, WEB) == {"drop"}


def test_a_part_that_is_not_read_narrows_nothing_behind_it() -> None:
    """``iif`` inside of ``fib`` is no condition on the interface."""
    assert ends(chain("fib saddr . mark . iif oif missing accept"), WEB, "lan110") == {"accept", "drop"}


def test_the_way_back_and_the_own_addresses_are_asked_of_the_routes() -> None:
    for rules, passing in (("fib saddr . iif oif missing drop", True), ("fib saddr . iif oif exists accept", False)):
        found = chain(rules, *(["accept"] if passing else []))
        assert unread(found) == []
        for words, entry, end in (("tcp 10.20.10.9:1 1.1.1.1:1", "lan110", "accept"),
                                  ("tcp 10.20.20.9:1 1.1.1.1:1", "lan110", "drop"),
                                  ("tcp 8.8.8.8:1 10.20.10.9:1", "wan0", "accept"),
                                  ("tcp 10.20.10.9:1 10.20.20.9:1", "wan0", "drop"),
                                  ("tcp 8.8.8.8:1 10.20.10.9:1", "lan110", "drop")):
            assert ends(found, words, entry) == {end}, (rules, words)
    own = chain("fib daddr type local accept")
    assert (ends(own, "tcp 1.1.1.1:1 10.20.10.1:1"), ends(own, "tcp 1.1.1.1:1 10.20.10.2:1")) == ({"accept"}, {"drop"})


@pytest.mark.parametrize("verdicts", [
    "{ 80 : accept, * : drop }", "{ * : drop, 80 : accept }", "{ 80 : jump open, * : drop }", "@named"])
def test_the_element_for_all_others_is_asked_last(verdicts: str) -> None:
    """It takes what has the key at all: a datagram is no TCP port."""
    beside = ("chain open { accept; }\nmap named {\n type inet_service : verdict\n"
              " elements = { * : drop, 80 : accept }\n}")
    found = chain(f"tcp dport vmap {verdicts}", "udp dport 53 accept", "tcp dport 81 accept", beside=beside)
    assert unread(found) == []
    assert [ends(found, words) for words in (WEB, "udp 1.1.1.1:1 2.2.2.2:53", "tcp 1.1.1.1:1 2.2.2.2:81")] == [
        {"accept"}, {"accept"}, {"drop"}]


def test_a_set_of_everything() -> None:
    found = chain("tcp dport @all accept", beside="set all {\n type inet_service\n elements = { 1, * }\n}")
    assert (ends(found, WEB), ends(found, "udp 1.1.1.1:1 2.2.2.2:80")) == ({"accept"}, {"drop"})


def test_flow_tables_and_counters_of_last_use_decide_nothing() -> None:
    table = "flowtable ft {\n hook ingress priority 0; devices = { lan110 };\n}\ndefine WEB = { 80, 443 }"
    found = chain("ip protocol { tcp, udp } flow add @ft", "tcp dport $WEB last used never accept", beside=table)
    assert (unread(found), ends(found, WEB), ends(found, "tcp 1.1.1.1:1 2.2.2.2:81")) == ([], {"accept"}, {"drop"})


def test_kinds_of_packets_and_fragments() -> None:
    for rule in ("meta pkttype != unicast drop", "pkttype { broadcast, multicast } drop",
                 "ip frag-off & 0x1fff != 0 drop", "meta pkttype host accept"):
        found = chain(rule, "accept")
        assert unread(found) == []
        assert ends(found, WEB) == {"accept"}
    assert ends(chain("meta pkttype broadcast accept"), WEB) == {"drop"}
    assert {words for _, words in unread(chain("meta pkttype 3 drop"))} == {"meta pkttype 3"}


def test_directions_and_codes_that_are_always_there() -> None:
    found = chain("ct direction reply accept", "icmp type { echo-request, echo-reply } icmp code 0 accept",
                  "icmp type destination-unreachable icmp code { frag-needed, 13 } accept")
    assert unread(found) == []
    assert (ends(found, WEB, state=1), ends(found, WEB, state=0)) == ({"accept"}, {"drop"})
    assert ends(found, "icmp 1.1.1.1 2.2.2.2", icmp_type=8) == {"accept"}
    assert ends(found, "icmp 1.1.1.1 2.2.2.2", icmp_type=3, icmp_code=4) == {"accept"}
    assert ends(found, "icmp 1.1.1.1 2.2.2.2", icmp_type=3, icmp_code=1) == {"drop"}


@pytest.mark.parametrize("rule", ["queue num 3", "tcp dport 80 tproxy to :8080", "redirect to :8080",
                                  "dnat to 10.0.0.1-10.0.0.9", "tcp dport 80 xt target \"MASQUERADE\"",
                                  "jump nowhere", "accept tcp dport 80"])
def test_an_end_that_is_not_known(rule: str) -> None:
    found = chain(rule)
    assert [item.end_known for item in found.tables[0].rules] == [False]
    assert ends(found, WEB) >= {"accept", "drop"}


def test_logging_under_a_limit_has_no_effect_and_is_read() -> None:
    assert unread(chain('limit rate 5/second burst 10 packets log prefix "x"', "fib saddr type local counter")) == []


@pytest.mark.parametrize("rule", ['ct helper set "sip"', "notrack", "ct zone set 4", "meta mark set ct mark"])
def test_what_writes_something_that_is_not_followed_is_kept(rule: str) -> None:
    assert [line.text for line in chain(f"tcp dport 80 {rule}", "accept").unread] == [f"tcp dport 80 {rule}"]


@pytest.mark.parametrize("rule", ["tcp option maxseg size set rt mtu", "meta priority set 1:10", "ct mark set 5",
                                  "meta nftrace set 1", "ip ttl set 64"])
def test_what_writes_something_that_decides_nothing_is_not(rule: str) -> None:
    found = chain(f"tcp dport 80 {rule} accept")
    assert (unread(found), ends(found, WEB)) == ([], {"accept"})


def test_base_chains_follow_by_priority_and_all_must_accept() -> None:
    found = read("""table inet late {
	chain c { type filter hook forward priority filter + 10; policy accept; tcp dport 81 drop; }
}
table ip early {
	chain c { type filter hook forward priority mangle; policy accept; tcp dport 82 drop; }
}
table inet main {
	chain c { type filter hook forward priority 0; policy accept; tcp dport 80 accept; }
	chain in { type filter hook input priority 0; policy drop; }
	chain out { type filter hook output priority 0; policy drop; }
}
""")
    assert found.forward == ("ip early c", "inet main c", "inet late c")
    assert found.local == ("inet main in",)
    assert [ends(found, f"tcp 1.1.1.1:1 2.2.2.2:{port}") for port in (80, 81, 82)] == [{"accept"}, {"drop"}, {"drop"}]
    assert ends(found, "tcp [fd00::1]:1 [fd00::2]:82") == {"accept"}, "a table of family ip never sees IPv6"


def test_dormant_tables_other_families_and_other_hooks() -> None:
    found = read("""table inet sleeping {
	flags dormant
	chain c { type filter hook forward priority filter; policy drop; }
}
table arp a {
	chain c { type filter hook input priority filter; policy drop; }
}
table bridge b {
	chain c { type filter hook forward priority filter; policy drop; }
}
table bridge counts {
	chain c { type filter hook forward priority filter; policy accept; counter; }
}
table netdev n {
	chain c { type filter hook ingress device "lan110" priority -500; policy accept; drop }
}
""")
    assert found.forward == ()
    assert [line.number for line in found.unread] == [9, 15]


def test_what_a_file_deletes_first_is_gone_and_variables_are_replaced() -> None:
    found = read("""#!/usr/sbin/nft -f
flush ruleset
table inet t
delete table inet t
define OTHER = { 10.1.0.10 }
define ADMINS = { 10.1.0.9, $OTHER }
define WEB = 80
table inet t {
	chain c {
		type filter hook forward priority filter; policy drop;
		ip saddr $ADMINS tcp dport $WEB accept # the reason
	}
}
""")
    assert unread(found) == []
    assert (ends(found, WEB), ends(found, "tcp 10.1.0.11:1 1.1.1.1:80")) == ({"accept"}, {"drop"})


def test_commands_that_are_not_followed_are_kept() -> None:
    found = read('table inet t { }\nadd rule inet t c accept\ninclude "/etc/more.nft"\n')
    assert [line.number for line in found.unread] == [2, 3]


def nat(*rules: str, hook: str = "prerouting") -> DevicePolicy:
    priority = "dstnat" if hook == "prerouting" else "srcnat"
    return chain(*rules, head=f"type nat hook {hook} priority {priority}; policy accept;")


@pytest.mark.parametrize(("rule", "address", "ports"), [
    ("ip daddr 192.0.2.1 tcp dport 8443 dnat ip to 10.0.0.1:443", "10.0.0.1", (443, 443)),
    ("udp dport 10000-20000 dnat to 10.0.0.1", "10.0.0.1", None),
    ("udp dport 10000-10009 dnat to 10.0.0.1:20000-20009 random", "10.0.0.1", (20000, 20009)),
    ("dnat ip6 to [2001:db8::1]:443", "2001:db8::1", (443, 443)),
])
def test_destination_translation(rule: str, address: str, ports: tuple[int, int] | None) -> None:
    found = nat(rule)
    action = found.tables[0].rules[1].actions[0]
    target = next(value for field, value in packet(f"tcp {address} {address}").items() if field is Field.SOURCE)
    assert action == Translate(Field.DESTINATION, target, ports)
    assert unread(found) == []


def test_source_translation() -> None:
    actions = [rule.actions for rule in nat("snat ip to 192.0.2.1", "masquerade random,persistent",
                                            "masquerade to :1024-65535 fully-random",
                                            hook="postrouting").tables[0].rules[1:]]
    assert [item[0] for item in actions] == [
        Translate(Field.SOURCE, 0xC0000201), Translate(Field.SOURCE, None),
        Translate(Field.SOURCE, None, (1024, 65535))]


def test_translation_by_a_map() -> None:
    beside = """	map forwards {
		type inet_proto . inet_service : ipv4_addr . inet_service
		elements = { tcp . 80 : 10.0.0.1 . 8080, udp . 53 : 10.0.0.2 . 53 }
	}
"""
    found = chain("ip daddr 192.0.2.1 dnat ip addr . port to meta l4proto . th dport map @forwards",
                  "dnat to tcp dport map { 22 : 10.0.0.3, 23 : 10.0.0.4 }",
                  head="type nat hook prerouting priority dstnat; policy accept;", beside=beside)
    assert unread(found) == []
    targets = [rule.actions[0].address for rule in found.tables[0].rules[1:] if isinstance(rule.actions[0], Translate)]
    assert targets == [0x0A000001, 0x0A000002, 0x0A000003, 0x0A000004]


def test_nat_chains_see_the_first_packet_only_and_translated_ones_are_known() -> None:
    found = read("""table inet t {
	chain pre { type nat hook prerouting priority dstnat; policy accept; tcp dport 80 dnat to 10.0.0.1; }
	chain fwd { type filter hook forward priority filter; policy drop; ct status dnat accept; }
}
""")
    both = (*found.before_routing, *found.forward)
    assert through(found, both, packet(WEB)) == {"accept"}
    assert through(found, both, packet("tcp 1.1.1.1:1 10.0.0.1:81")) == {"drop"}
    assert through(found, both, packet(WEB, state=1)) == {"drop"}, "an established packet is not asked again"


def test_without_connection_tracking_later_fragments_have_no_ports() -> None:
    found = chain("tcp dport 0-65535 accept", "ip saddr 10.1.0.9 accept")
    assert ends(found, "tcp 10.2.0.9 10.2.0.1", fragment=1) == {"drop"}
    assert ends(found, "tcp 10.1.0.9 10.2.0.1", fragment=1) == {"accept"}


def test_forwarding_stands_in_the_kernel_settings() -> None:
    six = packet("tcp [fd00::1]:1 [fd00::2]:2")
    on = "net.ipv4.ip_forward = 1\n"
    only4, both = read("", **{FORWARDING: on}), read("", **{FORWARDING: f"{on}net.ipv6.conf.all.forwarding = 1\n"})
    assert (only4.routes_packets, through(only4, only4.forward, six)) == (True, {"drop"})
    assert (both.routes_packets, through(both, both.forward, six)) == (True, {"accept"})
    assert not read("", **{FORWARDING: "# nothing\n"}).routes_packets
    assert read("").routes_packets, "nobody showed the settings: the intent says that it is a firewall"


def test_chains_of_other_tables_whose_rules_were_not_fetched_may_do_anything() -> None:
    line = "table ip nat, chain FORWARD: type filter hook forward priority filter; policy accept;\n"
    found = read("", **{FOREIGN: line})
    assert found.forward == ("ip nat FORWARD",)
    assert ends(found, WEB) >= {"accept", "drop"}
    assert ends(found, "tcp [fd00::1]:1 [fd00::2]:2") == {"accept"}


def test_routes_come_from_the_intent() -> None:
    assert FW.firewall is not None
    first, *others = FW.firewall.interfaces
    beyond = replace(FW, firewall=replace(FW.firewall, interfaces=(replace(first, behind=("10.99.0.0/16",)), *others)))
    routes = [(item.prefix, item.interface) for item in PLATFORM.policy(beyond, {RULES: ""}).routes]
    assert routes == [("10.99.0.0/16", first.name), ("0.0.0.0/0", "wan0"), ("::/0", "wan0")]


def test_the_example_firewall_is_understood_but_for_its_rate_limits() -> None:
    intent, documents = lisbon("fw-1")
    found = PLATFORM.policy(intent, documents)
    assert {words for _, words in unread(found)} == {"limit rate 10/second"}
    assert {table.name for table in found.tables for rule in table.rules if rule.unread} == {"inet punchdown input"}
    assert (found.unused, found.undefined, found.routes_packets, found.tracks) == ((), (), True, True)
    assert [item.name for item in found.interfaces] == [item.name for item in intent.firewall.interfaces]  # type: ignore[union-attr]


def spread(words: str) -> str:
    """One blank between words, none of them quoted."""
    return " ".join(part.strip('"') for part in re.findall(r'"[^"]*"|[^\s"]+', words))


@pytest.mark.parametrize("times", ['meta hour "08:00"-"17:59:59"', 'meta day { "Monday", "Friday" }',
                                   'meta day "Sunday" meta hour != "08:00"-"09:00"'])
def test_what_is_open_or_shut_at_times_is_not_known(times: str) -> None:
    for rules in ((f"tcp dport 80 {times} accept",), (f"tcp dport 80 {times} drop", "accept")):
        found = chain(*rules)
        assert [words for _, words in unread(found)] == [spread(times)]
        assert ends(found, WEB) == {"drop", "accept"}
