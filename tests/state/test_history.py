"""Faults have a beginning and an end; who was not seen keeps his faults; a drift knows why."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from punchdown.state import Store
from punchdown.values import (
    Change,
    DeviceReport,
    Difference,
    Fault,
    Finding,
    Plan,
    Proof,
    Proofs,
    Provenance,
    Report,
    Severity,
    Step,
    Verdict,
    finding_id,
)

ONE, TWO, THREE = "2026-03-01T02:00:00Z", "2026-03-02T02:00:00Z", "2026-03-03T02:00:00Z"


def finding(device: str, line: str, meaning: str = "") -> Finding:
    return Finding(finding_id(device, line), device, "drift", Severity.HIGH, f"missing: {line}", meaning, line=line)


def row(device: str, *lines: str, status: str = "", site: str = "lisbon") -> DeviceReport:
    found = tuple(finding(device, line) for line in lines)
    return DeviceReport(device, site, "cisco_ios", "access-switch", status or ("different" if found else "in-order"),
                        found)


def look(at: str, *rows: DeviceReport, kind: str = "drift") -> Report:
    return Report(kind, "grand-hotels", at, rows)


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str, str, str]]:
    return [(item.device, item.finding.line, item.since, item.until) for item in faults]


def test_a_fault_begins_stays_ends_and_comes_back_as_a_new_one(url: str) -> None:
    with Store.open(url) as store:
        first = store.history.record(look(ONE, row("sw-1", "a", "b"), row("sw-2", "a")), "alice")
        assert (len(first.opened), first.gone) == (3, ())
        again = store.history.record(look(TWO, row("sw-1", "a", "b"), row("sw-2", "a")), "alice")
        assert (again.opened, again.gone) == ((), ())
        third = store.history.record(look(THREE, row("sw-1", "b", "c"), row("sw-2", "a")), "alice")
        assert told(third.opened) == [("sw-1", "c", THREE, "")]
        assert told(third.gone) == [("sw-1", "a", ONE, THREE)]
        back = store.history.record(look("2026-03-04T02:00:00Z", row("sw-1", "a", "b", "c")), "alice")
        assert told(back.opened) == [("sw-1", "a", "2026-03-04T02:00:00Z", "")]
        past = store.history.past()
    assert told(past.faults) == [
        ("sw-1", "a", ONE, THREE), ("sw-1", "b", ONE, ""), ("sw-2", "a", ONE, ""), ("sw-1", "c", THREE, ""),
        ("sw-1", "a", "2026-03-04T02:00:00Z", "")]
    assert [item.at for item in past.looks] == [ONE, TWO, THREE, "2026-03-04T02:00:00Z"]


def test_a_look_at_a_part_says_nothing_of_the_rest(url: str) -> None:
    """A gateway's form by an export, then its ports from outside: each ends only its own faults."""
    form, port = (replace(finding("mbg-1", line), document=document)
                  for line, document in (("codec", "trunks"), ("1752", "probe from wan")))
    whole = row("mbg-1")

    def status(store: Store) -> str:
        (latest,) = store.history.past().latest
        return latest.status

    with Store.open(url) as store:
        store.history.record(look(ONE, replace(whole, findings=(form,), status="different")), "alice",
                             {"mbg-1": frozenset({"trunks"})})
        outside = {"mbg-1": frozenset({"probe from wan"})}
        second = store.history.record(look(TWO, replace(whole, findings=(port,), status="different")), "alice", outside)
        assert second.gone == ()
        third = store.history.record(look(THREE, whole), "alice", outside)
        assert told(third.gone) == [("mbg-1", "1752", TWO, THREE)]
        assert status(store) == "different"
        assert told(store.history.record(look("2026-03-04T02:00:00Z", whole), "alice", {
            "mbg-1": frozenset({"trunks"})}).gone) == [("mbg-1", "codec", ONE, "2026-03-04T02:00:00Z")]
        assert status(store) == "in-order"


