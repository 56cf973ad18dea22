"""The reference: one packet, rule by rule, in the simplest way. Shares no code with the prover.

A line that was not understood may meet a packet or not, and where its end is not known either, may do anything: so the
answer is the set of all that can happen.
"""

from __future__ import annotations

from punchdown.values.policy import Assign, At, Enter, Field, Match, Place, Rule, Table, Track, Verdict

Packet = dict[Field, int]
PORTED = (6, 17, 33, 132, 136)


def number_matches(match: Match, number: int) -> bool:
    inside = False
    for first, last in match.ranges:
        if first <= number <= last:
            inside = True
    for value, mask in match.masked:
        if number & mask == value & mask:
            inside = True
    return not inside if match.negated else inside


def rule_matches(rule: Rule, packet: Packet, entry: str, leaving: str) -> bool:
    for match in rule.matches:
        if isinstance(match, At):
            here = entry if match.place is Place.IN else leaving
            if (here in match.names) == match.negated:
                return False
        elif not number_matches(match, packet[match.field]):
            return False
    if any(not isinstance(action, Assign | Track) for action in rule.actions):  # a translation
        return packet[Field.STATE] == 0
    return True


def acted(rule: Rule, packet: Packet, mask: int) -> Packet:
    """``mask`` is the address that a masquerade writes."""
    packet = dict(packet)
    for action in rule.actions:
        if isinstance(action, Assign):
            packet[action.field] = (packet[action.field] & ~action.mask) | (action.value & action.mask)
        elif isinstance(action, Track):
            if not action.commit:
                packet[Field.TRACKED] = 1
        else:
            packet[action.field] = mask if action.address is None else action.address
            if action.ports:
                port = Field.SOURCE_PORT if action.field is Field.SOURCE else Field.DESTINATION_PORT
                packet[port] = action.ports[0]
            if action.field is Field.DESTINATION:
                packet[Field.DNAT] = 1
    return packet


def frozen(packet: Packet) -> tuple[int, ...]:
    return tuple(packet[field] for field in Field)


def thawed(numbers: tuple[int, ...]) -> Packet:
    return dict(zip(Field, numbers, strict=True))


def results(tables: dict[str, Table], name: str, packet: Packet, entry: str = "", leaving: str = "",
            start: int = 0, mask: int = 0) -> set[tuple[str, tuple[int, ...]]]:
    """All that can happen to a packet in a table: (accept, drop or return; the packet as it leaves)."""
    table = tables[name]
    for number in range(start, len(table.rules)):
        rule = table.rules[number]
        if not rule_matches(rule, packet, entry, leaving):
            continue
        found = ended(tables, name, rule, packet, entry, leaving, number, mask)
        if rule.unread:  # or it does not meet the packet
            found |= results(tables, name, packet, entry, leaving, number + 1, mask)
        if not rule.end_known:
            for end in (Verdict.ACCEPT, Verdict.DROP, Verdict.RETURN):
                found |= {(end.value, frozen(packet)), (end.value, frozen(acted(rule, packet, mask)))}
            found |= results(tables, name, packet, entry, leaving, number + 1, mask)
        return found
    end = "drop" if table.default is Verdict.REJECT else table.default.value
    return {(end, frozen(packet))}


def ended(tables: dict[str, Table], name: str, rule: Rule, packet: Packet, entry: str, leaving: str,
          number: int, mask: int) -> set[tuple[str, tuple[int, ...]]]:
    after = acted(rule, packet, mask)
    if rule.end is Verdict.NEXT:
        return results(tables, name, after, entry, leaving, number + 1, mask)
    if not isinstance(rule.end, Enter):
        return {("drop" if rule.end is Verdict.REJECT else rule.end.value, frozen(after))}
    found: set[tuple[str, tuple[int, ...]]] = set()
    for end, left in results(tables, rule.end.table, after, entry, leaving, 0, mask):
        if end == "return" and rule.end.returns:
            found |= results(tables, name, thawed(left), entry, leaving, number + 1, mask)
        else:
            found.add((end, left))
    return found
