"""The same ruleset as rendered and as nft lists it: one policy."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from punchdown.platforms.linux_nftables import PLATFORM
from punchdown.platforms.linux_nftables.capabilities import RULES
from punchdown.render import render_device
from punchdown.values.policy import At, DevicePolicy, Match
from tests.platforms.linux.local_writer import Appliance
from tests.platforms.linux_nftables.test_rules import VARIANTS, identity, load

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.geteuid() != 0, reason="needs root and namespaces")]


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with Appliance(tmp_path_factory.mktemp("fw") / "disk", name="fw-1") as appliance:
        yield appliance


def shown(match: Match | At) -> object:
    """A condition without the order and the splits of its ranges, which nft changes."""
    if isinstance(match, At):
        return match.place, frozenset(match.names), match.negated
    merged: list[list[int]] = []
    for first, last in sorted(match.ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return match.field, tuple(map(tuple, merged)), match.masked, match.negated


def meaning(policy: DevicePolicy) -> object:
    """Tables by name, since nft lists chains in an order of its own."""
    return {table.name: ([([shown(match) for match in rule.matches], rule.actions, rule.end, bool(rule.unread))
                          for rule in table.rules], table.default) for table in policy.tables}


@pytest.mark.parametrize("name", VARIANTS)
def test_the_listed_table_reads_as_the_rendered_one(box: Appliance, name: str) -> None:
    intent, writer = VARIANTS[name], box.writer()
    rendered = render_device(intent)
    load(writer, rendered)
    running = PLATFORM.fetch(writer, identity)
    wanted = PLATFORM.policy(intent, {document.name: document.text for document in rendered.documents})
    found = PLATFORM.policy(intent, {document.name: document.text for document in running.documents})
    assert meaning(found) == meaning(wanted)
    assert (found.forward, found.before_routing, found.local) == (wanted.forward, wanted.before_routing, wanted.local)
    assert not found.unread
    assert sum(len(table.rules) for table in found.tables) > 15
    assert running.text(RULES) != rendered.document(RULES).text
