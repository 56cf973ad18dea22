"""What a device lets through, as its own configuration says it: ordered match-action tables in no vendor's words.

Every filter of the field is an ordered table: an access list, an nftables chain, an OpenFlow table (sorted by
priority), a firewall's policies. A :class:`DevicePolicy` is those tables, the places where they are bound, and what
carries frames between them. Nothing in it is computed: it says what the text says, line by line, and what it could
not read stays in it as ``unread``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """A part of a packet, or of what the device knows about it. The width in bits stands behind each.

    ``TCP_REPLY``: TCP with ACK or RST set (``established`` of stateless lists). ``STATE``: 0 new, 1 established,
    2 related, 3 invalid, as connection tracking says; an established packet is a reply of its connection. ``DNAT``: 1
    when the destination was translated here.
    ``TRACKED``: 1 after connection tracking has looked at the packet (Open vSwitch). ``FRAGMENT``: 1 for every
    fragment but the first, which has no ports. ``VLAN`` is 0 for untagged frames. ``ETHERTYPE`` of ARP is 0x0806; a
    packet with ``FAMILY`` 0 is IPv4, 1 IPv6. ``REGISTER0``..``REGISTER3`` and ``MARK`` hold what rules write there.
    ``EGRESS`` n > 0: the frame leaves by the n-th of the device's ``outputs``, whatever VLAN it is in.

    Parsers say IPv4 and IPv6 by ``FAMILY`` alone; an ``ETHERTYPE`` condition speaks of what is not IP and is false for
    every IP packet, as a ``FAMILY`` condition is for what is not IP. A rule with addresses has a ``FAMILY`` condition,
    one with ports or an ICMP type a ``PROTOCOL`` condition (58 for ICMPv6).
    """

    FAMILY = "family"  # 1
    PROTOCOL = "protocol"  # 8
    SOURCE = "source"  # 32 or 128
    DESTINATION = "destination"  # 32 or 128
    SOURCE_PORT = "source-port"  # 16
    DESTINATION_PORT = "destination-port"  # 16
    ICMP_TYPE = "icmp-type"  # 8
    ICMP_CODE = "icmp-code"  # 8
    DSCP = "dscp"  # 6
    TCP_REPLY = "tcp-reply"  # 1
    FRAGMENT = "fragment"  # 1
    STATE = "state"  # 2
    TRACKED = "tracked"  # 1
    DNAT = "dnat"  # 1
    VLAN = "vlan"  # 12
    ETHERTYPE = "ethertype"  # 16
    SOURCE_MAC = "source-mac"  # 48
    DESTINATION_MAC = "destination-mac"  # 48
    MARK = "mark"  # 32
    REGISTER0 = "register0"  # 32
    REGISTER1 = "register1"  # 32
    REGISTER2 = "register2"  # 32
    REGISTER3 = "register3"  # 32
    EGRESS = "egress"  # 8


class Place(StrEnum):
    """Where a packet came in or goes out: matched by name, never by number."""

    IN = "in"
    OUT = "out"


OUT_AGAIN = "(the port of entry)"


@dataclass(frozen=True, slots=True)
class LineRef:
    """A line of a device's document; ``number`` counts from 1 in the text that was read. 0: no line says it, the device
    does it by itself, and ``text`` says what."""

    document: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """One condition. The packet's ``field`` lies in one of ``ranges`` (inclusive) or equals a ``masked`` value
    (value, mask: only the bits set in the mask count; wildcard masks are inverted by the parser). ``negated`` turns
    it round. An empty condition (no range, no masked value) matches nothing, negated everything."""

    field: Field
    ranges: tuple[tuple[int, int], ...] = ()
    masked: tuple[tuple[int, int], ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class At:
    """A condition on the port or interface by which the packet came in or goes out."""

    place: Place
    names: tuple[str, ...]
    negated: bool = False


class Verdict(StrEnum):
    """How a rule ends. ``NEXT``: go on with the next rule. ``RETURN``: back to the table that jumped here, its next
    rule. ``REJECT``: drop and tell the sender."""

    ACCEPT = "accept"
    DROP = "drop"
    REJECT = "reject"
    NEXT = "next"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Assign:
    """Write ``value`` into the bits of ``field`` that are set in ``mask``."""

    field: Field
    value: int
    mask: int


@dataclass(frozen=True, slots=True)
class Translate:
    """Network address translation of this packet and, turned round, of the replies of its connection.

    ``field`` is SOURCE or DESTINATION; a translated destination sets DNAT by itself. ``address`` is the new one as an
    integer, None for the address of the interface by which the packet leaves (masquerade). ``ports`` is the new port
    range, None = as it was; a range of one is one port, a longer one of the same length as the matched range maps 1:1
    only where ``shifts``.
    """

    field: Field
    address: int | None
    ports: tuple[int, int] | None = None
    shifts: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """Ask connection tracking: sets TRACKED and STATE. ``commit`` remembers the connection instead."""

    commit: bool = False


@dataclass(frozen=True, slots=True)
class Enter:
    """Go to another table; ``returns``: its end comes back to the next rule here, else the end of that table ends
    all. ``table`` must exist in the same DevicePolicy."""

    table: str
    returns: bool


Action = Assign | Translate | Track


@dataclass(frozen=True, slots=True)
class Rule:
    """A packet that meets all ``matches`` undergoes ``actions`` in order, then ``end``. Several rules may come from one
    line: its alternatives.

    ``unread`` holds the words of the line that were not understood, empty when all were. Such a rule may match fewer
    packets than ``matches`` say; when ``end_known`` is false, what it does is not known either.
    """

    matches: tuple[Match | At, ...]
    end: Verdict | Enter
    line: LineRef
    actions: tuple[Action, ...] = ()
    unread: str = ""
    end_known: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Rules in the order in which the device tries them. ``default`` is the end of a packet that no rule ended:
    the implicit deny of an access list, a chain's policy, RETURN for a chain that is jumped to."""

    name: str
    rules: tuple[Rule, ...]
    default: Verdict
    defined: LineRef | None = None

    @property
    def says(self) -> tuple[object, ...]:
        """What it does, wherever its lines stand: equal for tables that treat every packet alike, line by line."""
        return (self.default, tuple((rule.matches, rule.end, rule.actions, rule.unread, rule.end_known)
                                    for rule in self.rules))


