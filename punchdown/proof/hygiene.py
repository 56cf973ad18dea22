"""What is not right in a filter although it is not wrong: lines that never do anything, names that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from punchdown.proof.headers import Header, sent
from punchdown.proof.rules import family_of
from punchdown.proof.sets import PacketSet, Space
from punchdown.values.policy import At, DevicePolicy, Enter, Field, Match, Rule, Table, Verdict
from punchdown.values.proof import Untidy

_RAW = Header(tuple(sent(field) for field in Field))
_DROPS = {Verdict.DROP, Verdict.REJECT}


def untidy(space: Space, policy: DevicePolicy) -> tuple[Untidy, ...]:
    """Shadowed, redundant and unreachable lines, tables bound nowhere, names bound and not defined; in that order.

    A line that was not understood takes nothing away from others, and nothing is said about it. Lines on different
    ports are compared only where their ports are the same. Nothing is said of lines that the device adds by itself, nor
    of those that speak of an empty list, nor of a last line that only says what would happen anyway: people write these
    on purpose.
    """
    found = [item for table in policy.tables if table.name not in policy.unused
             for item in _table(space, policy.device, table)]
    found += [Untidy("unused", policy.device, name, policy.table(name).defined) for name in policy.unused]
    found += [Untidy("undefined", policy.device, name, line) for name, line in policy.undefined]
    return tuple(found)


def _table(space: Space, device: str, table: Table) -> Iterator[Untidy]:
    """Going down a table line by line: what earlier lines with a plain end took already, per set of ports."""
    taken: dict[tuple[At, ...], PacketSet] = {}
    before: list[tuple[Rule, PacketSet]] = []
    for _, group in groupby(enumerate(table.rules), key=lambda item: (item[1].line, item[1].line.number or item[0])):
        rules = [(rule, _packets(space, rule)) for _, rule in group]
        told = [rule for rule, _ in rules]
        if all(_counts(rule) for rule in told):
            left = [packets & ~_gone(space, taken, rule) for rule, packets in rules]
            if all(packets == space.nothing for _, packets in rules):
                if not any(_of_nothing(rule) for rule in told):
                    yield Untidy("unreachable", device, table.name, told[0].line)
            elif all(packets == space.nothing for packets in left):
                yield _covered(device, table, told[0], space.union(packets for _, packets in rules), before, space)
        for rule, packets in rules:
            if not rule.unread and rule.end_known and rule.end is not Verdict.NEXT and not isinstance(rule.end, Enter):
                places = _places(rule)
                taken[places] = taken.get(places, space.nothing) | packets
                before.append((rule, packets))


def _places(rule: Rule) -> tuple[At, ...]:
    return tuple(match for match in rule.matches if isinstance(match, At))


def _gone(space: Space, taken: dict[tuple[At, ...], PacketSet], rule: Rule) -> PacketSet:
    """What no longer reaches a rule: taken on every port, or on just its ports."""
    places = _places(rule)
    return taken.get((), space.nothing) | (taken.get(places, space.nothing) if places else space.nothing)


def _counts(rule: Rule) -> bool:
    return not rule.unread and rule.end_known and rule.line.number > 0 and rule.end is not Verdict.NEXT


def _of_nothing(rule: Rule) -> bool:
    """Whether it speaks of an empty list."""
    return any(isinstance(match, Match) and not match.ranges and not match.masked for match in rule.matches)


def _covered(device: str, table: Table, rule: Rule, packets: PacketSet, before: list[tuple[Rule, PacketSet]],
             space: Space) -> Untidy:
    """A line whose packets earlier ones take: shadowed when one of these does otherwise, else redundant."""
    overlapping = [other for other, theirs in before if theirs & packets != space.nothing]
    other = next((item for item in overlapping if _kind(item) != _kind(rule)), None)
    if other is not None:
        return Untidy("shadowed", device, table.name, rule.line, other.line)
    return Untidy("redundant", device, table.name, rule.line, overlapping[0].line if overlapping else None)


def _kind(rule: Rule) -> object:
    return ("drop" if rule.end in _DROPS else rule.end, rule.actions)


def _packets(space: Space, rule: Rule) -> PacketSet:
    family = family_of(rule)
    found = space.everything
    for match in reversed(rule.matches):
        if isinstance(match, Match):
            found = space.condition(_RAW, match, family)[0] & found
    return found
