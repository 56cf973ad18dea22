"""What a running configuration becomes, command by command: the states between two configurations, before any is sent.

A configuration is a tree of lines by indentation. Only what the proof reads must come out right: lists, bindings,
VLANs, ports, authentication, addresses, routes; a command about something else adds or removes its line.
Source: fact sheet, "How a line is removed" and "ACLs" ("Editing").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from punchdown.platforms.cisco_ios.normalise import Entry, collapse_vlans, expand_vlans, long_name
from punchdown.platforms.cisco_ios.ownership import slot
from punchdown.values import Provenance, Step

_ENTRY = re.compile(r"(?:sequence )?(\d+) ((?:permit|deny|remark|evaluate)\b.*)")
_BARE_ENTRY = re.compile(r"(?:permit|deny|remark|evaluate)\b.*")
_LIST = re.compile(r"(?:ip|ipv6) access-list ")
_TERMINALS = re.compile(r"line vty (\d+)(?: (\d+))?")
_SET_OF_VLANS = ("switchport trunk allowed vlan", "ip dhcp snooping vlan", "ip arp inspection vlan")
_GROWING = _SET_OF_VLANS[1:]
_DEFAULT = re.compile(r"(?:default interface|no interface) (.+)")
_BOOLEAN = ("shutdown", "mab", "lldp transmit", "lldp receive", "cdp enable")
_STEP = 10


@dataclass
class Node:
    """A line and what stands below it."""

    line: str
    below: list[Node] = field(default_factory=list)

    def text(self, depth: int = 0) -> Iterator[str]:
        """The line and its section, indented as the device shows them."""
        if depth:
            yield " " * (depth - 1) + self.line
        for node in self.below:
            yield from node.text(depth + 1)

    def find(self, line: str) -> Node | None:
        """The section or line of exactly these words."""
        return next((node for node in self.below if node.line == line), None)


def read(text: str) -> Node:
    """The tree of a configuration; comments and empty lines are left out, banners are not kept."""
    root = Node("")
    path: list[tuple[int, Node]] = [(-1, root)]
    banner = ""
    for raw in text.replace("\x03", "^C").splitlines():
        line = raw.strip()
        if banner:
            banner = "" if banner in raw else banner
            continue
        if found := re.match(r"banner \S+ (\^C|\S)(.*)", line):
            banner = "" if found[1] in found[2] else found[1]
            continue
        if not line or line.startswith("!"):
            continue
        depth = len(raw) - len(raw.lstrip())
        while path[-1][0] >= depth:
            path.pop()
        node = Node(" ".join(line.split()))
        path[-1][1].below.append(node)
        path.append((depth, node))
    return root


def states(text: str, steps: Iterable[Step]) -> Iterator[str]:
    """The running configuration after each step, in order. A step that only opens a section changes nothing, unless
    the section is new."""
    root = read(text)
    path: list[str] = []
    for step in steps:
        line = step.text
        depth = len(line) - len(line.lstrip()) if "\n" not in line else 0
        path = path[:depth]
        _apply(root, path, " ".join(line.split("\n")[0].split()))
        path.append(" ".join(line.split()))
        yield "\n".join(root.text()) + "\n"


def _apply(root: Node, path: list[str], line: str) -> None:
    if line.startswith("banner "):
        return
    for section in _sections(root, path):
        if line.startswith("no "):
            _negate(section, line.removeprefix("no "))
        elif found := _DEFAULT.match(line):
            node = section.find(f"interface {long_name(found[1])}")
            if node is not None:
                node.below.clear()
        else:
            _set(section, line)


def _sections(root: Node, path: list[str]) -> list[Node]:
    """The section that a path opens, made where there is none; all terminal lines that a range covers."""
    sections = [root]
    for name in path:
        sections = [found for section in sections for found in _opened(section, name)]
    return sections


def _opened(section: Node, name: str) -> list[Node]:
    if terminals := _TERMINALS.fullmatch(name):
        first, last = int(terminals[1]), int(terminals[2] or terminals[1])
        covered = [node for node in section.below if (own := _TERMINALS.fullmatch(node.line))
                   and first <= int(own[1]) and int(own[2] or own[1]) <= last]
        if covered:
            return covered
    node = section.find(name)
    if node is None:
        node = Node(name)
        section.below.append(node)
    return [node]


def _set(section: Node, line: str) -> None:
    if _LIST.match(section.line):
        _set_entry(section, line)
        return
    for words in _SET_OF_VLANS:
        if line.startswith(f"{words} "):
            _set_vlans(section, words, line.removeprefix(f"{words} "))
            return
    name = slot(Entry((section.line,) if section.line else (), line, line, Provenance()))
    places = [index for index, node in enumerate(section.below)
              if node.line == line or (name and not node.below and _sets(node.line, name, section))]
    if not places:
        section.below.append(Node(line))
    elif section.below[places[0]].line != line:
        section.below[places[0]] = Node(line)
        for index in reversed(places[1:]):
            del section.below[index]


def _sets(line: str, name: str, section: Node) -> bool:
    return slot(Entry((section.line,) if section.line else (), line, line, Provenance())) == name


def _set_entry(section: Node, line: str) -> None:
    """An access-list line at its number; without one it goes to the end."""
    numbers = [_number(node.line, index) for index, node in enumerate(section.below)]
    if found := _ENTRY.fullmatch(line):
        number, words = int(found[1]), found[2]
    elif _BARE_ENTRY.fullmatch(line):
        number, words = max(numbers, default=0) + _STEP, line
        if any(node.line.endswith(f" {words}") or node.line == words for node in section.below):
            return
    else:
        section.below.append(Node(line))
        return
    numbered = f"sequence {number} {words}" if section.line.startswith("ipv6") else f"{number} {words}"
    if number in numbers:
        return  # the device refuses a number that is in use
    place = next((index for index, other in enumerate(numbers) if other > number), len(numbers))
    section.below.insert(place, Node(numbered))


def _number(line: str, index: int) -> int:
    """The number of a list's line; lines that show none count in tens."""
    found = _ENTRY.fullmatch(line)
    return int(found[1]) if found else _STEP * (index + 1)


