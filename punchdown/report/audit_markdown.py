"""An audit as Markdown, for pull requests and for filing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from punchdown.report.audit_lines import STATE_STYLES, audit_summary
from punchdown.report.lines import spoken
from punchdown.report.markdown import DOLLAR, LIMIT, NOTHING, fitting, parted
from punchdown.report.printable import printable
from punchdown.values import Audit, ControlResult, ControlState, Coverage

BAD = frozenset({ControlState.MISSING, ControlState.EXPIRED})
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|!&~])")


def literal(text: str) -> str:
    r"""Text that Markdown prints as it stands, in a table too.

    >>> literal("a|b <img>")
    'a\\|b \\<img\\>'
    """
    return NOTHING.join(_ACTIVE.sub(r"\\\1", part).replace("$", DOLLAR) for part in parted(printable(text)))


def audit_markdown(audit: Audit, *, limit: int = LIMIT) -> str:
    """The audit with a final newline. Same audit, same text. What would be longer than ``limit`` characters tells only
    of controls that are missing or expired, and counts what does not fit even so."""
    whole = "\n".join(_parts(audit, frozenset(ControlState))) + "\n"
    if len(whole) <= limit:
        return whole
    return "\n".join(fitting(_parts(audit, BAD), limit - 1, "more lines")) + "\n"


def _parts(audit: Audit, states: frozenset[ControlState]) -> Iterator[str]:
    yield f"# Audit of {literal(audit.estate)}"
    yield f"\nAs of {audit.as_of}: {''.join(span.text for span in audit_summary(audit))}."
    if states == BAD:
        yield "\nOnly what is missing or has expired, by control: the whole would be too long for a comment."
    for head, rows in (("domain", audit.by_domain()), ("paper", audit.by_paper())):
        yield f"\n## Coverage by {head}\n"
        yield from _coverage(head, rows)
    for site in audit.sites:
        yield f"\n## {literal(site.site)}\n"
        for statement in site.stale:
            yield f"- the {statement.kind} {literal(statement.name)} expired on {statement.until}"
        yield from _table(("control", "state", "why", "source"), (
            _row(audit, item) for item in site.results if item.state in states))


def _coverage(head: str, rows: Iterable[Coverage]) -> Iterator[str]:
    heads = (head, "met", "applicable", *(spoken(state) for state in STATE_STYLES))
    yield from _table(heads, ((literal(row.name), str(row.met), str(row.applicable),
                               *(str(row.counts.get(state, 0)) for state in STATE_STYLES)) for row in rows))


def _row(audit: Audit, item: ControlResult) -> tuple[str, ...]:
    state = spoken(item.state)
    bold = item.state in BAD
    return (f"`{item.id}` {literal(item.title)}", f"**{state}**" if bold else state, literal(item.why),
            literal(f"{audit.papers[item.paper]}: {item.section}"))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
