"""The flow table as tables of rules: sorted by priority, flows of one priority that contradict each other told apart.

Source: ovs-ofctl(8) "Flow Syntax"; OpenFlow leaves it open which of two flows of one priority a packet meets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from punchdown.platforms.openvswitch.policy_actions import Done, read, table_name
from punchdown.platforms.openvswitch.policy_matches import Conditions, conditions
from punchdown.values.policy import Assign, At, Enter, Field, LineRef, Match, Rule, Table, Verdict

_DEFAULT_PRIORITY = 32768
_MOST_OUTPUTS = 255
_REGISTER = re.compile(r"\b(?:NXM_NX_REG|nxm_nx_reg|reg)(\d+)(?![\w.])")
_NO_MATCH = frozenset({"cookie", "table", "priority", "duration", "n_packets", "n_bytes", "idle_age", "hard_age",
                       "idle_timeout", "hard_timeout", "importance", "send_flow_rem", "check_overlap", "reset_counts",
                       "no_packet_counts", "no_byte_counts", "out_port", "out_group", "add"})


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One flow. ``words`` is its match as written, name to value (empty for a bare word)."""

    table: str
    priority: int
    cookie: int
    words: Mapping[str, str]
    matches: Conditions
    unread: str
    done: Done
    line: LineRef

    @property
    def rule(self) -> Rule:
        unread = ",".join(word for word in (self.unread, self.done.unread) if word)
        return Rule(self.matches, self.done.end, self.line, self.done.actions, unread, self.done.end_known)

    def sending(self, outputs: Sequence[tuple[str, ...]]) -> FlowLine:
        """With its ports as one of the device's ``outputs``."""
        if not self.done.outputs:
            return self
        number = outputs.index(self.done.outputs) + 1
        if number > _MOST_OUTPUTS:
            return replace(self, done=replace(self.done, unread="output", end_known=False, leaks=True))
        chosen = (*self.done.actions, Assign(Field.EGRESS, number, 0xFF))
        return replace(self, done=replace(self.done, actions=chosen, end=Verdict.ACCEPT))


def flows(document: str, text: str, ports: Mapping[str, str],
          meters: Collection[str] = ()) -> tuple[tuple[FlowLine, ...], tuple[LineRef, ...]]:
    """The flows of a flow file or of ``dump-flows``, and lines that are none. ``ports``: numbers to names; ``meters``:
    those that only limit a rate."""
    found: list[FlowLine] = []
    unread: list[LineRef] = []
    for number, (raw, renamed) in enumerate(zip(text.splitlines(), _four_registers(text).splitlines(), strict=True), 1):
        text_line = raw.strip()
        if not text_line or text_line.startswith("#") or re.match(r"(?:OFPST_FLOW|NXST_FLOW) reply", text_line):
            continue
        line = LineRef(document, number, text_line)
        head, there, actions = renamed.strip().partition("actions=")
        if not there:
            unread.append(line)
            continue
        words = {name.strip(): value for name, _, value in
                 (word.partition("=") for word in re.split(r",\s*|\s+", head.strip().rstrip(","))) if name.strip()}
        try:
            found.append(_flow(words, read(actions, meters, ports), line, ports))
        except ValueError:
            unread.append(line)
    outputs = outputs_of(found)
    return _once([flow.sending(outputs) for flow in found]), tuple(unread)


def _four_registers(text: str) -> str:
    """The text with other names for registers beyond the fourth where no more than four are used. Spaces of their own
    (``metadata``, ``xreg``) are left alone."""
    used = {int(number) for number in _REGISTER.findall(text)}
    free = sorted({0, 1, 2, 3} - used)
    high = sorted(number for number in used if number > 3)
    if not high or len(high) > len(free):
        return text
    names = dict(zip(high, free, strict=False))
    return _REGISTER.sub(lambda found: found[0].replace(found[1], str(names.get(int(found[1]), int(found[1])))), text)


def outputs_of(found: Sequence[FlowLine]) -> tuple[tuple[str, ...], ...]:
    """The groups of ports to which flows send frames by themselves."""
    return tuple(dict.fromkeys(flow.done.outputs for flow in found if flow.done.outputs))


def _flow(words: dict[str, str], done: Done, line: LineRef, ports: Mapping[str, str]) -> FlowLine:
    match = {name: value for name, value in words.items() if name not in _NO_MATCH}
    matches, unread = conditions(match, ports)
    return FlowLine(table_name(words.get("table", "0")), int(words.get("priority", str(_DEFAULT_PRIORITY)), 0),
                    int(words.get("cookie", "0").split("/")[0], 0), match, matches, unread, done, line)


def _once(found: Sequence[FlowLine]) -> tuple[FlowLine, ...]:
    """Of two flows with the same table, priority and match the later one has replaced the earlier."""
    return tuple({(flow.table, flow.priority, flow.matches, flow.unread): flow for flow in found}.values())


def tables(found: Sequence[FlowLine], more: Sequence[tuple[str, int, Rule]] = ()) -> tuple[Table, ...]:
    """One table per number that flows fill or lead to; a packet that no flow matches drops. ``more`` are rules to put
    in: table, priority, rule."""
    names = {flow.table for flow in found} | {name for name, _, _ in more} | {"table 0"}
    names |= {flow.done.end.table for flow in found if isinstance(flow.done.end, Enter)}
    names |= {rule.end.table for _, _, rule in more if isinstance(rule.end, Enter)}
    return tuple(Table(name, tuple(_rules([flow for flow in found if flow.table == name],
                                          [(priority, rule) for table, priority, rule in more if table == name])),
                       Verdict.DROP) for name in sorted(names, key=_by_number))


