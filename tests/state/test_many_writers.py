"""Fifty threads write the journal of one campaign at once, and each is heard; the disk is asked for many at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import event

from punchdown.errors import StateError
from punchdown.state import Store
from punchdown.state.together import Together
from punchdown.values import Plan

THREADS, STEPS, SLOW_DISK_SECONDS = 50, 5, 0.03


def test_no_step_is_lost(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as store:
        run = store.begin_run("lisbon", "alice", Plan("lisbon", (), digest="sealed"))
        commits = []

        def slow(_connection: object) -> None:
            commits.append(1)
            time.sleep(SLOW_DISK_SECONDS)

        event.listen(store._engine, "commit", slow)

        def device(number: int) -> None:
            for step in range(STEPS):
                store.write(run, f"sw-{number}", f"step-{step}")

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(device, range(THREADS)))
        assert len(commits) < THREADS * STEPS / 4
        journal = store.journal(run)
    assert len(journal) == THREADS * STEPS
    assert {(entry.device, entry.step) for entry in journal} == {
        (f"sw-{number}", f"step-{step}") for number in range(THREADS) for step in range(STEPS)}


def test_a_step_that_cannot_be_written_takes_no_other_with_it() -> None:
    kept: list[str] = []
    first, refused = threading.Event(), list[str]()

    def write(rows: Sequence[Mapping[str, str]]) -> None:
        first.wait(10)
        if any(row["step"] == "bad" for row in rows):
            raise StateError("no")
        kept.extend(row["step"] for row in rows)

    together = Together(write)

    def add(step: str) -> None:
        try:
            together.add({"step": step})
        except StateError:
            refused.append(step)

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(add, step) for step in ("one", "bad", "two", "three")]
        first.set()
    assert all(item.exception() is None for item in asked)
    assert (sorted(kept), refused) == (["one", "three", "two"], ["bad"])
