"""Two hundred nights: campaigns over twenty switches under random faults; old or new, and the journal knows which."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from punchdown.campaign.device import DeviceChange, Seen
from punchdown.errors import StateError
from punchdown.platforms.cisco_ios.change import IosChange
from punchdown.state import Store
from tests.faults.boxes import FAULTS, OLD, Rack
from tests.faults.runs import Journal, Night, violations

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


def planned(
    rack: Rack, folder: Path, schedule: dict[int | str, str], kill_at: int = -1,
) -> tuple[Night, str, list[str]]:
    """A night of one device to which this happens: how it ended, and what was violated."""
    folder.mkdir()
    night = Night(0, rack, folder, schedule=schedule, kill_at=kill_at)
    result = night.go()
    return night, result.outcomes[0].status, violations(night, result)


def test_a_line_refused_at_each_position(rack: Rack, tmp_path: Path) -> None:
    undisturbed, status, found = planned(rack, tmp_path / "first", {})
    assert (status, found) == ("changed", [])
    assert rack.planned is not None
    lines = {step.text.strip() for step in rack.planned.steps}
    positions = [number for number, text in enumerate(undisturbed.boxes["sw-00"].log) if text.strip() in lines]
    assert len(positions) >= len(lines)
    for number in positions:
        _, status, found = planned(rack, tmp_path / str(number), {number: "refused line"})
        assert (number, status, found) == (number, "rolled-back", [])


def test_killed_at_each_journal_step(rack: Rack, tmp_path: Path) -> None:
    ends = []
    for number in range(1, 12):
        _, status, found = planned(rack, tmp_path / str(number), {}, number)
        assert found == []
        ends.append(status)
    assert ends == ["skipped", *["rolled-back"] * 7, *["changed"] * 3]


def test_a_store_deleted_at_each_journal_step(rack: Rack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    for number in range(1, 12):
        monkeypatch.setattr(Journal, "deleted_at", number)
        (tmp_path / str(number)).mkdir()
        night = Night(0, rack, tmp_path / str(number), schedule={})
        with pytest.raises(StateError, match=r"removed or replaced while it was open.* The devices: 1 "):
            night.go()
        night.settle()
        (box,) = night.boxes.values()
        assert box.appliance.revert is None
        assert box.saved_lines() == box.lines()
        runs.append("old" if box.lines() == rack.old else "new" if box.lines() == rack.new else "neither")
    assert runs == ["old"] * 8 + ["new"] * 3


def test_what_somebody_types_under_the_timer_is_not_confirmed_unseen(
        rack: Rack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, status, found = planned(rack, tmp_path / "seen", {"configure confirm": "meddled"})
    assert (status, found) == ("failed", [])
    monkeypatch.setattr(DeviceChange, "_require_read_back", _skip)
    _, status, found = planned(rack, tmp_path / "unseen", {"configure confirm": "meddled"})
    assert status == "changed"
    assert "together with what somebody else had typed" in found[0]


def _skip(self: Any, writer: Any) -> str:
    """Claims to have confirmed, or to have looked."""
    return ""


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
