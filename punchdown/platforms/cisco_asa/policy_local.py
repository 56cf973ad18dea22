"""What reaches the device itself: logins and ICMP by interface. Interface lists do not judge it.

It answers on the address of the interface by which a packet came in, on no other.
Source: ASA general configuration guide, "Management Access"; command reference, ``icmp``, ``ssh``, ``http``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_interface

from punchdown.platforms.cisco_asa.entries import ICMP
from punchdown.platforms.cisco_asa.policy_lists import sides
from punchdown.platforms.cisco_asa.policy_objects import Leg, Objects, UnreadError
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.values.policy import At, Field, LineRef, Match, Place, Rule, Table, Verdict

LOCAL = "management access"
_LOGIN = re.compile(r"(ssh|telnet|http) (\d\S+ \d\S+|\S*:\S*) (\S+)")
_ICMP = re.compile(r"icmp (permit|deny) (any|host \S+|\d\S+ \d\S+)(?: (\S+))? (\S+)")
_SERVER = re.compile(r"http server enable(?: (\d+))?")
_PORTS = {"ssh": 22, "telnet": 23}


def local(document: str, nodes: Iterable[Node], objects: Objects) -> Table:
    """The table of what may reach the device."""
    lines = [(node.text, LineRef(document, node.number, node.text)) for node in nodes]
    server = next((match for text, _ in lines if (match := _SERVER.fullmatch(text))), None)
    rules = [Rule((Match(Field.STATE, ((1, 2),)),), Verdict.ACCEPT,
                  LineRef(document, 0, "implied: answers to the device itself"))]
    limited: set[str] = set()
    for text, line in lines:
        if match := _LOGIN.fullmatch(text):
            port = _PORTS.get(match[1], int(server[1] or 443) if server else 0)
            if port and match[3] in objects.legs:
                rules += _login(match, port, line, objects)
        elif match := _ICMP.fullmatch(text):
            limited.add(match[4])
            rules += _icmp(match, line, objects)
    rules += [Rule((At(Place.IN, (leg,)), Match(Field.FAMILY, ((0, 0),)), Match(Field.PROTOCOL, ((1, 1),))),
                   Verdict.ACCEPT, LineRef(document, 0, "implied: no icmp line limits this interface"))
              for leg in objects.legs if leg not in limited]
    rules.append(Rule((Match(Field.FAMILY, ((1, 1),)), Match(Field.PROTOCOL, ((58, 58),))), Verdict.ACCEPT,
                      LineRef(document, 0, "implied: ICMPv6 is not limited")))
    return Table(LOCAL, tuple(rules), Verdict.DROP)


def _own(leg: Leg, family: int) -> tuple[tuple[int, int], ...]:
    return tuple((int(address.ip), int(address.ip)) for address in map(ip_interface, leg.addresses)
                 if address.version == family)


def _login(match: re.Match[str], port: int, line: LineRef, objects: Objects) -> Iterator[Rule]:
    try:
        sources = objects.addresses(match[2])
    except UnreadError as error:
        yield Rule((), Verdict.ACCEPT, line, unread=str(error))
        return
    for family, spans in sources.items():
        yield Rule((At(Place.IN, (match[3],)), *sides(family, spans, _own(objects.legs[match[3]], family)),
                    Match(Field.PROTOCOL, ((6, 6),)), Match(Field.DESTINATION_PORT, ((port, port),))),
                   Verdict.ACCEPT, line)


def _icmp(match: re.Match[str], line: LineRef, objects: Objects) -> Iterator[Rule]:
    end = Verdict.ACCEPT if match[1] == "permit" else Verdict.DROP
    word = match[3] or ""
    number = ICMP["icmp"].get(word, int(word) if word.isdecimal() else -1)
    try:
        spans = objects.addresses(match[2].replace("any", "any4")).get(4, ())
    except UnreadError as error:
        yield Rule((), end, line, unread=str(error))
        return
    kind = (Match(Field.ICMP_TYPE, ((number, number),)),) if 0 <= number < 256 else ()
    yield Rule((At(Place.IN, (match[4],)), *sides(4, spans, None), Match(Field.PROTOCOL, ((1, 1),)), *kind), end, line,
               unread=word if word and not kind else "")