@dataclass(frozen=True, slots=True)
class PortPolicy:
    """A switch port. ``untagged`` is the VLAN of untagged frames, 0 = they are dropped; ``tagged`` VLANs carried with
    their tag. ``inbound``/``outbound`` are tables tried in order, each must accept. ``closed``: carries nothing.
    ``guarded``: carries nothing but EAPOL until 802.1X or MAC authentication has succeeded; until then untagged frames
    are in VLAN ``guest``, 0 = they are dropped."""

    name: str
    untagged: int
    tagged: tuple[int, ...] = ()
    inbound: tuple[str, ...] = ()
    outbound: tuple[str, ...] = ()
    closed: bool = False
    guarded: bool = False
    line: LineRef | None = None
    guest: int = 0


@dataclass(frozen=True, slots=True)
class RoutedInterface:
    """A layer-3 interface: of a VLAN (``vlan`` > 0, an SVI) or of a wire (``port`` names it). ``addresses`` in CIDR
    form of both families. ``inbound`` is tried before routing, ``outbound`` after it."""

    name: str
    addresses: tuple[str, ...]
    vlan: int = 0
    port: str = ""
    inbound: tuple[str, ...] = ()
    outbound: tuple[str, ...] = ()
    closed: bool = False
    line: LineRef | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A static route: ``prefix`` in CIDR form by way of ``interface`` (empty: found by ``next_hop``)."""

    prefix: str
    interface: str
    next_hop: str = ""
    line: LineRef | None = None


@dataclass(frozen=True, slots=True)
class DevicePolicy:
    """One device. A packet that is routed passes, each a tuple of tables that must all accept: the interface's
    ``inbound``, ``before_routing``, the routing decision, ``forward``, the outgoing interface's ``outbound``,
    ``after_routing``; one for the device itself passes ``local`` instead of the last three. A packet that is bridged
    passes the ports' tables only. ``tracks``: connection tracking goes with every routed packet. ``unused`` are
    tables defined and bound nowhere; ``undefined`` (name, line) those bound and not defined (what an undefined
    list does is the platform's own: the parser binds a table that says so). ``unread`` are lines outside of tables
    that could matter and were not understood. ``outputs`` are the groups of ports to which rules send frames by
    themselves (see ``Field.EGRESS``); ``OUT_AGAIN`` stands for the port of entry."""

    device: str
    platform: str
    tables: tuple[Table, ...]
    ports: tuple[PortPolicy, ...] = ()
    interfaces: tuple[RoutedInterface, ...] = ()
    routes: tuple[Route, ...] = ()
    before_routing: tuple[str, ...] = ()
    forward: tuple[str, ...] = ()
    after_routing: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    routes_packets: bool = False
    tracks: bool = False
    unused: tuple[str, ...] = ()
    undefined: tuple[tuple[str, LineRef], ...] = ()
    unread: tuple[LineRef, ...] = ()
    outputs: tuple[tuple[str, ...], ...] = ()

    def table(self, name: str) -> Table:
        """The named table. Raises KeyError."""
        for item in self.tables:
            if item.name == name:
                return item
        raise KeyError(name)
