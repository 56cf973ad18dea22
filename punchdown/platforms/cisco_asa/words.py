"""Jinja filters: rules, objects and translations in the words of the ASA. Pure functions.

Access lists stand inbound on every interface, so a policy's sources say on which it is rendered. A policy without
destinations opens towards the WAN only: it stands behind a denial of everything inside.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, FirewallIntent, Interface, PortForward, PortRange, Rule, Schedule
from punchdown.platforms.cisco_asa.entries import address_word, port_word
from punchdown.platforms.vpns import comes_by_vpn, remote_prefixes
from punchdown.values import Provenance

PREFIX = "PD-"
INSIDE = f"{PREFIX}inside"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_BANNER_LENGTH = 230
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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
    """The prefixes of both families behind the firewall and its VPNs, sorted."""
    found = {text for item in inside(firewall) for text in (item.prefix, item.prefix6, *item.behind) if text}
    found |= {*remote_prefixes(firewall)}
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
    own = [_network(text) for item in inside(firewall) for text in (item.prefix, item.prefix6, *item.behind) if text]
    return not any(_overlap(text, prefix) for text in rule.sources for prefix in own)


@lru_cache(maxsize=16384)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)


def _overlap(text: str, prefix: IPv4Network | IPv6Network) -> bool:
    one = _network(text)
    return one.version == prefix.version and one.overlaps(prefix)


def _senders(rule: Rule, interface: Interface) -> tuple[str, ...]:
    """The part of a policy's sources that an interface leads to."""
    own = [_network(text) for text in (interface.prefix, interface.prefix6, *interface.behind) if text]
    found = (str(max((_network(text), prefix), key=lambda network: network.prefixlen))
             for text in rule.sources for prefix in own if _overlap(text, prefix))
    return tuple(dict.fromkeys(found))


def protocol(rule: Rule) -> str:
    """The protocol word of a policy."""
    return "icmp6" if rule.protocol == "icmp" and rule.family == 6 else rule.protocol


def icmp_word(rule: Rule) -> str:
    """The device's word for a policy's ICMP type."""
    return {"neighbour-solicitation": "neighbor-solicitation", "ttl-exceeded": "time-exceeded",
            "neighbour-advertisement": "neighbor-advertisement"}.get(rule.icmp, rule.icmp)


def port_words(transport: str, ports: PortRange | None) -> str:
    if ports is None or (ports.first, ports.last) == (0, 65535):
        return ""
    first, last = port_word(transport, ports.first), port_word(transport, ports.last)
    return f"eq {first}" if ports.first == ports.last else f"range {first} {last}"


def _entries(rule: Rule, sources: tuple[str, ...]) -> Iterator[str]:
    sides = itertools.product(sources, rule.source_ports or (None,), rule.destinations or ("",),
                              rule.destination_ports or (None,))
    for source, source_ports, destination, ports in sides:
        parts = ("extended", rule.action, protocol(rule), address_word(source, rule.family),
                 port_words(rule.protocol, source_ports), address_word(destination, rule.family),
                 port_words(rule.protocol, ports), icmp_word(rule) if rule.protocol == "icmp" else "",
                 "log" if rule.log else "", _times(rule.schedule))
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
    ours = [(rule, sources) for rule in firewall.policies if (sources := _senders(rule, interface))]
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
    for rule in firewall.policies:
        if comes_by_vpn(rule, firewall):
            yield from (Line(text, rule.source) for text in _entries(rule, rule.sources))
    yield Line(f"extended deny ip object-group {INSIDE} any", firewall.source)
    for item in firewall.forwards:
        if item.allow and item.allow not in filled:
            continue
        source = f"object-group {name(f'net-{item.allow}')}" if item.allow else "any4"
        ports = port_words(item.protocol, real_ports(item))
        times = _times(item.schedule)
        text = f"extended permit {item.protocol} {source} host {item.host_address} {ports} {times}"
        yield Line(text.rstrip(), item.source)


def real_ports(forward: PortForward) -> PortRange:
    """The ports that the host sees."""
    if forward.ports.first != forward.ports.last or not forward.host_port:
        return forward.ports
    return PortRange(forward.host_port, forward.host_port)


def group_lines(prefixes: Iterable[str]) -> tuple[str, ...]:
    """The members of a network group, sorted."""
    return tuple(f"network-object {address_word(text)}" for text in sorted(prefixes, key=_place))


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


def time_range(schedule: Schedule) -> str:
    """The name of a time range: it says what it holds, so it never has to change.

    >>> time_range((("monday", "friday"), "08:00", "18:00"))
    'PD-t-mo-fr-0800-1800'
    """
    days, start, end = schedule or ((), "", "")
    return "-".join((f"{PREFIX}t", *(day[:2] for day in days), start.replace(":", ""), end.replace(":", "")))


def _times(schedule: Schedule) -> str:
    return f"time-range {time_range(schedule)}" if schedule else ""


def time_ranges(firewall: FirewallIntent) -> tuple[tuple[str, Line], ...]:
    """(name, what it holds) of every time range that a list names, sorted by name."""
    found: dict[str, Line] = {}
    limited = [(item.schedule, item.source) for item in firewall.policies]
    limited += [(item.schedule, item.source) for item in firewall.forwards]
    for schedule, source in limited:
        if schedule:
            days, start, end = schedule
            words = "daily" if len(days) == len(_DAYS) else " ".join(day.title() for day in _DAYS if day in days)
            found.setdefault(time_range(schedule),
                             Line(f"periodic {words} {_clock(_minutes(start))} to {_clock(_minutes(end) - 1)}",
                                  source))
    return tuple(sorted(found.items()))


def _minutes(text: str) -> int:
    return 60 * int(text[:2]) + int(text[3:])


def _clock(minutes: int) -> str:
    """As the device shows it: no zero in front of the hour. Its last minute still counts."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def older(version: str, major: int, minor: int) -> bool:
    """Whether a release is known to be older; one that is not known is taken as newer."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return found is not None and (int(found[1]), int(found[2])) < (major, minor)


def old_ssh(version: str) -> bool:
    """Whether a release still speaks SSH version 1 unless told otherwise.

    >>> old_ssh("9.8(4)"), old_ssh("9.16"), old_ssh("")
    (True, False, False)
    """
    return older(version, 9, 16)


def key_exchange(version: str) -> str:
    """The best group that a release knows: with SHA-256 from 9.12 on.

    >>> key_exchange("9.8(4)"), key_exchange("9.16(4)")
    ('dh-group14-sha1', 'dh-group14-sha256')
    """
    return "dh-group14-sha1" if older(version, 9, 12) else "dh-group14-sha256"
