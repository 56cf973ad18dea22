"""Policies and virtual IPs as rules of tables.

A policy becomes several rules: its destinations that were translated and those that were not, its services. A
destination address never means a translated packet, unless a denying policy says ``match-vip``. Source: fact sheet,
"DNAT vs policy", "Policy".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.policy_objects import (
    ANY_PORT,
    Library,
    Ranges,
    ServiceMatch,
    UnknownError,
    VirtualIp,
)
from punchdown.platforms.fortinet_fortios.tree import Node, edit
from punchdown.values.policy import Assign, At, Field, LineRef, Match, Place, Rule, Translate, Verdict

_SILENT = frozenset({
    "name", "uuid", "comments", "logtraffic", "logtraffic-start", "action", "status", "srcintf", "dstintf", "srcaddr",
    "dstaddr", "srcaddr6", "dstaddr6", "schedule", "service", "nat", "ippool", "poolname", "match-vip",
    "send-deny-packet", "diffserv-forward", "diffservcode-forward", "diffserv-reverse", "diffservcode-rev",
    "diffserv-copy", "srcaddr-negate", "dstaddr-negate", "global-label", "label", "session-ttl", "auto-asic-offload",
    "timeout-send-rst", "tcp-mss-sender", "tcp-mss-receiver", "fixedport", "traffic-shaper",
    "traffic-shaper-reverse", "inspection-mode", "profile-protocol-options", "ssl-ssh-profile"})
"""Settings that this reader follows, or that decide nothing about what passes."""
Part = Match | At
VIRTUAL = Field.REGISTER0
"""Holds the number of the virtual IP that translated a packet."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``zones``: members of a zone by its name; ``vips`` by name, those that could be read."""

    library: Library
    zones: Mapping[str, tuple[str, ...]]
    vips: Mapping[str, VirtualIp]

    def at(self, place: Place, names: tuple[str, ...]) -> tuple[Part, ...]:
        """A condition on interfaces; none for ``any``."""
        if "any" in names:
            return ()
        return (At(place, tuple(dict.fromkeys(item for name in names for item in self.zones.get(name, (name,))))),)


def translation(vip: VirtualIp, around: Surroundings) -> Rule:
    """The rule of a virtual IP, before routing."""
    matches: list[Part] = [*around.at(Place.IN, (vip.interface,)), Match(Field.FAMILY, ((0, 0),)),
                           Match(Field.DESTINATION, ((vip.outside, vip.outside),))]
    if vip.senders:
        matches.append(Match(Field.SOURCE, vip.senders))
    ports = None
    if vip.protocol >= 0:
        matches += [Match(Field.PROTOCOL, ((vip.protocol, vip.protocol),)), Match(Field.DESTINATION_PORT, (vip.ports,))]
        ports = vip.real_ports if vip.real_ports != vip.ports else None
    shifts = ports is not None and ports[0] != ports[1]
    return Rule(tuple(matches), Verdict.ACCEPT, LineRef(DOCUMENT, vip.line, edit(vip.name)),
                (Assign(VIRTUAL, vip.number, 0xFFFFFFFF), Translate(Field.DESTINATION, vip.inside, ports, shifts)))


def policy_rules(name: str, node: Node, around: Surroundings) -> Iterator[Rule]:
    """The rules of one policy, both address families."""
    if node.value("status") == "disable" or node.value("schedule") == "none":
        return
    line = LineRef(DOCUMENT, node.number, edit(name))
    odd = [f"set {key} {' '.join(item.values)}" for key, item in node.settings.items()
           if key not in _SILENT and not _is_off(item.values)]
    kind = node.value("action", "deny")
    end = {"accept": Verdict.ACCEPT, "deny": Verdict.DROP}.get(kind)
    if end is Verdict.DROP and node.value("send-deny-packet") == "enable":
        end = Verdict.REJECT
    for family in (4, 6):
        if not node.values(_named("srcaddr", family)) and not node.values(_named("dstaddr", family)):
            continue
        unread = list(odd) if end else [*odd, f"set action {kind}"]
        if node.value("schedule", "always") != "always":
            unread.append(f"time-range {node.value('schedule')}")
        parts = _parts(node, family, around, unread)
        if parts is not None:
            matches, targets, services = parts
            actions = tuple(_actions(node, family, around, unread)) if end is Verdict.ACCEPT else ()
            for target, service in product(targets, services):
                yield Rule((*matches, *target, *service), end or Verdict.ACCEPT, line, actions, " ".join(unread),
                           end is not None)


def _is_off(values: tuple[str, ...]) -> bool:
    return values in {("disable",), ("none",)}


def _named(name: str, family: int) -> str:
    return name if family == 4 else f"{name}6"


