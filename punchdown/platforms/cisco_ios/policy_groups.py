"""Object groups, and the words for addresses and ports that they share with access lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network

from punchdown.platforms.cisco_ios import policy_words
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.values.policy import Field, Match

_FULL = 0xFFFFFFFF
_OPERATORS = frozenset({"eq", "neq", "lt", "gt", "range"})


class UnreadError(ValueError):
    """Words that this parser does not know; the message is those words."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What an address word stands for: inclusive ranges and (value, mask) pairs; ``everything`` = any."""

    ranges: tuple[tuple[int, int], ...] = ()
    masked: tuple[tuple[int, int], ...] = ()
    everything: bool = False

    def match(self, where: Field) -> tuple[Match, ...]:
        """As a condition, none where everything matches."""
        return () if self.everything else (Match(where, self.ranges, self.masked),)


@dataclass(frozen=True, slots=True)
class Service:
    """One alternative of a service: protocol (None = every), conditions on ports or ICMP type, words not read."""

    protocol: int | None
    conditions: tuple[Match, ...] = ()
    unread: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """Object groups by name; a group that holds what is not understood is absent. ``reflected`` is the one reflexive
    list that entries fill, empty where several do: a device is taken to remember one set of sessions."""

    networks: Mapping[str, Addresses] = field(default_factory=dict)
    services: Mapping[str, tuple[Service, ...]] = field(default_factory=dict)
    ports: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    reflected: str = ""


def union(items: Iterable[Addresses]) -> Addresses:
    """All of them together."""
    every = tuple(items)
    return Addresses(tuple(pair for item in every for pair in item.ranges),
                     tuple(pair for item in every for pair in item.masked), any(item.everything for item in every))


@lru_cache(maxsize=16384)
def wildcard(address: str, mask: str) -> Addresses:
    """An IPv4 address with a wildcard mask: the bits set in the mask do not count.

    >>> wildcard("10.0.0.9", "0.0.0.255").ranges, wildcard("10.0.0.1", "0.0.255.0").masked
    (((167772160, 167772415),), ((167772161, 4294902015),))
    """
    bits, value = int(IPv4Address(mask)), int(IPv4Address(address))
    if bits == _FULL:
        return Addresses(everything=True)
    first = value & ~bits & _FULL
    if bits & (bits + 1) == 0:
        return Addresses(((first, first + bits),))
    return Addresses((), ((first, ~bits & _FULL),))


@lru_cache(maxsize=16384)
def prefix(text: str, family: int) -> Addresses:
    """An address or prefix in CIDR form. Raises ValueError for one of the other family."""
    network = ip_network(text, strict=False)
    if network.version != (4 if family == 4 else 6):
        raise UnreadError(text)
    if network.prefixlen == 0:
        return Addresses(everything=True)
    return Addresses(((int(network.network_address), int(network.broadcast_address)),))


def take_address(words: list[str], family: int, groups: Groups) -> Addresses:
    """Take the words of one address off the front of an entry. Raises ValueError, IndexError."""
    first = words.pop(0)
    if first in {"any", "any4", "any6"}:
        return Addresses(everything=True)
    if first == "host":
        return prefix(words.pop(0), family)
    if first in {"object-group", "addrgroup"}:
        name = words.pop(0)
        if name not in groups.networks:
            raise UnreadError(f"{first} {name}")
        return groups.networks[name]
    if family == 6 or "/" in first:
        return prefix(first, family)
    return wildcard(first, words.pop(0))


def take_ports(words: list[str], where: Field, number: int, groups: Groups | None = None) -> tuple[Match, ...]:
    """Take a port operator with its operands off the front, if there is one. Raises ValueError, IndexError."""
    if words[:1] == ["portgroup"]:
        name = words[1]
        if not groups or name not in groups.ports:
            raise UnreadError(f"portgroup {name}")
        del words[:2]
        return (Match(where, groups.ports[name]),)
    if not words or words[0] not in _OPERATORS:
        return ()
    operator = words.pop(0)
    if operator == "range":
        first, last = sorted((policy_words.port(number, words.pop(0)), policy_words.port(number, words.pop(0))))
        return (Match(where, ((first, last),)),)
    value = policy_words.port(number, words.pop(0))
    if operator == "lt":
        return (Match(where, ((0, value - 1),) if value else ()),)
    if operator == "gt":
        return (Match(where, ((value + 1, 0xFFFF),) if value < 0xFFFF else ()),)
    values = [value]
    while words and _is_port(number, words[0]):
        values.append(policy_words.port(number, words.pop(0)))
    return (Match(where, tuple((one, one) for one in values), negated=operator == "neq"),)


def _is_port(number: int, word: str) -> bool:
    try:
        policy_words.port(number, word)
    except ValueError:
        return False
    return True


def take_icmp(words: list[str], family: int) -> tuple[Match, ...]:
    """Take an ICMP type and code off the front. Raises ValueError for a number that is none."""
    if not words:
        return ()
    kind, code = policy_words.icmp(words[0], family) or (None, None)
    if kind is not None:
        words.pop(0)
    elif words[0].isdigit():
        kind = int(words.pop(0))
        code = int(words.pop(0)) if words and words[0].isdigit() else None
    if kind is None:
        return ()
    if kind > 0xFF or (code or 0) > 0xFF:
        raise UnreadError(f"{kind} {code}")
    return (Match(Field.ICMP_TYPE, ((kind, kind),)),
            *(() if code is None else (Match(Field.ICMP_CODE, ((code, code),)),)))


