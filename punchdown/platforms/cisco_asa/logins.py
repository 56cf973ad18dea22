"""Who checks logins: a group of servers, and the local users when none of them answers.

A group says by its name what it holds, so that another one is there before logins go to it, and the old one goes last.
What a user may do is told by whoever checked the login. Source: ASA general configuration guide, "RADIUS Servers for
AAA", "TACACS+ Servers for AAA", "Management Access".
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_asa.words import leg_of, name

PROTOCOLS = {"radius": "radius", "tacacs": "tacacs+"}


def group(intent: DeviceIntent) -> str:
    """The name of the group of servers, empty where the local users alone log in."""
    management = intent.management
    if management.login == "local":
        return ""
    held = " ".join(f"{server.address}:{server.auth_port}:{server.acct_port}" for server in management.login_servers)
    return name(f"{management.login}-{crc32(held.encode()):08x}")


def leg(intent: DeviceIntent, address: str) -> str:
    """The interface by which a server is asked."""
    return leg_of(intent.firewall, address) if intent.firewall else ""


def refusals(intent: DeviceIntent) -> Iterator[str]:
    """Why the servers can't be asked."""
    for server in intent.management.login_servers:
        if not leg(intent, server.address):
            yield f"no interface leads to {server.name}, which checks logins"
