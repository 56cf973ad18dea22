"""Addresses, services and virtual IPs by name, as ranges that a packet's fields lie in.

What a name stands for and can't be known from the text (host names, countries, what a script fills) raises
:class:`UnknownError`. Source: vendor's CLI reference, ``config firewall address``, ``service custom``, ``vip``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from punchdown.platforms.fortinet_fortios.tree import ANY4, Node

Ranges = tuple[tuple[int, int], ...]
ANY_PORT: Ranges = ((0, 65535),)
_PROTOCOLS = {"tcp": 6, "udp": 17, "sctp": 132}
_FACTORY = {"ALL": (), "ALL_TCP": ((6,),), "ALL_UDP": ((17,),), "ALL_ICMP": ((1,),), "ALL_ICMP6": ((58,),)}
"""Services of the factory that ``show`` of a template does not hold: protocols, none = any."""


_DEEPEST = 100
"""Groups within groups, at most."""


class UnknownError(Exception):
    """A name whose meaning the text does not tell."""


@dataclass(frozen=True, slots=True)
class ServiceMatch:
    """``protocol`` -1 = any; ``icmp`` -1 = any type."""

    protocol: int
    ports: Ranges = ANY_PORT
    senders: Ranges = ANY_PORT
    icmp: int = -1


@dataclass(frozen=True, slots=True)
class VirtualIp:
    """``number`` marks packets that it translated, from 1. ``protocol`` -1: whole addresses, without ports."""

    number: int
    name: str
    line: int
    interface: str
    outside: int
    inside: int
    protocol: int
    ports: tuple[int, int]
    real_ports: tuple[int, int]
    senders: Ranges


def network(words: Iterable[str], family: int) -> tuple[int, int]:
    """``10.0.0.0 255.0.0.0`` or a prefix as first and last. Raises UnknownError."""
    try:
        found = ip_network("/".join(words), strict=False)
    except ValueError:
        raise UnknownError(" ".join(words)) from None
    if found.version != family:
        raise UnknownError(str(found))
    return int(found.network_address), int(found.broadcast_address)


def span(text: str) -> tuple[int, int]:
    """``10.0.0.1`` or ``10.0.0.1-10.0.0.9``. Raises UnknownError."""
    first, _, last = text.partition("-")
    try:
        found = int(ip_address(first)), int(ip_address(last or first))
    except ValueError:
        raise UnknownError(text) from None
    if found[0] > found[1]:
        raise UnknownError(text)
    return found


def port_range(text: str) -> tuple[int, int]:
    """``80`` or ``80-90``. Raises UnknownError."""
    first, _, last = text.partition("-")
    if not first.isdigit() or not (last or first).isdigit():
        raise UnknownError(text)
    found = int(first), int(last or first)
    if not 0 <= found[0] <= found[1] <= 65535:
        raise UnknownError(text)
    return found


class Library:
    """The objects of one configuration."""

    def __init__(self, root: Node) -> None:
        self._addresses = {4: root.entries("firewall address"), 6: root.entries("firewall address6")}
        self._groups = {4: root.entries("firewall addrgrp"), 6: root.entries("firewall addrgrp6")}
        self._services = root.entries("firewall service custom")
        self._service_groups = root.entries("firewall service group")
        self._vip_groups = root.entries("firewall vipgrp")
        self.vip_nodes = root.entries("firewall vip")
        self.pools = root.entries("firewall ippool")
        self._told: dict[tuple[str, int], Ranges] = {}
        self._said: dict[str, tuple[ServiceMatch, ...]] = {}

    def address(self, name: str, family: int, seen: frozenset[str] = frozenset()) -> Ranges:
        """What an address or a group of them stands for. Raises UnknownError."""
        if (known := self._told.get((name, family))) is not None:
            return known
        if name in seen or len(seen) > _DEEPEST:
            raise UnknownError(name)
        if name == "all":
            return ((0, (1 << (32 if family == 4 else 128)) - 1),)
        if name in self._groups[family]:
            node = self._groups[family][name]
            if set(node.settings) & {"exclude", "exclude-member"}:
                raise UnknownError(name)
            found = dict.fromkeys(item for member in node.values("member")
                                  for item in self.address(member, family, seen | {name}))
            return self._told.setdefault((name, family), tuple(found))
        if name in self._addresses[family]:
            return (_address(self._addresses[family][name], family),)
        if name == "none":
            return ((0, 0),)
        raise UnknownError(name)

    def service(self, name: str, seen: frozenset[str] = frozenset()) -> tuple[ServiceMatch, ...]:
        """What a service or a group of them stands for. Raises UnknownError."""
        if (known := self._said.get(name)) is not None:
            return known
        if name in seen or len(seen) > _DEEPEST:
            raise UnknownError(name)
        if name in self._service_groups:
            found = dict.fromkeys(item for member in self._service_groups[name].values("member")
                                  for item in self.service(member, seen | {name}))
            return self._said.setdefault(name, tuple(found))
        if name in self._services:
            return tuple(_service(self._services[name]))
        if name in _FACTORY:
            return tuple(ServiceMatch(*item) for item in _FACTORY[name]) or (ServiceMatch(-1),)
        raise UnknownError(name)

    def is_vip(self, name: str) -> bool:
        return name in self.vip_nodes or name in self._vip_groups

    def vips(self, name: str) -> tuple[str, ...]:
        """A virtual IP, or the members of a group of them."""
        return self._vip_groups[name].values("member") if name in self._vip_groups else (name,)

    def virtual_ip(self, name: str) -> VirtualIp:
        """One of ``vip_nodes``. Raises UnknownError for what translates otherwise than one address to one."""
        node = self.vip_nodes[name]
        odd = set(node.settings) - _VIP_NAMES
        outside, inside = span(node.value("extip", ANY4[0])), span(node.value("mappedip", ""))
        if odd or node.value("type", "static-nat") != "static-nat" or outside[0] != outside[1] or not outside[0] or (
                inside[0] != inside[1]):
            raise UnknownError(" ".join(sorted(odd)) or name)
        ports = real = (0, 65535)
        protocol = -1
        if node.value("portforward") == "enable":
            protocol = _PROTOCOLS.get(node.value("protocol", "tcp"), -2)
            ports = port_range(node.value("extport", "0"))
            real = port_range(node.value("mappedport") or node.value("extport", "0"))
            if protocol == -2 or real[1] - real[0] != ports[1] - ports[0]:
                raise UnknownError(name)
        senders = tuple(span(text) if "/" not in text else network((text,), 4) for text in node.values("src-filter"))
        return VirtualIp([*self.vip_nodes].index(name) + 1, name, node.number, node.value("extintf", "any"),
                         outside[0], inside[0], protocol, ports, real, senders)

    def pool(self, names: tuple[str, ...]) -> int:
        """The one address of the one pool. Raises UnknownError."""
        node = self.pools.get(" ".join(names), Node())
        first, last = span(node.value("startip", "")), span(node.value("endip", ""))
        if first != last or node.value("type", "overload") != "overload":
            raise UnknownError(" ".join(names))
        return first[0]


_VIP_NAMES = frozenset({"uuid", "comment", "extip", "mappedip", "extintf", "portforward", "protocol", "extport",
                        "mappedport", "type", "arp-reply", "color", "src-filter", "id", "nat-source-vip"})


def _address(node: Node, family: int) -> tuple[int, int]:
    kind = node.value("type", "ipmask" if family == 4 else "ipprefix")
    if kind in {"ipmask", "subnet"} and family == 4:
        return network(node.values("subnet", ANY4), 4)
    if kind == "ipprefix" and family == 6:
        return network(node.values("ip6", ("::/0",)), 6)
    if kind == "iprange":
        return span(f"{node.value('start-ip')}-{node.value('end-ip')}")
    raise UnknownError(kind)


def _service(node: Node) -> Iterator[ServiceMatch]:
    if set(node.settings) & {"iprange", "fqdn", "app-service-type", "app-category", "application", "helper", "proxy",
                             "icmpcode", "udplite-portrange"}:
        raise UnknownError("service")
    kind = node.value("protocol", "TCP/UDP/SCTP")
    if kind.startswith("TCP"):
        for word, number in _PROTOCOLS.items():
            for text in (part for value in node.values(f"{word}-portrange") for part in value.split()):
                ports, _, senders = text.partition(":")
                yield ServiceMatch(number, (port_range(ports),), (port_range(senders),) if senders else ANY_PORT)
    elif kind in {"ICMP", "ICMP6"}:
        yield ServiceMatch(1 if kind == "ICMP" else 58, icmp=port_range(node.value("icmptype", "0"))[0]
                           if node.value("icmptype") else -1)
    elif kind == "IP":
        number = port_range(node.value("protocol-number", "0"))[0]
        yield ServiceMatch(number or -1)
    else:
        raise UnknownError(kind)
