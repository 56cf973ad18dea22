"""What a Linux gateway forwards, as match-action tables, from the ruleset that nft lists or reads.

A ruleset names interfaces and shows no addresses: interfaces, their addresses and the route to the outside come from
the intent. Whether the kernel forwards at all stands in the file of kernel settings; without that file, the intent's
firewall is taken to forward.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_interface

from punchdown.intent import DeviceIntent
from punchdown.platforms.linux_nftables.capabilities import FOREIGN, FORWARDING, RULES
from punchdown.platforms.linux_nftables.policy_draft import Surroundings
from punchdown.platforms.linux_nftables.policy_rules import read_rule
from punchdown.platforms.linux_nftables.policy_text import Chain, Ruleset, read
from punchdown.values.policy import (
    DevicePolicy,
    Field,
    LineRef,
    Match,
    Route,
    RoutedInterface,
    Rule,
    Table,
    Translate,
    Verdict,
)

NO_FORWARDING = "kernel forwarding"

_HOOKS = ("prerouting", "forward", "input", "postrouting")
_ELSEWHERE = frozenset({"ingress", "egress"})
_JUDGING = frozenset({"drop", "reject", "jump", "goto", "vmap", "queue", "fwd", "dup", "set"})
_FOREIGN_LINE = re.compile(r"table (?:(\S+) )?(\S+), chain (\S+): type (\S+) hook (\S+) .*?(?:policy (\w+);)?")
_SETTING = re.compile(r"\s*net\.(ipv4\.ip_forward|ipv[46]\.conf\.all\.forwarding)\s*=\s*(\d)\s*")


def policy(intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
    """The tables of every base chain and what they jump to, in the kernel's order."""
    rules = read(RULES, documents.get(RULES, ""))
    base = sorted((chain for table in rules.tables.values() if not table.dormant for chain in table.chains.values()
                   if chain.hook in _HOOKS and table.family in {"ip", "ip6", "inet"}), key=lambda chain: chain.priority)
    foreign = tuple(_foreign(documents.get(FOREIGN, "")))
    names = _interfaces(intent)
    tables, unread = _tables(rules, names, intent)
    tracks = _tracks(rules, tables)
    tables = tables if tracks else tuple(_without_fragments(table) for table in tables)
    forwards, forwards6 = _forwarding(intent, documents.get(FORWARDING))
    blocked = () if not forwards or forwards6 is None else (forwards6,)
    hooked = {hook: (*(chain.key for chain in base if chain.hook == hook),
                     *(table.name for where, table in foreign if where == hook)) for hook in _HOOKS}
    return DevicePolicy(
        intent.device, "linux_nftables", (*tables, *(table for _, table in foreign), *blocked),
        interfaces=_routed(intent), routes=_routes(intent),
        before_routing=hooked["prerouting"], forward=(*(table.name for table in blocked), *hooked["forward"]),
        after_routing=hooked["postrouting"], local=hooked["input"], routes_packets=forwards,
        tracks=tracks, unused=tuple(_unused(rules)),
        unread=(*rules.unread, *unread, *_outside(rules)))


def _interfaces(intent: DeviceIntent) -> frozenset[str]:
    return frozenset({"lo", *(item.name for item in (intent.firewall.interfaces if intent.firewall else ()))})


def _tables(rules: Ruleset, names: frozenset[str],
            intent: DeviceIntent) -> tuple[tuple[Table, ...], list[LineRef]]:
    """Every chain as a table, and the lines that write what is not followed."""
    routed, own = _routed_by(intent), _own(intent)
    found: list[Table] = []
    unread: list[LineRef] = []
    for table in rules.tables.values():
        if table.family not in {"ip", "ip6", "inet"} or table.dormant:
            continue
        for chain in table.chains.values():
            entries = [*_preface(chain)]
            for statement in chain.rules:
                read_rules, matters = read_rule(statement, Surroundings(chain, table.sets, names, routed, own))
                entries += read_rules
                unread += [statement.line] if matters else []
            found.append(Table(chain.key, tuple(entries), _default(chain), chain.line))
    return tuple(found), unread


def _routed_by(intent: DeviceIntent) -> dict[str, tuple[str, ...]]:
    """Interface to the prefixes that are routed by it."""
    found = {item.name: [str(ip_interface(text).network) for text in item.addresses] for item in _routed(intent)}
    for route in _routes(intent):
        found.setdefault(route.interface, []).append(route.prefix)
    return {name: tuple(prefixes) for name, prefixes in found.items()}


def _own(intent: DeviceIntent) -> tuple[str, ...]:
    return tuple(str(ip_interface(text).ip) for item in _routed(intent) for text in item.addresses)


def _preface(chain: Chain) -> Iterator[Rule]:
    """What a base chain never sees: the other family, and in a nat chain all but the first packet of a connection."""
    line = chain.hooked or chain.line
    if chain.hook and chain.table.family != "inet":
        other = 1 if chain.table.family == "ip" else 0
        yield Rule((Match(Field.FAMILY, ((other, other),)),), Verdict.ACCEPT, line)
    if chain.kind == "nat":
        yield Rule((Match(Field.STATE, ((0, 0),), negated=True),), Verdict.ACCEPT, line)


