"""An audit as styled lines: coverage first, then every control of every site, grouped by domain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from punchdown.report.lines import spoken
from punchdown.report.printable import printable
from punchdown.report.spans import Line, Span, Style
from punchdown.values import Audit, ControlResult, ControlState, Coverage, SiteAudit

STATE_STYLES = {
    ControlState.VERIFIED: Style.GOOD, ControlState.ENFORCED: Style.GOOD, ControlState.EXPORTED: Style.GOOD,
    ControlState.ATTESTED: Style.GOOD, ControlState.WAIVED: Style.WARN, ControlState.NOT_APPLICABLE: Style.MUTED,
    ControlState.EXPIRED: Style.BAD, ControlState.MISSING: Style.BAD,
}
"""What each state looks like, best first."""

_WIDTH = max(len(spoken(state)) for state in STATE_STYLES)


def audit_text(audit: Audit) -> str:
    """The audit as plain text with a final newline."""
    return "".join("".join(span.text for span in line).rstrip() + "\n" for line in audit_lines(audit))


def audit_lines(audit: Audit) -> tuple[Line, ...]:
    """Title, coverage by domain and by paper, each site's controls, and the summary as last line."""
    lines: list[Line] = [(Span("punchdown audit", Style.HEADING),
                          Span(f"  estate {printable(audit.estate)}  as of {audit.as_of}", Style.MUTED))]
    for head, rows in (("by domain", audit.by_domain()), ("by paper", audit.by_paper())):
        lines += [(), *_coverage(head, rows)]
    for site in audit.sites:
        lines += [(), *_site(audit, site)]
    return (*lines, (), audit_summary(audit))


def audit_summary(audit: Audit) -> Line:
    """``304 controls on 1 site: 20 enforced, 129 not applicable, 155 missing``."""
    counts = audit.counts
    spans = [Span(f"{sum(counts.values())} controls on {len(audit.sites)} site{'' if len(audit.sites) == 1 else 's'}",
                  Style.HEADING), Span(": ")]
    for index, state in enumerate(state for state in STATE_STYLES if counts.get(state)):
        spans += [Span(", " if index else ""), Span(f"{counts[state]} {spoken(state)}", STATE_STYLES[state])]
    stale = sum(len(site.stale) for site in audit.sites)
    if stale:
        spans.append(Span(f"; {stale} expired attestation{'s or waivers' if stale > 1 else ' or waiver'}", Style.WARN))
    return tuple(spans)


def _coverage(head: str, rows: Iterable[Coverage]) -> Iterator[Line]:
    yield (Span(f"Coverage {head}", Style.HEADING),)
    for row in rows:
        states = ", ".join(f"{row.counts[state]} {spoken(state)}" for state in STATE_STYLES if row.counts.get(state))
        style = Style.GOOD if row.met == row.applicable else Style.PLAIN
        yield (Span(f"  {row.met:>4} of {row.applicable:<4}", style), Span(f" {row.name}"),
               Span(f"  {states}", Style.MUTED))


def _site(audit: Audit, site: SiteAudit) -> Iterator[Line]:
    yield (Span(printable(site.site), Style.HEADING),)
    for statement in site.stale:
        yield (Span(f"  the {statement.kind} {printable(statement.name)} expired on {statement.until}", Style.WARN),
               Span(f"  {printable(str(statement.position))}", Style.MUTED))
    for domain, results in groupby(site.results, key=lambda item: item.domain):
        yield (Span(f"  {audit.domains[domain]}", Style.HEADING),)
        for result in results:
            yield from control_lines(result)


def control_lines(result: ControlResult) -> Iterator[Line]:
    """One control: its state and why; what speaks against it below, each with its place."""
    yield (Span(f"    {spoken(result.state):<{_WIDTH}} ", STATE_STYLES[result.state]), Span(result.id),
           Span(f"  {printable(result.why)}", Style.MUTED))
    if result.state in {ControlState.EXPIRED, ControlState.MISSING}:
        for gap in result.gaps:
            place = f"  {printable(str(gap.position))}" if gap.position.file else ""
            if gap.text == result.why and not place:
                continue
            yield (Span(f"    {'':<{_WIDTH}}   {printable(gap.text)}"), Span(place, Style.MUTED))
