"""What an ASA lets through, as match-action tables, from its own configuration.

Interfaces, their addresses and routes come from the text where it names any; a rendered text names none, so there they
come from the intent: a leg as the definition has it, the outside below all others. Known connections pass the lists.
Source: ASA firewall configuration guide, "Access Rules" and "NAT"; fact sheet, "NAT vs ACL" and "implicit".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_interface

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_asa.capabilities import DOCUMENT
from punchdown.platforms.cisco_asa.policy_known import is_harmless
from punchdown.platforms.cisco_asa.policy_lists import lists
from punchdown.platforms.cisco_asa.policy_local import LOCAL, local
from punchdown.platforms.cisco_asa.policy_nat import Translations, diverted, statements, translations
from punchdown.platforms.cisco_asa.policy_objects import Leg, Objects
from punchdown.platforms.cisco_asa.policy_routes import declared, is_route, routes
from punchdown.platforms.cisco_asa.policy_tunnels import ENCRYPTED, Tunnels, elsewhere, tunnels
from punchdown.platforms.cisco_asa.sections import Node, read_text
from punchdown.values.policy import (
    At,
    DevicePolicy,
    Enter,
    Field,
    LineRef,
    Match,
    Place,
    RoutedInterface,
    Rule,
    Table,
    Verdict,
)

ARRIVING, LEVELS, LISTS, REFUSED, LEAVING = (
    "translation of destinations", "security levels", "bound lists", "addresses behind a translation",
    "translation of sources")
NO_IPV6 = "no IPv6 here"

_BINDING = re.compile(r"access-group (\S+) in interface (\S+)")
_FACTORY = "policy-map global_policy"
"""The factory binds it; where it is not bound any more, that line is unread."""
_PAST = re.compile(r"(?:sfr|ips|cxsc|csc) .*|set connection advanced-options .*")
"""What a class does that decides about packets as well: another engine, no look at the state of a connection."""
_ADDRESS = re.compile(r"ip address (\S+) (\S+)(?: standby \S+)?")
_LEVEL = re.compile(r"security-level (\d{1,3})", re.ASCII)
_ADDRESS6 = re.compile(r"ipv6 address (\S+/\d+)(?: standby \S+)?")
_ON_INTERFACE = re.compile(r"(?:no )?(?:description|vlan|speed|duplex|nameif|security-level|ip address|ipv6 address|"
                           r"mtu|shutdown|channel-group|lacp|delay|management-only|mac-address|ospf|eigrp|flowcontrol|"
                           r"ipv6 enable|ipv6 nd|dhcp|igmp|pim|arp|hello-interval|member-interface)(?: .*)?")


def policy(intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
    """Lists, translations and levels, in the device's order."""
    nodes = read_text(documents.get(DOCUMENT, ""))
    texts = {node.text: node for node in nodes}
    legs = legs_of(nodes)
    shown = bool(legs)
    legs = legs or _declared(intent)
    objects = objects_of(nodes, legs)
    found = lists(DOCUMENT, nodes, objects)
    vpns = tunnels(DOCUMENT, nodes, found, intent)
    objects.tunnels = vpns.names
    bound = bindings(nodes)
    nat_lines = statements(DOCUMENT, nodes, objects)
    nat = translations(nat_lines, objects)
    tables = (*found.values(), *_nat_tables(nat), _levels(objects, bound, texts),
              _bindings(bound, found, nodes, vpns, objects), local(DOCUMENT, nodes, objects), _no_ipv6(), *vpns.tables)
    used = {name for name, _ in bound.values()}
    ways = routes(DOCUMENT, nodes, legs) if shown else declared(intent)
    return DevicePolicy(
        intent.device, "cisco_asa", tables, interfaces=(*_routed(legs, vpns), *vpns.interfaces),
        routes=(*ways.found, *vpns.routes),
        before_routing=(ARRIVING,), forward=(LEVELS, LISTS, REFUSED), after_routing=(LEAVING, ENCRYPTED),
        local=(LOCAL,), routes_packets=True, tracks=True,
        unused=tuple(name for name in found if name not in used and not _mentioned(name, nodes)),
        undefined=tuple((name, line) for name, line in bound.values() if name not in found),
        unread=(*_unread(nodes, legs, vpns), *ways.unread, *elsewhere(vpns, legs, ways.found),
                *diverted(nat_lines, objects)))


