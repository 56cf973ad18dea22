"""VLAN access maps: filters of whole VLANs, of what is bridged inside of one and of what is routed into it; and which
policy maps judge what passes.

Source: Catalyst security configuration guide, "VLAN Maps": entries in order; a packet that a list of the entry permits
undergoes its action; with at least one entry for a kind of packet, what no entry matched of that kind drops.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from punchdown.platforms.cisco_ios.normalise import expand_vlans
from punchdown.platforms.cisco_ios.policy_lists import table_name
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.values.policy import Enter, Field, LineRef, Match, PortPolicy, RoutedInterface, Rule, Table, Verdict

_MAP = re.compile(r"vlan access-map (\S+)(?: (\d+))?")
_FILTER = re.compile(r"vlan filter (\S+) vlan-list (.+)")
_MATCH = re.compile(r"match (ip|ipv6) address (.+)")


@dataclass(frozen=True, slots=True)
class VlanMaps:
    """``tables`` of the maps that are bound; ``bound`` VLAN to the name of its map's table; ``unread`` lines."""

    tables: tuple[Table, ...]
    bound: Mapping[int, str]
    unread: tuple[LineRef, ...]


def read_maps(found: Iterable[Section], lists: Mapping[str, Table]) -> VlanMaps:
    """The VLAN maps of a configuration; ``lists`` are its access lists by table name."""
    maps: dict[str, list[tuple[int, Section]]] = {}
    filters: list[tuple[str, tuple[int, ...], LineRef]] = []
    unread: list[LineRef] = []
    for section in found:
        if head := _MAP.fullmatch(section.text):
            maps.setdefault(head[1], []).append((int(head[2] or 10), section))
        elif bound := _FILTER.fullmatch(section.text):
            try:
                filters.append((bound[1], expand_vlans(bound[2].replace(" ", "")), section.head))
            except ValueError:
                unread.append(section.head)
    tables: dict[str, Table] = {}
    for name, _, line in filters:
        if name in maps:
            entries = [section for _, section in sorted(maps[name], key=lambda entry: entry[0])]
            tables |= {table.name: table for table in _tables(name, entries, lists)}
        else:
            unread.append(line)
    return VlanMaps(tuple(tables.values()), {vlan: _name(name) for name, vlans, _ in filters if name in maps
                                             for vlan in vlans}, tuple(unread))


def _name(name: str) -> str:
    return f"vlan access-map {name}"


def _tables(name: str, entries: Iterable[Section], lists: Mapping[str, Table]) -> Iterator[Table]:
    rules: list[Rule] = []
    families: set[int] = set()
    last = LineRef("", 0, "")
    for section in entries:
        last = section.head
        words = {line.text.split()[0]: line for line in section.body}
        action = words.get("action", section.head)
        end = Verdict.DROP if action.text.startswith("action drop") else Verdict.ACCEPT
        sure = bool(re.fullmatch(r"action (?:drop(?: log)?|forward)", action.text)) or action is section.head
        matches = [line for line in section.body if line.text.startswith("match ")]
        if not matches:
            rules.append(Rule((), end, action, end_known=sure, unread="" if sure else action.text))
        for line in matches:
            found = _MATCH.fullmatch(line.text)
            if not found or not sure:
                rules.append(Rule((), end, line, unread=line.text, end_known=False))
                continue
            family = 4 if found[1] == "ip" else 6
            families.add(family)
            for item in found[2].split():
                known = lists.get(table_name(item, family))
                if known is None or not known.rules:
                    rules.append(Rule((_family(family),), end, line, unread=f"{item} is not there"))
                    continue
                inner = f"{section.text} with {known.name}"
                yield _asked(inner, known, family, end)
                rules.append(Rule((_family(family),), Enter(inner, returns=True), line))
    implied = replace(last, number=0, text="implied: a VLAN map drops what no entry matched")
    rules += [Rule((_family(family),), Verdict.DROP, implied) for family in sorted(families)]
    yield Table(_name(name), tuple(rules), Verdict.ACCEPT, last)


def _family(family: int) -> Match:
    value = 0 if family == 4 else 1
    return Match(Field.FAMILY, ((value, value),))


def _asked(name: str, known: Table, family: int, end: Verdict) -> Table:
    """An access list as a question: what it permits undergoes ``end``, anything else goes on with the map."""
    other = _family(6 if family == 4 else 4)
    return Table(name, tuple(replace(rule, end=end if rule.end is Verdict.ACCEPT else Verdict.RETURN)
                             for rule in known.rules if other not in rule.matches and rule.line.number), Verdict.RETURN,
                 known.defined)


def bind(ports: Iterable[PortPolicy], interfaces: Iterable[RoutedInterface],
         maps: VlanMaps) -> tuple[tuple[PortPolicy, ...], tuple[RoutedInterface, ...], tuple[Table, ...]]:
    """Ports that judge their filtered VLANs on entry, SVIs that judge what they send, and the tables between."""
    tables: dict[str, Table] = {}
    filtered = []
    for port in ports:
        tags = {0 if vlan == port.untagged else vlan: maps.bound[vlan]
                for vlan in (port.untagged, *port.tagged) if vlan in maps.bound}
        name = "vlan filter " + ", ".join(f"{tag}: {target}" for tag, target in sorted(tags.items()))
        if tags:
            line = LineRef(port.line.document if port.line else "", 0, "implied: the VLAN maps of this port's VLANs")
            tables[name] = Table(name, tuple(
                Rule((Match(Field.VLAN, ((tag, tag),)),), Enter(target, returns=False), line)
                for tag, target in sorted(tags.items())), Verdict.ACCEPT, line)
        filtered.append(replace(port, inbound=(*port.inbound, name)) if tags else port)
    return (tuple(filtered),
            tuple(replace(item, outbound=(*item.outbound, maps.bound[item.vlan])) if item.vlan in maps.bound else item
                  for item in interfaces), tuple(tables.values()))


def bound_policies(found: Iterable[Section]) -> frozenset[str]:
    """Policy maps that judge what passes, those inside of others too: what the control plane limits is the device's
    own."""
    inside = {section.text.split()[-1]: {line.text.split()[-1] for line in section.body
                                         if line.text.startswith("service-policy ")}
              for section in found if section.text.startswith("policy-map ")}
    names = {line.text.split()[-1] for section in found if not section.text.startswith(("control-plane", "policy-map "))
             for line in section.body if line.text.startswith("service-policy ")}
    while more := {name for known in names for name in inside.get(known, ())} - names:
        names |= more
    return frozenset(names)
