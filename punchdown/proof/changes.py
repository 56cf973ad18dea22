"""Two states of one site: what became reachable, what stopped."""

from __future__ import annotations

from collections.abc import Iterator

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

    The two states have one definition: who sits where is the same in both.
    """
    for client in after.parties.all:
        for server in after.parties.all:
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
        yield after.claim(about, stopped)


def _new(there: Claims, elsewhere: Claims, client: Party, server: Party) -> Verdict | None:
    """What surely gets through in one state and surely does not in the other; what can be answered counts first."""
    space = there.network.space
    for one_way in (False, True):
        for seat in there.parties.seats(client):
            sure = _open(there, seat, client, server, Mode.MUST, one_way=one_way)
            possible = _open(elsewhere, _same_seat(there, elsewhere, seat, client), client, server, Mode.MAY,
                             one_way=one_way)
            for target, packets in sure.items():
                new = packets & ~space.union(possible.values())
                if new != space.nothing:
                    return Verdict(Answer.REFUTED, new, seat, target, one_way)
    return None


def _same_seat(there: Claims, elsewhere: Claims, seat: int, client: Party) -> int:
    """The seat of the other state that holds the same port: ports that were alike may have become different."""
    wanted = there.network.seats[seat]
    for number in elsewhere.parties.seats(client):
        other = elsewhere.network.seats[number]
        if (other.device, other.tag) == (wanted.device, wanted.tag) and wanted.port in other.members:
            return number
    return elsewhere.parties.seats(client)[0]


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
