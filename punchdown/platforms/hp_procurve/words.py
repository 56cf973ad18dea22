"""Jinja filters: rules, names and port groups in the words of ArubaOS-Switch. Pure functions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_network

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, Filter, LinkMode, PortIntent, PortRange, Rule
from punchdown.platforms.hp_procurve.ports import collapse, port_key
from punchdown.values import Provenance

PREFIX = "PD-"
NAME_LENGTH = {"list": 60, "vlan": 32, "port": 64}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_ICMP = {"echo": 8, "echo-reply": 0}
_ICMP6 = {"echo": 128, "echo-reply": 129, "neighbour-solicitation": 135, "neighbour-advertisement": 136}
_ANY4 = "0.0.0.0 255.255.255.255"


@dataclass(frozen=True, slots=True)
class Group:
    """Ports of one definition that get the same line; ``value`` is what the line says of them."""

    ports: tuple[str, ...]
    value: object
    source: Provenance

    @property
    def list(self) -> str:
        """As one port list."""
        return collapse(self.ports)


def list_name(name: str, family: int = 4) -> str:
    """The access list of a filter; both families share one name space, so IPv6 lists end in ``-6``.

    >>> list_name("to-mivb-1"), list_name("to-mivb-1", 6)
    ('PD-to-mivb-1', 'PD-to-mivb-1-6')
    """
    if not _NAME.fullmatch(name):
        raise RenderError(f"not a name for an access list: {name!r}")
    return f"{PREFIX}{name}{'-6' if family == 6 else ''}"


def vlan_name(name: str) -> str:
    """The name of a segment's VLAN: our prefix says on the device who made it.

    >>> vlan_name("phones")
    'PD-phones'
    """
    return f"{PREFIX}{name}"


def endpoint(prefix: str, family: int = 4) -> str:
    """An address of a list as the device shows it; the empty prefix is any address.

    >>> endpoint("10.0.0.1/32"), endpoint("10.0.0.0/22"), endpoint(""), endpoint("", 6)
    ('10.0.0.1 0.0.0.0', '10.0.0.0 0.0.3.255', '0.0.0.0 255.255.255.255', '::/0')
    """
    if not prefix:
        return _ANY4 if family == 4 else "::/0"
    network = ip_network(prefix, strict=False)
    return f"{network.network_address} {network.hostmask}" if family == 4 else str(network)


def code_point(dscp: int) -> str:
    """A DSCP in binary, as the device prints it.

    >>> code_point(46)
    '101110'
    """
    return f"{dscp:06b}"


def _ports(ports: PortRange | None) -> str:
    if ports is None or (ports.first, ports.last) == (0, 65535):
        return ""
    return f"eq {ports.first}" if ports.first == ports.last else f"range {ports.first} {ports.last}"


def _tail(rule: Rule) -> list[str]:
    words = []
    if rule.protocol == "icmp" and rule.icmp:
        words.append(str((_ICMP6 if rule.family == 6 else _ICMP)[rule.icmp]))
    if rule.established and rule.protocol == "tcp":
        words.append("established")
    if rule.log:
        words.append("log")
    return words


def entries(rule: Rule) -> str:
    """One rule as access-list lines without sequence numbers: one per source, destination and port range."""
    sides = itertools.product(rule.sources or ("",), rule.source_ports or (None,), rule.destinations or ("",),
                              rule.destination_ports or (None,))
    protocol = "ipv6" if rule.protocol == "ip" and rule.family == 6 else rule.protocol
    lines = []
    for source, source_ports, destination, destination_ports in sides:
        words = [rule.action, protocol, endpoint(source, rule.family), _ports(source_ports),
                 endpoint(destination, rule.family), _ports(destination_ports), *_tail(rule)]
        lines.append(" ".join(word for word in words if word))
    return "\n".join(dict.fromkeys(lines))


def rest(filter_: Filter, family: int = 4) -> str:
    """The last line of a list: what no rule of it says anything of."""
    words = f"{filter_.rest} ip {_ANY4} {_ANY4}" if family == 4 else f"{filter_.rest} ipv6 ::/0 ::/0"
    return f"{words} log" if filter_.rest == "deny" and filter_.log_denied else words


def port_filter(port: PortIntent) -> str:
    """The filter of frames that enter a port. What leaves can't be filtered, so its replies are (``reply_filter``)."""
    return port.reply_filter or port.filter_in


