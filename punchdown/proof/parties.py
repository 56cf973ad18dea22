"""Who is who: the hosts, segments and the wan of a site as addresses, and what the flow matrix allows between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_network

from punchdown.intent.flows import Flow, FlowMatrix
from punchdown.proof.headers import Expr, Header, sent
from punchdown.proof.network import Network, in_prefixes
from punchdown.proof.sets import TCP, UDP, PacketSet, Space
from punchdown.values.policy import Field

PROTOCOLS = {"icmp": 1, "igmp": 2, "tcp": TCP, "udp": UDP, "gre": 47, "esp": 50, "ah": 51, "icmp6": 58, "ospf": 89,
             "vrrp": 112, "sctp": 132}
"""IANA protocol numbers by name."""
LINK_LOCAL = "fe80::/10"
EPHEMERAL = (1024, 65535)
"""Source ports that a client may take when it opens a connection."""
NEIGHBOUR_DISCOVERY = (133, 137)
"""ICMPv6 types by which the machines of a link find each other (RFC 4861): what ARP is to IPv4."""


@dataclass(frozen=True, slots=True)
class Party:
    """A host, a segment (its machines that are no host of the definition) or the wan."""

    kind: str
    name: str
    segment: str
    protected: bool = False
    public: str = ""

    def __str__(self) -> str:
        return self.name


WAN = Party("wan", "wan", "wan")


class Parties:
    """All of a site's, and their sets. ``denied``: prefixes of the wan that may use nothing; ``taken``: addresses of
    devices beyond those that their policies show."""

    def __init__(self, network: Network, matrix: FlowMatrix, denied: Iterable[str] = (),
                 taken: Iterable[str] = ()) -> None:
        self.network = network
        self.space: Space = network.space
        self.matrix = matrix
        self._denied = tuple(denied)
        self._taken = tuple(str(ip_network(text)) for text in taken)
        self._hosts = {host.name: host for host in matrix.hosts}
        self._segments = {segment.name: segment for segment in matrix.segments}
        self._remotes = {remote.name: remote for remote in matrix.remotes}
        self._allowed: dict[tuple[Expr, Expr], PacketSet] = {}
        self._owned: dict[tuple[str, str, Expr], PacketSet] = {}

    @property
    def denied(self) -> tuple[str, ...]:
        """Prefixes of the wan that may use nothing."""
        return self._denied

    def inherit(self, other: Parties) -> None:
        """Take over the sets of another state of the site whose devices have the same addresses."""
        if {name: device.own for name, device in self.network.devices.items()} == {
                name: device.own for name, device in other.network.devices.items()}:
            self._owned, self._allowed = other._owned, other._allowed

    @cached_property
    def all(self) -> tuple[Party, ...]:
        """Hosts, segments, the wan: those that sit somewhere."""
        hosts = [Party("host", host.name, host.segment, host.protected, host.public_address)
                 for host in self.matrix.hosts]
        segments = [Party("segment", segment.name, segment.name) for segment in self.matrix.segments]
        remotes = [Party("remote", name, item.via) for name, item in self._remotes.items() if item.via != "wan"]
        return tuple(party for party in (*hosts, *segments, *remotes, WAN) if self.seats(party))

    @cached_property
    def networks(self) -> tuple[Party, ...]:
        """The segments in which anybody sits, a host or any machine, the networks behind VPNs, and the wan."""
        peopled = {party.segment for party in self.all}
        return tuple(party for party in (*(Party("segment", name, name) for name in self._segments), *self.tunnelled,
                                         WAN) if party.segment in peopled)

    @cached_property
    def tunnelled(self) -> tuple[Party, ...]:
        """The networks behind VPNs."""
        return tuple(party for party in self.all if party.kind == "remote" and party.segment not in self._segments)

    @cached_property
    def seatless(self) -> tuple[str, ...]:
        """Hosts and segments that nobody can be asked about: no port carries them."""
        seated = {(party.kind, party.name) for party in self.all}
        inner = [name for name, item in self._remotes.items() if item.via != "wan"]
        return tuple(name for kind, names in (("host", self._hosts), ("segment", self._segments), ("remote", inner))
                     for name in names if (kind, name) not in seated)

    @cached_property
    def zones(self) -> dict[str, str]:
        """Every name that a claim may speak of, to its zone."""
        by_segment = {name: item.zone for name, item in self._segments.items()}
        return {**by_segment, **{name: by_segment[item.segment] for name, item in self._hosts.items()},
                **dict.fromkeys(self._remotes, "wan"), "wan": "wan"}

    def seats(self, party: Party) -> tuple[int, ...]:
        """The numbers of the seats where it sits."""
        return self.network.attachments(party.kind, party.name)

    def owned(self, kind: str, name: str, expr: Expr) -> PacketSet:
        """The packets (as sent) for which ``expr`` holds an address of a party; link-local ones are anybody's."""
        key = (kind, name, expr)
        if key not in self._owned:
            if kind == "unused":
                self._owned[key] = self.space.nothing
            elif kind == "wan":
                self._owned[key] = in_prefixes(self.space, expr, ("0.0.0.0/0", "::/0")) & ~in_prefixes(
                    self.space, expr, (*self._site, *self._denied, LINK_LOCAL, *_NOWHERE))
            elif kind == "remote":
                self._owned[key] = in_prefixes(self.space, expr, self._remotes[name].prefixes)
            elif kind == "host":
                self._owned[key] = in_prefixes(self.space, expr, (*self._addresses(name), LINK_LOCAL))
            elif kind == "device":
                self._owned[key] = in_prefixes(self.space, expr, self.network.devices[name].own)
            else:
                self._owned[key] = self._machines(name, expr)
        return self._owned[key]

    def _machines(self, segment: str, expr: Expr) -> PacketSet:
        """Addresses of a segment that nobody of the definition has: no host, no device, no broadcast."""
        prefixes = [text for text in (self._segments[segment].prefix, self._segments[segment].prefix6) if text]
        taken = [*self._taken, *(text for host in self.matrix.hosts for text in self._addresses(host.name))]
        taken += [text for device in self.network.devices.values() for text in device.own]
        for text in prefixes:
            network = ip_network(text)
            taken += [f"{network.network_address}/{network.max_prefixlen}"]
            taken += [f"{network.broadcast_address}/32"] if network.version == 4 else []
        return in_prefixes(self.space, expr, (*prefixes, LINK_LOCAL)) & ~in_prefixes(self.space, expr, taken)

    def foreign(self, kind: str, name: str, expr: Expr) -> PacketSet:
        """The packets (as sent) whose ``expr`` is surely somebody else's: for a machine of a segment what is outside of
        its prefixes or a host's, for the wan what is in the site's segments, behind a VPN or a private WAN, on an
        unused port all."""
        if kind == "wan":
            inside = (text for item in self.matrix.segments for text in (item.prefix, item.prefix6) if text)
            return in_prefixes(self.space, expr, (*inside, *self._beyond, *self._denied))
        if kind == "unused":
            return self.space.everything
        if kind in {"host", "remote"}:
            return ~self.owned(kind, name, expr)
        fact = self._segments[name]
        own = in_prefixes(self.space, expr, (*(text for text in (fact.prefix, fact.prefix6) if text), LINK_LOCAL))
        return ~own | in_prefixes(self.space, expr, (text for host in self.matrix.hosts
                                                     for text in self._addresses(host.name)))

    def _addresses(self, host: str) -> tuple[str, ...]:
        fact = self._hosts[host]
        return (f"{fact.address}/32", *((f"{fact.address6}/128",) if fact.address6 else ()))

    @cached_property
    def ipv6_outside(self) -> bool:
        """Whether any way to the wan speaks IPv6."""
        exits = [device.default_exit for device in self.network.devices.values() if device.default_exit is not None]
        return any(":" in text for item in exits for text in item.addresses)

    @cached_property
    def _site(self) -> tuple[str, ...]:
        """All that is the site's own: its segments, its devices' and its public addresses."""
        prefixes = [text for item in self.matrix.segments for text in (item.prefix, item.prefix6) if text]
        public = [f"{host.public_address}/32" for host in self.matrix.hosts if host.public_address]
        return (*prefixes, *public, *self._beyond,
                *(text for device in self.network.devices.values() for text in device.own))

    @property
    def _beyond(self) -> tuple[str, ...]:
        """The networks that private WANs and VPNs lead to."""
        return tuple(text for item in self._remotes.values() if item.via != "wan" for text in item.prefixes)

    def anywhere(self, texts: Iterable[str], expr: Expr) -> PacketSet:
        """The packets for which ``expr`` lies in the prefixes; of none: in the wan."""
        prefixes = tuple(texts)
        if not prefixes:
            return self.owned("wan", "wan", expr)
        return in_prefixes(self.space, expr, prefixes) & ~in_prefixes(self.space, expr, self._denied)

    def service(self, flow: Flow, port: Expr) -> PacketSet:
        """The packets of a flow's protocol for which ``port`` holds one of its ports."""
        found = self.protocol(flow.protocol)
        if flow.ports:
            found = found & self.space.union(self.space.between(port, item.first, item.last) for item in flow.ports)
        return found

    def protocol(self, name: str) -> PacketSet:
        """The packets of a protocol by name or number; ``ip`` and ``any`` are all."""
        if name in {"ip", "any"}:
            return self.space.everything
        if name == "icmp":
            return self.space.where(Field.PROTOCOL, (1, 1), (58, 58))
        number = PROTOCOLS[name] if name in PROTOCOLS else int(name)
        return self.space.where(Field.PROTOCOL, (number, number))

    def allowed(self, header: Header) -> PacketSet:
        """The packets (as sent) that some flow allows, by whom they come from and where they arrived as ``header``;
        and what the machines of an IPv6 link say to find each other."""
        destination, port = header[Field.DESTINATION], header[Field.DESTINATION_PORT]
        if (destination, port) not in self._allowed:
            found = [self.anywhere(flow.sources, sent(Field.SOURCE)) & self.anywhere(flow.destinations, destination)
                     & self.service(flow, port) for flow in self.matrix.flows]
            found.append(self.space.where(Field.PROTOCOL, (58, 58))
                         & self.space.where(Field.ICMP_TYPE, NEIGHBOUR_DISCOVERY))
            self._allowed[destination, port] = self.space.union(found)
        return self._allowed[destination, port]

    def members(self, name: str) -> tuple[Party, ...]:
        """The parties that a flow's end speaks of: a segment's hosts too; ``wan:LIST`` and what lies there is the
        wan."""
        remote = self._remotes.get(name)
        if name.partition(":")[0] == "wan" or (remote is not None and remote.via == "wan"):
            return tuple(party for party in self.all if party.kind == "wan")
        return tuple(party for party in self.all
                     if name == party.name or (name == party.segment and party.kind != "remote"))

    def unread_router(self, one: Party, other: Party) -> str:
        """The router between two parties whose configuration nothing reads, empty when there is none."""
        if one.segment == other.segment:
            return ""
        routers = [self._segments[party.segment].router for party in (one, other) if party.segment in self._segments]
        return next((name for name in routers if name and name not in self._read), "")

    @cached_property
    def _read(self) -> frozenset[str]:
        return frozenset(name for name, device in self.network.devices.items() if not device.transparent)


_NOWHERE = ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "ff00::/8", "::/128", "::1/128")
"""No source of a packet that anybody could answer."""
