"""Translations as tables, in the device's order: alone before objects, of objects, alone after them.

A packet that enters by the mapped interface is translated back before the lists judge it; its source when it leaves.
One that is sent to a real address while its answers would be translated is dropped, unless the translation is
unidirectional. Source: ASA firewall configuration guide, "NAT Rule Order" and "NAT Packet Flow"; fact sheet, "DNAT".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_interface
from itertools import product

from punchdown.platforms.cisco_asa.entries import port_number
from punchdown.platforms.cisco_asa.policy_lists import Conditions, sides, transport
from punchdown.platforms.cisco_asa.policy_objects import (
    ANYWHERE,
    TRANSPORTS,
    Addresses,
    Objects,
    Service,
    UnreadError,
)
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.values.policy import Action, At, Field, LineRef, Match, Place, Rule, Translate, Verdict

_ALONE = re.compile(r"nat (?:\((\S+?),\s*(\S+?)\) )?(after-auto )?(?:\d+ )?source (static|dynamic) (\S+) (.+)")
_OBJECT = re.compile(r"nat (?:\((\S+?),\s*(\S+?)\) )?(static|dynamic) (.+)")
_FLAGS = frozenset({"no-proxy-arp", "route-lookup", "dns", "unidirectional", "inactive", "net-to-net"})
_NEW = Match(Field.STATE, ((0, 0),))


@dataclass(frozen=True, slots=True)
class Statement:
    """One translation. ``real`` and ``mapped`` are interfaces (``any``), ``source``/``target`` what stands for what
    (``target`` empty: the interface's own address), ``far_mapped``/``far_real`` the other end's, ``services`` pairs
    of (real, mapped) of the side that ``serves`` (source or destination). ``unread``: what was not understood."""

    line: LineRef
    real: str
    mapped: str
    dynamic: bool
    source: str
    target: str
    far_mapped: str = "any"
    far_real: str = "any"
    services: tuple[tuple[Service, Service], ...] = ()
    serves: str = "source"
    one_way: bool = False
    unread: str = ""


@dataclass
class Translations:
    """The three places where a translation acts, as rules in order."""

    arriving: list[Rule] = field(default_factory=list)
    refused: list[Rule] = field(default_factory=list)
    leaving: list[Rule] = field(default_factory=list)


def statements(document: str, nodes: Iterable[Node], objects: Objects) -> list[Statement]:
    """Every translation in the order in which the device tries them. Static ones of objects stand before dynamic
    ones, smaller objects before larger ones."""
    early: list[Statement] = []
    late: list[Statement] = []
    of_objects: list[tuple[tuple[bool, int, int], Statement]] = []
    for node in nodes:
        line = LineRef(document, node.number, node.text)
        if match := _ALONE.fullmatch(node.text):
            found = _alone(line, match, objects)
            if "inactive" not in node.text.split():
                (late if match[3] else early).append(found)
        elif node.text.startswith("nat "):
            early.append(Statement(line, "any", "any", False, "any", "any", unread=node.text))
        elif node.text.startswith("object network "):
            for child in node.below:
                if child.text.startswith("nat "):
                    name = node.text.split()[2]
                    found = _of_object(LineRef(document, child.number, child.text), name, child.text)
                    of_objects.append((_size(found, objects), found))
    return [*early, *(found for _, found in sorted(of_objects, key=lambda pair: pair[0])), *late]


def _size(found: Statement, objects: Objects) -> tuple[bool, int, int]:
    try:
        spans = [span for held in objects.named(found.source).values() for span in held or ()]
    except UnreadError:
        spans = []
    return found.dynamic, sum(last - first + 1 for first, last in spans), min((first for first, _ in spans), default=0)


def _alone(line: LineRef, match: re.Match[str], objects: Objects) -> Statement:
    real, mapped, dynamic, source = match[1] or "any", match[2] or "any", match[4] == "dynamic", match[5]
    words = match[6].split(" description ")[0].split()
    target = words.pop(0)
    far_mapped = far_real = "any"
    services: tuple[tuple[Service, Service], ...] = ()
    serves, flags, unread = "source", set(), ""
    try:
        if words[:2] == ["destination", "static"]:
            far_mapped, far_real = words[2], words[3]
            words = words[4:]
        if words[:1] == ["service"]:
            first, second = (objects.service(name) for name in words[1:3])
            serves = "source" if all(item.source for item in first) else "destination"
            pairs = zip(first, second, strict=True)
            services = tuple((one, other) if serves == "source" else (other, one) for one, other in pairs)
            words = words[3:]
        flags = {word for word in words if word in _FLAGS}
        unread = " ".join(word for word in words if word not in _FLAGS)
        if target == "pat-pool":
            unread = match[6]
    except (UnreadError, IndexError, ValueError) as error:
        unread = str(error) or match[6]
    return Statement(line, real, mapped, dynamic, source, "" if target == "interface" else target, far_mapped,
                     far_real, services, serves, "unidirectional" in flags, unread)


def _of_object(line: LineRef, name: str, text: str) -> Statement:
    match = _OBJECT.fullmatch(text)
    if not match:
        return Statement(line, "any", "any", False, name, name, unread=text)
    target, *words = match[4].split()
    services: tuple[tuple[Service, Service], ...] = ()
    unread = ""
    try:
        if words[:1] == ["service"]:
            (number,), real, mapped = TRANSPORTS[words[1]], *(port_number(words[1], word) for word in words[2:4])
            services = ((Service(number, ((real, real),)), Service(number, ((mapped, mapped),))),)
            words = words[4:]
        unread = " ".join(word for word in words if word not in _FLAGS)
    except (ValueError, KeyError):
        unread = text
    return Statement(line, match[1] or "any", match[2] or "any", match[3] == "dynamic", name,
                     "" if target == "interface" else target, services=services, unread=unread)


def diverted(found: Iterable[Statement], objects: Objects) -> Iterator[LineRef]:
    """Static translations that send packets elsewhere than routes do: the translation names the interface by which the
    real address is reached, unless it says ``route-lookup``, and here the address lies behind another."""
    for item in found:
        if item.dynamic or item.unread or item.real == "any" or "route-lookup" in item.line.text.split():
            continue
        try:
            spans = objects.named(item.source).get(4) or ()
        except UnreadError:
            continue
        others = [ip_interface(text).network for leg in objects.legs.values() for text in leg.addresses
                  if leg.name != item.real and ip_interface(text).version == 4]
        if any(first <= int(network.broadcast_address) and int(network.network_address) <= last
               for first, last in spans for network in others):
            yield item.line


def translations(found: Iterable[Statement], objects: Objects) -> Translations:
    """The rules of all statements. A statement that is not understood may translate anything on its interfaces."""
    out = Translations()
    for item in found:
        unread = item.unread
        try:
            arriving, refused, leaving = _arriving(item, objects), _refused(item, objects), _leaving(item, objects)
        except UnreadError as error:
            unread = unread or str(error)
        if unread:
            arriving, refused, leaving = ([_unknown(item, unread, Place.IN, objects)], [],
                                          [_unknown(item, unread, Place.OUT, objects)])
        out.arriving += arriving
        out.refused += refused
        out.leaving += leaving
    return out


def _unknown(item: Statement, words: str, side: Place, objects: Objects) -> Rule:
    return Rule((*_at(side, item.mapped, objects), _NEW), Verdict.ACCEPT, item.line, unread=words, end_known=False)


def _at(side: Place, name: str, objects: Objects) -> tuple[At, ...]:
    return () if name == "any" else (At(side, objects.ways(name)),)


def _single(objects: Objects, name: str) -> int:
    """The one IPv4 address of an object. Raises UnreadError for more."""
    spans = objects.named(name)
    held = spans.get(4)
    if set(spans) != {4} or held is None or len(held) != 1 or held[0][0] != held[0][1]:
        raise UnreadError(f"{name} is not one IPv4 address")
    return held[0][0]


def _mapped_addresses(item: Statement, objects: Objects) -> Addresses:
    if item.target:
        return objects.named(item.target)
    if item.mapped not in objects.legs:
        raise UnreadError(f"interface {item.mapped}")
    return objects.addresses(f"interface {item.mapped}")


def _ports(one: Service, other: Service, side: str) -> tuple[int, int] | None:
    """The new ports where one service becomes another; None = the same. Raises UnreadError where ranges differ."""
    before, after = ((item.source if side == "source" else item.destination) for item in (one, other))
    if before == after:
        return None
    if len(after) != 1 or after[0][0] != after[0][1] or len(before) != 1 or before[0][0] != before[0][1]:
        raise UnreadError("a range of ports becomes another")
    return after[0]


def _pairs(item: Statement) -> tuple[tuple[Service, Service], ...]:
    return item.services or ((Service(None), Service(None)),)


def _to(where: Field, addresses: Addresses, before: Addresses, ports: tuple[int, int] | None,
        objects_name: str, objects: Objects) -> tuple[Action, ...]:
    """The translation of one side, none where it stays as it is."""
    if addresses == before and ports is None:
        return ()
    return (Translate(where, _single(objects, objects_name), ports),)


def _families(one: Addresses, other: Addresses) -> list[int]:
    return [family for family in (4, 6) if family in one and family in other]


def _turned(service: Service) -> Service:
    """Source ports as the destination ports of a packet that comes the other way."""
    return Service(service.protocol, service.destination, service.source)


def _arriving(item: Statement, objects: Objects) -> list[Rule]:
    """Destinations: of packets from the mapped side to what is static, and from the real side to the far end."""
    rules = []
    source = objects.named(item.source)
    if not item.dynamic and not item.one_way:
        target, far = _mapped_addresses(item, objects), objects.named(item.far_real)
        for (real, mapped), family in product(_pairs(item), _families(target, far)):
            if item.serves == "destination":
                real, mapped = Service(real.protocol), Service(mapped.protocol)
            ports = _ports(_turned(mapped), _turned(real), "destination")
            actions = _to(Field.DESTINATION, source, target, ports, item.source, objects)
            matches: Conditions = (*_at(Place.IN, item.mapped, objects), _NEW,
                                   *sides(family, far[family], target[family]), *transport(_turned(mapped)))
            rules.append(Rule(matches, Verdict.ACCEPT, item.line, actions))
    far_mapped, far_real = objects.named(item.far_mapped), objects.named(item.far_real)
    if far_mapped != far_real or item.serves == "destination":
        for (real, mapped), family in product(_pairs(item), _families(source, far_mapped)):
            ports = _ports(mapped, real, "destination")
            actions = _to(Field.DESTINATION, far_real, far_mapped, ports, item.far_real, objects)
            matches = (*_at(Place.IN, item.real, objects), _NEW, *sides(family, source[family], far_mapped[family]),
                       *transport(mapped))
            rules.append(Rule(matches, Verdict.ACCEPT, item.line, actions))
    return rules


def _refused(item: Statement, objects: Objects) -> list[Rule]:
    """Openings to the real address whose answers would come from the mapped one. What stays as it is between two
    networks is no such, whatever stands further down."""
    source = objects.named(item.source)
    same = item.source == item.target and item.far_real == item.far_mapped != "any"
    if same and not item.dynamic and not item.services:
        far = objects.named(item.far_real)
        return [Rule((*_at(Place.IN, item.mapped, objects), *_at(Place.OUT, item.real, objects), _NEW,
                      *sides(family, far[family], source[family])), Verdict.ACCEPT, item.line)
                for family in _families(source, far)]
    if item.dynamic or item.one_way or item.far_real != "any" or item.source == item.target:
        return []
    return [Rule((*_at(Place.IN, item.mapped, objects), *_at(Place.OUT, item.real, objects), _NEW,
                  Match(Field.DNAT, ((0, 0),)), *sides(family, None, source[family]), *transport(_turned(real))),
                 Verdict.DROP, item.line)
            for real, _ in _pairs(item) for family in _families(source, ANYWHERE)]


def _leaving(item: Statement, objects: Objects) -> list[Rule]:
    """Sources of packets from the real side."""
    source, far = objects.named(item.source), objects.named(item.far_real)
    rules = []
    for (real, mapped), family in product(_pairs(item), _families(source, far)):
        actions: tuple[Action, ...]
        ports = _ports(real, mapped, "source") if item.serves == "source" else None
        if not item.target and family == 4:
            actions = (Translate(Field.SOURCE, None, ports),)
        else:
            target = objects.named(item.target) if item.target else source
            actions = _to(Field.SOURCE, target, source, ports, item.target, objects)
        rules.append(Rule((*_at(Place.IN, item.real, objects), *_at(Place.OUT, item.mapped, objects), _NEW,
                           *sides(family, source[family], far[family]), *transport(real)),
                          Verdict.ACCEPT, item.line, actions))
    return rules
