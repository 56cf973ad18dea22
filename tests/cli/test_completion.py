"""What a shell is told when somebody presses TAB."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from punchdown.cli.app import VERBS, app
from punchdown.values import RunRecord

SCRIPTS = {
    "bash": 'eval "$(punchdown completion bash)"; COMP_WORDS=(punchdown drift -d faro-f); COMP_CWORD=3\n'
            '_punchdown_completion punchdown; printf "%s\\n" "${COMPREPLY[@]}"',
    "zsh": 'autoload -U compinit; compinit -u -D; eval "$(punchdown completion zsh)"; compadd() { :; }\n'
           '_describe() { print -l -- ${(P)3//:*}; }\n'
           'words=(punchdown drift -d faro-f); CURRENT=4; _punchdown_completion',
    "fish": 'punchdown completion fish | source; complete -C "punchdown drift -d faro-f"',
}


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sites and a file that is no site, in the current folder."""
    shutil.copytree(Path(__file__).parents[2] / "inventory", tmp_path, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("examples"))
    (tmp_path / "sites" / "faro.yml").write_text(
        "site: faro\ndevices: {faro-fw: {role: firewall, platform: linux_nftables}, faro-sw: no mapping}\n")
    (tmp_path / "sites" / "broken.yml").write_text("site: [\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*typed: str) -> list[str]:
    """What completes the last word."""
    *before, last = typed
    return [item.value for item in ShellComplete(app, {}, "punchdown", "_PUNCHDOWN_COMPLETE").get_completions(
        before, last)]


@pytest.mark.parametrize(("typed", "expected"), [
    (["pl"], ["plan"]), ([""], list(VERBS)), (["--he"], ["--help"]),
    (["drift", "-s", ""], ["broken", "faro", "lisbon"]), (["lab", "up", "-s", "li"], ["lisbon"]),
    (["audit", "-s", "faro,l"], ["faro,lisbon"]), (["drift", "-d", "sw-"], ["sw-core-1", "sw-acc-1"]),
    (["plan", "-s", "faro", "-d", ""], ["faro-fw", "faro-sw"]), (["explain", "fw"], ["fw-1"]),
    (["explain", "--control", "acl-smdr-"], ["acl-smdr-access-like-other-functions"]),
    (["check", "--role", "core"], ["core-switch"]),
    (["plan", "--platform", "cisco_i"], ["cisco_ios"]), (["drift", "-o", "ht"], ["html"]),
    (["rollback", ""], []),
])
def test_names_that_are_there(estate: Path, typed: list[str], expected: list[str]) -> None:
    assert told(*typed) == expected


def test_without_an_estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (told("drift", "-s", ""), told("drift", "-d", ""), told("explain", "")) == ([], [], [])


def test_runs(estate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def runs(_operator: Path, store: str | None, _count: int) -> tuple[RunRecord, ...]:
        asked.append(store)
        return (RunRecord("3f0c9a1b77de", "faro", "alice", "2026-03-02T04:05:06Z", "", ""),)

    monkeypatch.setattr("punchdown.pipeline.runs", runs)
    for verb, *more in (["rollback"], ["apply", "--resume"], ["history"]):
        assert told(verb, "--operator", str(estate), *more, "3f") == []
        assert told(verb, "--store", "sqlite:///x", *more, "3f") == ["3f0c9a1b77de"]
    assert asked == ["sqlite:///x"] * 3
    assert not (estate / "state.db").exists()


@pytest.mark.parametrize("shell", SCRIPTS)
def test_in_a_real_shell(estate: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run([shell, "-c", SCRIPTS[shell]], cwd=estate, capture_output=True, text=True, check=False,
                          env={**os.environ, "PATH": path, "HOME": str(estate)}, timeout=60)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["faro-fw"], done.stderr


def test_listing_the_verbs_loads_none() -> None:
    code = ("import sys; from punchdown.cli import main; main(['--help']); "
            "print(sorted(name for name in sys.modules if name.startswith('punchdown.cli.')))")
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "punchdown.cli.lab" not in done.stdout
    assert [line.split()[0] for line in done.stdout.partition("Commands:\n")[2].splitlines()[:-1]] == list(VERBS)