def _default(chain: Chain) -> Verdict:
    if not chain.hook:
        return Verdict.RETURN
    return Verdict.DROP if chain.policy == "drop" else Verdict.ACCEPT


def _foreign(text: str) -> Iterator[tuple[str, Table]]:
    """(hook, table) of base chains whose rules were not fetched: what they do is not known."""
    for number, raw in enumerate(text.splitlines(), 1):
        found = _FOREIGN_LINE.fullmatch(raw.strip())
        if not found or found[1] in {"arp", "bridge", "netdev"}:
            continue
        line = LineRef(FOREIGN, number, raw.strip())
        family = found[1] or "ip"
        other = {"ip": 1, "ip6": 0}.get(family)
        passed = () if other is None else (Rule((Match(Field.FAMILY, ((other, other),)),), Verdict.ACCEPT, line),)
        hidden = Rule((), Verdict.ACCEPT, line, unread="the rules of this chain", end_known=False)
        yield found[5], Table(f"{family} {found[2]} {found[3]}", (*passed, hidden),
                              Verdict.DROP if found[6] == "drop" else Verdict.ACCEPT, line)


def _forwarding(intent: DeviceIntent, text: str | None) -> tuple[bool, Table | None]:
    """Whether IPv4 is forwarded, and the table that drops IPv6 where it is not. A setting that the file does not name
    is the kernel's default: off."""
    if not text:
        return intent.firewall is not None, None
    values: dict[str, tuple[str, LineRef]] = {}
    for number, raw in enumerate(text.splitlines(), 1):
        if found := _SETTING.fullmatch(raw):
            family = found[1][:4]
            values[family] = (found[2], LineRef(FORWARDING, number, raw.strip()))
    value, line = values.get("ipv6", ("0", LineRef(FORWARDING, 0, "implied: net.ipv6.conf.all.forwarding = 0")))
    table = None if value != "0" else Table(
        NO_FORWARDING, (Rule((Match(Field.FAMILY, ((1, 1),)),), Verdict.DROP, line),), Verdict.ACCEPT, line)
    return values.get("ipv4", ("0", None))[0] != "0", table


def _routed(intent: DeviceIntent) -> tuple[RoutedInterface, ...]:
    firewall = intent.firewall
    return tuple(RoutedInterface(item.name, tuple(text for text in (item.address, item.address6) if text),
                                 port=item.name) for item in (firewall.interfaces if firewall else ()))


def _routes(intent: DeviceIntent) -> tuple[Route, ...]:
    """What lies behind an interface, and the outside for the rest."""
    firewall = intent.firewall
    if not firewall:
        return ()
    behind = tuple(Route(prefix, item.name) for item in firewall.interfaces for prefix in item.behind)
    return behind + tuple(Route(prefix, firewall.wan) for prefix in ("0.0.0.0/0", "::/0") if firewall.wan)


def _tracks(rules: Ruleset, tables: tuple[Table, ...]) -> bool:
    """The kernel tracks connections as soon as a rule asks for a state or translates."""
    return any(chain.kind == "nat" for table in rules.tables.values() for chain in table.chains.values()) or any(
        isinstance(part, Translate) or (isinstance(part, Match) and part.field in {Field.STATE, Field.DNAT})
        for table in tables for rule in table.rules for part in (*rule.actions, *rule.matches))


def _without_fragments(table: Table) -> Table:
    """Only connection tracking puts fragments together again; else later fragments match no port and no ICMP type."""
    inner = {Field.SOURCE_PORT, Field.DESTINATION_PORT, Field.ICMP_TYPE, Field.TCP_REPLY}
    first_part = Match(Field.FRAGMENT, ((0, 0),))
    return replace(table, rules=tuple(
        replace(rule, matches=(*rule.matches, first_part))
        if any(isinstance(match, Match) and match.field in inner for match in rule.matches) else rule
        for rule in table.rules))


def _unused(rules: Ruleset) -> Iterator[str]:
    for table in rules.tables.values():
        targets = {word for chain in table.chains.values() for statement in chain.rules for word in statement.words}
        targets |= {word for item in table.sets.values() for element in item.elements for word in element}
        yield from (chain.key for chain in table.chains.values() if not chain.hook and chain.name not in targets)


def _outside(rules: Ruleset) -> Iterator[LineRef]:
    """Base chains that judge bridged frames or packets before all hooks: not followed."""
    for table in rules.tables.values():
        for chain in table.chains.values():
            elsewhere = chain.hook in _ELSEWHERE or (table.family == "bridge" and chain.hook != "output")
            judges = chain.policy == "drop" or any(_JUDGING & set(rule.words) for rule in chain.rules)
            if chain.hooked and elsewhere and judges and not table.dormant:
                yield chain.hooked
