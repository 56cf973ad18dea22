"""SNMPv3 users. The running configuration never shows them: they are read from their own table, and their keys from
nowhere. Source: fact sheet, "Management"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from punchdown.platforms.lines import PREFIX
from punchdown.secrets import UNKNOWN

USERS = "show snmp user"
GROUP = f"{PREFIX}monitoring"
_OUR_GROUP = re.compile(rf"^snmp-server group {re.escape(PREFIX)}", re.MULTILINE)
_FIELD = re.compile(r"(User name|Authentication Protocol|Privacy Protocol|Group-name):\s*(\S*)")
_AUTHENTICATION = {"md5": "md5", "sha": "sha", "sha1": "sha", "sha2256": "sha-2 256", "sha2384": "sha-2 384",
                   "sha2512": "sha-2 512", "sha256": "sha-2 256", "sha384": "sha-2 384", "sha512": "sha-2 512"}
_PRIVACY = re.compile(r"aes-?(\d+)")


@dataclass(frozen=True, slots=True)
class SnmpUser:
    """``authentication`` and ``privacy`` in the words of the command, empty where the user has none."""

    name: str
    group: str
    authentication: str
    privacy: str


def read_users(output: str) -> tuple[SnmpUser, ...]:
    """The users of ``show snmp user``; an algorithm whose name is not known stays as it is shown."""
    found: list[dict[str, str]] = []
    for name, value in _FIELD.findall(output):
        if name == "User name":
            found.append({})
        if found:
            found[-1][name] = value
    return tuple(SnmpUser(item["User name"], item.get("Group-name", ""),
                          _authentication(item.get("Authentication Protocol", "")),
                          _privacy(item.get("Privacy Protocol", ""))) for item in found)


def _authentication(shown: str) -> str:
    word = re.sub(r"[^a-z0-9]", "", shown.lower())
    return "" if word == "none" else _AUTHENTICATION.get(word, shown)


def _privacy(shown: str) -> str:
    word = shown.lower()
    match = _PRIVACY.fullmatch(word)
    return f"aes {match[1]}" if match else "" if word == "none" else word


def asks_for_users(text: str) -> bool:
    """Whether a running configuration holds a group of ours, so that its users must be read."""
    return _OUR_GROUP.search(text) is not None


def user_lines(output: str) -> Iterator[str]:
    """The users of our groups as lines of a configuration, their keys unknown."""
    for user in read_users(output):
        if user.group.startswith(PREFIX):
            words = ["snmp-server user", user.name, user.group, "v3"]
            words += ["auth", user.authentication, UNKNOWN] if user.authentication else []
            words += ["priv", user.privacy, UNKNOWN] if user.privacy else []
            yield " ".join(words)
