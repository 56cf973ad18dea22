"""What a table lets through: ordered rules to sets of packets.

Two readings, since some lines were not understood. ``MAY``: an unread line that may accept accepts its packets *and*
lets them go on, one that may drop is skipped; what is outside of it surely does not pass. ``MUST``: an unread line
accepts nothing, and one that may drop, or may do anything else to a packet, drops; what is inside of it surely passes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TypeVar

from punchdown.proof.headers import Header
from punchdown.proof.rules import Mode, Passage, after_actions, family_of, fields_of, spans, translates
from punchdown.proof.sets import PacketSet, Space
from punchdown.values.policy import At, DevicePolicy, Enter, Field, Match, Rule, Table, Translate, Verdict

Key = TypeVar("Key")
Outcome = tuple[Header, Verdict]
Outcomes = dict[Outcome, PacketSet]
Passing = dict[Header, PacketSet]
"""Header on leaving to the packets, as they were sent, that leave with it."""


@dataclass(frozen=True, slots=True)
class _Reads:
    """What the result of a table depends on, its sub-tables included."""

    fields: tuple[Field, ...]
    places: tuple[At, ...]
    masquerades: bool


class Tables:
    """The tables of one device, compiled when asked for and once for all that ask the same."""

    def __init__(self, space: Space, policy: DevicePolicy) -> None:
        self.space = space
        self.policy = policy
        self._tables = {table.name: table for table in policy.tables}
        self._reads: dict[str, _Reads] = {}
        self._made: dict[tuple[object, ...], list[tuple[tuple[object, ...], bool, Verdict, PacketSet]]] = {}
        self._stack: list[tuple[object, ...]] = []

    @cached_property
    def exact(self) -> bool:
        """Whether both readings are one: every line of the bound tables was understood."""
        return not any(rule.unread or not rule.end_known or spans(rule)
                       for name in self.bound for rule in self._tables[name].rules)

    @cached_property
    def bound(self) -> tuple[str, ...]:
        """Tables that a forwarded packet can meet, sorted."""
        policy = self.policy
        roots = {*policy.before_routing, *policy.forward, *policy.after_routing}
        for port in policy.ports:
            roots |= {*port.inbound, *port.outbound}
        for interface in policy.interfaces:
            roots |= {*interface.inbound, *interface.outbound}
        found: set[str] = set()
        while roots:
            name = roots.pop()
            found.add(name)
            roots |= {rule.end.table for rule in self._tables[name].rules if isinstance(rule.end, Enter)} - found
        return tuple(sorted(found))

    def inherit(self, other: Tables) -> None:
        """Take over what was made of tables that say the same here."""
        kept = self.same_as(other)
        self._made.update({key: made for key, made in other._made.items() if key[0] in kept})

    def same_as(self, other: Tables) -> frozenset[str]:
        """The tables that say the same in another state of the device, with all that they enter."""
        same = {name: name in other._tables and table.says == other._tables[name].says
                for name, table in self._tables.items()}
        return frozenset(name for name in same if all(same[one] for one in self._entered(name)))

    def _entered(self, name: str) -> set[str]:
        """A table and all those that it leads to."""
        found, names = {name}, [name]
        while names:
            for rule in self._tables[names.pop()].rules:
                if isinstance(rule.end, Enter) and rule.end.table not in found:
                    found.add(rule.end.table)
                    names.append(rule.end.table)
        return found

    def places(self, names: tuple[str, ...]) -> tuple[At, ...]:
        """The conditions on places that these tables contain."""
        return tuple(dict.fromkeys(place for name in names for place in self._reading(name).places))

    def reads(self, names: tuple[str, ...], field: Field) -> bool:
        """Whether these tables look at a field, or write it."""
        return any(field in self._reading(name).fields for name in names)

    def through(self, names: tuple[str, ...], header: Header, guard: PacketSet, passage: Passage,
                mode: Mode) -> Passing:
        """What of ``guard`` each of the tables accepts in turn."""
        passing = {header: guard}
        for name in names:
            after: Passing = {}
            for before, packets in passing.items():
                for (left, end), taken in self.outcomes(name, before, passage, mode).items():
                    if end is Verdict.RETURN:  # a bound table has nobody to return to
                        end = self._tables[name].default
                    if end in {Verdict.ACCEPT, Verdict.RETURN, Verdict.NEXT}:
                        _add(after, left, packets & taken, self.space)
            passing = after
        return passing

    def outcomes(self, name: str, header: Header, passage: Passage, mode: Mode) -> Outcomes:
        """How packets leave a table that arrive with ``header``: a header and ACCEPT, DROP or RETURN."""
        reads = self._reading(name)
        key = (name, tuple(header[field] for field in reads.fields),
               tuple(passage.at(place) for place in reads.places), passage.address if reads.masquerades else 0, mode)
        if key in self._stack:
            return {(header, Verdict.DROP): self.space.everything}  # a loop of tables: devices give up on the packet
        if key not in self._made:
            self._stack.append(key)
            try:
                run = _Run(self, self._tables[name], passage, mode)
                self._made[key] = [
                    (tuple(left[field] for field in reads.fields), left.commits, end, packets)
                    for (left, end), packets in run.outcomes(header.having((), commits=False)).items()
                    if packets != self.space.nothing]
            finally:
                self._stack.pop()
        found: Outcomes = {}
        for fields, commits, end, packets in self._made[key]:
            left = header.having(zip(reads.fields, fields, strict=True),  # type: ignore[arg-type]
                                 commits=commits or header.commits)
            _add(found, (left, end), packets, self.space)
        return found

    def _reading(self, name: str) -> _Reads:
        if name not in self._reads:
            fields: dict[Field, None] = {}
            places: dict[At, None] = {}
            masquerades = False
            seen, names = {name}, [name]
            while names:
                for rule in self._tables[names.pop()].rules:
                    places.update(dict.fromkeys(item for item in rule.matches if isinstance(item, At)))
                    fields.update(dict.fromkeys(fields_of(rule)))
                    masquerades |= any(isinstance(item, Translate) and item.address is None for item in rule.actions)
                    if isinstance(rule.end, Enter) and rule.end.table not in seen:
                        seen.add(rule.end.table)
                        names.append(rule.end.table)
            self._reads[name] = _Reads(tuple(fields), tuple(places), masquerades)
        return self._reads[name]


def _add(found: dict[Key, PacketSet], key: Key, packets: PacketSet, space: Space) -> None:
    if packets != space.nothing:
        found[key] = found[key] | packets if key in found else packets


_NEW = Match(Field.STATE, ((0, 0),))
_ENDINGS = {Verdict.ACCEPT: Verdict.ACCEPT, Verdict.DROP: Verdict.DROP, Verdict.REJECT: Verdict.DROP}


class _Run:
    """One table under one passage and reading."""

    def __init__(self, tables: Tables, table: Table, passage: Passage, mode: Mode) -> None:
        self.tables = tables
        self.space = tables.space
        self.table = table
        self.passage = passage
        self.mode = mode
        self.done: Outcomes = {}
        self.live: Passing = {}

    def outcomes(self, header: Header) -> Outcomes:
        """Everything that arrives with ``header``, by how it leaves."""
        self.live = {header: self.space.everything}
        here = (rule for rule in self.table.rules
                if all(self.passage.at(item) for item in rule.matches if isinstance(item, At)))
        for ending, rules in groupby(here, key=_plain_ending):
            if ending is not None:
                self._block(list(rules), ending)
            else:
                for rule in rules:
                    self._rule(rule)
            if not self.live:
                break
        default = Verdict.DROP if self.table.default is Verdict.REJECT else self.table.default
        for left, packets in self.live.items():
            _add(self.done, (left, default), packets, self.space)
        return self.done

    def _block(self, rules: list[Rule], ending: Verdict) -> None:
        """Neighbours with one plain end: their order means nothing."""
        before, self.live = self.live, {}
        for header, packets in before.items():
            hits = [self._hit(rule, header) for rule in rules]
            perhaps_gone = self.mode is Mode.MUST and ending is Verdict.DROP
            perhaps_met = perhaps_gone or (self.mode is Mode.MAY and ending is Verdict.ACCEPT)
            met = self.space.union(hit for hit, certain in hits if certain or perhaps_met)
            gone = self.space.union(hit for hit, certain in hits if certain or perhaps_gone)
            _add(self.done, (header, ending), packets & met, self.space)
            _add(self.live, header, packets & ~gone, self.space)

    def _hit(self, rule: Rule, header: Header) -> tuple[PacketSet, bool]:
        """The packets that meet a rule's conditions, addresses joined first: they stand lowest in the diagram."""
        family = family_of(rule)
        found, sure = self.space.everything, True
        for match in reversed(rule.matches):
            if isinstance(match, Match):
                packets, certain = self.space.condition(header, match, family)
                found, sure = packets & found, sure and certain
        if translates(rule):
            found = self.space.condition(header, _NEW, None)[0] & found
        return found, sure

    def _rule(self, rule: Rule) -> None:
        back: Passing = {}
        for header, packets in list(self.live.items()):
            hit, certain = self._hit(rule, header)
            hit = packets & hit
            if hit == self.space.nothing:
                continue
            left = after_actions(rule, header, self.passage)
            if certain and not rule.unread and rule.end_known:
                self.live[header] = packets & ~hit
                self._end(rule.end, left, hit, back)
            elif self.mode is Mode.MAY:
                self._perhaps(rule, header, left, hit, back)
            elif not (left == header and rule.end_known and rule.end in {Verdict.ACCEPT, Verdict.NEXT}):
                self.live[header] = packets & ~hit
            if self.live.get(header) == self.space.nothing:
                del self.live[header]
        for header, packets in back.items():
            _add(self.live, header, packets, self.space)

    def _perhaps(self, rule: Rule, header: Header, left: Header, hit: PacketSet, back: Passing) -> None:
        """The generous reading of a line that may or may not do what it seems to."""
        if rule.end_known and rule.end in {Verdict.DROP, Verdict.REJECT}:
            return
        if not rule.end_known:
            _add(self.done, (header, Verdict.ACCEPT), hit, self.space)
            _add(self.done, (left, Verdict.ACCEPT), hit, self.space)
        if rule.end is not Verdict.NEXT or left != header:
            self._end(rule.end, left, hit, back)

    def _end(self, end: Verdict | Enter, left: Header, hit: PacketSet, back: Passing) -> None:
        if isinstance(end, Enter):
            for (after, ending), packets in self.tables.outcomes(end.table, left, self.passage, self.mode).items():
                if ending is Verdict.RETURN and end.returns:
                    _add(back, after, hit & packets, self.space)
                else:
                    _add(self.done, (after, ending), hit & packets, self.space)
        elif end is Verdict.NEXT:
            _add(back, left, hit, self.space)
        else:
            _add(self.done, (left, _ENDINGS.get(end, end)), hit, self.space)


def _plain_ending(rule: Rule) -> Verdict | None:
    """ACCEPT or DROP of a rule that does nothing else and was understood, else None."""
    if rule.actions or rule.unread or not rule.end_known or isinstance(rule.end, Enter):
        return None
    return _ENDINGS.get(rule.end)
