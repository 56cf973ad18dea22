"""What the pages tell people to type works, and says what the pages say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

from tests.docs.sandbox import PageError, Sandbox

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]


def follow(page: Path, sandbox: Sandbox) -> int:
    """Do what a page says, from top to bottom; how many blocks that were."""
    def console(example: Example) -> None:
        sandbox.type(example.parsed)

    def diff(example: Example) -> None:
        sandbox.edit(example.parsed)

    sybil = Sybil([CodeBlockParser("console", console), CodeBlockParser("diff", diff)])
    examples = list(sybil.parse(page).examples())
    for example in examples:
        example.evaluate()
    return len(examples)


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    """The example estate to work on."""
    shutil.copytree(ROOT / "inventory", tmp_path / "estate", ignore=shutil.ignore_patterns("examples"))
    return Sandbox(tmp_path / "estate")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(page: Path, sandbox: Sandbox, tmp_path: Path) -> None:
    if page.stem == "tutorial":
        (tmp_path / "empty").mkdir()
        sandbox = Sandbox(tmp_path / "empty")
    assert follow(page, sandbox) > 0


@pytest.mark.parametrize("text", [
    "```console\n$ true\n[1]\n```\n", "```console\n$ echo one\ntwo\n```\n",
    "```console\n$ printf 'b\\na\\n'\na\nb\n```\n",
    "```diff\n--- a/punchdown.yml\n+++ b/punchdown.yml\n@@\n-nowhere\n+here\n```\n",
])
def test_a_page_that_is_wrong_is_noticed(sandbox: Sandbox, tmp_path: Path, text: str) -> None:
    (tmp_path / "page.md").write_text(text)
    with pytest.raises(PageError):
        follow(tmp_path / "page.md", sandbox)


def test_a_shell_keeps_its_folder_and_variables(sandbox: Sandbox) -> None:
    sandbox.type("$ mkdir inner && cd inner && export PUNCHDOWN_X='a b'\n$ pwd; echo \"$PUNCHDOWN_X\"\ninner\na b\n")
