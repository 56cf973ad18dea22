"""One lab of the example site, with one more host beside the PBX in its own subnet; driven through the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from punchdown import lab

ROOT = Path(__file__).parents[2]
PREFIX = "pdroad-"
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

    def open_cells(self, cells: list[Cell], protocol: str = "tcp") -> set[Cell]:
        """The cells (client, address, port) in which a connection is really made."""
        def opened(cell: Cell) -> bool:
            return lab.connects(self.lab_dir, *cell, protocol=protocol, timeout=2.0)
        with ThreadPoolExecutor(16) as pool:
            return {cell for cell, is_open in zip(cells, pool.map(opened, cells), strict=True) if is_open}


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
    lab.up(path, folder / "lab", prefix=PREFIX)
    (folder / "output").mkdir()
    try:
        yield Road(folder / "lab", estate, folder / "output")
    finally:
        lab.down(folder / "lab", prefix=PREFIX)
