"""Policies and virtual IPs of a FortiGate as openings, port-forwards and lists.

What a profile inspects is let through all the same; who must log in, or a time of the day, is no opening. Source: fact
sheet, "Policy", "DNAT vs policy".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network, IPv6Address, summarize_address_range

from punchdown.platforms.fortinet_fortios.adopt_places import Places
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.policy_objects import ANY_PORT, Library, UnknownError, VirtualIp
from punchdown.platforms.fortinet_fortios.policy_rules import VIRTUAL, Surroundings, policy_rules
from punchdown.platforms.fortinet_fortios.tree import Node, Setting, edit
from punchdown.platforms.lines import PREFIX
from punchdown.platforms.openings import openings, ranges
from punchdown.values.adopted import Forward, Opening
from punchdown.values.policy import Field, LineRef, Match, Rule

INSPECTING = re.compile(r"utm-status|.*-profile|ips-sensor|application-list|.*-filter|ssl-ssh-.*|wccp|.*-shaper"
                        r"|profile-.*|np-acceleration|capture-packet|inspection-mode|webcache.*|.*-log|anti-replay")
_LIST = f"{PREFIX}list-"
_NAMED = re.compile(r"(?P<client>[a-z0-9-]+) to (?P<server>[a-z0-9-]+): [a-z0-9-]+")
_WORDS = {6: "tcp", 17: "udp"}
ALL = "all"
_LONGEST = 4096
"""Prefixes of one list, at most."""


class Policies:
    """What the policies of one firewall open. ``said`` are the numbers of those of which all is said, ``partly`` of
    those of which some is."""

    def __init__(self, root: Node, library: Library, places: Places) -> None:
        self._library, self._places = library, places
        self.nodes = root.entries("firewall policy")
        self._vips = dict(_readable(library))
        self._around = Surroundings(library, {}, self._vips)
        self.openings: list[Opening] = []
        self.forwards: list[Forward] = []
        self.called: dict[str, str] = {}
        self.segments: dict[str, str] = {}
        self.denials: list[LineRef] = []
        self.said: set[str] = set()
        self.partly: set[str] = set()
        self._lists: dict[str, tuple[str, ...]] = {}
        self.denied = ""
        self._named = {4: {*root.entries("firewall address"), *root.entries("firewall addrgrp")},
                       6: {*root.entries("firewall address6"), *root.entries("firewall addrgrp6")}}
        self._own_lists(root)
        self._call_by_objects(root)
        for name, node in self.nodes.items():
            self._read(name, node)
        self._drop_last_denials()

    @property
    def lists(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Lists of senders: (name, prefixes)."""
        return tuple(self._lists.items())

    def is_forwarding(self, node: Node) -> bool:
        """Whether a policy names port-forwards alone, which let their own ports through and no others."""
        return all(name in self._vips and self._vips[name].protocol >= 0 for word in node.values("dstaddr")
                   for name in (self._library.vips(word) if self._library.is_vip(word) else (word,)))

    def _own_lists(self, root: Node) -> None:
        for table in ("firewall addrgrp", "firewall addrgrp6"):
            for name in root.entries(table):
                if name.startswith(_LIST):
                    self._list((name,))

    def _read(self, name: str, node: Node) -> None:
        if node.value("status") == "disable":
            return
        if node.value("action", "deny") == "deny":
            self._deny(name, node)
        elif node.value("action") == "accept":
            self._accept(name, node)

    def _deny(self, name: str, node: Node) -> None:
        """The list of those who may use nothing, or a denial that makes what was opened narrower."""
        sources = node.values("srcaddr") or node.values("srcaddr6")
        to_all = {*node.values("dstaddr"), *node.values("dstaddr6")} == {ALL} and node.values("service") == ("ALL",)
        outside = self._places.members(node.values("srcintf")) == (self._places.outside,)
        if to_all and (set(sources) == {ALL} or (outside and ALL not in sources)):
            if set(sources) != {ALL}:
                if not self.forwards and not self.denied:
                    self.denied = self._list(sources)
                if self.denied != self._list(sources):
                    self.denials.append(_line(name, node))
                    return
            self.said.add(name)
        else:
            self.denials.append(_line(name, node))

    def _drop_last_denials(self) -> None:
        """What is denied after the last that is accepted takes nothing away."""
        order = list(self.nodes)
        last = max((place for place, node in enumerate(self.nodes.values()) if node.value("action") == "accept"
                    and node.value("status") != "disable"), default=-1)
        numbers = {self.nodes[name].number for name in order[last + 1:]}
        self.said |= {name for name in order[last + 1:] if self.nodes[name].value("action", "deny") == "deny"}
        self.denials = [line for line in self.denials if line.number not in numbers]

    def _accept(self, name: str, node: Node) -> None:
        seen = _without_inspection(node)
        rules = [rule for rule in policy_rules(name, seen, self._around) if _is_4(rule)]
        vips = [item for word in node.values("dstaddr") if self._library.is_vip(word)
                for item in self._library.vips(word)]
        opened = sum(self._open(name, node, rule) for rule in rules if not _virtual(rule))
        plain = [rule for rule in rules if not _virtual(rule)]
        wanted = len(plain)
        if vips and not any(rule.unread for rule in rules):
            wanted += len(vips)
            opened += sum(self._forward(name, node, item) for item in vips)
        if opened:
            (self.said if opened == wanted else self.partly).add(name)
        if node.value("name").startswith(PREFIX) and (found := _NAMED.fullmatch(node.value("comments"))):
            self._names(node, found)

    def _open(self, name: str, node: Node, rule: Rule) -> bool:
        """Keep what one rule opens; whether it is anything."""
        entry, leaving = node.values("srcintf"), node.values("dstintf")
        senders = self._places.networks(entry)
        receivers = self._places.networks(leaving)
        if not ranges(rule, Field.DESTINATION) and receivers:
            rule = replace(rule, matches=(*rule.matches, Match(Field.DESTINATION, tuple(map(_span, receivers)))))
        found = list(openings(rule, f"policy {name}", outward=self._places.leads_out(leaving), senders=senders))
        self.openings += (replace(item, client=_within(item.client, senders), server=_within(item.server, receivers))
                          for item in found)
        return bool(found) and any(item.client for item in found)

    def _forward(self, name: str, node: Node, vip_name: str) -> bool:
        """Keep the port-forward of a virtual IP that a policy names; whether a definition can say it."""
        vip = self._vips.get(vip_name)
        if vip is None or vip.senders or vip.ports != vip.real_ports:
            return False
        hairpin = not self._places.leads_out(node.values("srcintf"))
        if hairpin:
            if vip.interface == "any":
                self.forwards.append(_made(vip, vip.protocol, vip.ports, "", _line(name, node), hairpin=True))
            return vip.interface == "any"
        allow = "" if ALL in node.values("srcaddr") else self._list(node.values("srcaddr"))
        if not allow and ALL not in node.values("srcaddr"):
            return False
        parts = list(self._ports(vip, node))
        self.forwards += (_made(vip, protocol, ports, allow, _line(name, node)) for protocol, ports in parts)
        return bool(parts)

    def _ports(self, vip: VirtualIp, node: Node) -> Iterator[tuple[int, tuple[int, int]]]:
        """What both the virtual IP and the policy's services let through."""
        for word in node.values("service"):
            try:
                found = self._library.service(word)
            except UnknownError:
                continue
            for item in found:
                protocol = vip.protocol if vip.protocol >= 0 else item.protocol
                if protocol not in _WORDS or item.protocol not in {protocol, -1}:
                    continue
                if vip.protocol < 0 and item.ports == ANY_PORT:
                    continue
                for low, high in item.ports:
                    first, last = max(low, vip.ports[0]), min(high, vip.ports[1])
                    if first <= last:
                        yield protocol, (first, last)

    def _list(self, names: tuple[str, ...]) -> str:
        """Senders as a list, under the name of the one object that they are; empty where it can't be told who is in
        it."""
        label = names[0].removeprefix(_LIST) if len(names) == 1 else " ".join(names)
        if label not in self._lists:
            found: list[str] = []
            for name, family in ((name, family) for name in names for family in (4, 6) if name in self._named[family]):
                try:
                    found += as_prefixes(self._library.address(name, family), family)
                except UnknownError:
                    return ""
            if not found or not all(name in self._named[4] | self._named[6] for name in names):
                return ""
            self._lists[label] = tuple(dict.fromkeys(found))
        return label

    def _names(self, node: Node, found: re.Match[str]) -> None:
        """What a policy of ours calls the two sides."""
        for word, name in (("srcaddr", found["client"]), ("dstaddr", found["server"])):
            for item in node.values(word):
                if item != ALL and not self._library.is_vip(item):
                    for prefix in self._library_prefixes(item):
                        self.called[prefix.removesuffix("/32")] = name
                        self.segments.setdefault(prefix, name)

    def _library_prefixes(self, name: str) -> list[str]:
        try:
            return as_prefixes(self._library.address(name, 4), 4)
        except UnknownError:
            return []

    def _call_by_objects(self, root: Node) -> None:
        """What somebody called single addresses and networks; the first name counts."""
        for name in root.entries("firewall address"):
            prefixes = self._library_prefixes(name)
            if len(prefixes) == 1 and name not in {ALL, "none"} and not name.startswith(PREFIX):
                self.called.setdefault(prefixes[0].removesuffix("/32"), name)


