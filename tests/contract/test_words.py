"""The same said in other words is no difference; another order of a filter's lines is one, and is put right; any
printable text that the check lets through comes back as it was."""

from __future__ import annotations

import math
import os
import random
import re
import string
from collections import Counter

import pytest
from pydantic import ValidationError

from punchdown.model import Site
from punchdown.render import render_device
from punchdown.values import Change, RunningConfig, RunningDocument, Verdict
from tests.contract.bench import Rig, bench, compared, masked
from tests.contract.cases import Case, cases
from tests.contract.features import definition, merge, roles
from tests.contract.member import Member
from tests.contract.test_features import subject

SWAPS = int(os.environ.get("PUNCHDOWN_CONTRACT_SWAPS", "8"))
TEXTS = (f" .,:/()+&'@_=*%-{string.ascii_letters}{string.digits}", "- a -b --c", "'quoted' and 'more'", "no", "exit",
         "* & % 100% (all) = a+b, c@d/e:f_g&h*i", "a" * 200)
"""Alphabet of texts in a definition, then what has tripped somebody's quoting."""


def shown(member: Member, case: Case) -> RunningConfig:
    return bench(member, case.intent).running()


def with_text(running: RunningConfig, document: str, text: str) -> RunningConfig:
    documents = tuple(RunningDocument(item.name, text if item.name == document else item.text)
                      for item in running.documents)
    return RunningConfig(running.device, running.platform, documents, running.facts)


def test_equal_meaning_is_no_difference(member: Member) -> None:
    """Each rewriting by itself, in the first examples in which it finds something, and all at once."""
    found: Counter[str] = Counter()
    for case in cases(member):
        running = everything = shown(member, case)
        for pattern, words in member.alike:
            other = rewritten(running, pattern, words)
            if other != running and found[pattern] < 2:
                assert brief(compared(member, case.intent, other)) == [], pattern
            found[pattern] += other != running
            everything = rewritten(everything, pattern, words)
        assert brief(compared(member, case.intent, everything)) == []
    assert [pattern for pattern, _ in member.alike if not found[pattern]] == [], "nothing in any example is said so"


def after(member: Member, running: RunningConfig, change: Change) -> RunningConfig:
    """What a change makes of it, as the platform says."""
    documents = {item.name: item.text for item in running.documents}
    *_, (_, last) = member.room.states(documents, change)
    for name, text in member.shows(last).items():
        running = with_text(running, name, masked(text))
    return running


def rewritten(running: RunningConfig, pattern: str, words: str) -> RunningConfig:
    for document in running.documents:
        text = re.sub(pattern, words, document.text, flags=re.MULTILINE)
        running = with_text(running, document.name, text)
    return running


def brief(change: Change) -> list[tuple[str, tuple[str, ...], str]]:
    return [(item.verdict, item.path, item.line) for item in change.differences]


def test_another_order_is_a_difference(member: Member) -> None:
    """Two unlike lines of a filter change places: it is told, and what the change makes of it has it no more."""
    if member.order is None:
        pytest.skip("it has no filters whose lines have an order")
    dice, told, tried = random.Random(member.name), 0, 0
    for case in cases(member):
        running = shown(member, case)
        for _ in range(math.ceil(SWAPS / len(cases(member)))):
            lines = member.order(dice, running.text(member.document).splitlines())
            if lines is None:
                continue
            tried += 1
            wrong = with_text(running, member.document, "\n".join(lines) + "\n")
            found = compared(member, case.intent, wrong)
            told += any(item.verdict is not Verdict.UNKNOWN for item in found.differences)
            assert found.steps
            assert not {*brief(found)} & {*brief(compared(member, case.intent, after(member, wrong, found)))}
    assert told == tried > 0


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_comes_back_as_it_was(member: Member, text: str) -> None:
    """In a banner and in a port's description: nothing is left to do, and it can be changed and taken away."""
    for role in roles(member):
        patch = {"management": {"banner": [text, "second"]},
                 "devices": {"sw-1": {"ports": {"4": {"role": "pc", "description": text}}}}}
        intent = subject(definition(member, role, patch), role)
        if member.room.refusals(intent):
            continue
        device = bench(member, intent)
        assert brief(device.compare(intent)) == []
        if text in "\n".join(document.text for document in render_device(intent).documents):
            assert text.split()[0] in "\n".join(document.text for document in device.running().documents)
        bare = subject(definition(member, role), role)
        device.push(device.compare(bare))
        assert brief(device.compare(bare)) == []
        device.push(device.compare(intent))
        assert brief(device.compare(intent)) == []


@pytest.mark.parametrize("character", sorted({*map(chr, range(128)), "ä", "\u2028", "\u202e", "\ufeff", "\U0001f4de"}
                                             - set("".join(TEXTS))))
def test_every_other_character_is_refused_at_check(character: str) -> None:
    """Before any platform sees it."""
    site = definition_of_any()
    for patch in ({"management": {"banner": [f"a{character}b"]}},
                  {"devices": {"sw-1": {"ports": {"4": {"role": "pc", "description": f"a{character}b"}}}}},
                  {"segments": {f"a{character}b": {"vlan": 60, "zone": "data"}}},
                  {"hosts": {f"a{character}b": {"kind": "admin", "segment": "management", "address": 77}}}):
        merged = {**site}
        merge(merged, patch)
        with pytest.raises(ValidationError):
            Site.model_validate(merged)


def definition_of_any() -> dict:
    from tests.contract.member import members
    return definition(members()["openvswitch"], "core-switch")


def test_a_rig_is_as_it_is_shown(rigged: Member) -> None:
    """What the suite takes for the device's own text is what it prints, secrets aside."""
    case = cases(rigged)[0]
    rig = bench(rigged, case.intent)
    assert isinstance(rig, Rig)
    own = {line.strip() for line in rig.box.running_config().splitlines()}
    fetched = [line.strip() for document in rig.running().documents for line in document.text.splitlines()]
    assert [line for line in fetched if "<masked:" not in line and line not in own] == []
