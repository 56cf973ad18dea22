"""Jinja filters: rules, objects and translations in the words of the ASA. Pure functions.

Access lists stand inbound on every interface, so a policy's sources say on which it is rendered. A policy without
destinations opens towards the WAN only: it stands behind a denial of everything inside.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, FirewallIntent, Interface, PortForward, PortRange, Rule
from punchdown.platforms.cisco_asa.entries import address_word, port_word
from punchdown.values import Provenance

PREFIX = "PD-"
INSIDE = f"{PREFIX}inside"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_BANNER_LENGTH = 230
_DSCP = {8: "cs1", 16: "cs2", 24: "cs3", 32: "cs4", 34: "af41", 40: "cs5", 46: "ef", 48: "cs6", 56: "cs7"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line with where it comes from."""

    text: str
    source: Provenance


def name(text: str) -> str:
    """A name of ours on the device. Raises RenderError for what is none.

    >>> name("in-lan110")
    'PD-in-lan110'
    """
    if not _NAME.fullmatch(text) or len(text) > 60:
        raise RenderError(f"not a name for an object: {text!r}")
    return f"{PREFIX}{text}"


def is_name(text: str) -> bool:
    """Whether the device takes it as its host name."""
    return _HOST_NAME.fullmatch(text) is not None


def family(text: str) -> int:
    """4 or 6 of an address or prefix, 0 for anything else."""
    try:
        return ip_address(text.partition("/")[0]).version
    except ValueError:
        return 0


def of_family(prefixes: Iterable[str], wanted: int) -> tuple[str, ...]:
    """The prefixes of one family, in order."""
    return tuple(prefix for prefix in prefixes if family(prefix) == wanted)


def banner_fault(line: str) -> str:
    """Why the device would not keep a banner line as it is; empty when it would."""
    if not line.isprintable():
        return "holds a control character"
    if "?" in line:
        return "holds a question mark, which asks the command line for help"
    if "$(" in line:
        return "holds $(, which the device replaces"
    return f"has more than {_BANNER_LENGTH} characters" if len(line) > _BANNER_LENGTH else ""


def banner_line(line: str) -> str:
    """A banner line. Raises RenderError where the device would not keep it."""
    if fault := banner_fault(line):
        raise RenderError(f"a banner line {fault}: {line!r}")
    return line


def inside(firewall: FirewallIntent) -> tuple[Interface, ...]:
    """The interfaces other than the WAN's."""
    return tuple(item for item in firewall.interfaces if item.name != firewall.wan)


def inside_prefixes(firewall: FirewallIntent) -> tuple[str, ...]:
    """The prefixes of both families behind the firewall, sorted."""
    found = {text for item in inside(firewall) for text in (item.prefix, item.prefix6, *item.behind) if text}
    return tuple(sorted(found, key=_place))


def _place(prefix: str) -> tuple[int, int, int]:
    network = ip_network(prefix)
    return network.version, int(network.network_address), network.prefixlen


def leg_of(firewall: FirewallIntent, address: str) -> str:
    """The inside interface that leads to an address, empty when none does."""
    wanted = ip_address(address)
    return next((item.name for item in inside(firewall) for text in (item.prefix, item.prefix6, *item.behind)
                 if text and wanted in ip_network(text)), "")


def from_wan(rule: Rule, firewall: FirewallIntent) -> bool:
    """Whether a policy opens from outside: no sources, or none that overlaps a prefix behind the firewall."""
    own = [ip_network(text) for item in inside(firewall) for text in (item.prefix, item.prefix6, *item.behind) if text]
    return not any(_overlap(text, prefix) for text in rule.sources for prefix in own)


def _overlap(text: str, prefix: IPv4Network | IPv6Network) -> bool:
    one = ip_network(text, strict=False)
    return one.version == prefix.version and one.overlaps(prefix)


def _senders(rule: Rule, interface: Interface) -> tuple[str, ...]:
    """The part of a policy's sources that an interface leads to."""
    own = [ip_network(text) for text in (interface.prefix, interface.prefix6, *interface.behind) if text]
    found = (str(max((ip_network(text, strict=False), prefix), key=lambda network: network.prefixlen))
             for text in rule.sources for prefix in own if _overlap(text, prefix))
    return tuple(dict.fromkeys(found))


def protocol(rule: Rule) -> str:
    """The protocol word of a policy."""
    return "icmp6" if rule.protocol == "icmp" and rule.family == 6 else rule.protocol


def icmp_word(rule: Rule) -> str:
    """The device's word for a policy's ICMP type."""
    return {"neighbour-solicitation": "neighbor-solicitation", "ttl-exceeded": "time-exceeded",
            "neighbour-advertisement": "neighbor-advertisement"}.get(rule.icmp, rule.icmp)


