"""Random chains: what is written is what the parser reads, by two plain evaluations of the same packet."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.platforms.linux_nftables import PLATFORM
from punchdown.platforms.linux_nftables.capabilities import RULES
from punchdown.values.policy import Field
from tests.platforms.policies import lisbon, through

FW, _ = lisbon("fw-1")
ADDRESSES = [0x0A000000, 0x0A000001, 0x0A0000FF, 0x0A000100, 0x0A010203, 0xC0000201]
PORTS = [0, 1, 22, 79, 80, 81, 443, 1023, 1024, 65535]
STATES = ["new", "established", "related", "invalid"]
PROTOCOLS = {"tcp": 6, "udp": 17}


@dataclass(frozen=True)
class Numbers:
    """Inclusive ranges that a value must lie in, or not."""

    ranges: tuple[tuple[int, int], ...]
    negated: bool

    def holds(self, value: int) -> bool:
        return any(first <= value <= last for first, last in self.ranges) != self.negated

    def text(self, show: type = int) -> str:
        words = [str(show(first)) if first == last else f"{show(first)}-{show(last)}" for first, last in self.ranges]
        inner = words[0] if len(words) == 1 else f"{{ {', '.join(words)} }}"
        return f"!= {inner}" if self.negated else inner


@dataclass(frozen=True)
class Line:
    """A rule; ``call`` is the verdict: accept, drop, return, or jump to the second chain."""

    source: Numbers | None
    destination: Numbers | None
    protocol: str
    source_ports: Numbers | None
    destination_ports: Numbers | None
    states: tuple[str, ...]
    call: str

    def text(self) -> str:
        words = []
        words += [f"ip saddr {self.source.text(IPv4Address)}"] if self.source else []
        words += [f"ip daddr {self.destination.text(IPv4Address)}"] if self.destination else []
        words += [f"{self.protocol} sport {self.source_ports.text()}"] if self.source_ports else []
        words += [f"{self.protocol} dport {self.destination_ports.text()}"] if self.destination_ports else []
        words += [f"ct state {','.join(self.states)}"] if self.states else []
        return " ".join((*words, "counter", self.call))

    def meets(self, probe: dict[Field, int]) -> bool:
        ported = self.source_ports or self.destination_ports
        return all((
            self.source is None or self.source.holds(probe[Field.SOURCE]),
            self.destination is None or self.destination.holds(probe[Field.DESTINATION]),
            not ported or probe[Field.PROTOCOL] == PROTOCOLS[self.protocol],
            self.source_ports is None or self.source_ports.holds(probe[Field.SOURCE_PORT]),
            self.destination_ports is None or self.destination_ports.holds(probe[Field.DESTINATION_PORT]),
            not self.states or STATES[probe[Field.STATE]] in self.states))


@st.composite
def numbers(draw: st.DrawFn, values: list[int]) -> Numbers:
    """Disjoint ranges: nft refuses overlapping ones."""
    places = sorted(draw(st.lists(st.sampled_from(values), min_size=2, max_size=6, unique=True)))
    pairs = list(zip(places[::2], places[1::2], strict=False))
    single = draw(st.booleans())
    return Numbers(tuple((first, first if single else last) for first, last in pairs), draw(st.booleans()))


@st.composite
def rules(draw: st.DrawFn, calls: list[str]) -> Line:
    maybe = st.booleans()
    return Line(draw(numbers(ADDRESSES)) if draw(maybe) else None, draw(numbers(ADDRESSES)) if draw(maybe) else None,
                draw(st.sampled_from(["tcp", "udp"])), draw(numbers(PORTS)) if draw(maybe) else None,
                draw(numbers(PORTS)) if draw(maybe) else None,
                tuple(draw(st.lists(st.sampled_from(STATES), max_size=2, unique=True))), draw(st.sampled_from(calls)))


@st.composite
def packets(draw: st.DrawFn) -> dict[Field, int]:
    return dict.fromkeys(Field, 0) | {
        Field.ETHERTYPE: 0x0800, Field.PROTOCOL: draw(st.sampled_from([6, 6, 17, 89])),
        Field.SOURCE: draw(st.sampled_from(ADDRESSES)) ^ draw(st.sampled_from([0, 1])),
        Field.DESTINATION: draw(st.sampled_from(ADDRESSES)), Field.SOURCE_PORT: draw(st.sampled_from(PORTS)),
        Field.DESTINATION_PORT: draw(st.sampled_from(PORTS)), Field.STATE: draw(st.integers(0, 3))}


def verdict(first: list[Line], second: list[Line], policy: str, probe: dict[Field, int]) -> str:
    """As nft does it: a jump comes back behind itself, a return in the base chain is its policy."""
    for line in first:
        if not line.meets(probe):
            continue
        if line.call == "jump second":
            inner = next((one.call for one in second if one.meets(probe)), "return")
            if inner != "return":
                return inner
        elif line.call == "return":
            return policy
        else:
            return line.call
    return policy


@settings(max_examples=300, deadline=None)
@given(st.lists(rules(["accept", "drop", "return", "jump second"]), min_size=1, max_size=6),
       st.lists(rules(["accept", "drop", "return"]), max_size=3), st.sampled_from(["accept", "drop"]),
       st.lists(packets(), min_size=5, max_size=15))
def test_a_random_chain_means_what_was_written(first: list[Line], second: list[Line], policy: str,
                                               probes: list[dict[Field, int]]) -> None:
    def body(lines: list[Line]) -> str:
        return "".join(f"\t\t{line.text()}\n" for line in lines)

    hook = f"type filter hook forward priority filter; policy {policy};"
    chains = f"\tchain second {{\n{body(second)}\t}}\n\tchain first {{\n\t\t{hook}\n{body(first)}\t}}\n"
    text = f"table inet t {{\n{chains}}}\n"
    read = PLATFORM.policy(FW, {RULES: text})
    assert not any(rule.unread for table in read.tables for rule in table.rules), text
    for probe in probes:
        assert through(read, read.forward, probe) == {verdict(first, second, policy, probe)}, (text, probe)
