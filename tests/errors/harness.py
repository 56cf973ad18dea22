"""A case is a definition and the exact text that ``punchdown check`` prints about it.

``cases/PD1201-vlan-twice.yml`` is the site ``lisbon`` over the profile ``base``, ``.right.yml`` the same put right and
``.txt`` what is printed. A line ``# file: NAME`` begins another file of the estate; a file without ``site:`` or
``profile:`` is taken as it stands.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from punchdown.cli import main

HERE = Path(__file__).parent
CASES = HERE / "cases"
_FILE = re.compile(r"^# file: (\S+)\n", re.MULTILINE)


def write_estate(folder: Path, text: str) -> Path:
    """An estate of the shared profile and the files of one case."""
    shutil.copytree(HERE / "estate", folder)
    parts = _FILE.split(text)
    files = dict(zip(parts[1::2], parts[2::2], strict=True))
    if parts[0].strip():
        files["sites/lisbon.yml"] = parts[0]
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    return folder


def said(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What ``punchdown check`` prints about a case, its clock left out."""
    estate = write_estate(folder, text)
    monkeypatch.chdir(estate)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder.parent / "cache"))
    capsys.readouterr()
    main(["check", "-e", str(estate)])
    captured = capsys.readouterr()
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "NOW", captured.err + captured.out)
