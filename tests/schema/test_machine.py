"""What programs read is what its schema says, for every verb, down to the last key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from punchdown.notify import message_of
from punchdown.report import audit_report, leave, proofs_report
from punchdown.schema import make_schema
from punchdown.values import Plan, Proofs, Report, to_json
from punchdown.values.way import Breach, Invariant, Way
from tests.report.conftest import ACCESS, CHANGE, CORE, DHCP, FIREWALL, RADIUS
from tests.report.made_up import example, opened
from tests.report.test_audit import AUDIT
from tests.report.test_rules import DAY, rule

_, PROOF, _ = example()
CLAIM = next(claim for claim in opened(PROOF).claims if claim.packet is not None)
WAY = Way("lisbon", ("fw-1",), 2, 2, (Breach(Invariant.PROTECTION, "fw-1", 1, "x", 1, ("fw-1", "y"), CLAIM),))
LOOK = Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", (DHCP, FIREWALL, RADIUS, ACCESS, CORE), ACCESS.findings,
              ways=(WAY,), new=("0" * 12,), gone=ACCESS.findings)
REPORTS = {
    **dict.fromkeys(("check", "plan", "apply", "rollback", "verify", "drift"), LOOK),
    "ignored": leave(LOOK, [rule(device="sw-acc-1")], DAY),
    "prove": proofs_report(Proofs("grand-hotels", "2026-03-02T04:05:06Z", (opened(PROOF),), {"sw-9": "no answer"})),
    "audit": audit_report(AUDIT),
}


def closed(kind: str) -> Draft202012Validator:
    """The schema of a kind, grown strict: no key that it does not name."""
    schema = make_schema(kind)
    for part in (schema, *schema["$defs"].values()):
        if "properties" in part:
            part["additionalProperties"] = False
    return Draft202012Validator(schema)


def faults(kind: str, data: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in closed(kind).iter_errors(data)]


@pytest.mark.parametrize("name", REPORTS)
def test_the_report_of_every_verb(name: str) -> None:
    assert faults("report", json.loads(to_json(REPORTS[name]))) == []


def test_a_plan() -> None:
    assert faults("plan", json.loads(to_json((Plan("lisbon", (CHANGE,), {"sw-9": "no answer"}, "d", WAY),)))) == []


def test_a_message() -> None:
    assert faults("notification", json.loads(to_json(message_of(LOOK)))) == []


@pytest.mark.parametrize(("key", "value"), [
    ("kind", 7), ("devices", [{"device": "sw-1"}]), ("new", "all"), ("ignored", [{"finding": {}}]), ("proofs", []),
    ("interrupted", "no"), ("surprise", 1),
])
def test_what_is_wrong_is_refused(key: str, value: object) -> None:
    assert faults("report", {**json.loads(to_json(LOOK)), key: value})


@pytest.mark.parametrize("key", ["kind", "devices", "exit_code", "faults", "unseen"])
def test_a_message_lacks_nothing(key: str) -> None:
    data = json.loads(to_json(message_of(LOOK)))
    del data[key]
    assert faults("notification", data)
