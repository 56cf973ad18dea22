"""No text breaks a parser: words of each language in any order, cut and mixed, end in a policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.platforms import platform
from punchdown.platforms.linux_nftables.capabilities import FOREIGN, FORWARDING, RULES
from punchdown.platforms.openvswitch.documents import AUTHENTICATOR, DATABASE, FLOWS, METERS
from punchdown.proof.headers import WIDTHS
from punchdown.values.policy import Enter, Match
from tests.platforms.policies import lisbon

DEVICES = {name: lisbon(name) for name in ("sw-acc-1", "fw-1", "sw-core-1")}
WORDS = {path.stem: path.read_text(encoding="utf-8").split()
         for path in (Path(__file__).parent / "noise").glob("*.txt")}
FRAMES = {
    "cisco_ios": ("ip access-list extended X\n {} {}\n", "interface GigabitEthernet1/0/1\n switchport {}\n {}\n",
                  "ip access-list extended X\n permit tcp any {}\n deny {}\n", "object-group network X\n {}\n {}\n",
                  "object-group service X\n tcp {}\n {}\n", "ipv6 access-list X\n permit {}\n {}\n", "{}\n{}\n"),
    "linux_nftables": ("table inet t {{\n chain c {{\n type filter hook forward priority 0;\n {}\n {} accept\n}}\n}}\n",
                       "table ip t {{\n chain c {{\n type nat hook prerouting priority {}; policy {};\n}}\n}}\n",
                       "table inet t {{\n set s {{ {} }}\n map m {{ elements = {{ {} }}\n }}\n", "{}\n{}\n"),
    "openvswitch": ("table=0,priority=5,{}actions={}\n", "port p1 {}\n{}\n", "{{\"ports\": [{} {}]}}", "{}\n{}\n"),
}


@st.composite
def texts(draw: st.DrawFn, language: str) -> str:
    """Pieces of a configuration with words where others should be."""
    words = st.lists(st.sampled_from(WORDS[language]), max_size=7).map((" " if language != "openvswitch" else ",").join)
    frames = draw(st.lists(st.sampled_from(FRAMES[language]), max_size=5))
    return "".join(frame.format(draw(words), draw(words)) for frame in frames)


@pytest.mark.parametrize(("device", "names"), [
    ("sw-acc-1", ("running-config",)), ("fw-1", (RULES, FOREIGN, FORWARDING)),
    ("sw-core-1", (FLOWS, DATABASE, METERS, AUTHENTICATOR))])
def test_words_in_any_order(device: str, names: tuple[str, ...]) -> None:
    intent, _ = DEVICES[device]
    room = platform(intent.platform)

    @settings(max_examples=400, deadline=None)
    @given(st.lists(texts(intent.platform), min_size=len(names), max_size=len(names)))
    def check(drawn: list[str]) -> None:
        policy = room.policy(intent, dict(zip(names, drawn, strict=True)))
        assert policy is not None
        known = {table.name for table in policy.tables}
        used = {rule.end.table for table in policy.tables for rule in table.rules if isinstance(rule.end, Enter)}
        bound = {*policy.before_routing, *policy.forward, *policy.after_routing, *policy.local,
                 *(name for item in (*policy.ports, *policy.interfaces) for name in (*item.inbound, *item.outbound))}
        assert used | bound <= known
        for match in (match for table in policy.tables for rule in table.rules for match in rule.matches):
            if isinstance(match, Match):
                top = 1 << WIDTHS[match.field]
                assert all(0 <= first <= last < top for first, last in match.ranges), match
                assert all(0 <= value < top and 0 <= mask < top for value, mask in match.masked), match

    check()


@pytest.mark.parametrize("device", DEVICES)
def test_the_example_cut_anywhere(device: str) -> None:
    """Half a document is read as far as it goes; no line is lost in silence that starts or ends inside of a word."""
    intent, rendered = DEVICES[device]
    room = platform(intent.platform)
    text = max(rendered, key=lambda name: len(rendered[name]) if name in {RULES, FLOWS, "running-config"} else 0)

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, len(rendered[text])), st.integers(0, 400))
    def check(start: int, left_out: int) -> None:
        cut = rendered[text][:start] + rendered[text][start + left_out:]
        assert room.policy(intent, {**rendered, text: cut}) is not None

    check()
