"""Real ansible-playbook runs over a canned engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
HOSTS = ("sw-changed-1", "sw-changed-2", "sw-same-1", "sw-failed-1")


@dataclass(frozen=True)
class Played:
    """How a playbook ended: exit code, text, recap and last result per host, the engine's calls."""

    code: int
    text: str
    stats: dict[str, dict[str, int]]
    results: dict[str, dict[str, Any]]
    calls: list[list[Any]]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """As a user has it, but for the canned engine and without anything of this machine's own configuration."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PUNCHDOWN_"))}
    return {
        **kept, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_CALLBACKS_ENABLED": "lines",
        "ANSIBLE_INVENTORY_ENABLED": "ini", "ANSIBLE_HOME": str(folder / "home"), "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_DEPRECATION_WARNINGS": "0",
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
        "PUNCHDOWN_TEST_RESULTS": str(folder / "results"),
        "PYTHONPATH": str(Path(__file__).parent / "engine"), "PUNCHDOWN_TEST_CALLS": str(folder / "calls"), **more,
    }


def _lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


Play = Callable[..., Played]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Runs one play with the given tasks over four switches."""
    (tmp_path / "punchdown.yml").write_text("estate: x\n")
    (tmp_path / "hosts").write_text("\n".join(HOSTS) + "\n")

    def call(tasks: str, *arguments: str, head: str = "", **more: str) -> Played:
        playbook = tmp_path / "play.yml"
        playbook.write_text(f"- hosts: all\n  gather_facts: false\n{head}  tasks:\n{tasks}")
        done = subprocess.run(
            [Path(sys.executable).with_name("ansible-playbook"), "-i", tmp_path / "hosts", *arguments, playbook],
            cwd=tmp_path, env=environment(tmp_path, **more), capture_output=True, text=True, timeout=120, check=False,
        )
        told = _lines(tmp_path / "results")
        stats = told[-1]["stats"] if told and "stats" in told[-1] else {}
        results = {line["host"]: line["result"] for line in told if "host" in line}
        return Played(done.returncode, done.stdout + done.stderr, stats, results, _lines(tmp_path / "calls"))
    return call
