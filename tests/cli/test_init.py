"""``punchdown init``: what it writes checks clean, and nothing is overwritten."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from punchdown.cli import main
from punchdown.pipeline import Selection, check, render

FLAGS = ("--estate", "grand-hotels", "--site", "lisbon", "--prefix", "10.20.0.0/16", "--access-switches", "2")


@pytest.mark.parametrize("switch", ["cisco_ios", "openvswitch"])
@pytest.mark.parametrize("wan", ["", "203.0.113.2/29", "203.0.113.1/24"])
def test_what_it_writes_checks_clean(tmp_path: Path, switch: str, wan: str) -> None:
    estate = tmp_path / "new" / "estate"
    assert main(["init", str(estate), *FLAGS, "--switch", switch, "--wan", wan]) == 0
    report = check(estate, Selection(), "2026-01-01T00:00:00Z")
    assert (len(report.devices), report.warnings, report.exit_code) == (6, (), 0)
    assert len(render(estate, Selection())) == 6


@pytest.mark.parametrize("count", [0, 50])
def test_any_number_of_switches(tmp_path: Path, count: int) -> None:
    assert main(["init", str(tmp_path / "e"), *FLAGS[:-1], str(count), "--switch", "cisco_ios", "--wan", ""]) == 0


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "standard.yml").write_text("mine\n")
    assert main(["init", str(tmp_path), *FLAGS, "--switch", "cisco_ios", "--wan", ""]) == 1
    assert "standard.yml is there already; nothing was written" in capsys.readouterr().err
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == [
        "profiles/standard.yml"]
    assert (tmp_path / "profiles" / "standard.yml").read_text() == "mine\n"


def test_a_second_time_is_refused(tmp_path: Path) -> None:
    assert main(["init", str(tmp_path), *FLAGS, "--switch", "cisco_ios", "--wan", ""]) == 0
    assert main(["init", str(tmp_path), *FLAGS, "--switch", "cisco_ios", "--wan", ""]) == 1


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "punchdown.yml").symlink_to(tmp_path / "elsewhere")
    assert main(["init", str(tmp_path), *FLAGS, "--switch", "cisco_ios", "--wan", ""]) == 1
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(("flag", "value", "said"), [
    ("--site", "Lisbon!", "is no name"), ("--site", "x" * 60, "is no name"),
    ("--prefix", "10.20.0.0/24", "/18 or wider"),
    ("--prefix", "8.0.0.0/8", "private"), ("--wan", "203.0.113.2/31", "room for"), ("--wan", "here", "is no address"),
    ("--wan", "10.20.10.7/24", "PD1222"), ("--switch", "kea", "is not one of"),
])
def test_answers_that_make_no_site(tmp_path: Path, capsys: pytest.CaptureFixture[str], flag: str, value: str,
                                   said: str) -> None:
    flags = dict(zip(FLAGS[::2], FLAGS[1::2], strict=True)) | {"--switch": "cisco_ios", "--wan": ""} | {flag: value}
    assert main(["init", str(tmp_path / "e"), *(word for pair in flags.items() for word in pair)]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "e").exists()


def test_without_a_terminal_and_without_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["init", str(tmp_path / "e")]) != 0
    assert not (tmp_path / "e").exists()


def test_without_a_terminal_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["init", str(tmp_path / "e"), "--estate", "grand-hotels", "--site", "faro"]) == 0
    text = (tmp_path / "e" / "sites" / "faro.yml").read_text()
    assert "10.20." in text
    assert "cisco_ios" in text
