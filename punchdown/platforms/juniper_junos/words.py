"""Jinja filters: names, terms and levels in the words of Junos. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from ipaddress import ip_network

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, LinkMode, PortIntent, PortRange, Rule, Vlan
from punchdown.platforms.lines import PREFIX, own_name

NAME_LENGTH = 64
_ICMP = {"echo": "echo-request"}
_ICMP6 = {"echo": "128", "echo-reply": "129", "neighbour-solicitation": "135", "neighbour-advertisement": "136"}
PER_CENT = {"ge": 10_000, "xe": 100_000}
"""kbit/s of one per cent of a port's speed; of other kinds the name does not tell it."""
_UNQUOTABLE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]')


def list_name(name: str) -> str:
    """The firewall filter of a filter. Names hold letters, digits, hyphens and underscores.

    >>> list_name("from-10.20.40.15")
    'PD-from-10_20_40_15'
    """
    return own_name(name).replace(".", "_")


def vlan_name(name: str, number: int) -> str:
    """The VLAN of a segment: our prefix says on the device who made it. The number is part of the name, so that a
    segment which moves leaves its old VLAN to those who still use it.

    >>> vlan_name("phones", 20)
    'PD-phones-20'
    """
    return f"{PREFIX}{name}-{number}"


def target_name(address: str) -> str:
    """What a receiver of traps is called.

    >>> target_name("10.20.99.100")
    'PD-10_20_99_100'
    """
    return list_name(address)


def vlan_of(intent: DeviceIntent, number: int) -> str:
    """The name of the VLAN with this number; one without a segment is for parking, or for 802.1X.

    Raises:
        RenderError: the device has no such VLAN.
    """
    found = next((vlan.name for vlan in intent.vlans if vlan.id == number), "")
    if not found and number != intent.parking_vlan and number not in further_vlans(intent):
        raise RenderError(f"VLAN {number} is not defined on the switch")
    return vlan_name(found or ("parking" if number == intent.parking_vlan else "dot1x"), number)


def further_vlans(intent: DeviceIntent) -> tuple[int, ...]:
    """VLANs into which 802.1X may put a port and that none of the switch's segments has, sorted."""
    found = {number for port in intent.ports if (dot1x := port.dot1x)
             for number in (dot1x.critical_vlan, dot1x.guest_vlan, dot1x.auth_fail_vlan)}
    return tuple(sorted(found - {vlan.id for vlan in intent.vlans} - {0, intent.parking_vlan}))


def vlan_number(intent: DeviceIntent, number: int) -> int:
    """The number, of a VLAN that the device has: a use by number outlives the name. Raises RenderError."""
    vlan_of(intent, number)
    return number


def quotable(text: str) -> bool:
    """Whether a text can stand between double quotes as it is."""
    return not _UNQUOTABLE.search(text)


def text(value: str) -> str:
    """A text in double quotes.

    Raises:
        RenderError: it holds a double quote, a backslash or a control character.
    """
    if not quotable(value):
        raise RenderError(f"a quote, a backslash or a control character in {value!r}")
    return f'"{value}"'


def banner_text(lines: Iterable[str]) -> str:
    """The banner as one quoted text; the device writes line ends as ``\\n``."""
    return '"' + "\\n".join(text(line)[1:-1] for line in lines) + '"'


def switchports(intent: DeviceIntent) -> tuple[PortIntent, ...]:
    """All ports that carry VLANs: those of the definition and its link aggregations, as ``aeN``."""
    return (*intent.ports, *(replace(link.port, name=f"ae{link.number}") for link in intent.links))


def port_filter(port: PortIntent) -> str:
    """The filter of frames that enter a port; the replies of what leaves it where that is filtered instead."""
    return port.reply_filter or port.filter_in


def carried_vlans(port: PortIntent) -> tuple[int, ...]:
    """The VLANs that a port carries, sorted."""
    return tuple(sorted({port.access_vlan, port.voice_vlan, *port.tagged} - {0}))


def members(port: PortIntent) -> tuple[int, ...]:
    """The VLANs that stand as members of the interface; voice is told elsewhere."""
    return port.tagged if port.mode is LinkMode.TRUNK else (port.access_vlan,)


def native(port: PortIntent) -> int:
    """The VLAN of a trunk's untagged frames, 0 where they are dropped."""
    return port.native_vlan if port.mode is LinkMode.TRUNK and port.native_vlan in port.tagged else 0


