"""What a plan says of the way in between is what the appliance runs after each command."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, given, settings

from punchdown.platforms.cisco_asa.masking import mask
from punchdown.platforms.cisco_asa.normalise import is_ordered, parse_text
from punchdown.values import Change
from tests.contract.bench import bench, fingerprint, resolve
from tests.contract.member import members
from tests.contract.pairs import Pair, pairs

PAIRS = int(os.environ.get("PUNCHDOWN_CONTRACT_PAIRS", "3"))
ASA = members()["cisco_asa"]


def said(text: str) -> dict[tuple[str, ...], list[str]]:
    """Sections and lists, what is in no order sorted."""
    found: dict[tuple[str, ...], list[str]] = {}
    for entry in parse_text(text).values():
        found.setdefault(entry.path, []).append(entry.line)
    return {path: lines if is_ordered(path) else sorted(lines) for path, lines in found.items()}


def test_each_command_has_the_effect_that_was_foretold() -> None:
    seen = 0

    @settings(max_examples=PAIRS, deadline=None, suppress_health_check=list(HealthCheck),
              phases=(Phase.reuse, Phase.generate))
    @given(pairs(ASA))
    def check(pair: Pair) -> None:
        nonlocal seen
        rig = bench(ASA, pair.before)
        change: Change = rig.compare(pair.after)
        documents = {item.name: item.text for item in rig.running().documents}
        hand = rig.hand()
        for number, (command, state) in enumerate(ASA.room.states(documents, change)):
            assert "ERROR" not in hand.configure(resolve(command.strip())).output, command
            opens = number + 1 < len(change.steps) and change.steps[number + 1].text.startswith(" ")
            if not opens and (number % 7 == 0 or number + 1 == len(change.steps)):
                assert said(state["running-config"]) == said(mask(rig.box.running_config(), fingerprint)), command
                seen += 1

    check()
    assert seen > PAIRS
