"""The devices of a wave confirm together: where one lost what lived on it, the others go back as well."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Gate:
    """Where verified devices of one wave wait for each other before they confirm."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._judging = threading.Lock()
        self._under_way: set[str] = set()
        self._arrivals: dict[str, int] = {}
        self._judged = 0
        self._lost = ""

    @contextmanager
    def member(self, device: str) -> Iterator[None]:
        """A device in hand; however it ends, nobody waits for it any longer."""
        with self._changed:
            self._under_way.add(device)
        try:
            yield
        finally:
            self._arrived(device)

    @property
    def lost(self) -> str:
        """What was lost, as ``of the same wave, sw-1 lost phones 3 of 4``; empty when nothing was."""
        with self._changed:
            return self._lost

    def close(self, device: str, lost: str) -> None:
        """Tell the wave what a device lost."""
        self._close(f"of the same wave, {device} lost {lost}")

    def _close(self, lost: str) -> None:
        with self._changed:
            self._lost = self._lost or lost
            self._changed.notify_all()

    def wait(self, device: str, seconds: float) -> str:
        """Wait until every device in hand is verified or has ended, at most so long. What another one lost,
        empty = go on."""
        self._arrived(device)
        with self._changed:
            self._changed.wait_for(lambda: self._lost or not self._under_way, seconds)
        return self.lost

    def judged(self, device: str, judge: Callable[[], str]) -> str:
        """What was lost, empty = go on. ``judge`` looks at the wave as a whole and tells what it lost: one device asks
        for all that have arrived by then, those that come later once more."""
        with self._judging:
            with self._changed:
                here = len(self._arrivals)
            if self._judged < self._arrivals[device] and not self.lost:
                if lost := judge():
                    self._close(f"since this wave began, {lost} are gone")
                self._judged = here
        return self.lost

    def _arrived(self, device: str) -> None:
        with self._changed:
            self._arrivals.setdefault(device, len(self._arrivals) + 1)
            self._under_way.discard(device)
            self._changed.notify_all()