def objects_of(nodes: Iterable[Node], legs: Mapping[str, Leg]) -> Objects:
    """Everything that lists and translations may name."""
    nodes = tuple(nodes)
    return Objects(legs, _named(nodes, "object network"), _named(nodes, "object service"),
                   _named(nodes, "object-group network"), _named(nodes, "object-group service"))


def bindings(nodes: Iterable[Node]) -> dict[str, tuple[str, LineRef]]:
    """Interface to the list of what enters by it."""
    return {match[2]: (match[1], LineRef(DOCUMENT, node.number, node.text)) for node in nodes
            if (match := _BINDING.fullmatch(node.text.removesuffix(" per-user-override")))}


def _named(nodes: Iterable[Node], kind: str) -> dict[str, Node]:
    """Sections of one kind by name. An object with a translation stands twice and is one."""
    found: dict[str, Node] = {}
    for node in nodes:
        if node.text.startswith(f"{kind} "):
            name = node.text.split()[2]
            known = found.get(name, Node(node.text, node.number, node.source))
            found[name] = Node(known.text, known.number, known.source, [*known.below, *node.below])
    return found


def legs_of(nodes: Iterable[Node]) -> dict[str, Leg]:
    """The interfaces with a name. A name given without a level is 100 when it is ``inside``, else 0."""
    found = {}
    for node in nodes:
        lines = [child.text for child in node.below]
        name = next((text.split()[1] for text in lines if text.startswith("nameif ")), "")
        if not node.text.startswith("interface ") or not name:
            continue
        level = next((int(match[1]) for text in lines if (match := _LEVEL.fullmatch(text))),
                     100 if name == "inside" else 0)
        shown = [f"{match[1]}/{match[2]}" for text in lines if (match := _ADDRESS.fullmatch(text))]
        shown += [match[1] for text in lines if (match := _ADDRESS6.fullmatch(text))]
        addresses = [address for text in shown if (address := _interface(text))]
        unread = tuple(LineRef(DOCUMENT, child.number, child.text) for child in node.below
                       if not _ON_INTERFACE.fullmatch(child.text) or child.text.startswith(("ip address dhcp",
                                                                                            "ip address pppoe")))
        found[name] = Leg(name, level, tuple(addresses), "shutdown" in lines,
                          LineRef(DOCUMENT, node.number, node.text), unread, "management-only" in lines)
    return found


def _interface(text: str) -> str:
    """An address with its length, empty for what is none (``dhcp setroute``)."""
    try:
        return str(ip_interface(text))
    except ValueError:
        return ""


def _declared(intent: DeviceIntent) -> dict[str, Leg]:
    firewall = intent.firewall
    return {item.name: Leg(item.name, 0 if item.name == firewall.wan else 100,
                           tuple(text for text in (item.address, item.address6) if text), False,
                           LineRef(DOCUMENT, 0, f"declared: interface {item.name}"))
            for item in firewall.interfaces} if firewall else {}


def _routed(legs: Mapping[str, Leg], vpns: Tunnels) -> Iterator[RoutedInterface]:
    for leg in legs.values():
        inbound = () if any(":" in text for text in leg.addresses) else (NO_IPV6,)
        guard = vpns.guards.get(leg.name)
        yield RoutedInterface(leg.name, leg.addresses, port=leg.name, inbound=(*inbound, guard) if guard else inbound,
                              closed=leg.closed, line=leg.line)


def _no_ipv6() -> Table:
    line = LineRef(DOCUMENT, 0, "implied: no IPv6 address on this interface")
    return Table(NO_IPV6, (Rule((Match(Field.FAMILY, ((1, 1),)),), Verdict.DROP, line),), Verdict.ACCEPT)


