"""What follows from a difference, in words, best effort."""

from __future__ import annotations

from collections.abc import Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.fortinet_fortios.normalise import POLICIES, ROUTES, TUNNELS
from punchdown.platforms.fortinet_fortios.ownership import ADMINS, HELPERS, INTERFACES
from punchdown.platforms.fortinet_fortios.tree import Key, Setting, name_of
from punchdown.platforms.fortinet_fortios.words import objects
from punchdown.values import Verdict

_HELPER = "the firewall rewrites signalling (SIP ALG)"
_VPN = "the VPN does not come up, or carries something else than declared"
_ABOUT = {
    **dict.fromkeys(TUNNELS, _VPN),
    ROUTES: "packets take another way than declared, perhaps unencrypted",
    "config system ntp": "the clock follows other servers than declared",
    "config system global": "logins and sessions of operators are treated otherwise than declared",
    "config firewall address": "policies that name it speak of other addresses",
    "config firewall address6": "policies that name it speak of other addresses",
    "config firewall addrgrp": "another list of addresses",
    "config firewall addrgrp6": "another list of addresses",
    "config firewall service custom": "policies that name it speak of other ports",
    "config firewall schedule recurring": "policies that name it hold at other times",
    "config firewall ippool": "hosts leave with another address",
    "config firewall vip": "a public address leads elsewhere than declared",
    "config system replacemsg admin pre_admin-disclaimer-text": "people who log in read another banner",
}


class Meanings:
    """Words for the differences of one device."""

    def __init__(self, intent: DeviceIntent) -> None:
        self._titles = {str(item.id): item.title for item in objects(intent).policies} if intent.firewall else {}
        self._segments = {item.name: item.segment for item in intent.firewall.interfaces} if intent.firewall else {}

    def severity(self, key: Key) -> str:
        """High where packets pass, or operators get in, otherwise than declared."""
        high = key[0].startswith(("config firewall", "config vpn", "config router")) or key[0] in {
            ADMINS, HELPERS, INTERFACES, "config system settings"}
        return "high" if high else "medium"

    def of(self, verdict: Verdict, key: Key, line: str, shown: Mapping[str, Setting]) -> str:
        """What follows from this line being there, gone or moved. ``shown`` is what the device has of the object."""
        if key[0] == POLICIES:
            return self._policy(verdict, key, line, shown)
        if key[0] == HELPERS:
            return _HELPER
        if key[0] == "config system settings":
            return ("packets with forged sources are let in" if "strict-src-check" in line else _HELPER)
        if key[0] == INTERFACES:
            return self._interface(verdict, key, line)
        if key[0] == ADMINS:
            return f"{name_of(key[1])} may log in from other addresses than declared"
        if key[0].startswith("config log"):
            return "events are logged elsewhere than declared"
        return _ABOUT.get(key[0], "")

    def _policy(self, verdict: Verdict, key: Key, line: str, shown: Mapping[str, Setting]) -> str:
        number = name_of(key[1])
        title = self._titles.get(number, "")
        if verdict is Verdict.REORDERED:
            return f"policy {number} ({title}) is tried at another place: a different policy decides first"
        if line.startswith("edit ") and verdict is Verdict.MISSING:
            return f"no longer so: {title}"
        if line.startswith("edit "):
            return _sentence(shown)
        return f"policy {number} ({title}) is another than declared" if title else _sentence(shown)

    def _interface(self, verdict: Verdict, key: Key, line: str) -> str:
        name = name_of(key[1])
        segment = self._segments.get(name, name)
        if "allowaccess" in line:
            said = line.split(maxsplit=2)[2]
            return (f"the firewall itself answers {said} in {segment}" if verdict is Verdict.EXTRA
                    else f"the firewall itself should answer {said} in {segment}")
        return f"the firewall has another address in {segment}"


def _sentence(shown: Mapping[str, Setting]) -> str:
    def words(*names: str) -> str:
        return ", ".join(value for name in names if name in shown for value in shown[name].values) or "anyone"

    what = words("service")
    who, where = words("srcaddr", "srcaddr6"), words("dstaddr", "dstaddr6")
    if shown.get("action", Setting(())).values == ("accept",):
        return f"{who} can open {what} on {where}"
    return f"packets of {who} to {where} ({what}) are refused"
