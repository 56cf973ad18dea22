"""Access lists as tables. Source: ASA command reference, ``access-list extended``; fact sheet, "ACL"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from punchdown.platforms.cisco_asa.entries import ICMP, Ace, Item, parse_ace
from punchdown.platforms.cisco_asa.policy_objects import (
    Addresses,
    Objects,
    Service,
    Spans,
    UnreadError,
    port_spans,
    protocol_numbers,
)
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.values.policy import At, Field, LineRef, Match, Rule, Table, Verdict

_LINE = re.compile(r"access-list (\S+) (?:line \d+ )?((?:extended|standard|remark|ethertype|webtype) .*)")
Conditions = tuple[Match | At, ...]


def lists(document: str, nodes: Iterable[Node], objects: Objects) -> dict[str, Table]:
    """Every extended or standard list by name; what no line says is dropped."""
    found: dict[str, list[Rule]] = {}
    first: dict[str, LineRef] = {}
    for node in nodes:
        if not (match := _LINE.fullmatch(node.text)):
            continue
        line = LineRef(document, node.number, node.text)
        first.setdefault(match[1], line)
        rules = found.setdefault(match[1], [])
        if not match[2].startswith("remark"):
            rules += _rules(match[2], line, objects)
    return {name: Table(name, tuple(rules), Verdict.DROP, first[name]) for name, rules in found.items()}


def _rules(text: str, line: LineRef, objects: Objects) -> list[Rule]:
    try:
        ace = parse_ace(text)
    except ValueError:
        known = re.search(r"(?<!\S)(permit|deny)(?!\S)", text)
        end = Verdict.ACCEPT if known and known[1] == "permit" else Verdict.DROP
        return [Rule((), end, line, unread=text, end_known=known is not None)]
    if "inactive" in ace.tail:
        return []
    end = Verdict.ACCEPT if ace.action == "permit" else Verdict.DROP
    unread = " ".join(part for part in ace.tail if part.startswith("time-range"))
    try:
        return [Rule(conditions, end, line, unread=unread) for conditions in _conditions(ace, objects)]
    except UnreadError as error:
        return [Rule((), end, line, unread=str(error))]


def _sides(items: tuple[Item, ...], ace: Ace, objects: Objects) -> tuple[Addresses, Spans, Addresses, Spans]:
    """Source, its ports, destination, its ports. A reference is ports where it names a group of a service."""
    rest = list(items)

    def address() -> Addresses:
        if not rest or rest[0].kind == "port":
            raise UnreadError(str(ace))
        return objects.addresses(rest.pop(0).text)

    def ports() -> Spans:
        if rest and rest[0].kind == "port":
            return port_spans(rest.pop(0).text.split(), ace.protocol)
        if rest and rest[0].kind == "reference" and (name := rest[0].text.partition(" ")[2]) in {
                *objects.service_groups, *objects.services}:
            rest.pop(0)
            return objects.ports(name)
        return ()

    found = (address(), ports(), address(), ports())
    if rest:
        raise UnreadError(" ".join(item.text for item in rest))
    return found


def _conditions(ace: Ace, objects: Objects) -> Iterator[Conditions]:
    source, source_ports, destination, ports = _sides(ace.items, ace, objects)
    kind, _, name = ace.protocol.partition(" ")
    services = objects.service(name) if name else tuple(
        Service(number, source_ports, ports) for number in protocol_numbers(kind))
    icmp = _icmp_type(ace)
    for family in (4, 6):
        if family in source and family in destination:
            for service in services:
                if {4: 58, 6: 1}[family] != service.protocol:
                    yield (*sides(family, source[family], destination[family]), *transport(service), *icmp)


def _icmp_type(ace: Ace) -> Conditions:
    if not ace.icmp:
        return ()
    word, _, code = ace.icmp.partition(" ")
    if code:
        raise UnreadError(f"ICMP code {code}")
    number = ICMP[ace.protocol].get(word, -1) if not word.isdecimal() else int(word)
    if not 0 <= number < 256:
        raise UnreadError(f"ICMP type {word}")
    return (Match(Field.ICMP_TYPE, ((number, number),)),)


def sides(family: int, source: Spans | None, destination: Spans | None) -> Conditions:
    """Conditions on both addresses of one family."""
    number = 0 if family == 4 else 1
    return (Match(Field.FAMILY, ((number, number),)),
            *((Match(Field.SOURCE, source),) if source is not None else ()),
            *((Match(Field.DESTINATION, destination),) if destination is not None else ()))


def transport(service: Service) -> Conditions:
    """Conditions on protocol and ports."""
    if service.protocol is None:
        return ()
    return (Match(Field.PROTOCOL, ((service.protocol, service.protocol),)),
            *((Match(Field.SOURCE_PORT, service.source),) if service.source else ()),
            *((Match(Field.DESTINATION_PORT, service.destination),) if service.destination else ()))