def _nat_tables(nat: Translations) -> tuple[Table, ...]:
    return (Table(ARRIVING, tuple(nat.arriving), Verdict.ACCEPT), Table(REFUSED, tuple(nat.refused), Verdict.ACCEPT),
            Table(LEAVING, tuple(nat.leaving), Verdict.ACCEPT))


def _known(document: str) -> Rule:
    return Rule((Match(Field.STATE, ((1, 2),)),), Verdict.ACCEPT,
                LineRef(document, 0, "implied: packets of a known connection"))


def _levels(objects: Objects, bound: Mapping[str, object], texts: Mapping[str, Node]) -> Table:
    """From one interface to another: equal levels only where that is permitted, upwards only where a list says so. What
    comes by a VPN comes by its interface."""
    legs = objects.legs
    aside = objects.ways(*(leg.name for leg in legs.values() if leg.aside))
    among = "same-security-traffic permit inter-interface" in texts
    back = "same-security-traffic permit intra-interface" in texts
    only = LineRef(DOCUMENT, 0, "implied: management-only")
    rules = [Rule((At(place, aside),), Verdict.DROP, only) for place in (Place.IN, Place.OUT) if aside]
    rules.append(_known(DOCUMENT))
    for leg in legs.values():
        shut = [other.name for other in legs.values() if (other is leg and not back) or (
            other is not leg and other.level == leg.level and not among) or (
            other.level > leg.level and leg.name not in bound)]
        if shut:
            line = LineRef(DOCUMENT, 0, f"implied: the security level of {leg.name}")
            rules.append(Rule((At(Place.IN, objects.ways(leg.name)), At(Place.OUT, objects.ways(*shut))),
                              Verdict.DROP, line))
    return Table(LEVELS, tuple(rules), Verdict.ACCEPT)


def _bindings(bound: Mapping[str, tuple[str, LineRef]], found: Mapping[str, Table], nodes: Iterable[Node],
              vpns: Tunnels, objects: Objects) -> Table:
    """The list of the interface by which a packet came in. Answers to a ping are only known where ICMP is inspected."""
    known = _known(DOCUMENT)
    bound_maps = {f"policy-map {node.text.split()[1]}" for node in nodes if node.text.startswith("service-policy ")}
    if not any(child.text == "inspect icmp" for node in nodes if node.text in {*bound_maps, _FACTORY}
               for child in _grandchildren(node)):
        ping = Match(Field.PROTOCOL, ((1, 1), (58, 58)), negated=True)
        known = Rule((*known.matches, ping), known.end, known.line)
    inside = tuple(item.name for item in vpns.interfaces)
    past = LineRef(DOCUMENT, 0, "implied: sysopt connection permit-vpn")
    rules = [Rule((At(Place.IN, inside),), Verdict.ACCEPT, past) for _ in range(bool(inside and vpns.bypass))]
    rules += [Rule((At(Place.IN, objects.ways(leg)),), Enter(name, returns=False), line)
             for leg, (name, line) in bound.items() if name in found]
    rules += [Rule((At(Place.IN, objects.ways(leg)),), Verdict.DROP, line, unread="the list does not exist",
                   end_known=False) for leg, (name, line) in bound.items() if name not in found]
    return Table(LISTS, (known, *rules), Verdict.ACCEPT)


def _mentioned(name: str, nodes: Iterable[Node]) -> bool:
    """Whether something else than an interface uses a list."""
    return any(name in line.text.split() for node in nodes if not node.text.startswith(f"access-list {name} ")
               for line in (node, *node.below))


def _unread(nodes: Iterable[Node], legs: Mapping[str, Leg], vpns: Tunnels) -> Iterator[LineRef]:
    yield from vpns.unread
    for leg in legs.values():
        yield from () if leg.closed else leg.unread
    for node in nodes:
        if not is_harmless(node.text) and node.number not in vpns.read and not is_route(node):
            yield LineRef(DOCUMENT, node.number, node.text)
        for child in _grandchildren(node) if node.text.startswith("policy-map ") else ():
            if _PAST.fullmatch(child.text):
                yield LineRef(DOCUMENT, child.number, child.text)


def _grandchildren(node: Node) -> Iterator[Node]:
    return (line for section in node.below for line in section.below)
