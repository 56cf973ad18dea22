"""``punchdown audit`` and ``punchdown explain --control`` over the shipped estate."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pytest

from punchdown.catalog.controls import controls
from punchdown.cli import main
from punchdown.cli.explain import explain
from punchdown.cli.explain_control import complete_subject

ROOT = Path(__file__).parents[2]


@pytest.fixture
def estate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped estate; the operator's folder does not exist."""
    monkeypatch.setenv("PUNCHDOWN_OPERATOR", str(tmp_path / "nobody"))
    for name in ("PUNCHDOWN_SITE", "PUNCHDOWN_STORE", "PUNCHDOWN_AS_OF", "PUNCHDOWN_AUDIT_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(ROOT / "inventory", tmp_path / "estate")
    return tmp_path / "estate"


def test_what_is_missing_makes_the_exit_code(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "-e", str(estate), "-s", "lisbon", "-o", "json", "--as-of", "2026-11-21"]) == 2
    data = json.loads(capsys.readouterr().out)["audit"]
    assert data["as_of"] == "2026-11-21"
    assert [item["id"] for item in data["sites"][0]["results"]] == list(controls())


def test_every_format_is_written(estate: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = [part for kind in ("text", "json", "html", "markdown") for part in ("-o", f"{kind}={tmp_path / kind}")]
    assert main(["audit", "-e", str(estate), *outputs]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "controls on" in captured.err
    assert (tmp_path / "html").read_text().startswith("<!doctype html>")
    assert (tmp_path / "markdown").read_text().startswith("# Audit of ")
    assert (tmp_path / "text").read_text().startswith("punchdown audit ")
    assert json.loads((tmp_path / "json").read_text())["audit"]["sites"]


@pytest.mark.parametrize(("arguments", "words"), [
    (["-o", "pdf"], "'pdf' is not one of text, json, markdown"),
    (["-s", "nowhere"], "the selection takes no site; known: "),
    (["--as-of", "tomorrow"], "does not match the format"),
])
def test_wrong_usage_is_1(
    estate: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str,
) -> None:
    assert main(["audit", "-e", str(estate), *arguments]) == 1
    assert words in capsys.readouterr().err


def test_a_control_is_explained_with_its_evidence(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--control", "acl-smdr", "-e", str(estate)]) == 0
    out = capsys.readouterr().out
    assert "MiVoice Business Security Guidelines, Release 9.4 (May 2022): SMDR Options" in out
    assert "enforced       acl-smdr" in out
    assert "tp_dst=1752" in out


def test_much_evidence_is_cut_short_and_says_so(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--control", "segregation-by-type-and-trust", "-e", str(estate)]) == 0
    out = capsys.readouterr().out
    assert "more places; `punchdown audit -o json` has all of them" in out
    assert len(out.splitlines()) < 80


def test_a_control_is_explained_as_json(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--control", "process-patching", "-e", str(estate), "-o", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["control"]["proof"] == ["attest"]
    assert data["sites"]["lisbon"]["state"] == "missing"


def test_an_unknown_control_names_the_likely_one(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--control", "acl-smrd", "-e", str(estate)]) == 1
    assert "there is no control 'acl-smrd'; did you mean 'acl-smdr'?" in capsys.readouterr().err


@pytest.mark.parametrize(("flag", "expected"), [
    (True, ["acl-smdr", "acl-smdr-access-like-other-functions", "acl-secure-minet"]), (False, []),
])
def test_ids_of_controls_complete(flag: bool, expected: list[str]) -> None:
    context = click.Context(explain)
    context.params["is_control"] = flag
    assert sorted(item.value for item in complete_subject(context, explain.params[0], "acl-s")) == sorted(expected)
