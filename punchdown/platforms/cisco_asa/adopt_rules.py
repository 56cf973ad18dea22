"""Lists and translations of a running firewall, as what they open and forward.

A list that stands on an interface speaks of those behind it; what it permits from the outside to a translated host is a
port-forward. Source: fact sheet, "NAT vs ACL", "DNAT", "implicit".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, collapse_addresses, ip_interface, ip_network

from punchdown.platforms.cisco_asa.entries import parse_ace
from punchdown.platforms.cisco_asa.policy_nat import Statement
from punchdown.platforms.cisco_asa.policy_objects import Leg, Objects, Span, UnreadError
from punchdown.platforms.cisco_asa.words import INSIDE, PREFIX
from punchdown.platforms.openings import openings, prefixes, ranges
from punchdown.values.adopted import Forward, Opening
from punchdown.values.policy import Field, LineRef, Rule, Table, Verdict

_TRANSPORTS = {"tcp": 6, "udp": 17}
_REST = re.compile(rf"extended deny ip (?:any[46]? (?:any[46]?|object-group {INSIDE})|object-group {INSIDE} any4?)"
                   r"(?: log.*)?")
_SOURCE = re.compile(r"extended (?:permit|deny) \S+ object-group (\S+) ")
_ENTRY = re.compile(r"access-list \S+ (?:line \d+ )?(extended .*)")


@dataclass
class Rules:
    """What is found: ``known`` are the numbers of lines that a definition can say, ``wide`` those that permit
    anything to anywhere, ``spread`` those that mean the Internet and open the inside as well, ``blocks`` the groups
    of senders."""

    openings: list[Opening] = field(default_factory=list)
    forwards: list[Forward] = field(default_factory=list)
    blocks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    denied: str = ""
    known: set[int] = field(default_factory=set)
    wide: list[LineRef] = field(default_factory=list)
    spread: list[LineRef] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Static:
    """A host that the outside reaches at ``public``; ports are (protocol, first, last), none = any of them."""

    host: str
    public: str
    ports: tuple[tuple[int, Span], ...]
    line: LineRef


def read_rules(tables: Mapping[str, Table], bound: Mapping[str, tuple[str, LineRef]], nat: Iterable[Statement],
               objects: Objects, outside: str) -> Rules:
    """Everything that lists on interfaces let through. ``outside`` is the interface that leads to the provider."""
    found = Rules()
    statics = list(_statics(nat, objects, outside, found))
    inside = [network for leg in objects.legs.values() if leg.name != outside for network in networks(leg)]
    for leg in objects.legs.values():
        name, _ = bound.get(leg.name, ("", None))
        if table := tables.get(name):
            _read(table, leg, inside, statics if leg.name == outside else None, objects, found)
    found.forwards.sort(key=lambda item: item.line.number)
    return found


def networks(leg: Leg) -> list[IPv4Network]:
    """The IPv4 networks of an interface."""
    return [network for text in leg.addresses
            if isinstance(network := ip_interface(text).network, IPv4Network)]


def _read(table: Table, leg: Leg, inside: list[IPv4Network], statics: list[Static] | None, objects: Objects,
          found: Rules) -> None:
    others = [network for network in inside if network not in networks(leg)]
    refused: list[IPv4Network] = []
    for rule in table.rules:
        text = _entry(rule.line)
        if _is_wide(rule, from_outside=statics is not None) and rule.line not in found.wide:
            found.wide.append(rule.line)
        if rule.end is Verdict.DROP:
            if not ranges(rule, Field.SOURCE) and not ranges(rule, Field.PROTOCOL):
                refused += [IPv4Network(text) for text in prefixes(rule, Field.DESTINATION)]
            if _REST.fullmatch(text):
                found.known.add(rule.line.number)
            elif statics is not None:
                _block(rule, text, objects, found)
        elif statics is not None:
            _from_outside(rule, text, statics, objects, found)
        else:
            made = list(openings(rule, table.name, outward=True, senders=[str(item) for item in networks(leg)]))
            _keep(rule, made, found)
            if any(not item.server for item in made) and not _covers(refused, others):
                found.spread.append(rule.line)


def _is_wide(rule: Rule, *, from_outside: bool) -> bool:
    """Whether a rule lets anything pass to anywhere; from the outside, any port is enough."""
    anywhere = rule.end is Verdict.ACCEPT and not rule.unread and not ranges(rule, Field.DESTINATION)
    anybody = from_outside and not ranges(rule, Field.SOURCE)
    narrow = ranges(rule, Field.DESTINATION_PORT) or ranges(rule, Field.PROTOCOL) not in {(), ((6, 6),), ((17, 17),)}
    return anywhere and (not narrow or (anybody and bool(ranges(rule, Field.DESTINATION_PORT))))


def _keep(rule: Rule, made: list[Opening], found: Rules) -> None:
    found.openings += made
    if made:
        found.known.add(rule.line.number)


def _covers(refused: Iterable[IPv4Network], others: Iterable[IPv4Network]) -> bool:
    held = list(collapse_addresses(refused))
    return all(any(network.subnet_of(wide) for wide in held) for network in others)


def _entry(line: LineRef) -> str:
    match = _ENTRY.fullmatch(line.text)
    return match[1].removesuffix(" ") if match else ""


def _block(rule: Rule, text: str, objects: Objects, found: Rules) -> None:
    """A group of senders that may reach nothing at all."""
    if rule.matches and not ranges(rule, Field.DESTINATION) and not ranges(rule, Field.PROTOCOL) and (
            name := _senders(rule, text, objects, found)) and not found.denied:
        found.denied = name
        found.known.add(rule.line.number)


def _senders(rule: Rule, text: str, objects: Objects, found: Rules) -> str:
    """The list of those that a line speaks of: a group by its name, addresses by what they are; empty for anybody."""
    held = prefixes(rule, Field.SOURCE)
    if not held:
        return ""
    match = _SOURCE.match(text)
    name = _dashed(match[1]) if match and match[1] in objects.network_groups else (
        "net-" + held[0].removesuffix("/32").replace(".", "-").replace("/", "-"))
    if match is None and len(held) > 1:
        return ""
    found.blocks[name] = tuple(held)
    return name


def _dashed(group: str) -> str:
    name = group.removeprefix(f"{PREFIX}net-")
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "list"


def _statics(nat: Iterable[Statement], objects: Objects, outside: str, found: Rules) -> Iterator[Static]:
    """Translations by which the outside reaches a host; those by which the inside uses the same address are kept as
    forwards at once."""
    for item in nat:
        if item.unread or (item.dynamic and item.far_real == "any"):
            continue
        try:
            if item.mapped == outside and not item.dynamic and item.far_real == "any":
                yield from _published(item, objects, outside)
            elif item.far_real != item.far_mapped and item.mapped != outside:
                found.forwards += _turned(item, objects)
                found.known.add(item.line.number)
        except (UnreadError, ValueError):
            continue


def _published(item: Statement, objects: Objects, outside: str) -> Iterator[Static]:
    host = _single(objects, item.source)
    public = _single(objects, item.target) if item.target else next(
        (str(ip_interface(text).ip) for text in objects.legs[outside].addresses if ":" not in text), "")
    pairs = [(real, mapped) for real, mapped in item.services if real.source == mapped.source]
    if public and (pairs or not item.services):
        yield Static(host, public, tuple((real.protocol or 0, span) for real, _ in pairs for span in real.source),
                     item.line)


def _turned(item: Statement, objects: Objects) -> Iterator[Forward]:
    """A public address that inside clients are led to the host by."""
    host, public = _single(objects, item.far_real), _single(objects, item.far_mapped)
    for _, mapped in item.services:
        for first, last in mapped.destination:
            word = next((word for word, number in _TRANSPORTS.items() if number == mapped.protocol), "")
            if word:
                yield Forward(public, word, first, last, host, "", hairpin=True, line=item.line)


def _single(objects: Objects, name: str) -> str:
    """The one address of an object. Raises UnreadError, ValueError."""
    ((first, last),) = objects.named(name).get(4) or ((0, 1),)
    if first != last:
        raise UnreadError(name)
    return str(ip_network(first).network_address)


def _from_outside(rule: Rule, text: str, statics: list[Static], objects: Objects, found: Rules) -> None:
    """What a line lets in: a port-forward where its host is translated, else an opening from afar."""
    made = list(openings(rule, "", outward=False))
    rest = []
    for item in {(opening.server, opening.protocol, opening.first, opening.last): opening for opening in made}.values():
        static = next((own for own in statics if f"{own.host}/32" == item.server and _carries(own, item)), None)
        if static is None:
            rest.append(item)
            continue
        allow = _senders(rule, text, objects, found)
        if allow or not prefixes(rule, Field.SOURCE):
            found.forwards.append(Forward(static.public, item.protocol, item.first, item.last, static.host, allow,
                                          hairpin=False, line=static.line))
            found.known |= {rule.line.number, static.line.number}
    hosts = {item.server for item in rest}
    _keep(rule, [item for item in made if item.server in hosts], found)


def _carries(static: Static, item: Opening) -> bool:
    number = _TRANSPORTS[item.protocol]
    return not static.ports or any(protocol == number and first <= item.first and item.last <= last
                                   for protocol, (first, last) in static.ports)


def parts_of(text: str) -> tuple[str, ...]:
    """The names of objects and groups that a line of a list uses."""
    try:
        ace = parse_ace(text)
    except ValueError:
        return ()
    words = [item.text for item in ace.items if item.kind == "reference"] + [ace.protocol]
    return tuple(word.partition(" ")[2] for word in words if " " in word)