def _set_vlans(section: Node, words: str, value: str) -> None:
    node = next((node for node in section.below if node.line.startswith(f"{words} ")), None)
    known = set(expand_vlans(node.line.removeprefix(f"{words} "))) if node is not None else None
    verb, _, numbers = value.partition(" ")
    if verb == "add":
        found = (known if known is not None else set(range(1, 4095))) | set(expand_vlans(numbers))
    elif verb == "remove":
        found = (known if known is not None else set(range(1, 4095))) - set(expand_vlans(numbers))
    elif words in _GROWING:
        found = (known or set()) | set(expand_vlans(value))
    else:
        found = set(expand_vlans(value))
    line = f"{words} {collapse_vlans(found)}"
    if node is None:
        section.below.append(Node(line))
    else:
        node.line = line


def _negate(section: Node, line: str) -> None:
    if _LIST.match(section.line):
        section.below = [node for index, node in enumerate(section.below)
                         if not _is_entry(node.line, index, line)]
        return
    for words in _GROWING:
        if line.startswith(f"{words} "):
            _shrink(section, words, line)
            return
    kept = [node for node in section.below if node.line != line and not node.line.startswith(f"{line} ")]
    if len(kept) == len(section.below) and line in _BOOLEAN:
        kept.append(Node(f"no {line}"))
    section.below = kept


def _shrink(section: Node, words: str, line: str) -> None:
    node = next((node for node in section.below if node.line.startswith(f"{words} ")), None)
    if node is not None:
        left = set(expand_vlans(node.line.split(" ")[-1])) - set(expand_vlans(line.split(" ")[-1]))
        section.below = [other for other in section.below if other is not node]
        if left:
            section.below.append(Node(f"{words} {collapse_vlans(left)}"))


def _is_entry(shown: str, index: int, line: str) -> bool:
    """Whether ``no LINE`` takes this entry away: by number, or by its words."""
    digits = line.removeprefix("sequence ")
    if digits.isdigit():
        return _number(shown, index) == int(digits)
    found = _ENTRY.fullmatch(shown)
    return (found[2] if found else shown) == line
