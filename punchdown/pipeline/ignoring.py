"""What an estate leaves alone for a while."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from punchdown.loader import Files, read_head
from punchdown.model.attest import Ignore
from punchdown.report import leave
from punchdown.values import Report


def ignore_rules(estate: Path) -> tuple[Ignore, ...]:
    """The findings that the estate leaves for a while. Raises InputError: ``punchdown.yml`` is wrong."""
    return read_head(Files(estate.absolute())).ignore


def leave_known(report: Report, estate: Path) -> Report:
    """The report without what the estate leaves alone on the report's day. Raises as :func:`ignore_rules`."""
    return leave(report, ignore_rules(estate), date.fromisoformat(report.generated[:10]))
