"""What uses a switch now, counted from its tables: more is better. Compared before and after a change.

Source: outputs that ntc-templates ships, read with its templates where it has one; HP Access Security Guide for
``show port-access clients``, HP Management and Configuration Guide for ``show power-over-ethernet brief``.
"""

from __future__ import annotations

import re
from typing import Any

from punchdown.intent import DeviceIntent, LinkMode

Row = dict[str, Any]
DETAIL, SESSIONS, MACS = "show lldp info remote-device detail", "show port-access clients", "show mac-address"
POWER, ERRORS = "show power-over-ethernet brief", "show interfaces"
COMMANDS = (DETAIL, SESSIONS, MACS, POWER, ERRORS)
"""Those that only count: a model that has none of it is no fault."""
_PHONE = re.compile(r"EndpointClass\s*:\s*Class3|Capabilities Enabled\s*:.*\btele?phone\b")
_CLIENT = re.compile(r"^ +(?P<port>\S+) .*\b[0-9a-f]{6}-[0-9a-f]{6} .*\b(?:8021X|MAC|WEB|LMA|WMA)\b", re.MULTILINE)
_POWERED = re.compile(r"^ +(?P<port>\S+) +(?:Yes|No) .*\bDelivering\b", re.MULTILINE)


def own_rows(command: str, output: str) -> list[Row] | None:
    """The rows of a table for which published templates know nothing, or too little; None for others."""
    if command == DETAIL:
        return [{"phone": _PHONE.search(block) is not None} for block in output.split("Local Port")[1:]]
    pattern = {SESSIONS: _CLIENT, POWER: _POWERED}.get(command)
    return [match.groupdict() for match in pattern.finditer(output)] if pattern else None


def counted(command: str, rows: list[Row], intent: DeviceIntent) -> dict[str, int]:
    """What the rows of one command say, empty for one that counts nothing."""
    if command == DETAIL:
        return {"phones": sum(row["phone"] for row in rows)}
    if command == SESSIONS:
        return {"sessions": len(rows)}
    if command == POWER:
        return {"powered ports": len(rows)}
    if command == ERRORS:
        return {"ports without errors": sum(not re.search("[1-9]", row["errors_rx"]) for row in rows)}
    return _addresses(rows, intent) if command == MACS else {}


def _addresses(rows: list[Row], intent: DeviceIntent) -> dict[str, int]:
    """Learned MAC addresses behind the ports of endpoints, per VLAN; what is behind other switches says nothing of this
    one."""
    ends = {port.name for port in intent.ports if port.mode is LinkMode.ACCESS}
    found: dict[str, int] = {}
    for row in rows:
        if row["port"] in ends:
            kind = f"MACs in VLAN {row['vlan_id'] or '?'}"
            found[kind] = found.get(kind, 0) + 1
    return found
