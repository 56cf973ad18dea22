"""Who checks logins, as the device sees its servers.

Source: Catalyst command references, "show aaa servers", "show tacacs".
"""

from __future__ import annotations

import re
from typing import Any

from punchdown.intent import DeviceIntent
from punchdown.platforms.lines import PREFIX
from punchdown.values import Expectation

RADIUS = "show aaa servers"
TACACS = "show tacacs"
_SERVER = re.compile(r"RADIUS: id \d+, priority \d+, host (\S+), auth-port (\d+)")
_STATE = re.compile(r"\s+State: current (\w+)")


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """The device knows each server that checks logins; one of RADIUS counts as dead when it has not answered."""
    word = "alive" if intent.management.login == "radius" else "known"
    return tuple(Expectation(f"login-server:{server.name}", word, f"{server.name} checks logins", server.source)
                 for server in intent.management.login_servers)


def by_radius(intent: DeviceIntent) -> bool:
    """Whether RADIUS servers check logins."""
    return intent.management.login == "radius"


def by_tacacs(intent: DeviceIntent) -> bool:
    """Whether TACACS+ servers check logins."""
    return intent.management.login == "tacacs"


def radius_rows(output: str) -> list[dict[str, Any]]:
    """Address, port and state of each server."""
    rows: list[dict[str, Any]] = []
    for line in output.splitlines():
        if match := _SERVER.match(line):
            rows.append({"host": match[1], "port": int(match[2]), "state": ""})
        elif rows and not rows[-1]["state"] and (match := _STATE.match(line)):
            rows[-1]["state"] = match[1]
    return rows


def radius_facts(rows: list[dict[str, Any]], intent: DeviceIntent) -> dict[str, Any]:
    """``alive``, ``dead`` or ``unknown`` for each server that checks logins."""
    states = {(row["host"], row["port"]): "alive" if row["state"] == "UP" else row["state"].lower() for row in rows}
    return {f"login-server:{server.name}": states.get((server.address, server.auth_port), "unknown")
            for server in intent.management.login_servers}


def tacacs_facts(rows: list[dict[str, Any]], intent: DeviceIntent) -> dict[str, Any]:
    """``known`` or ``unknown``: the published template does not read whether a server is alive."""
    known = {(row["tacacs_server_name"], row["tacacs_server"]) for row in rows}
    return {f"login-server:{server.name}": "known" if (f"{PREFIX}{server.name}", server.address) in known else "unknown"
            for server in intent.management.login_servers}
