"""Access lists as tables. Entries arrive in canonical words (:mod:`access_lists`): wildcard pairs, numbers.

Source: HP Access Security Guide, "IPv4 ACLs" and IPv6 Configuration Guide, "IPv6 ACLs": an implicit deny ends a list,
but one without entries, or that is not defined, filters nothing. A permit with ports lets later fragments pass by their
addresses, a deny with ports does not match them (as on other switches; the guides do not say).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network

from punchdown.platforms.hp_procurve.normalise import Entry
from punchdown.values.policy import Field, LineRef, Match, Rule, Table, Verdict

_PROTOCOLS = {"tcp": 6, "udp": 17, "igmp": 2, "gre": 47, "esp": 50, "ah": 51, "ospf": 89, "pim": 103, "vrrp": 112,
              "sctp": 132, "ip-in-ip": 4}
_NO_IP = Match(Field.ETHERTYPE, ((0x0800, 0x0800), (0x86DD, 0x86DD)), negated=True)
_FIRST_PART = Match(Field.FRAGMENT, ((0, 0),))
_LATER_PART = Match(Field.FRAGMENT, ((1, 1),))
_TOP = 0xFFFF


class UnreadError(ValueError):
    """Words that are not understood."""


def table_name(name: str, family: int) -> str:
    """The table of an access list.

    >>> table_name("PD-x", 4), table_name("PD-x", 6)
    ('access-list PD-x', 'ipv6 access-list PD-x')
    """
    return f"{'ipv6 ' if family == 6 else ''}access-list {name}"


def line_of(entry: Entry, document: str) -> LineRef:
    """Where an entry stands."""
    return LineRef(document, entry.number, entry.text.strip())


def _family(family: int) -> Match:
    value = int(family == 6)
    return Match(Field.FAMILY, ((value, value),))


def _protocol(word: str, family: int) -> tuple[int, ...]:
    if word == ("ip" if family == 4 else "ipv6"):
        return ()
    if word == "icmp":
        return (1 if family == 4 else 58,)
    return (_PROTOCOLS[word],) if word in _PROTOCOLS else (int(word),)


def _address(words: list[str], family: int, field: Field) -> tuple[Match, ...]:
    if family == 6:
        network = ip_network(words.pop(0), strict=False)
        if not network.prefixlen:
            return ()
        return (Match(field, ((int(network.network_address), int(network.broadcast_address)),)),)
    address, wildcard = int(ip_address(words.pop(0))), int(ip_address(words.pop(0)))
    mask = wildcard ^ 0xFFFFFFFF
    if not mask:
        return ()
    if not wildcard & (wildcard + 1):
        return (Match(field, ((address & mask, address & mask | wildcard),)),)
    return (Match(field, (), ((address & mask, mask),)),)


def _ports(words: list[str], field: Field) -> tuple[Match, ...]:
    if not words or words[0] not in {"eq", "neq", "gt", "lt", "range"}:
        return ()
    operator, first = words.pop(0), int(words.pop(0))
    if operator == "range":
        return (Match(field, ((first, int(words.pop(0))),)),)
    if operator == "neq":
        return (Match(field, ((first, first),), negated=True),)
    ranges = {"eq": (first, first), "gt": (first + 1, _TOP), "lt": (0, first - 1)}
    low, high = ranges[operator]
    return (Match(field, ((low, high),) if low <= high else ()),)


def _conditions(words: list[str], family: int) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """(what every packet shows, what only the first fragment shows). Raises ValueError, IndexError."""
    protocol = _protocol(words.pop(0), family)
    base: tuple[Match, ...] = tuple(Match(Field.PROTOCOL, ((number, number),)) for number in protocol)
    base += _address(words, family, Field.SOURCE)
    first = _ports(words, Field.SOURCE_PORT) if protocol in {(6,), (17,), (132,)} else ()
    base += _address(words, family, Field.DESTINATION)
    first += _ports(words, Field.DESTINATION_PORT) if protocol in {(6,), (17,), (132,)} else ()
    if protocol in {(1,), (58,)} and words and words[0].isdigit():
        kind = int(words.pop(0))
        first += (Match(Field.ICMP_TYPE, ((kind, kind),)),)
    while words:
        word = words.pop(0)
        if word == "established" and protocol == (6,):
            first += (Match(Field.TCP_REPLY, ((1, 1),)),)
        elif word == "ip-dscp":
            value = int(words.pop(0), 2)
            base += (Match(Field.DSCP, ((value, value),)),)
        elif word != "log":
            raise UnreadError(word)
    return base, first


def entry_rules(line: LineRef, text: str, family: int) -> Iterator[Rule]:
    """The rules of one canonical entry."""
    action, *words = text.split()
    if action not in {"permit", "deny"}:
        if action != "remark":
            yield Rule((_family(family),), Verdict.ACCEPT, line, unread=text, end_known=False)
        return
    end = Verdict.ACCEPT if action == "permit" else Verdict.DROP
    try:
        base, first = _conditions(words, family)
    except (ValueError, IndexError):
        yield Rule((_family(family),), end, line, unread=text)
        return
    if not first:
        yield Rule((_family(family), *base), end, line)
        return
    yield Rule((_family(family), *base, *first, _FIRST_PART), end, line)
    if end is Verdict.ACCEPT:
        yield Rule((_family(family), *base, _LATER_PART), end, line)


def table(name: str, family: int, defined: LineRef, entries: Iterable[Entry], document: str) -> Table:
    """A list with its implicit deny; what it never judges passes."""
    implied = LineRef(document, 0, f"implied: an IPv{family} list judges nothing else")
    found = [rule for entry in entries for rule in entry_rules(line_of(entry, document), entry.line, family)]
    other = (Rule((_family(6 if family == 4 else 4),), Verdict.ACCEPT, implied),
             Rule((_NO_IP,), Verdict.ACCEPT, implied))
    if not found:
        return Table(table_name(name, family), (), Verdict.ACCEPT, defined)
    return Table(table_name(name, family), (*other, *found), Verdict.DROP, defined)
