"""What may be gone after a change, and what may not."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from punchdown.campaign import life, waves
from punchdown.campaign.life import losses

VLANS = {"MACs in VLAN 110": 10, "MACs in VLAN 120": 2}


@pytest.mark.parametrize("module", [life, waves])
def test_examples(module: ModuleType) -> None:
    assert doctest.testmod(module).attempted > 0
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(("now", "told"), [
    (VLANS, ""),
    ({"MACs in VLAN 110": 9, "MACs in VLAN 120": 1}, ""),
    ({"MACs in VLAN 110": 10}, "MACs in VLAN 120 2 of 2"),
    ({"MACs in VLAN 110": 10, "MACs in VLAN 130": 2}, ""),
    ({"MACs in VLAN 110": 6, "MACs in VLAN 120": 2}, "MACs 4 of 12"),
    ({}, "MACs 12 of 12, MACs in VLAN 110 10 of 10, MACs in VLAN 120 2 of 2"),
])
def test_addresses_that_are_silent(now: dict[str, int], told: str) -> None:
    assert losses(VLANS, now, tolerance=0.0, silent=0.25) == told


@pytest.mark.parametrize(("kind", "now", "tolerance", "told"), [
    ("powered ports", 9, 0.0, "powered ports 1 of 10"), ("powered ports", 9, 0.1, ""),
    ("ports without errors", 8, 0.1, "ports without errors 2 of 10"), ("sessions", 12, 0.0, "")])
def test_other_kinds(kind: str, now: int, tolerance: float, told: str) -> None:
    assert losses({kind: 10}, {kind: now}, tolerance=tolerance, silent=0.25) == told


def test_what_can_no_longer_be_counted_is_gone() -> None:
    assert losses({"phones": 3}, {}, tolerance=0.5, silent=0.25) == "phones 3 of 3"
