"""The words of FreeRADIUS's files: names, check items, MAC keys. Pure functions, used by the templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from punchdown.errors import RenderError
from punchdown.intent import RadiusIntent, RadiusUser

WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]*")
INNER = "FreeRADIUS-Proxied-To == 127.0.0.1"
"""True in the virtual server inside a PEAP tunnel only: the server sets the attribute itself there."""

OUTER = "FreeRADIUS-Proxied-To !* ANY"

# EAP-Type pins the one method that the server starts with and accepts after a NAK (dictionary.freeradius.internal).
CHECK_ITEMS = {
    "md5": f"{OUTER}, EAP-Type := MD5-Challenge",
    "tls": f"{OUTER}, EAP-Type := EAP-TLS",
    "peap": f"{INNER}, EAP-Type := Microsoft-MS-CHAPv2",
}


def word(value: str) -> str:
    """A name as a bare word of a configuration file. Raises RenderError on anything else."""
    if not WORD.fullmatch(value) or value == "DEFAULT":
        raise RenderError(f"{value!r} can't stand as a bare word in FreeRADIUS's files")
    return value


def mac_key(value: str) -> str:
    """The key form of a MAC address, ``AA-BB-CC-DD-EE-FF``; the server rewrites to it, no other form matches."""
    digits = re.sub(r"[-:.]", "", value).upper()
    if not re.fullmatch(r"[0-9A-F]{12}", digits):
        raise RenderError(f"{value!r} is no MAC address")
    return "-".join(digits[place:place + 2] for place in range(0, 12, 2))


def mac_start(prefix: str) -> str:
    """The first three bytes of a MAC address in the key form, ``AA-BB-CC``."""
    digits = re.sub(r"[-:.]", "", prefix).upper()
    if not re.fullmatch(r"[0-9A-F]{6}", digits):
        raise RenderError(f"{prefix!r} is no vendor's prefix")
    return "-".join(digits[place:place + 2] for place in range(0, 6, 2))


def check_items(user: RadiusUser) -> str:
    """What a request must show, and the EAP method it is held to."""
    return CHECK_ITEMS[user.method]


def default_eap(radius: RadiusIntent) -> str:
    """The method offered where no entry pins one."""
    return next((method for method in ("peap", "tls", "md5") if method in radius.methods), "md5")


FILTERS: Mapping[str, Callable[..., str]] = {
    "word": word, "mac_key": mac_key, "mac_start": mac_start, "check_items": check_items, "default_eap": default_eap,
}
