"""Secrets leave the configuration here, before anything else sees it.

``$9$`` is reversible obfuscation with a published table, salted at each writing: it is decoded and fingerprinted.
Hashes (``$1$``, ``$5$``, ``$6$``) say only that there is one. Source: fact sheet; the table is that of the public
Crypt::Juniper module.
"""

from __future__ import annotations

import re

from punchdown.platforms.contract import Fingerprint
from punchdown.secrets import UNKNOWN

_FAMILIES = ("QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T")
_ALPHABET = "".join(_FAMILIES)
_PADDING = {character: 3 - place for place, family in enumerate(_FAMILIES) for character in family}
_WEIGHTS = ((1, 4, 32), (1, 16, 32), (1, 8, 32), (1, 64), (1, 32), (1, 4, 16, 128), (1, 32, 64))
_WORDS = ("secret", "simple-password", "encrypted-password", "plain-text-password-value", "authentication-password",
          "privacy-password", "authentication-key", "privacy-key", "ascii-text", "hexadecimal", "password",
          "md5(?! value )", "pre-shared-key(?! (?:ascii-text|hexadecimal|key|ckn|cak) )", "key", "cak",
          "ppp-pap-password", "pap-password", "chap-secret", "community", "community-name", "ssh-rsa", "ssh-dsa",
          "ssh-ecdsa", "ssh-ed25519", "value")
_VALUE = re.compile(rf'(?<=\s)(?P<word>{"|".join(_WORDS)}) (?P<value>"(?:[^"\\]|\\.)*"?|\S+)')
_CODED = re.compile(r"\"\$\d\$[^\"]*\"|(?<=\s)\$\d\$\S+")
"""What can only be a secret, whatever stands in front of it."""
_IN_URL = re.compile(r"(?<=://)[^/@:\s\"]*:[^/@\s\"]*(?=@)")
_FREE_TEXT = re.compile(r"(?:set|deactivate) [^\"]* (?:description|message|announcement|annotate) ")
_NO_SECRET = re.compile(r"set system ntp (?:server|peer|trusted-key)|set (?:policy-options|routing-options|firewall) ")
_KEYWORD_AFTER = {"key": re.compile(r"\d+$"), "authentication-key": re.compile(r"\d+$"),
                  "community": re.compile(r"\[")}


def decode9(text: str) -> str:
    """The clear text of a ``$9$`` string. Raises ValueError when it is none.

    >>> decode9("$9$LbHX-wg4Z")
    'lc'
    """
    if not text.startswith("$9$") or len(text) < 5 or set(text[3:]) - set(_ALPHABET):
        raise ValueError("not a type 9 string")
    characters = text[3:]
    previous, rest = characters[0], characters[1 + _PADDING[characters[0]]:]
    clear = ""
    while rest:
        weights = _WEIGHTS[len(clear) % len(_WEIGHTS)]
        if len(rest) < len(weights):
            raise ValueError("not a type 9 string")
        total = 0
        for character, weight in zip(rest, weights, strict=False):
            gap = (_ALPHABET.index(character) - _ALPHABET.index(previous)) % len(_ALPHABET) - 1
            total, previous = total + gap * weight, character
        clear, rest = clear + chr(total % 256), rest[len(weights):]
    return clear


def _masked(value: str, fingerprint: Fingerprint) -> str:
    bare = value[1:-1] if value[:1] == '"' else value
    if bare.startswith("<masked:"):
        return bare
    if bare.startswith("$9$"):
        try:
            return fingerprint(decode9(bare))
        except ValueError:
            return UNKNOWN
    return UNKNOWN if bare.startswith("$") else fingerprint(bare.replace('\\"', '"').replace("\\\\", "\\"))


def mask_line(line: str, fingerprint: Fingerprint) -> str:
    """One line with its secrets replaced by the fingerprint of the clear text, where it can be known."""
    if _NO_SECRET.match(line) or _FREE_TEXT.match(line):
        return line

    def replace(match: re.Match[str]) -> str:
        if (known := _KEYWORD_AFTER.get(match["word"])) and known.match(match["value"]):
            return match[0]
        return f"{match['word']} {_masked(match['value'], fingerprint)}"

    coded = _CODED.sub(lambda match: _masked(match[0], fingerprint), _VALUE.sub(replace, line))
    return _IN_URL.sub(lambda match: _masked(match[0], fingerprint), coded)


def mask(text: str, fingerprint: Fingerprint) -> str:
    """The whole text with every secret masked."""
    lines = text.removesuffix("\n").split("\n") if text else []
    return "".join(f"{mask_line(line, fingerprint)}\n" for line in lines)
