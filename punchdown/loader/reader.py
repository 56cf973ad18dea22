"""One file of YAML to plain data and the places of everything in it.

Scalars are read as YAML 1.2's core schema does (``no`` is a word, ``10:20:30`` is a word); ``010`` is refused, since it
is ten here and eight elsewhere. Anchors,
aliases, tags and merge keys are refused: a profile says it in a way that errors can point at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from punchdown.model.diagnostics import Diagnostic, excerpt_of, make_diagnostic
from punchdown.model.diagnostics import Path as FieldPath
from punchdown.values import Position

MAX_DEPTH = 32
MAX_VALUES = 200_000
MAX_DIGITS = 18
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_ZERO = re.compile(r"[-+]?0[0-9]")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_CONSTANTS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
              "null": None, "Null": None, "NULL": None, "~": None, "": None}
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufff9-\ufffb"
                     "\U000e0000-\U000e007f]|(?<!^)\ufeff")
"""Control characters, and marks that hide text or turn its direction."""
_BREAK = re.compile(r"\r\n|\r|\n")


class Refused(Exception):
    """A file that can't be read any further; ``diagnostic`` says why."""

    def __init__(self, name: str, position: Position, message: str, hint: str = "", excerpt: str = "") -> None:
        super().__init__(message)
        self.diagnostic: Diagnostic = make_diagnostic(name, position, message, hint=hint, excerpt=excerpt)


class Reader:
    """Reads one file: ``read`` gives the data, ``places`` fills as it goes."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.places: dict[FieldPath, Position] = {}
        self.lines: tuple[str, ...] = tuple(_BREAK.split(text))
        self._text = text
        self._events: Iterator[yaml.Event] = iter(())
        self._left = MAX_VALUES

    def read(self) -> Any:
        """The plain data of the only document, None when there is none.

        Raises:
            Refused: at the first thing that no reader should go on after.
        """
        if hidden := _HIDDEN.search(self._text):
            before = _BREAK.split(self._text[:hidden.start()])
            raise self._refused("file-characters", Position(self.name, len(before), len(before[-1]) + 1),
                         f"the character U+{ord(hidden.group()):04X} can't be seen")
        try:
            self._events = iter(yaml.parse(self._text, Loader=yaml.CSafeLoader))
            return self._document()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = Position(self.name, mark.line + 1, mark.column + 1) if mark else Position(self.name, 1, 1)
            raise self._refused("yaml-syntax", place, str(getattr(error, "problem", None) or error)) from error

    def _document(self) -> Any:
        while not isinstance(event := next(self._events), yaml.DocumentStartEvent):
            if isinstance(event, yaml.StreamEndEvent):
                return None
        value = self._value(next(self._events), ())
        next(self._events)
        if not isinstance(event := next(self._events), yaml.StreamEndEvent):
            raise self._refused("yaml-documents", self._place(event), "a second document in the file")
        return value

    def _refused(self, name: str, place: Position, message: str, hint: str = "") -> Refused:
        line = self.lines[place.line - 1] if 0 < place.line <= len(self.lines) else ""
        return Refused(name, place, message, hint, excerpt_of(line, place) if line else "")

    def _place(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        return Position(self.name, mark.line + 1, mark.column + 1) if mark else Position(self.name, 1, 1)

    def _value(self, event: yaml.Event, path: FieldPath) -> Any:
        place = self._place(event)
        self.places.setdefault(path, place)
        self._left -= 1
        if self._left < 0:
            raise self._refused("yaml-size", place, f"more than {MAX_VALUES:,} values")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refused("yaml-alias", place, "anchors and aliases are not used here",
                         "put what is shared in a profile")
        tag = getattr(event, "tag", None)
        if tag not in {None, "!"}:
            raise self._refused("yaml-tag", place, f"the tag {str(tag)[:60]} is not used here", "write the value alone")
        if len(path) > MAX_DEPTH:
            raise self._refused("yaml-depth", place, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._mapping(path)

    def _scalar(self, event: yaml.ScalarEvent, place: Position) -> Any:
        text: str = event.value
        if not event.implicit[0]:
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if _INT.fullmatch(text):
            if _ZERO.match(text):
                raise self._refused("number-zero", place, f"{text[:60]} has a leading zero")
            if len(text) > MAX_DIGITS:
                raise self._refused("number-long", place, f"a number of {len(text):,} digits",
                             "put it in quotes if it is text")
            return int(text, 8) if text.startswith("0o") else int(text, 16) if text.startswith("0x") else int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

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
                raise self._refused("yaml-key", place, "a key must be a single word")
            key: str = event.value
            if key == "<<" and event.implicit[0]:
                raise self._refused("yaml-merge", place, "merge keys are not used here",
                                    "put what is shared in a profile")
            if key in items:
                raise self._refused("yaml-duplicate", place, f"the key {key[:60]!r} stands twice",
                             f"first at line {self.places[(*path, key)].line}; keep one of them")
            self.places[(*path, key)] = place
            items[key] = self._value(next(self._events), (*path, key))
        return items
