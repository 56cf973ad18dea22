"""Jinja filters: rules, names and port groups in the words of ArubaOS-Switch. Pure functions."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_network

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, Filter, LinkMode, PortIntent, PortRange, RadiusServer, Rule
from punchdown.platforms.hp_procurve.groups import (
    bound_stations,
    carried_vlans,
    dot1x_groups,
    lockdown_groups,
    on,
    other_vlans,
    silent_groups,
    switch_ports,
    tagged,
    tree_groups,
    untagged,
)
from punchdown.platforms.lines import PREFIX, list_name, vlan_name

NAME_LENGTH = {"list": 60, "vlan": 32, "port": 64}
_ICMP = {"echo": 8, "echo-reply": 0}
_ICMP6 = {"echo": 128, "echo-reply": 129, "neighbour-solicitation": 135, "neighbour-advertisement": 136}
_ANY4 = "0.0.0.0 255.255.255.255"


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


def radius_hosts(intent: DeviceIntent) -> tuple[RadiusServer, ...]:
    """The RADIUS servers that check ports, and those that check logins besides; the switch has one list for both."""
    logins = intent.management.login_servers if intent.management.login == "radius" else ()
    known = {server.address for server in intent.radius_servers}
    return (*intent.radius_servers, *(server for server in logins if server.address not in known))


def mac_word(mac: str) -> str:
    """A MAC address as the device writes it.

    >>> mac_word("08:00:0F:10:01:02")
    '08000f-100102'
    """
    digits = re.sub(r"[^0-9a-f]", "", mac.lower())
    return f"{digits[:6]}-{digits[6:]}"


def label(text: str) -> str:
    """A port's name as far as the device keeps it."""
    return quoted_text(text[:NAME_LENGTH["port"]])


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
    "banner_text": banner_text, "bound_stations": bound_stations, "code_point": code_point,
    "dot1x_groups": dot1x_groups, "endpoint": endpoint, "entries": entries, "label": label, "list_name": list_name,
    "lockdown_groups": lockdown_groups, "mac_word": mac_word, "on": on, "other_vlans": other_vlans,
    "percent": percent, "port_filter": port_filter, "port_list6": port_list6, "quoted_text": quoted_text,
    "radius_hosts": radius_hosts, "rest": rest, "silent_groups": silent_groups, "switch_ports": switch_ports,
    "tagged": tagged, "tree_groups": tree_groups, "untagged": untagged, "vlan_name": vlan_name,
}
