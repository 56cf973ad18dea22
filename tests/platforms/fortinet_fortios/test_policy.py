"""What a FortiGate's own text lets through, line by line: addresses, services, virtual IPs, zones, and what is not
understood."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from punchdown.pipeline.proving import rendered_documents, site_state
from punchdown.proof import prove
from punchdown.proof.headers import WIDTHS
from punchdown.render import render_device
from punchdown.values.policy import Match
from punchdown.values.proof import Answer
from tests.platforms.fortinet_fortios.conftest import ROOM
from tests.platforms.policies import packet, through, unread

OBJECTS = """
config system interface
    edit "in"
        set ip 10.1.0.1 255.255.0.0
        set allowaccess ping ssh
        config ipv6
            set ip6-address 2001:db8:1::1/64
        end
    next
    edit "dmz"
        set ip 10.2.0.1 255.255.255.0
    next
    edit "out"
        set ip 192.0.2.2 255.255.255.0
    next
end
config system admin
    edit "admin"
        set trusthost1 10.1.9.0 255.255.255.0
    next
end
config router static
    edit 1
        set gateway 192.0.2.1
        set device "out"
    next
end
config system zone
    edit "trusted"
        set interface "in" "dmz"
    next
end
config firewall address
    edit "host"
        set subnet 10.2.0.5 255.255.255.255
    next
    edit "range"
        set type iprange
        set start-ip 10.1.0.10
        set end-ip 10.1.0.19
    next
    edit "name"
        set type fqdn
        set fqdn "example.com"
    next
end
config firewall addrgrp
    edit "both"
        set member "host" "range"
    next
end
config firewall service custom
    edit "web"
        set tcp-portrange 80 8080-8089:1024-65535
    next
    edit "code"
        set protocol ICMP
        set icmptype 3
        set icmpcode 4
    next
    edit "light"
        set udplite-portrange 5000
    next
    edit "echo"
        set protocol ICMP
        set icmptype 8
    next
end
config firewall vip
    edit "shop"
        set extip 192.0.2.10
        set mappedip "10.2.0.5"
        set extintf "out"
        set portforward enable
        set extport 443
        set mappedport 80
    next
    edit "whole"
        set extip 192.0.2.11
        set mappedip "10.2.0.6"
        set extintf "any"
    next
