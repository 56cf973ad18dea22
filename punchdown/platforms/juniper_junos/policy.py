"""The running or rendered configuration of an EX switch as match-action tables.

From the intent come its name, and its ports: one that has no line carries nothing. A port is judged on entry by its own
filter, by DHCP security and by the filters of its VLANs, in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_interface

from punchdown.intent import DeviceIntent
from punchdown.platforms.juniper_junos.capabilities import DOCUMENT
from punchdown.platforms.juniper_junos.policy_filters import filters, table_name, undefined_table
from punchdown.platforms.juniper_junos.policy_text import Statement, Text
from punchdown.platforms.juniper_junos.statements import whole
from punchdown.platforms.juniper_junos.words import switchports
from punchdown.values.policy import (
    DevicePolicy,
    Enter,
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

SNOOPING = "dhcp-security"
_SWITCHING = ("unit", "0", "family", "ethernet-switching")
_HARMLESS = re.compile(
    r"system |snmp |chassis |poe |class-of-service |access |event-options |policy-options |virtual-chassis |security "
    r"(?:ssh|pki|certificates)|groups |protocols (?:lldp|lldp-med|rstp|vstp|igmp-snooping|mld-snooping|sflow)\b"
    r"|applications |forwarding-options (?:storm-control-profiles|analyzer|sampling)|multi-chassis "
    r"|switch-options (?:interface \S+ (?:interface-mac-limit|persistent-learning)|mac-table-size|interface-mac-limit)"
    r"|protocols dot1x (?:traceoptions|authenticator (?:authentication-profile-name|interface|radius-options))"
    r"|routing-options (?:autonomous-system|router-id|nonstop-routing)|interfaces (?:me0|vme|fxp0|em\d|jsrv) ")
_HARMLESS_BELOW = re.compile(
    r"(?:description|mtu|speed|link-mode|hold-time|(?:no-)?traps|aggregated-ether-options|"
    r"(?:gig)?ether-options (?:(?:no-)?auto-negotiation|(?:no-)?flow-control|speed|link-mode)|unit 0 description|"
    r"unit 0 family ethernet-switching (?:storm-control|recovery-timeout))\b"
    r"|(?:unit 0(?: family ethernet-switching)?)?$")
_HARMLESS_VLAN = re.compile(r"vlan-id(?!-)|l3-interface|description|(?:interface-)?mac-limit|switch-options|"
                            r"no-irb-layer-2-copy|forwarding-options (?:filter input|dhcp-security)|mac-table-size")
_UNTOLD = "its own configuration stands nowhere"


@dataclass
class _Port:
    """What the statements below one interface say."""

    name: str
    line: LineRef
    mode: str = "access"
    switched: bool = False
    members: list[str] = field(default_factory=list)
    native: int = 0
    closed: bool = False
    bundle: str = ""
    filters: dict[str, tuple[str, LineRef]] = field(default_factory=dict)
    unread: list[LineRef] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def policy(intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
    """What the document ``configuration`` lets through; an empty policy where there is none."""
    text = Text(DOCUMENT, documents.get(DOCUMENT, ""))
    reader = _Reader(intent, text)
    ports, routed = reader.ports(), tuple(reader.routed())
    lo0 = tuple(reader.bound(port, "inet input") for port in reader.found.values() if port.name == "lo0.0")
    local = tuple(name for names in lo0 for name in names)
    routing = sum(bool(item.addresses) and item.name not in {"me0.0", "vme.0", "lo0.0"} for item in routed) > 1
    used = {name for port in ports for name in (*port.inbound, *port.outbound)} | set(local)
    used |= {name for item in routed for name in (*item.inbound, *item.outbound)}
    used |= {rule.end.table for table in reader.extra.values() for rule in table.rules if isinstance(rule.end, Enter)}
    tables = {**reader.tables, **reader.extra}
    return DevicePolicy(
        intent.device, "juniper_junos", tuple(tables.values()), ports, routed, tuple(_routes(text)), local=local,
        routes_packets=routing, unused=tuple(name for name in reader.tables if name not in used),
        undefined=tuple(reader.undefined.items()),
        unread=(*text.strange, *reader.unread(), *(line for port in reader.found.values() for line in port.unread)))


class _Reader:
    """Ports, routed interfaces and the tables between, of one configuration."""

    def __init__(self, intent: DeviceIntent, text: Text) -> None:
        self.intent, self.text = intent, text
        self.tables, self.extra = filters(text), dict[str, Table]()
        self.undefined: dict[str, LineRef] = {}
        self.found: dict[str, _Port] = {}
        for statement in text.under("interfaces"):
            if len(statement.words) > 1 and statement.words[1] != "interface-range":
                self._read(statement)
        self.voice = {one.words[3].removesuffix(".0"): one.words[5] for one in text.under("switch-options", "voip")
                      if len(one.words) > 5 and one.words[4] == "vlan"}
        self.vlan_filters = {
            text.number(one.words[1]): self._table("ethernet-switching", one.words[5], one.line)
            for one in text.under("vlans")
            if one.words[2:5] == ("forwarding-options", "filter", "input") and len(one.words) > 5}

    def _read(self, statement: Statement) -> None:
        name, below = statement.words[1], statement.words[2:]
        if below[:1] == ("unit",) and (name == "irb" or below[2:4] in {("family", "inet"), ("family", "inet6")}):
            self._read_routed(f"{name}.{below[1]}", below[2:], statement.line)
            return
        port = self.found.setdefault(name, _Port(name, statement.line))
        switching = below[len(_SWITCHING):] if below[:len(_SWITCHING)] == _SWITCHING else ()
        port.switched = port.switched or below[:len(_SWITCHING)] == _SWITCHING
        if below in {("disable",), ("unit", "0", "disable")}:
            port.closed, port.line = True, statement.line
        elif below[:1] == ("native-vlan-id",):
            port.native = max(whole(below[1]), 0) if below[1:] else 0
        elif below[:2] in {("ether-options", "802.3ad"), ("gigether-options", "802.3ad")} and len(below) == 3:
            port.bundle = below[2]
        elif switching[:1] == ("interface-mode",) and switching[1:] in {("access",), ("trunk",)}:
            port.mode = switching[1]
        elif switching[:2] == ("vlan", "members") and len(switching) > 2:
            port.members.append(switching[2])
        elif switching[:1] == ("filter",) and switching[1:2] in {("input",), ("output",)} and len(switching) == 3:
            port.filters[switching[1]] = (switching[2], statement.line)
        elif not _HARMLESS_BELOW.match(" ".join(below)):
            port.unread.append(statement.line)

    def _read_routed(self, name: str, below: tuple[str, ...], line: LineRef) -> None:
        port = self.found.setdefault(name, _Port(name, line))
        family, rest = below[1:2], below[2:]
        if below == ("disable",):
            port.closed = True
        elif rest[:1] == ("address",) and len(rest) > 1 and _is_address(rest[1]):
            port.addresses.append(rest[1])
            port.line = line
        elif rest[:1] == ("filter",) and len(rest) == 3 and rest[1] in {"input", "output"}:
            port.filters[f"{family[0]} {rest[1]}"] = (rest[2], line)
        elif rest and not re.match(r"description|mtu|no-redirects|dhcp", " ".join(rest)):
            port.unread.append(line)

    def _table(self, family: str, name: str, line: LineRef) -> str:
        table = table_name(family, name)
        if table not in self.tables:
            self.undefined[table] = line
            self.tables[table] = undefined_table(table, line)
        return table

    def bound(self, port: _Port, place: str) -> tuple[str, ...]:
        """The table bound at a place (``input``, ``inet output``), as inbound or outbound of a port."""
        found = port.filters.get(place)
        family = place.partition(" ")[0] if " " in place else "ethernet-switching"
        return (self._table(family, *found),) if found else ()

    def ports(self) -> tuple[PortPolicy, ...]:
        """The switch ports, members of a bundle with the bundle's settings; ports of the definition that no line
        speaks of carry nothing."""
        switched = [port for port in self.found.values() if "." not in port.name and port.name != "irb"]
        out = [self._port(port, self.found.get(port.bundle, port)) for port in switched
               if port.bundle or port.switched or port.closed]
        known = {port.name for port in out}
        out += [PortPolicy(port.name, 0, closed=True, line=LineRef(DOCUMENT, 0, f"{port.name}: {_UNTOLD}"))
                for port in switchports(self.intent) if port.name not in known]
        bundles = {port.bundle for port in switched}
        return tuple(port for port in out if port.name not in bundles and not re.fullmatch(r"ae\d+", port.name))

    def _port(self, port: _Port, settings: _Port) -> PortPolicy:
        numbers = {number for name in settings.members for number in (
            self.text.numbers.values() if name == "all" else (self.text.number(name),))} - {0}
        voice = self.text.number(self.voice.get(settings.name, self.voice.get("access-ports", "")) or "0")
        if settings.mode == "trunk":
            untagged = settings.native if settings.native in numbers else 0
            tagged = tuple(sorted(numbers - {untagged}))
        else:
            untagged = min(numbers, default=1)
            tagged = (voice,) if voice and voice != untagged else ()
        guard = [one for name in (settings.name, "all")
                 for one in self.text.under("protocols", "dot1x", "authenticator", "interface", name)]
        guest = next((self.text.number(one.words[6]) for one in guard
                      if one.words[5:6] == ("guest-vlan",) and len(one.words) > 6), 0)
        inbound = (*self.bound(settings, "input"), *self._snooping(settings, untagged, tagged),
                   *self._vlans(untagged, tagged))
        return PortPolicy(port.name, untagged, tagged, inbound, self.bound(settings, "output"),
                          closed=port.closed or settings.closed, guarded=bool(guard), line=port.line, guest=guest)

    def _snooping(self, port: _Port, untagged: int, tagged: tuple[int, ...]) -> tuple[str, ...]:
        """An untrusted port takes no answer of a DHCP server; trunks are trusted unless a group says otherwise."""
        tags: list[tuple[int, LineRef]] = []
        for vlan in (untagged, *tagged):
            rows = [one for one in self.text.under("vlans") if self.text.number(one.words[1]) == vlan
                    and one.words[2:4] == ("forwarding-options", "dhcp-security")]
            groups = {one.words[5] for one in rows if one.words[4:5] == ("group",) and one.words[6:] == (
                "interface", port.name)}
            said = {one.words[7] for one in rows if one.words[4:5] == ("group",) and one.words[5] in groups
                    and one.words[6:7] == ("overrides",) and len(one.words) > 7}
            trusted = "trusted" in said or (port.mode == "trunk" and "untrusted" not in said)
            if rows and not trusted:
                tags.append((0 if vlan == untagged else vlan, rows[0].line))
        if not tags:
            return ()
        every = len(tags) == len([vlan for vlan in (untagged, *tagged) if vlan])
        name = " ".join((SNOOPING, *(() if every else (str(tag) for tag, _ in tags))))
        answer = (Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((17, 17),)),
                  Match(Field.SOURCE_PORT, ((67, 67),)), Match(Field.DESTINATION_PORT, ((68, 68),)))
        where = () if every else (Match(Field.VLAN, tuple(sorted((tag, tag) for tag, _ in tags))),)
        self.extra[name] = Table(name, (Rule((*where, *answer), Verdict.DROP, tags[0][1]),), Verdict.ACCEPT, tags[0][1])
        return (name,)

    def _vlans(self, untagged: int, tagged: tuple[int, ...]) -> tuple[str, ...]:
        """The filters of the VLANs that a port carries, as one table that asks for the tag."""
        tags = {0 if vlan == untagged else vlan: self.vlan_filters[vlan] for vlan in (untagged, *tagged)
                if vlan in self.vlan_filters}
        if not tags:
            return ()
        name = "VLAN filters " + ", ".join(f"{tag}: {target}" for tag, target in sorted(tags.items()))
        line = LineRef(DOCUMENT, 0, "implied: the filters of this port's VLANs")
        self.extra[name] = Table(name, tuple(
            Rule((Match(Field.VLAN, ((tag, tag),)),), Enter(target, returns=False), line)
            for tag, target in sorted(tags.items())), Verdict.ACCEPT, line)
        return (name,)

    def routed(self) -> Iterator[RoutedInterface]:
        """Interfaces with addresses: of VLANs, and of ports without VLANs."""
        vlans = {one.words[3]: self.text.number(one.words[1]) for one in self.text.under("vlans")
                 if one.words[2:3] == ("l3-interface",) and len(one.words) > 3}
        for port in self.found.values():
            if "." in port.name and port.addresses and port.name != "lo0.0":
                outside = port.name.partition(".")[0]
                yield RoutedInterface(
                    port.name, tuple(port.addresses), vlans.get(port.name, 0), "" if outside == "irb" else outside,
                    (*self.bound(port, "inet input"), *self.bound(port, "inet6 input")),
                    (*self.bound(port, "inet output"), *self.bound(port, "inet6 output")), port.closed, port.line)

    def unread(self) -> Iterator[LineRef]:
        """Statements outside of tables and ports that could matter and are not understood."""
        for one in self.text.statements:
            text, head = " ".join(one.words), one.words[0]
            if head == "vlans":
                harmless = bool(_HARMLESS_VLAN.match(" ".join(one.words[2:]))) or len(one.words) == 2
            elif head == "interfaces":
                harmless = one.words[1:2] != ("interface-range",)
            elif head == "firewall":
                harmless = one.words[1] in {"family", "filter", "policer"}
            elif one.words[:2] == ("switch-options", "voip"):
                harmless = True
            else:
                harmless = one.words[:3] == ("routing-options", "static", "route") or bool(
                    _HARMLESS.match(f"{text} "))
            if not harmless:
                yield one.line


def _is_address(word: str) -> bool:
    try:
        ip_interface(word)
    except ValueError:
        return False
    return True


def _routes(text: Text) -> Iterable[Route]:
    for one in text.under("routing-options", "static", "route"):
        if one.words[4:5] == ("next-hop",) and len(one.words) == 6:
            yield Route(one.words[3], "", one.words[5], one.line)
