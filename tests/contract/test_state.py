"""What a platform reads of a device's life: every command that it verifies with is taken and understood, a device that
runs what it should is in order, and one that does not is found out."""

from __future__ import annotations

import re
import traceback

import pytest

from punchdown.errors import DeviceError
from punchdown.lab.emulated import Faults
from punchdown.verify import judge
from tests.contract.bench import Rig, bench, clear, resolve
from tests.contract.cases import Case
from tests.contract.features import definition, roles
from tests.contract.hand import Hand
from tests.contract.member import Member
from tests.contract.test_features import subject


class Listening(Hand):
    """A hand that remembers what was asked and what was said."""

    heard: dict[str, str]

    def show(self, command, *, timeout=30.0):
        answer = super().show(command, timeout=timeout)
        self.heard[command] = answer.output
        return answer


def listening(rig: Rig) -> Listening:
    hand = Listening(rig.member.room, rig.box, rig.device)
    hand.heard = {}
    return hand


def test_a_device_in_order_is_in_order(rigged: Member, case: Case) -> None:
    rig = bench(rigged, case.intent)
    assert isinstance(rig, Rig)
    hand, expected = listening(rig), rigged.room.expectations(case.intent)
    seen = rigged.room.observe(hand, case.intent)
    assert seen.errors == ()
    assert expected
    assert [(item.title, item.meaning) for item in judge(expected, seen)] == []
    refused = {command: said for command, said in hand.heard.items()
               if re.search(r"(?im)^\s*(?:%|invalid input|error:|command fail|unknown action|syntax error)", said)}
    assert refused == {}


def test_a_device_as_from_the_factory_is_not(rigged: Member, case: Case) -> None:
    """It answers every command all the same; what is expected of it is not there."""
    rig = Rig(rigged, case.intent)
    seen = rigged.room.observe(rig.hand(), case.intent)
    assert seen.errors == ()
    assert judge(rigged.room.expectations(case.intent), seen)


def test_no_secret_in_any_text(rigged: Member) -> None:
    """Neither what is fetched, compared, seen, nor what a refusal says holds one; the device itself does."""
    for role in roles(rigged):
        snmp = {"management": {"snmp": {"managers": ["admin-1"]}}} if (
            "snmpv3" in rigged.capabilities.meets and "SNMP" not in rigged.refuses) else {}
        intent = subject(definition(rigged, role, snmp), role)
        bare = Rig(rigged, intent)
        first = bare.compare(intent)
        names = {name for step in first.steps for name in re.findall(r"<secret:([^>]+)>", step.text)}
        rig = bench(rigged, intent)
        assert isinstance(rig, Rig)
        running, left = rig.running(), rig.compare(intent)
        told = (first, running, left, rigged.room.observe(rig.hand(), intent), rigged.room.expectations(intent),
                rigged.room.policy(intent, {item.name: item.text for item in running.documents}))
        for name in names:
            assert clear(name) not in repr(told)
            assert clear(name) in resolve(f"<secret:{name}>")
        assert names or role != "core-switch"


def test_a_refused_secret_is_not_told(rigged: Member) -> None:
    """The line that carries it is refused: the error names the line with the reference."""
    for role in roles(rigged):
        intent = subject(definition(rigged, role), role)
        wanted = Rig(rigged, intent).compare(intent)
        step = next((step.text for step in wanted.steps if "<secret:" in step.text), "")
        if not step:
            continue
        rig = Rig(rigged, intent, faults=Faults(refuse=re.escape(step.strip().partition("<secret:")[0])))
        with pytest.raises(DeviceError) as error:
            rig.commit(rig.compare(intent))
        name = re.findall(r"<secret:([^>]+)>", step)[0]
        assert clear(name) not in "".join(traceback.format_exception_only(error.value)) + repr(vars(error.value))
