"""The running configuration as text. An object stands twice where it has a translation: first what it holds, later
the translation. Source: fact sheet, "Show back"; real configurations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from punchdown.lab.emulated.cisco_asa.catalogue import INTERFACE, MODES, NETWORK
from punchdown.lab.emulated.cisco_asa.store import Block, Configuration, Line

_COMMANDS = MODES["config"].commands


def _rank(pattern: str) -> int:
    return next(rank for rank, one in enumerate(_COMMANDS) if one.pattern == pattern)


_BANNER, _LISTS, _NAT = (_rank(pattern) for pattern in (
    "banner (login|motd|exec|asdm) <line>", "access-list <name> <line>", "nat <line>"))
_OBJECT, _INTERFACE = _rank(NETWORK), _rank(INTERFACE)


def _sorted(block: Block) -> list[Line]:
    return sorted(block.lines.values(), key=lambda line: line.rank)


def block_lines(line: Line, depth: int = 0) -> Iterator[str]:
    """A line and what stands below it, without the translation of an object."""
    trail = "  " if line.text.startswith("inspect ") else ""
    yield f"{' ' * depth}{line.text}{trail}"
    for child in _sorted(line.block) if line.block else ():
        if not (line.text.startswith("object network ") and child.text.startswith("nat ")):
            yield from block_lines(child, depth + 1)
    if line.text.startswith("interface ") and line.block:
        yield from _silent(line.block, depth + 1)


def _silent(block: Block, depth: int) -> Iterator[str]:
    """What an interface shows although nobody said it."""
    for key in ("nameif", "security-level", "ip address"):
        if key not in block.lines:
            yield f"{' ' * depth}no {key}"


def _global_lines(config: Configuration) -> Iterator[tuple[int, str]]:
    """(rank, text) of everything."""
    for line in _sorted(config.root):
        if line.rank == _INTERFACE:
            yield line.rank, "!"
        for text in block_lines(line):
            yield line.rank, text
    for kind, lines in config.banner.items():
        yield from ((_BANNER, f"banner {kind} {text}") for text in lines)
    for name, entries in config.access_lists.items():
        yield from ((_LISTS, f"access-list {name} {text} ") for text in entries)
    yield from ((_NAT, text) for text in config.early)
    for line in _sorted(config.root):
        if line.rank == _OBJECT and line.block and "nat" in line.block.lines:
            yield from ((_NAT, text) for text in ("!", line.text, f" {line.block.lines['nat'].text}"))
    if config.late:
        yield _NAT, "!"
        yield from ((_NAT, text) for text in config.late)


def body(config: Configuration) -> list[str]:
    """The lines of the configuration, in order, without head and foot."""
    return [text for _, text in sorted(_global_lines(config), key=lambda item: item[0])]


def running_config(config: Configuration, version: str, serial: str, *, saved: str = "") -> str:
    """The text of ``show running-config``; with ``saved`` (a moment) that of ``show startup-config``."""
    lines = body(config)
    checksum = hashlib.md5("\n".join(lines).encode(), usedforsecurity=False).hexdigest()
    about = f":\n: Serial Number: {serial}\n: Hardware:   ASA5516, 8192 MB RAM, CPU Atom C2000 series 2416 MHz\n:"
    head = f": Saved\n: Written by enable_15 at {saved}\n!" if saved else f": Saved\n\n{about}"
    return "\n".join([head, f"ASA Version {version} ", "!", *lines, f"Cryptochecksum:{checksum}", ": end", ""])


def section(config: Configuration, words: str) -> Iterable[str]:
    """The lines of ``show running-config <words>``: those that begin so, with what stands below them."""
    shown = False
    for text in body(config):
        if not text.startswith(" "):
            shown = text == words or text.startswith(f"{words} ")
        if shown and text != "!":
            yield text
