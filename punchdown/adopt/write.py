"""A site as YAML, as a person would write it: a line for what is short, comments where something was guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@-]*(?: [A-Za-z0-9(][A-Za-z0-9._/@()-]*)*")
_OTHER = re.compile(r"[-+.0-9][0-9._xoeE+-]*|0x[0-9A-Fa-f]+|true|false|null|yes|no|on|off|y|n|~", re.IGNORECASE)
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+(?:/\d+)?(?:-\d+\.\d+\.\d+\.\d+)?")
WIDTH = 118
Path = tuple[str, ...]


def site_text(data: Mapping[str, Any], comments: Mapping[Path, str], head: str) -> str:
    """The whole file. ``comments`` stand above their path, one line each; ``head`` is the first comment, of one or more
    lines."""
    lines = ["# yaml-language-server: $schema=../schemas/site.schema.json",
             *(f"# {line}" for line in head.splitlines())]
    for key, value in data.items():
        lines += _entry(key, value, comments, (key,), 0)
    return "\n".join(lines) + "\n"


def _entry(key: str, value: Any, comments: Mapping[Path, str], path: Path, depth: int) -> Iterator[str]:
    indent = "  " * depth
    if path in comments:
        yield f"{indent}# {comments[path]}"
    short = f"{indent}{scalar(key)}: {flow(value)}"
    below = any(place[:len(path)] == path and len(place) > len(path) for place in comments)
    if isinstance(value, Mapping) and value and ((depth == 0 and _of_mappings(value)) or len(short) > WIDTH or below):
        yield f"{indent}{scalar(key)}:"
        for name, item in value.items():
            yield from _entry(str(name), item, comments, (*path, str(name)), depth + 1)
    elif isinstance(value, list) and len(short) > WIDTH:
        yield f"{indent}{scalar(key)}:"
        yield from (f"{indent}  - {flow(item)}" for item in value)
    else:
        yield short


def _of_mappings(value: Mapping[str, Any]) -> bool:
    return any(isinstance(item, Mapping) for item in value.values())


def flow(value: Any) -> str:
    """A value on one line.

    >>> flow({"vlan": 20, "uses": ["smdr@mivb-1"], "description": "it's 12: ok"})
    "{vlan: 20, uses: [smdr@mivb-1], description: 'it''s 12: ok'}"
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else scalar(str(value))


def scalar(text: str) -> str:
    """A text that every YAML reader takes for a text; bare digits stay bare, where they stand for a port.

    >>> scalar("phones"), scalar("no"), scalar("1-44"), scalar("it's"), scalar("a: b"), scalar("0-7")
    ('phones', "'no'", '1-44', "'it''s'", "'a: b'", '0-7')
    """
    number = re.fullmatch(r"(?:0|[1-9][0-9]{0,3})(?:-[1-9][0-9]{0,3})?", text)
    plain = number or _ADDRESS.fullmatch(text) or (_PLAIN.fullmatch(text) and not _OTHER.fullmatch(text))
    return text if plain else "'" + text.replace("'", "''") + "'"