def carried_vlans(port: PortIntent) -> set[int]:
    """The VLANs that a port carries."""
    return {port.access_vlan, port.voice_vlan, *port.tagged} - {0}


def port_list6(port: PortIntent) -> str:
    """The IPv6 list of frames that enter a port, empty where every VLAN of it declares IPv6 and no filter applies.

    An access port with IPv6 in one VLAN only takes that VLAN's prefix for all it carries.
    """
    if not carried_vlans(port) & set(port.ipv6_vlans):
        return f"{PREFIX}no-ipv6"
    name = port_filter(port)
    if not name and port.mode is LinkMode.ACCESS and carried_vlans(port) - set(port.ipv6_vlans):
        return f"{PREFIX}only-ipv6-of-{port.ipv6_vlans[0]}"
    return list_name(name, 6) if name else ""


def switch_ports(intent: DeviceIntent) -> tuple[PortIntent, ...]:
    """All ports, aggregations under the names that the device gives them."""
    return (*intent.ports, *(replace(link.port, name=f"Trk{link.number}") for link in intent.links))


def _grouped(found: Iterable[tuple[str, object, Provenance]]) -> list[Group]:
    groups: dict[tuple[object, Provenance], list[str]] = {}
    for name, value, source in found:
        groups.setdefault((value, source), []).append(name)
    return [Group(tuple(sorted(ports, key=port_key)), value, source) for (value, source), ports in groups.items()]


def _native(port: PortIntent) -> int:
    """The VLAN of untagged frames; a trunk drops them unless it carries that VLAN."""
    if port.mode is LinkMode.ACCESS:
        return port.access_vlan
    return port.native_vlan if port.native_vlan in port.tagged else 0


def untagged(intent: DeviceIntent, vlan: int) -> list[Group]:
    """The ports whose untagged frames are in a VLAN; 0: those that have no untagged VLAN."""
    def own(port: PortIntent) -> int:
        if port.mode is LinkMode.CLOSED:
            return intent.parking_vlan
        return _native(port)

    return _grouped((port.name, vlan, port.source) for port in switch_ports(intent) if own(port) == vlan)


def tagged(intent: DeviceIntent, vlan: int) -> list[Group]:
    """The ports that carry a VLAN with its tag."""
    return _grouped((port.name, vlan, port.source) for port in switch_ports(intent)
                    if port.mode is not LinkMode.CLOSED and vlan in carried_vlans(port)
                    and vlan != _native(port))


CLIENTS = {"single-host": 1, "multi-domain": 2, "multi-auth": 32}
"""Authenticated clients of one port by host mode. The device has no keyword for a phone and a PC: two clients."""


def _dot1x_lines(port: PortIntent) -> Iterator[str]:
    policy = port.dot1x
    if policy is None:
        return
    clients = CLIENTS[policy.host_mode]
    yield "aaa port-access authenticator {}"
    if policy.tx_period_seconds not in {0, 30}:
        yield f"aaa port-access authenticator {{}} tx-period {policy.tx_period_seconds}"
    if policy.reauth_seconds:
        yield f"aaa port-access authenticator {{}} reauth-period {policy.reauth_seconds}"
    if policy.guest_vlan:
        yield f"aaa port-access authenticator {{}} unauth-vid {policy.guest_vlan}"
    yield f"aaa port-access authenticator {{}} client-limit {clients}"
    if policy.mab:
        yield "aaa port-access mac-based {}"
        if clients > 1:
            yield f"aaa port-access mac-based {{}} addr-limit {clients}"
        if policy.reauth_seconds:
            yield f"aaa port-access mac-based {{}} reauth-period {policy.reauth_seconds}"
        yield "aaa port-access {} auth-order authenticator mac-based"
        yield "aaa port-access {} auth-priority authenticator mac-based"
    if policy.dead == "critical":
        if policy.critical_vlan:
            yield f"aaa port-access {{}} critical-auth data-vlan {policy.critical_vlan}"
        if port.voice_vlan:
            yield f"aaa port-access {{}} critical-auth voice-vlan {port.voice_vlan}"


