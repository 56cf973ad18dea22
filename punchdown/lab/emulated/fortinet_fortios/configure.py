"""Configuration typed line by line: tables, entries as drafts until ``next`` or ``end``, refusals.

An entry takes effect when it is left; what is wrong with it as a whole is told then, and it stays open.
Source: the platform's fact sheet; vendor's CLI reference, "Subcommands".
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from punchdown.lab.emulated.fortinet_fortios.rules import check, gone, kept, users
from punchdown.lab.emulated.fortinet_fortios.schema import Refused, Values, exists, taken, unknown_word
from punchdown.lab.emulated.fortinet_fortios.store import Block, Store, one, section, table

_WORD = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+""", re.DOTALL)
_PIECE = re.compile(r""""((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)|([^\s"'\\]+)""", re.DOTALL)
_SPECIAL = frozenset("\"'\\")
VERBS = ("config", "edit", "set", "unset", "append", "unselect", "delete", "purge", "move", "next", "end", "abort",
         "show", "get", "execute")


def split(line: str) -> list[str]:
    """Words, quotes and escapes undone."""
    def text(piece: re.Match[str]) -> str:
        if piece[1] is not None:
            return re.sub(r"\\(.)", r"\1", piece[1], flags=re.DOTALL)
        return next(found for found in piece.groups()[1:] if found is not None)

    if not _SPECIAL & set(line):
        return line.split()
    return ["".join(text(piece) for piece in _PIECE.finditer(word)) for word in _WORD.findall(line)]


def is_open(line: str) -> bool:
    """Whether a quote is still open: the next line belongs to it."""
    return bool(_SPECIAL & set(line)) and bool(re.search(r"[\"']", _PIECE.sub("", line)))


def verb(word: str) -> str:
    """A command, which may be shortened. Raises Refused."""
    found = [word] if word in VERBS else [item for item in VERBS if item.startswith(word)]
    if len(found) != 1:
        raise Refused(f"Unknown action 0\n\ncommand parse error before '{word}'", -1)
    return found[0]


@dataclass(slots=True)
class Frame:
    """One level: a table, or a ``draft`` of an entry (or of a table without entries) with where it goes."""

    path: str
    home: Block
    draft: Block | None = None
    name: str = ""
    top: str = ""

    @property
    def prompt(self) -> str:
        return self.name or self.home.table.last