def read_groups(found: Iterable[Section]) -> Groups:
    """The object groups of a configuration, nested ones resolved: ``network``, ``v6-network``, ``service``,
    ``protocol``, and the older ``ip address`` and ``ip port``."""
    bodies: dict[tuple[str, str], list[str]] = {}
    for section in found:
        words = section.text.split()
        if words[0] == "object-group" and len(words) >= 3:
            bodies.setdefault((" ".join(words[1:-1]), words[-1]), []).extend(
                line.text for line in section.body if not line.text.startswith("description"))
    networks: dict[str, Addresses] = {}
    services: dict[str, tuple[Service, ...]] = {}
    ports: dict[str, tuple[tuple[int, int], ...]] = {}
    for kind, name in bodies:
        with suppress(ValueError, IndexError):
            if kind in {"network", "v6-network", "ip address"}:
                networks[name] = _network(bodies, kind, name, ())
            elif kind in {"service", "v6-service", "protocol"}:
                services[name] = _service(bodies, kind, name, ())
            elif kind == "ip port":
                ports[name] = _port_group(bodies[kind, name])
    return Groups(networks, services, ports, _reflected(found))


def _reflected(found: Iterable[Section]) -> str:
    names = {match[1] for section in found for line in section.body
             if (match := re.search(r"^(?:(?:sequence )?\d+ )?permit .* reflect (\S+)", line.text))}
    return names.pop() if len(names) == 1 else ""


def _members(bodies: Mapping[tuple[str, str], list[str]], kind: str, name: str, path: tuple[str, ...]) -> list[str]:
    if name in path or (kind, name) not in bodies:
        raise UnreadError(f"object-group {name}")
    return bodies[kind, name]


def _network(bodies: Mapping[tuple[str, str], list[str]], kind: str, name: str, path: tuple[str, ...]) -> Addresses:
    family = 6 if kind == "v6-network" else 4
    parts = []
    for line in _members(bodies, kind, name, path):
        words = line.removeprefix("network-object ").split()
        if words[0] == "group-object":
            parts.append(_network(bodies, kind, words[1], (*path, name)))
        elif words[0] == "range":
            parts.append(_span(words[1], words[2], family))
        elif words[0] == "host" or words == ["any"] or len(words) == 1:
            parts.append(take_address(words, family, Groups()))
        elif re.fullmatch(r"/\d+", words[1]) and len(words) == 2:
            parts.append(prefix(words[0] + words[1], family))
        elif len(words) == 2:
            parts.append(_subnet(*words))
        else:
            raise UnreadError(line)
    return union(parts)


def _span(first: str, last: str, family: int) -> Addresses:
    ends = ip_address(first), ip_address(last)
    if {end.version for end in ends} != {family} or int(ends[0]) > int(ends[1]):
        raise UnreadError(f"{first} {last}")
    return Addresses(((int(ends[0]), int(ends[1])),))


def _subnet(address: str, mask: str) -> Addresses:
    """In an object group the second word is a subnet mask, in an access list a wildcard mask."""
    return wildcard(address, str(IPv4Address(~int(IPv4Address(mask)) & _FULL)))


def _service(bodies: Mapping[tuple[str, str], list[str]], kind: str, name: str,
             path: tuple[str, ...]) -> tuple[Service, ...]:
    found: list[Service] = []
    for line in _members(bodies, kind, name, path):
        words = line.removeprefix("protocol-object ").split()
        if words[0] == "group-object":
            found += _service(bodies, kind, words[1], (*path, name))
        else:
            found += _service_line(words, 6 if kind == "v6-service" else 4)
    return tuple(found)


def _service_line(words: list[str], family: int) -> list[Service]:
    numbers = [6, 17] if words[0] == "tcp-udp" else [policy_words.protocol(words[0], family)]
    rest = words[1:]
    if numbers == [policy_words.protocol("icmp", family)]:
        services = [Service(numbers[0], take_icmp(rest, family))]
    else:
        services = []
        for number in numbers:
            rest = words[1:]
            services.append(Service(number, _service_ports(rest, number)))
    if rest:
        raise UnreadError(" ".join(rest))
    return services


def _service_ports(rest: list[str], number: int | None) -> tuple[Match, ...]:
    if number is None or not rest:
        return ()
    source: tuple[Match, ...] = ()
    if rest[0] == "source":
        rest.pop(0)
        source = take_ports(rest, Field.SOURCE_PORT, number)
    if rest and rest[0] == "destination":
        rest.pop(0)
    if rest and _is_port(number, rest[0]):
        rest.insert(0, "eq")
    return source + take_ports(rest, Field.DESTINATION_PORT, number)


def _port_group(lines: Iterable[str]) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for line in lines:
        words = line.split()
        matches = take_ports(words, Field.DESTINATION_PORT, 6)
        if words or not matches or matches[0].negated:
            raise UnreadError(line)
        ranges += matches[0].ranges
    return tuple(ranges)

