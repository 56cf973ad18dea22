"""The plain pipeline in a checkout whose author is hostile: a stand-in for punchdown writes what it is told to."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

PIPELINE = Path(__file__).parents[2] / "docs" / "pipelines" / "pipeline.sh"
STAND_IN = """#!/bin/sh
verb=$1
for word; do
    case "$word" in *=*) echo "$verb" > "${word#*=}" ;; esac
    case "$before" in --out) mkdir -p "$word" && echo "$verb" > "$word/index.html" ;; esac
    before=$word
done
case "$verb" in $FAILS) exit "$CODE" ;; esac
"""


@pytest.fixture
def ground(tmp_path: Path) -> Path:
    """A runner: ``secret`` is a file of its own, ``checkout`` the pull request."""
    (tmp_path / "bin").mkdir()
    tool = tmp_path / "bin" / "punchdown"
    tool.write_text(STAND_IN)
    tool.chmod(0o755)
    (tmp_path / "secret").mkdir()
    for path in ("secret/known_hosts", "secret/rendered/keep"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("mine")
    (tmp_path / "checkout").mkdir()
    return tmp_path


def stage(ground: Path, name: str, fails: str = "-", code: int = 0) -> int:
    """One stage in the checkout, where one verb fails. Gives the exit code."""
    env = {"PATH": f"{ground / 'bin'}:{os.environ['PATH']}", "HOME": str(ground), "OPERATOR": str(ground / "secret"),
           "FAILS": fails, "CODE": str(code), "before": ""}
    return subprocess.run([PIPELINE, name], cwd=ground / "checkout", env=env, capture_output=True, check=False,
                          timeout=60).returncode


@pytest.mark.parametrize("link", ["artifacts", "artifacts/plan.md", "artifacts/rendered", "artifacts/any/thing"])
@pytest.mark.parametrize("name", ["check", "plan", "drift"])
def test_links_in_the_place_of_artefacts_lead_nowhere(ground: Path, name: str, link: str) -> None:
    place = ground / "checkout" / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(ground / "secret" / ("known_hosts" if link.endswith((".md", "thing")) else ""))
    assert stage(ground, name) == 0
    assert {path.relative_to(ground / "secret").as_posix(): path.read_text()
            for path in (ground / "secret").rglob("*") if path.is_file()} == {
                "known_hosts": "mine", "rendered/keep": "mine"}
    artifacts = ground / "checkout" / "artifacts"
    assert not [path for path in (artifacts, *artifacts.rglob("*")) if path.is_symlink()]
    assert list(artifacts.rglob("*"))


@pytest.mark.parametrize(("name", "fails", "code"), [
    ("drift", "drift", 2), ("drift", "drift", 1), ("apply", "apply", 1), ("apply", "verify", 2),
    ("apply", "report", 1)])
def test_pages_are_left_whatever_it_ends_with(ground: Path, name: str, fails: str, code: int) -> None:
    assert stage(ground, name, fails, code) == code
    artifacts = ground / "checkout" / "artifacts"
    assert (artifacts / "report" / "index.html").is_file()
    assert (artifacts / "verify.xml").exists() is (name == "apply" and fails != "apply")
