"""What is typed wrong selects nothing, and says what was meant."""

from __future__ import annotations

import pytest

from punchdown.errors import PlanError
from punchdown.pipeline.select import Selection

NONE = "the selection takes no device; known: fw-2, sw-acc-1, sw-core-1"
THERE = [("lisbon", "sw-core-1", "core-switch", "openvswitch"), ("lisbon", "sw-acc-1", "access-switch", "cisco_ios"),
         ("porto", "fw-2", "firewall", "cisco_asa")]


@pytest.mark.parametrize(("selection", "words"), [
    (Selection(sites=("lisbno",)), "there is no site 'lisbno'; did you mean 'lisbon'?"),
    (Selection(devices=("sw-acc-2",)), "there is no device 'sw-acc-2'; did you mean 'sw-acc-1'?"),
    (Selection(roles=("acces-switch",)), "there is no role 'acces-switch'; did you mean 'access-switch'?"),
    (Selection(platforms=("cisco_iso",)), "there is no platform 'cisco_iso'; did you mean 'cisco_ios'?"),
    (Selection(sites=("porto",), devices=("sw-acc-1",)), NONE),
    (Selection(devices=("zz*",)), NONE),
    (Selection(sites=("lisbon", "prto"), each=True), "there is no site 'prto'; did you mean 'porto'?"),
])
def test_wrong_names_are_told(selection: Selection, words: str) -> None:
    with pytest.raises(PlanError) as told:
        selection.require(THERE)
    assert str(told.value) == words


@pytest.mark.parametrize("selection", [
    Selection(), Selection(sites=("lisbon", "prto")), Selection(devices=("sw-*", "zz*"), each=True),
    Selection(sites=("lisbon",), roles=("core-switch", "firewall"), each=True)])
def test_what_takes_something_is_taken(selection: Selection) -> None:
    selection.require(THERE)


def test_an_estate_without_devices() -> None:
    with pytest.raises(PlanError, match="known: none"):
        Selection(sites=("lisbon",)).require([])
