"""What the proof of the intended configurations adds to an audit, and takes from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from punchdown.audit import SiteFacts
from punchdown.catalog.controls import controls
from punchdown.compiler import CompiledSite, compile_site
from punchdown.loader import load_estate
from punchdown.pipeline.auditing import proved
from punchdown.values import Answer, ControlState, IntendedConfig

from .conftest import ROOT, by_id

FORWARDED = "ip saddr 10.20.40.15 ip daddr 10.20.10.10 tcp dport 1752"
Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def compiled() -> CompiledSite:
    """The shipped site."""
    return compile_site(load_estate(ROOT / "inventory").loaded["lisbon"])


def with_lines(facts: SiteFacts, compiled: CompiledSite, edit: Edit) -> SiteFacts:
    """What is proved when every line of every device went through ``edit``."""
    def edited(config: IntendedConfig) -> IntendedConfig:
        return replace(config, documents=tuple(replace(document, lines=tuple(
            replace(line, text=edit(line.text)) for line in document.lines)) for document in config.documents))
    return proved(replace(facts, configs=tuple(map(edited, facts.configs))), compiled)


def test_what_is_proved_is_evidence(lisbon: SiteFacts, compiled: CompiledSite) -> None:
    results = by_id(proved(lisbon, compiled))
    smdr = results["acl-smdr"]
    assert smdr.state is ControlState.ENFORCED
    assert [(item.title, item.answer) for item in smdr.proofs] == [
        ("smdr-taker reaches mivb-1: smdr (tcp 1752)", Answer.PROVED),
        ("only smdr-taker can open smdr on mivb-1", Answer.PROVED)]
    assert "2 of 2 claims about what gets through proved" in smdr.why
    together = {item.title: item.claims for item in results["segregation-by-type-and-trust"].proofs}
    assert together["nothing undeclared gets from zone data to zone call-control"] == 2
    assert "forged sources from none of 7 networks reach anybody" in {
        item.title for item in results["segregation-trust-zones"].proofs}


@pytest.mark.parametrize(("edit", "meaning"), [
    (lambda text: text.replace(FORWARDED, FORWARDED.replace("1752", "1751")), "smdr-taker can't use smdr on mivb-1"),
    (lambda text: text.replace("nw_src=10.20.40.15", "nw_src=10.20.40.0/24").replace(
        FORWARDED, FORWARDED.replace("10.20.40.15", "10.20.40.0/24")), "can open TCP 1752 on mivb-1"),
], ids=["cut off", "opened to its neighbours"])
def test_a_packet_that_the_proof_finds_makes_it_missing(lisbon: SiteFacts, compiled: CompiledSite, edit: Edit,
                                                        meaning: str) -> None:
    results = by_id(with_lines(lisbon, compiled, edit))
    smdr = results["acl-smdr"]
    assert smdr.state is ControlState.MISSING
    assert meaning in smdr.why
    assert smdr.lines
    assert results["acl-pms"].state is ControlState.ENFORCED


def test_lines_that_nobody_understands_are_told_and_prove_nothing(lisbon: SiteFacts, compiled: CompiledSite) -> None:
    odd = by_id(with_lines(lisbon, compiled, lambda text: text.replace(
        FORWARDED, f"{FORWARDED} meta secmark 7")))["acl-smdr"]
    assert odd.state is ControlState.ENFORCED
    assert "claims about what gets through proved, 1 unknown" in odd.why
    assert {item.answer for item in odd.proofs} == {Answer.PROVED, Answer.UNKNOWN}


def test_every_topic_is_claimed_for_some_site(lisbon: SiteFacts, compiled: CompiledSite) -> None:
    """A topic that nothing answers would be a check that can't fail."""
    facts = proved(lisbon, compiled)
    assert facts.proof is not None
    zones = {"any", *facts.proof.zones.values()}
    topics = {topic for item in controls().values() if item.shown for topic in item.shown.proved}
    pairs = {topic for topic in topics if ">" in topic}
    assert topics - pairs == {"flows", "forged"}
    assert {zone for pair in pairs for zone in pair.split(">")} - zones <= {"guest"}


def test_without_a_proof_lines_speak_alone(lisbon: SiteFacts) -> None:
    smdr = by_id(lisbon)["acl-smdr"]
    assert smdr.state is ControlState.ENFORCED
    assert not smdr.proofs
