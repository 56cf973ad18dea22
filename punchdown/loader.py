"""The only reader of estate files: YAML with positions, profiles merged, everything checked at once.

Scalars are read as YAML 1.2's core schema does (``no`` is a word, ``10:20:30`` is a word, ``010`` is ten). Anchors,
aliases, tags and merge keys are refused: a profile says it in a way that errors can point at.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from punchdown.errors import InputError
from punchdown.model.diagnostics import Diagnostic, Positions
from punchdown.model.diagnostics import Path as FieldPath
from punchdown.model.estate import Estate, EstateFile, LoadedSite
from punchdown.model.site import Site
from punchdown.values import Position

MAX_FILE_BYTES = 4 * 2**20
MAX_DEPTH = 32
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
              "null": None, "Null": None, "NULL": None, "~": None, "": None}
M = TypeVar("M", bound=BaseModel)


class _Refused(Exception):
    def __init__(self, code: str, position: Position, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.diagnostic = Diagnostic(code, position, message, hint)


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.fullmatch(text):
        return int(text, 8) if text.startswith("0o") else int(text, 16) if text.startswith("0x") else int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


class _Reader:
    """One file to plain data and places."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.places: dict[FieldPath, Position] = {}
        self._events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=yaml.CSafeLoader))

    def read(self) -> Any:
        while not isinstance(event := next(self._events), yaml.DocumentStartEvent):
            if isinstance(event, yaml.StreamEndEvent):
                return None
        value = self._value(next(self._events), ())
        next(self._events)
        if not isinstance(event := next(self._events), yaml.StreamEndEvent):
            raise _Refused("yaml-documents", self._place(event), "a second document in the file", "one file, one site")
        return value

    def _place(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        return Position(self.name, mark.line + 1, mark.column + 1) if mark else Position(self.name)

    def _value(self, event: yaml.Event, path: FieldPath) -> Any:
        place = self._place(event)
        self.places.setdefault(path, place)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Refused("yaml-alias", place, "anchors and aliases are not used here",
                           "put what is shared in a profile")
        tag = getattr(event, "tag", None)
        if tag not in {None, "!"}:
            raise _Refused("yaml-tag", place, f"the tag {tag} is not used here", "write the value alone")
        if len(path) > MAX_DEPTH:
            raise _Refused("yaml-depth", place, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _sequence(self, path: FieldPath) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, str(len(items)))))
        return items

    def _mapping(self, path: FieldPath) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            place = self._place(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Refused("yaml-key", place, "a key must be a single word")
            key: str = event.value
            if key in items:
                raise _Refused("yaml-duplicate", place, f"the key {key!r} stands twice",
                               f"first at line {self.places[(*path, key)].line}; keep one of them")
            self.places[(*path, key)] = place
            items[key] = self._value(next(self._events), (*path, key))
        return items


def _inside(root: Path, path: Path) -> Path:
    real = path.resolve()
    if not real.is_relative_to(root.resolve()):
        raise _Refused("path-outside", Position(str(path), 1, 1), "the file lies outside of the estate")
    return real


class _Files:
    """Reads each file of the estate once; file names in positions are relative to where the user stands."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.lines: dict[str, tuple[str, ...]] = {}
        self._read: dict[Path, tuple[dict[str, Any], dict[FieldPath, Position]]] = {}

    def read(self, path: Path) -> tuple[dict[str, Any], dict[FieldPath, Position]]:
        if path not in self._read:
            self._read[path] = self._load(path)
        return self._read[path]

    def _load(self, path: Path) -> tuple[dict[str, Any], dict[FieldPath, Position]]:
        name = str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
        start = Position(name, 1, 1)
        real = _inside(self.root, path)
        if not real.is_file():
            raise _Refused("file-missing", start, "there is no such file")
        if real.stat().st_size > MAX_FILE_BYTES:
            raise _Refused("file-size", start, f"larger than {MAX_FILE_BYTES // 2**20} MiB")
        try:
            text = real.read_text(encoding="utf-8")
            self.lines[name] = tuple(text.splitlines())
            reader = _Reader(name, text)
            data = reader.read()
        except UnicodeDecodeError as error:
            raise _Refused("file-encoding", start, f"not UTF-8: {error.reason}") from error
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = Position(name, mark.line + 1, mark.column + 1) if mark else start
            raise _Refused("yaml-syntax", place, str(getattr(error, "problem", None) or error)) from error
        if not isinstance(data, dict):
            raise _Refused("yaml-shape", start, "expected a mapping of keys to values")
        return data, reader.places


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def _with_profiles(files: _Files, path: Path) -> tuple[dict[str, Any], dict[FieldPath, Position]]:
    data, places = files.read(path)
    seen: list[str] = []
    merged, merged_places, wanted = data, places, data.get("extends")
    while wanted is not None:
        place = merged_places.get(("extends",), Position(str(path), 1, 1))
        if wanted in seen:
            raise _Refused("profile-cycle", place, f"profiles extend one another: {' -> '.join([*seen, wanted])}")
        if not isinstance(wanted, str) or not re.fullmatch(r"[a-z0-9-]+", wanted):
            raise _Refused("profile-name", place, f"{wanted!r} is not the name of a profile")
        seen.append(wanted)
        profile_path = files.root / "profiles" / f"{wanted}.yml"
        if not profile_path.is_file():
            known = sorted(item.stem for item in (files.root / "profiles").glob("*.yml"))
            raise _Refused("profile-unknown", place, f"there is no profile {wanted!r}", _suggest(wanted, known))
        profile, profile_places = files.read(profile_path)
        wanted = profile.get("extends")
        base = {key: value for key, value in profile.items() if key not in {"profile", "extends"}}
        merged, merged_places = _merge(base, merged), {**profile_places, **merged_places}
    return merged, merged_places


def _suggest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}" if known else ""


def _fields_at(model: type[BaseModel], path: FieldPath) -> list[str]:
    """The keys that are known where an unknown one was found."""
    current: Any = model
    for part in path:
        fields = getattr(current, "model_fields", None)
        if fields is None or part not in fields:
            continue
        current = next((arg for arg in _models_in(fields[part].annotation)), None)
    return sorted(field.alias or name for name, field in getattr(current, "model_fields", {}).items())


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for arg in getattr(annotation, "__args__", ()):
        yield from _models_in(arg)


def _diagnose(model: type[BaseModel], error: ValidationError, positions: Positions) -> list[Diagnostic]:
    found: dict[tuple[Position, str], Diagnostic] = {}
    for item in error.errors(include_url=False, include_input=False):
        path = tuple(str(part) for part in item["loc"] if part != "[key]")
        message, hint = item["msg"].removeprefix("Value error, "), ""
        if item["type"] == "extra_forbidden":
            message = f"unknown key {path[-1]!r}"
            hint = _suggest(path[-1], _fields_at(model, path[:-1]))
        elif item["type"] == "missing":
            message = f"the key {path[-1]!r} is missing"
        else:
            message = f"{path[-1] if path else 'file'}: {message}"
        diagnostic = positions.diagnostic(item["type"].replace("_", "-"), path, message, hint)
        found.setdefault((diagnostic.position, message), diagnostic)
    return list(found.values())


def _build(model: type[M], data: dict[str, Any], positions: Positions) -> M | list[Diagnostic]:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        return _diagnose(model, error, positions)


def _load_site(files: _Files, path: Path) -> LoadedSite | list[Diagnostic]:
    try:
        data, places = _with_profiles(files, path)
    except _Refused as refused:
        return [refused.diagnostic]
    positions = Positions(places, files.lines)
    site = _build(Site, data, positions)
    return site if isinstance(site, list) else LoadedSite(site, positions)


def _sorted_errors(diagnostics: list[Diagnostic]) -> InputError:
    ordered = sorted(diagnostics, key=lambda item: (item.position.file, item.position.line, item.position.column))
    return InputError([str(item) for item in ordered])


def load_estate(root: Path) -> Estate:
    """The estate whose ``punchdown.yml`` lies in ``root``, all sites sorted by name.

    Raises:
        InputError: every fault of every file, sorted by place.
    """
    files = _Files(root.absolute())
    diagnostics: list[Diagnostic] = []
    loaded: dict[str, LoadedSite] = {}
    try:
        data, places = files.read(files.root / "punchdown.yml")
    except _Refused as refused:
        raise InputError([str(refused.diagnostic)]) from refused
    head = _build(EstateFile, data, Positions(places, files.lines))
    if isinstance(head, list):
        raise _sorted_errors(head)
    for path in sorted((files.root / "sites").glob("*.yml")):
        result = _load_site(files, path)
        if isinstance(result, list):
            diagnostics += result
        elif result.site.site in loaded:
            diagnostics.append(result.positions.diagnostic(
                "site-duplicate", ("site",), f"another file already defines the site {result.site.site!r}"))
        else:
            loaded[result.site.site] = result
    if diagnostics:
        raise _sorted_errors(diagnostics)
    return Estate(head.estate, dict(sorted(loaded.items())))
