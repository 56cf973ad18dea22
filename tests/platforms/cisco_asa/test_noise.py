"""No text breaks the parser: words of the language in any order, the example cut anywhere."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.platforms.cisco_asa.compare import back
from punchdown.platforms.cisco_asa.masking import in_order, mask
from punchdown.proof.headers import WIDTHS
from punchdown.render import render_device
from punchdown.values.policy import Enter, Match
from tests.platforms.cisco_asa.conftest import ASA, intent

_LANGUAGE = """access-list extended standard permit deny remark ip tcp udp icmp icmp6 6 17 47 object object-group
service network host subnet range any any4 any6 interface inside outside web who eq neq lt gt www 5060 70000 log
warnings inactive time-range night nat (inside,outside) (any,any) source destination static dynamic pat-pool after-auto
1 2
unidirectional description 10.0.0.1 10.0.0.0 255.0.0.0 0 ::/0 fd00::1 2001:db8::/32 in out global access-group ssh
telnet http server enable route echo unreachable line fqdn v4 example.com tcp-udp port-object service-object"""
WORDS = _LANGUAGE.split()
FRAMES = ("access-list a {}\n", "object network web\n {}\n nat {}\n", "object-group service mixed\n {}\n {}\n",
          "object-group network who\n network-object {}\n {}\n", "nat (inside,outside) {}\n", "{}\n", "ssh {}\n",
          "interface GigabitEthernet0/0\n nameif inside\n ip address 10.0.0.1 255.0.0.0\n {}\n", "route {}\n",
          "access-list a extended permit {} {}\n", "icmp permit {} inside\n", "object service s\n service {}\n",
          "access-group a in interface {}\n", "policy-map global_policy\n class {}\n  {}\n")


@st.composite
def texts(draw: st.DrawFn) -> str:
    words = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
    return "".join(frame.format(*(draw(words) for _ in range(frame.count("{}"))))
                   for frame in draw(st.lists(st.sampled_from(FRAMES), max_size=6)))


def holds(text: str) -> None:
    policy = ASA.policy(intent(), {"running-config": text})
    assert policy is not None
    known = {table.name for table in policy.tables}
    rules = [rule for table in policy.tables for rule in table.rules]
    bound = {*policy.before_routing, *policy.forward, *policy.after_routing, *policy.local,
             *(name for item in policy.interfaces for name in (*item.inbound, *item.outbound)),
             *(rule.end.table for rule in rules if isinstance(rule.end, Enter))}
    assert bound <= known
    for match in (match for rule in rules for match in rule.matches if isinstance(match, Match)):
        assert all(0 <= first <= last < 1 << WIDTHS[match.field] for first, last in match.ranges), match


@settings(max_examples=150, deadline=None)
@given(texts())
def test_words_in_any_order(text: str) -> None:
    holds(text)
    back("", in_order(mask(text, lambda _: "<masked:x>")))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 12000), st.integers(0, 400))
def test_the_example_cut_anywhere(start: int, left_out: int) -> None:
    text = render_device(intent()).documents[0].text
    holds(text[:start] + text[start + left_out:])
