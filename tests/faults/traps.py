"""Where known traps of the way between two configurations are walked into: a device of an example site on its emulated
appliance, whose own text after each command must say what the platform foretold."""

from __future__ import annotations

import pickle
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from punchdown.intent import DeviceIntent
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import Ground, ground_of, rendered_documents
from punchdown.pipeline.way import way_along, way_of
from punchdown.proof.alike import says
from punchdown.values.way import Way
from tests.contract.bench import Rig
from tests.contract.member import Member, members

EXAMPLES = Path(__file__).parents[2] / "inventory" / "examples"
Words = tuple[tuple[str, str], ...]
"""What stands in a definition, and what shall stand there instead."""


@dataclass(frozen=True)
class Stand:
    """A device of the only site of an example estate. ``cut`` makes the site smaller first; ``box`` gives what the
    device starts with."""

    estate: str
    site: str
    device: str
    platform: str
    cut: Words = ()
    box: Callable[[], Mapping[str, str]] = field(default=dict)

    @property
    def member(self) -> Member:
        return members()[self.platform]

    @cached_property
    def _running(self) -> bytes:
        wanted = self.intent(self.ground())
        rig = Rig(self.member, wanted, **self.box())
        rig.push(rig.compare(wanted))
        return pickle.dumps((rig.box, rig.clock))

    def rig(self) -> Rig:
        """The device, running what it should."""
        rig = Rig(self.member, self.intent(self.ground()), **self.box())
        rig.box, rig.clock = pickle.loads(self._running)
        return rig

    def ground(self, *words: tuple[str, str]) -> Ground:
        """The site with other words in its definition."""
        return _ground(self.estate, self.site, (*self.cut, *words))

    def intent(self, ground: Ground) -> DeviceIntent:
        return next(item for item in ground.sites[self.site].devices if item.device == self.device)

    def walk(self, rig: Rig, wanted: Ground) -> Way:
        """The way to a definition by the platform's own states. The appliance's text after each command must let the
        same through, or at least break the same for the same time; at the end nothing is left to do."""
        site, texts = wanted.sites[self.site], _texts(rig)
        before = {**rendered_documents(self.ground().intended), self.device: texts}
        change, intent = rig.compare(self.intent(wanted)), self.intent(wanted)
        assert change.steps
        ours = way_of(site, wanted.intended, before, [change])
        hand, foretold, alike = rig.hand(), rig.member.room.states(texts, change), True
        typed: list[tuple[str, Mapping[str, str]]] = []
        for (text, state), step in zip(foretold, change.steps, strict=True):
            rig.typed(hand, text if "\n" in text else text.strip())
            assert text == step.text
            typed.append((text, _texts(rig)))
            policies = [rig.member.room.policy(intent, shown) for shown in (state, typed[-1][1])]
            alike = alike and says(policies[0]) == says(policies[1])
        if not alike:
            assert brief(way_along(site, wanted.intended, before, [(self.device, typed)])) == brief(ours)
        assert rig.compare(intent).differences == ()
        return ours


def brief(way: Way) -> list[tuple[object, ...]]:
    """What a way breaks, where, for how long, for whom."""
    return sorted((item.invariant, item.number, item.commands, item.claim.client, item.claim.server, item.claim.answer)
                  for item in way.breaches)


def _texts(rig: Rig) -> dict[str, str]:
    return {item.name: item.text for item in rig.running().documents}


@cache
def _ground(estate: str, site: str, words: Words) -> Ground:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "estate"
        shutil.copytree(EXAMPLES / estate, place)
        path = place / "sites" / f"{site}.yml"
        text = path.read_text()
        for old, new in words:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text)
        return ground_of(place, Selection())
