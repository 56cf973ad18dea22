"""What a configuration becomes by the commands of a change. A transaction takes effect as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.tree import printed, read_text
from punchdown.values import Change

COMMIT = "execute config-transaction commit"


def applied(text: str, commands: Iterable[str]) -> str:
    """The text after all commands."""
    editor = read_text(text)
    for command in commands:
        editor.feed(command)
    return "".join(f"{line}\n" for line in printed(editor.root))


def states(documents: Mapping[str, str], change: Change) -> Iterator[tuple[str, Mapping[str, str]]]:
    """One state, after the commit; none when nothing changes."""
    if change.steps:
        text = applied(documents.get(DOCUMENT, ""), (step.text for step in change.steps))
        yield COMMIT, {**documents, DOCUMENT: text}
