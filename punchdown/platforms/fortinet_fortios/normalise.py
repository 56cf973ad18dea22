"""Two spellings of one setting in the same words, and what the device does not show because it is so by default.

Source: fact sheet, "Show back / compare" and the defaults that stand with each block; vendor's CLI reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Interface, ip_interface

from punchdown.platforms.fortinet_fortios.objects import OWN_IDS
from punchdown.platforms.fortinet_fortios.tree import ANY4, Key, Node, Setting, name_of
from punchdown.platforms.lines import PREFIX

Values = tuple[str, ...]
Settings = dict[str, Setting]

UNORDERED = frozenset({"srcintf", "dstintf", "srcaddr", "dstaddr", "srcaddr6", "dstaddr6", "service", "member",
                       "allowaccess", "ip6-allowaccess", "day", "poolname", "tcp-portrange", "udp-portrange",
                       "dhgrp"})
IGNORED = frozenset({"uuid", "cfg-save", "cfg-revert-timeout"})
POLICIES = "config firewall policy"
TUNNELS = ("config vpn ipsec phase1-interface", "config vpn ipsec phase2-interface")
ROUTES = "config router static"
SECRETS = frozenset({"psksecret"})
"""Settings of which the device tells only that they are set."""
WHOLE = ("config firewall address", "config firewall address6", "config firewall addrgrp", "config firewall addrgrp6",
         "config firewall service custom", "config firewall schedule recurring", "config firewall ippool", *TUNNELS,
         ROUTES, "config firewall vip", POLICIES)
"""Tables of which entries are ours with all they hold."""

_DEFAULTS: Mapping[str, Mapping[str, Values]] = {
    "config system global": {"admintimeout": ("5",), "strong-crypto": ("enable",), "pre-login-banner": ("disable",)},
    "config system settings": {"default-voip-alg-mode": ("proxy-based",), "sip-expectation": ("disable",),
                               "sip-nat-trace": ("enable",), "strict-src-check": ("disable",)},
    "config system interface": {"ip": ANY4, "ip6-address": ("::/0",)},
    "config system admin": {f"trusthost{number}": ANY4 for number in range(1, 11)},
    "config system ntp": {"ntpsync": ("disable",), "type": ("fortiguard",)},
    "config firewall address": {"type": ("ipmask",), "subnet": ANY4, "allow-routing": ("disable",)},
    "config firewall address6": {"type": ("ipprefix",), "ip6": ("::/0",)},
    "config firewall service custom": {"protocol": ("TCP/UDP/UDP-Lite/SCTP",), "category": ("",)},
    "config firewall ippool": {"type": ("overload",), "arp-reply": ("enable",)},
    "config firewall vip": {"protocol": ("tcp",), "portforward": ("disable",), "type": ("static-nat",),
                            "arp-reply": ("enable",)},
    "config firewall schedule recurring": {"day": ("none",), "start": ("00:00",), "end": ("00:00",)},
    POLICIES: {"status": ("enable",), "action": ("deny",), "logtraffic": ("utm",), "nat": ("disable",),
               "ippool": ("disable",), "match-vip": ("enable",), "send-deny-packet": ("disable",),
               "diffserv-forward": ("disable",), "diffservcode-forward": ("000000",), "diffserv-reverse": ("disable",),
               "diffservcode-rev": ("000000",), "schedule": ("",)},
    TUNNELS[0]: {"type": ("static",), "keylife": ("86400",), "dpd": ("on-demand",), "ike-version": ("1",)},
    TUNNELS[1]: {"src-subnet": ANY4, "dst-subnet": ANY4, "pfs": ("enable",), "auto-negotiate": ("disable",)},
    ROUTES: {"status": ("enable",), "dst": ANY4, "distance": ("10",), "blackhole": ("disable",)},
    "setting": {"port": ("514",), "facility": ("local7",), "format": ("default",), "status": ("disable",)},
    "filter": {"severity": ("information",)},
}
"""By the table; ``setting`` and ``filter`` are those of every syslog server. An explicit deny sees translated packets
from 7.2.3 on (``match-vip``)."""


def canonical(key: Key, name: str, values: Values) -> Values:
    """A setting's values as the device would show them, sorted where order is no meaning.

    >>> canonical(("config firewall address",), "subnet", ("10.0.0.0/8",))
    ('10.0.0.0', '255.0.0.0')
    """
    del key
    if name in _SPELLINGS:
        values = _SPELLINGS[name](values)
    return tuple(sorted(dict.fromkeys(values))) if name in UNORDERED else values


def _with_mask(values: Values) -> Values:
    """``10.0.0.1/24`` and ``10.0.0.1 255.255.255.0``."""
    try:
        item = IPv4Interface("/".join(values))
    except ValueError:
        return values
    return (str(item.ip), str(item.netmask))


def _network(values: Values) -> Values:
    try:
        item = IPv4Interface("/".join(values)).network
    except ValueError:
        return values
    return (str(item.network_address), str(item.netmask))


def _prefix6(values: Values) -> Values:
    try:
        return tuple(str(ip_interface(value)) for value in values)
    except ValueError:
        return values


def _ranges(values: Values) -> Values:
    """``443-443`` is ``443``; several in one word stand by themselves."""
    return tuple(re.sub(r"(?<!\d)(\d+)-\1(?!\d)", r"\1", word) for value in values for word in value.split())


def _one_address(values: Values) -> Values:
    """``10.0.0.1-10.0.0.1`` is ``10.0.0.1``."""
    return tuple(value.partition("-")[0] if len(set(value.split("-"))) == 1 else value for value in values)


_SPELLINGS: Mapping[str, Callable[[Values], Values]] = {
    "subnet": _network, "ip": _with_mask, "ip6": _prefix6, "ip6-address": _prefix6, "extport": _ranges,
    "mappedport": _ranges, "tcp-portrange": _ranges, "udp-portrange": _ranges, "extip": _one_address,
    "mappedip": _one_address, "src-subnet": _network, "dst-subnet": _network, "dst": _network,
    **{f"trusthost{number}": _network for number in range(1, 11)},
}


def default(key: Key, name: str) -> Values | None:
    """What is so without being shown; None where nothing is."""
    table = key[0].rpartition(" ")[2] if key[0].startswith("config log syslogd") else key[0]
    return _DEFAULTS.get(table, {}).get(name)


def is_default(key: Key, name: str, values: Values) -> bool:
    """Whether the device would leave the setting out."""
    return not values or canonical(key, name, values) == default(key, name)


def is_ours(table: str, line: str, node: Node) -> bool:
    """Whether an entry of a whole table is ours, by its name; a policy by its number as well."""
    name = name_of(line)
    if table == ROUTES:
        return name.isdigit() and int(name) in OWN_IDS
    if table == POLICIES:
        return node.value("name").startswith(PREFIX) or (name.isdigit() and int(name) in OWN_IDS)
    return name.startswith(PREFIX)


def without_defaults(key: Key, settings: Mapping[str, Setting]) -> Settings:
    """Settings that differ from the defaults, canonical."""
    return {name: Setting(canonical(key, name, item.values), item.number, item.source)
            for name, item in settings.items() if name not in IGNORED and not is_default(key, name, item.values)}
