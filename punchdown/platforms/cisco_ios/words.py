"""Jinja filters: rules, names and levels in the words of IOS. Pure functions."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address, ip_network

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, Filter, LinkMode, PortIntent, PortRange, RadiusServer, Rule, SnmpAccess
from punchdown.platforms.cisco_ios import models
from punchdown.platforms.cisco_ios.access_lists import dscp_word, port_word
from punchdown.platforms.cisco_ios.control_policies import control_policies, control_policy, shared_dot1x
from punchdown.platforms.cisco_ios.source_guard import is_guarded
from punchdown.platforms.lines import PREFIX, list_name, vlan_name

VLAN_NAME_LENGTH = 32
_ICMP6 = {"echo": "echo-request", "neighbour-solicitation": "nd-ns", "neighbour-advertisement": "nd-na"}


def endpoint(prefix: str, family: int = 4) -> str:
    """An address word of an extended list; the empty prefix is ``any``.

    >>> endpoint("10.0.0.1/32"), endpoint("10.0.0.0/22"), endpoint(""), endpoint("2001:db8::/64", 6)
    ('host 10.0.0.1', '10.0.0.0 0.0.3.255', 'any', '2001:db8::/64')
    """
    if not prefix:
        return "any"
    network = ip_network(prefix, strict=False)
    if network.prefixlen == 0:
        return "any"
    if network.prefixlen == network.max_prefixlen:
        return f"host {network.network_address}"
    return f"{network.network_address} {network.hostmask}" if family == 4 else str(network)


def source_entry(prefix: str) -> str:
    """An address word of a standard list: a host stands bare."""
    return endpoint(prefix).removeprefix("host ")


def _ports(protocol: str, ports: PortRange | None) -> str:
    if ports is None or (ports.first, ports.last) == (0, 65535):
        return ""
    if ports.first == ports.last:
        return f"eq {port_word(protocol, ports.first)}"
    return f"range {port_word(protocol, ports.first)} {port_word(protocol, ports.last)}"


def _protocol(rule: Rule) -> str:
    return "ipv6" if rule.protocol == "ip" and rule.family == 6 else rule.protocol


def _tail(rule: Rule) -> list[str]:
    words = []
    if rule.protocol == "icmp" and rule.icmp:
        words.append(_ICMP6.get(rule.icmp, rule.icmp) if rule.family == 6 else rule.icmp)
    if rule.established and rule.protocol == "tcp":
        words.append("established")
    if rule.log:
        words.append("log")
    return words


def entries(rule: Rule) -> str:
    """One rule as access-list lines without sequence numbers: one per source, destination and port range."""
    sides = itertools.product(rule.sources or ("",), rule.source_ports or (None,), rule.destinations or ("",),
                              rule.destination_ports or (None,))
    lines = []
    for source, source_ports, destination, destination_ports in sides:
        words = [rule.action, _protocol(rule), endpoint(source, rule.family), _ports(rule.protocol, source_ports),
                 endpoint(destination, rule.family), _ports(rule.protocol, destination_ports), *_tail(rule)]
        lines.append(" ".join(word for word in words if word))
    return "\n".join(dict.fromkeys(lines))


def rest(filter_: Filter, family: int = 4) -> str:
    """The last line of a list: what no rule of it says anything of."""
    words = f"{filter_.rest} {'ip' if family == 4 else 'ipv6'} any any"
    return f"{words} log" if filter_.rest == "deny" and filter_.log_denied else words


def mac_word(mac: str) -> str:
    """A MAC address as the device writes it.

    >>> mac_word("08:00:0F:10:01:01")
    '0800.0f10.0101'
    """
    digits = mac.replace(":", "").lower()
    return ".".join(digits[place:place + 4] for place in (0, 4, 8))


def snmp_auth(access: SnmpAccess) -> str:
    """The words for the hash of an SNMPv3 user's messages."""
    bits = access.authentication.removeprefix("sha")
    return f"sha-2 {bits}" if bits else "sha"


def snmp_priv(access: SnmpAccess) -> str:
    """The words for the encryption of an SNMPv3 user's messages."""
    return f"aes {access.privacy.removeprefix('aes')}"


def family(prefix: str) -> str:
    """The address family of an address or prefix: ``4``, ``6``, or ``name`` for anything else.

    >>> family("10.0.0.0/8"), family("::1"), family("ntp.example.net")
    ('4', '6', 'name')
    """
    try:
        return str(ip_address(prefix.partition("/")[0]).version)
    except ValueError:
        return "name"


def port_filter(port: PortIntent) -> str:
    """The filter of frames that enter a port. What leaves can't be filtered, so its replies are (``reply_filter``)."""
    return port.reply_filter or port.filter_in


def radius_blocks(intent: DeviceIntent) -> tuple[RadiusServer, ...]:
    """The RADIUS servers that a device asks for ports, for logins or for both, each once."""
    logins = intent.management.login_servers if intent.management.login == "radius" else ()
    ports = {server.name for server in intent.radius_servers}
    return (*intent.radius_servers, *(server for server in logins if server.name not in ports))


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


def banner_text(lines: Iterable[str]) -> str:
    """The banner's lines; refuses what could end it early.

    Raises:
        RenderError: a line holds the delimiter or a control character.
    """
    text = list(lines)
    for line in text:
        if "^" in line or not line.isprintable():
            raise RenderError(f"a banner line can't hold '^' or control characters: {line!r}")
    return "\n".join(text)


FILTERS: Mapping[str, Callable[..., object]] = {
    "banner_text": banner_text, "control_policies": control_policies, "control_policy": control_policy,
    "dscp_word": dscp_word, "endpoint": endpoint, "entries": entries, "family": family, "is_guarded": is_guarded,
    "list_name": list_name, "mac_word": mac_word, "mls_qos": models.mls_qos,
    "names_encapsulation": models.names_encapsulation, "port_filter": port_filter, "port_list6": port_list6,
    "probes_by_word": models.probes_servers_by_word, "radius_blocks": radius_blocks, "rest": rest,
    "shared_dot1x": shared_dot1x, "snmp_auth": snmp_auth, "snmp_priv": snmp_priv, "source_entry": source_entry,
    "vlan_name": vlan_name,
}