@pytest.mark.parametrize("status", ["failed", "skipped"])
def test_who_was_not_seen_keeps_the_faults(url: str, status: str) -> None:
    with Store.open(url) as store:
        store.history.record(look(ONE, row("sw-1", "a")), "alice")
        assert store.history.record(look(TWO, row("sw-1", status=status)), "alice").gone == ()
        past = store.history.past()
    assert told(past.faults) == [("sw-1", "a", ONE, "")]
    assert [(item.device, item.status, item.at) for item in past.latest] == [("sw-1", status, TWO)]


def test_a_look_says_nothing_of_devices_and_kinds_that_it_did_not_look_at(url: str) -> None:
    with Store.open(url) as store:
        store.history.record(look(ONE, row("sw-1", "a"), row("sw-2", "a")), "alice")
        store.history.record(look(TWO, row("sw-1")), "alice")
        store.history.record(look(THREE, row("sw-2"), kind="verify"), "alice")
        assert told(store.history.past().faults) == [("sw-1", "a", ONE, TWO), ("sw-2", "a", ONE, "")]
        assert told(store.history.past(ended_after=TWO).faults) == [("sw-2", "a", ONE, "")]


def test_what_is_said_of_a_fault_is_the_latest(url: str) -> None:
    with Store.open(url) as store:
        store.history.record(look(ONE, row("sw-1", "a")), "alice")
        later = replace(row("sw-1"), status="different", findings=(finding("sw-1", "a", "10.0.0.7 can open SMDR"),))
        store.history.record(look(TWO, later), "alice")
        (fault,) = store.history.past().faults
    assert (fault.finding.meaning, fault.since) == ("10.0.0.7 can open SMDR", ONE)


def drifting(base: str) -> DeviceReport:
    change = Change("sw-1", "cisco_ios", (Difference(Verdict.EXTRA, "running-config", (), "vlan 666", Provenance()),),
                    (Step("no vlan 666"),), base, payload={"running-config": "all of it"})
    return replace(row("sw-1", "vlan 666"), change=change)


def test_why_a_device_drifts_and_who_applied_last(url: str) -> None:
    with Store.open(url) as store:
        causes = []
        for number, base in enumerate(("1" * 64, "2" * 64, "3" * 64)):
            if number == 1:
                run = store.begin_run("lisbon", "bob", Plan("lisbon", ()))
                store.confirm(run, "sw-1", "2" * 64)
                store.end_run(run, "done")
            store.history.record(look(f"2026-03-0{number + 1}T02:00:00Z", drifting(base)), "alice")
            (latest,) = store.history.past().latest
            causes.append(latest.cause)
            assert latest.seen.change is not None
            assert (latest.seen.change.steps, latest.seen.change.payload) == ((), {})
        (applied,) = store.history.past().applied
    assert causes == ["never-applied", "not-applied-yet", "changed-outside"]
    assert (applied.device, applied.who, applied.run) == ("sw-1", "bob", run)


def test_faults_move_with_their_device_to_a_site_of_another_name(url: str) -> None:
    with Store.open(url) as store:
        store.history.record(look(ONE, row("sw-1", "a", "b")), "alice")
        moved = store.history.record(look(TWO, row("sw-1", "a", site="porto")), "alice", {"sw-1": frozenset({"form"})})
        past = store.history.past()
    assert (moved.opened, moved.gone) == ((), ())
    assert told(past.faults) == [("sw-1", "a", ONE, ""), ("sw-1", "b", ONE, "")]
    assert {item.site for item in (*past.faults, *past.latest)} == {"porto"}


def test_the_last_proof_of_a_site_is_kept(url: str) -> None:
    proofs = Proofs("grand-hotels", ONE, (Proof("lisbon", "running", unauthenticated=False, claims=()),))
    with Store.open(url) as store:
        store.history.record(replace(look(ONE, row("lisbon"), kind="prove"), proofs=proofs), "alice")
        assert store.history.past().proofs == proofs.proofs


def test_a_fault_can_be_open_only_once(url: str) -> None:
    twice = look(ONE, row("sw-1", "a"), row("sw-1", "a"))
    with Store.open(url) as store:
        with pytest.raises(IntegrityError):
            store.history.record(twice, "alice")
        assert store.history.past().looks == ()
