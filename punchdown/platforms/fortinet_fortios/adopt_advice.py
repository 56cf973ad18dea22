"""What a FortiGate has against the guideline. Source: fact sheet, "Admin access", "SIP ALG / session helper off"."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.platforms.adoption import Found
from punchdown.platforms.fortinet_fortios.adopt_places import Places
from punchdown.platforms.fortinet_fortios.adopt_policies import ALL, Policies
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.normalise import SECRETS
from punchdown.platforms.fortinet_fortios.tree import Node, edit, set_line
from punchdown.values.policy import LineRef

_ADMIN = ("firewall-admin-minimal",)
_PORTS = ("acl-open-ports-from-matrix",)
_EDGE = ("firewall-port-forward-minimal",)
_IN_CLEAR = {"telnet": "logins over Telnet, in clear", "http": "the firewall is managed over HTTP in clear"}
_ADMINISTRATION = frozenset({"ssh", "https", "http", "telnet", "snmp"})
_EVERYTHING = frozenset({"ALL", "ANY", "ALL_TCP", "ALL_UDP"})
_WEAK = ("null", "des", "3des", "md5")
_WEAK_GROUPS = frozenset({"1", "2", "5"})


def advice(root: Node, places: Places, policies: Policies, trusted: bool) -> Iterator[Found]:
    """Everything, in order of the text. ``trusted``: every account says from where it may log in."""
    yield from _globals(root)
    yield from _interfaces(root, places, trusted)
    for name, node in root.entries("system admin").items():
        if not any(setting.startswith("trusthost") for setting in node.settings):
            yield "an account may log in from any address", _at(node, edit(name)), _ADMIN, "medium"
    for name, node in root.entries("system snmp community").items():
        yield "SNMP with a community, in clear", _at(node, edit(name)), _ADMIN, "medium"
    yield from _policies(places, policies)
    for name, node in root.entries("vpn ipsec phase1-interface").items():
        yield from _vpn(name, node)


def _globals(root: Node) -> Iterator[Found]:
    crypto = root.at("config system global")
    if crypto.value("strong-crypto", "enable") == "disable":
        yield "the firewall speaks weak ciphers to its administrators", _set(crypto, "strong-crypto"), _ADMIN, "medium"
    settings = root.at("config system settings")
    if root.children and settings.value("default-voip-alg-mode", "proxy-based") != "kernel-helper-based":
        line = _set(settings, "default-voip-alg-mode") if "default-voip-alg-mode" in settings.settings else LineRef(
            DOCUMENT, settings.number or 1, "set default-voip-alg-mode proxy-based (the default)")
        yield "the firewall rewrites SIP", line, _EDGE, "medium"
    for number, node in root.entries("system session-helper").items():
        if node.value("name") == "sip":
            yield "the firewall rewrites SIP", _at(node, f"edit {number} (sip)"), _EDGE, "medium"


def _interfaces(root: Node, places: Places, trusted: bool) -> Iterator[Found]:
    for name, node in root.entries("system interface").items():
        for place, setting in ((node, "allowaccess"), (node.at("config ipv6"), "ip6-allowaccess")):
            allowed = place.values(setting)
            for word in allowed:
                if word in _IN_CLEAR:
                    yield _IN_CLEAR[word], _set(place, setting), _ADMIN, "high"
            if name == places.outside and _ADMINISTRATION & set(allowed):
                yield ("the firewall is managed from the outside", _set(place, setting), _ADMIN,
                       "medium" if trusted else "high")


def _policies(places: Places, policies: Policies) -> Iterator[Found]:
    for name, node in policies.nodes.items():
        if node.value("action") != "accept" or node.value("status") == "disable":
            continue
        line = _at(node, _told(name, node))
        anything = bool(_EVERYTHING & set(node.values("service")))
        anybody = ALL in (*node.values("srcaddr"), *node.values("srcaddr6"))
        anywhere = ALL in (*node.values("dstaddr"), *node.values("dstaddr6"))
        if anything and anywhere and anybody and "any" in node.values("srcintf"):
            yield "a policy lets everything through", line, _PORTS, "high"
        elif anybody and anywhere and places.outside in places.members(node.values("srcintf")):
            yield "the outside is let in without a port-forward", line, _EDGE, "high"
        elif anything and anywhere:
            yield ("anything may be opened to the Internet" if places.leads_out(node.values("dstintf")) else
                   "anything may be opened between segments", line, _PORTS, "high")
        elif anything and not policies.is_forwarding(node):
            yield "every port of a server is open", line, _PORTS, "medium"
        if node.value("voip-profile"):
            yield "the firewall rewrites SIP", _set(node, "voip-profile"), _EDGE, "medium"
        if set(node.values("schedule", ("always",))) - {"always"} and not node.value("name").startswith("PD-"):
            yield ("a policy holds at some times only: it is not taken over", line, (), "low")


def _vpn(name: str, node: Node) -> Iterator[Found]:
    weak = [word for word in node.values("proposal") if set(_WEAK) & set(word.split("-"))]
    if weak or _WEAK_GROUPS & set(node.values("dhgrp")) or node.value("ike-version", "1") == "1":
        yield ("a VPN with weak keys (IKEv1, DES, MD5 or a small group)", _at(node, edit(name)),
               ("vpn-remote-controllers",), "medium")


def _told(name: str, node: Node) -> str:
    """A policy in a line."""
    return " ".join((f"policy {name}:", *(f"{setting} {' '.join(node.values(setting))}" for setting in (
        "srcintf", "dstintf", "srcaddr", "dstaddr", "service") if node.values(setting))))


def _at(node: Node, text: str) -> LineRef:
    return LineRef(DOCUMENT, node.number, text)


def _set(node: Node, name: str) -> LineRef:
    item = node.settings[name]
    return LineRef(DOCUMENT, item.number, f"set {name} ..." if name in SECRETS else set_line(name, item.values))