end
"""
USUAL = {"srcintf": '"in"', "dstintf": '"dmz"', "action": "accept", "srcaddr": '"all"', "dstaddr": '"all"',
         "schedule": '"always"', "service": '"ALL"'}
INBOUND = {"srcintf": '"out"', "dstintf": '"dmz"', "dstaddr": '"shop"'}


def policy(*entries, objects=OBJECTS, site):
    text = [f"    edit {number}\n" + "".join(f"        set {name} {value}\n" for name, value in {
        **USUAL, **entry}.items() if value) + "    next\n" for number, entry in enumerate(entries, 1)]
    return ROOM.policy(site[1], {"running-config": f"{objects}config firewall policy\n{''.join(text)}end\n"})


def passes(found, words, entry="in", leaving="dmz", **fields):
    names = (*found.before_routing, *found.forward)
    return through(found, names, packet(words, **fields), entry, leaving)


@pytest.mark.parametrize(("entry", "words", "open_"), [
    ({}, "tcp 10.1.0.5:1 10.2.0.5:22", True),
    ({"srcaddr": '"range"'}, "tcp 10.1.0.10:1 10.2.0.5:22", True),
    ({"srcaddr": '"range"'}, "tcp 10.1.0.20:1 10.2.0.5:22", False),
    ({"srcaddr": '"range"', "srcaddr-negate": "enable"}, "tcp 10.1.0.20:1 10.2.0.5:22", True),
    ({"srcaddr": '"both"'}, "tcp 10.1.0.19:1 10.2.0.5:22", True),
    ({"dstaddr": '"host"'}, "tcp 10.1.0.5:1 10.2.0.6:22", False),
    ({"service": '"web"'}, "tcp 10.1.0.5:1 10.2.0.5:80", True),
    ({"service": '"web"'}, "tcp 10.1.0.5:1 10.2.0.5:8085", False),
    ({"service": '"web"'}, "tcp 10.1.0.5:1024 10.2.0.5:8085", True),
    ({"service": '"web"'}, "udp 10.1.0.5:1024 10.2.0.5:80", False),
    ({"srcintf": '"trusted"'}, "tcp 10.1.0.5:1 10.2.0.5:22", True),
    ({"srcintf": '"out"'}, "tcp 10.1.0.5:1 10.2.0.5:22", False),
    ({"status": "disable"}, "tcp 10.1.0.5:1 10.2.0.5:22", False),
    ({"action": ""}, "tcp 10.1.0.5:1 10.2.0.5:22", False),
    ({"schedule": '"none"'}, "tcp 10.1.0.5:1 10.2.0.5:22", False),
])
def test_one_policy(site, entry, words, open_):
    found = policy(entry, site=site)
    assert passes(found, words) == {"accept" if open_ else "drop"}
    assert unread(found) == []


def test_the_first_that_matches_decides(site):
    deny = {"action": "deny", "srcaddr": '"range"'}
    inside, other = "tcp 10.1.0.10:1 10.2.0.5:22", "tcp 10.1.0.5:1 10.2.0.5:22"
    assert (passes(policy(deny, {}, site=site), inside), passes(policy(deny, {}, site=site), other)) == (
        {"drop"}, {"accept"})
    assert passes(policy({}, deny, site=site), inside) == {"accept"}


def test_a_virtual_ip_is_matched_by_its_name_and_the_real_port(site):
    arriving = "tcp 203.0.113.9:1 192.0.2.10:443"
    web = policy({**INBOUND, "service": '"web"'}, site=site)
    assert passes(web, arriving, "out") == {"accept"}
    assert passes(web, "tcp 203.0.113.9:1 192.0.2.10:80", "out") == {"drop"}
    for target in ('"all"', '"host"', '"whole"'):
        assert passes(policy({**INBOUND, "dstaddr": target}, site=site), arriving, "out") == {"drop"}, target
    assert passes(policy({**INBOUND, "dstaddr": '"whole"'}, site=site), "udp 203.0.113.9:1 192.0.2.11:99", "out") == {
        "accept"}


def test_a_denial_of_everything_sees_translated_packets_unless_it_says_otherwise(site):
    arriving = "tcp 203.0.113.9:1 192.0.2.10:443"
    deny = {**INBOUND, "action": "deny", "dstaddr": '"all"'}
    assert passes(policy(deny, INBOUND, site=site), arriving, "out") == {"drop"}
    assert passes(policy({**deny, "match-vip": "disable"}, INBOUND, site=site), arriving, "out") == {"accept"}


@pytest.mark.parametrize(("words", "strict", "open_"), [
    ("tcp 10.1.0.5:1 10.2.0.5:22", "enable", False), ("tcp 10.1.0.5:1 10.2.0.5:22", "disable", True),
    ("tcp 203.0.113.9:1 10.2.0.5:22", "enable", True)])
def test_forged_sources_from_outside(site, words, strict, open_):
    objects = f"config system settings\n    set strict-src-check {strict}\nend\n{OBJECTS}"
    found = policy({"srcintf": '"out"'}, objects=objects, site=site)
    assert passes(found, words, "out") == {"accept" if open_ else "drop"}


def test_forged_sources_from_inside_have_no_way_back(site):
    assert passes(policy({}, site=site), "tcp 203.0.113.9:1 10.2.0.5:22") == {"drop"}


@pytest.mark.parametrize(("entry", "words"), [
    ({"srcaddr": '"name"'}, "srcaddr name"), ({"srcaddr": '"nobody"'}, "srcaddr nobody"),
    ({"service": '"gone"'}, "service gone"), ({"dstaddr": '"nobody"'}, "dstaddr nobody"),
    ({"groups": '"staff"'}, "set groups staff"), ({"internet-service": "enable"}, "set internet-service enable"),
    ({"permit-any-host": "enable"}, "set permit-any-host enable"), ({"service": '"code"'}, "service code"),
    ({"policy-expiry": "enable"}, "set policy-expiry enable"), ({"service": '"light"'}, "service light"),
    ({"service-negate": "enable"}, "set service-negate enable"),
    ({"nat": "enable", "ippool": "enable", "poolname": '"one" "two"'}, "poolname "),
    ({"schedule": '"office"'}, "time-range office"), ({"action": "ipsec"}, "set action ipsec"),
    ({"nat": "enable", "ippool": "enable", "poolname": '"gone"'}, "poolname "),
])
def test_what_is_not_understood_is_kept(site, entry, words):
    found = policy(entry, site=site)
    assert [text for _, text in unread(found)] == [words]
    assert passes(found, "tcp 10.1.0.5:1 10.2.0.5:22") >= {"accept", "drop"}


@pytest.mark.parametrize("text", [
    "config system settings\n    set central-nat enable\nend\n",
    "config system settings\n    set ngfw-mode policy-based\nend\n",
    "config firewall DoS-policy\n    edit 1\n        set interface \"out\"\n    next\nend\n",
    "config firewall acl\n    edit 1\n    next\nend\n",
    "config router bgp\n    config neighbor\n        edit \"10.1.0.9\"\n        next\n    end\nend\n",
    "config router static\n    edit 2\n        set dst 10.9.0.0/16\n        set dstaddr \"host\"\n    next\nend\n",
    "config router static\n    edit 2\n        set internet-service 65537\n        set device \"out\"\n    next\nend\n",
    "config router static\n    edit 2\n        set gateway 10.2.0.9\n        set device \"dmz\"\n    next\nend\n",
    "config system interface\n    edit \"dmz\"\n        set vrf 5\n    next\nend\n",
    "config system interface\n    edit \"line\"\n        set mode dhcp\n    next\nend\n",
    "config system interface\n    edit \"in\"\n    config ipv6\n    set ip6-mode dhcp\n    end\n    next\nend\n",
    "config system zone\n    edit \"trusted\"\n        set intrazone allow\n    next\nend\n",
    "config system settings\n    set tcp-session-without-syn enable\nend\n",
    "config system sdwan\n    set status enable\nend\n",
    "config vpn ssl settings\n    set source-interface \"out\"\nend\n",
    "config vpn ipsec phase1-interface\n    edit \"far\"\n        set remote-gw 192.0.2.9\n    next\nend\n",
    "config firewall policy64\n    edit 1\n    next\nend\n",
    "config router policy\n    edit 1\n        set output-device \"dmz\"\n    next\nend\n",
    "config vdom\n    edit root\n    next\nend\n",
    "config firewall vip\n    edit \"fan\"\n        set extip 192.0.2.20-192.0.2.29\n    next\nend\n", "nonsense\n",
])
def test_what_turns_everything_round_is_told(site, text):
    found = policy({}, objects=OBJECTS + text, site=site)
    assert len(unread(found)) == 1


def test_a_policy_from_a_tunnel_that_nobody_knows_is_told(site):
    found = policy({"srcintf": '"ssl.root"'}, site=site)
    assert [text for _, text in unread(found)] == ["set srcintf ssl.root"]


def test_what_every_unit_has_is_no_riddle(site):
    more = ("config system sdwan\n    config zone\n        edit \"virtual-wan-link\"\n        next\n    end\nend\n"
            "config vpn ssl settings\n    set servercert \"x\"\nend\n")
    assert unread(policy({}, objects=OBJECTS + more, site=site)) == []


def test_protocols_that_do_not_run_and_more_addresses_are_no_riddle(site):
    more = ("config router ospf\n    config redistribute \"connected\"\n    end\nend\nconfig system interface\n"
            "    edit \"dmz\"\n        config secondaryip\n            edit 1\n                set ip 10.3.0.1/24\n"
            "            next\n        end\n    next\nend\n")
    found = policy({}, objects=OBJECTS + more, site=site)
    assert unread(found) == []
    assert next(item for item in found.interfaces if item.name == "dmz").addresses == ("10.2.0.1/24", "10.3.0.1/24")


def test_who_the_firewall_itself_answers(site):
    found = policy({}, site=site)

    def told(words, entry, **fields):
        return through(found, found.local, packet(words, **fields), entry)

    assert told("tcp 10.1.9.7:1 10.1.0.1:22", "in") == {"accept"}
    assert told("tcp 10.1.8.7:1 10.1.0.1:22", "in") == {"drop"}
    assert told("tcp 10.1.9.7:1 10.2.0.1:22", "dmz") == {"drop"}
    assert told("tcp 10.1.9.7:1 10.1.0.1:443", "in") == {"drop"}
    assert told("icmp 10.1.8.7 10.1.0.1", "in", icmp_type=8) == {"accept"}


def test_one_account_without_trusted_hosts_opens_logins_to_everybody(site):
    more = 'config system admin\n    edit "other"\n    next\nend\n'
    found = policy({}, objects=OBJECTS + more, site=site)
    assert through(found, found.local, packet("tcp 10.1.8.7:1 10.1.0.1:22"), "in") == {"accept"}


SERVERS = 'set dstaddr "PD-10.80.40.15"\n        set schedule "always"\n        set service '


@pytest.mark.parametrize(("old", "new", "claim"), [
    (f'{SERVERS}"PD-tcp-443"', f'{SERVERS}"ALL"', "nothing else from office reaches records-1"),
    ("set strict-src-check enable", "set strict-src-check disable", "forged sources from wan reach nobody"),
    ("set tcp-portrange 1752", "set tcp-portrange 1753", "records-1 reaches mivb-1: smdr (tcp 1752)"),
])
def test_one_wrong_line_is_refuted_by_a_packet(site, rendered, old, new, claim):
    compiled = site[0]
    intended = {intent.device: render_device(intent) for intent in compiled.devices}
    texts = rendered_documents(intended)
    assert old in rendered
    wrong = {**texts, "fw-1": {"running-config": rendered.replace(old, new, 1)}}
    found = prove(site_state(compiled, intended, wrong, "running"))
    refuted = {item.title: item for item in found.claims if item.answer is Answer.REFUTED}
    assert refuted[claim].packet is not None


NOISE = ("edit", '"in"', '"a', 'b"', "set", "srcaddr", "all", "next", "end", "config", "firewall", "policy", "vip",
         "99999",
         "10.0.0.1", "10.0.0.1/40", "80-70", "80:", ":", "subnet", "unset", "move", "before", "delete", "action",
         "accept", "nat", "enable", "member", "extip", "mappedip", "extport", "portforward", "-1", "#", "\\", "'")
FRAMES = ("config firewall policy\nedit {}\nset {}\nset {}\nnext\nend\n", "config firewall vip\nedit x\nset {}\nend\n",
          "config firewall address\nedit x\nset {}\nset {}\nend\n", "config system interface\nedit x\nset ip {}\nend\n",
          "config firewall service custom\nedit x\nset tcp-portrange {}\nset {}\nend\n", "{}\n{}\n",
          "config router static\nedit 1\nset dst {}\nset device in\nend\n")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_words_in_any_order_end_in_a_policy(site, data):
    words = st.lists(st.sampled_from(NOISE), max_size=5).map(" ".join)
    text = "".join(frame.format(*(data.draw(words) for _ in range(frame.count("{}"))))
                   for frame in data.draw(st.lists(st.sampled_from(FRAMES), max_size=5)))
    found = ROOM.policy(site[1], {"running-config": OBJECTS + text})
    for match in (part for table in found.tables for rule in table.rules for part in rule.matches):
        if isinstance(match, Match):
            assert all(0 <= first <= last < 1 << WIDTHS[match.field] for first, last in match.ranges), match
