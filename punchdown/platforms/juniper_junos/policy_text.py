"""The active statements of a configuration with the lines that say them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from punchdown.platforms.juniper_junos.statements import Words, canonical, lines_of, vlan_numbers, whole
from punchdown.values.policy import LineRef


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement in its one form, and its line."""

    words: Words
    line: LineRef

    def below(self, *path: str) -> Words:
        """What stands below a path; the caller knows that it does."""
        return self.words[len(path):]


class Text:
    """All active statements, in order, and the numbers of the VLANs by name."""

    def __init__(self, document: str, text: str) -> None:
        lines = list(lines_of(text))
        numbers = vlan_numbers((line.verb, line.words) for line in lines)
        rows = [(line.verb, words, LineRef(document, line.number, line.text))
                for line in lines for words in canonical(line.words, numbers)]
        inactive = [words for verb, words, _ in rows if verb == "deactivate"]
        self.statements = tuple(
            Statement(words, line) for verb, words, line in rows
            if verb == "set" and not any(words[:len(path)] == path for path in inactive))
        self.strange = tuple(line for verb, _, line in rows if verb not in {"set", "deactivate", "delete", "protect"})
        self.numbers = {name: whole(number) for name, number in numbers.items() if whole(number) >= 0}
        self._by_head: dict[str, list[Statement]] = {}
        for statement in self.statements:
            self._by_head.setdefault(statement.words[0], []).append(statement)

    def under(self, *path: str) -> Iterator[Statement]:
        """The statements at or below a path."""
        return (one for one in self._by_head.get(path[0], ()) if one.words[:len(path)] == path)

    def number(self, vlan: str) -> int:
        """The number of a VLAN by name or number, 0 when it is not defined."""
        return self.numbers.get(vlan, max(whole(vlan), 0))
