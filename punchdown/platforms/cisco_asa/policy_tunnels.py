"""Site-to-site VPNs of a crypto map as interfaces: what is encrypted, what may come out, what is dropped in clear.

The list of a place says what is encrypted; decrypted packets must fit it turned round, and packets that fit so and came
unencrypted are dropped. A place that lacks its list or its far end carries nothing. A packet for the far side that no
list names would leave as it is: it counts as lost, since nobody there would answer it. Source: ASA VPN configuration
guide, "IPsec and ISAKMP"; command reference, ``crypto map match address``, ``sysopt connection permit-vpn``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_interface, ip_network

from netaddr import IPAddress, iprange_to_cidrs

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_asa.policy_objects import Leg
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.platforms.cisco_asa.tunnels import FILTERED
from punchdown.values.policy import At, Field, LineRef, Match, Place, Route, RoutedInterface, Rule, Table, Verdict

ENCRYPTED = "what VPNs carry"
_PLACE = re.compile(r"crypto map (\S+) (\d+) (.+)")
BOUND = re.compile(r"crypto map (\S+) interface (\S+)")
FAR_END = re.compile(r"tunnel-group (\S+) (?:type ipsec-l2l|ipsec-attributes|general-attributes)")
_SETTING = re.compile(r"(match address|set (?:peer|pfs|ikev2 ipsec-proposal)) (\S+)|set (?:pfs|nat-t-disable|df-bit .*|"
                      r"security-association lifetime .*|connection-type .*)")
_TURNED = {Field.SOURCE: Field.DESTINATION, Field.DESTINATION: Field.SOURCE, Field.SOURCE_PORT: Field.DESTINATION_PORT,
           Field.DESTINATION_PORT: Field.SOURCE_PORT}


@dataclass
class Tunnels:
    """``names`` are those of an interface's VPNs, ``guards`` the table that drops what comes to it unencrypted;
    ``read`` the numbers of the lines that were followed."""

    interfaces: list[RoutedInterface] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    guards: dict[str, str] = field(default_factory=dict)
    read: set[int] = field(default_factory=set)
    unread: list[LineRef] = field(default_factory=list)
    bypass: bool = True
    leaving: list[Rule] = field(default_factory=list)


@dataclass
class MapPlace:
    """One place of a crypto map. ``settings`` are its words to their values, ``odd`` the lines that are no such."""

    name: str
    line: LineRef
    settings: dict[str, str] = field(default_factory=dict)
    odd: list[LineRef] = field(default_factory=list)


def tunnels(document: str, nodes: Iterable[Node], lists: Mapping[str, Table], intent: DeviceIntent) -> Tunnels:
    """All VPNs of a configuration; one whose far end the definition does not know is kept as unread."""
    out = Tunnels()
    nodes = list(nodes)
    texts = {node.text for node in nodes}
    out.bypass = FILTERED not in texts
    maps = places(document, nodes, out)
    known = {vpn.peer: vpn.name for vpn in intent.firewall.vpns} if intent.firewall else {}
    for node in nodes:
        if match := BOUND.fullmatch(node.text):
            out.read.add(node.number)
            for place in maps.get(match[1], ()):
                _tunnel(place, match[2], known, lists, texts, out)
            out.unread += [line for place in maps.get(match[1], ()) for line in place.odd]
    if out.interfaces:
        out.unread += _filters(document, nodes)
        out.unread += _plain(document, nodes)
    out.tables.append(Table(ENCRYPTED, tuple(out.leaving), Verdict.ACCEPT))
    return out


def places(document: str, nodes: Iterable[Node], out: Tunnels) -> dict[str, list[MapPlace]]:
    """The places of each map in the order of their numbers."""
    found: dict[tuple[str, int], MapPlace] = {}
    for node in nodes:
        line = LineRef(document, node.number, node.text)
        if FAR_END.fullmatch(node.text):
            out.read.add(node.number)
        if not (match := _PLACE.fullmatch(node.text)):
            continue
        out.read.add(node.number)
        place = found.setdefault((match[1], int(match[2])), MapPlace(f"{match[1]} {match[2]}", line))
        if setting := _SETTING.fullmatch(match[3]):
            place.settings |= {setting[1]: setting[2]} if setting[1] else {}
        else:
            place.odd.append(line)
    maps: dict[str, list[MapPlace]] = {}
    for name, number in sorted(found):
        maps.setdefault(name, []).append(found[name, number])
    return maps


def _tunnel(place: MapPlace, leg: str, known: Mapping[str, str], lists: Mapping[str, Table], texts: set[str],
            out: Tunnels) -> None:
    far, selectors = place.settings.get("set peer", ""), lists.get(place.settings.get("match address", ""))
    if not far or selectors is None:
        return
    if far not in known or not all(_is_plain(rule) for rule in selectors.rules):
        out.unread.append(place.line)
        return
    complete = place.settings.get("set ikev2 ipsec-proposal") and f"crypto ikev2 enable {leg}" in texts and {
        f"tunnel-group {far} type ipsec-l2l", f"tunnel-group {far} ipsec-attributes"} <= texts
    carried = selectors.rules if complete else ()
    line = place.line
    turned = tuple(_turned(rule) for rule in selectors.rules)
    inward = Table(f"out of {place.name}", turned if complete else (), Verdict.DROP, line)
    out.tables.append(inward)
    out.interfaces.append(RoutedInterface(place.name, (), port=known[far], inbound=(inward.name,), line=line))
    out.names[leg] = (*out.names.get(leg, ()), place.name)
    here = At(Place.OUT, (place.name,))
    out.leaving += [replace(rule, matches=(here, *rule.matches)) for rule in carried]
    out.leaving.append(Rule((here,), Verdict.DROP, LineRef(line.document, 0, f"implied: not in {selectors.name}")))
    out.routes += [Route(prefix, place.name, line=line) for rule in selectors.rules for prefix in _destinations(rule)]
    name = f"unencrypted on {leg}"
    if leg not in out.guards:
        out.guards[leg] = name
        out.tables.append(Table(name, (), Verdict.ACCEPT))
    at = next(number for number, table in enumerate(out.tables) if table.name == name)
    out.tables[at] = replace(out.tables[at], rules=(*out.tables[at].rules, *(
        replace(rule, end=Verdict.DROP) for rule in turned)))


def _is_plain(rule: Rule) -> bool:
    """Whether a line of a crypto list permits networks of IPv4, wholly understood, none of them all addresses."""
    fields = {match.field for match in rule.matches if isinstance(match, Match)}
    return rule.end is Verdict.ACCEPT and not rule.unread and Match(Field.FAMILY, ((0, 0),)) in rule.matches and (
        {Field.SOURCE, Field.DESTINATION} <= fields)


def _turned(rule: Rule) -> Rule:
    return replace(rule, matches=tuple(replace(match, field=_TURNED.get(match.field, match.field))
                                       if isinstance(match, Match) else match for match in rule.matches))


def _destinations(rule: Rule) -> Iterator[str]:
    for match in rule.matches:
        if isinstance(match, Match) and match.field is Field.DESTINATION:
            for first, last in match.ranges:
                yield from map(str, iprange_to_cidrs(IPAddress(first, 4), IPAddress(last, 4)))


def _filters(document: str, nodes: Iterable[Node]) -> Iterator[LineRef]:
    """Filters of VPNs alone, which narrow what comes out and are not followed."""
    for node in nodes:
        for child in node.below if node.text.startswith("group-policy ") else ():
            if child.text.startswith("vpn-filter ") and child.text != "vpn-filter none":
                yield LineRef(document, child.number, child.text)


def _plain(document: str, nodes: Iterable[Node]) -> Iterator[LineRef]:
    """Proposals that encrypt nothing."""
    for node in nodes:
        for child in node.below if node.text.startswith("crypto ipsec ikev2 ipsec-proposal ") else ():
            if {"null", "aes-gmac"} & set(child.text.split()):
                yield LineRef(document, child.number, child.text)


def elsewhere(found: Tunnels, legs: Mapping[str, Leg], routes: Iterable[Route]) -> Iterator[LineRef]:
    """VPNs whose far side is reached by another interface than the one that encrypts."""
    leg_of = {name: leg for leg, names in found.names.items() for name in names}
    ways = [(ip_interface(text).network, leg.name) for leg in legs.values() for text in leg.addresses]
    ways += [(ip_network(route.prefix), route.interface) for route in routes]
    for route in found.routes:
        prefix = ip_network(route.prefix)
        others = (network for network, name in ways if name != leg_of[route.interface] and network.prefixlen)
        if route.line and any(prefix.version == network.version and prefix.overlaps(network) for network in others):
            yield route.line
