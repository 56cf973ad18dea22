"""Where secrets stand in FreeRADIUS's files: ``secret = ...`` and every attribute whose name says password."""

from __future__ import annotations

import re

from punchdown.platforms.contract import Fingerprint
from punchdown.platforms.linux import mask_text

_NAMED = r"(?i)\b(?:[\w-]*password[\w-]*|[\w-]*secret)\s*[:+=^]*=\s*"

# a quoted value first: the bare form must not bite into its quotes
PATTERNS = (
    re.compile(_NAMED + r'"(?!<masked:)(?P<secret>(?:[^"\\\n]|\\.)*)"?'),
    re.compile(_NAMED + r"'(?!<masked:)(?P<secret>(?:[^'\\\n]|\\.)*)'?"),
    re.compile(_NAMED + r"""(?!["'])(?!<masked:)(?P<secret>[^\s,]+)"""),
)


def mask(text: str, fingerprint: Fingerprint) -> str:
    """The text with every secret, also one in a comment, replaced by its fingerprint."""
    return mask_text(text, PATTERNS, fingerprint)