class Configurator:
    """Works on a store. ``changed`` is called with the top table's path after every change; ``opening`` before a table
    is opened, and may refuse."""

    def __init__(self, store: Store, dice: random.Random, changed: Callable[[str], None],
                 opening: Callable[[str], None]) -> None:
        self.store, self.dice = store, dice
        self.frames: list[Frame] = []
        self._changed, self._opening = changed, opening

    def feed(self, kind: str, words: list[str]) -> str:
        """One command other than show, get and execute. Raises Refused."""
        actions: dict[str, Callable[[list[str]], str]] = {
            "config": self._config, "edit": self._edit, "set": self._set, "unset": self._unset, "append": self._append,
            "unselect": self._unselect, "delete": self._delete, "purge": self._purge, "move": self._move,
            "next": self._next, "end": self._end, "abort": self._abort}
        return actions[kind](words)

    def _config(self, words: list[str]) -> str:
        if not words:
            raise Refused("incomplete command in the end", -160)
        if not self.frames:
            path, block = self.store.resolve(words)
            self._opening(path)
            top = path
        else:
            frame = self.frames[-1]
            if frame.draft is None:
                raise unknown_word("config")
            found = [item for item in frame.draft.table.inner if item.path.startswith(words[0])]
            if len(found) != 1 or len(words) > 1:
                raise unknown_word(words[-1])
            path, block, top = found[0].path, frame.draft.below(found[0].path), frame.top
        self.frames.append(Frame(path, block, None if block.table.keyed else block.copied(), top=top))
        return ""

    def _table(self, word: str) -> Frame:
        if not self.frames or self.frames[-1].draft is not None:
            raise unknown_word(word)
        return self.frames[-1]

    def _draft(self, word: str) -> tuple[Frame, Block]:
        draft = self.frames[-1].draft if self.frames else None
        if draft is None:
            raise unknown_word(word)
        return self.frames[-1], draft

    def _edit(self, words: list[str]) -> str:
        frame = self._table("edit")
        if len(words) != 1:
            raise Refused("incomplete command in the end", -160)
        name, home = words[0], frame.home
        if home.table.numbered:
            if not name.isdigit() or int(name) > 2**32 - 2:
                raise Refused(f"\nvalue parse error before '{name}'", -9)
            name = str(int(name))
            if name == "0" and home.table.ordered:
                name = str(max((int(number) for number in home.entries), default=0) + 1)
        elif not name or len(name) > home.table.name_length or re.search(r"[<>()#'\"]", name):
            raise Refused(f"\nvalue parse error before '{name}'", -173)
        there = home.entries.get(name)
        draft = there.copied() if there else Block(
            home.table, uuid=str(UUID(int=self.dice.getrandbits(128))) if home.table.own_id else "")
        self.frames.append(Frame(frame.path, home, draft, name, frame.top))
        return "" if there else f"new entry '{name}' added\n"

    def _set(self, words: list[str]) -> str:
        _, draft = self._draft("set")
        if len(words) < 2:
            raise Refused("incomplete command in the end", -160)
        if words[0] == "uuid" and draft.uuid:
            draft.uuid = words[1]
            return ""
        item = draft.table.attribute(words[0], draft.values)
        if item.kind == "secret":
            draft.values[item.name] = (" ".join(words[1:]),) if words[1] == "ENC" else (
                f"ENC SH2{UUID(int=self.dice.getrandbits(128)).hex}",)
            return ""
        values = taken(item, tuple(words[1:]))
        self._keep(draft, item.name, values)
        return ""

    def _keep(self, draft: Block, name: str, values: Values) -> None:
        item = draft.table.by_name[name]
        for value in values if item.kind == "reference" else ():
            if not self.store.known(item, value):
                raise Refused(f"entry not found in datasource\n\nvalue parse error before '{value}'", -3)
        if item.kind == "enum" and item.several:
            values = tuple(option for option in item.options if option in values)
        if values:
            draft.values[name] = values
        else:
            draft.values.pop(name, None)

    def _unset(self, words: list[str]) -> str:
        _, draft = self._draft("unset")
        if len(words) != 1:
            raise Refused("incomplete command in the end", -160)
        draft.values.pop(draft.table.attribute(words[0], draft.values).name, None)
        return ""

    def _members(self, words: list[str], word: str) -> tuple[Block, str, Values]:
        _, draft = self._draft(word)
        if len(words) < 2:
            raise Refused("incomplete command in the end", -160)
        item = draft.table.attribute(words[0], draft.values)
        if not item.several:
            raise unknown_word(item.name)
        return draft, item.name, taken(item, tuple(words[1:]))

    def _append(self, words: list[str]) -> str:
        draft, name, values = self._members(words, "append")
        self._keep(draft, name, tuple(dict.fromkeys((*draft.get(name), *values))))
        return ""

    def _unselect(self, words: list[str]) -> str:
        draft, name, values = self._members(words, "unselect")
        self._keep(draft, name, tuple(value for value in draft.get(name) if value not in values))
        return ""

    def _delete(self, words: list[str]) -> str:
        frame = self._table("delete")
        name = words[0] if len(words) == 1 else ""
        if name not in frame.home.entries:
            raise Refused(f"\nentry not found in datasource\n\nvalue parse error before '{name}'", -3)
        self._unused(frame, name)
        del frame.home.entries[name]
        gone(self.store, frame.path, name)
        self._changed(frame.top)
        return ""

    def _unused(self, frame: Frame, name: str) -> None:
        count = users(self.store, frame.path, name)
        if count:
            raise Refused(f"The entry is used by other {count} entries", -23)

    def _purge(self, words: list[str]) -> str:
        frame = self._table("purge")
        if words:
            raise unknown_word(words[0])
        for name in frame.home.entries:
            self._unused(frame, name)
        for name in list(frame.home.entries):
            gone(self.store, frame.path, name)
        frame.home.entries.clear()
        self._changed(frame.top)
        return ""

    def _move(self, words: list[str]) -> str:
        frame = self._table("move")
        entries = frame.home.entries
        if not frame.home.table.ordered or len(words) != 3 or words[1] not in {"before", "after"}:
            raise unknown_word(words[0] if words else "move")
        for name in (words[0], words[2]):
            if name not in entries:
                raise Refused(f"\nentry not found in datasource\n\nvalue parse error before '{name}'", -3)
        if words[0] != words[2]:
            moved = entries.pop(words[0])
            order = list(entries)
            order.insert(order.index(words[2]) + (words[1] == "after"), words[0])
            frame.home.entries = {name: moved if name == words[0] else entries[name] for name in order}
            self._changed(frame.top)
        return ""

    def _leave_draft(self) -> None:
        """The draft takes effect. Raises Refused: it stays open."""
        frame = self.frames[-1]
        draft = frame.draft
        if draft is None:
            return
        for item in draft.table.fields:
            if item.must and exists(draft.table, item, draft.values) and not draft.get(item.name):
                raise Refused(f"Attribute '{item.name}' MUST be set.", -56)
        check(self.store, frame.path, frame.name, draft)
        if frame.name:
            frame.home.entries[frame.name] = draft
            kept(self.store, frame.path, frame.name)
        else:
            frame.home.values, frame.home.inner = draft.values, draft.inner
        if not any(outer.draft for outer in self.frames[:-1]):
            self._changed(frame.top)

    def _next(self, words: list[str]) -> str:
        frame, _ = self._draft("next")
        if words or not frame.name:
            raise unknown_word("next")
        self._leave_draft()
        self.frames.pop()
        return ""

    def _end(self, words: list[str]) -> str:
        if words or not self.frames:
            raise unknown_word("end")
        self._leave_draft()
        if self.frames.pop().name:
            self.frames.pop()
        return ""

    def _abort(self, words: list[str]) -> str:
        if words or not self.frames:
            raise unknown_word("abort")
        if self.frames.pop().name:
            self.frames.pop()
        return ""

    def shown(self, *, full: bool) -> list[str]:
        """What ``show`` prints here."""
        frame = self.frames[-1]
        if frame.draft is None:
            return list(section(frame.path, frame.home, full=full))
        if frame.name:
            return [f"config {frame.path}", *one(frame.home, frame.name, frame.draft, 1, full=full), "end"]
        return [f"config {frame.path}", *table(frame.draft, 1, full=full), "end"]
