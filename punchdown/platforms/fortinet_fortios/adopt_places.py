"""Where the interfaces of a FortiGate lead: segments, the outside, far ends of VPNs. And its virtual domains.

Source: vendor's CLI reference, ``config system interface``, ``router static``, ``system sdwan``, ``vdom``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface

from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.policy_objects import Library, UnknownError, network
from punchdown.platforms.fortinet_fortios.tree import ANY4, Node, edit
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import SeenLeg, SeenVpn
from punchdown.values.policy import LineRef

OURS = re.compile(r"lan([1-9]\d{0,3})|wan0")
_SKIPPED = frozenset({"tunnel", "loopback", "switch-vlan"})
_WAN = re.compile(r"wan\d*", re.IGNORECASE)
_SPECIAL = frozenset({"mode-cfg", "eap", "xauthtype", "network-overlay", "auto-discovery-sender",
                      "auto-discovery-receiver", "usrgrp", "authusrgrp"})
_LOGINS = frozenset({"ssh", "https", "http", "telnet"})


@dataclass(frozen=True, slots=True)
class Domains:
    """The blocks of a unit as if it had no virtual domains; ``names`` are those that it has."""

    root: Node
    names: tuple[str, ...] = ()

    @property
    def several(self) -> tuple[str, ...]:
        """All of them where they are more than one."""
        return self.names if len(self.names) > 1 else ()


def domains(root: Node) -> Domains:
    """The global blocks, and those of the only virtual domain that holds any."""
    if "config vdom" not in root.children:
        return Domains(root)
    held: dict[str, Node] = root.entries("vdom")
    full = {name: node for name, node in held.items() if node.children}
    only = next(iter(full.values())) if len(full) == 1 else Node()
    merged = Node(children={**root.at("config global").children, **only.children})
    return Domains(merged, tuple(held))


class Places:
    """Interfaces by where they lead."""

    def __init__(self, root: Node, library: Library) -> None:
        self._root = root
        self._interfaces = root.entries("system interface")
        self._zones = {name: node.values("interface") for table in ("system zone", "system sdwan")
                       for name, node in root.entries(table).items()}
        self.route, self.outside = self._out()
        self.vpns = tuple(_vpns(root, library, self.outside))
        self.legs = tuple(self._legs())
        self._networks: dict[str, tuple[str, ...]] = {
            leg.name: (str(IPv4Interface(leg.address).network),) for leg in self.legs if not leg.outside}
        self._networks |= {name: vpn.remote for vpn in self.vpns for name in (f"{PREFIX}{vpn.name}", vpn.name)
                           if name in root.entries("vpn ipsec phase1-interface")}

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Prefixes with a route by neither the outside nor a VPN that a definition says."""
        fit = [vpn.name for vpn in self.vpns if not vpn.unfit]
        ways = {self.outside, *fit, *(f"{PREFIX}{name}" for name in fit)}
        routes = (node for node in self._root.entries("router static").values()
                  if node.value("status") != "disable" and node.value("blackhole") != "enable"
                  and node.value("device") not in ways and "dst" in node.settings)
        return tuple(dict.fromkeys(prefix for node in routes if (prefix := _prefix(node.values("dst")))))

    def members(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Interfaces, those of zones one by one."""
        return tuple(dict.fromkeys(item for name in names for item in self._zones.get(name, (name,))))

    def networks(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """What lies behind interfaces by their own addresses; empty where one of them leads elsewhere."""
        found = [self._networks.get(name, ()) for name in self.members(names)]
        return tuple(dict.fromkeys(item for part in found for item in part)) if all(found) else ()

    def leads_out(self, names: tuple[str, ...]) -> bool:
        """Whether one of the interfaces is the outside."""
        found = self.members(names)
        return bool(self.outside) and (self.outside in found or "any" in found or bool(
            {"virtual-wan-link"} & set(names)))

    def _out(self) -> tuple[Node | None, str]:
        """The default route that is taken, and the interface of the outside."""
        ways = sorted((int(node.value("distance", "10") or 10), place, node) for place, node in enumerate(
            self._root.entries("router static").values()) if _is_default(node))
        for _, _, node in ways:
            name = node.value("device") or next(iter(self._sdwan()), "")
            if name in self._interfaces:
                return node, name
        named = [name for name, node in self._interfaces.items() if node.value("role") == "wan" or _WAN.fullmatch(name)]
        with_address = [name for name in named if _address(self._interfaces[name])]
        return None, "wan0" if "wan0" in named else next(iter(with_address or named), "")

    def _sdwan(self) -> Iterator[str]:
        for node in self._root.at("config system sdwan", "config members").children.values():
            yield node.value("interface")

    def _legs(self) -> Iterator[SeenLeg]:
        for name, node in self._interfaces.items():
            address = _address(node)
            if not address or node.value("status") == "down" or node.value("type") in _SKIPPED or (
                    node.value("fortilink") == "enable"):
                continue
            out = name == self.outside
            line = LineRef(DOCUMENT, node.settings["ip"].number, f"set ip {' '.join(node.values('ip'))} ({name})")
            yield SeenLeg(name, 0 if out else vlan_of(name, node), address, line, _address6(node),
                          f"{node.value('alias')} {node.value('description')} {name}",
                          management=not out and bool(_LOGINS & set(node.values("allowaccess"))), outside=out)


def vlan_of(name: str, node: Node) -> int:
    """The VLAN of an interface, 0 where it has none."""
    match = OURS.fullmatch(name)
    text = node.value("vlanid") or (match[1] or "" if match else "")
    return int(text) if text.isdigit() and 0 < int(text) < 4095 else 0


def _is_default(node: Node) -> bool:
    return (node.values("dst", ANY4) == ANY4 and node.value("status") != "disable"
            and node.value("blackhole") != "enable" and node.value("distance", "10").isdecimal()
            and not {"dstaddr", "internet-service"} & set(node.settings))


def _prefix(words: tuple[str, ...]) -> str:
    """In CIDR form; empty for everything, and for what is no network."""
    try:
        found = IPv4Network("/".join(words), strict=False)
    except ValueError:
        return ""
    return str(found) if found.prefixlen else ""


def _address(node: Node) -> str:
    """In CIDR form; empty for none, and for one that somebody else gives."""
    try:
        found = IPv4Interface("/".join(node.values("ip")))
    except ValueError:
        return ""
    return str(found) if int(found.ip) and node.value("mode", "static") == "static" else ""


def _address6(node: Node) -> str:
    try:
        found = IPv6Interface(node.at("config ipv6").value("ip6-address"))
    except ValueError:
        return ""
    return str(found) if int(found.ip) else ""


def _vpns(root: Node, library: Library, outside: str) -> Iterator[SeenVpn]:
    for name, node in root.entries("vpn ipsec phase1-interface").items():
        pairs, odd = _selectors(root, name, library)
        local, remote = (tuple(dict.fromkeys(pair[side] for pair in pairs)) for side in (0, 1))
        special = sorted(_SPECIAL & {word for word, item in node.settings.items() if item.values != ("disable",)})
        unfit = (
            "it speaks IKEv1, a definition says IKEv2" if node.value("ike-version", "1") != "2" else
            "its far end has no fixed address" if node.value("type", "static") != "static" else
            "it does not leave by the outside" if node.value("interface") != outside else
            "it has what no definition says (" + ", ".join(special) + ")" if special else
            odd or ("its selectors name no networks" if "0.0.0.0/0" in {*local, *remote} or not pairs else
                    "not every network here may reach every network there"
                    if len(set(pairs)) != len(local) * len(remote) else ""))
        try:
            peer = str(IPv4Interface(node.value("remote-gw", "-")).ip)
        except ValueError:
            peer, unfit = "another site", unfit or "its far end has no fixed address"
        yield SeenVpn(name.removeprefix(PREFIX), peer, local, remote, LineRef(DOCUMENT, node.number, edit(name)),
                      shared_secret=node.value("authmethod", "psk") == "psk", unfit=unfit)


def _selectors(root: Node, tunnel: str, library: Library) -> tuple[list[tuple[str, str]], str]:
    """(network here, network there) of each selector, and why they can't be told."""
    found = []
    for node in root.entries("vpn ipsec phase2-interface").values():
        if node.value("phase1name") == tunnel:
            try:
                here, there = (_side(node, word, library) for word in ("src", "dst"))
            except UnknownError:
                return [], "its selectors are no single networks"
            if node.value("protocol", "0") != "0":
                return [], "its selectors name a protocol"
            found.append((here, there))
    return found, ""


def _side(node: Node, word: str, library: Library) -> str:
    if node.value(f"{word}-addr-type", "subnet") == "name":
        ((first, last),) = library.address(node.value(f"{word}-name"), 4) or ((1, 0),)
    else:
        first, last = network(node.values(f"{word}-subnet", ANY4), 4)
    length = 32 - (last - first).bit_length()
    made = IPv4Network((first, length), strict=False)
    if int(made.broadcast_address) != last or int(made.network_address) != first:
        raise UnknownError(word)
    return str(made)
