"""Whatever a page, a help text or a hint tells people to type is a command line that punchdown takes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from punchdown.cli.app import VERBS, app
from punchdown.cli.options import read_output

ROOT = Path(__file__).parents[2]
PAGES = sorted({ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "Containerfile", *(ROOT / "docs").rglob("*.md"),
                *(ROOT / "docs" / "pipelines").iterdir(), *(ROOT / "bench").glob("*.md")})
HELP = sorted((ROOT / "punchdown" / "cli").glob("*.py"))
_SPAN = re.compile(r"`(punchdown [^`]+)`")
_LINE = re.compile(r"^( {4,}|\$ |)(?:sudo )?(?:[A-Z][a-z]+ [a-z]+: +)?(punchdown [a-z-].*)$", re.MULTILINE)
_ENDS = {"|", "||", "&&", ";", ">", ">>", "2", "<", "&"}


def commands(text: str) -> Iterator[list[str]]:
    """The words of every command line in a text: code spans, and lines that begin with the name; what stands at the
    margin is prose, unless a verb follows."""
    found = [" ".join(span.split()) for span in _SPAN.findall(text)]
    found += [line for margin, line in _LINE.findall(re.sub(r"\\+\n", "", text)) if margin or line.split()[1] in VERBS]
    for line in found:
        words: list[str] = []
        for word in (*shlex.shlex(re.split(r"\s{3,}", line)[0], posix=True, punctuation_chars=True), ";"):
            if word not in _ENDS:
                words.append(word)
            elif words:
                yield from [words] if words[0] == "punchdown" else []
                words = []


def judge(line: list[str]) -> None:
    """Raises click.UsageError: punchdown would not take it."""
    words = line[1:]
    command: click.Command = app
    context = click.Context(app, info_name="punchdown")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        if found is None:
            raise click.UsageError(f"no such command {words[0]}")
        command, words = found, words[1:]
        context = click.Context(command, parent=context)
    last = next((item for item in command.params if words and words[-1] in item.opts), None)
    named = isinstance(last, click.Option) and not last.is_flag  # an option that is only named has no value
    values, _rest, _order = command.make_parser(context).parse_args(words[:-1] if named else words)
    for item in command.params:
        given = values.get(str(item.name))
        for value in given if isinstance(given, list) else [given] if isinstance(given, str) else []:
            if item.name == "outputs":
                read_output(value, ("text", "json", "markdown", "junit", "sarif", "html", "prometheus"))
            elif isinstance(item.type, click.Choice) and not value.isupper():
                item.type.convert(value, item, context)


def test_it_would_be_taken() -> None:
    wrong: list[str] = []
    for path in (*PAGES, *HELP):
        for line in commands(path.read_text(encoding="utf-8")):
            try:
                judge(line)
            except (click.UsageError, ValueError) as error:
                wrong.append(f"{path.relative_to(ROOT)}: {' '.join(line)}: {error}")
    assert wrong == []


@pytest.mark.parametrize("line", ["punchdown plna", "punchdown plan --sitte x", "punchdown drift -o pdf",
                                  "punchdown lab upp", "punchdown schema sites"])
def test_what_would_not_be_is_noticed(line: str) -> None:
    with pytest.raises(click.UsageError):
        judge(line.split())


def test_enough_is_found() -> None:
    assert len(list(commands((ROOT / "README.md").read_text()))) >= len(VERBS)
    told = "    punchdown prove --query 'a -> b' 2> x && punchdown drift      before and after # more\n"
    assert list(commands(f"{told}punchdown is good\n")) == [
        ["punchdown", "prove", "--query", "a -> b"], ["punchdown", "drift"]]
