"""Rules of a policy as what they open, on the way from a running firewall to a definition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, summarize_address_range
from itertools import product

from punchdown.values.adopted import Opening
from punchdown.values.policy import Field, Match, Rule, Verdict

MOST = 256
"""Openings that are made of one rule, at most: one that joins more is nothing that a person would write host by host.
"""
_TRANSPORTS = {6: "tcp", 17: "udp"}


def ranges(rule: Rule, field: Field) -> tuple[tuple[int, int], ...]:
    """The values that a rule asks for, negations left out."""
    found = [item for item in rule.matches if isinstance(item, Match) and item.field is field and not item.negated]
    return tuple(pair for item in found for pair in (*item.ranges, *((value, value) for value, _ in item.masked)))


def prefixes(rule: Rule, field: Field) -> list[str]:
    """The IPv4 prefixes of one side of a rule."""
    return [str(network) for first, last in ranges(rule, field) if last < 2**32
            for network in summarize_address_range(IPv4Address(first), IPv4Address(last))]


def openings(rule: Rule, name: str, *, outward: bool, senders: Sequence[str] = ()) -> Iterator[Opening]:
    """What an accepting rule of the list ``name`` opens to servers that it names; where it names none, to the outside
    if it leads there (``outward``). ``senders`` are the prefixes of those that a rule without a source speaks of.
    Translated packets are told by their forward, known connections by nothing; nor is a rule that makes more than
    :data:`MOST`."""
    if rule.end is not Verdict.ACCEPT or rule.unread or ranges(rule, Field.DNAT) or ranges(rule, Field.STATE):
        return
    servers = prefixes(rule, Field.DESTINATION)
    clients = prefixes(rule, Field.SOURCE) or senders or ("",)
    if outward and not servers:
        servers = [""]
    words = [_TRANSPORTS[protocol] for protocol, _ in ranges(rule, Field.PROTOCOL) if protocol in _TRANSPORTS]
    ports = ranges(rule, Field.DESTINATION_PORT)
    if len(words) * len(ports) * len(servers) * len(clients) <= MOST:
        for word, (first, last), server, client in product(words, ports, servers, clients):
            yield Opening(client, server, word, first, last, name, rule.line)
