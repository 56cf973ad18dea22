"""Devices that a change which stopped has left in the middle: what runs there may still go back by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from punchdown.campaign import ENDS
from punchdown.devices import Operator
from punchdown.errors import StateError
from punchdown.pipeline.work import Context
from punchdown.state import Store
from punchdown.values import DeviceReport, Finding, Severity, finding_id

_HARMLESS = ENDS | {"connect", "fetch"}
"""Last steps after which nothing on the device is under way."""


@dataclass(frozen=True, slots=True)
class Left:
    """``run`` stopped at ``step`` of a device."""

    run: str
    step: str

    def __str__(self) -> str:
        return f"a change stopped in the middle of it (run {self.run}, {self.step})"


def left_in(store: Store, sites: Iterable[str]) -> Mapping[str, Left]:
    """Device to the latest run that stopped in the middle of it and that nobody works on."""
    last = {entry.device: Left(run, entry.step) for site in sites for run in store.abandoned(site)
            for entry in store.journal(run)}
    return {device: left for device, left in last.items() if left.step not in _HARMLESS}


def left_behind(context: Context, operator: Operator, sites: Iterable[str]) -> Mapping[str, Left]:
    """The same, of the operator's store; nothing where it is not there or can't be read: looking makes none."""
    url = context.store_url or operator.store_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        return {}
    try:
        with Store.open(url) as store:
            return left_in(store, sites)
    except StateError:
        return {}


def refuse_left(store: Store, sites: Iterable[str]) -> None:
    """Raises StateError: a device must come to an end before the next change begins."""
    left = left_in(store, sites)
    if left:
        device, first = next(iter(left.items()))
        more = f" and of {len(left) - 1} more" if len(left) > 1 else ""
        raise StateError(f"{device}: {first}{more}: finish or undo it first: punchdown apply --resume {first.run}")


def told_left(row: DeviceReport, left: Left | None, kind: str) -> DeviceReport:
    """The row with what its device is in the middle of."""
    if left is None:
        return row
    finding = Finding(finding_id(kind, row.device, "left-in-the-middle"), row.device, kind, Severity.HIGH, str(left),
                      "its timer may still bring the old configuration back, or nobody has saved the new one",
                      hint=f"punchdown apply --resume {left.run}")
    status = "unknown" if row.status == "in-order" else row.status
    return replace(row, status=status, findings=(finding, *row.findings))
