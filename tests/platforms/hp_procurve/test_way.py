"""Known traps on the way between two configurations: every invariant is judged after every single command."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from punchdown.pipeline import Selection
from punchdown.pipeline.proving import Ground, ground_of, rendered_documents
from punchdown.pipeline.way import way_along, way_of
from punchdown.values import Change
from punchdown.values.way import Invariant, Way
from tests.platforms.hp_procurve.boxes import ESTATE, Box, ground, intent_of

NAME, DOCUMENT = "sw-acc-1", "running-config"


@pytest.fixture(scope="module")
def box() -> Box:
    return Box(NAME, intent_of(NAME))


def other(folder: Path, old: str, new: str) -> Ground:
    """The example site with other words in its definition."""
    estate = folder / "estate"
    shutil.copytree(ESTATE, estate)
    place = estate / "sites" / "coimbra.yml"
    text = place.read_text()
    assert old in text
    place.write_text(text.replace(old, new))
    return ground_of(estate, Selection())


def the_way(box: Box, wanted: Ground) -> tuple[Way, Change]:
    change = box.change(intent_of(NAME, wanted))
    assert change.steps
    before = {**rendered_documents(ground().intended), NAME: {DOCUMENT: box.text()}}
    return way_of(wanted.sites["coimbra"], dict(wanted.intended), before, [change]), change


CHANGED: dict[str, tuple[str, str]] = {
    "a list shortened": ("[admin-https@mivb-1, ssh@mivb-1]", "[ssh@mivb-1]"),
    "a list extended": ("uses: [smdr@mivb-1]", "uses: [smdr@mivb-1, pms@mivb-1]"),
    "the PBX moves to the next port": ("45: mivb-1, 46-47: unused", "45: unused, 46: mivb-1, 47: unused"),
    "a port changes hands with the PBX": ("41-44: pc, 45: mivb-1", "41-43: pc, 44: mivb-1, 45: pc"),
    "ports closed": ("1-40: phone-and-pc, 41-44: pc, 45", "1-2: unused, 3-40: phone-and-pc, 41-44: pc, 45"),
}


@pytest.mark.parametrize("name", CHANGED)
def test_on_to_another_definition(box: Box, tmp_path: Path, name: str) -> None:
    way, _ = the_way(box, other(tmp_path, *CHANGED[name]))
    assert way.breaches == ()


TYPED: dict[str, tuple[str, ...]] = {
    "a bound list reordered": ('ip access-list extended "PD-from-mivb-1"', "no 10", "no 80",
                               "80 permit tcp 10.80.110.10 0.0.0.0 eq 443 10.80.199.100 0.0.0.0 established",
                               "10 permit tcp 10.80.110.10 0.0.0.0 eq 1752 10.80.140.15 0.0.0.0 established"),
    "another list on the PBX's port": ("ip access-list extended other", "permit ip any any", "exit",
                                       "interface 45 ip access-group other in"),
    "no list on the PBX's port": ('no interface 45 ip access-group "PD-from-mivb-1" in',),
    "authentication off on a port with a phone": ("no aaa port-access authenticator 7",),
    "a phone's port in the PBX's VLAN": ("vlan 110 untagged 7",),
    "an uplink that lacks a VLAN": ("no vlan 130 tagged 48",),
    "anybody may log in": ("ip authorized-managers 10.80.130.0 255.255.255.0 access manager",),
}


@pytest.mark.parametrize("name", TYPED)
def test_back_from_what_somebody_typed(name: str) -> None:
    """Every invariant holds after every command, and as long as somebody's change stands nothing gets worse."""
    box = Box(NAME, intent_of(NAME))
    box.type(*TYPED[name])
    way, change = the_way(box, ground())
    assert way.breaches == ()
    box.type(*(step.text for step in change.steps))
    assert box.change(intent_of(NAME)).empty


@pytest.mark.parametrize("careless", [
    lambda: ['no ip access-list extended "PD-from-mivb-1"'],
    lambda: ['no interface 45 ip access-group "PD-from-mivb-1" in'],
    lambda: ["no aaa port-access authenticator 1-40"],
    lambda: ["interface 48 disable"],
])
def test_a_broken_order_is_noticed(box: Box, careless: Callable[[], list[str]]) -> None:
    """The judge finds what a careless command does, on the switch's own text, though it is taken back."""
    before = {**rendered_documents(ground().intended), NAME: {DOCUMENT: box.text()}}
    switch = Box(NAME, intent_of(NAME))
    typed = [(line, {DOCUMENT: text}) for line, text in zip(careless(), switch.typing(*careless()), strict=True)]
    typed.append(("put right", {DOCUMENT: box.text()}))
    way = way_along(ground().sites["coimbra"], ground().intended, before, [(NAME, typed)])
    assert set(way.broken) & {Invariant.PROTECTION, Invariant.CONTINUITY}
