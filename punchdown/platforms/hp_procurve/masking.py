"""Secrets leave the running configuration here, before anything else sees it.

The device hides keys unless ``include-credentials`` is set; then it shows them in clear, hashed, or encrypted under a
key of its own. Source: fact sheet, "RADIUS, 802.1X, MAC auth" and "Management".
"""

from __future__ import annotations

import re

from punchdown.platforms.contract import Fingerprint
from punchdown.secrets import UNKNOWN

_WRAPPED = re.compile(r"\n (?=\")")
_VALUE = r"(?P<value>\"[^\"\n]*\"|\S+)"
_CLEAR = re.compile(rf"(?P<head>(?:radius|tacacs)-server (?:host \S+ (?:\S+-port \d+ )*)?key |snmp-server community "
                    rf"|snmp-server host \S+ community |key-string |password (?:manager|operator)"
                    rf"(?: user-name \S+)? plaintext ){_VALUE}")
_CODED = re.compile(rf"(?P<head>encrypted-key |\b(?:sha1|sha256|md5|sha|aes|des|encrypted-auth|encrypted-priv) )"
                    rf"{_VALUE}")
_FREE_TEXT = re.compile(r"\s*(?:name|banner|\d+ remark|snmp-server (?:contact|location)) ")


def _line(line: str, fingerprint: Fingerprint) -> str:
    if _FREE_TEXT.match(line):
        return line

    def clear(match: re.Match[str]) -> str:
        value = match["value"].strip('"')
        return f'{match["head"]}"{value if value.startswith("<masked:") else fingerprint(value)}"'

    masked = _CLEAR.sub(clear, line)
    return _CODED.sub(lambda match: f'{match["head"]}"{UNKNOWN}"', masked) if masked == line else masked


def mask(text: str, fingerprint: Fingerprint) -> str:
    """The whole text with every secret masked; a hash that stands on a line of its own is brought to its line."""
    whole = _WRAPPED.sub(" ", text.replace("\r", ""))
    lines = (line for line in whole.split("\n") if line.strip() and not line.startswith("Running configuration"))
    return "".join(f"{_line(line, fingerprint)}\n" for line in lines)