def _parts(node: Node, family: int, around: Surroundings, unread: list[str]) -> tuple[
        tuple[Part, ...], list[tuple[Part, ...]], list[tuple[Part, ...]]] | None:
    """Common conditions, alternatives of destination, alternatives of service; None where nothing can match."""
    common = [*around.at(Place.IN, node.values("srcintf")), *around.at(Place.OUT, node.values("dstintf")),
              Match(Field.FAMILY, ((family // 6, family // 6),))]
    sources = _addresses(node, "srcaddr", family, around, unread)
    common += _lies_in(Field.SOURCE, sources, family, negated=_negated(node, "srcaddr", family))
    targets = list(_targets(node, family, around, unread))
    services = _services(node, around, unread)
    return (tuple(common), targets, services) if targets and services else None


def _lies_in(field: Field, ranges: Ranges | None, family: int, *, negated: bool) -> list[Part]:
    """A condition on an address; none for all of them, nor where they are not known."""
    if ranges is None or (not negated and (0, (1 << (32 if family == 4 else 128)) - 1) in ranges):
        return []
    return [Match(field, ranges, negated=negated)]


def _negated(node: Node, name: str, family: int) -> bool:
    return node.value(f"{_named(name, family)}-negate") == "enable"


def _addresses(node: Node, name: str, family: int, around: Surroundings, unread: list[str]) -> Ranges | None:
    """The union of all names; None, and noted, where one of them is not known. Virtual IPs are left out."""
    found: list[tuple[int, int]] = []
    for item in node.values(_named(name, family)):
        if name == "dstaddr" and around.library.is_vip(item):
            continue
        try:
            found += around.library.address(item, family)
        except UnknownError:
            unread.append(f"{name} {item}")
            return None
    return tuple(found)


def _targets(node: Node, family: int, around: Surroundings, unread: list[str]) -> Iterator[tuple[Part, ...]]:
    names = node.values(_named("dstaddr", family))
    virtual = [vip for name in names if family == 4 and around.library.is_vip(name)
               for vip in around.library.vips(name)]
    ranges = _addresses(node, "dstaddr", family, around, unread)
    negated = _negated(node, "dstaddr", family)
    sees_all = node.value("action", "deny") == "deny" and node.value("match-vip", "enable") == "enable"
    untranslated = () if sees_all or family == 6 else (Match(VIRTUAL, ((0, 0),)),)
    if ranges is None or ranges or negated:
        yield (*untranslated, *_lies_in(Field.DESTINATION, ranges, family, negated=negated))
    known = [around.vips[name].number for name in virtual if name in around.vips]
    if known:
        yield (Match(VIRTUAL, tuple((number, number) for number in sorted(known))),)
    if len(known) < len(virtual):
        unread.append("dstaddr " + " ".join(name for name in virtual if name not in around.vips))


def _services(node: Node, around: Surroundings, unread: list[str]) -> list[tuple[Part, ...]]:
    found: dict[tuple[int, Ranges, int], list[tuple[int, int]]] = {}
    for name in node.values("service"):
        try:
            for item in around.library.service(name):
                found.setdefault((item.protocol, item.senders, item.icmp), []).extend(item.ports)
        except UnknownError:
            unread.append(f"service {name}")
            return [()]
    return [tuple(_service(ServiceMatch(protocol, tuple(ports), senders, icmp)))
            for (protocol, senders, icmp), ports in found.items()]


def _service(item: ServiceMatch) -> Iterator[Part]:
    if item.protocol >= 0:
        yield Match(Field.PROTOCOL, ((item.protocol, item.protocol),))
    for field, ranges in ((Field.DESTINATION_PORT, item.ports), (Field.SOURCE_PORT, item.senders)):
        if item.protocol >= 0 and ANY_PORT[0] not in ranges:
            yield Match(field, ranges)
    if item.icmp >= 0:
        yield Match(Field.ICMP_TYPE, ((item.icmp, item.icmp),))


def _actions(node: Node, family: int, around: Surroundings, unread: list[str]) -> Iterator[Assign | Translate]:
    if node.value("diffserv-forward") == "enable":
        code = node.value("diffservcode-forward", "000000")
        if set(code) <= {"0", "1"} and len(code) == 6:
            yield Assign(Field.DSCP, int(code, 2), 0x3F)
        else:
            unread.append(f"diffservcode-forward {code}")
    if node.value("nat") == "enable" and family == 4:
        try:
            pooled = node.value("ippool") == "enable"
            yield Translate(Field.SOURCE, around.library.pool(node.values("poolname")) if pooled else None)
        except UnknownError as error:
            unread.append(f"poolname {error}")
