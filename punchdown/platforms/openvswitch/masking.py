"""Where secrets stand in the documents of this platform."""

from __future__ import annotations

import re

SECRETS: tuple[re.Pattern[str], ...] = (re.compile(r'"secret"\s*:\s*"(?P<secret>[^"]+)"'),)
"""RADIUS secrets of the 802.1X authenticator's settings."""
