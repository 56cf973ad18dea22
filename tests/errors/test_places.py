"""Faults of a real site: the place is the place, all are told at once, and JSON says the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from punchdown.cli import main
from punchdown.errors import InputError
from punchdown.pipeline import Selection, check

ROOT = Path(__file__).parents[2]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    for name in ("punchdown.yml", "sites/lisbon.yml", "profiles/hotel.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "inventory" / name, tmp_path / name)
    return tmp_path


def refused(estate: Path) -> str:
    with pytest.raises(InputError) as caught:
        check(estate, Selection(), "2026-01-01T00:00:00Z")
    return str(caught.value)


def test_the_place_is_the_place(estate: Path) -> None:
    path = estate / "sites" / "lisbon.yml"
    lines = path.read_text().splitlines()
    number = next(index for index, line in enumerate(lines) if "smdr-taker:" in line)
    lines[number] = lines[number].replace("segment: servers", "segment: sarvers")
    path.write_text("\n".join(lines) + "\n")
    column = lines[number].index("segment: sarvers") + 1
    said = refused(estate)
    assert f"lisbon.yml:{number + 1}:{column}: error[PD1301]" in said
    shown = next(line for line in said.splitlines() if "sarvers," in line)
    caret = said.splitlines()[said.splitlines().index(shown) + 1]
    assert shown[caret.index("^"):].startswith("segment: sarvers")


def test_all_faults_at_once(estate: Path) -> None:
    path = estate / "sites" / "lisbon.yml"
    path.write_text(path.read_text().replace("vlan: 110", "vlan: 0").replace("hairpin: true", "hairpn: true"))
    said = refused(estate)
    assert said.count("error[") == 2


def test_json_says_the_same(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = estate / "sites" / "lisbon.yml"
    path.write_text(path.read_text().replace("vlan: 110", "vlan: 0"))
    assert main(["check", "-e", str(estate), "-o", "json"]) == 1
    captured = capsys.readouterr()
    (told,) = json.loads(captured.out)["diagnostics"]
    assert (told["code"], told["name"], told["severity"]) == ("PD1105", "number-small", "error")
    assert told["position"]["line"] == 5
    assert told["message"] in captured.err
    assert told["excerpt"].splitlines()[0].endswith("zone: call-control}")


def test_yaml_1_2_scalars(estate: Path) -> None:
    path = estate / "sites" / "lisbon.yml"
    path.write_text(path.read_text().replace("mac: '02:00:00:20:00:01'", "mac: 10:20:30:40:50:55"))
    assert check(estate, Selection(), "2026-01-01T00:00:00Z").exit_code == 0
