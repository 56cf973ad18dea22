"""What was done: runs, their journals, the audit log. Touches no device."""

from __future__ import annotations

from pathlib import Path

from punchdown.devices import Operator
from punchdown.state import Store
from punchdown.values import AuditEntry, JournalEntry, RunRecord


def runs(operator: Path, store_url: str | None, count: int) -> tuple[RunRecord, ...]:
    """The last runs, newest first."""
    with Store.open(store_url or Operator.load(operator).store_url) as store:
        return store.runs(count)


def journal(operator: Path, store_url: str | None, run: str) -> tuple[JournalEntry, ...]:
    """The steps of one run, in order. Raises StateError: there is no such run."""
    with Store.open(store_url or Operator.load(operator).store_url) as store:
        store.plan_of(run)
        return store.journal(run)


def audit_log(operator: Path, store_url: str | None) -> tuple[AuditEntry, ...]:
    """Who did what, with which plan and result, oldest first."""
    with Store.open(store_url or Operator.load(operator).store_url) as store:
        return store.audit_log()