def dot1x_groups(intent: DeviceIntent) -> list[Group]:
    """Lines of 802.1X and MAC authentication, each with ``{}`` for its ports."""
    return _grouped((port.name, line, port.dot1x.source) for port in intent.ports if port.dot1x
                    for line in _dot1x_lines(port))


def tree_groups(intent: DeviceIntent) -> list[Group]:
    """Lines of the spanning tree, each with ``{}`` for its ports."""
    def lines(port: PortIntent) -> Iterator[str]:
        if port.edge:
            yield from ("spanning-tree {} admin-edge-port", "spanning-tree {} bpdu-protection")
        if port.root_guard:
            yield "spanning-tree {} root-guard"
        elif intent.protection and intent.protection.loop_guard and not port.edge:
            yield "spanning-tree {} loop-guard"

    return _grouped((port.name, line, port.source) for port in switch_ports(intent)
                    if port.mode is not LinkMode.CLOSED for line in lines(port))


def silent_groups(intent: DeviceIntent) -> list[Group]:
    """The ports of phones that are not told their VLAN; all others tell it by themselves."""
    return _grouped((port.name, "no lldp config {} medTlvEnable network_policy", port.source) for port in intent.ports
                    if port.mode is LinkMode.ACCESS and port.voice_vlan and not port.lldp_med)


def other_vlans(intent: DeviceIntent) -> list[Group]:
    """VLANs that authentication puts somebody in and that no port of the switch carries."""
    known = {vlan.id for vlan in intent.vlans} | {intent.parking_vlan}
    found = {vlan: port.dot1x.source for port in intent.ports if port.dot1x
             for vlan in (port.dot1x.guest_vlan, port.dot1x.critical_vlan) if vlan and vlan not in known}
    return [Group((), vlan, found[vlan]) for vlan in sorted(found)]


def label(text: str) -> str:
    """A port's name as far as the device keeps it."""
    return quoted_text(text[:NAME_LENGTH["port"]])


def on(group: Group) -> str:
    """The line of a group with its ports."""
    return str(group.value).replace("{}", group.list)


def percent(value: float) -> str:
    """A whole share; the platform refuses others before they come here."""
    return f"{value:.0f}"


def quoted_text(value: object) -> str:
    """A text in the double quotes that the device shows.

    Raises:
        RenderError: a character that could end the text, or that the device doesn't keep.
    """
    text = str(value)
    if '"' in text or "\\" in text or "~" in text or not text.isascii() or not text.isprintable():
        raise RenderError(f"the device can't hold this text between quotes: {text!r}")
    return f'"{text}"'


def banner_text(lines: Iterable[str]) -> str:
    """The banner as one quoted text, its lines divided by the device's own escape. Raises RenderError."""
    return '"' + "\\n".join(quoted_text(line)[1:-1] for line in lines) + '"'


FILTERS: Mapping[str, Callable[..., object]] = {
    "banner_text": banner_text, "code_point": code_point, "dot1x_groups": dot1x_groups, "endpoint": endpoint,
    "entries": entries, "label": label, "list_name": list_name, "on": on, "other_vlans": other_vlans,
    "percent": percent, "port_filter": port_filter, "port_list6": port_list6, "quoted_text": quoted_text, "rest": rest,
    "silent_groups": silent_groups, "switch_ports": switch_ports, "tagged": tagged, "tree_groups": tree_groups,
    "untagged": untagged, "vlan_name": vlan_name,
}
