"""Questions of the user's own: ``tcp 10.20.32.0/22 -> mivb-1:1752``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from ipaddress import ip_address, ip_network, summarize_address_range

from punchdown.errors import PlanError
from punchdown.proof.claims import About, Claims
from punchdown.proof.headers import Expr, sent
from punchdown.proof.judge import Verdict
from punchdown.proof.network import ITSELF, in_prefixes
from punchdown.proof.parties import PROTOCOLS, WAN, Party
from punchdown.proof.rules import Mode
from punchdown.proof.sets import WITH_PORTS, PacketSet
from punchdown.values.policy import Field
from punchdown.values.proof import Answer, Claim

_FORM = re.compile(r"\s*(?P<protocol>\S+)\s+(?P<client>\S+)\s*->\s*(?P<server>\S+)\s*")
_PORTS = re.compile(r"[0-9]{1,5}(?:-[0-9]{1,5})?(?:,[0-9]{1,5}(?:-[0-9]{1,5})?)*")
_EVERY_PORT = ((0, 65535),)
EXAMPLE = "tcp 10.20.32.0/22 -> mivb-1:1752"


@dataclass(frozen=True, slots=True)
class Query:
    """Can ``protocol`` be opened from ``client`` to ``server`` on one of these ranges of ports? Ends are hosts,
    segments, devices, ``wan``, ``any``, addresses, prefixes, or two addresses with ``-`` between them."""

    text: str
    protocol: str
    client: str
    server: str
    ports: tuple[tuple[int, int], ...]


def read_query(text: str) -> Query:
    """Reads ``tcp 10.20.32.0/22 -> mivb-1:1752``; without ports all are meant. An IPv6 address with ports stands in
    brackets.

    Raises:
        PlanError: it has another form, or names no protocol.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise PlanError(f"not a question: {text!r}; write one like {EXAMPLE!r}")
    protocol = found["protocol"].lower()
    known = protocol in PROTOCOLS or protocol in {"ip", "any"} or (protocol.isdecimal() and int(protocol) < 256)
    if not known:
        raise PlanError(f"{protocol}: no protocol; known: any, {', '.join(PROTOCOLS)}, or a number up to 255")
    server, ports = _ports_of(found["server"], text)
    number = int(PROTOCOLS.get(protocol, protocol)) if protocol not in {"ip", "any"} else WITH_PORTS[0]
    if ports != _EVERY_PORT and number not in WITH_PORTS:
        raise PlanError(f"{text!r}: {protocol} has no ports")
    return Query(text.strip(), protocol, found["client"].strip("[]"), server, ports)


