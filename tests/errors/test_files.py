"""Files that no text file can show: links out of the estate, pipes, huge and unreadable ones."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from punchdown.errors import InputError
from punchdown.loader import load_estate, read_estate
from punchdown.model.diagnostics import Diagnostic

from .harness import write_estate


def _outside(path: Path) -> None:
    outside = path.parents[2] / "outside.yml"
    outside.write_text("site: lisbon\n")
    path.symlink_to(outside)


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


def _huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 100 * 2**20)


MAKERS: dict[str, tuple[Callable[[Path], None], str]] = {
    "PD1001": (_circle, "a link that leads nowhere"),
    "PD1002": (_huge, "larger than 4 MiB"),
    "PD1003": (lambda path: path.write_text("description: Málaga\n", "latin-1") and None, "byte 14 is no UTF-8"),
    "PD1004": (_outside, "the file lies outside of the estate"),
    "PD1016": (os.mkfifo, "not a plain file"),
}


@pytest.mark.parametrize("code", MAKERS)
def test_files(code: str, tmp_path: Path) -> None:
    make, message = MAKERS[code]
    estate = write_estate(tmp_path / "estate", "")
    (estate / "sites").mkdir()
    make(estate / "sites" / "lisbon.yml")
    _read, found = read_estate(estate)
    assert [(item.code, item.message, item.position.line) for item in found] == [(code, message, 1)]


def test_a_profile_outside_of_the_estate(tmp_path: Path) -> None:
    estate = write_estate(tmp_path / "estate", "site: lisbon\nextends: secret\n")
    (tmp_path / "secret.yml").write_text("description: nobody should read this\n")
    (estate / "profiles" / "secret.yml").symlink_to(tmp_path / "secret.yml")
    with pytest.raises(InputError) as caught:
        load_estate(estate)
    assert "PD1004" in str(caught.value)
    assert "nobody should read this" not in str(caught.value)


def test_no_estate_at_all(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_estate(tmp_path)
    (only,) = caught.value.diagnostics
    assert isinstance(only, Diagnostic)
    assert only.code == "PD1001"


def test_one_bad_file_does_not_hide_another(tmp_path: Path) -> None:
    estate = write_estate(tmp_path / "estate", (
        "# file: sites/a.yml\nsite: [\n# file: sites/b.yml\nsite: b\nextnds: base\n"
        "# file: sites/c.yml\nsite: c\nextends: base\n"))
    loaded, found = read_estate(estate)
    assert [item.code for item in found] == ["PD1005", "PD1101"]
    assert list(loaded.sites) == ["c"]


@pytest.mark.parametrize("name", [
    "../outside.txt", "/etc/passwd", "link.txt", "pipe", "sites", "a\\0b", "..", "", "x" * 5000])
def test_a_netblock_file_that_is_none(tmp_path: Path, name: str) -> None:
    estate = write_estate(tmp_path / "estate", "site: lisbon\nextends: base\n"
                          f'firewall: {{netblocks: {{blocked: {{file: "{name}"}}}}, deny: blocked}}\n')
    (tmp_path / "outside.txt").write_text("nobody should read this\n")
    (estate / "link.txt").symlink_to(tmp_path / "outside.txt")
    os.mkfifo(estate / "pipe")
    with pytest.raises(InputError) as caught:
        load_estate(estate)
    said = str(caught.value)
    assert any(code in said for code in ("PD1004", "PD1016", "PD1001")), said
    assert "nobody should read this" not in said
    assert "root:" not in said
