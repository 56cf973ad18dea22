"""What decides about packets as well and is not followed: whole tables, settings that turn things round, interfaces
whose addresses or whose people the text does not tell. Source: vendor's CLI reference, table by table."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.tree import Node
from punchdown.values.policy import LineRef

_TABLES = (
    "firewall acl", "firewall acl6", "firewall DoS-policy", "firewall DoS-policy6", "firewall vip6", "firewall vip46",
    "firewall vip64", "firewall policy6", "firewall policy46", "firewall policy64", "firewall interface-policy",
    "firewall interface-policy6", "firewall security-policy", "firewall ttl-policy", "firewall proxy-policy",
    "firewall access-proxy", "firewall access-proxy6", "firewall ip-translation", "firewall multicast-policy",
    "firewall multicast-policy6", "router policy", "router policy6", "router multicast", "system virtual-wire-pair",
    "system switch-interface", "system virtual-wan-link", "system gre-tunnel", "system ipip-tunnel",
    "system sit-tunnel", "system ipv6-tunnel", "system vxlan", "system geneve", "system ipsec-aggregate",
    "system vdom-link", "system nat64", "vpn ipsec phase1", "vpn ipsec manualkey", "vpn ipsec manualkey-interface",
    "vpn ipsec concentrator", "vpn l2tp", "vpn pptp", "vdom")
_MODES = {"central-nat": "disable", "opmode": "nat", "ngfw-mode": "profile-based", "asymroute": "disable",
          "asymroute6": "disable", "tcp-session-without-syn": "disable", "consolidated-firewall-mode": "disable"}
"""Settings that turn all of this round."""
_DYNAMIC = {"router bgp": "config neighbor", "router ospf": "config area", "router ospf6": "config area",
            "router rip": "config network", "router ripng": "config interface", "router isis": "config isis-interface"}
"""Routing protocols, and what one that runs has entries of: whom they send packets to, the text does not say."""
_ON_INTERFACE = {"vrf": "0", "mode": "static", "explicit-web-proxy": "disable", "explicit-ftp-proxy": "disable",
                 "wccp": "disable", "security-mode": "none", "ips-sniffer-mode": "disable"}
_SWITCHED = {"system sdwan": ("status", "enable"), "vpn ssl settings": ("source-interface", ""),
             "web-proxy explicit": ("status", "enable")}
"""Tables that every unit has, and the setting by which they decide about anything."""


def unfollowed(root: Node, known: Collection[str]) -> Iterator[LineRef]:
    """Everything of that kind. ``known`` are the interfaces and zones of which it is told who sits behind them."""
    for name in _TABLES:
        node = root.children.get(f"config {name}")
        if node is not None and (node.children or node.settings):
            yield LineRef(DOCUMENT, node.number, f"config {name}")
    for name, inner in _DYNAMIC.items():
        node = root.at(f"config {name}")
        if node.at(inner).children:
            yield LineRef(DOCUMENT, node.number, f"config {name}")
    for name, (setting, wanted) in _SWITCHED.items():
        node = root.at(f"config {name}")
        if setting in node.settings and wanted in {"", node.value(setting)}:
            yield LineRef(DOCUMENT, node.settings[setting].number, f"set {setting} {node.value(setting)} ({name})")
    yield from _interfaces(root)
    yield from _strangers(root, known)
    settings = root.at("config system settings")
    for name, usual in _MODES.items():
        if settings.value(name, usual) != usual:
            yield LineRef(DOCUMENT, settings.settings[name].number, f"set {name} {settings.value(name)}")


def _interfaces(root: Node) -> Iterator[LineRef]:
    """Addresses that somebody else gives, and what takes packets off their way."""
    for name, node in root.entries("system interface").items():
        for setting, usual in _ON_INTERFACE.items():
            if node.value(setting, usual) != usual:
                yield LineRef(DOCUMENT, node.settings[setting].number, f"set {setting} {node.value(setting)} ({name})")
        six = node.at("config ipv6")
        if six.value("ip6-mode", "static") != "static":
            yield LineRef(DOCUMENT, six.settings["ip6-mode"].number, f"set ip6-mode {six.value('ip6-mode')} ({name})")
        if six.at("config ip6-extra-addr").children:
            yield LineRef(DOCUMENT, six.at("config ip6-extra-addr").number, f"config ip6-extra-addr ({name})")


def _strangers(root: Node, known: Collection[str]) -> Iterator[LineRef]:
    """Policies that let in by tunnels, of which nothing tells who sits behind them."""
    interfaces = root.entries("system interface")
    for node in root.entries("firewall policy").values():
        if node.value("action", "deny") != "deny" and node.value("status") != "disable":
            for name in node.values("srcintf"):
                if name not in {*known, "any"} and interfaces.get(name, Node()).value("type", "tunnel") == "tunnel":
                    yield LineRef(DOCUMENT, node.settings["srcintf"].number, f"set srcintf {name}")
