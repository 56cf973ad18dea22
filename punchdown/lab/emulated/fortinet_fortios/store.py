"""The configuration that an appliance holds, and how it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from punchdown.lab.emulated.fortinet_fortios.catalogue import MESSAGE, MESSAGES, TABLES
from punchdown.lab.emulated.fortinet_fortios.schema import Field, Refused, Table, Values, exists, unknown_word


@dataclass(slots=True)
class Block:
    """A table or one of its entries. Keyed tables have ``entries``, others and entries ``values`` and ``inner``."""

    table: Table
    values: dict[str, Values] = field(default_factory=dict)
    entries: dict[str, Block] = field(default_factory=dict)
    inner: dict[str, Block] = field(default_factory=dict)
    uuid: str = ""

    def copied(self) -> Block:
        """The same, to be changed by itself."""
        return Block(self.table, dict(self.values), {name: item.copied() for name, item in self.entries.items()},
                     {path: item.copied() for path, item in self.inner.items()}, self.uuid)

    def get(self, name: str) -> Values:
        """A value as set or by default."""
        return self.values.get(name, self.table.by_name[name].default)

    def first(self, name: str) -> str:
        """The first of :meth:`get`, empty when there is none."""
        return next(iter(self.get(name)), "")

    def below(self, path: str) -> Block:
        """The inner table of that path."""
        table = next(item for item in self.table.inner if item.path == path)
        return self.inner.setdefault(path, Block(table))


class Store:
    """Every table by its path."""

    def __init__(self) -> None:
        self.blocks = {table.path: Block(table) for table in TABLES}
        self.blocks |= {f"{MESSAGE.path} {name}": Block(MESSAGE) for name in MESSAGES}

    def copied(self) -> Store:
        """The same, to be changed by itself."""
        other = Store.__new__(Store)
        other.blocks = {path: block.copied() for path, block in self.blocks.items()}
        return other

    def resolve(self, words: list[str]) -> tuple[str, Block]:
        """The table of words, each of which may be shortened. Raises Refused."""
        left = [(path, path.split()) for path in self.blocks]
        for place, word in enumerate(words):
            exact = [(path, parts) for path, parts in left if len(parts) > place and parts[place] == word]
            left = exact or [(path, parts) for path, parts in left
                             if len(parts) > place and parts[place].startswith(word)]
            if not left:
                raise unknown_word(word)
            if len({parts[place] for _, parts in left}) > 1:
                raise Refused(f"ambiguous command before '{word}'", -61)
        whole = [path for path, parts in left if len(parts) == len(words)]
        if not whole:
            raise Refused("incomplete command in the end", -160)
        return whole[0], self.blocks[whole[0]]

    def known(self, item: Field, name: str) -> bool:
        """Whether a reference finds something."""
        return any(name == table[1:] if table.startswith("=") else name in self.blocks[table].entries
                   for table in item.tables)

    def users(self, path: str, name: str) -> int:
        """How many entries name an entry."""
        return sum(any(name in values and path in block.table.by_name[key].tables
                       for key, values in block.values.items()) for block in self._all())

    def _all(self) -> Iterator[Block]:
        for top in self.blocks.values():
            for block in (top, *top.entries.values()):
                yield block
                for below in block.inner.values():
                    yield from (below, *below.entries.values())


_BARE = re.compile(r"[A-Za-z0-9_.:/-]+")


def quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def named(block: Block, name: str) -> str:
    """``edit 5`` or ``edit "lan"``."""
    return f"edit {name}" if block.table.numbered else f"edit {quoted(name)}"


def heading(path: str) -> str:
    """``config firewall policy``; the kind of a message stands between quotes."""
    if path.startswith(f"{MESSAGE.path} "):
        return f"config {MESSAGE.path} {quoted(path.removeprefix(f'{MESSAGE.path} '))}"
    return f"config {path}"


def settings(block: Block, *, full: bool) -> Iterator[str]:
    """The lines of a block's own values; without ``full`` only what is not so by default."""
    if block.uuid and "name" not in block.table.by_name:
        yield f"set uuid {block.uuid}"
    for item in block.table.fields:
        values = block.get(item.name)
        if exists(block.table, item, block.values):
            if values != item.default:
                yield f"set {item.name} {' '.join(_word(item, value) for value in values)}"
            elif full:
                yield f"set {item.name} {' '.join(_word(item, value) for value in values)}" if values else (
                    f"unset {item.name}")
        if item.name == "name" and block.uuid:
            yield f"set uuid {block.uuid}"


def _word(item: Field, value: str) -> str:
    if item.kind == "secret":
        return value
    return quoted(value) if item.quoted or not _BARE.fullmatch(value) else value


def _inner(block: Block, depth: int, *, full: bool) -> Iterator[str]:
    margin = " " * 4 * depth
    for path, below in block.inner.items():
        lines = list(table(below, depth + 1, full=full))
        if lines:
            yield f"{margin}config {path}"
            yield from lines
            yield f"{margin}end"


def table(block: Block, depth: int, *, full: bool = False) -> Iterator[str]:
    """The inside of a table: its entries, or its values."""
    if not block.table.keyed:
        margin = " " * 4 * depth
        yield from (f"{margin}{line}" for line in settings(block, full=full))
        yield from _inner(block, depth, full=full)
        return
    for name, entry in block.entries.items():
        yield from one(block, name, entry, depth, full=full)


def one(block: Block, name: str, entry: Block, depth: int, *, full: bool = False) -> Iterator[str]:
    """One entry with its heading."""
    margin = " " * 4 * depth
    yield f"{margin}{named(block, name)}"
    yield from (f"{margin}    {line}" for line in settings(entry, full=full))
    yield from _inner(entry, depth + 1, full=full)
    yield f"{margin}next"


def section(path: str, block: Block, *, full: bool = False) -> Iterator[str]:
    """A whole table with its heading."""
    yield heading(path)
    yield from table(block, 1, full=full)
    yield "end"


def whole(store: Store, *, full: bool = False) -> Iterator[str]:
    """Every table that holds anything."""
    for path, block in store.blocks.items():
        lines = list(section(path, block, full=full))
        if len(lines) > 2:
            yield from lines
