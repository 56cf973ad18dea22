"""Addresses and services by the names that a configuration gives them.

Source: ASA command reference, ``object``, ``object-group``, ``name``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_interface, ip_network

from punchdown.platforms.cisco_asa.entries import PROTOCOLS, port_number
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.values.policy import LineRef

Span = tuple[int, int]
Spans = tuple[Span, ...]
Addresses = Mapping[int, Spans | None]
"""Family (4, 6) to ranges of it, None = all of it; a family that is absent holds nothing."""

ANYWHERE: Addresses = {4: None, 6: None}
TRANSPORTS = {"tcp": (6,), "udp": (17,), "sctp": (132,), "tcp-udp": (6, 17)}


class UnreadError(ValueError):
    """What is not understood, in the words of the configuration."""


@dataclass(frozen=True, slots=True)
class Service:
    """A protocol by number (None = any IP) with ports; no ports = any. ``icmp`` is a type."""

    protocol: int | None
    source: Spans = ()
    destination: Spans = ()


@dataclass
class Leg:
    """An interface with a name. ``level`` is its security level; nothing passes through one that is ``aside`` (only for
    management)."""

    name: str
    level: int
    addresses: tuple[str, ...]
    closed: bool
    line: LineRef
    unread: tuple[LineRef, ...] = ()
    aside: bool = False


@dataclass
class Objects:
    """Everything that lists and translations may name. ``tunnels`` are the VPNs of an interface; ``asked`` are the
    groups that are being read, so that one within itself is told and not followed."""

    legs: Mapping[str, Leg]
    networks: Mapping[str, Node] = field(default_factory=dict)
    services: Mapping[str, Node] = field(default_factory=dict)
    network_groups: Mapping[str, Node] = field(default_factory=dict)
    service_groups: Mapping[str, Node] = field(default_factory=dict)
    tunnels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def ways(self, *legs: str) -> tuple[str, ...]:
        """Interfaces with the VPNs on them."""
        return tuple(name for leg in legs for name in (leg, *self.tunnels.get(leg, ())))

    def addresses(self, words: str) -> Addresses:
        """What an address item or a member of a group stands for. Raises UnreadError."""
        kind, _, rest = words.partition(" ")
        if kind in {"any", "any4", "any6"}:
            return {"any": ANYWHERE, "any4": {4: None}, "any6": {6: None}}[kind]
        try:
            if kind in {"host", "subnet", "range"} or kind[:1].isdigit() or ":" in kind:
                return _literal(kind, rest)
        except (ValueError, IndexError):
            raise UnreadError(words) from None
        if kind == "interface" and rest in self.legs:
            return _merged(_literal("host", str(ip_interface(text).ip)) for text in self.legs[rest].addresses)
        if kind == "object" and rest in self.networks:
            return self._object(rest)
        if kind in {"object-group", "group-object"} and rest in self.network_groups:
            with self._within(rest):
                return _merged(self.addresses(member.text.removeprefix("network-object "))
                               for member in self.network_groups[rest].below
                               if not member.text.startswith("description"))
        raise UnreadError(words)

    @contextmanager
    def _within(self, group: str) -> Iterator[None]:
        if group in self.asked:
            raise UnreadError(f"{group} holds itself")
        self.asked.append(group)
        try:
            yield
        finally:
            self.asked.remove(group)

    def _object(self, name: str) -> Addresses:
        held = [node.text for node in self.networks[name].below if not node.text.startswith(("description", "nat "))]
        if len(held) != 1:
            raise UnreadError(f"object {name}")
        return self.addresses(held[0])

    def named(self, name: str) -> Addresses:
        """An object, a group, an address or ``any`` as a translation names it. Raises UnreadError."""
        if name in {"any", "any4", "any6"}:
            return self.addresses(name)
        if name not in self.networks and (name.replace(".", "").isdigit() or ":" in name):
            return self.addresses(f"host {name}")
        return self.addresses(f"object {name}" if name in self.networks else f"object-group {name}")

    def service(self, name: str) -> tuple[Service, ...]:
        """A service object or group. Raises UnreadError."""
        if name in self.services:
            return tuple(service for node in self.services[name].below if node.text.startswith("service ")
                         for service in _service(node.text.removeprefix("service ").split()))
        group = self.service_groups.get(name)
        if group is None:
            raise UnreadError(name)
        found: list[Service] = []
        _, _, *kind = group.text.split()[1:]
        for member in group.below:
            word, _, rest = member.text.partition(" ")
            if word == "group-object":
                with self._within(name):
                    found += self.service(rest)
            elif word == "port-object" and kind:
                spans = port_spans(rest.split(), kind[0])
                found += [Service(number, (), spans) for number in protocol_numbers(kind[0])]
            elif word == "service-object":
                found += self.service(rest.split()[1]) if rest.startswith("object ") else _service(rest.split())
            elif word != "description":
                raise UnreadError(member.text)
        return tuple(found)

    def ports(self, name: str) -> Spans:
        """The ports of a group of one transport. Raises UnreadError."""
        return tuple(span for service in self.service(name) for span in service.destination)


def _literal(kind: str, rest: str) -> Addresses:
    if kind == "range":
        first, last = (ip_address(word) for word in rest.split())
        return {first.version: ((int(first), int(last)),)}
    text = rest if kind in {"host", "subnet"} else f"{kind} {rest}".strip()
    network = ip_network(text.replace(" ", "/"), strict=False)
    if network.prefixlen == 0:
        return {network.version: None}
    return {network.version: ((int(network.network_address), int(network.broadcast_address)),)}


def _merged(parts: Iterable[Addresses]) -> Addresses:
    found: dict[int, Spans | None] = {}
    for part in parts:
        for family, spans in part.items():
            known = found.get(family, ())
            found[family] = None if known is None or spans is None else (*known, *spans)
    return found


def port_spans(words: list[str], protocol: str) -> Spans:
    """``eq https``, ``range 1 9``, ``gt 1023``, ``neq 22``. Raises UnreadError."""
    try:
        numbers = [port_number("tcp" if protocol == "tcp-udp" else protocol, word) for word in words[1:]]
        first = numbers[0]
        spans = {"eq": ((first, first),), "neq": ((0, first - 1), (first + 1, 65535)), "lt": ((0, first - 1),),
                 "gt": ((first + 1, 65535),), "range": ((first, numbers[-1]),)}[words[0]]
    except (ValueError, IndexError, KeyError):
        raise UnreadError(" ".join(words)) from None
    return tuple(span for span in spans if span[0] <= span[1])


def _service(words: list[str]) -> list[Service]:
    if not words:
        raise UnreadError("a service without a protocol")
    protocol, rest = words[0], words[1:]
    sides: dict[str, Spans] = {}
    while rest and rest[0] in {"source", "destination"}:
        count = 4 if rest[1:2] == ["range"] else 3
        sides[rest[0]] = port_spans(rest[1:count], protocol)
        rest = rest[count:]
    if rest and protocol in TRANSPORTS and not sides:
        sides, rest = {"destination": port_spans(rest, protocol)}, []
    if rest:
        raise UnreadError(" ".join(words))
    return [Service(number, sides.get("source", ()), sides.get("destination", ()))
            for number in protocol_numbers(protocol)]


def protocol_numbers(word: str) -> tuple[int | None, ...]:
    """Raises UnreadError.

    >>> protocol_numbers("tcp-udp"), protocol_numbers("ip"), protocol_numbers("47")
    ((6, 17), (None,), (47,))
    """
    if word in TRANSPORTS:
        return TRANSPORTS[word]
    if word == "ip":
        return (None,)
    if word in PROTOCOLS or (word.isascii() and word.isdigit()):
        return (PROTOCOLS[word] if word in PROTOCOLS else int(word),)
    raise UnreadError(word)
