"""Where a store on disk lies, and whether it still lies there."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from punchdown.errors import StateError


class Place:
    """The file of an SQLite store, as it was opened. A server's store and one in memory have none."""

    def __init__(self, engine: Engine) -> None:
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        self._file = Path(name) if name and name != ":memory:" else None
        self._opened = self._identity()

    def _identity(self) -> tuple[int, int] | None:
        """Device and inode."""
        try:
            found = self._file.stat() if self._file else None
        except FileNotFoundError:
            return None
        return (found.st_dev, found.st_ino) if found else None

    def require(self) -> None:
        """Raises StateError when the file is gone or another one: SQLite writes on to a file without a name, and nobody
        would ever read it."""
        if self._identity() != self._opened:
            raise StateError(f"the state store {self._file} was removed or replaced while it was open; what this run "
                             "wrote to it is lost. Look at the devices (punchdown drift) before the next change")
