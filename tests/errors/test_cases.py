"""Every code has a wrong definition with the exact text about it, and the same definition put right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from punchdown.model.codes import CODES, Code

from .harness import CASES, said

_BY_FILE = {path.stem: path for path in sorted(CASES.glob("*.yml")) if not path.stem.endswith(".right")}
_ELSEWHERE = {"file-size", "file-encoding", "file-kind", "path-outside", "file-missing", "value"}
"""What no file of ours can show; ``test_files.py`` and ``test_faults.py`` make it."""


@pytest.mark.parametrize("name", _BY_FILE)
def test_exact_text(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
                    request: pytest.FixtureRequest) -> None:
    text = said(tmp_path / "estate", _BY_FILE[name].read_text(encoding="utf-8"), monkeypatch, capsys)
    expected = CASES / f"{name}.txt"
    if request.config.getoption("--golden-update"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
    assert name.split("-")[0] in text


@pytest.mark.parametrize("name", _BY_FILE)
def test_put_right(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                   capsys: pytest.CaptureFixture[str]) -> None:
    right = CASES / f"{name}.right.yml"
    text = said(tmp_path / "estate", right.read_text(encoding="utf-8"), monkeypatch, capsys)
    assert not re.search(r"PD\d{4}", text), text


@pytest.mark.parametrize("code", CODES, ids=str)
def test_every_code_has_a_case(code: Code) -> None:
    assert code.name in _ELSEWHERE or f"{code}-{code.name}" in _BY_FILE


def test_the_shared_profile_checks_clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                         capsys: pytest.CaptureFixture[str]) -> None:
    text = said(tmp_path / "estate", "site: lisbon\nextends: base\n", monkeypatch, capsys)
    assert "5 devices: 5 in order\n" in text
