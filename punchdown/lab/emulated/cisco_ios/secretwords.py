"""How the device stores passwords: type 7 with a random salt, hashes of type 5, 8 and 9.

Source: the platform's fact sheet (re-encoding never gives the same text).
"""

from __future__ import annotations

import hashlib
import random
import string

_XLAT = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
_ALPHABET = "./" + string.digits + string.ascii_uppercase + string.ascii_lowercase


def encode7(plain: str, dice: random.Random) -> str:
    """Type 7 with a random salt of 0 to 15."""
    salt = dice.randint(0, 15)
    coded = (byte ^ _XLAT[(salt + place) % len(_XLAT)] for place, byte in enumerate(plain.encode()))
    return f"{salt:02d}" + "".join(f"{byte:02X}" for byte in coded)


def decode7(coded: str) -> str | None:
    """The plain text; None when it is no type 7 text."""
    if len(coded) < 4 or len(coded) % 2 or not coded[:2].isdigit() or int(coded[:2]) > 15:
        return None
    try:
        data = bytes.fromhex(coded[2:])
    except ValueError:
        return None
    salt = int(coded[:2])
    return bytes(byte ^ _XLAT[(salt + place) % len(_XLAT)] for place, byte in enumerate(data)).decode("latin-1")


def hashed(plain: str, dice: random.Random) -> str:
    """``9 $9$salt$hash``: shaped like the device's scrypt hash; cheap, since nothing logs in with it."""
    salt = "".join(dice.choice(_ALPHABET) for _ in range(14))
    digest = hashlib.pbkdf2_hmac("sha256", plain.encode(), salt.encode(), 1000)
    return f"9 $9${salt}$" + "".join(_ALPHABET[byte % 64] for byte in digest) + _ALPHABET[digest[0] % 64] * 11
