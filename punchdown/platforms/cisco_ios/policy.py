"""The running or rendered configuration of a Catalyst as match-action tables.

Nothing comes from the intent but the device's name: addresses, VLANs and routes all stand in the text. Defaults that
a configuration does not show are those of the fact sheet: VLAN 1, all VLANs on a trunk, IP routing as the kind of
device has it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_ios import source_guard
from punchdown.platforms.cisco_ios.capabilities import DOCUMENT
from punchdown.platforms.cisco_ios.mirrors import expand_interfaces
from punchdown.platforms.cisco_ios.normalise import expand_vlans, long_name
from punchdown.platforms.cisco_ios.policy_groups import read_groups
from punchdown.platforms.cisco_ios.policy_known import is_harmless
from punchdown.platforms.cisco_ios.policy_lists import access_lists, table, table_name, undefined_table
from punchdown.platforms.cisco_ios.policy_maps import bind, bound_policies, read_maps
from punchdown.platforms.cisco_ios.policy_ports import Bound, Interface, interfaces
from punchdown.platforms.cisco_ios.policy_routes import DISCARDING, is_route, routes
from punchdown.platforms.cisco_ios.policy_sections import Section, sections
from punchdown.platforms.cisco_ios.policy_subscribers import with_policies
from punchdown.platforms.cisco_ios.policy_vrfs import lonely, overlapping, vrf_table
from punchdown.values.policy import (
    DevicePolicy,
    Enter,
    Field,
    LineRef,
    Match,
    PortPolicy,
    RoutedInterface,
    Rule,
    Table,
    Verdict,
)

SNOOPING = "ip dhcp snooping"
TERMINALS = "access-class of the terminal lines"
NO_IPV6_ROUTING = "IPv6 routing"

_READ = re.compile(
    r"interface (?!range )|vlan [\d,-]+$|ip route (?!vrf|static|profile)|ipv6 route (?!vrf)|ip default-gateway |"
    r"vlan (?:access-map|filter) |ip routing$|ipv6 unicast-routing$|vlan dot1q tag native$|no ")
_MATTERS = re.compile(r"cts role-based enforcement.*|monitor session .* ingress .*")
_SENSOR = re.compile(r"monitor session \d+ destination interface (.+?)(?: encapsulation \S+)?")
_MATTERS_BELOW = {
    "vlan": re.compile(r"shutdown|state suspend|private-vlan .*|remote-span"),
    "policy-map": re.compile(r"drop|(?:conform-action|police .* conform-action) drop.*|inspect.*|set ip next-hop .*"),
}
_NEVER_SWITCHED = re.compile(r"(?:Vlan|Loopback|Tunnel|Null|Dialer|BDI|BVI|Multilink|Serial|Cellular|nve|AppGig)")
_OWN = re.compile(r"(?:ip |ipv6 )?access-list ")
_ROUTERS = re.compile(r"(?:ISR|ASR|CSR|C8[0-9]{2}|C1[0-9]{3}|cisco[0-9]{3,4}|[0-9]{3,4}-?ISR|C8[0-9]00)", re.IGNORECASE)


def policy(intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
    """What the document ``running-config`` lets through; an empty policy where there is none."""
    found = sections(DOCUMENT, documents.get(DOCUMENT, ""))
    ports = with_policies(interfaces(found), found)
    groups, lists = read_groups(found), access_lists(found)
    tables = {item.table: table(item, groups) for item in lists}
    terminals, classes = _terminals(found)
    bound = [one for item in ports for one in item.lists] + classes
    undefined = {table_name(one.name, one.family): one for one in bound
                 if table_name(one.name, one.family) not in tables}
    tables |= {name: undefined_table(one.name, one.family, one.line) for name, one in undefined.items()}
    maps = read_maps(found, tables)
    a_switch = _is_a_switch(ports, intent)
    fixed = frozenset(port.name for port in intent.ports if any(address for _, address, _ in port.hosts))
    switchports, snooping = _switchports(ports, found, fixed, a_switch=a_switch)
    switchports, routed, filters = bind(switchports, _routed(ports, a_switch=a_switch), maps)
    routing, routing6 = _routing(intent, found, ports, a_switch=a_switch)
    paths = routes(found, routing)
    if any(route.interface == DISCARDING for route in paths):
        routed = (*routed, RoutedInterface(DISCARDING, ()))
    vrfs = vrf_table(ports)
    own = ([vrfs] if vrfs else []) + ([] if routing6 or not routing else [_no_ipv6(DOCUMENT)])
    forward = tuple(item.name for item in own)
    extra = [*terminals, *snooping, *maps.tables, *filters, *own]
    used = {word for section in found if not _OWN.match(section.text)
            for line in (section.head, *section.body) for word in line.text.split()}
    return DevicePolicy(
        intent.device, "cisco_ios", (*tables.values(), *extra), switchports, routed,
        paths, forward=forward,
        local=(TERMINALS,) if terminals else (), routes_packets=routing,
        unused=tuple(item.table for item in lists if item.name not in used),
        undefined=tuple((name, one.line) for name, one in undefined.items()),
        unread=(*overlapping(ports), *maps.unread, *_unread(found, routing, lonely(ports)),
                *_unread_ports(intent, ports, found)))


def _terminals(found: Iterable[Section]) -> tuple[tuple[Table, ...], list[Bound]]:
    """The class that judges SSH and Telnet to the device. The first free line answers, so classes that differ between
    lines make it unknown which one holds."""
    classes: dict[str, Bound] = {}
    bare: list[LineRef] = []
    for section in found:
        if not section.text.startswith("line vty"):
            continue
        matches = [match for line in section.body
                   if (match := re.fullmatch(r"access-class (\S+) in(?: vrf-also| vrfname \S+)?", line.text))]
        lines = {line.text: line for line in section.body}
        for match in matches:
            classes.setdefault(match[1], Bound(4, match[1], "in", lines[match[0]]))
        if not matches:
            bare.append(section.head)
    if not classes:
        return (), []
    sure = len(classes) == 1 and not bare
    rules = tuple(Rule((Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((6, 6),)),
                        Match(Field.DESTINATION_PORT, ((22, 23),))), Enter(table_name(one.name, 4), returns=False),
                       one.line, unread="" if sure else "another terminal line has another class")
                  for one in classes.values())
    return (Table(TERMINALS, rules, Verdict.ACCEPT),), list(classes.values())


def _snooping(found: Iterable[Section]) -> tuple[tuple[int, ...], LineRef | None]:
    """VLANs under DHCP snooping and the line that switches it on, None while it is off."""
    vlans: set[int] = set()
    switched_on = None
    for section in found:
        if section.text == "ip dhcp snooping":
            switched_on = section.head
        elif match := re.fullmatch(r"ip dhcp snooping vlan ([\d,-]+)", section.text):
            vlans |= set(expand_vlans(match[1]))
    return tuple(sorted(vlans)) if switched_on else (), switched_on


def _snooping_table(name: str, tags: tuple[int, ...], line: LineRef) -> Table:
    """An untrusted port takes no answer of a DHCP server; ``tags`` are the VLAN tags under snooping, empty = all.
    Source: Catalyst security configuration guide, "DHCP Snooping"."""
    answer = (Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((17, 17),)),
              Match(Field.SOURCE_PORT, ((67, 67),)), Match(Field.DESTINATION_PORT, ((68, 68),)))
    vlans = (Match(Field.VLAN, tuple((tag, tag) for tag in tags)),) if tags else ()
    return Table(name, (Rule((*vlans, *answer), Verdict.DROP, line),), Verdict.ACCEPT, line)


def _no_ipv6(document: str) -> Table:
    line = LineRef(document, 0, "implied: no ipv6 unicast-routing")
    return Table(NO_IPV6_ROUTING, (Rule((Match(Field.FAMILY, ((1, 1),)),), Verdict.DROP, line),), Verdict.ACCEPT)


def _routing(intent: DeviceIntent, found: Iterable[Section], ports: Iterable[Interface], *,
             a_switch: bool) -> tuple[bool, bool]:
    """Whether IPv4 and IPv6 are routed. Where no line says so, routers do and switches do not; a device without
    switch ports and SVIs is a router."""
    texts = {section.text for section in found}
    switch = a_switch or any(item.switchport or re.match(r"Vlan(?!1$)", item.name) for item in ports)
    default = bool(_ROUTERS.match(intent.model)) or not switch
    routing = "ip routing" in texts or (default and "no ip routing" not in texts)
    return routing, routing and "ipv6 unicast-routing" in texts


def _is_switchport(item: Interface, a_switch: bool) -> bool:
    if _NEVER_SWITCHED.match(item.name) or "." in item.name:
        return False
    return a_switch if item.switchport is None else item.switchport


def _is_a_switch(ports: tuple[Interface, ...], intent: DeviceIntent) -> bool:
    """Any port says so; or those of the definition say nothing, as on a new device, and the definition says so."""
    declared = {port.name for port in intent.ports}
    here = [item for item in ports if item.name in declared]
    silent = here and not any(item.addresses or item.switchport is not None for item in here)
    return any(item.switchport for item in ports) or bool(silent and intent.role.endswith("switch"))


def _switchports(ports: tuple[Interface, ...], found: tuple[Section, ...], fixed: frozenset[str], *,
                 a_switch: bool) -> tuple[tuple[PortPolicy, ...], tuple[Table, ...]]:
    """The switch ports, members of a bundle with the bundle's settings, and the tables that check who sends.
    ``fixed`` are ports of machines with addresses of their own; who is on another port that is checked has a lease."""
    bundles = {item.name: item for item in ports if item.name.startswith("Port-channel")}
    bundled = {f"Port-channel{item.group}" for item in ports if item.group}
    texts = {section.text for section in found}
    sensors = {name for text in texts if (match := _SENSOR.fullmatch(text)) for name in _names(match[1])}
    snooped, line = _snooping(found)
    bound = source_guard.bindings(found, long_name)
    tables: dict[str, Table] = {}
    policies = []
    for item in ports:
        settings = bundles.get(f"Port-channel{item.group}", item)
        if item.name in bundled or not _is_switchport(settings, a_switch):
            continue
        untagged, tagged = _vlans(settings, "vlan dot1q tag native" in texts)
        carried = {untagged: 0, **{vlan: vlan for vlan in tagged}}
        tags = tuple(tag for vlan, tag in carried.items() if vlan in snooped)
        inbound = _tables(settings, "in")
        if tags and line and not settings.dhcp_trusted:
            partial = () if len(tags) == len(carried) else tags
            name = " ".join((SNOOPING, *map(str, partial)))
            tables[name] = _snooping_table(name, partial, line)
            inbound = (name, *inbound)
        checked = {vlan: tag for vlan, tag in carried.items() if vlan in snooped}
        if settings.verifies and checked and not settings.dhcp_trusted and (item.name in bound or item.name in fixed):
            guard = source_guard.guard_table(item.name, settings.verifies, checked, bound.get(item.name, ()))
            tables[guard.name] = guard
            inbound = (guard.name, *inbound)
        authenticates = (item.pae and "dot1x system-auth-control" in texts) or item.mab
        policies.append(PortPolicy(
            item.name, untagged, tagged, inbound, _tables(settings, "out"),
            closed=item.closed or settings.closed or item.control == "force-unauthorized" or item.name in sensors,
            guarded=item.control == "auto" and authenticates and not item.open, line=item.line, guest=item.guest))
    return tuple(policies), tuple(tables.values())


def _names(text: str) -> tuple[str, ...]:
    """The ports of sensors; a list that is not understood closes none."""
    try:
        return tuple(expand_interfaces(text, long_name))
    except ValueError:
        return ()


def _vlans(item: Interface, tags_native: bool) -> tuple[int, tuple[int, ...]]:
    if item.mode != "trunk":
        return item.access, (item.voice,) if item.voice and item.voice != item.access else ()
    native = 0 if tags_native or item.native not in item.allowed else item.native
    return native, tuple(vlan for vlan in item.allowed if vlan != native)


def _tables(item: Interface, direction: str) -> tuple[str, ...]:
    return tuple(table_name(one.name, one.family) for one in sorted(item.lists, key=lambda one: one.family)
                 if one.direction == direction)


def _routed(ports: tuple[Interface, ...], *, a_switch: bool) -> Iterator[RoutedInterface]:
    for item in ports:
        if _is_switchport(item, a_switch) or item.group or item.name == DISCARDING:
            continue
        vlan = int(item.name.removeprefix("Vlan")) if re.fullmatch(r"Vlan\d+", item.name) else 0
        port, _, _ = item.name.partition(".")
        yield RoutedInterface(item.name, item.addresses, vlan or item.tag, "" if vlan else port, _tables(item, "in"),
                              _tables(item, "out"), item.closed, item.line)


def _unread(found: Iterable[Section], routing: bool, vrfs: Collection[str]) -> Iterator[LineRef]:
    """Lines that could matter and were not understood. ``vrfs`` are those whose routes lead nowhere else."""
    bound = bound_policies(found)
    for section in found:
        text = section.text
        if (match := re.match(r"ip(?:v6)? route vrf (\S+) ", text)) and match[1] in vrfs:
            continue
        if text.startswith("policy-map ") and text.split()[-1] not in bound:
            continue
        if _MATTERS.fullmatch(text) or not (_READ.match(text) or is_harmless("global", text)):
            if routing or not text.startswith("router "):
                yield section.head
        elif re.match(r"ip(?:v6)? route ", text):
            if routing and not is_route(text):
                yield section.head
        elif pattern := _MATTERS_BELOW.get(text.split()[0]):
            yield from (line for line in section.body if pattern.fullmatch(line.text))


def _unread_ports(intent: DeviceIntent, ports: tuple[Interface, ...], found: Iterable[Section]) -> Iterator[LineRef]:
    """Lines of open interfaces that were not understood, and switch ports that the definition uses and whose mode is
    negotiated."""
    declared = {port.name for port in intent.ports}
    a_switch = _is_a_switch(ports, intent)
    system = any(section.text == "dot1x system-auth-control" for section in found)
    for item in ports:
        switchport = _is_switchport(item, a_switch)
        if item.closed or not (switchport or item.addresses or item.group):
            continue
        yield from item.unread
        if switchport and not item.mode and not item.group and item.name in declared:
            yield item.line
        if item.control == "auto" and not item.open and not item.mab and not (item.pae and system):
            yield item.line
