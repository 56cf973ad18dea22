"""From running to intended, in an order that the device takes: nothing is named before it exists, nothing goes while
something names it. The lines take effect together, so no state in between is ever in service.

Source: fact sheet, "Remove (order)" and "Gotchas".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from punchdown.platforms.fortinet_fortios.normalise import POLICIES, WHOLE, Settings
from punchdown.platforms.fortinet_fortios.ownership import HELPERS, View
from punchdown.platforms.fortinet_fortios.tree import Key, edit, name_of, set_line
from punchdown.values import Step

_VIPS = "config firewall vip"
_BEFORE = tuple(table for table in WHOLE if table not in {_VIPS, POLICIES})


def remediate(ours: View, theirs: View) -> tuple[Step, ...]:
    """The commands, one a step."""
    gone = [key for key in theirs.objects if key not in ours.objects]
    lost = {name_of(key[1]) for key in gone if key[0] == _VIPS}
    again = {key for key, settings in theirs.objects.items()
             if key[0] == POLICIES and key in ours.objects and lost & set(_values(settings, "dstaddr"))}
    present = {key: settings for key, settings in theirs.objects.items() if key not in again}
    changed = {key: lines for key, settings in ours.objects.items()
               if (lines := _lines(settings, present.get(key)))}
    order = [key for key in changed if key[0] not in {*WHOLE}]
    order += [key for table in _BEFORE for key in changed if key[0] == table]
    return (
        *_helpers(theirs),
        *_edits([(key, changed[key]) for key in order], "before anything names it"),
        *_deletes([key for key in (*gone, *again) if key[0] == POLICIES], "nothing may name what goes"),
        *_deletes([key for key in gone if key[0] == _VIPS], "its place may be another's"),
        *_edits([(key, changed[key]) for key in changed if key[0] == _VIPS], "before policies name it"),
        *_edits([(key, changed[key]) for key in changed if key[0] == POLICIES], "all that it names is there"),
        *_moves(ours.policies(), [name_of(key[1]) for key in present if key[0] == POLICIES and key in ours.objects]),
        *_deletes([key for table in reversed(_BEFORE) for key in gone if key[0] == table], "nobody names it any more"),
        *_deletes([key for key in gone if key[0] not in WHOLE], "not declared"))


def _values(settings: Settings, name: str) -> tuple[str, ...]:
    return settings[name].values if name in settings else ()


def _lines(settings: Settings, present: Settings | None) -> tuple[str, ...]:
    """What makes an object what it should be; for one that is not there, at least its own line."""
    if present is None:
        return tuple(set_line(name, item.values) for name, item in settings.items()) or ("",)
    changed = [set_line(name, item.values) for name, item in settings.items()
               if name not in present or present[name].values != item.values]
    return (*changed, *(f"unset {name}" for name in present if name not in settings))


def _edits(items: Sequence[tuple[Key, tuple[str, ...]]], why: str) -> Iterator[Step]:
    """Objects of one table under one heading."""
    for table, group in groupby(items, key=lambda item: item[0][0]):
        yield Step(table, why)
        for key, lines in group:
            yield from _inner(key[1:], lines, 1, why)
        yield Step("end")


def _inner(path: Key, lines: tuple[str, ...], depth: int, why: str) -> Iterator[Step]:
    margin = " " * 4 * depth
    if not path:
        yield from (Step(f"{margin}{line}", why) for line in lines if line)
        return
    yield Step(f"{margin}{path[0]}", why)
    yield from _inner(path[1:], lines, depth + 1, why)
    yield Step(f"{margin}{'next' if path[0].startswith('edit ') else 'end'}")


def _deletes(keys: Sequence[Key], why: str) -> Iterator[Step]:
    for above, group in groupby(keys, key=lambda key: key[:-1]):
        yield from (Step(f"{' ' * 4 * depth}{line}", why) for depth, line in enumerate(above))
        for key in group:
            yield Step(f"{' ' * 4 * len(above)}delete {edit(name_of(key[-1])).removeprefix('edit ')}", why)
        yield from (Step(f"{' ' * 4 * depth}end") for depth in reversed(range(len(above))))


def _helpers(theirs: View) -> Iterator[Step]:
    if theirs.helpers:
        yield from _deletes([(HELPERS, edit(number)) for number in theirs.helpers], "it rewrites SIP")


def _moves(wanted: list[str], present: list[str]) -> Iterator[Step]:
    """Policies that are not where they belong, one after the other; new ones stand at the end in their own order."""
    now = [*present, *(name for name in wanted if name not in present)]
    moves = []
    for place, name in enumerate(wanted):
        if now[place] == name:
            continue
        now.remove(name)
        if place:
            moves.append(f"    move {name} after {wanted[place - 1]}")
        else:
            moves.append(f"    move {name} before {now[0]}")
        now.insert(place, name)
    if moves:
        yield Step(POLICIES, "policies are tried in order")
        yield from (Step(line, "policies are tried in order") for line in moves)
        yield Step("end")
