"""What single lines mean to the proof, and the order of what is asked in turn."""

from __future__ import annotations

import pytest

from punchdown.platforms.contract import Answer
from punchdown.platforms.juniper_junos.masking import mask
from punchdown.platforms.juniper_junos.policy_filters import filters
from punchdown.platforms.juniper_junos.policy_text import Text
from punchdown.render import render_device
from punchdown.values import RunningConfig, RunningDocument, Verdict
from punchdown.values.policy import Field, Match
from punchdown.values.policy import Verdict as End

from .conftest import JUNOS, fingerprint, in_order, intent, known

AT = "set firewall family ethernet-switching filter f term t "
TCP, IPV4 = Match(Field.PROTOCOL, ((6, 6),)), Match(Field.FAMILY, ((0, 0),))


def rule(*clauses: str):
    (table,) = filters(Text("configuration", "".join(f"{AT}{clause}\n" for clause in clauses))).values()
    assert table.default is End.DROP
    (found,) = table.rules
    return found


@pytest.mark.parametrize(("clauses", "matches", "end"), [
    (("from ether-type ipv4", "then discard"), {IPV4}, End.DROP),
    (("from ip-source-address 10.0.0.0/24", "from ip-protocol tcp", "from tcp-established", "then accept"),
     {IPV4, TCP, Match(Field.SOURCE, ((0x0A000000, 0x0A0000FF),)), Match(Field.TCP_REPLY, ((1, 1),))}, End.ACCEPT),
    (("from ip-version ipv6 ip6-destination-address 2001:db8::1/128", "from ip-protocol icmp6", "from icmp-type 135"),
     {Match(Field.FAMILY, ((1, 1),)), Match(Field.PROTOCOL, ((58, 58),)), Match(Field.ICMP_TYPE, ((135, 135),)),
      Match(Field.DESTINATION, ((0x20010DB8 << 96 | 1,) * 2,))}, End.ACCEPT),
    (("from ether-type ipv4", "from ip-protocol udp", "from destination-port ntp", "from destination-port 50000-50511",
      "from dscp ef", "then count c"),
     {IPV4, Match(Field.PROTOCOL, ((17, 17),)), Match(Field.DESTINATION_PORT, ((123, 123), (50000, 50511))),
      Match(Field.DSCP, ((46, 46),))}, End.ACCEPT),
    (("from ether-type arp", "from ether-type 0x888e", "then accept"),
     {Match(Field.ETHERTYPE, ((0x0806, 0x0806), (0x888E, 0x888E)))}, End.ACCEPT),
])
def test_a_term_means_its_conditions(clauses, matches, end) -> None:
    found = rule(*clauses)
    assert (set(found.matches), found.end, found.unread) == (matches, end, "")


@pytest.mark.parametrize("clause", ["from ip-source-address 10.0.0.0/24 except", "from destination-port nobody",
                                    "from source-mac-address 02:00:00:00:00:01", "then policer p", "from vlan 5",
                                    "from tcp-established"])
def test_what_is_not_understood_is_said(clause: str) -> None:
    assert rule("from ether-type ipv4", clause, "then accept").unread


def test_ports_are_guarded_until_somebody_is_known() -> None:
    policy = JUNOS.policy(intent(), {"configuration": in_order()})
    declared = {port.name for port in intent().ports if port.dot1x}
    assert {port.name for port in policy.ports if port.guarded} == declared
    assert {port.name for port in policy.ports if port.closed} == {
        port.name for port in intent().ports if port.role == "unused"}
    assert policy.unread == ()
    assert policy.undefined == ()


@pytest.mark.parametrize(("first", "second"), [
    ("authentication-server 10.75.99.5", "authentication-server 10.75.99.7"),
    ("interface ge-0/0/1 authentication-order dot1x", "interface ge-0/0/1 authentication-order mac-radius")])
def test_another_order_of_what_is_asked_in_turn_is_a_difference(first: str, second: str) -> None:
    text = mask(in_order(), fingerprint)
    swapped = text.replace(f"{first}\n", "@\n").replace(f"{second}\n", f"{first}\n").replace("@\n", f"{second}\n")
    assert swapped != text
    running = RunningConfig("sw-core", "juniper_junos", (RunningDocument("configuration", swapped),))
    change = JUNOS.compare(intent(), render_device(intent()), running, known())
    assert [item.verdict for item in change.differences] == [Verdict.REORDERED]
    assert change.steps[0].text.startswith("delete ")


class History:
    """A reader of one commit history."""

    device = "sw-core"

    def __init__(self, more: str) -> None:
        self._more = more

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        return Answer("0   2026-11-21 20:00:00 UTC by a via cli commit confirmed, rollback in 5mins\n"
                      f"{self._more}1   2026-11-21 19:00:00 UTC by b via cli\n")


@pytest.mark.parametrize(("more", "waits"), [("    rollback pending\n", True), ("    a comment\n", False), ("", False)])
def test_a_change_waits_while_the_history_says_so(more: str, waits: bool) -> None:
    assert JUNOS.safe_change().pending(History(more)) == waits
