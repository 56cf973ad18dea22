"""Random access lists: what is written is what the parser reads, by two plain evaluations of the same packet.

The one looks at the list as it was drawn, the other at the tables that the text was read as.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.platforms.cisco_ios.policy_groups import read_groups
from punchdown.platforms.cisco_ios.policy_lists import access_lists, table
from punchdown.platforms.cisco_ios.policy_sections import sections
from punchdown.values.policy import Field
from tests.platforms.policies import outcomes

PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "ospf": 89}
NAMES = {("tcp", 80): "www", ("tcp", 514): "cmd", ("udp", 514): "syslog", ("udp", 69): "tftp"}


@dataclass(frozen=True)
class Side:
    """An address under a wildcard mask, and a port operator with its numbers."""

    address: int
    wildcard: int
    operator: str = ""
    numbers: tuple[int, ...] = ()

    def text(self, protocol: str) -> str:
        shown = f"{IPv4Address(self.address)} {IPv4Address(self.wildcard)}"
        if self.wildcard == 0xFFFFFFFF:
            shown = "any"
        elif self.wildcard == 0:
            shown = f"host {IPv4Address(self.address)}"
        return " ".join((shown, self.operator, *(NAMES.get((protocol, one), str(one)) for one in self.numbers))).strip()

    def holds(self, address: int, port: int) -> bool:
        for bit in range(32):
            if not (self.wildcard >> bit) & 1 and (self.address >> bit) & 1 != (address >> bit) & 1:
                return False
        if self.operator == "eq":
            return port in self.numbers
        if self.operator == "neq":
            return port not in self.numbers
        if self.operator == "lt":
            return port < self.numbers[0]
        if self.operator == "gt":
            return port > self.numbers[0]
        return self.operator != "range" or self.numbers[0] <= port <= self.numbers[1]


@dataclass(frozen=True)
class Entry:
    permit: bool
    protocol: str
    source: Side
    destination: Side
    established: bool
    fragments: bool

    def text(self) -> str:
        words = ["permit" if self.permit else "deny", self.protocol, self.source.text(self.protocol),
                 self.destination.text(self.protocol)]
        return " ".join(words + ["established"] * self.established + ["fragments"] * self.fragments)

    def meets(self, probe: dict[Field, int]) -> bool:
        if self.protocol != "ip" and PROTOCOLS[self.protocol] != probe[Field.PROTOCOL]:
            return False
        looks_inside = bool(self.source.operator or self.destination.operator or self.established)
        later = probe[Field.FRAGMENT] == 1
        if self.fragments and not later:
            return False
        if later and looks_inside:
            bare = Side(self.source.address, self.source.wildcard), Side(self.destination.address,
                                                                        self.destination.wildcard)
            return self.permit and bare[0].holds(probe[Field.SOURCE], 0) and bare[1].holds(probe[Field.DESTINATION], 0)
        if self.established and probe[Field.TCP_REPLY] == 0:
            return False
        return self.source.holds(probe[Field.SOURCE], probe[Field.SOURCE_PORT]) \
            and self.destination.holds(probe[Field.DESTINATION], probe[Field.DESTINATION_PORT])


ADDRESS = st.sampled_from([0x0A000000, 0x0A000001, 0x0A0000FF, 0x0A000100, 0x0A010203, 0xC0000201])
WILDCARD = st.sampled_from([0, 0, 0xFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFE, 0xFF00, 0x00FF00FF, 1])
PORT = st.sampled_from([0, 1, 69, 79, 80, 81, 514, 1023, 1024, 65535])


@st.composite
def sides(draw: st.DrawFn, ported: bool) -> Side:
    wildcard = draw(WILDCARD)
    address = draw(ADDRESS) & ~wildcard & 0xFFFFFFFF
    operator = draw(st.sampled_from(["", "", "eq", "neq", "lt", "gt", "range"])) if ported else ""
    count = {"": (0, 0), "range": (2, 2), "eq": (1, 3), "neq": (1, 2)}.get(operator, (1, 1))
    numbers = draw(st.lists(PORT, min_size=count[0], max_size=count[1], unique=True))
    return Side(address, wildcard, operator, tuple(sorted(numbers)))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    protocol = draw(st.sampled_from(["ip", "tcp", "tcp", "udp", "icmp", "ospf"]))
    ported = protocol in {"tcp", "udp"}
    source, destination = draw(sides(ported)), draw(sides(ported))
    established = protocol == "tcp" and draw(st.booleans())
    bare = not (source.operator or destination.operator or established)
    return Entry(draw(st.booleans()), protocol, source, destination, established, bare and draw(st.booleans()))


@st.composite
def packets(draw: st.DrawFn) -> dict[Field, int]:
    fragment = draw(st.integers(0, 1))
    protocol = draw(st.sampled_from([6, 6, 17, 1, 89]))
    ports = 0 if fragment else 1
    return dict.fromkeys(Field, 0) | {
        Field.ETHERTYPE: 0x0800, Field.PROTOCOL: protocol,
        Field.SOURCE: draw(ADDRESS) ^ draw(st.sampled_from([0, 1, 256])), Field.DESTINATION: draw(ADDRESS),
        Field.SOURCE_PORT: ports * draw(PORT),
        Field.DESTINATION_PORT: ports * draw(PORT), Field.TCP_REPLY: draw(st.integers(0, 1)), Field.FRAGMENT: fragment}


@settings(max_examples=300, deadline=None)
@given(st.lists(entries(), min_size=1, max_size=6), st.lists(packets(), min_size=5, max_size=20))
def test_a_random_list_means_what_was_written(drawn: list[Entry], probes: list[dict[Field, int]]) -> None:
    text = "ip access-list extended T\n" + "".join(f" {10 * place} {entry.text()}\n"
                                                   for place, entry in enumerate(drawn, 1))
    found = sections("running-config", text)
    read = table(access_lists(found)[0], read_groups(found))
    assert not any(rule.unread for rule in read.rules), text
    for probe in probes:
        first = next((entry for entry in drawn if entry.meets(probe)), None)
        wanted = "accept" if first and first.permit else "drop"
        assert outcomes((read,), read.name, probe) == {wanted}, (text, probe)
