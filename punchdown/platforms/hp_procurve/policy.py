"""The running or rendered configuration of a switch as match-action tables.

Nothing comes from the intent but the device's name and the ports that it has: addresses, VLANs and lists all stand in
the text. A port that no line puts into a VLAN is in VLAN 1 without a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_interface, ip_network

from punchdown.intent import DeviceIntent
from punchdown.platforms.hp_procurve.capabilities import DOCUMENT
from punchdown.platforms.hp_procurve.normalise import NOWHERE, Entry, Tree, by_path, tree_of
from punchdown.platforms.hp_procurve.policy_lists import line_of, table, table_name
from punchdown.platforms.hp_procurve.ports import port_key
from punchdown.platforms.hp_procurve.trunks import trunk_of
from punchdown.values.policy import (
    DevicePolicy,
    Field,
    LineRef,
    Match,
    PortPolicy,
    Route,
    RoutedInterface,
    Rule,
    Table,
    Verdict,
)

SNOOPING = "dhcp-snooping"
MANAGERS = "ip authorized-managers"
_HARMLESS = re.compile(
    r"(?:no )?(?:hostname|banner|module|timesync|ntp|sntp|time|logging|console|password|include-credentials|snmp-server"
    r"|snmpv3|spanning-tree|lldp|cdp|radius-server|tacacs-server|aaa (?:authentication|accounting|server-group"
    r"|port-access)|qos|dhcp-snooping|arp-protect|ip (?:default-gateway|authorized-managers|ssh|dns|source-lockdown"
    r"|source-binding|route|routing|client-tracker|forward-protocol)|telnet-server|web-management|tftp|autorun"
    r"|dhcp|activate|rest-interface|primary-vlan|max-vlans|device-profile|encrypt-credentials|fault-finder|trunk|job"
    r"|alias|crypto|power-over-ethernet|loop-protect|igmp|allow-unsupported-transceiver|encrypted-password"
    r"|console|tacacs|stacking|oobm|name|class|policy qos|vlan|ip access-list|ipv6 access-list|interface)(?: .*)?")
_BLOCKS = re.compile(r"stacking|oobm|class .*|policy qos .*|snmp.*|aaa .*")
_PORT_HARMLESS = re.compile(
    r"name|disable|rate-limit .*|service-policy|qos .*|power-over-ethernet.*|speed-duplex|flow-control|lacp|mdix-mode"
    r"|arp-protect trust|spanning-tree.*|lldp config.*|port-security|trunk|untagged|tagged \d+|ip access-group"
    r"|ipv6 access-group|dhcp-snooping trust|aaa port-access.*|ip source-lockdown|unknown-vlans|broadcast-limit")
_VLAN_HARMLESS = re.compile(r"name|voice|ip address|qos .*|ip igmp.*|jumbo|ip access-group (?:in|out|vlan-in)"
                            r"|ip helper-address .*|ip forward-protocol .*|no ip address")
_METHODS = {"all": ((22, 23), (80, 80), (443, 443)), "ssh": ((22, 22),), "telnet": ((23, 23),),
            "web": ((80, 80), (443, 443))}
"""The TCP ports of each way to manage the switch."""
_ROUTE = re.compile(r"ip route ([\d.]+)(?:/(\d+)| ([\d.]+)) ([\d.]+)(?: .*)?")


def policy(intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
    """What the document ``running-config`` lets through; an empty policy where there is none."""
    tree = tree_of((line, NOWHERE) for line in documents.get(DOCUMENT, "").splitlines())
    reading = _Reading(intent, tree)
    return reading.policy()


class _Reading:
    """One tree, read."""

    def __init__(self, intent: DeviceIntent, tree: Tree) -> None:
        self.intent, self.tree = intent, tree
        self.below = by_path(tree)
        self.routing = ("global", "ip routing") in tree
        self.tables: dict[str, Table] = {}
        self.undefined: dict[str, LineRef] = {}
        self.used: set[str] = set()
        self.trunks = {slot[1]: trunk_of(entry) for slot, entry in tree.items()
                       if slot[0] == "port" and slot[2] == "trunk"}
        self.active = ("global", "aaa port-access authenticator active") in tree
        on = tree.get(("global", "dhcp-snooping"))
        self.snooped = {int(slot[1].split()[-1]) for slot in tree if slot[0] == "global"
                        and slot[1].startswith("dhcp-snooping vlan ")} if on else set()
        self.snooping = line_of(on, DOCUMENT) if on else None

    def policy(self) -> DevicePolicy:
        """All of it."""
        for slot, entry in self.tree.items():
            if slot[0] == "list" and len(slot) == 2 and "access-list " in slot[1]:
                name, family = slot[1].split(" ")[-1].strip('"'), 6 if slot[1].startswith("ipv6") else 4
                made = table(name, family, line_of(entry, DOCUMENT), self.below.get((slot[1],), ()), DOCUMENT)
                self.tables[made.name] = made
        lists = tuple(self.tables)
        ports = tuple(self._port(name) for name in self._ports())
        interfaces = tuple(self._interfaces())
        managers = tuple(self._managers())
        forward = self._no_ipv6() if self.routing else ()
        return DevicePolicy(
            self.intent.device, "hp_procurve", (*self.tables.values(), *managers), ports, interfaces,
            tuple(self._routes()), forward=forward, local=tuple(item.name for item in managers),
            routes_packets=self.routing, unused=tuple(name for name in lists if name not in self.used),
            undefined=tuple(self.undefined.items()), unread=tuple(self._unread()))

    def _ports(self) -> list[str]:
        """Single ports; what is said of a trunk holds for each of its members."""
        named = {slot[1] for slot in self.tree if slot[0] == "port"} | {port.name for port in self.intent.ports}
        return sorted(named - set(self.trunks.values()), key=port_key)

    def _get(self, port: str, setting: str) -> Entry | None:
        return self.tree.get(("port", port, setting))

    def _port(self, member: str) -> PortPolicy:
        name = self.trunks.get(member, member)
        own = self._get(name, "untagged")
        untagged = 1 if own is None else 0 if own.line.startswith("no ") else int(own.path[0].split()[-1])
        tagged = tuple(sorted(int(slot[2].split()[-1]) for slot in self.tree
                              if slot[:2] == ("port", name) and slot[2].startswith("tagged ")))
        inbound = tuple(self._bound(entry, family) for family, group in ((4, "ip"), (6, "ipv6"))
                        if (entry := self._get(name, f"{group} access-group")))
        if self.snooping and not self._get(name, "dhcp-snooping trust"):
            carried = {untagged: 0, **{vlan: vlan for vlan in tagged}}
            tags = tuple(tag for vlan, tag in carried.items() if vlan in self.snooped)
            inbound = (*self._guard(tags, whole=len(tags) == len(carried)), *inbound)
        authenticates = (self.active and self._get(name, "aaa port-access authenticator")) or self._get(
            name, "aaa port-access mac-based")
        guest = self._get(name, "aaa port-access authenticator unauth-vid")
        where = own or self._get(name, "name")
        closed = self._get(member, "disable") or self._get(name, "disable")
        return PortPolicy(member, untagged, tagged, inbound, (), closed=closed is not None,
                          guarded=bool(authenticates), line=line_of(where, DOCUMENT) if where else None,
                          guest=int(guest.line.split()[-1]) if guest and authenticates else 0)

    def _bound(self, entry: Entry, family: int) -> str:
        name = table_name(entry.line.split('"')[1], family)
        self.used.add(name)
        if name not in self.tables:
            line = line_of(entry, DOCUMENT)
            self.tables[name] = Table(name, (), Verdict.ACCEPT, line)
            self.undefined[name] = line
        return name

    def _guard(self, tags: tuple[int, ...], *, whole: bool) -> tuple[str, ...]:
        """An untrusted port takes no answer of a DHCP server in the VLANs under snooping."""
        if not tags or self.snooping is None:
            return ()
        name = SNOOPING if whole else " ".join((SNOOPING, *map(str, tags)))
        answer = (Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((17, 17),)),
                  Match(Field.SOURCE_PORT, ((67, 67),)), Match(Field.DESTINATION_PORT, ((68, 68),)))
        vlans = () if whole else (Match(Field.VLAN, tuple((tag, tag) for tag in tags)),)
        self.tables[name] = Table(name, (Rule((*vlans, *answer), Verdict.DROP, self.snooping),), Verdict.ACCEPT,
                                  self.snooping)
        self.used.add(name)
        return (name,)

    def _interfaces(self) -> Iterator[RoutedInterface]:
        for slot, entry in self.tree.items():
            if slot[0] == "vlan" and slot[2:] == ("ip address",) and re.fullmatch(r"ip address [\d.]+[ /][\d.]+",
                                                                                  entry.line):
                address = str(ip_interface(entry.line.removeprefix("ip address ").replace(" ", "/")))
                inbound, outbound = (tuple(self._bound(bound, 4) for way in ways
                                           if (bound := self.tree.get(("vlan", slot[1], f"ip access-group {way}"))))
                                     for ways in (("in", "vlan-in"), ("out",)))
                yield RoutedInterface(f"vlan {slot[1]}", (address,), int(slot[1]), "", inbound, outbound,
                                      line=line_of(entry, DOCUMENT))

    def _no_ipv6(self) -> tuple[str, ...]:
        line = LineRef(DOCUMENT, 0, "implied: no IPv6 routing")
        name = "IPv6 routing"
        self.tables[name] = Table(name, (Rule((Match(Field.FAMILY, ((1, 1),)),), Verdict.DROP, line),), Verdict.ACCEPT)
        return (name,)

    def _managers(self) -> Iterator[Table]:
        """Who may log in: with any such line nobody else may."""
        entries = sorted((entry for slot, entry in self.tree.items()
                          if slot[0] == "global" and slot[1].startswith(MANAGERS)), key=lambda entry: entry.line)
        if not entries:
            return
        login = (Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((6, 6),)))
        poll = (Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((17, 17),)),
                Match(Field.DESTINATION_PORT, ((161, 161),)))
        rules = []
        for entry in entries:
            words = entry.line.split()
            network = ip_network(f"{words[2]}/{words[3]}", strict=False)
            method = words[words.index("access-method") + 1] if "access-method" in words else "all"
            sender = Match(Field.SOURCE, ((int(network[0]), int(network[-1])),))
            if ports := _METHODS.get(method, ()):
                rules.append(Rule((*login, sender, Match(Field.DESTINATION_PORT, ports)), Verdict.ACCEPT,
                                  line_of(entry, DOCUMENT)))
            if method in {"all", "snmp"}:
                rules.append(Rule((*poll, sender), Verdict.ACCEPT, line_of(entry, DOCUMENT)))
        closed = tuple(Rule(what, Verdict.DROP, line_of(entries[0], DOCUMENT))
                       for what in ((*login, Match(Field.DESTINATION_PORT, _METHODS["all"])), poll))
        yield Table(MANAGERS, (*rules, *closed), Verdict.ACCEPT)

    def _routes(self) -> Iterator[Route]:
        for slot, entry in self.tree.items():
            if slot[0] != "global":
                continue
            if self.routing and (match := _ROUTE.fullmatch(entry.line)):
                prefix = str(ip_network(f"{match[1]}/{match[2] or match[3]}", strict=False))
                yield Route(prefix, "", match[4], line_of(entry, DOCUMENT))
            elif not self.routing and slot[1] == "ip default-gateway":
                yield Route("0.0.0.0/0", "", entry.line.split()[-1], line_of(entry, DOCUMENT))

    def _unread(self) -> Iterator[LineRef]:
        """Lines that could matter and were not understood."""
        for slot, entry in self.tree.items():
            if slot[0] == "port":
                known = _PORT_HARMLESS.fullmatch(slot[2]) is not None
            elif slot[0] == "vlan":
                known = len(slot) == 2 or entry.line.startswith("ip address dhcp") or bool(
                    _VLAN_HARMLESS.fullmatch(slot[2]))
            elif slot[0] == "list":
                known = True
            elif slot[0] == "other":
                known = _BLOCKS.fullmatch(slot[1]) is not None
            else:
                known = _HARMLESS.fullmatch(entry.line) is not None
            if not known and self._matters(slot[1]):
                yield line_of(entry, DOCUMENT)

    def _matters(self, port: str) -> bool:
        return ("port", port, "disable") not in self.tree
