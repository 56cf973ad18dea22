"""Losing a device in the middle of a change: its own timer brings the old configuration back, and the tool says so."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from punchdown import lab
from tests.road.conftest import PREFIX, Road, eventually

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ADDRESSES = {"fw-1": "10.20.99.1", "sw-core-1": "10.20.99.2", "sw-acc-1": "10.20.99.11"}
Done = subprocess.CompletedProcess[str]


def changed(road: Road, folder: Path, pattern: str, text: str) -> Path:
    """A copy of the estate in which one thing of the site is different."""
    estate = folder / "estate"
    shutil.copytree(road.estate, estate)
    path = estate / "sites" / "lisbon.yml"
    new, count = re.subn(pattern, text, path.read_text())
    assert count
    path.write_text(new)
    return estate


@pytest.fixture
def wider(applied: Road, tmp_path: Path) -> Path:
    """An estate in which one more application may read call records: another flow on switch and firewall."""
    return changed(applied, tmp_path, r"uses: \[pms@mivb-1\]", "uses: [pms@mivb-1, smdr@mivb-1]")


@pytest.fixture
def locking(applied: Road, tmp_path: Path) -> Path:
    """An estate in which the tool's own way to the devices is closed."""
    return changed(applied, tmp_path, r"address: 10\.20\.99\.100", "address: 10.20.99.101")


@contextmanager
def applying(road: Road, estate: Path, device: str, timer: int) -> Iterator[Future[Done]]:
    """An apply that runs meanwhile."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(road.run, "apply", "--yes", "-d", device, "--timer", str(timer), "-o", "json", estate=estate)


def armed(road: Road, device: str) -> bool:
    """Whether an unconfirmed change runs on a Linux device, seen on the device itself."""
    return lab.run_in(road.lab_dir, device, ["sh", "-c", "ls /var/lib/punchdown/txn/armed.*"]).returncode == 0


def restored(road: Road, device: str) -> bool:
    return lab.run_in(road.lab_dir, device, ["test", "-e", "/var/lib/punchdown/txn/restored"]).returncode == 0


def cut(road: Road, address: str) -> None:
    """End every connection to a device, and let no new one reach it."""
    road.on("admin-1", "ip", "route", "add", "blackhole", f"{address}/32")
    namespace = PREFIX + "admin-1"
    listed = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True, check=True).stdout
    for pid in listed.split():
        with suppress(FileNotFoundError, ProcessLookupError):
            if f"TCP:{address}:".encode() in Path("/proc", pid, "cmdline").read_bytes():
                os.kill(int(pid), signal.SIGKILL)


def heal(road: Road, address: str) -> None:
    road.on("admin-1", "ip", "route", "del", "blackhole", f"{address}/32")


def says_rolled_back(run: Future[Done], device: str) -> None:
    done = run.result(timeout=240)
    (outcome,) = json.loads(done.stdout[done.stdout.index("{"):])["devices"]
    assert (outcome["device"], outcome["status"]) == (device, "rolled-back"), outcome["error"]
    assert "old configuration" in outcome["error"]
    assert done.returncode == 1


def is_old(road: Road, device: str) -> None:
    assert not lab.connects(road.lab_dir, "opera", "10.20.10.10", 1752, timeout=1)
    done = road.run("drift", "-d", device)
    assert done.returncode == 0, done.stdout[-2000:]


@pytest.mark.parametrize("device", ["fw-1", "sw-core-1"])
def test_a_connection_that_dies_under_a_change(applied: Road, wider: Path, device: str) -> None:
    with applying(applied, wider, device, 10) as run:
        assert eventually(lambda: armed(applied, device))
        cut(applied, ADDRESSES[device])
        try:
            assert not restored(applied, device)
            assert eventually(lambda: restored(applied, device))
        finally:
            heal(applied, ADDRESSES[device])
        says_rolled_back(run, device)
    is_old(applied, device)


def test_a_connection_that_dies_under_a_change_of_the_emulated_switch(applied: Road, tmp_path: Path) -> None:
    line = "permit tcp host 10.20.10.11 eq 22 host 10.20.99.100 established"
    estate = changed(applied, tmp_path, r"ssh@mivb-2, ", "")
    assert line in applied.switch_runs()
    with applying(applied, estate, "sw-acc-1", 60) as run:
        assert eventually(lambda: line not in applied.switch_runs())
        cut(applied, ADDRESSES["sw-acc-1"])
        try:
            assert eventually(lambda: line in applied.switch_runs())
        finally:
            heal(applied, ADDRESSES["sw-acc-1"])
        says_rolled_back(run, "sw-acc-1")
    assert applied.run("drift", "-d", "sw-acc-1").returncode == 0


@pytest.mark.parametrize("device", ["fw-1", "sw-core-1"])
@pytest.mark.parametrize(("disturb", "waits"), [(lab.restart_daemons, True), (lab.reboot, False)],
                         ids=["daemons restart", "power cut"])
def test_a_device_that_starts_again_while_it_waits(applied: Road, locking: Path, device: str, waits: bool,
                                                   disturb: Callable[[Path, str], None]) -> None:
    """Daemons come back with the change and the timer goes on; a start of the whole machine undoes it at once."""
    with applying(applied, locking, device, 15) as run:
        assert eventually(lambda: armed(applied, device))
        disturb(applied.lab_dir, device)
        assert armed(applied, device) == waits
        says_rolled_back(run, device)
    assert restored(applied, device)
    is_old(applied, device)


def test_a_definition_that_locks_the_tool_out_goes_back_by_itself(applied: Road, locking: Path) -> None:
    with applying(applied, locking, "fw-1", 10) as run:
        says_rolled_back(run, "fw-1")
    is_old(applied, "fw-1")


def test_confirmed_or_back_but_never_both(applied: Road, wider: Path) -> None:
    """The shortest timer that the tool takes is about as long as an apply."""
    done = applied.run("apply", "--yes", "-d", "fw-1", "--timer", "5", "-o", "json", estate=wider)
    (outcome,) = json.loads(done.stdout[done.stdout.index("{"):])["devices"]
    runs_new = "10.20.40.20 ip daddr 10.20.10.10 tcp dport 1752" in applied.on("fw-1", "nft", "list", "ruleset")
    assert (outcome["status"], runs_new) in {("changed", True), ("rolled-back", False)}, outcome
    assert not armed(applied, "fw-1")
    assert applied.run("apply", "--yes", "-d", "fw-1").returncode == 0
    is_old(applied, "fw-1")
