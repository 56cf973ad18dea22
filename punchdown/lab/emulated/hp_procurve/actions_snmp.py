"""SNMPv3: what is asked when it is switched on, users with keys that nobody has back, their groups.

Source: the platform's fact sheet, "Management"; HP Management and Configuration Guide, "SNMPv3 enable".
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from punchdown.lab.emulated.hp_procurve.grammar import Parsed, Refused
from punchdown.lab.emulated.hp_procurve.questions import Question

if TYPE_CHECKING:
    from punchdown.lab.emulated.hp_procurve.configure import Configurator

_ENABLED = "snmpv3 enable"
_FIRST = ("SNMPv3 Initialization process.\nCreating user 'initial'\nAuthentication Protocol: MD5\n"
          "Enter authentication password: ")
_SECOND = "Privacy protocol is DES\nEnter privacy password: "
_THIRD = "User 'initial' has been created\nWould you like to create a user that uses SHA? [y/n] "
_LAST = ("User creation is done.  SNMPv3 is now functional.\nWould you like to restrict SNMPv1 and SNMPv2c messages to "
         "have read only\naccess (you can set this later by the command 'snmpv3 restrict-access')? [y/n] ")
_SHORTEST = 8


def enable(c: Configurator, _mode: str, _name: str, _parsed: Parsed, negated: bool) -> str | Question:
    """Switched on, it makes a user and asks for his passwords; a file says only that it is on."""
    lines, put = c.config.lines, c.ask
    if negated or put is None or _ENABLED in lines:
        lines.pop(_ENABLED, None)
        lines |= {} if negated else {_ENABLED: _ENABLED}
        return ""

    def ask(question: Question) -> str:
        put(question)
        return ""

    def authentication(first: str) -> str:
        return ask(Question(_SECOND, lambda second: privacy(first, second), password=True)) if len(
            first) >= _SHORTEST else "Operation failed\n"

    def privacy(first: str, second: str) -> str:
        if len(second) < _SHORTEST:
            return "Operation failed\n"
        lines[_ENABLED] = _ENABLED
        lines['snmpv3 user "initial"'] = f'snmpv3 user "initial" auth md5 {_hashed(first)} priv des {_hashed(second)}'
        return ask(Question(_THIRD, lambda _: ask(Question(_LAST, lambda _: ""))))

    return Question(_FIRST, authentication, password=True)


def _hashed(word: str) -> str:
    return f'"{hashlib.sha1(word.encode(), usedforsecurity=False).hexdigest()}"'


def user(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    """Keys are kept hashed; those of a file are hashed already."""
    c.config.lines.pop(parsed.key, None)
    if negated:
        return ""
    c.config.lines[parsed.key] = " ".join(
        _hashed(word) if word.startswith('"') and at >= parsed.split and not c.file else word
        for at, word in enumerate(parsed.words))
    return ""


def group(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    """A user must be there; his groups stay when he goes."""
    if not negated and not c.file and f"snmpv3 user {parsed.words[4]}" not in c.config.lines:
        raise Refused(f"User {parsed.words[4]} not found.")
    c.config.lines.pop(parsed.text, None)
    c.config.lines |= {} if negated else {parsed.text: parsed.text}
    return ""
