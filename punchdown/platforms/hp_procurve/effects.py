"""What a running configuration becomes, command by command: the states between two configurations, before any is sent.

Source: fact sheet, "VLANs, voice" (moving a port), "ACLs" (removing).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from punchdown.platforms.hp_procurve.normalise import NOWHERE, Editor, text_of, tree_of
from punchdown.values import Step


def states(text: str, steps: Iterable[Step]) -> Iterator[str]:
    """The running configuration after each step, in order."""
    editor = Editor(tree_of((line, NOWHERE) for line in text.splitlines()), shown=False)
    shown, before = text_of(editor.tree), dict(editor.tree)
    for step in steps:
        editor.feed(step.text)
        if editor.tree != before:
            shown, before = text_of(editor.tree), dict(editor.tree)
        yield shown
