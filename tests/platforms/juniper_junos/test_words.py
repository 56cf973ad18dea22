"""Small things: secrets, refusals, statements, and what the device becomes after a change."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.juniper_junos import JunosAppliance
from punchdown.lab.emulated.juniper_junos.secretwords import scrambled
from punchdown.platforms.juniper_junos.change import entries, refusal
from punchdown.platforms.juniper_junos.configuration import Side, running_side
from punchdown.platforms.juniper_junos.effects import applied
from punchdown.platforms.juniper_junos.masking import decode9, mask
from punchdown.platforms.juniper_junos.state import port_facts
from punchdown.render import render_device
from punchdown.values import RunningConfig, RunningDocument, Step, Verdict

from .conftest import JUNOS, fingerprint, in_order, intent, known


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\'), min_size=1, max_size=40),
       st.integers())
@settings(max_examples=50, deadline=None)
def test_what_the_device_scrambles_can_be_read(clear: str, seed: int) -> None:
    stored = scrambled(clear, random.Random(seed))
    assert stored.startswith("$9$")
    assert decode9(stored) == clear


@pytest.mark.parametrize(("line", "kept"), [
    ('set access radius-server 10.0.0.1 secret "$9$LbHX-wg4Z"', "secret <masked:"),
    ('set system login user a authentication encrypted-password "$6$abc$def"', "encrypted-password <masked:unknown>"),
    ('set system root-authentication ssh-rsa "ssh-rsa AAAA me@here"', "ssh-rsa <masked:"),
    ('set system ntp authentication-key 7 value "$9$LbHX-wg4Z"', "authentication-key 7 value <masked:"),
    ("set snmp community public authorization read-only", "community <masked:"),
    ('set snmp v3 usm local-engine user u authentication-sha authentication-key "$9$LbHX-wg4Z"',
     "authentication-key <masked:"),
    ("set snmp v3 usm local-engine user u privacy-aes128 privacy-password public", "privacy-password <masked:"),
    ('set system ntp authentication-key 1 type md5 value "$9$LbHX-wg4Z"', "type md5 value <masked:"),
    ("set security macsec x pre-shared-key cak public", "pre-shared-key cak <masked:"),
    ('set access radius-server 10.0.0.1 secret "public and public', "secret <masked:"),
    ('set snmp v3 snmp-community 1 community-name "a description public"', "community-name <masked:"),
    ('set system services outbound-ssh client c whatever "$9$LbHX-wg4Z"', "whatever <masked:"),
    ("set system archival configuration archive-sites ftp://me:public@10.0.0.1/x", "ftp://<masked:"),
])
def test_no_secret_passes(line: str, kept: str) -> None:
    masked = mask(line, fingerprint)
    assert kept in masked
    assert not any(word in masked for word in ("$9$", "$6$", "AAAA", "public"))


@pytest.mark.parametrize("line", ['set interfaces ge-0/0/1 description "the secret garden"',
                                  "set system ntp server 10.0.0.1 key 5",
                                  'set system login message "no password here"'])
def test_what_is_no_secret_stays(line: str) -> None:
    assert mask(line, fingerprint) == f"{line}\n"


@pytest.mark.parametrize("said", ["                ^\nsyntax error.\n", "unknown command.", "missing argument.",
                                  "error: configuration database modified", "error: Value 5000 is not within range",
                                  "[edit vlans]\n  x\nerror: configuration check-out failed"])
def test_a_refusal_is_found(said: str) -> None:
    assert refusal(said)


@pytest.mark.parametrize("said", ["warning: statement not found", "commit complete", "load complete", "[edit]",
                                  "warning: uncommitted changes will be discarded on exit"])
def test_information_is_no_refusal(said: str) -> None:
    assert refusal(said) == ""


HISTORY = """\
0   2026-11-21 20:00:00 UTC by punchdown via cli commit confirmed, rollback in 5mins
    a comment
{more}1   2026-11-21 19:00:00 UTC by root via cli
    rollback pending
"""


@pytest.mark.parametrize(("more", "waits"), [("    rollback pending\n", True), ("", False)])
def test_the_words_of_a_confirmed_commit_stay_for_good(more: str, waits: bool) -> None:
    newest, before = entries(HISTORY.format(more=more))
    assert ("rollback pending" in newest) == waits
    assert before.startswith("1   2026")


@pytest.mark.parametrize("table", [
    """\
Routing Instance Name : default-switch
Logical          Vlan          TAG     MAC         STP         Logical           Tagging
interface        members               limit       state       interface flags
ge-0/0/1.0                             65535                   DN                tagged
                 PD-staff-30   30      65535       Discarding                    untagged
                 PD-phones-20  20      65535       Forwarding  LH                tagged
""", """\
Logical         Vlan                   TAG   MAC    MAC+IP STP         Logical          Tagging
interface       members                      limit  limit  state       interface flags
Routing Instance Name : default-switch
ge-0/0/1.0                                   65536  0                  DN               untagged
                PD-staff-30            30    65536  0      Discarding                   untagged
                PD-phones-20           20    65536  0      Forwarding                   tagged
