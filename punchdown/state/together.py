"""Rows of many threads in few transactions: each waits until its own is on the disk, and the disk is asked once for all
that wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Condition

from punchdown.errors import StateError

Row = Mapping[str, str]


class _Waiting:
    """A row and whether it is written."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.done = False


class Together:
    """One of those who wait writes the rows of all. ``write`` is one transaction."""

    def __init__(self, write: Callable[[Sequence[Row]], None]) -> None:
        self._write = write
        self._changed = Condition()
        self._busy = False
        self._queue: list[_Waiting] = []

    def add(self, row: Row) -> None:
        """Write a row; it is kept when this returns.

        Raises:
            StateError: it could not be written. What others wait for does not share its fate.
        """
        mine = _Waiting(row)
        with self._changed:
            self._queue.append(mine)
            self._changed.wait_for(lambda: mine.done or not self._busy)
            if mine.done:
                return
            self._busy, waiting = True, tuple(self._queue)
        try:
            done = self._all(waiting, mine)
        except BaseException:
            done = (mine,)
            raise
        finally:
            with self._changed:
                for item in done:
                    item.done = True
                    self._queue.remove(item)
                self._busy = False
                self._changed.notify_all()

    def _all(self, waiting: tuple[_Waiting, ...], mine: _Waiting) -> tuple[_Waiting, ...]:
        """Those that are written now."""
        try:
            self._write([item.row for item in waiting])
        except StateError:
            if len(waiting) == 1:
                raise
            self._write([mine.row])
            return (mine,)
        return waiting
