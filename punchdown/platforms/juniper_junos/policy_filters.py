"""Firewall filters as tables: terms in order, what no term matched is discarded.

Conditions of one kind in a term are alternatives, of several kinds all must hold; a term that names no end accepts.
Source: vendor's guide "Firewall Filter Match Conditions and Actions" for EX.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_network

from punchdown.platforms.juniper_junos.policy_text import Statement, Text
from punchdown.platforms.juniper_junos.statements import Words, port_numbers
from punchdown.values.policy import Field, LineRef, Match, Rule, Table, Verdict

_PROTOCOLS = {"icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ah": 51, "icmp6": 58, "ospf": 89,
              "vrrp": 112, "sctp": 132}
_ICMP = {"echo-reply": 0, "unreachable": 3, "redirect": 5, "echo-request": 8, "time-exceeded": 11,
         "parameter-problem": 12}
_ETHERTYPES = {"arp": 0x0806, "aarp": 0x80F3, "appletalk": 0x809B, "mpls-unicast": 0x8847, "mpls-multicast": 0x8848,
               "pppoe-discovery": 0x8863, "pppoe-session": 0x8864}
_ENDS = {"accept": Verdict.ACCEPT, "discard": Verdict.DROP, "reject": Verdict.REJECT}
_MODIFIERS = frozenset({"count", "log", "syslog", "forwarding-class", "loss-priority"})
_TCP_UDP = ((6, 6), (17, 17))
_SIDES = {"source": (Field.SOURCE, Field.SOURCE_PORT), "destination": (Field.DESTINATION, Field.DESTINATION_PORT)}


def table_name(family: str, name: str) -> str:
    """The table of a filter: families have name spaces of their own."""
    return f"{family} filter {name}"


def filter_path(words: Words) -> tuple[str, str, Words] | None:
    """Family, name and the rest of a statement about a filter; one without a family speaks of IPv4."""
    if words[:2] == ("firewall", "family") and words[3:4] == ("filter",) and len(words) > 4:
        return words[2], words[4], words[5:]
    if words[:2] == ("firewall", "filter") and len(words) > 2:
        return "inet", words[2], words[3:]
    return None


def filters(text: Text) -> dict[str, Table]:
    """Every filter by the name of its table."""
    found: dict[str, tuple[str, dict[str, list[tuple[Words, Statement]]], Statement, list[LineRef]]] = {}
    for statement in text.under("firewall"):
        if path := filter_path(statement.words):
            family, name, rest = path
            _, terms, _, other = found.setdefault(table_name(family, name), (family, {}, statement, []))
            if rest[:1] == ("term",) and len(rest) > 1:
                terms.setdefault(rest[1], []).append((rest[2:], statement))
            elif rest and rest[0] != "interface-specific":
                other.append(statement.line)
    return {name: Table(name, (*(Rule((), Verdict.NEXT, line, unread=line.text, end_known=False) for line in other),
                               *(_rule(family, rows) for rows in terms.values())), Verdict.DROP, first.line)
            for name, (family, terms, first, other) in found.items()}


def _rule(family: str, rows: Iterable[tuple[Words, Statement]]) -> Rule:
    conditions: dict[str, list[Words]] = {}
    end, sure, unread, line = Verdict.ACCEPT, True, [], None
    for words, statement in rows:
        line = line or statement.line
        if words[:1] == ("from",) and len(words) > 1:
            conditions.setdefault(words[1], []).append(words[2:])
        elif words[:1] == ("then",):
            action = words[1] if len(words) > 1 else ""
            if action in _ENDS:
                end, line = _ENDS[action], statement.line
            elif words[1:] == ("next", "term"):
                end = Verdict.NEXT
            elif action not in _MODIFIERS and action:
                sure = False
                unread.append(" ".join(words))
        elif words:
            unread.append(" ".join(words))
    matches, odd = _matches(family, conditions)
    return Rule(tuple(matches), end, line or LineRef("", 0, ""), unread="; ".join((*unread, *odd)), end_known=sure)


def _matches(family: str, conditions: dict[str, list[Words]]) -> tuple[list[Match], list[str]]:
    out, odd = [], []
    families = {0} if family == "inet" else {1} if family == "inet6" else set()
    for name, values in conditions.items():
        if (found := _match(name, values)) is None:
            odd += [" ".join(("from", name, *value)) for value in values]
            continue
        if name.endswith("-address"):
            families |= {int(":" in value[0]) for value in values}
        out += [match for match in found if match.field is not Field.FAMILY]
        families |= {match.ranges[0][0] for match in found if match.field is Field.FAMILY}
    fields = {match.field for match in out}
    protocols = next((match.ranges for match in out if match.field is Field.PROTOCOL), ())
    if fields & {Field.SOURCE_PORT, Field.DESTINATION_PORT} and not protocols:
        out.append(Match(Field.PROTOCOL, _TCP_UDP))
        odd.append("ports without a protocol")
    if Field.TCP_REPLY in fields and protocols != ((6, 6),):
        out = [match for match in out if match.field is not Field.TCP_REPLY]
        odd.append("tcp-established without protocol tcp")
    if Field.ICMP_TYPE in fields and protocols not in {((1, 1),), ((58, 58),)}:
        out = [match for match in out if match.field is not Field.ICMP_TYPE]
        odd.append("icmp-type without protocol icmp")
    if len(families) == 1:
        out.insert(0, Match(Field.FAMILY, ((min(families), min(families)),)))
    elif families or fields - {Field.ETHERTYPE}:
        odd.append("the family is not told")
    return out, odd


def _match(name: str, values: list[Words]) -> list[Match] | None:
    """A condition with its alternatives, None when one of them is not understood."""
    if any(len(value) != 1 for value in values) and name != "tcp-established":
        return None
    words = [value[0] for value in values if value]
    side = name.partition("-")[0]
    if name == "tcp-established":
        return [Match(Field.TCP_REPLY, ((1, 1),))]
    if name in {"source-address", "destination-address"}:
        return _ranges(_SIDES[side][0], [_network(word) for word in words])
    if name in {"source-port", "destination-port"}:
        return _ranges(_SIDES[side][1], [port_numbers(word) for word in words])
    if name == "protocol":
        return _ranges(Field.PROTOCOL, [_numbered(_PROTOCOLS, word) for word in words])
    if name == "icmp-type":
        return _ranges(Field.ICMP_TYPE, [_numbered(_ICMP, word) for word in words])
    if name == "dscp":
        return _ranges(Field.DSCP, [_numbered({}, word) for word in words])
    if name == "ether-type" and words in (["ipv4"], ["ipv6"]):
        family = int(words == ["ipv6"])
        return [Match(Field.FAMILY, ((family, family),))]
    if name == "ether-type":
        return _ranges(Field.ETHERTYPE, [_numbered(_ETHERTYPES, word) for word in words])
    return None


def _ranges(field: Field, found: Iterable[tuple[int, int] | None]) -> list[Match] | None:
    ranges = list(found)
    known = tuple(sorted({one for one in ranges if one is not None}))
    return None if None in ranges else [Match(field, known)]


def _numbered(names: dict[str, int], word: str) -> tuple[int, int] | None:
    if word not in names and not re.fullmatch(r"[0-9]{1,9}|0x[0-9A-Fa-f]{1,8}", word):
        return None
    number = names[word] if word in names else int(word, 16 if word.startswith("0x") else 10)
    return number, number


def _network(word: str) -> tuple[int, int] | None:
    try:
        network: IPv4Network | IPv6Network = ip_network(word, strict=False)
    except ValueError:
        return None
    return int(network[0]), int(network[-1])


def undefined_table(name: str, line: LineRef) -> Table:
    """What a binding to a filter that is not there does: the device refuses to commit one, so nothing is known."""
    return Table(name, (Rule((), Verdict.ACCEPT, line, unread="the filter is not defined", end_known=False),),
                 Verdict.DROP, line)


