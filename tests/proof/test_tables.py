"""The prover's tables against the plain evaluator, packet by packet."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from punchdown.proof.headers import AS_SENT, Header, sent
from punchdown.proof.rules import Mode, Passage
from punchdown.proof.sets import space
from punchdown.proof.tables import Tables
from punchdown.values.policy import DevicePolicy, Field, Verdict

from . import plain
from .corners import PLACES, TOPS, Maker

BLOCKS = int(os.environ.get("PUNCHDOWN_TABLES", "5"))
MATTERING = (Field.FAMILY, Field.SOURCE, Field.DESTINATION, *TOPS)
RAW = Header(tuple(sent(field) for field in Field))
"""Every field free, those that a device knows included."""


def tables_of(tables):
    return Tables(space(), DevicePolicy("box", "plain", tuple(tables.values()), forward=("t0",)))


class Asked:
    """One table, asked packet by packet."""

    def __init__(self, tables):
        self.made = tables_of(tables)
        self.answers = {}

    def accepted(self, packet, passage, mode):
        """The packets as which ``packet`` leaves the first table accepted."""
        if (passage, mode) not in self.answers:
            self.answers[passage, mode] = [
                (left, packets) for (left, end), packets in self.made.outcomes("t0", RAW, passage, mode).items()
                if end is Verdict.ACCEPT]
        one = space().packet({field: packet[field] for field in MATTERING})
        return {plain.frozen(left.of(packet)) for left, packets in self.answers[passage, mode]
                if one & packets != space().nothing}


@pytest.mark.parametrize("block", range(BLOCKS))
def test_tables_that_were_understood(block):
    """3,000 packets a block; both readings are one, and the packet leaves with the same fields."""
    ends = Counter()
    for seed in range(block * 10, block * 10 + 10):
        maker = Maker(seed)
        tables = maker.tables()
        asked = Asked(tables)
        for packet in maker.packets(tables, 300):
            entry, leaving = maker.dice.choice(PLACES), maker.dice.choice(PLACES)
            ((end, left),) = plain.results(tables, "t0", packet, entry, leaving)
            expected = {left} if end == "accept" else set()
            passage = Passage((entry,), (leaving,))
            assert asked.accepted(packet, passage, Mode.MAY) == expected, (seed, packet)
            assert asked.accepted(packet, passage, Mode.MUST) == expected, (seed, packet)
            ends[end] += 1
    assert min(ends["accept"], ends["drop"]) > 100


@pytest.mark.parametrize("block", range(BLOCKS))
def test_tables_with_unread_lines(block):
    """2,000 packets a block; MAY holds what some reading of the unread lines accepts, MUST nothing that one drops."""
    seen = Counter()
    for seed in range(5000 + block * 10, 5000 + block * 10 + 10):
        maker = Maker(seed, unread=0.25)
        tables = maker.tables()
        asked = Asked(tables)
        for packet in maker.packets(tables, 200):
            entry, leaving = maker.dice.choice(PLACES), maker.dice.choice(PLACES)
            happening = {end for end, _ in plain.results(tables, "t0", packet, entry, leaving)}
            passage = Passage((entry,), (leaving,))
            may = bool(asked.accepted(packet, passage, Mode.MAY))
            must = bool(asked.accepted(packet, passage, Mode.MUST))
            assert may == ("accept" in happening), (seed, packet, happening)
            assert not must or happening == {"accept"}, (seed, packet, happening)
            seen[may, must] += 1
    assert min(seen[True, True], seen[True, False], seen[False, False]) > 0


def test_a_header_as_it_was_sent_has_nothing_of_a_device():
    """What enters a device carries no state, tag or register of another."""
    assert all(AS_SENT[field].known(width) for field, width in ((Field.STATE, 2), (Field.VLAN, 12)))
