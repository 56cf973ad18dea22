"""How long changes took is read out of the journal, but for those that were broken off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from punchdown.campaign import estimated
from punchdown.campaign.estimate import COMMAND_SECONDS, RULE, SESSIONS_SECONDS
from punchdown.state import Store, store
from punchdown.values import Plan, Timing

STEPS = (("connect", ""), ("fetch", ""), ("commit", "10 commands, timer 120 s"), ("reconnect", ""), ("save", ""),
         ("done", ""))


def test_timings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=2 * number) for number in range(100))
    monkeypatch.setattr(store, "_now", lambda: next(clock).isoformat())
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as found:
        run = found.begin_run("lisbon", "alice", Plan("lisbon", ()))
        for device, steps in (("sw-1", STEPS), ("sw-2", STEPS[:-1]), ("sw-3", (*STEPS[:3], ("resume", ""), *STEPS[3:])),
                              ("sw-4", [(step, "") for step, _ in STEPS])):
            for step, detail in steps:
                found.write(run, device, step, detail)
        assert found.timings() == (Timing("sw-1", 8.0, 10, 2.0),)


TOOK = Timing("sw-1", 30.0, 10, 5.0)
ONE = (("sw-1",),)


@pytest.mark.parametrize(("timings", "seconds", "basis"), [
    ([TOOK] * 2, SESSIONS_SECONDS + 20 * COMMAND_SECONDS, RULE),
    ([TOOK, TOOK, Timing("sw-1", 300.0, 1, 90.0)], 30 + 20 * 0.5, "as 3 changes before took"),
    ([TOOK] * 3 + [Timing("sw-2", 8.0, 10, 1.0)] * 3, 30 + 20 * 0.5, "as 3 changes before took"),
    ([Timing(f"sw-{number}", 8.0, 10, 1.0) for number in (2, 3, 4)], 8 + 20 * 0.1, "as 3 changes before took"),
    ([Timing("fw-1", 8.0, 10, 1.0)] * 3, SESSIONS_SECONDS + 20 * COMMAND_SECONDS, RULE),
    ([Timing("sw-1", 8.0, 0, 0.0)] * 3, 8 + 20 * COMMAND_SECONDS, "as 3 changes before took")],
    ids=["too few", "the median of three", "its own before its platform's", "its platform's", "another platform's",
         "no commands"])
def test_what_is_measured_goes_before_the_rule_of_thumb(timings: list[Timing], seconds: float, basis: str) -> None:
    platforms = {"fw-1": "cisco_asa", **{f"sw-{number}": "cisco_ios" for number in range(1, 5)}}
    assert estimated(ONE, {"sw-1": 20}, platforms, timings) == (round(seconds), basis)
