"""From one ordered list to another while it works: nothing passes in between that neither side lets through.

An access list is edited by line numbers when only permissions differ: additions first. Otherwise its interfaces are
bound to a copy of the new list while the list itself is rebuilt. Translations are added before others go.
Source: fact sheet, "ACL" and "Remove (order)".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from punchdown.platforms.cisco_asa.normalise import NAT_LATE, Entry
from punchdown.platforms.lines import misplaced


@dataclass(frozen=True, slots=True)
class Command:
    """One line to send below ``path`` (as section lines) and the reason for its place."""

    path: tuple[str, ...]
    text: str
    why: str
    source: Entry | None = None


def _insertions(wanted: Sequence[Entry], current: list[str]) -> Iterator[tuple[int, Entry]]:
    """(place from 0, entry) of every wanted line that is not there; ``current`` grows as they are put in."""
    for index, entry in enumerate(wanted):
        if entry.line in current:
            continue
        before = next((item.line for item in reversed(wanted[:index]) if item.line in current), None)
        after = next((item.line for item in wanted[index + 1:] if item.line in current), None)
        at = (current.index(before) + 1 if before is not None
              else current.index(after) if after is not None else len(current))
        current.insert(at, entry.line)
        yield at, entry


def _slots(present: Sequence[Entry]) -> list[str]:
    """The lines of a list by place; remarks take one and are empty."""
    lines = [""] * max((entry.position for entry in present), default=0)
    for entry in present:
        lines[entry.position - 1] = entry.line
    return lines


def create(name: str, wanted: Sequence[Entry], why: str) -> list[Command]:
    """A list from nothing."""
    return [Command((), f"access-list {name} {entry.line}", why, entry) for entry in wanted]


def change_list(name: str, wanted: Sequence[Entry], present: Sequence[Entry], bound: Sequence[str],
                taken: frozenset[str]) -> list[Command]:
    """The commands that bring one list to its wanted lines. ``bound`` are the ends of the lines that bind it (``in
    interface lan110``), ``taken`` the names of all lists."""
    if not present:
        return create(name, wanted, "access lists exist before they are bound")
    ours, theirs = {entry.line for entry in wanted}, {entry.line for entry in present}
    if all(line.startswith("extended permit") for line in ours ^ theirs) and not misplaced(
            [entry.line for entry in wanted], [entry.line for entry in present]):
        return _in_place(name, wanted, present)
    if not bound:
        return [Command((), f"clear configure access-list {name}", "not bound anywhere: rebuilt as a whole"),
                *create(name, wanted, "not bound anywhere: rebuilt as a whole")]
    return _swap(name, wanted, bound, taken)


def _in_place(name: str, wanted: Sequence[Entry], present: Sequence[Entry]) -> list[Command]:
    why = "the list stays bound: lines are added by number before others go"
    lines = {entry.line for entry in wanted}
    added = [Command((), f"access-list {name} line {at + 1} {entry.line}", why, entry)
             for at, entry in _insertions(wanted, _slots(present))]
    return added + [Command((), f"no access-list {name} {entry.line}", why, entry)
                    for entry in present if entry.line not in lines]


def _swap(name: str, wanted: Sequence[Entry], bound: Sequence[str], taken: frozenset[str]) -> list[Command]:
    copy = next(f"{name}-{letter}" for letter in "bcdefgh" if f"{name}-{letter}" not in taken)
    return [
        *create(copy, wanted, f"a copy of the new list takes over before {name} is rebuilt"),
        *(Command((), f"access-group {copy} {place}", f"bound to the copy while {name} is rebuilt") for place in bound),
        Command((), f"clear configure access-list {name}", "no longer bound: may be rebuilt"),
        *create(name, wanted, "rebuilt while nothing is bound to it"),
        *(Command((), f"access-group {name} {place}", "bound again, now with its new lines") for place in bound),
        Command((), f"clear configure access-list {copy}", "the copy has done its work"),
    ]


def numbered(line: str, number: int) -> str:
    """A translation with its place in its section.

    >>> numbered("nat (a,b) after-auto source dynamic any interface", 2)
    'nat (a,b) after-auto 2 source dynamic any interface'
    """
    head, _, rest = line.partition(" source ")
    return f"{head} {number} source {rest}"


def change_translations(path: tuple[str, ...], wanted: Sequence[Entry], ours: Sequence[Entry],
                        everything: Sequence[Entry]) -> tuple[list[Command], list[Command]]:
    """What is added to a section of translations, then what goes. ``everything`` are all lines of the section, those
    of others among them, which keep their places."""
    lines = [entry.line for entry in wanted]
    moved = misplaced(lines, [entry.line for entry in ours])
    section = "after all objects" if path[0] == NAT_LATE else "before all objects"
    first = [Command((), f"no {entry.line}", "takes another place in the order", entry)
             for entry in ours if entry.line in moved]
    current = [entry.line for entry in everything if entry.line not in moved]
    for at, entry in _insertions(wanted, current):
        last = at == len(current) - 1
        first.append(Command((), entry.line if last else numbered(entry.line, at + 1),
                             f"translations {section}, the first that fits decides", entry))
    gone = [Command((), f"no {entry.line}", "nothing needs this translation any more", entry)
            for entry in ours if entry.line not in lines]
    return first, gone
