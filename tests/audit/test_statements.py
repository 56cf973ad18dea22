"""Attestations and waivers count on the days that they name, both ends included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from punchdown.audit import SiteFacts, audit_site
from punchdown.catalog.controls import domains, papers
from punchdown.values import Audit, ControlState

from .conftest import TODAY, by_id, facts_in
from .estates import INVENTORY

Changed = Callable[..., SiteFacts]
MORE = """
attestations:
  site-visit: {controls: [segregation-physical-server-location, segregation-trust-zones], who: 'Ana Silva, security',
               when: 2026-09-01, evidence: report 2026-17, valid_until: 2026-12-31}
waivers:
  endpoint-second-port-disable: {reason: PCs hang behind phones until the desks are rebuilt, until: 2027-01-31}
"""
SPOKEN, BOTH, WAIVED = "segregation-physical-server-location", "segregation-trust-zones", "endpoint-second-port-disable"


@pytest.mark.parametrize(("day", "state"), [
    (date(2026, 8, 31), ControlState.MISSING), (date(2026, 9, 1), ControlState.ATTESTED),
    (date(2026, 12, 31), ControlState.ATTESTED), (date(2027, 1, 1), ControlState.EXPIRED),
])
def test_an_attestation_counts_from_its_day_to_its_end(changed: Changed, day: date, state: ControlState) -> None:
    result = by_id(changed(more=MORE), day)[SPOKEN]
    assert result.state is state
    assert [item.who for item in result.statements] == ["Ana Silva, security"]
    if state is ControlState.ATTESTED:
        assert result.why == "Ana Silva, security vouches for it since 2026-09-01, until 2026-12-31: report 2026-17"


@pytest.mark.parametrize(("day", "state"), [
    (date(2026, 1, 1), ControlState.WAIVED), (date(2027, 1, 31), ControlState.WAIVED),
    (date(2027, 2, 1), ControlState.EXPIRED),
])
def test_a_waiver_counts_to_its_end(changed: Changed, day: date, state: ControlState) -> None:
    result = by_id(changed(more=MORE), day)[WAIVED]
    assert result.state is state
    assert result.statements[0].text == "PCs hang behind phones until the desks are rebuilt"


def test_a_control_with_a_part_for_people_needs_both(lisbon: SiteFacts, changed: Changed) -> None:
    assert by_id(lisbon)[BOTH].state is ControlState.MISSING
    facts = changed(more=MORE)
    assert by_id(facts)[BOTH].state is ControlState.ENFORCED
    assert by_id(facts)[BOTH].statements
    assert by_id(facts, date(2027, 1, 1))[BOTH].state is ControlState.EXPIRED


def test_what_has_expired_is_a_finding_of_its_own(changed: Changed) -> None:
    facts = changed(more=MORE)
    assert audit_site(facts, TODAY).stale == ()
    later = audit_site(facts, date(2027, 2, 1))
    assert [item.name for item in later.stale] == ["site-visit", WAIVED]
    titles = [item.title for item in later.findings]
    assert "the attestation site-visit has expired" in titles
    assert f"the waiver {WAIVED} has expired" in titles
    assert all(item.position.file.endswith("lisbon.yml") for item in later.stale)


def test_a_waiver_of_what_is_met_changes_nothing(changed: Changed) -> None:
    more = "\nwaivers: {acl-smdr: {reason: not needed any more, until: 2027-01-31}}\n"
    assert by_id(changed(more=more))["acl-smdr"].state is ControlState.ENFORCED


def test_a_control_that_does_not_concern_the_site_stays_so(changed: Changed) -> None:
    more = "\nwaivers: {process-flex-patching: {reason: nothing to patch, until: 2027-01-31}}\n"
    result = by_id(changed(more=more))["process-flex-patching"]
    assert result.state is ControlState.NOT_APPLICABLE
    assert result.why == "the site does not use MiCloud Flex"


@pytest.mark.parametrize(("day", "expired", "exit_code"), [
    (date(2026, 11, 21), 0, 0), (date(2027, 3, 31), 0, 0), (date(2027, 4, 1), 1, 2), (date(2027, 9, 1), 134, 2),
])
def test_an_example_that_accounts_for_everything_until_it_runs_out(day: date, expired: int, exit_code: int) -> None:
    """129 attested, 3 enforced with a part for people, 2 waived."""
    site = audit_site(facts_in(INVENTORY / "examples" / "contact-centre", "braga"), day)
    counts = site.counts
    assert counts.get(ControlState.EXPIRED, 0) == expired
    assert counts.get(ControlState.MISSING, 0) == 0
    assert Audit("call-house", "", day.isoformat(), domains(), papers(), (site,)).exit_code == exit_code
