"""Secrets as the device keeps them: ``$9$``, salted, from the published table. Source: public Crypt::Juniper module."""

from __future__ import annotations

import hashlib
import random

KEPT_AS = {"authentication-password": "authentication-key", "privacy-password": "privacy-key"}
"""What the passwords of SNMPv3 users are shown as."""
_RINGS = ["QzF3n6/9CAtpu0O", "B1IREhcSyrleKvMW8LXx", "7N-dVbwsY2g4oaJZGUDj", "iHkq.mPf5T"]
_LETTERS = "".join(_RINGS)
_STEPS = [[1, 4, 32], [1, 16, 32], [1, 8, 32], [1, 64], [1, 32], [1, 4, 16, 128], [1, 32, 64]]


def localised(password: str, engine: str) -> str:
    """The key of an SNMPv3 user on one device: made like that of RFC 3414, section 2.6, so that nobody has it back."""
    whole = (password * (2**20 // len(password) + 1))[:2**20].encode()
    digest = hashlib.sha256(whole).digest()
    return hashlib.sha256(digest + engine.encode() + digest).hexdigest()


def scrambled(clear: str, dice: random.Random) -> str:
    """What is stored for a secret as typed between quotes; one that is scrambled already stays."""
    if clear.startswith("$9$"):
        return clear
    salt = dice.choice(_LETTERS)
    padding = next(3 - place for place, ring in enumerate(_RINGS) if salt in ring)
    out = salt + "".join(dice.choice(_LETTERS) for _ in range(padding))
    last = salt
    for place, letter in enumerate(clear.replace('\\"', '"').replace("\\\\", "\\")):
        rest = ord(letter)
        gaps: list[int] = []
        for step in reversed(_STEPS[place % len(_STEPS)]):
            gaps.insert(0, rest // step)
            rest %= step
        for gap in gaps:
            last = _LETTERS[(_LETTERS.index(last) + gap + 1) % len(_LETTERS)]
            out += last
    return f"$9${out}"
