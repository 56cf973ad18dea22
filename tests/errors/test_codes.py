"""The register of codes: nothing used that is not in it, nothing in it that is not used, a page for each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from punchdown.cli import main
from punchdown.model.codes import CODES, Code, code, find_code
from punchdown.model.diagnostics import make_diagnostic
from punchdown.values import NOWHERE

from .pages import PAGES, pages

SOURCE = Path(__file__).parents[2] / "punchdown"
_NOTING = {"error", "warning", "error_at", "warning_at"}
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")


def _files() -> Iterator[Path]:
    for room in ("model", "loader", "compiler", "catalog", "audit"):
        yield from (path for path in (SOURCE / room).rglob("*.py") if "codes" not in path.parts)


def _used() -> set[str]:
    """Every word of the source that could be the name of a code, in our spelling or in pydantic's."""
    return {node.value.replace("_", "-") for path in _files() for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_numbers_and_names_are_unique_and_in_order() -> None:
    numbers = [item.number for item in CODES]
    assert numbers == sorted(set(numbers))
    assert len({item.name for item in CODES}) == len(CODES) >= 80


@pytest.mark.parametrize("item", CODES, ids=str)
def test_every_code_is_raised_somewhere(item: Code) -> None:
    assert item.name in _WORDS


_WORDS = _used()


def test_every_code_that_is_noted_is_registered_with_its_severity() -> None:
    severities = {item.name: item.severity for item in CODES}
    for path in _files():
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            name = getattr(node.args[0], "value", None)
            if node.func.attr in _NOTING and isinstance(name, str) and _NAME.fullmatch(name):
                assert severities.get(name) == node.func.attr.removesuffix("_at"), f"{path}:{node.lineno}: {name}"


def test_an_unregistered_code_is_refused() -> None:
    with pytest.raises(LookupError, match="not registered"):
        make_diagnostic("no-such-code", NOWHERE, "")


def test_pages_are_fresh() -> None:
    """Mended by ``make errors``."""
    assert {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")} == pages()


@pytest.mark.parametrize("typed", ["PD1201", "pd1201", "1201", "vlan-twice"])
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    assert find_code(typed) == code("vlan-twice")


def test_explain_prints_the_page_anywhere(capsys: pytest.CaptureFixture[str], tmp_path: Path,
                                          monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explain", "PD1201"]) == 0
    assert capsys.readouterr().out == (PAGES / "PD1201.md").read_text(encoding="utf-8")


def test_explain_knows_what_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "PD1299"]) == 1
    assert "did you mean" in capsys.readouterr().err
