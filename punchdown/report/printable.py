"""Text from a device, made visible."""

from __future__ import annotations

import re

LONGEST = 20_000
"""Characters of one text that are shown: more than any line that people write or a platform renders."""
TITLE = 400
"""Characters of a title where the whole stands beside it, or is not wanted."""
_HIDDEN = re.compile(r"[^\x20-\x7e]")
_ORDER = re.compile(r"#(?=#\w*\[)|(?<![^ ]):(?=:[A-Za-z][\w-]*(?: [^:]*)?::)")
"""What runners of pipelines obey when it is printed: ``##[...]`` and ``##vso[...]`` anywhere, ``::...::`` where a line
begins (https://github.com/actions/runner, ActionCommand.cs; Azure Pipelines' logging commands)."""


def _shown(match: re.Match[str]) -> str:
    character = match.group()
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable(text: str, most: int = LONGEST) -> str:
    r"""One line on which control characters, line breaks and direction marks are written out, not obeyed; nor are
    orders to a pipeline's runner. Of a longer text than ``most`` characters the rest is counted.

    >>> printable("evil\x1b[2J\n")
    'evil\\x1b[2J\\x0a'
    >>> printable("::set-output name=x::y ##vso[task.setvariable variable=PATH]/tmp")
    '\\x3a:set-output name=x::y \\x23#vso[task.setvariable variable=PATH]/tmp'
    >>> printable("permit ip any any", most=6)
    'permit… (11 more characters)'
    """
    shown = _HIDDEN.sub(_shown, text[:most])
    if "##" in shown or "::" in shown:
        shown = _ORDER.sub(lambda match: f"\\x{ord(match.group()):02x}", shown)
    return shown if len(text) <= most else f"{shown}… ({len(text) - most:,} more characters)"
