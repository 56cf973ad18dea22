"""Whole sites: where packets arrive and whether their replies come back, against the plain evaluator."""

from __future__ import annotations

from collections import Counter

import pytest

from punchdown.proof.network import Network
from punchdown.proof.rules import Mode
from punchdown.proof.sets import space
from punchdown.proof.ways import openings, replies
from punchdown.values.policy import Field

from . import plain
from .plain_walk import Site, ends, swapped
from .sites import SiteMaker

MATTERING = (Field.FAMILY, Field.PROTOCOL, Field.SOURCE, Field.DESTINATION, Field.SOURCE_PORT, Field.DESTINATION_PORT,
             Field.ICMP_TYPE, Field.DSCP, Field.TCP_REPLY, Field.FRAGMENT)
WIRE = tuple(field for field in Field if field not in {
    Field.STATE, Field.TRACKED, Field.DNAT, Field.VLAN, Field.MARK, Field.REGISTER0, Field.REGISTER1, Field.REGISTER2,
    Field.REGISTER3, Field.EGRESS})


def answer_to(packet: plain.Packet) -> plain.Packet:
    """The reply that a machine sends to a packet."""
    source, destination, source_port, destination_port = swapped(ends(packet))
    changes = {Field.SOURCE: source, Field.DESTINATION: destination, Field.SOURCE_PORT: source_port,
               Field.DESTINATION_PORT: destination_port}
    if packet[Field.PROTOCOL] == 6:
        changes[Field.TCP_REPLY] = 1
    if packet[Field.PROTOCOL] == 1:
        changes[Field.ICMP_TYPE] = 0
    return {**packet, **changes}


@pytest.mark.parametrize("block", range(8))
def test_arrivals_and_replies(block):
    """Each packet from each seat of 48 sites."""
    seen = Counter()
    for seed in range(block * 6, block * 6 + 6):
        maker = SiteMaker(seed, translate=False)
        topology, policies = maker.site()
        network, reference = Network(space(), topology, policies), Site(topology, policies)
        letters = maker.letters(40)
        for number, seat in enumerate(network.seats):
            reach = openings(network, number, space().valid, Mode.MAY)
            back, _ = replies(network, number, reach, Mode.MAY)
            for packet in letters:
                place = (seat.device, seat.port, seat.tag)
                arrived, memory = reference.send(place, packet, None)
                one = space().packet({field: packet[field] for field in MATTERING})
                assert {(item.seat, wire(item.header.of(packet))) for item in reach.arrivals
                        if one & item.packets != space().nothing} == \
                    {(seat_at(network, where), wire(plain.thawed(left))) for where, left in arrived}, (seed, packet)
                home = any(
                    where == place and swapped(ends(plain.thawed(reply))) == ends(packet)
                    for there, left in arrived
                    for where, reply in reference.send(there, answer_to(plain.thawed(left)), memory)[0])
                assert (one & back != space().nothing) == home, (seed, seat, packet)
                translated = any(ends(plain.thawed(left)) != ends(packet) for _, left in arrived)
                seen[bool(arrived), home, translated] += 1
    assert min(seen[False, False, False], seen[True, True, False], seen[True, False, False]) > 20
    assert seen[True, True, True] + seen[True, False, True] > 0


def wire(packet):
    return tuple(packet[field] for field in WIRE)


def seat_at(network, where):
    return next(number for number, seat in enumerate(network.seats) if (seat.device, seat.port, seat.tag) == where)
