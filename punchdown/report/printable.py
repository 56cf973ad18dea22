"""Text from a device, made visible."""

from __future__ import annotations

import re

_HIDDEN = re.compile(r"[^\x20-\x7e]")


def _shown(match: re.Match[str]) -> str:
    character = match.group()
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: str) -> str:
    r"""One line on which control characters, line breaks and direction marks are written out, not obeyed.

    >>> printable("evil\x1b[2J\n")
    'evil\\x1b[2J\\x0a'
    """
    return _HIDDEN.sub(_shown, text)
