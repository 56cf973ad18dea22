"""What the proof of what devices let through says of a control."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from punchdown.audit.facts import SiteFacts
from punchdown.catalog.controls import Control
from punchdown.values import Answer, Gap, ProofEvidence
from punchdown.values.proof import Claim

ANY = "any"
_WORST = (Answer.PROVED, Answer.UNKNOWN, Answer.REFUTED)


def proved(control: Control, facts: SiteFacts) -> tuple[ProofEvidence, ...]:
    """The claims that bear on a control: each declared flow that serves it by itself, all of a pair of zones together;
    what is refuted, or unknown, each by itself. Empty when nothing was proved."""
    if facts.proof is None or control.shown is None:
        return ()
    return tuple(item for topic in control.shown.proved for item in _TOPICS.get(topic, _between)(topic, control, facts))


def refuted(evidence: Iterable[ProofEvidence]) -> tuple[Gap, ...]:
    """What speaks against the control: packets that get through, or declared ones that do not."""
    return tuple(Gap(f"the proof refutes that {item.title}: {item.meaning}", item.position)
                 for item in evidence if item.answer is Answer.REFUTED)


def summed(evidence: tuple[ProofEvidence, ...]) -> str:
    """``; 12 of 13 claims about what gets through proved, 1 unknown``; empty without any."""
    if not evidence:
        return ""
    count = {answer: sum(item.claims for item in evidence if item.answer is answer) for answer in _WORST}
    unknown = f", {count[Answer.UNKNOWN]} unknown" if count[Answer.UNKNOWN] else ""
    return f"; {count[Answer.PROVED]} of {sum(count.values())} claims about what gets through proved{unknown}"


def _flows(_topic: str, control: Control, facts: SiteFacts) -> Iterator[ProofEvidence]:
    claims = _claims(facts)
    served = [claim for claim in claims if claim.kind == "flow" and control.id in claim.source.controls]
    services = {(claim.server, claim.service) for claim in served}
    only = [claim for claim in claims if claim.kind == "only" and (claim.server, claim.service) in services]
    for claim in (*served, *only):
        yield _alone(claim)


def _forged(_topic: str, _control: Control, facts: SiteFacts) -> Iterator[ProofEvidence]:
    yield from _together([claim for claim in _claims(facts) if claim.kind == "spoofed"],
                         lambda count: f"forged sources from none of {count} networks reach anybody")


def _between(topic: str, _control: Control, facts: SiteFacts) -> Iterator[ProofEvidence]:
    sender, receiver = topic.split(">")
    zones = facts.proof.zones if facts.proof else {}
    found = [claim for claim in _claims(facts) if claim.kind == "rest"
             and sender in {ANY, zones.get(claim.client)} and receiver in {ANY, zones.get(claim.server)}]
    words = "any zone to any other" if (sender, receiver) == (ANY, ANY) else f"{_zone(sender)} to {_zone(receiver)}"
    yield from _together(found, lambda _count: f"nothing undeclared gets from {words}")


def _zone(name: str) -> str:
    return "any zone" if name == ANY else f"zone {name}" if name != "wan" else "the wan"


_TOPICS: dict[str, Callable[[str, Control, SiteFacts], Iterator[ProofEvidence]]] = {
    "flows": _flows, "forged": _forged}


def _claims(facts: SiteFacts) -> tuple[Claim, ...]:
    return facts.proof.claims if facts.proof else ()


def _together(claims: list[Claim], title: Callable[[int], str]) -> Iterator[ProofEvidence]:
    fine = [claim for claim in claims if claim.answer is Answer.PROVED]
    if fine:
        yield ProofEvidence(title(len(fine)), Answer.PROVED, "", len(fine))
    for claim in claims:
        if claim.answer is not Answer.PROVED:
            yield _alone(claim)


def _alone(claim: Claim) -> ProofEvidence:
    return ProofEvidence(claim.title, claim.answer, claim.meaning, 1, claim.source.position)
