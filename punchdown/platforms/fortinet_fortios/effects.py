"""What a configuration becomes by the commands of a change. A transaction takes effect as one."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.platforms.fortinet_fortios.tree import printed, read_text
from punchdown.values import Step


def applied(text: str, commands: Iterable[str]) -> str:
    """The text after all commands."""
    editor = read_text(text)
    for command in commands:
        editor.feed(command)
    return "".join(f"{line}\n" for line in printed(editor.root))


def after(text: str, steps: Iterable[Step]) -> str:
    """The text after all steps of a change."""
    return applied(text, (step.text for step in steps))
