"""Proofs as one HTML file: each site's zones against services as a picture, then every claim that is not proved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from punchdown.report.html import BAR_WIDTH, Share, render_page
from punchdown.report.proof_lines import ANSWER_STYLES, told_hops
from punchdown.values.proof import Answer, Claim, Proof, Proofs

_WORST = (Answer.REFUTED, Answer.UNKNOWN, Answer.PROVED)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a zone may do: ``style`` is a colour, ``word`` says it without colour, ``why`` names the claims, ``link``
    the first of those that are not proved."""

    style: str
    word: str
    why: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Zones by services; each row has a cell for all that no flow allows, one for forged sources, then one for each
    service."""

    services: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def proof_html(proofs: Proofs) -> str:
    """The page as text. Same proofs, same bytes."""
    totals = {answer: sum(proof.count(answer) for proof in proofs.proofs) for answer in _WORST}
    return render_page("proof.html.j2", proofs=proofs, title="Proof", shares=_shares(totals), picture=picture,
                       styles=ANSWER_STYLES, proved=Answer.PROVED, told=told_hops)


def picture(proof: Proof) -> Picture:
    """A site's claims by zone and service."""
    services = tuple(sorted({claim.service for claim in proof.claims if claim.kind == "flow"}))
    zones = sorted(set(proof.zones.values()))
    return Picture(services, tuple((zone, tuple(_row(proof, zone, services))) for zone in zones))


def _row(proof: Proof, zone: str, services: Iterable[str]) -> Iterable[Cell]:
    own = [claim for claim in proof.claims if proof.zones.get(claim.client.partition(":")[0]) == zone]
    yield _cell([claim for claim in own if claim.kind == "rest"], "closed", "open")
    yield _cell([claim for claim in own if claim.kind == "spoofed"], "closed", "open")
    for service in services:
        yield _cell([claim for claim in own if claim.kind == "flow" and claim.service == service], "open", "broken")


def _cell(claims: list[Claim], good: str, bad: str) -> Cell:
    if not claims:
        return Cell("muted", "none")
    worst = min(claims, key=lambda claim: _WORST.index(claim.answer))
    word = {Answer.PROVED: good, Answer.REFUTED: bad, Answer.UNKNOWN: "unknown"}[worst.answer]
    why = "; ".join(claim.meaning or claim.title for claim in claims if claim.answer is worst.answer)
    return Cell(ANSWER_STYLES[worst.answer].value, word, why, "" if worst.answer is Answer.PROVED else worst.id)


def _shares(counts: Mapping[Answer, int]) -> tuple[Share, ...]:
    total = sum(counts.values())
    shares: list[Share] = []
    start = 0.0
    for answer, count in counts.items():
        if count:
            width = BAR_WIDTH * count / total
            shares.append(Share(answer, ANSWER_STYLES[answer].value, count, round(start, 2), round(width, 2)))
            start += width
    return tuple(shares)
