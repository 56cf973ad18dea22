"""Mutants of the example sites' devices, judged: does a wrong rule change what the device does, and does the prover see
it?

Whether it does is decided by the plain evaluator over packets from the corners of both states' rules. A difference
that the prover alone sees counts when the plain evaluator confirms its packet.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from ipaddress import ip_interface
from pathlib import Path

from punchdown.intent import DeviceIntent
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import ground_of, rendered_documents
from punchdown.platforms import platform as room_of
from punchdown.proof.sets import space
from punchdown.proof.tables import Tables
from punchdown.values.policy import At, DevicePolicy, Field, Match, Rule

from . import plain
from .device_bench import MATTERING, Bench, Place, difference, on_bench
from .device_corners import Corners, changed_rules
from .edits import PLATFORMS, Edit

INVENTORY = Path(__file__).parents[2] / "inventory"
ESTATES = (INVENTORY, *sorted((INVENTORY / "examples").iterdir()))


@dataclass(frozen=True)
class Base:
    """A device of an example site as rendered; ``wan`` is its interface to the wan."""

    intent: DeviceIntent
    documents: dict[str, str]
    policy: DevicePolicy
    wan: str = ""


@dataclass(frozen=True)
class Mutant:
    """A device with one wrong rule."""

    base: Base
    kind: str
    text: str
    policy: DevicePolicy


class Score(StrEnum):
    """``KILLED``: both say that it does something else, by packets that the plain evaluator confirms. ``ALONE``: the
    prover's packet is the only one that shows it. ``EQUIVALENT``: neither sees a difference. ``MISSED``: the prover
    sees none where there is one. ``WRONG``: it tells of one that is none."""

    KILLED = "killed"
    ALONE = "killed, by the prover's packet only"
    EQUIVALENT = "equivalent"
    MISSED = "missed"
    WRONG = "wrong"


def exact(policy: DevicePolicy) -> bool:
    """Whether every line of a device was understood."""
    return Tables(space(), policy).exact and not policy.unread


@cache
def bases(name: str) -> tuple[Base, ...]:
    """Every device of a platform in the example sites whose text holds no limit or schedule."""
    found = []
    for estate in ESTATES:
        ground = ground_of(estate, Selection())
        texts = rendered_documents(ground.intended)
        for site in ground.sites.values():
            places = site.topology.attachments if site.topology else ()
            for intent in site.devices:
                if intent.platform == name:
                    policy = room_of(name).policy(intent, texts[intent.device])
                    assert policy is not None
                    wan = [item.port for item in places if item.device == intent.device and item.kind == "wan"]
                    if exact(policy):
                        found.append(Base(intent, dict(texts[intent.device]), policy, *wan[:1]))
    return tuple(found)


def mutant(name: str, seed: int) -> Mutant:
    """The mutant of a seed: every kind of edit equally often, whatever it finds to do."""
    return mutated(random.Random(f"{name} {seed}"), seed, *PLATFORMS[name], bases(name))


def mutated(dice: random.Random, seed: int, document: str, edits: Mapping[str, Edit],
            among: Sequence[Base]) -> Mutant:
    """A mutant of one of these devices, with one edit of its document."""
    kinds = list(edits)
    kind = kinds[seed % len(kinds)]
    while True:
        base = dice.choice(among)
        lines = edits[kind](dice, base.documents[document].splitlines())
        if lines is None or lines == base.documents[document].splitlines():
            continue
        text = "\n".join(lines) + "\n"
        policy = room_of(base.intent.platform).policy(base.intent, {**base.documents, document: text})
        assert policy is not None
        if exact(policy):
            return Mutant(base, kind, text, policy)


class Trial:
    """One mutant beside its original."""

    def __init__(self, found: Mutant, seed: int) -> None:
        self.mutant = found
        self.dice = random.Random(seed)
        self.changed = changed_rules(found.base.policy, found.policy)
        topology = on_bench(found.base.policy, self._ports(), found.base.wan)
        self.before = Bench(found.base.policy, topology)
        self.after = Bench(found.policy, topology, self.before)
        self.corners = Corners((found.base.policy, found.policy), self.dice)
        self.asked = 0

    def _ports(self) -> list[str]:
        """Ports that the changed rules name or that changed, and others to come out of or in by."""
        before, after = ({port.name: (port.untagged, port.tagged, port.inbound, port.outbound) for port in policy.ports}
                         for policy in (self.mutant.base.policy, self.mutant.policy))
        named = [name for name in before if before[name] != after.get(name)]
        named += [name for rule in self.changed for item in rule.matches if isinstance(item, At)
                  for name in item.names if name in before]
        tables = {table.name for policy in (self.mutant.base.policy, self.mutant.policy) for table in policy.tables
                  if any(rule in table.rules for rule in self.changed[:4])}
        bound = [port.name for port in self.mutant.base.policy.ports if tables & {*port.inbound, *port.outbound}]
        named += self.dice.sample(bound, min(2, len(bound)))
        kinds: dict[object, list[str]] = {}
        for name, kind in before.items():
            kinds.setdefault(kind, []).append(name)
        vlans = {first for rule in self.changed for match in rule.matches if isinstance(match, Match)
                 and match.field in {Field.REGISTER0, Field.VLAN} for first, _ in match.ranges} - {0}
        others = [name for names in kinds.values() for name in (names[0], names[-1])
                  if not vlans or vlans & {before[name][0], *before[name][1]}]
        return [*[*dict.fromkeys(named)][:4], *others, next(iter(before), "")]

    def letters(self) -> Iterator[tuple[Place, plain.Packet]]:
        """Corner packets of the changed rules from where they may be met, then of any."""
        places = list(self.before.places)
        rules = self.changed if len(self.changed) < 6 else self.dice.sample(self.changed, 6)
        for rule in rules:
            for _ in range(8):
                packet = self.corners.letter(rule)
                for place in self._from(rule, packet, places):
                    yield place, packet
        everything = [rule for table in self.mutant.policy.tables for rule in table.rules]
        for _ in range(60):
            rule = self.dice.choice(everything) if everything else None
            packet = self.corners.letter(rule)
            for place in self._from(rule, packet, places)[:1]:
                yield place, packet

    def likely(self, rule: Rule | None, packet: plain.Packet, places: list[Place]) -> Place:
        """One of the places from where a packet may come so that the rule meets it."""
        return self._from(rule, packet, places)[0]

    def _from(self, rule: Rule | None, packet: plain.Packet, places: list[Place]) -> list[Place]:
        """Where the packet may come from so that the rule meets it: by the rule's port, else by its source's link."""
        named = [place for place in places if rule and any(isinstance(item, At) and place[1] in item.names
                                                           for item in rule.matches)]
        linked = [place for place in places if place[1] in self._links(packet[Field.SOURCE])]
        fitting = named or linked or places
        return self.dice.sample(fitting, min(3, len(fitting))) + self.dice.sample(places, 1)

    def _links(self, source: int) -> list[str]:
        """Interfaces on whose link an IPv4 address is."""
        return [item.name for item in self.mutant.base.policy.interfaces for text in item.addresses
                if (link := ip_interface(text).network).version == 4
                and int(link.network_address) <= source <= int(link.broadcast_address)]

    def judge(self) -> tuple[Score, str]:
        """The score, with the packet that shows it."""
        shown: tuple[Place, plain.Packet] | None = None
        for place, packet in self.letters():
            self.asked += 1
            if self.before.happens(place, packet) != self.after.happens(place, packet):
                shown = place, packet
                break
        if shown:
            score, words = self._confirmed(shown[0])
            return (Score.MISSED if score is Score.EQUIVALENT else score), words or told(*shown)
        for place in self.before.places:
            score, words = self._confirmed(place)
            if score is not Score.EQUIVALENT:
                return (score if score is Score.WRONG else Score.ALONE), words
        return Score.EQUIVALENT, ""

    def _confirmed(self, place: Place) -> tuple[Score, str]:
        """What the prover says of all packets from a place, held against the plain evaluator by one of them."""
        packets = difference(self.before, self.after, place) & self.before.space.valid
        if packets == self.before.space.nothing:
            return Score.EQUIVALENT, ""
        packet = self.before.space.sample(packets)
        same = self.before.happens(place, packet) == self.after.happens(place, packet)
        return (Score.WRONG if same else Score.KILLED), told(place, packet)


def told(place: Place, packet: plain.Packet) -> str:
    """A packet in words."""
    return f"{place}: " + ", ".join(f"{field}={packet[field]:#x}" for field in MATTERING if packet[field])


def scores(name: str, seeds: range) -> tuple[Counter[Score], list[str]]:
    """How many mutants got which score, and what was said about those that are missed or wrong."""
    counted: Counter[Score] = Counter()
    bad = []
    for seed in seeds:
        found = mutant(name, seed)
        score, words = Trial(found, seed).judge()
        counted[score] += 1
        if score in {Score.MISSED, Score.WRONG}:
            bad.append(f"{score} {name} {seed} {found.base.intent.device} {found.kind}: {words}")
    return counted, bad
