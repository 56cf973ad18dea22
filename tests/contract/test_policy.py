"""What a platform reads out of its own text: a site is proved on what the device shows, random sites mean their flow
matrix, and one wrong rule is seen exactly where the plain evaluator says that it matters. What ``tests/proof`` asks of
a platform two hundred times is not asked again."""

from __future__ import annotations

import os
import random
from collections import Counter
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from punchdown.pipeline.proving import rendered_documents, site_state
from punchdown.proof import SiteState, prove
from punchdown.render import render_device
from punchdown.values.proof import Answer
from tests.contract.bench import bench
from tests.contract.cases import Case, cases
from tests.contract.member import Member
from tests.contract.pairs import drawn_for
from tests.proof.agreement import agree
from tests.proof.edits import PLATFORMS
from tests.proof.mutants import Base, Score, Trial, exact, mutated
from tests.proof.test_round_trip import means_the_matrix

SITES = int(os.environ.get("PUNCHDOWN_RANDOM_SITES", "1"))
CASES = int(os.environ.get("PUNCHDOWN_CONTRACT_CASES", "1"))
MUTANTS = int(os.environ.get("PUNCHDOWN_CONTRACT_MUTANTS", "6"))


def filtering(member: Member) -> None:
    if not member.edits:
        pytest.skip("it filters nothing")
    if member.name in PLATFORMS and member.name != "cisco_ios":
        pytest.skip("tests/proof has it")


def state_of(case: Case, documents: dict[str, str] | None = None) -> SiteState:
    """The case's site as rendered, or with other documents of its device."""
    intended = {intent.device: render_device(intent) for intent in case.compiled.devices}
    texts = rendered_documents(intended)
    return site_state(case.compiled, intended, {**texts, case.device: documents or texts[case.device]}, "contract")


def test_what_the_device_shows_is_proved(rigged: Member) -> None:
    """As far as what was rendered is: a branch whose own controller routes is unknown on both."""
    filtering(rigged)
    for case in cases(rigged)[:CASES]:
        shown = bench(rigged, case.intent).running()
        found = prove(state_of(case, {item.name: item.text for item in shown.documents}))
        left = [(claim.title, claim.answer) for claim in found.claims if claim.answer is not Answer.PROVED]
        rendered = prove(state_of(case)).claims if left else ()
        assert left == [(claim.title, claim.answer) for claim in rendered if claim.answer is not Answer.PROVED]
        assert not left or not any(claim.answer is Answer.REFUTED for claim in found.claims)


def test_random_sites_mean_their_flow_matrix(member: Member) -> None:
    filtering(member)
    seen: Counter[bool] = Counter()

    @settings(max_examples=SITES, deadline=None, suppress_health_check=list(HealthCheck),
              phases=(Phase.reuse, Phase.generate))
    @given(drawn_for(member), st.randoms(use_true_random=False))
    def check(definition: dict, dice: random.Random) -> None:
        seen.update(means_the_matrix(definition, dice))

    check()
    assert min(seen[True], seen[False]) > 0


@cache
def bases(member: Member) -> tuple[Base, ...]:
    """The member's devices in the examples whose text holds no limit or schedule."""
    found = []
    for case in cases(member):
        state = state_of(case)
        policy = state.policies[case.device]
        wan = [item.port for item in state.topology.attachments if item.device == case.device and item.kind == "wan"]
        if exact(policy):
            texts = {item.name: item.text for item in case.intended.documents}
            found.append(Base(case.intent, texts, policy, *wan[:1]))
    return tuple(found)


def test_one_wrong_rule_is_seen_where_it_matters(member: Member) -> None:
    """No mutant is missed and none is invented; on corner packets prover and plain evaluator say the same."""
    filtering(member)
    scores: Counter[Score] = Counter()
    for seed in range(MUTANTS):
        dice = random.Random(f"contract {member.name} {seed}")
        found = mutated(dice, seed, member.document, member.edits, bases(member))
        trial = Trial(found, seed)
        score, words = trial.judge()
        assert score not in {Score.MISSED, Score.WRONG}, (seed, found.kind, words)
        scores[score] += 1
        assert agree(trial, f"packets {member.name} {seed}", 20).differ == []
    assert scores[Score.KILLED] + scores[Score.ALONE] > MUTANTS / 4