def _by_number(name: str) -> tuple[int, str]:
    number = name.removeprefix("table ")
    return (int(number), "") if number.isdigit() else (256, number)


def _rules(found: Sequence[FlowLine], more: Sequence[tuple[int, Rule]]) -> Iterator[Rule]:
    levels: dict[int, list[FlowLine]] = {}
    for flow in found:
        levels.setdefault(flow.priority, []).append(flow)
    added: dict[int, list[Rule]] = {}
    for priority, rule in more:
        added.setdefault(priority, []).append(rule)
    for priority in sorted({*levels, *added}, reverse=True):
        yield from added.get(priority, ())
        level = levels.get(priority, [])
        for one, other in contradictions(level):
            both = tuple(dict.fromkeys((*one.matches, *other.matches)))
            words = f"line {other.line.number} has the same priority"
            yield Rule(both, one.done.end, one.line, one.done.actions,
                       ",".join(word for word in (one.rule.unread, words) if word), one.done.end_known)
            yield Rule(both, other.done.end, other.line, other.done.actions, other.rule.unread, other.done.end_known)
        for flow in level:
            yield flow.rule


def contradictions(level: Sequence[FlowLine]) -> tuple[tuple[FlowLine, FlowLine], ...]:
    """Pairs of one priority that a packet can meet both, and that do different things."""
    if len({_deed(flow) for flow in level}) < 2:
        return ()
    return tuple((one, other) for one, other in _candidates(list(level))
                 if _deed(one) != _deed(other) and overlap(one.matches, other.matches))


def _deed(flow: FlowLine) -> tuple[object, ...]:
    return (flow.done.actions, flow.done.end, flow.done.unread)


_Pairs = Iterator[tuple[FlowLine, FlowLine]]


def _candidates(level: list[FlowLine], left_out: frozenset[object] = frozenset()) -> _Pairs:
    """Pairs that no field tells apart at once: split by the field with most values, where that helps."""
    fixed = [{key: value for key, value in _fixed(flow).items() if key not in left_out} for flow in level]
    counts: dict[object, set[object]] = {}
    for values in fixed:
        for key, value in values.items():
            counts.setdefault(key, set()).add(value)
    key = max(counts, key=lambda item: len(counts[item]), default=None)
    if key is None or len(level) < 8 or len(counts[key]) < 2:
        yield from ((one, other) for place, one in enumerate(level) for other in level[place + 1:])
        return
    groups: dict[object, list[FlowLine]] = {}
    free: list[FlowLine] = []
    for flow, values in zip(level, fixed, strict=True):
        if key in values:
            groups.setdefault(values[key], []).append(flow)
        else:
            free.append(flow)
    for group in groups.values():
        yield from _candidates(group, left_out | {key})
        yield from ((one, other) for one in free for other in group)
    yield from _candidates(free, left_out | {key})


def _fixed(flow: FlowLine) -> dict[object, object]:
    """Fields that a flow fixes to one value."""
    found: dict[object, object] = {}
    for match in flow.matches:
        if isinstance(match, At):
            found[match.place] = match.names
        elif not match.negated and not match.masked and len(match.ranges) == 1 \
                and match.ranges[0][0] == match.ranges[0][1]:
            found[match.field] = match.ranges[0][0]
    return found


def overlap(one: Conditions, other: Conditions) -> bool:
    """Whether a packet can meet both. Two negated conditions always can, as far as this tells."""
    return all(_compatible(a, b) for a in one for b in other)


def _compatible(one: Match | At, other: Match | At) -> bool:
    if isinstance(one, At) or isinstance(other, At):
        return not (isinstance(one, At) and isinstance(other, At) and one.place == other.place) \
            or bool(set(one.names) & set(other.names))
    if one.field is not other.field or (one.negated and other.negated):
        return _same_kind(one, other)
    if one.negated or other.negated:
        return (one.ranges, one.masked) != (other.ranges, other.masked)
    return any(_meet(a, b) for a in _pieces(one) for b in _pieces(other))


def _same_kind(one: Match, other: Match) -> bool:
    """A frame is IP or it is not."""
    kinds = {one.field.value, other.field.value}
    return kinds != {"family", "ethertype"}


def _pieces(match: Match) -> Iterator[tuple[int, int, bool]]:
    yield from ((low, high, False) for low, high in match.ranges)
    yield from ((value, mask, True) for value, mask in match.masked)


def _meet(one: tuple[int, int, bool], other: tuple[int, int, bool]) -> bool:
    """Ranges meet by their ends, masked values in the bits of both masks; a range and a mask are taken to meet unless
    the range is one number."""
    if not one[2] and not other[2]:
        return one[0] <= other[1] and other[0] <= one[1]
    if one[2] and other[2]:
        return not (one[0] ^ other[0]) & one[1] & other[1]
    (low, high, _), (value, mask, _) = (other, one) if one[2] else (one, other)
    return low != high or low & mask == value
