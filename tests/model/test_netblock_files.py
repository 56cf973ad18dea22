"""Netblock lists in files: read inside of the estate only, every fault at its own line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from punchdown.errors import InputError
from punchdown.loader import load_estate

ROOT = Path(__file__).parents[2]


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    folder = tmp_path / "estate"
    shutil.copytree(ROOT / "inventory", folder, ignore=shutil.ignore_patterns("examples"))
    (folder / "netblocks").mkdir()
    return folder


def name_file(estate: Path, file: str) -> None:
    path = estate / "sites" / "lisbon.yml"
    path.write_text(path.read_text().replace("teleworkers: [203.0.113.64/26]", f"teleworkers: {{file: {file}}}"))


def refused(estate: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_estate(estate)
    return str(caught.value)


def test_a_list_comes_from_its_file(estate: Path) -> None:
    (estate / "netblocks" / "home.txt").write_text("# who works at home\n203.0.113.64/26  # Lisbon\n\n 2001:db8::/32\n")
    name_file(estate, "netblocks/home.txt")
    site = load_estate(estate).sites["lisbon"]
    assert [str(prefix) for prefix in site.firewall.netblocks["teleworkers"]] == ["203.0.113.64/26", "2001:db8::/32"]


def test_a_fault_is_told_at_its_line(estate: Path) -> None:
    (estate / "netblocks" / "home.txt").write_text("203.0.113.64/26\n  everybody\n203.0.113.65/26\n")
    name_file(estate, "netblocks/home.txt")
    said = refused(estate)
    assert "home.txt:2:3: " in said
    assert "home.txt:3:1: " in said


@pytest.mark.parametrize("file", ["/etc/hostname", "../outside.txt", "netblocks/link.txt", "netblocks/none.txt",
                                  "netblocks"])
def test_only_a_plain_file_of_the_estate(estate: Path, file: str) -> None:
    (estate.parent / "outside.txt").write_text("0.0.0.0/0\n")
    (estate / "netblocks" / "link.txt").symlink_to(estate.parent / "outside.txt")
    name_file(estate, file)
    assert "lisbon.yml:" in refused(estate)
