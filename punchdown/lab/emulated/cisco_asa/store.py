"""The configuration that an appliance holds: blocks of lines, access lists, translations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Line:
    """One setting: its text as shown, its place in the block, and the block that it opens."""

    text: str
    rank: int
    block: Block | None = None


@dataclass(slots=True)
class Block:
    """The lines of one mode, by what they set."""

    mode: str
    name: str = ""
    lines: dict[str, Line] = field(default_factory=dict)

    def value(self, key: str, default: str = "") -> str:
        """What follows ``key`` on its line."""
        line = self.lines.get(key)
        return default if line is None else line.text[len(key):].strip()


@dataclass(slots=True)
class Configuration:
    """All that the running configuration is made of. ``early`` and ``late`` are the translations that stand alone."""

    root: Block = field(default_factory=lambda: Block("config"))
    access_lists: dict[str, list[str]] = field(default_factory=dict)
    early: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    banner: dict[str, list[str]] = field(default_factory=dict)

    @property
    def hostname(self) -> str:
        return self.root.value("hostname", "ciscoasa")

    def blocks(self, start: str) -> Iterator[Block]:
        """Blocks whose opening line starts so, in order."""
        return (line.block for key, line in self.root.lines.items() if key.startswith(start) and line.block)

    def legs(self) -> dict[str, Block]:
        """Interfaces that have a name, by that name."""
        return {name: block for block in self.blocks("interface ") if (name := block.value("nameif"))}

    def kind_of(self, word: str, name: str) -> str:
        """``network``, ``service`` or another kind of the object or group of that name; empty when there is none."""
        for key in self.root.lines:
            parts = key.split()
            if len(parts) == 3 and parts[0] == word and parts[2] == name:
                return parts[1]
        return ""

    def members(self, name: str) -> list[str]:
        """The members of a group, descriptions aside."""
        for kind in ("network", "service", "protocol", "icmp-type"):
            if line := self.root.lines.get(f"object-group {kind} {name}"):
                block = line.block or Block("")
                return [item.text for item in block.lines.values() if not item.text.startswith("description")]
        return []

    def users(self, words: str) -> list[str]:
        """Lines that name something, in these words (``object PD-x``, ``object-group PD-y``)."""
        found = [f"access-list {name} {text}" for name, lines in self.access_lists.items() for text in lines]
        found += [item.text for block in self.blocks("object-group ") for item in block.lines.values()]
        used = [text for text in found if f" {words} " in f" {text} "]
        name = words.partition(" ")[2]
        translations = [*self.early, *self.late, *(block.value("nat") for block in self.blocks("object network "))]
        return used + [text for text in translations if f" {name} " in f" {text} "]
