"""Two states of one site: what became reachable, what stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from punchdown.proof.claims import About, Claims
from punchdown.proof.headers import sent
from punchdown.proof.judge import Verdict
from punchdown.proof.parties import Party
from punchdown.proof.rules import Mode
from punchdown.proof.sets import PacketSet
from punchdown.values.policy import Field
from punchdown.values.proof import Answer, Claim

_SOURCE = sent(Field.SOURCE)


def changes(before: Claims, after: Claims) -> Iterator[Claim]:
    """A refuted claim for each pair of parties between whom something changed for sure; ``kind`` gained or stopped.

    Who is called alike is the same in both. Where somebody has other addresses than before, services are compared, and
    no longer who of him asks whom.
    """
    names = {(party.kind, party.name) for party in after.parties.all}
    every = (*after.parties.all, *(party for party in before.parties.all if (party.kind, party.name) not in names))
    for client in every:
        for server in every:
            if client != server:
                yield from _pair(before, after, client, server)


def _pair(before: Claims, after: Claims, client: Party, server: Party) -> Iterator[Claim]:
    gained = _new(after, before, client, server)
    if gained is not None:
        about = About("gained", f"{client}>{server}", client.name, server.name,
                      f"more of {server} became reachable from {client}")
        yield after.claim(about, gained, reach="one way" if gained.one_way else "both ways")
    stopped = _new(before, after, client, server)
    if stopped is not None:
        about = About("stopped", f"{client}>{server}", client.name, server.name,
                      f"something of {server} is no longer reachable from {client}")
        now = replace(stopped, client=_same_seat(before, after, stopped.client, client),
                      server=_same_seat(before, after, stopped.server, server))
        yield before.claim(about, stopped) if min(now.client, now.server) < 0 else after.claim(about, now)


def _new(there: Claims, elsewhere: Claims, client: Party, server: Party) -> Verdict | None:
    """What surely gets through in one state and surely does not in the other; what can be answered counts first."""
    space = there.network.space
    moved = any(_own(there, party) != _own(elsewhere, party) for party in (client, server))
    for one_way in (False, True):
        for seat in there.parties.seats(client):
            sure = _open(there, seat, client, server, Mode.MUST, one_way=one_way)
            same = _same_seat(there, elsewhere, seat, client)
            possible = _open(elsewhere, same, client, server, Mode.MAY, one_way=one_way) if same >= 0 else {}
            known = space.union(possible.values())
            known = space.forget(known, (Field.SOURCE, Field.DESTINATION)) if moved else known
            for target, packets in sure.items():
                new = packets & ~known
                if new != space.nothing:
                    return Verdict(Answer.REFUTED, new, seat, target, one_way)
    return None


def _own(claims: Claims, party: Party) -> PacketSet:
    """The packets with an address of a party; nobody's for one that the state does not have."""
    if not claims.parties.seats(party):
        return claims.network.space.nothing
    return claims.parties.owned(party.kind, party.name, _SOURCE)


def _same_seat(there: Claims, elsewhere: Claims, seat: int, party: Party) -> int:
    """The seat of the other state where the party sits on the same port, whatever its tag; else any of its seats, -1
    when it has none. Ports that were alike may have become different."""
    wanted, seats = there.network.seats[seat], elsewhere.parties.seats(party)
    for number in seats:
        other = elsewhere.network.seats[number]
        if other.device == wanted.device and wanted.port in other.members:
            return number
    return seats[0] if seats else -1


def _open(claims: Claims, seat: int, client: Party, server: Party, mode: Mode, *,
          one_way: bool) -> dict[int, PacketSet]:
    """Arrival seat to the client's packets that reach the server from a seat, by the server's own address or another:
    answered ones, or with ``one_way`` those that need no answer as well."""
    space = claims.network.space
    own = claims.parties.owned(client.kind, client.name, _SOURCE)
    found: dict[int, PacketSet] = {}
    for item, theirs in claims.judge.between(seat, server, mode):
        packets = item.answered | (item.packets & ~claims.judge.tcp) if one_way else item.answered
        packets = packets & theirs & own
        if packets != space.nothing:
            found[item.arrival.seat] = found.get(item.arrival.seat, space.nothing) | packets
    return found
