"""One wrong rule in the example site: what the plain evaluator sees open or shut against the flow matrix is refuted."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from punchdown.pipeline.proving import rendered_documents, site_state
from punchdown.proof import prove
from punchdown.values.proof import Answer

from .edits import PLATFORMS
from .mutants import exact
from .test_lisbon import happens
from .test_round_trip import declared, letters, opened

DEVICES = {"cisco_ios": "sw-acc-1", "linux_nftables": "fw-1", "openvswitch": "sw-core-1"}
EACH = 7


def edited(name, seed, ground):
    """The example site's texts with one wrong rule in the platform's device."""
    dice = random.Random(f"site {name} {seed}")
    document, edits = PLATFORMS[name]
    texts = rendered_documents(ground.intended)
    lines = texts[DEVICES[name]][document].splitlines()
    changed = None
    while changed is None or changed == lines:
        changed = edits[dice.choice(list(edits))](dice, lines)
    texts[DEVICES[name]] = {**texts[DEVICES[name]], document: "\n".join(changed) + "\n"}
    return site_state(ground.sites["lisbon"], ground.intended, texts, "edited"), dice


@pytest.mark.parametrize("name", PLATFORMS)
def test_what_opens_or_shuts_is_refuted(name, ground):
    """And every packet that is shown against a claim is confirmed; a site that stays proved shows no difference."""
    seen = Counter()
    for seed in range(EACH):
        state, dice = edited(name, seed, ground)
        if not exact(state.policies[DEVICES[name]]):
            continue
        refuted = [claim for claim in prove(state).claims if claim.answer is Answer.REFUTED]
        pairs = {(claim.client, claim.server) for claim in refuted if claim.kind == "rest"}
        shut = {claim.server for claim in refuted if claim.kind == "flow"}
        for claim in refuted:
            if claim.kind in {"flow", "rest"}:
                arrived, answered = happens(state, claim)
                wrong = arrived if claim.kind == "rest" else not (
                    answered if claim.packet.protocol == "tcp" else arrived)
                assert wrong, (seed, claim)
        for client, server, packet, meant in letters(state, dice, 60):
            allowed = declared(state, meant)
            for seems in opened(state, client, server, packet):
                assert allowed == seems or ((client, server) in pairs if seems else server in shut), (
                    seed, client, server, packet)
                seen[allowed, seems] += 1
        seen["refuted" if refuted else "proved"] += 1
    assert seen["refuted"] > 1
    assert seen[True, True] > 20
    assert seen[False, False] > 20
