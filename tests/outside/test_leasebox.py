"""A platform of a separate package: found by its entry points, it passes the contract suite as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent / "leasebox"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """An environment in which the package is as an installer leaves it: its folder and its metadata on the path."""
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (tmp_path / "punchdown_leasebox").symlink_to(PACKAGE / "punchdown_leasebox")
    about = tmp_path / f"punchdown_leasebox-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    (about / "entry_points.txt").write_text("".join(
        f"[{group}]\n" + "".join(f"{name} = {target}\n" for name, target in entries.items())
        for group, entries in project["entry-points"].items()))
    return {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, capture_output=True, text=True,
                          timeout=300, check=False)


def test_it_passes_the_contract_suite(installed: dict[str, str]) -> None:
    done = run(installed, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "leasebox", "tests/contract", "-rA")
    assert done.returncode == 0, done.stdout[-4000:]
    passed = [line for line in done.stdout.splitlines() if line.startswith("PASSED")]
    assert {line.split("::")[0].rpartition("/")[2] for line in passed} >= {
        "test_load.py", "test_circle.py", "test_features.py", "test_words.py", "test_state.py", "test_faults.py"}
    assert len(passed) > 40


def test_the_command_line_knows_it(installed: dict[str, str], tmp_path: Path) -> None:
    """check and render, from a site that names it."""
    estate = tmp_path / "estate"
    (estate / "sites").mkdir(parents=True)
    (estate / "punchdown.yml").write_text("estate: one\n")
    (estate / "sites" / "faro.yml").write_text(
        "site: faro\n"
        "segments:\n"
        "  phones: {vlan: 20, prefix: 10.20.20.0/24, zone: voice, dhcp: 100-199}\n"
        "  management: {vlan: 99, prefix: 10.20.99.0/24, zone: management}\n"
        "hosts:\n"
        "  admin-1: {kind: admin, segment: management, address: 9}\n"
        "devices:\n"
        "  dhcp-1: {role: dhcp, platform: leasebox, management: 10.20.99.6, serves: [phones]}\n")
    done = run(installed, "-c", "from punchdown.cli import main; main()", "render", "-e", str(estate), "--out",
               str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr + done.stdout
    assert "pool pd-phones\n" in (tmp_path / "out" / "dhcp-1" / "configuration").read_text()


def test_without_it_the_platform_is_unknown(tmp_path: Path) -> None:
    done = run({**os.environ, "PYTHONPATH": str(ROOT)}, "-c",
               "from punchdown.platforms import platform_names; print('leasebox' in platform_names())")
    assert done.stdout.strip() == "False"
