"""What ``check`` found the last time, by the content of the files that it was found in."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path

from pydantic import ValidationError

import punchdown
from punchdown.compiler import Judgement
from punchdown.loader import Files
from punchdown.values import from_json, to_json

_MAX_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """``inputs``: (path below the estate, SHA-256) of every file that the judgement was made from; none: not kept."""

    inputs: tuple[tuple[str, str], ...]
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class _Kept:
    """One file of the cache: made by which punchdown, for whom, path of a site below the estate to its entry."""

    stamp: str
    entries: dict[str, Entry]


@once
def _program() -> str:
    """A digest of the program's own files by size and time, so that no other program's findings are believed."""
    folder = Path(punchdown.__file__).parent
    told = hashlib.sha256(punchdown.__version__.encode())
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".yml"}:
            state = path.stat()
            told.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return told.hexdigest()


class Cache:
    """The entries of one estate. A cache that can't be read, or is another program's, is an empty one."""

    def __init__(self, folder: Path, files: Files) -> None:
        self._files = files
        self._stamp = f"{_program()} {files.name(files.root / 'sites')}"
        self._path = folder / f"{hashlib.sha256(str(files.root.resolve()).encode()).hexdigest()[:24]}.json"
        self._digests: dict[str, str] = {}
        self._entries = self._read()

    @property
    def size(self) -> int:
        """How many sites it knows."""
        return len(self._entries)

    def _read(self) -> dict[str, Entry]:
        try:
            if self._path.stat().st_size > _MAX_BYTES:
                return {}
            kept = from_json(_Kept, self._path.read_bytes())
        except (OSError, ValidationError):
            return {}
        return kept.entries if kept.stamp == self._stamp else {}

    def fresh(self, path: Path) -> Entry | None:
        """The entry of a site none of whose files changed, else None."""
        entry = self._entries.get(str(path.relative_to(self._files.root)))
        if entry is None or not entry.inputs:
            return None
        return entry if all(self._digest(name) == digest for name, digest in entry.inputs) else None

    def _digest(self, name: str) -> str:
        if name not in self._digests:
            self._digests[name] = self._files.digest(self._files.root / name)
        return self._digests[name]

    def write(self, entries: Mapping[Path, Entry]) -> None:
        """Keep these entries and no others; a folder that can't be written to only costs time."""
        kept = _Kept(self._stamp, {str(path.relative_to(self._files.root)): entry for path, entry in entries.items()
                                   if entry.inputs})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self._path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(to_json(kept, indent=None))
            Path(name).replace(self._path)
        except OSError:
            return
