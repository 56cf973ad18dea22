"""What verifications saw is kept device by device; a later one takes the place of an earlier one."""

from __future__ import annotations

from pathlib import Path

from punchdown.state import Store
from punchdown.values import Expectation, Observation, Sighting
from punchdown.values.position import Provenance
from punchdown.verify import witness

EXPECTED = (
    Expectation("vlan:110", True, "VLAN 110 exists", Provenance()),
    Expectation("port:1:tagged", [10, 20], "carries its VLANs", Provenance()),
    Expectation("port:2:mode", "access", "is an access port", Provenance()),
)
SEEN = Observation("sw-1", {"vlan:110": True, "port:1:tagged": [10]})


def test_each_expectation_is_witnessed_whatever_came_of_it() -> None:
    held = {item.key: item.holds for item in witness(EXPECTED, SEEN, "2026-11-21T10:00:00Z")}
    assert held == {"vlan:110": True, "port:1:tagged": False, "port:2:mode": None}


def test_the_store_keeps_the_last_verification_of_each_device(tmp_path: Path) -> None:
    other = Sighting("sw-2", "vlan:110", "VLAN 110 exists", "true", True, "2026-11-20T10:00:00Z")
    first = witness(EXPECTED, SEEN, "2026-11-20T10:00:00Z")
    again = witness(EXPECTED[:1], SEEN, "2026-11-21T10:00:00Z")
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as store:
        assert store.sightings() == ()
        store.remember((*first, other))
        assert set(store.sightings()) == {*first, other}
        store.remember(again)
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as store:
        assert store.sightings() == (*again, other)
