"""Single rules: where they apply, what they read, what they do to a header."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from punchdown.proof.headers import Header, any_of, constant
from punchdown.values.policy import Assign, At, Field, Match, Place, Rule, Track, Translate


class Mode(StrEnum):
    """How unread lines are read."""

    MAY = "may"
    MUST = "must"


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a packet is while tables look at it: names of the port or interface of entry and of leaving (more than
    one where a port has several), and the address that a masquerade writes, 0 for none."""

    entry: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    address: int = 0

    def at(self, condition: At) -> bool:
        """Whether a condition on the place holds."""
        here = self.entry if condition.place is Place.IN else self.leaving
        return (not set(here).isdisjoint(condition.names)) != condition.negated


def spans(rule: Rule) -> bool:
    """Whether it translates to a port that nobody knows beforehand."""
    return any(isinstance(action, Translate) and action.ports is not None and action.ports[0] != action.ports[1]
               for action in rule.actions)


def fields_of(rule: Rule) -> Iterator[Field]:
    """The fields that a rule looks at or writes."""
    for match in rule.matches:
        if isinstance(match, Match):
            yield match.field
    for action in rule.actions:
        if isinstance(action, Assign):
            yield action.field
        elif isinstance(action, Track):
            yield Field.TRACKED
        else:
            yield from (action.field, Field.STATE, Field.DNAT,
                        Field.SOURCE_PORT if action.field is Field.SOURCE else Field.DESTINATION_PORT)


def family_of(rule: Rule) -> int | None:
    """0 or 1 when the rule's own conditions say the address family, else None."""
    for match in rule.matches:
        if isinstance(match, Match) and match.field is Field.FAMILY and len(match.ranges) == 1:
            first, last = match.ranges[0]
            if first == last:
                return first ^ 1 if match.negated else first
    return None


def translates(rule: Rule) -> bool:
    """Whether a rule rewrites addresses: then it concerns the opening packets of connections only, since replies are
    translated back without asking any rule."""
    return any(isinstance(action, Translate) for action in rule.actions)


def after_actions(rule: Rule, header: Header, passage: Passage) -> Header:
    """The header after a rule's actions in order."""
    for action in rule.actions:
        if isinstance(action, Assign):
            header = header.writing(action.field, action.value, action.mask)
        elif isinstance(action, Track):
            header = header.having((), commits=True) if action.commit else header.having(
                ((Field.TRACKED, constant(Field.TRACKED, 1)),))
        else:
            header = _translated(action, header, passage)
    return header


def _translated(action: Translate, header: Header, passage: Passage) -> Header:
    """Ports of a longer range are some port of it: which one, the device decides."""
    port = Field.SOURCE_PORT if action.field is Field.SOURCE else Field.DESTINATION_PORT
    changes = [(action.field, constant(action.field, passage.address if action.address is None else action.address))]
    if action.ports is not None:
        one = action.ports[0] == action.ports[1]
        changes.append((port, constant(port, action.ports[0]) if one else any_of(action.ports)))
    if action.field is Field.DESTINATION:
        changes.append((Field.DNAT, constant(Field.DNAT, 1)))
    return header.having(changes)
