"""One packet in one table, rule by rule: which line decided, and which lines nobody understood on the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from punchdown.proof.headers import WIDTHS
from punchdown.proof.rules import Mode, Passage, family_of, translates
from punchdown.values.policy import (
    Assign,
    At,
    DevicePolicy,
    Enter,
    Field,
    LineRef,
    Match,
    Rule,
    Track,
    Verdict,
)

Numbers = dict[Field, int]


@dataclass
class Decision:
    """How tables ended for a packet. ``table`` and ``line`` are those of the rule that dropped it (or where its table
    was defined, when no rule did), or of the most particular one that let it pass, None when none speaks of it.
    ``unread`` are the lines it met that were not understood."""

    passed: bool = True
    table: str = ""
    line: LineRef | None = None
    weight: int = 0
    packet: Numbers = field(default_factory=dict)
    unread: list[LineRef] = field(default_factory=list)


def decide(policy: DevicePolicy, names: tuple[str, ...], packet: Numbers, passage: Passage, mode: Mode) -> Decision:
    """Tables in turn; a line that was not understood accepts in the generous reading and drops in the strict one."""
    decision = Decision(packet=dict(packet))
    for name in names:
        verdict, ended = _run(policy, name, decision, passage, mode, 0)
        if verdict is Verdict.RETURN:
            verdict, ended = policy.table(name).default, None
        decision.passed = verdict in {Verdict.ACCEPT, Verdict.RETURN, Verdict.NEXT}
        if not decision.passed:
            decision.table, decision.line = (ended[0], ended[1].line) if ended else (name, policy.table(name).defined)
            break
        if ended is not None and ended[1].line.number and _weight(ended[1]) > decision.weight:
            decision.table, decision.line, decision.weight = ended[0], ended[1].line, _weight(ended[1])
    return decision


def _run(policy: DevicePolicy, name: str, decision: Decision, passage: Passage, mode: Mode,
         depth: int) -> tuple[Verdict, tuple[str, Rule] | None]:
    """(ACCEPT, DROP or RETURN; the table and rule that ended it)."""
    table = policy.table(name)
    if depth > _DEEPEST:
        return Verdict.DROP, None
    for rule in table.rules:
        if not _meets(rule, decision.packet, passage):
            continue
        if rule.unread or not rule.end_known:
            if rule.line not in decision.unread:
                decision.unread.append(rule.line)
            if _skipped(rule, mode):
                continue
        _act(rule, decision, passage)
        end = rule.end if rule.end_known else Verdict.ACCEPT if mode is Mode.MAY else Verdict.DROP
        if isinstance(end, Enter):
            verdict, ended = _run(policy, end.table, decision, passage, mode, depth + 1)
            if verdict is Verdict.RETURN and end.returns:
                continue
            more = ended is None or (verdict is Verdict.ACCEPT and _weight(rule) > _weight(ended[1]))
            return verdict, (name, rule) if more else ended
        if end is Verdict.NEXT:
            continue
        return (Verdict.DROP if end is Verdict.REJECT else end), (name, rule)
    return (Verdict.DROP if table.default is Verdict.REJECT else table.default), None


_ENDS = {Field.SOURCE, Field.DESTINATION, Field.SOURCE_PORT, Field.DESTINATION_PORT}


def _weight(rule: Rule) -> int:
    """How particular a rule is: what it says of addresses and ports counts most."""
    return sum(4 if isinstance(match, Match) and match.field in _ENDS else 1 for match in rule.matches)


_DEEPEST = 60
"""More tables in a row than any device follows: a loop."""


def _skipped(rule: Rule, mode: Mode) -> bool:
    drops = rule.end_known and rule.end in {Verdict.DROP, Verdict.REJECT}
    return drops if mode is Mode.MAY else rule.end_known and rule.end in {Verdict.ACCEPT, Verdict.NEXT}


def _meets(rule: Rule, packet: Mapping[Field, int], passage: Passage) -> bool:
    family = family_of(rule)
    for match in rule.matches:
        if isinstance(match, At):
            if not passage.at(match):
                return False
        elif not _holds(match, packet, family):
            return False
    return not translates(rule) or packet[Field.STATE] == 0


def _holds(match: Match, packet: Mapping[Field, int], family: int | None) -> bool:
    if match.field in {Field.SOURCE, Field.DESTINATION} and family is not None and packet[Field.FAMILY] != family:
        return False
    number = packet[match.field]
    inside = (any(first <= number <= last for first, last in match.ranges)
              or any(number & mask == value & mask for value, mask in match.masked))
    return inside != match.negated


def _act(rule: Rule, decision: Decision, passage: Passage) -> None:
    packet = decision.packet
    for action in rule.actions:
        if isinstance(action, Assign):
            mask = action.mask & ((1 << WIDTHS[action.field]) - 1)
            packet[action.field] = (packet[action.field] & ~mask) | (action.value & mask)
        elif isinstance(action, Track):
            packet[Field.TRACKED] = packet[Field.TRACKED] if action.commit else 1
        else:
            packet[action.field] = passage.address if action.address is None else action.address
            if action.ports is not None:
                ported = Field.SOURCE_PORT if action.field is Field.SOURCE else Field.DESTINATION_PORT
                packet[ported] = action.ports[0]
            if action.field is Field.DESTINATION:
                packet[Field.DNAT] = 1
