"""What filters of a switch that runs already tell: openings, hosts behind a filter of ours, who may log in.

A term counts only where all of its conditions are understood, but for logins, where lists of prefixes count as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, ip_network, summarize_address_range
from itertools import product

from punchdown.platforms.juniper_junos.adopt_ports import filter_name
from punchdown.platforms.juniper_junos.policy_filters import filter_path
from punchdown.platforms.juniper_junos.policy_text import Text
from punchdown.platforms.juniper_junos.statements import Words, port_numbers
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import Opening
from punchdown.values.policy import Field, LineRef, Match, Rule, Table, Verdict

Range = tuple[int, int]
_NAMES = {(6, 6): "tcp", (17, 17): "udp"}
_MOST = 4096
"""Openings of one term: who writes more of them in one means no single one."""
_SSH = 22


def short(table: str) -> str:
    """A filter by the name that the definition gives it, without its family."""
    return filter_name(table.rpartition(" filter ")[2])


def _conditions(rule: Rule) -> dict[Field, tuple[Range, ...]] | None:
    """The conditions of an IPv4 term, None where one is not understood."""
    found = {item.field: item.ranges for item in rule.matches if isinstance(item, Match)}
    known = len(found) == len(rule.matches) and not rule.unread
    return found if known and found.pop(Field.FAMILY, ((0, 0),)) == ((0, 0),) else None


def openings(tables: Mapping[str, Table]) -> Iterator[Opening]:
    """What terms that accept open. A term for replies says it the other way round."""
    for name, table in tables.items():
        for rule in table.rules:
            found = _conditions(rule) if rule.end is Verdict.ACCEPT else None
            if found:
                yield from _opened(short(name), rule.line, found)


def _opened(name: str, line: LineRef, found: Mapping[Field, tuple[Range, ...]]) -> Iterator[Opening]:
    source, target = (found.get(side, ()) for side in (Field.SOURCE, Field.DESTINATION))
    sport, dport = (found.get(side, ()) for side in (Field.SOURCE_PORT, Field.DESTINATION_PORT))
    client, server, ports = (target, source, sport) if sport and not dport else (source, target, dport)
    protocols = [_NAMES[item] for item in found.get(Field.PROTOCOL, ()) if item in _NAMES]
    if not ports or not server or len(client or ".") * len(server) * len(ports) > _MOST:
        return
    for protocol, left, right, (first, last) in product(protocols, _prefixes(client) or [""], _prefixes(server), ports):
        yield Opening(left, right, protocol, first, last, name, line)


def _prefixes(ranges: Iterable[Range]) -> list[str]:
    """In CIDR form; all of IPv4 is any, and says nothing."""
    found = [str(network) for first, last in ranges if last < 2**32
             for network in summarize_address_range(IPv4Address(first), IPv4Address(last))]
    return [prefix for prefix in found if prefix != "0.0.0.0/0"]


def senders(tables: Mapping[str, Table]) -> Iterator[tuple[str, list[str]]]:
    """Filters of ours at the port of a host, and the single addresses that may send there."""
    for table, item in tables.items():
        name = short(table)
        if name.startswith(f"{PREFIX}from-"):
            found = [_conditions(rule) for rule in item.rules if rule.end is Verdict.ACCEPT]
            sources = [each.get(Field.SOURCE, ()) for each in found if each]
            single = [str(IPv4Address(item[0][0])) for item in sources if len(item) == 1 and item[0][0] == item[0][1]
                      and 0 < item[0][0] < 2**32]
            if single:
                yield name, single


def own_names(tables: Mapping[str, Table]) -> Iterator[tuple[str, str]]:
    """(address, host) of the filters of ours; a host that is only guarded has no name there."""
    for name, found in senders(tables):
        host = name.removeprefix(f"{PREFIX}from-")
        yield found[0], "" if host == found[0] else host


def in_order(tables: Mapping[str, Table]) -> Iterator[tuple[str, list[tuple[LineRef, str]]]]:
    """Filters, and their terms as ``permit`` or ``deny``."""
    for name, table in tables.items():
        yield short(name), [(rule.line, f"{'permit' if rule.end is Verdict.ACCEPT else 'deny'} {rule.line.text}")
                            for rule in table.rules if rule.end in {Verdict.ACCEPT, Verdict.DROP, Verdict.REJECT}]


def logins(text: Text) -> tuple[str, ...] | None:
    """Prefixes from which a filter of the switch's own interfaces lets SSH in; None where none restricts it."""
    bound = {one.words[-1] for one in text.under("interfaces")
             if one.words[1:2] in {("irb",), ("lo0",), ("vlan",)} and one.words[4:8] == ("family", "inet", "filter",
                                                                                         "input")}
    terms: dict[tuple[str, str], list[Words]] = {}
    for one in text.under("firewall"):
        path = filter_path(one.words)
        if path and path[0] == "inet" and path[1] in bound and path[2][:1] == ("term",) and len(path[2]) > 2:
            terms.setdefault((path[1], path[2][1]), []).append(path[2][2:])
    found: list[str] = []
    for rows in terms.values():
        if ("then", "accept") in rows and _is_ssh(rows):
            sources = [words[2] for words in rows if words[:2] == ("from", "source-address") and len(words) == 3]
            sources += [item for words in rows if words[:2] == ("from", "source-prefix-list") and len(words) == 3
                        for item in _listed(text, words[2])]
            if not sources:
                return None
            found += sources
    valid = (_network(item) for item in found)
    return tuple(dict.fromkeys(item for item in valid if item)) if bound else None


def _is_ssh(rows: Iterable[Words]) -> bool:
    ports = [port_numbers(words[2]) for words in rows if words[:2] == ("from", "destination-port") and len(words) == 3]
    return any(ends and ends[0] <= _SSH <= ends[1] for ends in ports)


def _listed(text: Text, name: str) -> Iterator[str]:
    return (one.words[3] for one in text.under("policy-options", "prefix-list", name) if len(one.words) == 4)


def _network(word: str) -> str:
    with suppress(ValueError):
        network = ip_network(word, strict=False)
        return str(network) if network.version == 4 and network.prefixlen else ""
    return ""


def marks(text: Text) -> Iterator[tuple[str, int]]:
    """The marks that our own filters of voice trust, by class."""
    for one in text.under("firewall", "family", "ethernet-switching", "filter"):
        if re.fullmatch(rf"{PREFIX}vlan-voice\S*", one.words[4]) and one.words[5:6] == ("term",) and (
                one.words[7:9] == ("from", "dscp")) and one.words[-1].isdigit():
            yield one.words[6], int(one.words[-1])
