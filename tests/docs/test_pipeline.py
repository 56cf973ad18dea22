"""The plain pipeline in a checkout whose author is hostile: a stand-in for punchdown writes what it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

PIPELINE = Path(__file__).parents[2] / "docs" / "pipelines" / "pipeline.sh"
STAND_IN = """#!/bin/sh
verb=$1
printf '<%s>' "$@" >> "$HOME/typed"
case "$verb" in "$SLOW")
    trap 'echo told > "$HOME/told"; exit 130' TERM
    : > "$HOME/begun"
    while :; do sleep 0.05; done ;;
esac
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


def environment(ground: Path, fails: str = "-", code: int = 0, **more: str) -> dict[str, str]:
    """What a runner gives to the stages."""
    return {"PATH": f"{ground / 'bin'}:{os.environ['PATH']}", "HOME": str(ground), "OPERATOR": str(ground / "secret"),
            "FAILS": fails, "CODE": str(code), "SLOW": "-", "before": "", **more}


def stage(ground: Path, name: str, fails: str = "-", code: int = 0, **more: str) -> int:
    """One stage in the checkout, where one verb fails. Gives the exit code."""
    return subprocess.run([PIPELINE, name], cwd=ground / "checkout", env=environment(ground, fails, code, **more),
                          capture_output=True, check=False, timeout=60).returncode


def kept(ground: Path) -> dict[str, str]:
    """What the runner's own folder holds."""
    return {path.relative_to(ground / "secret").as_posix(): path.read_text()
            for path in (ground / "secret").rglob("*") if path.is_file()}


MINE = {"known_hosts": "mine", "rendered/keep": "mine"}


@pytest.mark.parametrize("link", ["artifacts", "artifacts/plan.md", "artifacts/rendered", "artifacts/any/thing"])
@pytest.mark.parametrize("name", ["check", "plan", "drift"])
def test_links_in_the_place_of_artefacts_lead_nowhere(ground: Path, name: str, link: str) -> None:
    place = ground / "checkout" / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(ground / "secret" / ("known_hosts" if link.endswith((".md", "thing")) else ""))
    assert stage(ground, name) == 0
    assert kept(ground) == MINE
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


@pytest.mark.parametrize(("name", "left"), [("check", ""), ("plan", ""), ("drift", ""), ("apply", "site.plan")])
def test_what_a_pull_request_brought_along_is_no_artefact(ground: Path, name: str, left: str) -> None:
    artifacts = ground / "checkout" / "artifacts"
    for brought in ("site.plan", "report/applied.html", "-rf", "a\n::error::b", ".git-credentials", "plan.html/x"):
        (artifacts / brought).parent.mkdir(parents=True, exist_ok=True)
        (artifacts / brought).write_text("brought")
    assert stage(ground, name) == 0
    found = {path.relative_to(artifacts).as_posix() for path in artifacts.rglob("*")
             if path.is_file() and path.read_text() == "brought"}
    assert found == ({left} if left else set())


def test_a_folder_in_the_place_of_the_plan_is_no_plan(ground: Path) -> None:
    (ground / "checkout" / "artifacts" / "site.plan" / "x").mkdir(parents=True)
    stage(ground, "apply")
    assert not (ground / "checkout" / "artifacts" / "site.plan").exists()


@pytest.mark.parametrize("place", ["out/artifacts", "../secret", ".", "estate", "out/.."])
def test_artefacts_go_nowhere_else(ground: Path, place: str) -> None:
    checkout = ground / "checkout"
    (checkout / "out").symlink_to(ground / "secret")
    (checkout / "estate").mkdir()
    (checkout / "estate" / "punchdown.yml").write_text("estate: x\n")
    assert stage(ground, "drift", ARTIFACTS=place) == 1
    assert kept(ground) == MINE
    assert (checkout / "estate" / "punchdown.yml").is_file()
    assert not (ground / "typed").exists()


def test_a_folder_elsewhere_is_used_and_not_emptied(ground: Path) -> None:
    assert stage(ground, "drift", ARTIFACTS=str(ground / "secret")) == 0
    assert (ground / "secret" / "drift.md").read_text() == "drift\n"
    assert {name: text for name, text in kept(ground).items() if name in MINE} == MINE


@pytest.mark.parametrize("name", ["check", "plan", "apply", "drift"])
def test_names_with_spaces_and_stars_are_names(ground: Path, name: str) -> None:
    assert stage(ground, name, ESTATE="my estate *", SITE="lis*", OPERATOR=str(ground / "o p")) == 0
    typed = (ground / "typed").read_text()
    assert "<-e><my estate *>" in typed
    assert ("<-s><lis*>" in typed) is True
    assert (f"<--operator><{ground / 'o p'}>" in typed) is (name != "check")


def test_a_runner_that_stops_the_apply_waits_for_it(ground: Path) -> None:
    with subprocess.Popen([PIPELINE, "apply"], cwd=ground / "checkout", env=environment(ground, SLOW="apply"),
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        while not (ground / "begun").exists():
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == 130
    assert (ground / "told").exists()
    assert not (ground / "checkout" / "artifacts" / "verify.xml").exists()
    assert (ground / "checkout" / "artifacts" / "report" / "index.html").is_file()
