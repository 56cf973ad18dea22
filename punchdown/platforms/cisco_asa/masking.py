"""Secrets leave the running configuration here, before anything else sees it.

The device itself shows most as ``*****`` and hashes the passwords of users: both say only that there is one.
Source: fact sheet, "Show back"; ASA command reference, ``username``, ``snmp-server user``, ``key``.
"""

from __future__ import annotations

import re
from itertools import groupby

from punchdown.platforms.contract import Fingerprint
from punchdown.secrets import UNKNOWN

_SIGNS = ("password", "passwd", "key", "secret", "community", "snmp-server", "passphrase", "-pw", "md5", "digest")
_FREE_TEXT = re.compile(r"\s*(?:description|banner|access-list \S+ remark) ")
_NO_SECRET = re.compile(r"\s*(?:ssh |crypto key |ntp trusted-key|ntp server |key-storage|keypair |crypto ca )")
_KEYED = re.compile(
    r"(?<!\S)(?P<word>password|passwd|key|secret|community|pre-shared-key|passphrase|ldap-login-password|failover key|"
    r"radius-common-pw|authentication-key \d+ md5|message-digest-key \d+ md5|auth (?:md5|sha\d*)|"
    r"priv (?:des|3des|aes (?:128|192|256))|key-string) (?:(?P<kind>[05-9]) )?(?P<value>\S+)"
    r"(?P<hash> encrypted| pbkdf2)?")
_SNMP_HOST = re.compile(r"(snmp-server (?:host \S+ \S+(?: poll| trap)? community|community)) (?:(?:0|8) )?(\S+)")
_OPAQUE = re.compile(r"\*+|\$sha512\$.*|<masked:.*")


def mask_line(line: str, fingerprint: Fingerprint) -> str:
    """One line with its secrets replaced by the fingerprint of the clear text, where it can be known."""
    if _FREE_TEXT.match(line) or _NO_SECRET.match(line):
        return line

    def masked(value: str, *, hidden: bool) -> str:
        if value.startswith("<masked:"):
            return value
        return UNKNOWN if hidden or _OPAQUE.fullmatch(value) else fingerprint(value)

    def replace(match: re.Match[str]) -> str:
        hidden = match["kind"] in {"5", "6", "7", "8", "9"} or bool(match["hash"]) or "encrypted" in line
        return f"{match['word']} {masked(match['value'], hidden=hidden)}{match['hash'] or ''}"

    if match := _SNMP_HOST.search(line):
        return f"{line[:match.start()]}{match[1]} {masked(match[2], hidden=False)}{line[match.end():]}"
    return _KEYED.sub(replace, line)


def mask(text: str, fingerprint: Fingerprint) -> str:
    """The whole text with every secret masked."""
    return "".join(f"{mask_line(line, fingerprint) if any(sign in line for sign in _SIGNS) else line}\n"
                   for line in text.splitlines())


def in_order(text: str) -> str:
    """The text with sections side by side of one kind sorted by name, where the device shows them as old as they are:
    objects, groups, lists (their lines keep their order), logins, servers. What is decided by order stays."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if line.startswith(" ") and blocks:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    found = [block for _, run in groupby(blocks, key=lambda block: _kind(block[0]))
             for block in sorted(run, key=lambda block: _name(block[0]))]
    return "".join(f"{line}\n" for block in found for line in block)


def _kind(line: str) -> str:
    words = line.split()
    return " ".join(words[:2 if words[:1] == ["object"] else 1])


def _name(line: str) -> str:
    """What a section is sorted by; the same for all whose order is meaning."""
    words = line.split()
    if words[:1] == ["access-list"]:
        return words[1]
    if words[:1] == ["icmp"]:
        return words[-1]
    return line if words[:1] in (["object"], ["object-group"], ["ssh"], ["access-group"], ["ntp"], ["logging"],
                                 ["class-map"], ["policy-map"], ["service-policy"]) else ""