def port_range(ports: PortRange) -> str:
    """
    >>> port_range(PortRange(50000, 50511)), port_range(PortRange(22, 22))
    ('50000-50511', '22')
    """
    return str(ports.first) if ports.first == ports.last else f"{ports.first}-{ports.last}"


def _prefixes(side: str, prefixes: Iterable[str], family: int) -> list[str]:
    words = f"ip-{side}-address" if family == 4 else f"ip-version ipv6 ip6-{side}-address"
    return [f"from {words} {network}" for prefix in prefixes
            if (network := ip_network(prefix, strict=False)).prefixlen]


def clauses(rule: Rule) -> tuple[str, ...]:
    """What stands in the term of one rule, conditions first; lists of a condition are alternatives."""
    where = _prefixes("source", rule.sources, rule.family) + _prefixes("destination", rule.destinations, rule.family)
    if not where:
        where = [f"from ether-type ipv{rule.family}"]
    if rule.protocol != "ip":
        where.append(f"from ip-protocol {'icmp6' if (rule.protocol, rule.family) == ('icmp', 6) else rule.protocol}")
    for side, ranges in (("source", rule.source_ports), ("destination", rule.destination_ports)):
        if not any((item.first, item.last) == (0, 65535) for item in ranges):
            where += [f"from {side}-port {port_range(item)}" for item in ranges]
    if rule.protocol == "icmp" and rule.icmp:
        where.append(f"from icmp-type {(_ICMP if rule.family == 4 else _ICMP6).get(rule.icmp, rule.icmp)}")
    if rule.established and rule.protocol == "tcp":
        where.append("from tcp-established")
    return (*where, "then accept" if rule.action == "permit" else "then discard")


def vlan_filter(intent: DeviceIntent, vlan: Vlan) -> str:
    """The filter of frames that enter a VLAN, by what it does: it marks voice (``voice``) or unmarks (``untrusted``),
    and drops IPv6 where the segment has none; empty where there is nothing to do."""
    if vlan.id == intent.parking_vlan:
        return ""
    voice = intent.qos is not None and vlan.id in intent.qos.voice_vlans
    untrusted = intent.qos is not None and vlan.id in intent.qos.untrusted_vlans
    kind = "voice" if voice else "untrusted" if untrusted else "plain"
    if kind == "plain" and vlan.prefix6:
        return ""
    return f"{PREFIX}vlan-{kind}{'' if vlan.prefix6 else '-no-ipv6'}"


def vlan_filters(intent: DeviceIntent) -> tuple[str, ...]:
    """The names of all VLAN filters that are used, sorted."""
    return tuple(sorted({vlan_filter(intent, vlan) for vlan in intent.vlans} - {""}))


def forwarding_class(pcp: int) -> str:
    """The switch's own class for a class of traffic: voice (5 and above) is expedited, other marked traffic assured.

    >>> forwarding_class(6), forwarding_class(3)
    ('expedited-forwarding', 'assured-forwarding')
    """
    return "expedited-forwarding" if pcp >= 5 else "assured-forwarding"


def code_point(dscp: int) -> str:
    """
    >>> code_point(46)
    '101110'
    """
    return f"{dscp:06b}"


def storm_level(port: PortIntent) -> str:
    """The name of a level, for broadcast and multicast together since the device knows one for both: whole per cent of
    the port's speed, or kbit/s (``k``), which is what the device takes for anything finer.
    """
    level = min(port.broadcast_percent, port.multicast_percent)
    if level.is_integer() and level >= 1:
        return str(int(level))
    return f"{int(level * PER_CENT[port.name.partition('-')[0]])}k"


def storm_words(level: str) -> str:
    """
    >>> storm_words("3"), storm_words("5000k")
    ('bandwidth-percentage 3', 'bandwidth-level 5000')
    """
    return f"bandwidth-level {level[:-1]}" if level.endswith("k") else f"bandwidth-percentage {level}"


FILTERS: Mapping[str, Callable[..., object]] = {
    "banner_text": banner_text, "carried_vlans": carried_vlans, "clauses": clauses, "code_point": code_point,
    "forwarding_class": forwarding_class, "list_name": list_name, "members": members, "native": native,
    "further_vlans": further_vlans,
    "target_name": target_name,
    "port_filter": port_filter, "storm_level": storm_level, "storm_words": storm_words, "switchports": switchports,
    "text": text, "vlan_filter": vlan_filter, "vlan_filters": vlan_filters,
    "vlan_number": vlan_number, "vlan_of": vlan_of,
}
