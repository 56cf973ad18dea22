"""Every fault that a definition can have, with the number it keeps for ever.

A code has a name for those who write checks (``vlan-twice``) and a number for those who read what is printed
(``PD1201``). A number is never given a second time. The pages in ``docs/errors`` are generated from here and from the
cases in ``tests/errors/cases``.
"""

from __future__ import annotations

import difflib

from punchdown.model.codes import (
    addresses,
    devices,
    estate,
    exposure,
    files,
    gateways,
    names,
    requests,
    statements,
    values,
)
from punchdown.model.codes.code import Code

CODES: tuple[Code, ...] = (
    *files.CODES, *values.CODES, *addresses.CODES, *names.CODES, *devices.CODES, *exposure.CODES, *estate.CODES,
    *requests.CODES, *gateways.CODES, *statements.CODES,
)
"""All of them, by number."""

_BY_NAME = {code.name: code for code in CODES}
_BY_NUMBER = {str(code): code for code in CODES}


def code(name: str) -> Code:
    """The code of a name.

    Raises:
        LookupError: nobody registered it; a fault of ours, not of the definition.
    """
    if name not in _BY_NAME:
        raise LookupError(f"the code {name!r} is not registered in punchdown/model/codes")
    return _BY_NAME[name]


def find_code(text: str) -> Code | None:
    """The code that a person means: PD1201, 1201 or vlan-twice; None when there is none."""
    return _BY_NUMBER.get(text.upper()) or _BY_NUMBER.get(f"PD{text}") or _BY_NAME.get(text.lower())


def like_code(text: str) -> str:
    """The nearest code to what was typed, empty when none is near."""
    close = difflib.get_close_matches(text, [*_BY_NUMBER, *_BY_NAME], n=1)
    return close[0] if close else ""


__all__ = ["CODES", "Code", "code", "find_code", "like_code"]
