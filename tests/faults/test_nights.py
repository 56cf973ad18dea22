"""Two hundred nights: campaigns over twenty switches under random faults; old or new, and the journal knows which."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from punchdown.campaign.device import DeviceChange, Seen
from punchdown.platforms.cisco_ios.change import IosChange
from punchdown.state import Store
from tests.faults.boxes import FAULTS, OLD, Rack
from tests.faults.runs import Night, violations

BLOCKS = 20
SEEDS_PER_BLOCK = 10


@pytest.fixture(scope="module")
def rack() -> Rack:
    return Rack(OLD)


@pytest.fixture(scope="module")
def untouched() -> Rack:
    """Switches that nobody has configured yet: the revert timer's archive is off."""
    return Rack(None)


def night_of(seed: int, rack: Rack, folder: Path) -> tuple[Night, list[str]]:
    folder = folder / str(seed)
    folder.mkdir()
    night = Night(seed, rack, folder)
    return night, [f"seed {seed}: {text}" for text in violations(night, night.go())]


@pytest.mark.parametrize("block", range(BLOCKS))
def test_whatever_fails_a_device_runs_the_old_or_the_new_configuration(
    rack: Rack, untouched: Rack, block: int, tmp_path: Path,
) -> None:
    seeds = range(block * SEEDS_PER_BLOCK, (block + 1) * SEEDS_PER_BLOCK)
    found = [text for seed in seeds for text in night_of(seed, untouched if seed % 10 == 7 else rack, tmp_path)[1]]
    assert found == []


def test_every_fault_happens(rack: Rack, tmp_path: Path) -> None:
    happened: Counter[str] = Counter()
    for seed in range(1000, 1030):
        night, _ = night_of(seed, rack, tmp_path)
        for box in night.boxes.values():
            happened.update(box.happened)
        if set(happened) == set(FAULTS):
            break
    assert set(happened) == set(FAULTS)


def _skip(self: Any, writer: Any) -> None:
    """Claims to have confirmed."""


def _swapped(self: DeviceChange, name: str, detail: str = "") -> None:
    """Writes a step only after the next one has begun."""
    late, self.__dict__["late"] = self.__dict__.get("late", name), name
    _STEP(self, late, detail)


def _blind(self: DeviceChange) -> Seen:
    """Believes that the old configuration runs, without a look."""
    return Seen.OLD


_STEP = DeviceChange._step


@pytest.mark.parametrize(("place", "name", "broken"), [
    (IosChange, "confirm", _skip), (DeviceChange, "_step", _swapped), (DeviceChange, "_look", _blind),
    (Store, "end_run", lambda *_arguments: None)], ids=["no confirm", "swapped steps", "no look", "lock kept"])
def test_a_broken_tool_is_noticed(
    rack: Rack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, broken: Any,
) -> None:
    monkeypatch.setattr(place, name, broken)
    assert any(night_of(seed, rack, tmp_path)[1] for seed in range(12))
