"""Reading the configuration, and what leaves it there and then: secrets, and what changes by itself.

Encrypted values are another text at each reading and say only that there is one. Source: fact sheet, "Show back".
"""

from __future__ import annotations

import re

from punchdown.errors import DeviceError
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT, OLDEST, TOO_OLD
from punchdown.secrets import UNKNOWN
from punchdown.values import RunningConfig, RunningDocument

SHOW = "show"
READ_COMMANDS: tuple[str, ...] = (SHOW,)

_WORD = r"""(?:"(?:\\.|[^"\\])*(?:"|\Z)|'[^']*(?:'|\Z)|\\.|[^\s"'\\])+"""
_VALUE = rf"(?P<value>{_WORD}(?:[ \t]+{_WORD})*)"
_SECRET = re.compile(
    r"^(?P<head>[ \t]*set[ \t]+(?:\S*(?:password|passwd|secret|passphrase|-key|-pwd|token|-psk)\S*"
    rf"|key|pwd|psk|private-key|seed|activation-code|community)[ \t]+){_VALUE}", re.MULTILINE | re.DOTALL)
_ENCRYPTED = re.compile(r"(?<=\s)ENC \S+")
_COMMUNITY = re.compile(r"(^([ \t]*)config system snmp community[ \t]*\n)(.*?)(^\2end\b|\Z)",
                        re.MULTILINE | re.DOTALL)
_NAME = re.compile(rf"^([ \t]*set[ \t]+name[ \t]+)(?!<masked:){_VALUE}", re.MULTILINE | re.DOTALL)
_PLAIN = re.compile(r"password-(?:policy|expire|attempts|renewal)|enable|disable|(?:ssh|https)\S*")
_COUNT = re.compile(r"\s*set\s+(?!\S*(?:password|passwd|secret|passphrase|key|pwd|token|psk|seed|code|community)\d?\s)")
"""The name of something that has to do with secrets and is none: a number there is one."""
_VOLATILE = re.compile(r"^(?:#(?!config-version).*\n| *set (?:uuid|cfg-save|cfg-revert-timeout) .*\n"
                       r"|config system console\n(?: .*\n)*end\n)", re.MULTILINE)
_UNIT = re.compile(r"^#config-version=(?P<model>[^-\s]+)-(?P<version>\d+(?:\.\d+)+)(?:.*:vdom=(?P<several>\d))?.*\n",
                   re.MULTILINE)


def mask(text: str, fingerprint: Fingerprint) -> str:
    """The text with every secret replaced; what is not encrypted by its fingerprint. Lines keep their numbers."""
    def hidden(value: str) -> str:
        unknown = value.startswith(("ENC ", '"-----BEGIN'))
        return (UNKNOWN if unknown else fingerprint(value.strip('"'))) + "\n" * value.count("\n")

    def known(match: re.Match[str]) -> str:
        head, value = match["head"], match["value"]
        plain = _PLAIN.fullmatch(value) or (value.isdecimal() and _COUNT.match(head))
        return head + (value if plain or value.startswith("<masked:") else hidden(value))

    text = _COMMUNITY.sub(lambda match: match[1] + _NAME.sub(
        lambda name: name[1] + hidden(name["value"]), match[3]) + match[4], text)
    return _ENCRYPTED.sub(UNKNOWN, _SECRET.sub(known, text))


def fetch(reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
    """All that is set otherwise than by default, without identifiers that the unit makes, how it is saved, which the
    safe change turns, and the console, whose paging the login of a writer turns off.

    Raises:
        DeviceError: no answer, a release whose defaults are others, or more than one virtual domain.
    """
    text = reader.show(SHOW, timeout=120.0).output.replace("\r", "")
    unit = _UNIT.search(text)
    facts = {"model": unit["model"], "version": unit["version"]} if unit else {}
    if unit and tuple(map(int, unit["version"].split("."))) < OLDEST:
        raise DeviceError(reader.device, "fetch", f"FortiOS {unit['version']}: {TOO_OLD}")
    if unit and unit["several"] == "1":
        raise DeviceError(reader.device, "fetch", "several virtual domains: only a unit with one is read")
    shown = "\n".join(line.rstrip() for line in _VOLATILE.sub("", _UNIT.sub("", text)).splitlines())
    return RunningConfig(reader.device, "fortinet_fortios",
                         (RunningDocument(DOCUMENT, mask(f"{shown}\n", fingerprint)),), facts)
