"""What a running configuration becomes, command by command: the states between two configurations, before any is sent.

Only what the proof reads must come out right: lists, objects, translations, bindings, logins; any other command adds
or removes its line. Source: fact sheet, "ACL" and "Remove (order)".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from punchdown.platforms.cisco_asa.normalise import NAT, NAT_LATE, SHOWN_OFF, place
from punchdown.platforms.cisco_asa.ownership import slot
from punchdown.platforms.cisco_asa.sections import Node, read_text
from punchdown.values import Provenance, Step

_NUMBERED_ENTRY = re.compile(r"access-list (\S+) (?:line (\d+) )?(.+)")
_NUMBERED_NAT = re.compile(r"(nat (?:\(\S+\) )?(?:after-auto )?)(?:(\d+) )?(source .+)")
_CLEAR = re.compile(r"clear configure (access-list \S+|crypto map \S+ \d+|(?:tunnel-group|aaa-server) \S+)")
_SINGLE = ("host ", "subnet ", "range ", "fqdn ", "service ", "nat ")
_NOWHERE = Provenance()


def states(text: str, steps: Iterable[Step]) -> Iterator[str]:
    """The running configuration after each step, in order."""
    top = read_text(text)
    path: list[str] = []
    for step in steps:
        depth = len(step.text) - len(step.text.lstrip())
        line = step.text.strip()
        path = path[:depth]
        if line == "exit":
            pass
        elif path:
            _below(_opened(top, path), line)
        else:
            _apply(top, line)
        path.append(line)
        yield "".join(f"{shown}\n" for node in top for shown in _text(node, 0))


def _text(node: Node, depth: int) -> Iterator[str]:
    yield " " * depth + node.text
    for child in node.below:
        yield from _text(child, depth + 1)


def _node(text: str) -> Node:
    return Node(text, 0, _NOWHERE)


def _opened(top: list[Node], path: list[str]) -> list[Node]:
    """What stands below the section that a path opens, made where there is none."""
    nodes = top
    for name in path:
        found = next((node for node in nodes if node.text == name), None)
        if found is None:
            found = _node(name)
            nodes.append(found)
        nodes = found.below
    return nodes


def _below(nodes: list[Node], line: str) -> None:
    if line.startswith("no "):
        nodes[:] = [node for node in nodes if place(node.text) != place(line.removeprefix("no "))]
        return
    kind = next((word for word in _SINGLE if line.startswith(word)), "")
    nodes[:] = [node for node in nodes if node.text != line and not (kind and node.text.startswith(kind))]
    nodes.append(_node(line))


def _remove(top: list[Node], drop: Callable[[Node], bool]) -> None:
    top[:] = [node for node in top if not drop(node)]


def _insert(top: list[Node], text: str, number: str | None, alike: Callable[[Node], bool]) -> None:
    """Put a line before the one that has this number among those alike, or behind the last of them."""
    places = [index for index, node in enumerate(top) if alike(node)]
    at = int(number) - 1 if number else len(places)
    index = places[at] if at < len(places) else places[-1] + 1 if places else len(top)
    top.insert(index, _node(text))


def _apply(top: list[Node], line: str) -> None:
    if found := _CLEAR.fullmatch(line):
        gone = f"{found[1]} "
        _remove(top, lambda node: node.text.startswith(gone))
    elif line.removeprefix("no ") in SHOWN_OFF:
        _remove(top, lambda node: node.text == f"no {line}")
        top += [_node(line)] if line.startswith("no ") else []
    elif line.startswith("no "):
        _negate(top, line.removeprefix("no "))
    elif found := _NUMBERED_ENTRY.fullmatch(line):
        start = f"access-list {found[1]} "
        _insert(top, f"{start}{found[3]}", found[2], lambda node: node.text.startswith(start))
    elif found := _NUMBERED_NAT.fullmatch(line):
        path, _ = place(line)
        _insert(top, found[1] + found[3], found[2], lambda node: place(node.text)[0] == path)
    else:
        kind = slot(line)
        if kind and not line.startswith("same-security"):
            _remove(top, lambda node: slot(node.text) == kind)
        if not any(node.text == line for node in top):
            top.append(_node(line))


def _negate(top: list[Node], line: str) -> None:
    if line == "banner login":
        _remove(top, lambda node: node.text.startswith(line))
        return
    path, canonical = place(line)
    kind = slot(line) if line == slot(line) else ""
    first = True

    def drop(node: Node) -> bool:
        nonlocal first
        hit = place(node.text) == (path, canonical) or bool(kind and slot(node.text) == kind)
        if hit and path and path[0] in {NAT, NAT_LATE} and not first:
            return False
        first = first and not hit
        return hit

    _remove(top, drop)