def _ports(transport: str, ports: PortRange | None) -> str:
    if ports is None or (ports.first, ports.last) == (0, 65535):
        return ""
    first, last = port_word(transport, ports.first), port_word(transport, ports.last)
    return f"eq {first}" if ports.first == ports.last else f"range {first} {last}"


def _entries(rule: Rule, sources: tuple[str, ...]) -> Iterator[str]:
    sides = itertools.product(sources, rule.source_ports or (None,), rule.destinations or ("",),
                              rule.destination_ports or (None,))
    for source, source_ports, destination, ports in sides:
        parts = ("extended", rule.action, protocol(rule), address_word(source, rule.family),
                 _ports(rule.protocol, source_ports), address_word(destination, rule.family),
                 _ports(rule.protocol, ports), icmp_word(rule) if rule.protocol == "icmp" else "",
                 "log" if rule.log else "")
        yield " ".join(part for part in parts if part)


def list_lines(firewall: FirewallIntent, interface: Interface) -> tuple[Line, ...]:
    """The list of what may enter by an interface, in order."""
    lines = _from_wan(firewall) if interface.name == firewall.wan else _from_inside(firewall, interface)
    last = Line(f"extended deny ip any any{' log' if firewall.log else ''}", firewall.source)
    found: dict[str, Line] = {}
    for line in (*lines, last):
        found.setdefault(line.text, line)
    return tuple(found.values())


def _from_inside(firewall: FirewallIntent, interface: Interface) -> Iterator[Line]:
    ours = [(rule, sources) for rule in firewall.policies
            if not from_wan(rule, firewall) and (sources := _senders(rule, interface))]
    for rule, sources in ours:
        if rule.destinations:
            yield from (Line(text, rule.source) for text in _entries(rule, sources))
    outward = [(rule, sources) for rule, sources in ours if not rule.destinations]
    if outward:
        yield Line(f"extended deny ip any object-group {INSIDE}{' log' if firewall.log else ''}", firewall.source)
    for rule, sources in outward:
        yield from (Line(text, rule.source) for text in _entries(rule, sources))


def _from_wan(firewall: FirewallIntent) -> Iterator[Line]:
    filled = {item.name for item in firewall.netblocks if of_family(item.prefixes, 4)}
    if firewall.denied in filled:
        yield Line(f"extended deny ip object-group {name(f'net-{firewall.denied}')} any4", firewall.source)
    yield Line(f"extended deny ip object-group {INSIDE} any", firewall.source)
    for item in firewall.forwards:
        if item.allow and item.allow not in filled:
            continue
        source = f"object-group {name(f'net-{item.allow}')}" if item.allow else "any4"
        ports = _ports(item.protocol, real_ports(item))
        yield Line(f"extended permit {item.protocol} {source} host {item.host_address} {ports}", item.source)


def real_ports(forward: PortForward) -> PortRange:
    """The ports that the host sees."""
    if forward.ports.first != forward.ports.last or not forward.host_port:
        return forward.ports
    return PortRange(forward.host_port, forward.host_port)


def group_lines(prefixes: Iterable[str]) -> tuple[str, ...]:
    """The members of a network group, sorted."""
    return tuple(f"network-object {address_word(text)}" for text in sorted(prefixes, key=_place))


def network_object(prefix: str) -> str:
    """The name of the object of a host or network: it says what it holds, so it never has to change.

    >>> network_object("10.0.0.1/32"), network_object("10.0.0.0/24")
    ('PD-h-10.0.0.1', 'PD-n-10.0.0.0-24')
    """
    network = ip_network(prefix)
    if network.prefixlen == network.max_prefixlen:
        return f"{PREFIX}h-{network.network_address}"
    return f"{PREFIX}n-{network.network_address}-{network.prefixlen}"


def _service_object(side: str, transport: str, ports: PortRange) -> str:
    return f"{PREFIX}{side}-{transport}-{ports}"


def _mapped(firewall: FirewallIntent, address: str) -> str:
    return "interface" if address == firewall.wan_address else network_object(address)


def hairpins(firewall: FirewallIntent) -> tuple[tuple[PortForward, str], ...]:
    """Forwards that inside clients use as well, with the interface of the clients."""
    return tuple((item, leg) for item in firewall.forwards if item.hairpin for leg in firewall.hairpin_interfaces)


def published(firewall: FirewallIntent) -> tuple[PortForward, ...]:
    """One forward per inside host, for what the host opens itself."""
    first = {item.host_address: item for item in reversed(firewall.forwards)}
    return tuple(first[address] for address in sorted(first, key=ip_address))


