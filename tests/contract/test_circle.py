"""From one intent to any other and back: the remediation ends in what was meant, a change that nobody confirms ends in
what was there before, and what is not ours stays as it is."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, assume, given, settings

from punchdown.intent import DeviceIntent
from tests.contract.bench import TIMER, Rig, bench
from tests.contract.cases import Case, cases
from tests.contract.member import Member
from tests.contract.pairs import Pair, pairs

PAIRS = int(os.environ.get("PUNCHDOWN_CONTRACT_PAIRS", "2"))
BOUNDED = settings(max_examples=PAIRS, deadline=None, suppress_health_check=list(HealthCheck),
                   phases=(Phase.reuse, Phase.generate))


def test_there_and_back(member: Member) -> None:
    @BOUNDED
    @given(pairs(member))
    def check(pair: Pair) -> None:
        device = bench(member, pair.before)
        settled(device, pair.before)
        for wanted in (pair.after, pair.before):
            change = device.compare(wanted)
            device.push(change)
            settled(device, wanted)

    check()


def settled(device, intent: DeviceIntent) -> None:
    left = device.compare(intent)
    assert [(item.verdict, item.path, item.line) for item in left.differences] == []
    assert left.steps == ()


def test_what_nobody_confirms_goes_back(rigged: Member) -> None:
    """By the device's own timer, and by hand; to the very text that was there before."""
    @BOUNDED
    @given(pairs(rigged))
    def check(pair: Pair) -> None:
        rig = bench(rigged, pair.before)
        assert isinstance(rig, Rig)
        rig.type(*rigged.foreign)
        old = rig.running()
        change = rig.compare(pair.after)
        assume(change.steps)
        rig.commit(change)
        assert rig.running().documents != old.documents
        rig.clock.advance(TIMER + 60)
        assert rig.running().documents == old.documents
        safe = rig.commit(rig.compare(pair.after))
        safe.rollback(rig.hand())
        assert rig.running().documents == old.documents
        assert not rigged.room.safe_change().pending(rig.hand())

    check()


def test_what_is_not_ours_survives(rigged: Member) -> None:
    """Somebody else's lines are named, never touched: by a change, by the way back, by a restart."""
    @BOUNDED
    @given(pairs(rigged))
    def check(pair: Pair) -> None:
        rig = bench(rigged, pair.before)
        assert isinstance(rig, Rig)
        rig.type(*rigged.foreign)
        found = rig.compare(pair.before)
        assert found.differences == ()
        assert found.unmanaged
        for wanted in (pair.after, pair.before):
            rig.push(rig.compare(wanted))
            text = rig.box.running_config()
            assert [line for line in rigged.foreign_shown if line not in text] == []
        rig.box.restart()
        rig.clock.advance(600)
        settled(rig, pair.before)
        text = rig.box.running_config()
        assert [line for line in rigged.foreign_shown if line not in text] == []

    check()


def test_a_line_of_somebody_else_is_told(rigged: Member, case: Case) -> None:
    """On every example: what is typed beside is unmanaged, and nothing is done about it."""
    rig = bench(rigged, case.intent)
    assert isinstance(rig, Rig)
    before = set(rig.compare(case.intent).unmanaged)
    rig.type(*rigged.foreign)
    found = rig.compare(case.intent)
    assert (found.differences, found.steps) == ((), ())
    assert set(found.unmanaged) - before


def test_every_platform_says_what_is_foreign(rigged: Member) -> None:
    assert rigged.foreign
    assert rigged.foreign_shown
    text = Rig(rigged, cases(rigged)[0].intent).box.running_config()
    assert [line for line in rigged.foreign_shown if line in text] == []
