"""Reading an ASA's own text: words, secrets, lists, translations in their order, security levels, logins."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent
from punchdown.lab.emulated import ManualClock
from punchdown.lab.emulated.cisco_asa import AsaAppliance
from punchdown.lab.emulated.cisco_asa.baseline import startup_config
from punchdown.platforms.cisco_asa.entries import canonical, parse_ace
from punchdown.platforms.cisco_asa.masking import mask
from punchdown.platforms.cisco_asa.normalise import parse_text
from punchdown.platforms.cisco_asa.policy import LEAVING, LOCAL, policy
from punchdown.platforms.cisco_asa.translations import translations
from punchdown.render import render_device
from punchdown.values.policy import DevicePolicy, Field, Translate
from tests.platforms.cisco_asa.conftest import ASA, intent, spec
from tests.platforms.policies import packet, through, unread

TEXT = """\
ASA Version 9.16(4)
hostname fw
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.2 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.0.1.1 255.255.255.0
interface GigabitEthernet0/2
 nameif dmz
 security-level 50
 ip address 10.0.2.1 255.255.255.0
object network web
 host 10.0.2.80
object network office
 subnet 10.0.1.0 255.255.255.0
object-group service mixed
 service-object tcp destination eq www
 service-object udp destination range sip 5062
access-list in extended permit object-group mixed any object web
access-list in extended permit tcp any host 10.0.2.80 eq ssh inactive
route outside 0.0.0.0 0.0.0.0 203.0.113.1 1
object network web
 nat (dmz,outside) static 203.0.113.80 service tcp 80 8080
