"""Netblock lists in files of the estate: a prefix a line, ``#`` begins a comment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from punchdown.loader.files import Files, Read
from punchdown.values import Position

_PLACE = ("firewall", "netblocks")


def with_netblocks(files: Files, read: Read) -> Read:
    """Data and places of a site with the prefixes of every named file in the place of its name.

    Raises:
        Refused: a file can't be read, or lies outside of the estate; told at the place that names it.
    """
    data, places = read
    firewall = data.get("firewall")
    blocks = firewall.get("netblocks") if isinstance(firewall, dict) else None
    named = {name: value["file"] for name, value in blocks.items() if _names_file(value)} \
        if isinstance(blocks, dict) else {}
    if not named:
        return read
    lists: dict[str, Any] = {}
    places = dict(places)
    for name, file in named.items():
        path = files.root / file
        entries = tuple(_entries(files.name(path), files.lines_of(path, places[(*_PLACE, name, "file")])))
        lists[name] = [text for text, _ in entries]
        places |= {(*_PLACE, name, str(number)): place for number, (_, place) in enumerate(entries)}
    merged = {**data["firewall"], "netblocks": {**data["firewall"]["netblocks"], **lists}}
    return {**data, "firewall": merged}, places


def _names_file(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"file"} and isinstance(value["file"], str)


def _entries(name: str, lines: tuple[str, ...]) -> Iterator[tuple[str, Position]]:
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0]
        if text.strip():
            yield text.strip(), Position(name, number, len(text) - len(text.lstrip()) + 1)
