"""Random flow tables: what is written is what the parser reads, by two plain evaluations of the same packet.

Flows of one priority that contradict each other may end either way, and only where both match.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address

from hypothesis import given, settings
from hypothesis import strategies as st

from punchdown.platforms.openvswitch import PLATFORM
from punchdown.platforms.openvswitch.documents import DATABASE, FLOWS
from punchdown.platforms.openvswitch.policy import ENTRY
from punchdown.values.policy import Field
from tests.platforms.policies import lisbon, through

SWITCH, _ = lisbon("sw-core-1")
PORTS = "".join(f"interface p{number} ofport_request={number}\n" for number in (1, 2, 3))
ADDRESSES = [0x0A000000, 0x0A000001, 0x0A0000FF, 0x0A000100, 0x0A010203]
MASKS = [0xFFFFFFFF, 0xFFFFFF00, 0xFFFF0000, 0xFF0000FF, 0x00000001]
NUMBERS = [0, 1, 80, 81, 0x4000, 0x7FFF, 0x8000, 65535]
PORT_MASKS = [0xFFFF, 0xC000, 0xFFFE, 1]
PROTOCOLS = {"tcp": 6, "udp": 17}


@dataclass(frozen=True)
class Flow:
    """``source`` and ``port`` are value and mask; an empty protocol is ``ip``; ``action`` as written."""

    table: int
    priority: int
    entry: int
    protocol: str
    source: tuple[int, int] | None
    port: tuple[int, int] | None
    vlan: int | None
    action: str

    def text(self) -> str:
        words = [f"table={self.table}", f"priority={self.priority}", self.protocol or "ip"]
        words += [f"in_port={self.entry}"] if self.entry else []
        words += [f"nw_src={IPv4Address(self.source[0])}/{IPv4Address(self.source[1])}"] if self.source else []
        words += [f"tp_dst={self.port[0]:#x}/{self.port[1]:#x}"] if self.port and self.protocol else []
        words += [f"dl_vlan={self.vlan}"] if self.vlan else []
        return f"{','.join(words)} actions={self.action}"

    def meets(self, probe: dict[Field, int], entry: int) -> bool:
        return all((
            not self.protocol or PROTOCOLS[self.protocol] == probe[Field.PROTOCOL],
            not self.entry or self.entry == entry,
            not self.source or probe[Field.SOURCE] & self.source[1] == self.source[0] & self.source[1],
            not (self.port and self.protocol)
            or probe[Field.DESTINATION_PORT] & self.port[1] == self.port[0] & self.port[1],
            not self.vlan or probe[Field.VLAN] == self.vlan))

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two flows one to the switch."""
        source = (self.source[0] & self.source[1], self.source[1]) if self.source else None
        port = (self.port[0] & self.port[1], self.port[1]) if self.port and self.protocol else None
        return self.table, self.priority, self.entry, self.protocol, source, port, self.vlan


def ends(flows: list[Flow], table: int, probe: dict[Field, int], entry: int) -> set[str]:
    """All that a switch may do: the flows of the highest priority that match, each of them."""
    met = [flow for flow in flows if flow.table == table and flow.meets(probe, entry)]
    found = set()
    for flow in met:
        if flow.priority == max(one.priority for one in met):
            found |= ends(flows, 1, probe, entry) if flow.action == "resubmit(,1)" else {
                "accept" if flow.action == "NORMAL" else "drop"}
    return found or {"drop"}


@st.composite
def flows(draw: st.DrawFn, priorities: st.SearchStrategy[int]) -> Flow:
    table = draw(st.integers(0, 1))
    maybe = st.booleans()
    return Flow(table, draw(priorities), draw(st.sampled_from([0, 0, 1, 2])), draw(st.sampled_from(["", "tcp", "udp"])),
                (draw(st.sampled_from(ADDRESSES)), draw(st.sampled_from(MASKS))) if draw(maybe) else None,
                (draw(st.sampled_from(NUMBERS)), draw(st.sampled_from(PORT_MASKS))) if draw(maybe) else None,
                draw(st.sampled_from([None, None, 10, 20])),
                draw(st.sampled_from(["NORMAL", "drop"] if table else ["NORMAL", "drop", "resubmit(,1)"])))


@st.composite
def packets(draw: st.DrawFn) -> tuple[dict[Field, int], int]:
    return dict.fromkeys(Field, 0) | {
        Field.ETHERTYPE: 0x0800, Field.PROTOCOL: draw(st.sampled_from([6, 17, 89])),
        Field.SOURCE: draw(st.sampled_from(ADDRESSES)) ^ draw(st.sampled_from([0, 1, 256])),
        Field.DESTINATION_PORT: draw(st.sampled_from(NUMBERS)), Field.VLAN: draw(st.sampled_from([0, 10, 20]))}, \
        draw(st.integers(1, 3))


@settings(max_examples=300, deadline=None)
@given(st.lists(flows(st.integers(0, 12)), min_size=1, max_size=12), st.lists(packets(), min_size=5, max_size=15))
def test_a_random_flow_table_means_what_was_written(drawn: list[Flow],
                                                    probes: list[tuple[dict[Field, int], int]]) -> None:
    kept = list({flow.key: flow for flow in drawn}.values())
    text = "\n".join(flow.text() for flow in drawn)
    read = PLATFORM.policy(SWITCH, {FLOWS: text, DATABASE: PORTS})
    assert read.unread == (), text
    for probe, entry in probes:
        wanted = ends(kept, 0, probe, entry)
        assert through(read, (ENTRY,), probe, f"p{entry}") == wanted, (text, probe, entry)