nat (any,outside) after-auto source dynamic any interface
access-group in in interface outside
ssh 10.0.1.0 255.255.255.0 inside
http server enable
icmp permit any echo inside
"""


def read(text: str) -> DevicePolicy:
    return policy(intent(), {"running-config": text})


def passes(found: DevicePolicy, words_: str, entry: str, leaving: str) -> set[str]:
    """All that a packet meets on its way through."""
    return through(found, (*found.before_routing, *found.forward, *found.after_routing), packet(words_), entry, leaving)


def test_the_list_judges_real_addresses_after_the_destination_was_translated() -> None:
    found = read(TEXT)
    assert unread(found) == []
    assert passes(found, "tcp 192.0.2.1:1000 203.0.113.80:8080", "outside", "dmz") == {"accept"}
    assert passes(found, "tcp 192.0.2.1:1000 203.0.113.80:80", "outside", "dmz") == {"drop"}
    assert passes(found, "tcp 192.0.2.1:1000 10.0.2.80:22", "outside", "dmz") == {"drop"}
    assert passes(found, "udp 192.0.2.1:1000 10.0.2.80:5061", "outside", "dmz") == {"accept"}


def test_a_real_address_is_not_reached_past_its_translation() -> None:
    found = read(TEXT)
    assert passes(found, "tcp 192.0.2.1:1000 10.0.2.80:80", "outside", "dmz") == {"drop"}
    bare = read(TEXT.replace(" nat (dmz,outside) static 203.0.113.80 service tcp 80 8080\n", ""))
    assert passes(bare, "tcp 192.0.2.1:1000 10.0.2.80:80", "outside", "dmz") == {"accept"}


def test_without_a_list_the_security_levels_decide() -> None:
    found = read(TEXT)
    assert passes(found, "tcp 10.0.1.5:1000 10.0.2.80:22", "inside", "dmz") == {"accept"}
    assert passes(found, "tcp 10.0.2.80:1000 10.0.1.5:22", "dmz", "inside") == {"drop"}
    level = read(TEXT.replace("security-level 50", "security-level 100"))
    assert passes(level, "tcp 10.0.1.5:1000 10.0.2.80:22", "inside", "dmz") == {"drop"}
    both = read(TEXT.replace("security-level 50", "security-level 100")
                + "same-security-traffic permit inter-interface\n")
    assert passes(both, "tcp 10.0.1.5:1000 10.0.2.80:22", "inside", "dmz") == {"accept"}


def test_the_device_answers_on_the_near_address_only() -> None:
    found = read(TEXT)

    def reaches(words_: str, entry: str) -> set[str]:
        return through(found, (LOCAL,), packet(words_), entry)

    assert reaches("tcp 10.0.1.5:1000 10.0.1.1:22", "inside") == {"accept"}
    assert reaches("tcp 10.0.1.5:1000 10.0.2.1:22", "inside") == {"drop"}
    assert reaches("tcp 10.0.2.5:1000 10.0.2.1:22", "dmz") == {"drop"}
    assert reaches("tcp 10.0.1.5:1000 10.0.1.1:443", "inside") == {"drop"}
    ping = packet("icmp 10.0.1.5 10.0.1.1", icmp_type=8)
    assert through(found, (LOCAL,), ping, "inside") == {"accept"}
    assert through(found, (LOCAL,), {**ping, next(key for key in ping if key.value == "icmp-type"): 13},
                   "inside") == {"drop"}


def test_translations_are_tried_alone_then_objects_then_the_rest() -> None:
    text = TEXT + "nat (inside,outside) source static office office\n"
    leaving = read(text).table(LEAVING)
    assert [rule.line.text.split()[1] for rule in leaving.rules] == ["(inside,outside)", "(dmz,outside)",
                                                                     "(any,outside)", "(any,outside)"]


@pytest.mark.parametrize(("line", "words_"), [
    ("router ospf 1\n network 10.0.0.0 255.0.0.0 area 0\n", "router ospf 1"),
    ("crypto map M 10 ipsec-isakmp dynamic D\ncrypto map M interface outside\n", "map M 10 ipsec-isakmp dynamic D"),
    ("crypto map M 10 match address in\ncrypto map M 10 set peer 192.0.2.9\ncrypto map M interface outside\n",
     "crypto map M 10 match address in"),
    ("access-list in extended permit tcp any any time-range night\n", "time-range night"),
    ("access-list in extended permit tcp user LAN\\ann any any\n", "extended permit tcp user LAN\\ann any any"),
    ("access-list in extended permit tcp any object-group gone\n", "object-group gone"),
    ("object network far\n fqdn v4 www.example.com\naccess-list in extended permit tcp any object far\n",
     "fqdn v4 www.example.com"),
    ("object-group protocol two\n protocol-object tcp\n", "object-group protocol two"),
    ("established tcp 0 0 permitto tcp 6000 permitfrom tcp 1024-65535\n",
     "established tcp 0 0 permitto tcp 6000 permitfrom tcp 1024-65535"),
    ("access-group in global\n", "access-group in global"),
    ("firewall transparent\n", "firewall transparent"),
    ("static (inside,outside) 203.0.113.9 10.0.1.9\n", "static (inside,outside) 203.0.113.9 10.0.1.9"),
    ("nat (dmz,outside) source static office office\n", "nat (dmz,outside) source static office office"),
    ("route dmz 0.0.0.0 0.0.0.0 10.0.2.9 1\n", "route dmz 0.0.0.0 0.0.0.0 10.0.2.9 1"),
    ("route dmz 10.9.0.0 255.255.0.0 10.0.2.9 tunneled\n", "route dmz 10.9.0.0 255.255.0.0 10.0.2.9 tunneled"),
    ("interface GigabitEthernet0/3\n nameif more\n policy-route route-map M\n", "policy-route route-map M"),
    ("interface GigabitEthernet0/3\n nameif more\n ip address dhcp setroute\n", "ip address dhcp setroute"),
    ("policy-map P\n class C\n  set connection advanced-options tcp-state-bypass\n",
     "set connection advanced-options tcp-state-bypass"),
    ("policy-map P\n class C\n  sfr fail-open\n", "sfr fail-open"),
    ("threat-detection scanning-threat shun\n", "threat-detection scanning-threat shun"),
    ("aaa authentication match in inside LOCAL\n", "aaa authentication match in inside LOCAL"),
    ("access-group in out interface dmz\n", "access-group in out interface dmz"),
    ("nat (dmz,outside) source dynamic office pat-pool web\n", "office pat-pool web"),
])
def test_what_is_not_understood_stays_unread(line: str, words_: str) -> None:
    assert any(words_.endswith(text) or text.endswith(words_) for _, text in unread(read(TEXT + line)))


def test_lines_are_read_in_any_spelling() -> None:
    assert canonical("extended permit udp any host 10.0.0.1 eq 5060") == \
        "extended permit udp any host 10.0.0.1 eq sip"
    assert str(parse_ace("extended deny icmp6 ::/0 any6 128 log 6 interval 300")) == \
        "extended deny icmp6 any6 any6 echo log"
    with pytest.raises(ValueError, match="not understood"):
        parse_ace("extended permit tcp any any sometimes")


def test_an_object_shown_twice_is_one() -> None:
    tree = parse_text(TEXT)
    assert ("object network web", "host 10.0.2.80") in tree
    assert sum(entry.line == "object network web" for entry in tree.values()) == 1


@pytest.mark.parametrize("line", [
    "username a password S3cret privilege 15", " key S3cret", "snmp-server host inside 10.0.0.1 community S3cret",
    " ikev2 local-authentication pre-shared-key S3cret", "enable password S3cret", " ldap-login-password S3cret",
    "snmp-server user u g v3 auth sha S3cret priv aes 128 S3cret", "ntp authentication-key 1 md5 S3cret"])
def test_no_secret_leaves(line: str) -> None:
    shown = mask(f"{line}\n", lambda clear: f"<masked:{len(clear)}>")
    assert "S3cret" not in shown
    assert "<masked:" in shown
    assert "<masked:unknown>" in mask(line.replace("S3cret", "*****"), lambda _: "<masked:wrong>")


@pytest.mark.parametrize("text", ["a\nb", "tab\there", "help?", "$(hostname)", "x" * 300])
def test_a_banner_can_not_leave_its_line(text: str) -> None:
    bad = replace(intent(), management=replace(intent().management, banner=(text,)))
    assert ASA.refusals(bad)
    with pytest.raises(RenderError):
        render_device(bad)


def test_names_can_not_leave_their_word() -> None:
    firewall = intent().firewall
    assert firewall is not None
    block = replace(firewall.netblocks[0], name="a b\naccess-list x")
    bad: DeviceIntent = replace(intent(), firewall=replace(firewall, netblocks=(block,)))
    with pytest.raises(RenderError):
        render_device(bad)


@pytest.mark.parametrize(("field", "value", "words_"), [
    ("wan", "", "without a WAN interface"), ("management_sources", (), "lock everybody out"),
    ("denied", "nobody", "used and not declared"), ("source_nat", ("192.0.2.0/24",), "no interface leads there")])
def test_what_it_can_not_do_is_refused_with_a_reason(field: str, value: object, words_: str) -> None:
    firewall = intent().firewall
    assert firewall is not None
    bad = replace(intent(), firewall=replace(firewall, **{field: value}))  # type: ignore[arg-type]
    assert any(words_ in reason for reason in ASA.refusals(bad))
    assert ASA.refusals(intent()) == ()


def test_a_port_that_differs_inside_is_translated_back() -> None:
    firewall = intent().firewall
    assert firewall is not None
    item = replace(firewall.forwards[0], ports=type(firewall.forwards[0].ports)(8443, 8443), host_port=443)
    lines = [line.text for line in translations(replace(firewall, forwards=(item,), vpns=()))]
    assert lines[0].endswith("service PD-s-tcp-443 PD-s-tcp-8443")
    assert lines[1].endswith("service PD-d-tcp-8443 PD-d-tcp-443 unidirectional")


def test_who_logs_in_from_a_far_interface_is_refused() -> None:
    firewall = intent().firewall
    assert firewall is not None
    for source in ("10.80.40.23/32", "192.0.2.1/32"):
        bad = replace(intent(), firewall=replace(firewall, management_sources=(source,)))
        assert any("answers on no far address" in reason for reason in ASA.refusals(bad))


def test_a_hairpin_within_one_interface_comes_back_through_the_firewall() -> None:
    firewall = intent().firewall
    assert firewall is not None
    both = replace(intent(), firewall=replace(firewall, hairpin_interfaces=("lan50",)))
    text = render_device(both).documents[0].text
    assert AsaAppliance(spec(), ManualClock()).load(startup_config(spec()) + text)[1] == []
    found = read(text)
    (end,) = {rule.actions for rule in found.table(LEAVING).rules if "(lan50,lan50)" in rule.line.text}
    assert [action.field for action in end if isinstance(action, Translate)] == [Field.SOURCE]
    assert "drop" not in through(found, found.before_routing, packet("tcp 10.80.50.7:1 198.51.100.80:443"), "lan50")


def test_of_two_routes_the_nearer_one_counts_and_management_carries_nothing() -> None:
    more = ("route dmz 0.0.0.0 0.0.0.0 10.0.2.9 200\nroute dmz 10.9.0.0 255.255.0.0 10.0.2.9 5\n"
            "route inside 10.9.0.0 255.255.0.0 10.0.1.9 3\n")
    found = read(TEXT + more)
    assert unread(found) == unread(read(TEXT))
    assert [(route.prefix, route.interface) for route in found.routes] == [("0.0.0.0/0", "outside"),
                                                                          ("10.9.0.0/16", "inside")]
    aside = read(TEXT.replace(" nameif dmz\n", " nameif dmz\n management-only\n"))
    assert through(aside, aside.forward, packet("tcp 10.0.1.5:1000 10.0.2.5:22"), "inside", "dmz") == {"drop"}
    assert through(read(TEXT), aside.forward, packet("tcp 10.0.1.5:1000 10.0.2.5:22"), "inside", "dmz") == {"accept"}
