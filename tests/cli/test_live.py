"""The live view and the log of events tell every step, and show device text without obeying it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from rich.console import Console

from punchdown.cli.live import ROWS, View, event_log, watched
from punchdown.errors import StateError
from punchdown.pipeline import Context
from punchdown.values import Progress


def shown(view: View) -> str:
    console = Console(width=100, force_terminal=False)
    with console.capture() as captured:
        console.print(view)
    return captured.get()


def test_the_view_counts_ends_and_shows_the_devices_in_hand() -> None:
    view = View()
    view.tell(Progress("", "changing", "40"))
    for number in range(20):
        view.tell(Progress(f"sw-{number}", "connect"))
    view.tell(Progress("sw-0", "done"))
    view.tell(Progress("sw-1", "rolled-back", "no answer"))
    view.tell(Progress("sw-2", "commit", "timer 120 s"))
    text = shown(view)
    assert "2/40" in text
    assert "1 failed" in text
    assert ["sw-2", "commit", "timer", "120", "s"] in [line.split() for line in text.splitlines()]
    assert f"and {18 - ROWS} more" in text
    assert "sw-1 " not in text


def test_a_detail_from_a_device_is_text() -> None:
    view = View()
    view.tell(Progress("", "changing", "1"))
    view.tell(Progress("sw-0", "rollback", "[bold]\x1b[2J"))
    assert "[bold]\\x1b[2J" in shown(view)


def test_events_are_lines_of_json(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    for _ in range(2):
        with event_log(file) as tell:
            tell(Progress("sw-0", "commit", "a\nb"))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["device"], line["step"], line["detail"]) for line in lines] == [("sw-0", "commit", "a\nb")] * 2
    assert datetime.fromisoformat(lines[0]["at"]).tzinfo is not None


def test_events_that_can_not_be_written_stop_it_before_it_begins(tmp_path: Path) -> None:
    context = Context(tmp_path, tmp_path, "2026-03-02T04:05:06Z", "alice")
    with pytest.raises(StateError, match="can't be written"), watched(context, tmp_path):
        pass
