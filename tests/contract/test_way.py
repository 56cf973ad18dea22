"""The way between two configurations: after every single command nothing is open that is open at neither end, and the
device can be reached; what a platform says of each step is what the appliance does."""

from __future__ import annotations

import os
import random

import pytest

from punchdown.pipeline.proving import rendered_documents
from punchdown.pipeline.way import way_along, way_of
from punchdown.render import render_device
from punchdown.values.way import Invariant, Way
from tests.contract.bench import Rig, bench
from tests.contract.features import SUBJECTS, Patch, definition, roles
from tests.contract.member import Member
from tests.contract.pairs import loaded
from tests.contract.test_features import subject

LONG = "PUNCHDOWN_CONTRACT_NIGHTS" in os.environ
CHANGES: dict[str, Patch] = {
    "more": {"hosts": {"taker-1": {"uses": ["smdr@pbx-1", "pms@pbx-1"]}}},
    "less": {"hosts": {"admin-1": {"uses": []}}},
}


@pytest.mark.parametrize("change", CHANGES if LONG else ["more"])
def test_nothing_opens_on_the_way(rigged: Member, change: str) -> None:
    """Judged by the platform's own states; where each command acts at once, by the appliance's own text as well."""
    role = roles(rigged)[0]
    if not rigged.edits:
        pytest.skip("it filters nothing")
    name = SUBJECTS[role][0]
    old, new = (definition(rigged, role, *patches) for patches in ((), (CHANGES[change],)))
    site, wanted = loaded(new), subject(new, role)
    rig = bench(rigged, subject(old, role))
    assert isinstance(rig, Rig)
    before = rig.running()
    planned = rig.compare(wanted)
    assert planned.steps
    intended = {intent.device: render_device(intent) for intent in site.devices}
    texts = {**rendered_documents({intent.device: render_device(intent) for intent in loaded(old).devices}),
             name: {item.name: item.text for item in before.documents}}
    ours = way_of(site, intended, texts, [planned])
    assert not {Invariant.PROTECTION, Invariant.MANAGEMENT} & set(ours.broken)
    states = list(rigged.room.states(texts[name], planned))
    if len(states) != len(planned.steps):
        return
    hand, theirs = rig.hand(), []
    for step in planned.steps:
        rig.typed(hand, step.text if "\n" in step.text else step.text.strip())
        theirs.append((step.text, {item.name: item.text for item in rig.running().documents}))
    along = way_along(site, intended, texts, [(name, theirs)])
    assert told(along) == told(ours)


def test_what_opens_on_the_way_is_noticed(rigged: Member) -> None:
    """One wrong rule for one command, then as it was: some of these open what is open at neither end."""
    role = roles(rigged)[0]
    if not rigged.edits:
        pytest.skip("it filters nothing")
    if rigged.is_firewall and not LONG:
        pytest.skip("most of a firewall's edits shut something: it takes a minute to find one that opens; make long")
    name, site = SUBJECTS[role][0], loaded(definition(rigged, role))
    intended = {intent.device: render_device(intent) for intent in site.devices}
    texts = rendered_documents(intended)
    dice, right = random.Random(rigged.name), texts[name]
    for number in range(60):
        edit = rigged.edits[list(rigged.edits)[number % len(rigged.edits)]]
        lines = edit(dice, right[rigged.document].splitlines())
        if lines is None:
            continue
        wrong = {**right, rigged.document: "\n".join(lines) + "\n"}
        if Invariant.PROTECTION in way_along(site, intended, texts, [(name, [("", wrong), ("", right)])]).broken:
            return
    pytest.fail("none of them was noticed")


def told(way: Way) -> list[tuple[object, ...]]:
    return sorted((item.invariant, item.number, item.commands, item.claim.client, item.claim.server)
                  for item in way.breaches)
