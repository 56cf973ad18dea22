"""Keep in the store what a look at devices found, so that later looks and reports can say since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from punchdown.devices import Operator
from punchdown.errors import PunchdownError, StateError
from punchdown.pipeline.work import Context
from punchdown.state import LookedAt, Store
from punchdown.values import Finding, Report, Severity, Sighting, Timing, finding_id

Keep = Callable[[Report, LookedAt, Sequence[Sighting]], Report]
"""Keeps what was found and seen of some documents of devices, and gives the report with what is new."""


def kept_in(operator: Path, store_url: str | None, who: str) -> Keep | None:
    """Keeps in the operator's store; None where there is neither the operator's directory nor another store."""
    if store_url is None and not operator.is_dir():
        return None
    return lambda report, looked_at, sightings: remember(report, operator, store_url, who, sightings, looked_at)


def remember(report: Report, operator: Path, store_url: str | None, who: str,
             sightings: Iterable[Sighting] = (), looked_at: LookedAt | None = None) -> Report:
    """The report with what is new in it since the last look of its kind; it is kept, and with it what a verification
    saw. ``looked_at``: the documents, where not whole devices were looked at. Where it can't be kept the report gets a
    warning: the devices were looked at all the same."""
    try:
        with Store.open(store_url or Operator.load(operator).store_url) as store:
            news = store.history.record(report, who, looked_at)
            store.remember(sightings)
    except (PunchdownError, IntegrityError) as error:
        why = str(error) if isinstance(error, PunchdownError) else "another look was being kept at the same time"
        warning = Finding(finding_id(report.kind, "not-kept"), "", report.kind, Severity.LOW,
                          f"audits and later reports will not know of this {report.kind}", why)
        return replace(report, warnings=(*report.warnings, warning))
    return replace(report, new=tuple(item.finding.id for item in news.opened),
                   gone=tuple(item.finding for item in news.gone))


def timings_of(context: Context, operator: Operator) -> tuple[Timing, ...]:
    """How long changes took; none where the store can't be read or is not there: a plan makes none."""
    url = context.store_url or operator.store_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return ()
    try:
        with Store.open(url) as store:
            return store.timings()
    except StateError:
        return ()
