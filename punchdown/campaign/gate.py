"""The devices of a wave confirm together: where one lost what lived on it, the others go back as well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Where verified devices of one wave wait for each other before they confirm."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way: set[str] = set()
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
        """What a device of the wave lost, as ``sw-1 lost phones 3 of 4``; empty when none did."""
        with self._changed:
            return self._lost

    def close(self, device: str, lost: str) -> None:
        """Tell the wave what a device lost."""
        with self._changed:
            self._lost = self._lost or f"{device} lost {lost}"
            self._changed.notify_all()

    def wait(self, device: str, seconds: float) -> str:
        """Wait until every device in hand is verified or has ended, at most so long. What another one lost,
        empty = go on."""
        self._arrived(device)
        with self._changed:
            self._changed.wait_for(lambda: self._lost or not self._under_way, seconds)
        return self.lost

    def _arrived(self, device: str) -> None:
        with self._changed:
            self._under_way.discard(device)
            self._changed.notify_all()
