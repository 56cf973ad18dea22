"""FreeRADIUS's files in comparable words: client blocks, user entries, plain lines, enabled links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_ITEM = re.compile(r"""(?:[^,"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')+""")
_OPERATOR = re.compile(r"""^([\w:.-]+)\s*(:=|\+=|==|!=|>=|<=|=~|!~|=\*|!\*|=|>|<)\s*(.*)$""")
_COMMENT = re.compile(r"""^((?:[^#"']|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*?)(?:(?<=\s)#|^#).*$""")
OWNED_MODULES = ("mods-enabled/eap", "mods-enabled/mab_file")


@dataclass(frozen=True, slots=True)
class Entry:
    """One block or user: its name and its canonical items. ``line`` is the line number (0 first) of the head."""

    name: str
    head: tuple[str, ...]
    items: tuple[str, ...]
    line: int = field(compare=False, default=0)


def canonical(line: str) -> str:
    """A line of a configuration file without comment and superfluous blanks; empty when it carries no meaning."""
    match = _COMMENT.match(line)
    return " ".join((match[1] if match else line).split())


def item(text: str) -> str:
    """One ``name operator value`` with single blanks and without quotes; other text as it stands.

    >>> item('ipaddr="10.0.0.1"')
    'ipaddr = 10.0.0.1'
    """
    match = _OPERATOR.match(text.strip())
    if not match:
        return " ".join(text.split())
    value = match[3].strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return f"{match[1]} {match[2]} {value}".rstrip()


def clients(lines: Iterable[str]) -> tuple[Entry, ...]:
    """The ``client NAME { ... }`` blocks; nested sections keep their braces as items. Anything outside of a block
    becomes an entry without items."""
    found: list[Entry] = []
    items: list[str] = []
    head, number, depth = "", 0, 0
    for place, raw in enumerate(lines):
        line = canonical(raw)
        if not line:
            continue
        if depth == 0:
            head, number, items = line.rstrip("{ "), place, []
        elif not (depth == 1 and line == "}"):
            items.append(item(line))
        depth += line.endswith("{")
        depth -= line == "}"
        if depth <= 0:
            depth = 0
            found.append(Entry(head.removeprefix("client "), (), tuple(sorted(items)), number))
    return tuple(found)


def users(lines: Iterable[str]) -> tuple[Entry, ...]:
    """The entries of a users file: name, check items, reply items in order (``+=`` makes order meaning)."""
    found: list[Entry] = []
    for place, raw in enumerate(lines):
        line = raw.rstrip()
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line[0] in " \t":
            if found:
                last = found[-1]
                found[-1] = Entry(last.name, last.head, (*last.items, *_items(line)), last.line)
            continue
        name, _, rest = line.replace("\t", " ", 1).partition(" ")
        found.append(Entry(name.strip("\"'"), tuple(sorted(_items(rest))), (), place))
    return tuple(found)


def _items(text: str) -> tuple[str, ...]:
    """
    >>> _items('Tunnel-Type = VLAN, Cisco-AVPair="a,b",')
    ('Tunnel-Type = VLAN', 'Cisco-AVPair = a,b')
    """
    return tuple(item(part) for part in _ITEM.findall(text) if part.strip())


def links(listing: str) -> str:
    """What ``find -printf '%h/%f %l'`` lists, as owned link names; a link that leads elsewhere shows its target."""
    found = []
    for line in listing.splitlines():
        path, _, target = line.partition(" ")
        name = "/".join(path.split("/")[-2:])
        straight = f"../{name.replace('-enabled/', '-available/', 1)}"
        if name.startswith("sites-enabled/") or name in OWNED_MODULES:
            found.append(name if target == straight else f"{name} -> {target or '(a file)'}")
    return "".join(f"{name}\n" for name in sorted(found))
