"""What happens right now: a bar and the devices in hand for people, one JSON object a line for machines."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from punchdown.errors import StateError
from punchdown.report import printable
from punchdown.values import Progress

if TYPE_CHECKING:
    from punchdown.pipeline import Context

ENDS = frozenset({"done", "failed", "rolled-back", "unknown", "skipped"})
ROWS = 12
"""Devices in hand that are shown; the rest is counted."""

Watcher = Callable[[Progress], None]


@contextmanager
def watched(context: Context, events: Path | None) -> Iterator[Context]:
    """The same context with its steps told: live on the error channel while that is a terminal, and to ``events``.

    Raises:
        StateError: the file of events can't be written.
    """
    console = Console(stderr=True, highlight=False)
    with ExitStack() as stack:
        watchers: list[Watcher] = []
        if console.is_terminal:
            view = View()
            stack.enter_context(Live(view, console=console, transient=True, refresh_per_second=8))
            watchers.append(view.tell)
        if events is not None:
            watchers.append(stack.enter_context(event_log(events)))

        def tell(step: Progress) -> None:
            for watch in watchers:
                watch(step)

        yield replace(context, progress=tell)


class View:
    """A bar over all devices, and the step of each device in hand."""

    def __init__(self) -> None:
        self._bar = Bar(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._task = self._bar.add_task("devices", total=None)
        self._in_hand: dict[str, Progress] = {}
        self._failed = 0
        self._lock = threading.Lock()

    def tell(self, step: Progress) -> None:
        """One step of one device; a step without a device begins a stage of so many devices."""
        with self._lock:
            if not step.device:
                self._bar.reset(self._task, total=int(step.detail), description=step.step)
            elif step.step in ENDS:
                self._in_hand.pop(step.device, None)
                self._failed += step.step in ENDS - {"done", "skipped"}
                self._bar.advance(self._task)
            else:
                self._in_hand[step.device] = step

    def __rich__(self) -> Group:
        """The bar, then a row for each device in hand."""
        with self._lock:
            shown = list(self._in_hand.values())
        table = Table.grid(padding=(0, 2))
        for step in shown[:ROWS]:
            table.add_row(Text(f"  {printable(step.device)}"), Text(step.step, "cyan"),
                          Text(printable(step.detail), "dim"))
        if len(shown) > ROWS:
            table.add_row(Text(f"  and {len(shown) - ROWS} more", "dim"))
        failed = [Text(f"  {self._failed} failed", "bold red")] if self._failed else []
        return Group(self._bar, *failed, table)


@contextmanager
def event_log(path: Path) -> Iterator[Watcher]:
    """Appends ``{"at", "device", "step", "detail"}`` per step; times are UTC, ISO 8601. Raises StateError."""
    lock = threading.Lock()
    try:
        file: IO[str] = path.open("a", encoding="utf-8", buffering=1)
    except OSError as error:
        raise StateError(f"{path}: the events can't be written: {error.strerror}") from error

    def tell(step: Progress) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"at": at, "device": step.device, "step": step.step, "detail": step.detail})
        with lock:
            file.write(line + "\n")

    with file:
        yield tell
