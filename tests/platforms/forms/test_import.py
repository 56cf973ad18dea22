"""Columns taken over once from an export, kept in the estate, and used by render and verify."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from punchdown.cli import main

from .conftest import EXAMPLES

Run = Callable[..., tuple[int, str, str]]
EXPORT = "MAC address,Description,Active,ICP name\n08-00-0F-50-90-01,Ana at home,Yes,mivb\n08-00-0F-50-90-77,Old,No,\n"
MAPPED = ("--map", "Active=device-enabled", "--map", "ICP name=configured-icp")


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """The example with phones at home, and an export beside it."""
    shutil.copytree(EXAMPLES / "teleworkers", tmp_path / "estate")
    (tmp_path / "phones.csv").write_text(EXPORT)
    return tmp_path / "estate"


@pytest.fixture
def run(estate: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "-e", str(estate)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err
    return call


def take(run: Run, estate: Path, *more: str) -> tuple[int, str, str]:
    return run("import", "--form", str(estate.parent / "phones.csv"), "--as", "minet-devices.devices", *more)


def test_labels_are_found_words_and_separators_are_learnt_and_no_record_is_kept(run: Run, estate: Path) -> None:
    code, out, err = take(run, estate, *MAPPED, "-y")
    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == ["MAC address: mac-address", "Description: description", "Active: device-enabled",
                                    "ICP name: configured-icp"]
    text = (estate / "forms" / "border-gateway" / "minet-devices.devices.yml").read_text()
    assert '  - {"header": "Active", "field": "device-enabled", "words": ["Yes", "No"]}' in text
    assert '  - {"header": "MAC address", "field": "mac-address", "separator": "-"}' in text
    assert "Ana" not in text
    assert "08-00" not in text


def test_a_file_can_be_made_from_then_on_and_reads_back_in_order(run: Run, estate: Path, tmp_path: Path) -> None:
    take(run, estate, *MAPPED, "-y")
    assert run("render", "--gateways", "--out", str(tmp_path / "out"))[0] == 0
    made = tmp_path / "out" / "aveiro" / "mbg-1" / "minet-devices.devices.csv"
    assert made.read_bytes() == (b"MAC address,Description,Active,ICP name\r\n"
                                 b"08-00-0F-50-90-01,Ana at home,Yes,mivb\r\n")
    assert run("verify", "--form", f"mbg-1={made}")[0] == 0


def test_verify_says_what_to_remove_by_hand_and_later_reports_know(run: Run, estate: Path, tmp_path: Path) -> None:
    take(run, estate, *MAPPED, "-y")
    (operator := tmp_path / "me").mkdir()
    mine = "--operator", str(operator)
    code, out, _err = run("verify", "--form", f"mbg-1={estate.parent / 'phones.csv'}", "-o", "json", *mine)
    assert code == 2
    (row,) = json.loads(out)["devices"]
    assert (row["device"], row["platform"], row["status"]) == ("mbg-1", "border-gateway", "different")
    assert [item["title"] for item in row["findings"]] == [
        "MiNET devices and restriction - MiNET devices: MAC address 08-00-0F-50-90-77 is in no definition"]
    assert run("report", "--out", str(tmp_path / "public"), *mine)[0] == 0
    assert "08-00-0F-50-90-77 is in no definition" in (tmp_path / "public/devices/aveiro.mbg-1.html").read_text()


def test_without_a_person_every_column_needs_a_word(run: Run, estate: Path) -> None:
    code, _out, err = take(run, estate)
    assert code == 1
    assert "nobody to ask what column 'MAC address' is" in err.replace("''", "'")
    assert not (estate / "forms").exists()


def test_one_word_alone_does_not_tell_the_other(run: Run, estate: Path) -> None:
    (estate.parent / "phones.csv").write_text("".join(EXPORT.splitlines(keepends=True)[:2]))
    code, _out, err = take(run, estate, *MAPPED, "-y")
    assert code == 1
    assert "--words 'Active=YES/NO'" in err
    assert take(run, estate, *MAPPED, "--words", "Active=Yes/Never", "-y")[0] == 0


def test_kept_columns_are_not_written_over_unasked(run: Run, estate: Path) -> None:
    assert take(run, estate, *MAPPED, "-y")[0] == 0
    assert take(run, estate, *MAPPED, "-y")[0] == 0
    code, _out, err = take(run, estate, "--map", "Active=-", "-y")
    assert code == 1
    assert "--replace" in err
    assert take(run, estate, "--map", "Active=-", "-y", "--replace")[0] == 0


@pytest.mark.parametrize(("arguments", "words"), [
    (("--map", "Nothing=mac-address"), "has no column 'Nothing'"),
    (("--map", "Active=nothing"), "has no field 'nothing'"),
    (("--map", "Active=description"), "the field description stands twice"),
    (("--map", "Active"), "is no HEADING=VALUE"),
])
def test_wrong_words_are_refused(run: Run, estate: Path, arguments: tuple[str, ...], words: str) -> None:
    code, _out, err = take(run, estate, *arguments, "--map", "Description=description", "-y")
    assert code == 1
    assert words in err
    assert "a fault in punchdown" not in err
    assert not (estate / "forms").exists()


def test_an_unknown_form_and_an_unknown_layout_say_what_to_do(run: Run, estate: Path) -> None:
    export = str(estate.parent / "phones.csv")
    assert "minet-devices.devices" in run("import", "--form", export, "--as", "minet-device.devices", "-y")[2]
    code, _out, err = run("verify", "--form", f"mbg-1={export}")
    assert code == 1
    assert "take them over once: punchdown import --form" in err
    assert "there is no gateway 'mbg-2'" in run("verify", "--form", f"mbg-2={export}")[2]


def test_a_broken_file_of_columns_is_named(run: Run, estate: Path) -> None:
    take(run, estate, *MAPPED, "-y")
    path = estate / "forms" / "border-gateway" / "minet-devices.devices.yml"
    path.write_text(path.read_text().replace("device-enabled", "device-disabled"))
    code, _out, err = run("render", "--gateways")
    assert code == 1
    assert "minet-devices.devices.yml: Active" in err


def test_a_heading_that_is_a_formula_is_refused(run: Run, estate: Path) -> None:
    (estate.parent / "phones.csv").write_text("MAC address,=1+1\n08-00-0F-50-90-01,x\n")
    code, _out, err = take(run, estate, "-y")
    assert code == 1
    assert "not the heading of a column" in err
    assert "a fault in punchdown" not in err
