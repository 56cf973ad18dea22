"""Where secrets can stand in Kea's configuration: passwords of databases that somebody added."""

from __future__ import annotations

import re

from punchdown.platforms.contract import Fingerprint
from punchdown.platforms.linux import mask_text

PATTERNS = (re.compile(r'(?i)"[\w-]*(?:password|secret)[\w-]*"\s*:\s*"(?!<masked:)(?P<secret>(?:[^"\\]|\\.)*)"'),)


def mask(text: str, fingerprint: Fingerprint) -> str:
    """The text with every secret replaced by its fingerprint."""
    return mask_text(text, PATTERNS, fingerprint)