def _ports_of(end: str, text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The name or address of a server, and its ports."""
    if end.startswith("["):
        name, bracket, rest = end[1:].partition("]")
        colon, ports = rest[:1], rest[1:]
        if not bracket or colon not in {"", ":"}:
            raise PlanError(f"{text!r}: an IPv6 address with a port is written [2001:db8::1]:443")
    elif end.count(":") > 1:
        name, colon, ports = end, "", ""
        shorter, _, last = end.rpartition(":")
        if last.isdecimal() and _is_address(shorter):
            raise PlanError(f"{text!r}: is {last} a port or a part of the address? Write [{shorter}]:{last} or [{end}]")
    else:
        name, colon, ports = end.partition(":")
    if not colon:
        return name, _EVERY_PORT
    if not _PORTS.fullmatch(ports):
        raise PlanError(f"{text!r}: {ports!r} is no port; write 1752, 1752-1760 or 1752,1753")
    ranges = []
    for part in ports.split(","):
        first, _, last = part.partition("-")
        ranges.append((int(first), int(last or first)))
    if not all(first <= last <= 65535 for first, last in ranges):
        raise PlanError(f"{text!r}: ports run from 0 to 65535, the lower one first")
    return name, tuple(ranges)


def _is_address(word: str) -> bool:
    try:
        ip_address(word)
    except ValueError:
        return False
    return True


def devices_of(state_devices: Mapping[str, Iterable[str]], query: Query) -> Iterator[str]:
    """The devices that a question is about, by name or by one of their addresses (device to its own)."""
    for word in (query.client, query.server):
        yield from (name for name, own in state_devices.items() if word == name or word in own)


class _End:
    """One end of a question: parties with the addresses that are meant. A host's public address means the host, asked
    for by that address; an address of a device means the device itself."""

    def __init__(self, claims: Claims, word: str) -> None:
        self.parties, self.space = claims.parties, claims.network.space
        self.public = ""
        self.prefixes: tuple[str, ...] = ()
        named = [party for party in self.parties.all if party.name == word]
        listed = [prefix for flow in self.parties.matrix.flows for name, prefixes in (
            (flow.client, flow.sources), (flow.server, flow.destinations)) if name == word for prefix in prefixes]
        devices = tuple(Party("device", seat.device, "") for seat in claims.network.seats if seat.port == ITSELF
                        and word in {seat.device, *(text.partition("/")[0] for text in
                                                    claims.network.devices[seat.device].own)})
        self.members: tuple[Party, ...]
        if word in {"any", "wan"}:
            self.members = self.parties.all if word == "any" else (WAN,)
        elif named:
            self.members = self.parties.members(word)
        elif listed:
            self.members, self.prefixes = self.parties.members(word), tuple(dict.fromkeys(listed))
        elif known := tuple(party for party in self.parties.all if party.public == word):
            self.public, self.members = word, known
        elif devices:
            self.members = devices
            self.prefixes = () if devices[0].name == word else _prefixes(word, ())
        else:
            self.members = self.parties.all
            self.prefixes = _prefixes(word, sorted({party.name for party in self.members}))

    def owned(self, party: Party, expr: Expr) -> PacketSet:
        """The packets (as sent) whose ``expr`` is one of the addresses meant. What the definition denies the wan is
        asked for as well when it is named."""
        if self.public:
            return self.parties.anywhere((f"{self.public}/32",), sent(Field.DESTINATION))
        own = self.parties.owned(party.kind, party.name, expr)
        if not self.prefixes:
            return own
        if party.kind == "wan":
            own = own | in_prefixes(self.space, expr, self.parties.denied)
        return own & in_prefixes(self.space, expr, self.prefixes)


def _prefixes(word: str, names: Iterable[str]) -> tuple[str, ...]:
    first, dash, last = word.partition("-")
    try:
        if dash and last:
            return tuple(map(str, summarize_address_range(ip_address(first), ip_address(last))))
        return (str(ip_network(word)),)
    except (ValueError, TypeError) as error:
        near = get_close_matches(word.lower(), names, 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        if "host bits set" in str(error):
            hint = f"; did you mean {ip_network(word, strict=False)}?"
        raise PlanError(f"{word}: no host, segment or device of the site that has a port, and no address or prefix"
                        f"{hint}") from None


def ask(claims: Claims, query: Query) -> Claim:
    """Proved: some of it gets through, with an example; refuted: nothing of it does, with the line that stops it."""
    client, server = _End(claims, query.client), _End(claims, query.server)
    if client.members == server.members and len(client.members) == 1 and client.members[0].kind in {"host", "device"}:
        raise PlanError(f"{query.text!r}: {query.client} and {query.server} are one and the same")
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
            for seat in claims.parties.seats(sender) if _apart(sender, receiver) else ():
                both, one, target = space.nothing, space.nothing, -1
                for item, _ in judge.between(seat, receiver, mode):
                    if item.arrival.seat == seat and len(claims.network.seats[seat].members) == 1:
                        continue  # two machines behind one port: no packet of theirs comes by
                    header = item.arrival.header
                    meant = source & server.owned(receiver, header[Field.DESTINATION])
                    meant = meant & _on_ports(claims, query, header[Field.DESTINATION_PORT])
                    if meant & item.packets != space.nothing:
                        target = item.arrival.seat
                    both, one = both | (item.answered & meant), one | (item.packets & meant)
                if both != space.nothing:
                    return both, seat, target, True
                if one_way is None and one != space.nothing:
                    one_way = (one, seat, target, False)
    return one_way


def _apart(sender: Party, receiver: Party) -> bool:
    """Whether one can send to the other through the network: two machines of a segment can."""
    return sender != receiver or sender.kind == "segment"


def _on_ports(claims: Claims, query: Query, port: Expr) -> PacketSet:
    space = claims.network.space
    if query.ports == _EVERY_PORT:
        return space.everything
    return space.union(space.between(port, *ends) for ends in query.ports)


def _blocked(claims: Claims, query: Query, client: _End, server: _End) -> Verdict | None:
    """A packet of the question, as its sender would send it, to be followed to where it ends."""
    space, parties = claims.network.space, claims.parties
    for sender in client.members:
        for receiver in server.members:
            seats, targets = parties.seats(sender), parties.seats(receiver)
            if not _apart(sender, receiver) or not seats or not targets:
                continue
            public = sender.kind == "wan" and receiver.public and not server.prefixes
            destination = sent(Field.DESTINATION)
            packets = (claims.judge.opening & client.owned(sender, sent(Field.SOURCE))
                       & parties.protocol(query.protocol)
                       & (parties.anywhere((f"{receiver.public}/32",), destination) if public
                          else server.owned(receiver, destination)))
            packets = packets & _on_ports(claims, query, sent(Field.DESTINATION_PORT))
            if packets != space.nothing:
                return Verdict(Answer.REFUTED, packets, seats[0], targets[0])
    return None
