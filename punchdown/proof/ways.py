"""There and back: what a seat sends first, and the replies to it."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.proof.headers import AS_SENT, ENDS, Ends, Expr, constant, sent, swapped
from punchdown.proof.network import Network
from punchdown.proof.reach import Reach
from punchdown.proof.rules import Mode
from punchdown.proof.sets import ICMP, ICMP6, TCP, PacketSet
from punchdown.proof.walk import Walk
from punchdown.values.policy import Field


def openings(network: Network, number: int, packets: PacketSet, mode: Mode, *, told: bool = False) -> Reach:
    """Where packets come to that a seat sends first."""
    walk = Walk(network, mode, told=told)
    seat = network.seats[number]
    walk.start(seat, AS_SENT, packets)
    return walk.run()


def replies(network: Network, number: int, opening: Reach, mode: Mode, *, told: bool = False) -> tuple[PacketSet,
                                                                                                      Reach]:
    """The packets of an opening whose reply comes back to the seat that sent them, by the address they were sent to."""
    walk = Walk(network, mode, opening, told=told)
    for arrival in opening.arrivals:
        for asked, changes in _answers(network):
            walk.start(network.seats[arrival.seat], arrival.header.answered(changes), arrival.packets & asked)
    back = walk.run()
    wanted: Ends = swapped((sent(ENDS[0]), sent(ENDS[1]), sent(ENDS[2]), sent(ENDS[3])))
    space = network.space
    return space.union(item.packets & space.same(item.header.ends, wanted) for item in back.arrivals
                       if item.seat == number), back


def _answers(network: Network) -> Iterable[tuple[PacketSet, tuple[tuple[Field, Expr], ...]]]:
    """How replies differ from what they answer, by protocol: TCP has ACK set, an echo is answered by an echo reply."""
    where = network.space.where
    yield where(Field.PROTOCOL, (TCP, TCP)), ((Field.TCP_REPLY, constant(Field.TCP_REPLY, 1)),)
    for protocol, request, reply in ((ICMP, 8, 0), (ICMP6, 128, 129)):
        yield (where(Field.PROTOCOL, (protocol, protocol)) & where(Field.ICMP_TYPE, (request, request)),
               ((Field.ICMP_TYPE, constant(Field.ICMP_TYPE, reply)),))
    yield ~where(Field.PROTOCOL, (TCP, TCP), (ICMP, ICMP), (ICMP6, ICMP6)), ()
