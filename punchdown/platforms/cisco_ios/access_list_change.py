"""From one access list to another while it is bound: nothing passes in between that neither side allows.

In place, by sequence numbers, when only permits differ: additions first, so every state in between lies between the
old list and the new one. Otherwise the ports are bound to a copy of the new list while the list itself is rebuilt.
Source: fact sheet, "ACLs" ("Editing").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from punchdown.platforms.cisco_ios.normalise import Entry, Tree

_BINDING = re.compile(r"(ip access-group|ipv6 traffic-filter|access-class|match access-group name) (\S+)( in| out|)")


@dataclass(frozen=True, slots=True)
class Command:
    """One line to send below ``path`` (as canonical section lines) and the reason for its place."""

    path: tuple[str, ...]
    text: str
    why: str
    source: Entry | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """A place where a list is bound: the section and the words around its name."""

    path: tuple[str, ...]
    before: str
    after: str

    def to(self, name: str) -> str:
        """The line that binds this list here."""
        return f"{self.before} {name}{self.after}"


def bindings(running: Tree) -> dict[str, list[Binding]]:
    """List name to the places where the device uses it."""
    found: dict[str, list[Binding]] = {}
    for entry in running.values():
        if match := _BINDING.fullmatch(entry.line):
            found.setdefault(match[2], []).append(Binding(entry.path, match[1], match[3]))
    return found


def _numbered(root: str, number: int, line: str) -> str:
    return f"sequence {number} {line}" if root.startswith("ipv6 ") else f"{number} {line}"


def _create(root: str, wanted: Sequence[Entry], why: str) -> Iterator[Command]:
    for index, entry in enumerate(wanted, 1):
        yield Command((root,), _numbered(root, 10 * index, entry.line), why, entry)


def _free_numbers(wanted: Sequence[Entry], present: Sequence[Entry]) -> dict[str, int] | None:
    """Sequence numbers for the lines that the device lacks, None when no place is left between the neighbours."""
    known = {entry.line: entry.sequence for entry in present}
    used = set(known.values())
    numbers: dict[str, int] = {}
    previous = 0
    for index, entry in enumerate(wanted):
        if entry.line in known:
            previous = known[entry.line]
            continue
        limit = next((known[item.line] for item in wanted[index:] if item.line in known), 0)
        free = [number for number in range(previous + 1, limit or max(used | {previous}) + 11) if number not in used]
        if not free:
            return None
        previous = numbers[entry.line] = free[(len(free) - 1) // 2] if limit else free[-1]
        used.add(previous)
    return numbers


def _in_place(root: str, wanted: Sequence[Entry], present: Sequence[Entry]) -> list[Command] | None:
    """The edit by sequence numbers, or None when it is not safe: a deny differs, the order differs, no numbers."""
    ours, theirs = {entry.line for entry in wanted}, {entry.line for entry in present}
    changed = ours ^ theirs
    rising = [entry.sequence for entry in present]
    common = [entry.line for entry in present if entry.line in ours]
    if (not all(line.startswith("permit") for line in changed) or 0 in rising or rising != sorted(set(rising))
            or common != [entry.line for entry in wanted if entry.line in theirs]):
        return None
    extra = [entry for entry in present if entry.line not in ours]
    numbers = _free_numbers(wanted, present)
    if numbers is None or (extra and root.startswith("ipv6 ")):
        return None
    why = "the list stays bound: lines are added by sequence number before others go"
    added = [Command((root,), _numbered(root, numbers[entry.line], entry.line), why, entry)
             for entry in wanted if entry.line in numbers]
    return added + [Command((root,), f"no {entry.sequence}", why, entry) for entry in extra]


def _swap(root: str, wanted: Sequence[Entry], running: Tree, places: Sequence[Binding]) -> Iterator[Command]:
    kind, _, name = root.rpartition(" ")
    copy = next(f"{name}-{letter}" for letter in "bcdefgh" if (f"{kind} {name}-{letter}",) not in running)
    yield from _create(f"{kind} {copy}", wanted, f"a copy of the new list takes over before {name} is rebuilt")
    for place in places:
        yield Command(place.path, place.to(copy), f"bound to the copy while {name} is rebuilt")
    if (root,) in running:
        yield Command((), f"no {root}", "no longer bound: may be rebuilt")
    yield from _create(root, wanted, "rebuilt while nothing is bound to it")
    for place in places:
        yield Command(place.path, place.to(name), "bound again, now with its new lines")
    yield Command((), f"no {kind} {copy}", "the copy has done its work")


def change_list(root: str, wanted: Sequence[Entry], present: Sequence[Entry], running: Tree,
                places: Sequence[Binding]) -> list[Command]:
    """The commands that bring one list to its wanted lines."""
    exists = (root,) in running
    if not exists and not places:
        return list(_create(root, wanted, "access lists exist before ports use them"))
    edit = _in_place(root, wanted, present) if exists else None
    if edit is not None:
        return edit
    if places and not all(place.before == "match access-group name" for place in places):
        return list(_swap(root, wanted, running, places))
    if places:
        return _rebuild_marks(root, wanted, present)
    rebuilt = list(_create(root, wanted, "not bound anywhere: rebuilt as a whole"))
    return [Command((), f"no {root}", "not bound anywhere: rebuilt as a whole"), *rebuilt]


def _rebuild_marks(root: str, wanted: Sequence[Entry], present: Sequence[Entry]) -> list[Command]:
    """A list that only selects packets for marking: order means nothing, lines are added and taken away."""
    ours, theirs = {entry.line for entry in wanted}, {entry.line for entry in present}
    why = "selects packets for marking only"
    return [*(Command((root,), entry.line, why, entry) for entry in wanted if entry.line not in theirs),
            *(Command((root,), f"no {entry.line}", why, entry) for entry in present if entry.line not in ours)]
