"""Secrets leave the running configuration here, before anything else sees it.

Type 7 is a reversible XOR with a published key, so it is decoded and fingerprinted; hashes (types 5, 8, 9) and
AES-wrapped keys (type 6) say only that there is one. Source: fact sheet, "RADIUS and AAA", "Management".
"""

from __future__ import annotations

import re

from punchdown.platforms.contract import Fingerprint
from punchdown.secrets import UNKNOWN

_XLAT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_WORDS = (
    "password", "secret", "key", "server-key", "key-string", "community", "pre-shared-key", "passphrase",
    "authentication-key", "md5", "wpa-psk ascii", "auth md5", "auth sha",
    "auth sha-2 256", "auth sha-2 384", "auth sha-2 512", "priv aes (?:128|192|256)", "priv 3des",
    "priv des", "version (?:1|2c)",
)
_KEYED = re.compile(rf"(?<!\S)(?P<word>{'|'.join(_WORDS)}) (?:(?P<kind>[05-9]) )?(?P<value>\S+)")
# What every word of a secret holds: lines without any of these need no closer look.
_SIGNS = ("password", "secret", "key", "community", "passphrase", "md5", "ascii", "auth sha", "priv ", "version ")
_BANNER = re.compile(r"banner \S+ (\^C|\S)(.*)")
_FREE_TEXT = re.compile(r"\s*(?:\d+ )?(?:description|remark|name) ")
_NO_SECRET = re.compile(r"\s*(?:crypto key |ip ssh |key chain |ntp server |match |snmp-server group |version |"
                        r"snmp-server host \S+ version 3 )")
_NTP_KEY = re.compile(r"(ntp authentication-key \d+ md5 )(\S+)( 7)?")
_HEX = re.compile(r"[0-9A-Fa-f]+")


def decode_type7(text: str) -> str:
    """The clear text of a type 7 string. Raises ValueError when it is none.

    >>> decode_type7("094F471A1A0A")
    'cisco'
    """
    if len(text) < 4 or not text[:2].isdigit() or not _HEX.fullmatch(text[2:]):
        raise ValueError("not a type 7 string")
    salt, data = int(text[:2]), bytes.fromhex(text[2:])
    return bytes(byte ^ _XLAT[(salt + index) % len(_XLAT)] for index, byte in enumerate(data)).decode("latin-1")


def _masked(kind: str, value: str, fingerprint: Fingerprint) -> str:
    if value.startswith("<masked:"):
        return value
    if kind in {"5", "6", "8", "9"}:
        return UNKNOWN
    if kind == "7":
        try:
            return fingerprint(decode_type7(value))
        except ValueError:
            return UNKNOWN
    return fingerprint(value)


def mask_line(line: str, fingerprint: Fingerprint) -> str:
    """One line with its secrets replaced by the fingerprint of the clear text, where it can be known.

    Types 0 and 7 are left out: the device turns one into the other by itself.
    """
    if _NO_SECRET.match(line) or _FREE_TEXT.match(line):
        return line
    if match := _NTP_KEY.fullmatch(line.strip()):
        return match[1] + _masked("7" if match[3] else "", match[2], fingerprint)

    def replace(match: re.Match[str]) -> str:
        kind = match["kind"] or ""
        masked = _masked(kind, match["value"], fingerprint)
        shown_kind = f"{kind} " if kind not in {"", "0", "7"} else ""
        return f"{match['word']} {shown_kind}{masked}"

    return _KEYED.sub(replace, line)


def _suspects(text: str) -> set[int]:
    """The numbers of the lines that hold a sign of a secret. Lines end at a line feed and nothing else."""
    found: set[int] = set()
    for sign in _SIGNS:
        at, number, counted = text.find(sign), 0, 0
        while at >= 0:
            number, counted = number + text.count("\n", counted, at), at
            found.add(number)
            at = text.find(sign, at + 1)
    return found


def mask(text: str, fingerprint: Fingerprint) -> str:
    """The whole text with every secret masked; banners are public and stay as they are."""
    lines = text.splitlines()
    suspects = _suspects("\n".join(lines))
    delimiter = ""
    for number, line in enumerate(lines):
        if delimiter:
            delimiter = "" if delimiter in line else delimiter
            continue
        if number in suspects:
            lines[number] = mask_line(line, fingerprint)
        if line.startswith("banner ") and (match := _BANNER.match(line)):
            delimiter = match[1] if match[1] not in match[2] else ""
    return "\n".join(lines) + "\n"
