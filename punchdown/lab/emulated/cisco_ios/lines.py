"""The grammar of this family: the lines of a mode, with its words as parameters."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.lab.emulated.cisco_ios.words import word_type
from punchdown.lab.emulated.grammar import Command, Grammar


def grammar(commands: Iterable[Command]) -> Grammar:
    """The lines of one mode, in the order in which the running configuration prints them."""
    return Grammar(commands, word_type)
