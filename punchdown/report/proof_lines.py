"""A proof as styled lines: short when all is proved; else each counter-example with its way and the deciding line."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.report.printable import printable
from punchdown.report.spans import Line, Span, Style
from punchdown.values.policy import LineRef
from punchdown.values.position import Provenance
from punchdown.values.proof import Answer, Claim, Hop, Proof, Proofs, Untidy

ANSWER_STYLES = {Answer.PROVED: Style.GOOD, Answer.REFUTED: Style.BAD, Answer.UNKNOWN: Style.UNKNOWN}
_KINDS = {"flow": "declared flows", "rest": "nothing else gets through", "spoofed": "no forged sources",
          "clear": "nothing passes beside a VPN", "unused": "unused ports lead nowhere",
          "query": "questions", "gained": "nothing became reachable", "stopped": "nothing stopped"}
_SHOWN_UNREAD = 5


def proofs_text(proofs: Proofs) -> str:
    """The proofs as plain text with a final newline."""
    return "".join("".join(span.text for span in line).rstrip() + "\n" for line in proof_lines(proofs))


def proof_lines(proofs: Proofs) -> tuple[Line, ...]:
    """Title, each site, and the summary as last line."""
    lines: list[Line] = [(Span("punchdown prove", Style.HEADING),
                          Span(f"  estate {printable(proofs.estate)}  {proofs.generated}", Style.MUTED))]
    for device, error in proofs.failures.items():
        told = printable(error) if error.startswith(f"{device}: ") else f"{printable(device)}: {printable(error)}"
        lines += [(), (Span(f"  {told}", Style.BAD),)]
    for proof in proofs.proofs:
        lines += [(), *_site(proof)]
    return (*lines, (), proof_summary(proofs))


def proof_summary(proofs: Proofs) -> Line:
    """``2 sites: 310 claims proved, 1 refuted``."""
    count = len(proofs.proofs)
    spans = [Span(f"{count} site{'' if count == 1 else 's'}", Style.HEADING), Span(": " if count else "")]
    totals = {answer: sum(proof.count(answer) for proof in proofs.proofs) for answer in Answer}
    for index, (answer, total) in enumerate(item for item in totals.items() if item[1]):
        words = f"{total} claim{'' if total == 1 else 's'} {answer}" if not index else f"{total} {answer}"
        spans += [Span(", " if index else ""), Span(words, ANSWER_STYLES[answer])]
    if proofs.failures:
        spans.append(Span(f"; {len(proofs.failures)} without a configuration", Style.BAD))
    return tuple(spans)


def _site(proof: Proof) -> Iterator[Line]:
    state = "nobody authenticated" if proof.unauthenticated else ""
    told = "  ".join(word for word in (printable(proof.basis), state) if word)
    yield (Span(printable(proof.site), Style.HEADING), Span(f"  {told}", Style.MUTED))
    for kind, words in _KINDS.items():
        claims = [claim for claim in proof.claims if claim.kind == kind]
        if claims and kind not in {"query", "gained", "stopped"}:
            yield _count(words, claims)
        for claim in claims:
            if claim.answer is not Answer.PROVED or kind == "query":
                yield from claim_lines(claim)
            elif claim.reach == "one way":
                yield (Span(f"    one way  {printable(claim.title)}"), Span(f"  {claim.meaning}", Style.MUTED))
    for untidy in proof.untidy:
        yield _untidy(untidy)
    for device in proof.assumed:
        yield (Span(f"  {printable(device)}: nothing reads its configuration; taken as passing everything",
                    Style.WARN),)
    for text in proof.unasked:
        yield (Span(f"  not asked: {printable(text)}", Style.MUTED),)


def _count(words: str, claims: list[Claim]) -> Line:
    proved = sum(claim.answer is Answer.PROVED for claim in claims)
    style = Style.GOOD if proved == len(claims) else Style.WARN
    return (Span(f"  {words}: ", Style.PLAIN), Span(f"{proved} of {len(claims)} proved", style))


def claim_lines(claim: Claim) -> Iterator[Line]:
    """One claim: the answer, what it means, the packet's way, the lines nobody understood."""
    style = ANSWER_STYLES[claim.answer]
    yield (Span(f"    {claim.answer:<8} ", style), Span(printable(claim.title)), Span(f"  [{claim.id}]", Style.MUTED))
    if claim.meaning:
        yield (Span(f"             {printable(claim.meaning)}", style),)
    if claim.packet is not None and str(claim.packet) not in claim.meaning:
        yield (Span("             packet   ", Style.MUTED), Span(printable(str(claim.packet))),
               Span(f"  {claim.reach}" if claim.reach else "", Style.MUTED))
    if origin := _origin(claim.source):
        yield (Span(f"             asked by {origin}", Style.MUTED),)
    yield from _hops(claim.hops)
    for item in claim.unread[:_SHOWN_UNREAD]:
        yield (Span("             unread   ", Style.UNKNOWN), Span(_line(item.device, item.line)))
    if len(claim.unread) > _SHOWN_UNREAD:
        yield (Span(f"             and {len(claim.unread) - _SHOWN_UNREAD} more lines", Style.UNKNOWN),)


def told_hops(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """The way there; the way back only when the reply was stopped."""
    stopped = any(hop.reply and not hop.passed for hop in hops)
    return tuple(hop for hop in hops if stopped or not hop.reply)


def _hops(hops: tuple[Hop, ...]) -> Iterator[Line]:
    for hop in told_hops(hops):
        sign, style = ("+", Style.ADDED) if hop.passed else ("x", Style.REMOVED)
        back = "reply " if hop.reply else ""
        yield (Span(f"             {sign} ", style), Span(f"{back}{printable(hop.device)} {printable(hop.place)}"),
               Span("" if hop.passed else "  dropped", style))
        if hop.line is not None:
            yield (Span(f"                 {_line('', hop.line)}", Style.PLAIN),)
            if origin := _origin(hop.source):
                yield (Span(f"                 # {origin}", Style.MUTED),)


def _line(device: str, line: LineRef) -> str:
    where = f"{line.document}:{line.number}" if line.number else f"{line.document} (by itself)"
    return printable(f"{device} {where}  {line.text.strip()}".strip())


def _origin(source: Provenance) -> str:
    parts = (source.feature, source.field, str(source.position) if source.position.file else "",
             " ".join(source.controls))
    return printable(" · ".join(part for part in parts if part))


def _untidy(item: Untidy) -> Line:
    words = {"shadowed": "never does anything, an earlier line takes all its packets and does otherwise",
             "redundant": "could go, nothing would change", "unreachable": "no packet can come there",
             "unused": "is bound nowhere", "undefined": "is bound and not defined"}[item.kind]
    where = _line(item.device, item.line) if item.line is not None else f"{item.device} {item.table}"
    other = f"; see line {item.other.number}" if item.other is not None else ""
    return (Span(f"  {item.kind:<12}", Style.WARN), Span(printable(where)), Span(f"  {words}{other}", Style.MUTED))
