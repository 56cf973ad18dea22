"""Corner packets on which prover and plain evaluator are asked the same, on the example sites' devices and mutants."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from .mutants import Trial, mutant, told

PER_DEVICE = 250
"""Packets asked of one mutant and its original together."""


@dataclass
class Agreement:
    """How often both said the same, by (arrives, answered); and where they did not."""

    same: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    differ: list[str] = field(default_factory=list)

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(self.same + other.same, self.differ + other.differ)


def asked(name: str, seed: int, count: int = PER_DEVICE) -> Agreement:
    """``count`` packets on a mutant of a platform and on the device that it was."""
    return agree(Trial(mutant(name, seed), seed), f"packets {name} {seed}", count)


def agree(trial: Trial, seed: str, count: int) -> Agreement:
    """``count`` packets on a mutant and its original; the seed decides which."""
    found, dice = trial.mutant, random.Random(seed)
    everything = [rule for table in found.policy.tables for rule in table.rules]
    places = dice.sample(list(trial.before.places), min(5, len(trial.before.places)))
    said = Agreement()
    for number in range(count):
        rule = dice.choice(everything)
        packet = trial.corners.letter(rule if number % 4 else None)
        wished = trial.likely(rule, packet, places)
        place = wished if wished in places else dice.choice(places)
        bench = trial.after if number % 5 else trial.before
        happens, proved = bench.happens(place, packet), bench.proved(place, packet)
        if happens == proved:
            said.same[bool(happens[0]), happens[1]] += 1
        else:
            said.differ.append(f"{seed} {found.base.intent.device} {found.kind} {told(place, packet)}")
    return said
