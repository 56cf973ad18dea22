"""One lab of the example site, with one more host beside the PBX in its own subnet; driven through the command line.

Modules run in the order of their names: what must be seen before anything is applied stands in the first.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from punchdown import lab

ROOT = Path(__file__).parents[2]
PREFIX = "pdroad-"
SPEED = 5
"""How much faster than life the emulated switch's clock runs: the minute of its revert timer is twelve seconds."""
Cell = tuple[str, str, int]


@dataclass
class Road:
    """A lab, the estate it was built from, and the command line over both."""

    lab_dir: Path
    estate: Path
    output: Path

    @property
    def site(self) -> dict[str, Any]:
        """The site as written."""
        data: dict[str, Any] = yaml.safe_load((self.estate / "sites" / "lisbon.yml").read_text())
        return data

    def run(self, *words: str, estate: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command line; what it prints is kept for the search for secrets."""
        if words[0] == "apply" and "--timer" not in words:
            words = (*words, "--timer", str(120 * SPEED))
        device_options = ["--operator", str(self.lab_dir / "operator")] if words[0] in {
            "plan", "apply", "drift", "verify", "trust"} else []
        done = subprocess.run(
            [str(Path(sys.executable).parent / "punchdown"), *words, "-e", str(estate or self.estate), *device_options],
            capture_output=True, text=True, timeout=300, check=False, cwd=ROOT)
        with (self.output / "printed.txt").open("a") as file:
            file.write(done.stdout + done.stderr)
        return done

    def on(self, device: str, *argv: str, stdin: str = "") -> str:
        """Run a command on an appliance by hand, outside of the tool."""
        done = lab.run_in(self.lab_dir, device, list(argv), stdin=stdin)
        assert done.returncode == 0, done.stderr
        return str(done.stdout)

    def type_on_switch(self, *lines: str) -> None:
        """Type configuration lines on the emulated access switch over SSH, as a person would."""
        self._on_switch("configure terminal", *lines, "end")

    def switch_runs(self) -> str:
        """The running configuration of the emulated switch, read beside the cables."""
        return self._on_switch("terminal length 0", "show running-config")

    def _on_switch(self, *lines: str) -> str:
        operator = self.lab_dir / "operator"
        return self.on("sw-acc-1", "ssh", "-T", "-F", "/dev/null", "-o",
                       f"UserKnownHostsFile={operator / 'known_hosts'}", "-i", str(operator / "keys" / "id_ed25519"),
                       "root@10.20.99.11", stdin="\n".join([*lines, "exit", ""]))

    def drift_of(self, device: str) -> list[dict[str, Any]]:
        """The findings of one device after something was changed by hand; the others are in order."""
        path = self.output / "drift.json"
        done = self.run("drift", "-o", f"json={path}", "-o", f"html={self.output / 'drift.html'}")
        assert done.returncode == 2, done.stderr
        report = json.loads(path.read_text())
        assert {item["device"] for item in report["devices"] if item["status"] != "in-order"} == {device}
        findings: list[dict[str, Any]] = next(item["findings"] for item in report["devices"]
                                              if item["device"] == device)
        return findings

    def repair(self, device: str) -> None:
        """Apply the definition to one device; then nothing differs anywhere."""
        done = self.run("apply", "--yes", "-d", device)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        assert self.run("drift").returncode == 0

    def sessions(self) -> dict[str, dict[str, object]]:
        """The 802.1X sessions of the real switch by MAC address."""
        text = lab.run_in(self.lab_dir, "sw-core-1", ["cat", "/run/punchdown/dot1x/sessions.json"]).stdout
        return {str(item["mac"]): item for item in json.loads(text or "[]")}

    def open_cells(self, cells: list[Cell], protocol: str = "tcp") -> set[Cell]:
        """The cells (client, address, port) in which a connection is really made within two seconds."""
        def opened(cell: Cell) -> bool:
            return lab.connects(self.lab_dir, *cell, protocol=protocol, timeout=2.0)
        with ThreadPoolExecutor(48) as pool:
            return {cell for cell, is_open in zip(cells, pool.map(opened, cells), strict=True) if is_open}


def eventually(condition: Callable[[], bool], seconds: float = 40.0) -> bool:
    """Whether the condition came true within the time."""
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.2)
    return met


@pytest.fixture(scope="session")
def road(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """The lab before anything was applied."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs Linux and root")
    folder = tmp_path_factory.mktemp("road")
    estate = folder / "estate"
    shutil.copytree(ROOT / "inventory", estate)
    path = estate / "sites" / "lisbon.yml"
    text = path.read_text()
    path.write_text(text.replace(
        "hosts:\n", "hosts:\n  neighbour: {kind: application, segment: call-control, address: 10.20.10.50}\n").replace(
        "p22-24: unused", "p22: neighbour, p23-24: unused"))
    lab.up(path, folder / "lab", prefix=PREFIX, emulated_speed=SPEED)
    (folder / "output").mkdir()
    try:
        yield Road(folder / "lab", estate, folder / "output")
    finally:
        lab.down(folder / "lab", prefix=PREFIX)


@pytest.fixture(scope="session")
def applied(road: Road) -> Road:
    """The road with the definition on every device and every endpoint logged in."""
    done = road.run("apply", "--yes")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    lab.connects(road.lab_dir, "reception", "10.20.32.1", 9, timeout=0.2)  # the switch asks whom it hears
    assert eventually(lambda: len(road.sessions()) == 4, 90), (
        road.sessions(), road.on("sw-core-1", "tail", "-n20", "/var/log/dot1x.log"))
    for phone in ("room-101", "room-102", "room-103"):
        assert eventually(lambda phone=phone: lab.connects(road.lab_dir, phone, "10.20.10.10", 6801, timeout=1)), phone
    return road
