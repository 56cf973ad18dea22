"""What the running DHCP server must show."""

from __future__ import annotations

import json
import re
from typing import Any

from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Reader
from punchdown.platforms.kea.capabilities import CONFIG, SOCKET
from punchdown.values import Expectation, Observation


def ask(command: str) -> str:
    """The shell command that asks the daemon over its control socket."""
    return f"printf '{{\"command\":\"{command}\"}}' | socat -t 15 - UNIX-CONNECT:{SOCKET}"


STATUS = ask("status-get")
CONFIG_GET = ask("config-get")
CHECK = f"kea-dhcp4 -t {CONFIG} >/dev/null 2>&1"
ADDRESSES = "ip -o -4 address show"
READ_COMMANDS = tuple(re.escape(command) for command in (STATUS, CONFIG_GET, CHECK, ADDRESSES))


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """One per fact that :func:`observe` reads."""
    if intent.dhcp is None:
        return ()
    source = intent.dhcp.source
    return (
        Expectation("dhcp:running", True, "the DHCP server answers on its control socket", source, "high"),
        Expectation("dhcp:config", True, "the file on disk passes the server's own check", source, "high"),
        *(Expectation(f"dhcp:interface:{pool.interface}", f"{pool.server_address}",
                      f"the server has its address in segment {pool.name}", pool.source, "high")
          for pool in intent.dhcp.pools),
    )


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """Read the facts; a fact that could not be read is absent. Raises DeviceError when the session fails."""
    facts: dict[str, Any] = {
        "dhcp:running": _result(reader.show(STATUS).output) == 0,
        "dhcp:config": reader.show(CHECK).code == 0,
    }
    answer = reader.show(ADDRESSES)
    if answer.code:
        return Observation(reader.device, facts, (f"addresses: {answer.error.strip()}",))
    for pool in intent.dhcp.pools if intent.dhcp else ():
        own = re.findall(rf"^\d+: {re.escape(pool.interface)}\s+inet ([0-9.]+)", answer.output, re.MULTILINE)
        facts[f"dhcp:interface:{pool.interface}"] = (
            pool.server_address if pool.server_address in own else ", ".join(own) or "none")
    return Observation(reader.device, facts)


def _result(answer: str) -> int:
    """The result code of a control answer, -1 for anything else."""
    try:
        return int(json.loads(answer)["result"])
    except (ValueError, KeyError, TypeError):
        return -1
