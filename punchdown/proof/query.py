"""Questions of the user's own: ``tcp 10.20.32.0/22 -> mivb-1:1752``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_network

from punchdown.errors import PlanError
from punchdown.proof.claims import About, Claims
from punchdown.proof.headers import Expr, sent
from punchdown.proof.judge import Verdict
from punchdown.proof.parties import PROTOCOLS, WAN, Party
from punchdown.proof.rules import Mode
from punchdown.proof.sets import PacketSet
from punchdown.values.policy import Field
from punchdown.values.proof import Answer, Claim

_FORM = re.compile(r"\s*(?P<protocol>\S+)\s+(?P<client>\S+)\s*->\s*(?P<server>\[[^]]+\]|[^\s:]+|\S+?)"
                   r"(?::(?P<first>\d{1,5})(?:-(?P<last>\d{1,5}))?)?\s*")
EXAMPLE = "tcp 10.20.32.0/22 -> mivb-1:1752"


@dataclass(frozen=True, slots=True)
class Query:
    """Can ``protocol`` be opened from ``client`` to ``server`` on these ports? Ends are hosts, segments, ``wan``,
    addresses or prefixes."""

    text: str
    protocol: str
    client: str
    server: str
    ports: tuple[int, int]


def read_query(text: str) -> Query:
    """Reads ``tcp 10.20.32.0/22 -> mivb-1:1752``; without ports all are meant.

    Raises:
        PlanError: it has another form, or names no protocol.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise PlanError(f"not a question: {text!r}; write one like {EXAMPLE!r}")
    protocol = found["protocol"].lower()
    known = protocol in PROTOCOLS or protocol in {"ip", "any"} or (protocol.isdigit() and int(protocol) < 256)
    if not known:
        raise PlanError(f"{protocol}: no protocol; known: any, {', '.join(PROTOCOLS)}, or a number up to 255")
    first = int(found["first"]) if found["first"] else 0
    last = int(found["last"]) if found["last"] else first if found["first"] else 65535
    if not first <= last <= 65535:
        raise PlanError(f"{text!r}: ports run from 0 to 65535, the lower one first")
    return Query(text.strip(), protocol, found["client"], found["server"].strip("[]"), (first, last))


class _End:
    """One end of a question: parties with the addresses that are meant. A host's public address means the host, asked
    for by that address."""

    def __init__(self, claims: Claims, word: str) -> None:
        self.parties = claims.parties
        self.prefix = self.public = ""
        named = [party for party in self.parties.all if party.name == word]
        if word in {"any", "wan"}:
            self.members = self.parties.all if word == "any" else (WAN,)
        elif named:
            self.members = self.parties.members(word)
        elif known := tuple(party for party in self.parties.all if party.public == word):
            self.public, self.members = word, known
        else:
            self.prefix, self.members = _prefix(word), self.parties.all

    def owned(self, party: Party, expr: Expr) -> PacketSet:
        """The packets (as sent) whose ``expr`` is one of the addresses meant."""
        if self.public:
            return self.parties.anywhere((f"{self.public}/32",), sent(Field.DESTINATION))
        own = self.parties.owned(party.kind, party.name, expr)
        return own & self.parties.anywhere((self.prefix,), expr) if self.prefix else own


def _prefix(word: str) -> str:
    try:
        return str(ip_network(word))
    except ValueError as error:
        raise PlanError(f"{word}: no host or segment of the site that has a port, and no prefix: {error}") from None


def ask(claims: Claims, query: Query) -> Claim:
    """Proved: some of it gets through, with an example; refuted: nothing of it does, with the line that stops it."""
    client, server = _End(claims, query.client), _End(claims, query.server)
    told = About("query", query.text, query.client, query.server, query.text)
    for mode, answer in ((Mode.MUST, Answer.PROVED), (Mode.MAY, Answer.UNKNOWN)):
        found = _through(claims, query, client, server, mode)
        if found is not None:
            packets, seat, target, both = found
            return claims.claim(told, Verdict(answer, packets, seat, target), "yes" if answer is Answer.PROVED else
                                "lines nobody understood decide", "both ways" if both else "one way")
    blocked = _blocked(claims, query, client, server)
    if blocked is None:
        return claims.claim(told, Verdict(Answer.REFUTED), "no: nobody sits at one of its ends")
    return claims.claim(told, blocked, "no")


def _through(claims: Claims, query: Query, client: _End, server: _End,
             mode: Mode) -> tuple[PacketSet, int, int, bool] | None:
    """Packets of the question that get through, from which seat to which, and whether they are answered."""
    space, judge = claims.network.space, claims.judge
    one_way: tuple[PacketSet, int, int, bool] | None = None
    for sender in client.members:
        source = client.owned(sender, sent(Field.SOURCE)) & claims.parties.protocol(query.protocol)
        for receiver in server.members:
            for seat in claims.parties.seats(sender) if sender != receiver else ():
                both, one, target = space.nothing, space.nothing, -1
                for item, _ in judge.between(seat, receiver, mode):
                    header = item.arrival.header
                    meant = source & server.owned(receiver, header[Field.DESTINATION])
                    if query.ports != (0, 65535):
                        meant = meant & space.between(header[Field.DESTINATION_PORT], *query.ports)
                    both, one, target = both | (item.answered & meant), one | (item.packets & meant), item.arrival.seat
                if both != space.nothing:
                    return both, seat, target, True
                if one_way is None and one != space.nothing:
                    one_way = (one, seat, target, False)
    return one_way


def _blocked(claims: Claims, query: Query, client: _End, server: _End) -> Verdict | None:
    """A packet of the question, as its sender would send it, to be followed to where it ends."""
    space, parties = claims.network.space, claims.parties
    for sender in client.members:
        for receiver in server.members:
            seats, targets = parties.seats(sender), parties.seats(receiver)
            if sender == receiver or not seats or not targets:
                continue
            public = sender.kind == "wan" and receiver.public
            destination = sent(Field.DESTINATION)
            packets = (claims.judge.opening & client.owned(sender, sent(Field.SOURCE))
                       & parties.protocol(query.protocol)
                       & (parties.anywhere((f"{receiver.public}/32",), destination) if public
                          else server.owned(receiver, destination)))
            if query.ports != (0, 65535):
                packets = packets & space.between(sent(Field.DESTINATION_PORT), *query.ports)
            if packets != space.nothing:
                return Verdict(Answer.REFUTED, packets, seats[0], targets[0])
    return None
