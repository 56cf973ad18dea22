"""Access lists as tables: standard, extended, IPv6; numbered and named.

Source: Cisco IOS Security Command Reference; "Access Control Lists and IP Fragments" for entries with ports: a permit
lets later fragments pass by their addresses, a deny does not match them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from punchdown.platforms.cisco_ios import policy_words
from punchdown.platforms.cisco_ios.access_lists import split_sequence
from punchdown.platforms.cisco_ios.policy_groups import (
    Groups,
    Service,
    UnreadError,
    take_address,
    take_icmp,
    take_ports,
)
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.platforms.flags import Test, judged
from punchdown.values.policy import Field, LineRef, Match, Rule, Table, Track, Verdict

_HEAD = re.compile(r"(ip|ipv6) access-list (?:(standard|extended) )?(?!resequence|log-update|logging|persistent"
                   r"|role-based|fqdn)(\S+)")
_NUMBERED = re.compile(r"access-list (\d+) (.+)")
_TRAILING = re.compile(r" sequence (\d+)$")
_NO_IP = Match(Field.ETHERTYPE, ((0x0800, 0x0800), (0x86DD, 0x86DD)), negated=True)
_REPLY = Match(Field.STATE, ((1, 1),))
_FIRST_PART = Match(Field.FRAGMENT, ((0, 0),))
_LATER_PART = Match(Field.FRAGMENT, ((1, 1),))
_FLAGS = frozenset({"ack", "fin", "psh", "rst", "syn", "urg"})
_TAKE_ONE = frozenset({"tos", "time-range", "option", "ttl", "flow-label", "reflect", "timeout", "dest-option-type",
                       "mobility-type", "routing-type"})
_HEADERS = frozenset({"auth", "dest-option", "hbh", "mobility", "routing", "undetermined-transport"})
_TAKEN = "an earlier entry has this sequence number"


@dataclass(frozen=True, slots=True)
class AccessList:
    """``kind`` is ``standard``, ``extended`` or ``ipv6``; ``entries`` without their sequence numbers, in order.
    ``doubtful`` are the numbers of lines with a sequence number that an earlier one has: no device shows such."""

    name: str
    kind: str
    defined: LineRef
    entries: tuple[tuple[LineRef, str], ...]
    doubtful: frozenset[int] = frozenset()

    @property
    def family(self) -> int:
        return 6 if self.kind == "ipv6" else 4

    @property
    def table(self) -> str:
        return table_name(self.name, self.family)


def table_name(name: str, family: int) -> str:
    """The table of an access list: the two families have lists of their own.

    >>> table_name("SMDR", 4), table_name("SMDR", 6)
    ('ip access-list SMDR', 'ipv6 access-list SMDR')
    """
    return f"{'ip' if family == 4 else 'ipv6'} access-list {name}"


def _kind(family: str, written: str, name: str) -> str:
    if family == "ipv6":
        return "ipv6"
    if not written and name.isdigit():
        return "standard" if int(name) < 100 or 1300 <= int(name) < 2000 else "extended"
    return written or "extended"


def access_lists(found: Iterable[Section]) -> tuple[AccessList, ...]:
    """Every access list of a configuration; entries in order of their sequence numbers."""
    heads: dict[tuple[str, str], tuple[str, LineRef, list[LineRef | tuple[LineRef, str]]]] = {}
    for section in found:
        if head := _HEAD.fullmatch(section.text):
            heads.setdefault((head[1], head[3]), (_kind(head[1], head[2] or "", head[3]), section.head, []))[2].extend(
                section.body)
        elif (numbered := _NUMBERED.fullmatch(section.text)) and _is_ip(int(numbered[1])):
            heads.setdefault(("ip", numbered[1]), (_kind("ip", "", numbered[1]), section.head, []))[2].append(
                (section.head, numbered[2]))
    return tuple(AccessList(name, kind, line, *_ordered(body)) for (_, name), (kind, line, body) in heads.items())


def _is_ip(number: int) -> bool:
    return number < 200 or 1300 <= number < 2700


def _ordered(body: Iterable[LineRef | tuple[LineRef, str]]) -> tuple[tuple[tuple[LineRef, str], ...], frozenset[int]]:
    """The entries by sequence number, one without behind all so far; and the lines whose number was taken."""
    placed: list[tuple[int, LineRef, str]] = []
    doubtful: set[int] = set()
    taken: set[int] = set()
    last = 0
    for item in body:
        line, text = item if isinstance(item, tuple) else (item, item.text)
        sequence, rest = split_sequence(text)
        if trailing := _TRAILING.search(rest):
            sequence, rest = int(trailing[1]), rest[:trailing.start()]
        if rest.startswith("remark") or re.match(r"\d+ remark", rest):
            continue
        if sequence in taken:
            doubtful.add(line.number)
        sequence = sequence or last + 10
        taken.add(sequence)
        last = max(last, sequence)
        placed.append((sequence, line, rest))
    return tuple((line, rest) for _, line, rest in sorted(placed, key=lambda entry: entry[0])), frozenset(doubtful)


def table(item: AccessList, groups: Groups) -> Table:
    """The list as rules. What it does not speak of (the other family, what is not IP) passes; an empty list passes
    everything, any other ends with the implicit deny; in IPv6 neighbour discovery passes before that."""
    if not item.entries:
        return Table(item.table, (), Verdict.ACCEPT, item.defined)
    rules = [*other_traffic(item.family, item.defined)]
    for line, text in item.entries:
        found = entry_rules(line, text, item.kind, groups)
        rules += [replace(rule, unread=f"{rule.unread} {_TAKEN}".strip()) for rule in found] \
            if line.number in item.doubtful else found
    if item.family == 6:
        implied = LineRef(item.defined.document, 0, "implied: permit icmp any any nd-na, nd-ns")
        rules.append(Rule((_family(6), Match(Field.PROTOCOL, ((58, 58),)), Match(Field.ICMP_TYPE, ((135, 136),))),
                          Verdict.ACCEPT, implied))
    return Table(item.table, tuple(rules), Verdict.DROP, item.defined)


def undefined_table(name: str, family: int, line: LineRef) -> Table:
    """A list that is bound and not defined: IOS lets everything pass."""
    return Table(table_name(name, family), (), Verdict.ACCEPT, line)


def other_traffic(family: int, line: LineRef) -> tuple[Rule, ...]:
    """What an access list of one family never judges."""
    implied = LineRef(line.document, 0, f"implied: an IPv{family} list judges nothing else")
    return (Rule((_family(6 if family == 4 else 4),), Verdict.ACCEPT, implied),
            Rule((_NO_IP,), Verdict.ACCEPT, implied))


def _family(family: int) -> Match:
    value = 0 if family == 4 else 1
    return Match(Field.FAMILY, ((value, value),))


def entry_rules(line: LineRef, text: str, kind: str, groups: Groups) -> list[Rule]:
    """The rules of one entry without its sequence number."""
    words = text.split()
    family = 6 if kind == "ipv6" else 4
    action = words.pop(0)
    if action == "evaluate" and words:
        known = words[0] == groups.reflected
        return [Rule((_family(family), _REPLY), Verdict.ACCEPT, line, unread="" if known else text)]
    if action not in {"permit", "deny"}:
        return [Rule((_family(family),), Verdict.ACCEPT, line, unread=text, end_known=False)]
    end = Verdict.ACCEPT if action == "permit" else Verdict.DROP
    try:
        entry = _standard(words) if kind == "standard" else _extended(words, family, groups)
    except (ValueError, IndexError):
        return [Rule((_family(family),), end, line, unread=text)]
    actions = (Track(commit=True),) if end is Verdict.ACCEPT and re.search(r" reflect \S+", text) else ()
    return [Rule((_family(family), *conditions), end, line, actions, unread)
            for conditions, unread in _alternatives(entry, end)]


@dataclass(frozen=True, slots=True)
class _Entry:
    services: tuple[Service, ...]
    addresses: tuple[Match, ...]
    options: tuple[Match, ...] = ()
    unread: str = ""
    transport: bool = False
    later_only: bool = False


def _alternatives(entry: _Entry, end: Verdict) -> Iterator[tuple[tuple[Match, ...], str]]:
    """Each service once, and later fragments beside it where the entry looks into the first part only."""
    for service in entry.services:
        protocol = () if service.protocol is None else (Match(Field.PROTOCOL, ((service.protocol, service.protocol),)),)
        base = (*protocol, *entry.addresses)
        unread = " ".join(word for word in (service.unread, entry.unread) if word)
        if entry.later_only:
            yield (*base, *entry.options, _LATER_PART), unread
        elif service.conditions or service.unread or entry.transport:
            yield (*base, *service.conditions, *entry.options, _FIRST_PART), unread
            if end is Verdict.ACCEPT:
                yield (*base, *(item for item in entry.options if item.field is Field.DSCP), _LATER_PART), entry.unread
        else:
            yield (*base, *entry.options), unread


def _standard(words: list[str]) -> _Entry:
    if len(words) == 1 or words[1] == "log":
        words = words if words[0] == "any" else ["host", *words]
    source = take_address(words, 4, Groups()).match(Field.SOURCE)
    if words[:1] == ["log"]:
        words = words[2:]
    return _Entry((Service(None),), source, unread=" ".join(words))


def _extended(words: list[str], family: int, groups: Groups) -> _Entry:
    services = _services(words, family, groups)
    number = services[0].protocol if len(services) == 1 else None
    source = take_address(words, family, groups).match(Field.SOURCE)
    ports = take_ports(words, Field.SOURCE_PORT, number, groups) if number in {6, 17, 132} else ()
    target = take_address(words, family, groups).match(Field.DESTINATION)
    ports += take_ports(words, Field.DESTINATION_PORT, number, groups) if number in {6, 17, 132} else ()
    kind = take_icmp(words, family) if number == (1 if family == 4 else 58) else ()
    options, unread, transport = _options(words, number)
    return _Entry(tuple(Service(item.protocol, (*item.conditions, *ports, *kind), item.unread) for item in services),
                  source + target, tuple(option for option in options if option is not _LATER_PART),
                  unread, transport, _LATER_PART in options)


def _services(words: list[str], family: int, groups: Groups) -> tuple[Service, ...]:
    first = words.pop(0)
    if first != "object-group":
        return (Service(policy_words.protocol(first, family)),)
    name = words.pop(0)
    if name not in groups.services:
        raise UnreadError(f"object-group {name}")
    return groups.services[name]


def _options(words: list[str], protocol: int | None) -> tuple[list[Match], str, bool]:
    """(conditions, words not understood, whether they look into the first fragment's TCP header)."""
    found: list[Match] = []
    unread: list[str] = []
    transport = False
    while words:
        word = words.pop(0)
        if word in {"log", "log-input"}:
            del words[:1 if words and words[0] not in _KNOWN else 0]
        elif word == "established" and protocol == 6:
            found.append(Match(Field.TCP_REPLY, ((1, 1),)))
            transport = True
        elif word in {"match-any", "match-all"} | _FLAGS and protocol == 6:
            flags = list(takewhile(_is_flag, words))
            del words[:len(flags)]
            transport = True
            values, exact = judged(_test(word, flags))
            found += [] if len(values) == 2 else [Match(Field.TCP_REPLY, values)]
            unread += [] if exact else [word, *flags]
        elif word in {"fragments", "undetermined-transport"}:
            found.append(_LATER_PART)
        elif word == "dscp":
            value = _number(words.pop(0), policy_words.DSCP, 63)
            found.append(Match(Field.DSCP, ((value, value),)))
        elif word == "precedence":
            value = _number(words.pop(0), policy_words.PRECEDENCE, 7)
            found.append(Match(Field.DSCP, ((value << 3, (value << 3) + 7),)))
        else:
            unread += [word, *words[:1 if word in _TAKE_ONE else 0]]
            del words[:1 if word in _TAKE_ONE else 0]
            if word == "reflect":
                unread = _without_reflect(unread, words)
    return found, " ".join(unread), transport


def _is_flag(word: str) -> bool:
    return word in _FLAGS or (word[0] in "+-" and word[1:] in _FLAGS)


def _test(word: str, flags: Sequence[str]) -> Test:
    """``match-all +syn -ack``, ``match-any +ack +rst``, or the flags by themselves: any of them."""
    wanted = [(flag.lstrip("+-"), not flag.startswith("-")) for flag in ([word] if word in _FLAGS else []) + [*flags]]
    every = all if word == "match-all" else any
    return lambda found: every((flag in found) == there for flag, there in wanted)


def _without_reflect(unread: list[str], words: list[str]) -> list[str]:
    """``reflect`` narrows nothing: it remembers the session for ``evaluate``."""
    if words[:1] == ["timeout"]:
        del words[:2]
    return unread[:-2]


def _number(word: str, names: Mapping[str, int], top: int) -> int:
    value = names.get(word, -1)
    value = int(word) if value < 0 else value
    if not 0 <= value <= top:
        raise UnreadError(word)
    return value


_KNOWN = frozenset({"log", "log-input", "established", "match-any", "match-all", "fragments", "dscp", "precedence",
                    *_TAKE_ONE, *_FLAGS, *_HEADERS, "sequence", "smartlog"})

