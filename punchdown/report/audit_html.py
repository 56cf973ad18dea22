"""An audit as one HTML file, under the same policy as every report: nothing is loaded, nothing else runs."""

from __future__ import annotations

from collections.abc import Mapping

from punchdown.report.audit_lines import STATE_STYLES
from punchdown.report.html import BAR_WIDTH, Share, render_page
from punchdown.values import Audit, ControlResult, ControlState

SHOWN_LINES = 40
"""Lines of evidence on the page for each control; the JSON has all of them."""


def audit_html(audit: Audit) -> str:
    """The page as text. Same audit, same bytes."""
    return render_page("audit.html.j2", audit=audit, title="Audit", shares=_shares_of(audit.counts),
                       shares_of=_shares_of, styles=STATE_STYLES, shown_lines=SHOWN_LINES, has_details=_has_details)


def _has_details(result: ControlResult) -> bool:
    return result.state is not ControlState.NOT_APPLICABLE and bool(
        result.lines or result.sightings or result.proofs or result.settings or result.statements or result.gaps)


def _shares_of(counts: Mapping[ControlState, int]) -> tuple[Share, ...]:
    """The states that occur, best first, side by side."""
    total = sum(counts.values())
    shares: list[Share] = []
    start = 0.0
    for state, style in STATE_STYLES.items():
        if count := counts.get(state, 0):
            width = BAR_WIDTH * count / total
            shares.append(Share(state, style.value, count, round(start, 2), round(width, 2)))
            start += width
    return tuple(shares)
