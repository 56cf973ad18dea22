"""Fifty threads write the journal of one campaign at once, and each is heard."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import event

from punchdown.state import Store
from punchdown.values import Plan

THREADS, STEPS, SLOW_DISK_SECONDS = 50, 5, 0.03


def test_no_step_is_lost(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'state.db'}") as store:
        run = store.begin_run("lisbon", "alice", Plan("lisbon", (), digest="sealed"))
        event.listen(store._engine, "commit", lambda _connection: time.sleep(SLOW_DISK_SECONDS))

        def device(number: int) -> None:
            for step in range(STEPS):
                store.write(run, f"sw-{number}", f"step-{step}")

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(device, range(THREADS)))
        journal = store.journal(run)
    assert len(journal) == THREADS * STEPS
    assert {(entry.device, entry.step) for entry in journal} == {
        (f"sw-{number}", f"step-{step}") for number in range(THREADS) for step in range(STEPS)}
