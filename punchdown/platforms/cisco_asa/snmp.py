"""SNMPv3: one user with hash and cipher, whom the managers alone reach; the device shows no key that could be compared.

Source: ASA general configuration guide, "SNMP"; command reference, ``snmp-server user``, ``snmp-server host``.
"""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.intent import DeviceIntent, SnmpAccess
from punchdown.platforms.cisco_asa.logins import leg
from punchdown.platforms.cisco_asa.words import older

_SHORTEST = {"sha": (9, 8), "sha256": (9, 14)}
"""Hashes by the release that knows them first."""


def cipher(access: SnmpAccess) -> str:
    """The cipher in the device's words.

    >>> from punchdown.values import Provenance
    >>> cipher(SnmpAccess("u", "sha", "aes128", (), traps=False, source=Provenance()))
    'aes 128'
    """
    return f"aes {access.privacy.removeprefix('aes')}"


def refusals(intent: DeviceIntent) -> Iterator[str]:
    """Why the device can't be polled so."""
    access = intent.management.snmp
    if access is None:
        return
    if access.authentication not in _SHORTEST or older(intent.version, *_SHORTEST[access.authentication]):
        yield f"SNMPv3 with {access.authentication} is unknown to ASA {intent.version}".rstrip()
    for manager in access.managers:
        if not leg(intent, manager):
            yield f"no interface leads to {manager}, which polls"
