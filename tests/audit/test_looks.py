"""What looks from outside say of controls: all gateways of the product, all facts, and only what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from punchdown.audit import SiteFacts
from punchdown.values import ControlState
from punchdown.values.probe import PortQuestion, PortSeen, TlsSeen
from punchdown.verify import probe_sightings

from .conftest import TODAY, by_id

AT = "2026-11-20T10:00:00Z"
CONTROLS = ("admin-mivb-https", "tls-mivb-12-only", "tls-mivb-web-certificate", "tls-mivb-web-certificate-expiry")
GOOD = TlsSeen({"SSL 3.0": False, "TLS 1.0": False, "TLS 1.1": False, "TLS 1.2": True, "TLS 1.3": None}, "", False,
               "CN=pbx", "CN=ours", "2027-11-01", "")


def seen(host: str, tls: TlsSeen | None = GOOD, state: str = "open", port: int = 443) -> PortSeen:
    question = PortQuestion(host, "10.20.10.10", "tcp", port, allowed=True, tls=True, service="admin-https")
    return PortSeen(question, state, "", tls)  # type: ignore[arg-type]


def looked(lisbon: SiteFacts, *looks: PortSeen, place: str = "admin-1") -> SiteFacts:
    return replace(lisbon, sightings=(*lisbon.sightings, *probe_sightings(place, looks, AT)))


def states(facts: SiteFacts, as_of: date = TODAY) -> dict[str, ControlState]:
    results = by_id(facts, as_of)
    return {name: results[name].state for name in CONTROLS}


def test_what_looks_saw_of_every_controller_is_verified(lisbon: SiteFacts) -> None:
    assert set(states(lisbon).values()) == {ControlState.MISSING}
    facts = looked(lisbon, seen("mivb-1"), seen("mivb-2"))
    assert set(states(facts).values()) == {ControlState.VERIFIED}
    result = by_id(facts)["tls-mivb-12-only"]
    assert result.why == f"2 looks from outside, the oldest of {AT}"
    assert next(item.title for item in result.sightings) == (
        "TCP 443 of mivb-1 speaks TLS 1.2 or later only, seen from admin-1")


def test_one_controller_that_nobody_looked_at_leaves_it_to_people(lisbon: SiteFacts) -> None:
    facts = looked(lisbon, seen("mivb-1"))
    assert set(states(facts).values()) == {ControlState.MISSING}
    assert "nobody looked from where it is reached" in by_id(facts)["admin-mivb-https"].why


@pytest.mark.parametrize(("tls", "control"), [
    (replace(GOOD, versions={**GOOD.versions, "TLS 1.0": True}), "tls-mivb-12-only"),
    (replace(GOOD, chain="self-signed certificate"), "tls-mivb-web-certificate"),
    (replace(GOOD, not_after="2026-12-01"), "tls-mivb-web-certificate-expiry"),
    (None, "admin-mivb-https")])
def test_what_does_not_hold_is_missing_with_its_place(lisbon: SiteFacts, tls: TlsSeen | None, control: str) -> None:
    facts = looked(lisbon, seen("mivb-1"), seen("mivb-2", tls))
    result = by_id(facts)[control]
    assert result.state is ControlState.MISSING
    assert f"the look of {AT} found that this does not hold: TCP 443 of mivb-2" in result.why
    assert result.gaps[0].position == lisbon.at("hosts", "mivb-2")


@pytest.mark.parametrize("look", [
    seen("mivb-2", None, "silent"), seen("mivb-2", port=5061),
    seen("mivb-2", replace(GOOD, versions=dict.fromkeys(GOOD.versions, None), chain=None, not_after=""))])
def test_what_could_not_be_seen_verifies_nothing(lisbon: SiteFacts, look: PortSeen) -> None:
    facts = looked(lisbon, seen("mivb-1"), look)
    assert ControlState.VERIFIED not in {states(facts)[name] for name in CONTROLS[1:]}


def test_a_bad_look_from_one_place_outweighs_a_good_one_from_another(lisbon: SiteFacts) -> None:
    facts = looked(looked(lisbon, seen("mivb-1"), seen("mivb-2")),
                   seen("mivb-1", replace(GOOD, versions={**GOOD.versions, "TLS 1.1": True})), place="office")
    assert states(facts)["tls-mivb-12-only"] is ControlState.MISSING


def test_a_certificate_ends_though_nobody_looks_again(lisbon: SiteFacts) -> None:
    facts = looked(lisbon, seen("mivb-1"), seen("mivb-2"))
    assert states(facts, date(2027, 9, 30))["tls-mivb-web-certificate-expiry"] is ControlState.VERIFIED
    late = by_id(facts, date(2027, 10, 15))["tls-mivb-web-certificate-expiry"]
    assert late.state is ControlState.MISSING
    assert "it ends on 2027-11-01" in late.why


def test_a_look_later_than_the_day_does_not_count(lisbon: SiteFacts) -> None:
    facts = looked(lisbon, seen("mivb-1"), seen("mivb-2"))
    assert states(facts, date(2026, 11, 19))["admin-mivb-https"] is ControlState.MISSING
