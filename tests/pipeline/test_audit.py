"""What a verification sees on a device decides how the audit speaks of the controls that its lines serve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from punchdown import pipeline
from punchdown.pipeline import Context, Selection, Witnesses
from punchdown.values import ControlResult, ControlState, Severity

from .conftest import FEW, NOW

CONTROL = "segregation-data-vlan"


def audited(context: Context) -> ControlResult:
    audit = pipeline.audit(context.estate, (), Witnesses(context.operator, context.store_url), date(2026, 3, 2), NOW)
    return next(item for item in audit.sites[0].results if item.id == CONTROL)


def test_enforced_then_missing_then_verified(context: Context, write: Callable[[str], None]) -> None:
    write(FEW)
    assert audited(context).state is ControlState.ENFORCED
    pipeline.verify(context, Selection())
    before = audited(context)
    assert before.state is ControlState.MISSING
    assert f"the verification of {NOW} found that this does not hold: VLAN 130 (office)" in before.why
    pipeline.apply(context, Selection())
    assert pipeline.verify(context, Selection()).exit_code == 0
    after = audited(context)
    assert after.state is ControlState.VERIFIED
    assert {(item.device, item.at, item.holds) for item in after.sightings} == {("sw-1", NOW, True)}


def test_the_definition_moves_on_and_what_was_seen_does_not_count(
    context: Context, write: Callable[[str], None],
) -> None:
    write(FEW)
    pipeline.apply(context, Selection())
    pipeline.verify(context, Selection())
    path = context.estate / "sites" / "faro.yml"
    path.write_text(path.read_text().replace("vlan: 130", "vlan: 131"))
    assert audited(context).state is ControlState.ENFORCED


def test_a_verification_that_cannot_be_kept_says_so(
    context: Context, write: Callable[[str], None], tmp_path: Path,
) -> None:
    write(FEW)
    lost = Context(context.estate, context.operator, NOW, "alice", store_url=f"sqlite:///{tmp_path}/no/such/state.db")
    report = pipeline.verify(lost, Selection())
    assert [row.status for row in report.devices] == ["different"]
    (warning,) = report.warnings
    assert warning.severity is Severity.LOW
    assert warning.title == "audits and later reports will not know of this verify"