def network_objects(firewall: FirewallIntent) -> tuple[tuple[str, Line], ...]:
    """(name, what it holds) of every object that a translation names, sorted by name."""
    found: dict[str, Line] = {}

    def add(prefix: str, source: Provenance) -> None:
        network = ip_network(prefix)
        single = network.prefixlen == network.max_prefixlen
        text = f"host {network.network_address}" if single else f"subnet {network.network_address} {network.netmask}"
        found.setdefault(network_object(prefix), Line(text, source))

    for item in firewall.forwards:
        add(item.host_address, item.source)
        hairpin = item.hairpin and firewall.hairpin_interfaces
        if item.public_address != firewall.wan_address or hairpin:
            add(item.public_address, item.source)
    for item, leg in hairpins(firewall):
        if leg == leg_of(firewall, item.host_address):
            add(_prefix_of(firewall, leg), item.source)
    for prefix in firewall.source_nat:
        add(prefix, firewall.source)
    return tuple(sorted(found.items()))


def _prefix_of(firewall: FirewallIntent, leg: str) -> str:
    return next(item.prefix for item in firewall.interfaces if item.name == leg)


def service_objects(firewall: FirewallIntent) -> tuple[tuple[str, Line], ...]:
    """(name, what it holds) of every service that a translation names: source ports of a server as it answers,
    destination ports as an inside client asks."""
    found: dict[str, Line] = {}
    for item in firewall.forwards:
        for ports in (real_ports(item), item.ports):
            found.setdefault(_service_object("s", item.protocol, ports),
                             Line(f"service {item.protocol} source {_ports(item.protocol, ports)}", item.source))
            if item.hairpin and firewall.hairpin_interfaces:
                found.setdefault(_service_object("d", item.protocol, ports), Line(
                    f"service {item.protocol} destination {_ports(item.protocol, ports)}", item.source))
    return tuple(sorted(found.items()))


def translations(firewall: FirewallIntent) -> tuple[Line, ...]:
    """Every translation in the order in which the device tries them: forwards, their hairpins, then sources."""
    lines = []
    for item in firewall.forwards:
        leg, host = leg_of(firewall, item.host_address), network_object(item.host_address)
        real, public = (_service_object("s", item.protocol, ports) for ports in (real_ports(item), item.ports))
        lines.append(Line(f"nat ({leg},{firewall.wan}) source static {host} "
                          f"{_mapped(firewall, item.public_address)} service {real} {public}", item.source))
    for item, client in hairpins(firewall):
        leg, host = leg_of(firewall, item.host_address), network_object(item.host_address)
        real, public = (_service_object("d", item.protocol, ports) for ports in (real_ports(item), item.ports))
        source = (f"dynamic {network_object(_prefix_of(firewall, client))} interface" if client == leg
                  else "static any any")
        end = "" if client == leg else " unidirectional"
        lines.append(Line(f"nat ({client},{leg}) source {source} destination static "
                          f"{network_object(item.public_address)} {host} service {public} {real}{end}", item.source))
    lines += [_outward(firewall, item.host_address, _mapped(firewall, item.public_address), item.source)
              for item in published(firewall)]
    lines += [_outward(firewall, prefix, "interface", firewall.source) for prefix in firewall.source_nat]
    return tuple(lines)


def _outward(firewall: FirewallIntent, prefix: str, mapped: str, source: Provenance) -> Line:
    leg = leg_of(firewall, prefix.partition("/")[0])
    return Line(f"nat ({leg},{firewall.wan}) after-auto source dynamic {network_object(prefix)} {mapped}", source)


def voice_mark(intent: DeviceIntent) -> str:
    """The mark of speech, empty where nothing is to go first or nothing leads out."""
    if intent.qos is None or intent.firewall is None or not intent.firewall.wan:
        return ""
    mark = next((item.dscp for item in intent.qos.classes if item.name == "media"), 0)
    return _DSCP.get(mark, str(mark)) if mark else ""


def pings(firewall: FirewallIntent) -> bool:
    """Whether a policy speaks of ICMP: without inspection no answer would come back."""
    return any(rule.protocol in {"icmp", "ip"} for rule in firewall.policies)


def access(prefix: str) -> str:
    """Address and mask of those who may log in."""
    network = ip_network(prefix)
    return f"{network.network_address} {network.netmask}"


def old_ssh(version: str) -> bool:
    """Whether a release still speaks SSH version 1 unless told otherwise; one that is not known is taken as newer.

    >>> old_ssh("9.8(4)"), old_ssh("9.16"), old_ssh("")
    (True, False, False)
    """
    found = re.match(r"(\d+)\.(\d+)", version)
    return bool(found) and (int(found[1]), int(found[2])) < (9, 16)  # type: ignore[index]


FILTERS: Mapping[str, Callable[..., object]] = {
    "asa_access": access, "asa_banner": banner_line, "asa_family": of_family, "asa_group": group_lines,
    "asa_inside": inside_prefixes, "asa_lines": list_lines, "asa_name": name, "asa_networks": network_objects,
    "asa_old_ssh": old_ssh, "asa_pings": pings, "asa_services": service_objects, "asa_translations": translations,
    "asa_voice": voice_mark,
}
