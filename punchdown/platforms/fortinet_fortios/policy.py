"""What a FortiGate forwards, as match-action tables, from its own text.

The text says the interfaces and their addresses. Routes are taken from it where it has any but a VPN's, else from the
intent (what lies behind an interface, the WAN for the rest): no others are rendered. Replies of a session pass by
themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_interface, ip_network

from netaddr import IPSet

from punchdown.intent import DeviceIntent
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.policy_local import local_rules
from punchdown.platforms.fortinet_fortios.policy_objects import Library, UnknownError, VirtualIp
from punchdown.platforms.fortinet_fortios.policy_routes import NOWHERE, routes
from punchdown.platforms.fortinet_fortios.policy_rules import Surroundings, policy_rules, translation
from punchdown.platforms.fortinet_fortios.policy_tunnels import tunnels
from punchdown.platforms.fortinet_fortios.policy_unfollowed import unfollowed
from punchdown.platforms.fortinet_fortios.tree import Node, read_text
from punchdown.values.policy import (
    At,
    DevicePolicy,
    Field,
    LineRef,
    Match,
    Place,
    Route,
    RoutedInterface,
    Rule,
    Table,
    Verdict,
)


def policy(intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
    """Forged sources, virtual IPs, policies; and who the firewall itself answers."""
    editor = read_text(documents.get(DOCUMENT, ""))
    root = editor.root
    library = Library(root)
    vips, unread = _virtual_ips(library)
    zones = {name: node.values("interface") for name, node in root.entries("system zone").items()}
    around = Surroundings(library, zones, vips)
    vpns = tunnels(root, intent)
    ways = routes(root, intent, vpns.interfaces)
    interfaces = (*(item for item in _interfaces(root) if item.name not in vpns.interfaces),
                  *vpns.interfaces.values(),
                  *(RoutedInterface(NOWHERE, ()) for _ in range(any(way.interface == NOWHERE for way in ways.found))))
    unread += [*vpns.unread, *ways.unread]
    unread += [LineRef(DOCUMENT, stray.number, stray.text) for stray in editor.strays]
    unread += unfollowed(root, {*zones, *(item.name for item in interfaces)})
    tables = (
        Table("forged sources", tuple(_forged(root, interfaces, ways.found)), Verdict.ACCEPT),
        Table("virtual IPs", tuple(translation(vip, around) for vip in vips.values()), Verdict.ACCEPT),
        Table("policies", (*_sessions(), *_inside_zones(root, zones),
                           *(rule for name, node in root.entries("firewall policy").items()
                             for rule in policy_rules(name, node, around))), Verdict.DROP,
              LineRef(DOCUMENT, 0, "implied: policy 0 denies the rest")),
        *vpns.tables,
        Table("local", (*_sessions(), *vpns.local, *local_rules(root)), Verdict.DROP,
              LineRef(DOCUMENT, 0, "implied: nothing else is answered")))
    return DevicePolicy(
        intent.device, "fortinet_fortios", tables, interfaces=interfaces, routes=tuple(ways.found),
        before_routing=("forged sources", "virtual IPs"), forward=("policies",), local=("local",), routes_packets=True,
        tracks=True, unread=tuple(unread))


def _sessions() -> tuple[Rule, ...]:
    known, strange = Match(Field.STATE, ((1, 2),)), Match(Field.STATE, ((3, 3),))
    return (Rule((known,), Verdict.ACCEPT, LineRef(DOCUMENT, 0, "implied: sessions go on")),
            Rule((strange,), Verdict.DROP, LineRef(DOCUMENT, 0, "implied: belongs to no session")))


def _inside_zones(root: Node, zones: Mapping[str, tuple[str, ...]]) -> Iterator[Rule]:
    """What passes between members of a zone that allows it; whether a policy could still refuse it, nobody says."""
    for name, node in root.entries("system zone").items():
        if node.value("intrazone", "deny") == "allow":
            members = zones[name]
            yield Rule((At(Place.IN, members), At(Place.OUT, members)), Verdict.ACCEPT,
                       LineRef(DOCUMENT, node.settings["intrazone"].number, "set intrazone allow"),
                       unread="intrazone allow")


def _virtual_ips(library: Library) -> tuple[dict[str, VirtualIp], list[LineRef]]:
    found, unread = {}, []
    for name, node in library.vip_nodes.items():
        try:
            found[name] = library.virtual_ip(name)
        except UnknownError:
            unread.append(LineRef(DOCUMENT, node.number, f'edit "{name}"'))
    return found, unread


def _interfaces(root: Node) -> Iterator[RoutedInterface]:
    for name, node in root.entries("system interface").items():
        more = (item.values("ip") for item in node.at("config secondaryip").children.values())
        words = (node.values("ip"), *more, node.at("config ipv6").values("ip6-address"))
        addresses = [text for text in map(_address, words) if text]
        if addresses:
            yield RoutedInterface(name, tuple(addresses), port=name, closed=node.value("status") == "down",
                                  line=LineRef(DOCUMENT, node.number, f'edit "{name}"'))


def _address(words: tuple[str, ...]) -> str:
    """In CIDR form, empty when there is none that can be read."""
    try:
        found = ip_interface("/".join(words))
    except ValueError:
        return ""
    return str(found) if int(found.ip) else ""


def _forged(root: Node, interfaces: Iterable[RoutedInterface], routes: Iterable[Route]) -> Iterator[Rule]:
    """A source must be reachable by the interface on which it speaks: by the best way (strict), or by any."""
    node = root.at("config system settings")
    strict = node.value("strict-src-check") == "enable"
    line = LineRef(DOCUMENT, node.settings["strict-src-check"].number, "set strict-src-check enable") if strict else (
        LineRef(DOCUMENT, 0, "implied: a source must have a way back"))
    for family, width in ((4, 32), (6, 128)):
        ways = [(ip_interface(text).network, item.name) for item in interfaces for text in item.addresses]
        ways += [(ip_network(route.prefix), route.interface) for route in routes]
        mine = sorted((way for way in ways if way[0].version == family), key=lambda way: way[0].prefixlen)
        allowed = {item.name: IPSet() for item in interfaces}
        for network, name in mine:
            for other in allowed.values() if strict else ():
                other.remove(str(network))
            if name in allowed:
                allowed[name].add(str(network))
        for item in interfaces:
            if root.at("config system interface", f'edit "{item.name}"').value("src-check") == "disable":
                continue
            speaks = any(ip_interface(text).version == family for text in item.addresses) or (
                family == 4 and bool(item.outbound))
            senders = tuple((part.first, part.last) for part in allowed[item.name].iter_ipranges()) if speaks else ()
            here = (At(Place.IN, (item.name,)), Match(Field.FAMILY, ((family // 6, family // 6),)))
            if senders != ((0, (1 << width) - 1),):
                yield Rule((*here, Match(Field.SOURCE, senders, negated=True)), Verdict.DROP, line)