"""])
def test_both_forms_of_the_table_of_ports_are_read(table: str) -> None:
    assert port_facts(table, intent()) == {"port:ge-0/0/1:untagged": 30, "port:ge-0/0/1:tagged": [20]}


def shown(text: str) -> RunningConfig:
    return RunningConfig("sw-core", "juniper_junos", (RunningDocument("configuration", text),))


def ours() -> str:
    return mask(in_order(), fingerprint)


def differences(text: str) -> list[tuple[Verdict, str, str]]:
    change = JUNOS.compare(intent(), render_device(intent()), shown(text), known())
    return [(item.verdict, item.line, item.meaning) for item in change.differences]


def test_what_is_inactive_does_nothing() -> None:
    text = ours()
    assert differences(text) == []
    found = differences(text + "deactivate protocols dot1x\n")
    assert (Verdict.EXTRA, "deactivate protocols dot1x", "protocols dot1x is inactive: it does nothing") in found
    change = JUNOS.compare(intent(), render_device(intent()), shown(text + "deactivate protocols dot1x\n"), known())
    assert change.steps[0].text == "activate protocols dot1x"
    policy = JUNOS.policy(intent(), {"configuration": text + "deactivate protocols dot1x\n"})
    assert not any(port.guarded for port in policy.ports)


def test_a_range_that_takes_our_port_is_found() -> None:
    text = ours() + "set interfaces interface-range all member ge-0/0/5\n"
    assert [item[2] for item in differences(text)] == ["port ge-0/0/5 takes settings from the range all as well"]
    policy = JUNOS.policy(intent(), {"configuration": text})
    assert [line.text for line in policy.unread] == ["set interfaces interface-range all member ge-0/0/5"]


@pytest.mark.parametrize("line", ["set apply-groups theirs", "set vlans PD-staff-30 private-vlan isolated",
                                  "set vlans several vlan-id-list 300-400",
                                  "set interfaces ge-0/0/5 unit 0 family ethernet-switching port-mode trunk",
                                  "set interfaces ge-0/0/5 encapsulation extended-vlan-bridge",
                                  "set routing-instances x instance-type virtual-router", "annotate x",
                                  "set protocols dot1x authenticator static 02:00:00:00:00:01/48 interface ge-0/0/1.0"])
def test_what_could_matter_and_is_not_understood_is_kept(line: str) -> None:
    policy = JUNOS.policy(intent(), {"configuration": f"{ours()}{line}\n"})
    assert line in [item.text for item in policy.unread]


def test_an_opening_too_many_says_who_can_reach_what() -> None:
    text = ours().replace(
        "filter PD-from-mivb-1 term T10 from ip-destination-address 10.75.99.100/32",
        "filter PD-from-mivb-1 term T10 from ip-destination-address 10.75.30.7/32")
    meanings = {item[2] for item in differences(text) if item[0] is Verdict.EXTRA}
    assert meanings == {"10.75.30.7/32 can open TCP 443 on mivb-1 (10.75.10.10)"}


COMMANDS = ("set system host-name {n}", "set interfaces ge-0/0/1 description {n}", "delete interfaces ge-0/0/1",
            "set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members {v}",
            "delete interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members {v}",
            "set interfaces ge-0/0/1 unit 0 family ethernet-switching interface-mode trunk",
            "set vlans {v} vlan-id {k}", "delete vlans {v}", "set vlans {v} l3-interface irb.{k}",
            "set firewall family ethernet-switching filter f term {n} from ip-protocol tcp",
            "set firewall family ethernet-switching filter f term {n} then accept",
            "set firewall family ethernet-switching filter f term {n} then discard",
            "delete firewall family ethernet-switching filter f",
            "deactivate interfaces ge-0/0/1", "activate interfaces ge-0/0/1",
            "set protocols dot1x authenticator interface ge-0/0/1 supplicant multiple",
            "set switch-options voip interface ge-0/0/1.0 vlan {v}", "delete switch-options voip interface ge-0/0/1.0",
            "set class-of-service interfaces ge-0/0/1 unit 0 classifiers dscp {n}")
COMMAND = st.builds(lambda text, n, v, k: text.format(n=n, v=v, k=k), st.sampled_from(COMMANDS),
                    st.sampled_from(("one", "two", "three")), st.sampled_from(("a", "b")), st.integers(2, 5))


def said(side: Side) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """What stands below each scope, in order where that counts."""
    return {key: [item.words for item in items] if key[0] == "firewall" else sorted(item.words for item in items)
            for key, items in side.items.items()}


@given(st.lists(COMMAND, max_size=12))
@settings(max_examples=60, deadline=None)
def test_what_a_change_makes_of_it_is_what_the_device_says(commands: list[str]) -> None:
    box = JunosAppliance(ApplianceSpec("sw", platform="juniper_junos", ports=2), ManualClock())
    session, before = box.login(), box.running_config()
    session.feed("configure")
    taken = [command for command in commands if "not found" not in session.feed(command)]
    ours = applied(before, [Step(command) for command in taken])
    theirs = box.candidate.text
    one, other = running_side(ours), running_side(theirs)
    assert said(one) == said(other)
    assert one.inactive == other.inactive
