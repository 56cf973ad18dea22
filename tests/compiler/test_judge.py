"""Judging says what compiling says, site by site and between sites."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchdown.compiler import compile_estate, compile_site, judge
from punchdown.errors import InputError
from punchdown.loader import read_estate
from punchdown.pipeline import Selection, check
from tests.errors.harness import CASES, write_estate

ROOT = Path(__file__).parents[2]
ESTATES = sorted(path.parent for path in (ROOT / "inventory").rglob("punchdown.yml"))
WRONG = [path for path in sorted(CASES.glob("*.yml")) if not path.stem.endswith(".right") and "PD10" not in path.stem]


@pytest.mark.parametrize("estate", ESTATES, ids=lambda path: path.name)
def test_what_ships(estate: Path) -> None:
    for loaded in read_estate(estate)[0].loaded.values():
        compiled = compile_site(loaded)
        judged = judge(loaded)
        assert judged.diagnostics == compiled.diagnostics
        assert [(item.name, item.platform, item.role) for item in judged.devices] == [
            (item.device, item.platform, item.role) for item in compiled.devices]


@pytest.mark.parametrize("case", WRONG, ids=lambda path: path.stem)
def test_every_case(case: Path, tmp_path: Path) -> None:
    estate = write_estate(tmp_path / "estate", case.read_text(encoding="utf-8"))
    assert told(lambda: check(estate, Selection(), "2026-01-01T00:00:00Z")) == told(
        lambda: compile_estate(*read_estate(estate)))


def told(work: object) -> list[str]:
    """What a refusal says; nothing when there is none."""
    assert callable(work)
    try:
        work()
    except InputError as error:
        return [str(item) for item in error.diagnostics]
    return []