def _readable(library: Library) -> Iterator[tuple[str, VirtualIp]]:
    for name in library.vip_nodes:
        try:
            yield name, library.virtual_ip(name)
        except UnknownError:
            continue


def _without_inspection(node: Node) -> Node:
    kept: dict[str, Setting] = {name: item for name, item in node.settings.items() if not INSPECTING.fullmatch(name)}
    return Node(kept, number=node.number)


def _is_4(rule: Rule) -> bool:
    return ranges(rule, Field.FAMILY) == ((0, 0),)


def _virtual(rule: Rule) -> bool:
    """Whether a rule speaks of packets that a virtual IP translated."""
    return any(first for first, _ in ranges(rule, VIRTUAL))


def _made(vip: VirtualIp, protocol: int, ports: tuple[int, int], allow: str, line: LineRef, *,
          hairpin: bool = False) -> Forward:
    return Forward(str(IPv4Address(vip.outside)), _WORDS.get(protocol, ""), *ports, str(IPv4Address(vip.inside)), allow,
                   hairpin, line)


def _within(prefix: str, networks: tuple[str, ...]) -> str:
    """A prefix narrowed to the one network that an interface has, where it holds this."""
    holding = [item for item in networks if prefix and IPv4Network(item).subnet_of(IPv4Network(prefix))]
    return holding[0] if len(holding) == 1 == len(networks) else prefix


def _span(prefix: str) -> tuple[int, int]:
    found = IPv4Network(prefix)
    return int(found.network_address), int(found.broadcast_address)


def as_prefixes(found: tuple[tuple[int, int], ...], family: int) -> list[str]:
    """Ranges in CIDR form. Raises UnknownError for more of them than anybody wrote."""
    made = [str(item) for first, last in found for item in (
        summarize_address_range(IPv4Address(first), IPv4Address(last)) if family == 4 else
        summarize_address_range(IPv6Address(first), IPv6Address(last)))]
    if len(made) > _LONGEST:
        raise UnknownError("too many")
    return made


def _line(name: str, node: Node) -> LineRef:
    return LineRef(DOCUMENT, node.number, edit(name))
