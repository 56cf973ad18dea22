"""The files of an estate: read once each, never from outside, profiles merged in."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from punchdown.loader.reader import Reader, Refused
from punchdown.model.diagnostics import Path as FieldPath
from punchdown.model.diagnostics import Positions, suggest
from punchdown.values import Position

MAX_FILE_BYTES = 4 * 2**20
_PROFILE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
Read = tuple[dict[str, Any], dict[FieldPath, Position]]


class Files:
    """Reads each file of the estate once; file names in positions are relative to where the user stands.

    ``used`` are the files that were asked for; whoever wants those of one site empties it before.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lines: dict[str, tuple[str, ...]] = {}
        self.used: set[Path] = set()
        self._real_root = root.resolve()
        self._here = Path.cwd()
        self._read: dict[Path, Read] = {}
        self._digests: dict[Path, str] = {}

    def name(self, path: Path) -> str:
        """How a file is called in positions."""
        return str(path.relative_to(self._here)) if path.is_relative_to(self._here) else str(path)

    def read(self, path: Path) -> Read:
        """Data and places of one file.

        Raises:
            Refused: it can't be read, or holds no mapping.
        """
        self.used.add(path)
        if path not in self._read:
            self._read[path] = self._load(path)
        return self._read[path]

    def _load(self, path: Path) -> Read:
        name = self.name(path)
        start = Position(name, 1, 1)
        reader = Reader(name, self._text(path, start))
        self.lines[name] = reader.lines
        data = reader.read()
        if not isinstance(data, dict):
            raise Refused("yaml-shape", start, "the file is empty" if data is None else "the file holds no mapping")
        return data, reader.places

    def lines_of(self, path: Path, place: Position) -> tuple[str, ...]:
        """The lines of a text file that is named at a place.

        Raises:
            Refused: it can't be read, or lies outside of the estate.
        """
        self.used.add(path)
        lines = tuple(self._text(path, place).splitlines())
        self.lines[self.name(path)] = lines
        return lines

    def forget(self, path: Path) -> None:
        """Let go of what was read of a file that no other site needs."""
        self._read.pop(path, None)
        self.lines.pop(self.name(path), None)

    def inputs(self) -> tuple[tuple[str, str], ...]:
        """Path below the estate and SHA-256, as read, of every file in ``used``, sorted."""
        return tuple((str(path.relative_to(self.root)), self._digests[path]) for path in sorted(self.used))

    def digest(self, path: Path) -> str:
        """SHA-256 of a file that may be read, empty when it may not."""
        try:
            return hashlib.sha256(self._bytes(path, Position(str(path), 1, 1))).hexdigest()
        except Refused:
            return ""

    def _text(self, path: Path, start: Position) -> str:
        data = self._bytes(path, start)
        self._digests[path] = hashlib.sha256(data).hexdigest()
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Refused("file-encoding", start, f"byte {error.start:,} is no UTF-8") from error

    def _bytes(self, path: Path, start: Position) -> bytes:
        try:
            return self._plain_file(path, start).read_bytes()
        except RuntimeError as error:  # a link that leads to itself
            raise Refused("file-missing", start, "a link that leads nowhere") from error
        except OSError as error:
            raise Refused("file-missing", start, f"can't be opened: {error.strerror}") from error
        except ValueError as error:  # a null in the name
            raise Refused("file-missing", start, "no name of a file") from error

    def _plain_file(self, path: Path, start: Position) -> Path:
        real = path.resolve()
        if not real.is_relative_to(self._real_root):
            raise Refused("path-outside", start, "the file lies outside of the estate")
        if not real.exists():
            raise Refused("file-missing", start, "there is no such file")
        if not real.is_file():
            raise Refused("file-kind", start, "not a plain file")
        if real.stat().st_size > MAX_FILE_BYTES:
            raise Refused("file-size", start, f"larger than {MAX_FILE_BYTES // 2**20} MiB")
        return real

    def with_profiles(self, path: Path) -> Read:
        """A site's data and places over those of the profiles that it extends.

        Raises:
            Refused: a file can't be read, or a profile is not there.
        """
        data, places = self.read(path)
        seen: list[str] = []
        merged, merged_places, wanted = data, places, data.get("extends")
        while wanted is not None:
            place = merged_places.get(("extends",), Position(self.name(path), 1, 1))
            profile, profile_places = self._profile(wanted, seen, place)
            seen.append(str(wanted))
            wanted = profile.get("extends")
            base = {key: value for key, value in profile.items() if key not in {"profile", "extends"}}
            merged, merged_places = _merge(base, merged), {**profile_places, **merged_places}
            if ("extends",) in profile_places:
                merged_places[("extends",)] = profile_places[("extends",)]
        return merged, merged_places

    def _profile(self, wanted: Any, seen: list[str], place: Position) -> Read:
        def refuse(name: str, message: str, hint: str = "") -> Refused:
            return self._refused(name, place, message, hint)

        if not isinstance(wanted, str) or not _PROFILE.fullmatch(wanted):
            raise refuse("profile-name", f"{str(wanted)[:60]!r} is not the name of a profile")
        if wanted in seen:
            raise refuse("profile-cycle", f"profiles extend one another: {' -> '.join([*seen, wanted])}")
        path = self.root / "profiles" / f"{wanted}.yml"
        if not path.exists():
            known = sorted(item.stem for item in (self.root / "profiles").glob("*.yml"))
            raise refuse("profile-unknown", f"there is no profile {wanted!r}", suggest(wanted, known))
        data, places = self.read(path)
        own = places.get(("profile",), Position(self.name(path), 1, 1))
        if data.get("profile", wanted) != wanted:
            raise self._refused("profile-mismatch", own, f"the profile calls itself {str(data['profile'])[:60]!r}",
                                f"`profile: {wanted}`, as the file is called")
        if "site" in data:
            raise self._refused("profile-key", places[("site",)], "a profile has no `site`")
        return data, places

    def _refused(self, name: str, place: Position, message: str, hint: str = "") -> Refused:
        return Refused(name, place, message, hint, Positions({}, self.lines).excerpt(place))


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
