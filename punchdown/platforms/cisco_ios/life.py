"""What uses a switch now, counted from its tables: more is better. Compared before and after a change."""

from __future__ import annotations

import re
from typing import Any

from punchdown.intent import DeviceIntent, LinkMode
from punchdown.platforms.cisco_ios.normalise import long_name

MACS = "show mac address-table"
POWER = "show power inline"
ERRORS = "show interfaces counters errors"
COMMANDS = (MACS, POWER, ERRORS)

_AUTHORISED = frozenset({"Auth", "Authz Success"})
_COUNTERS = re.compile(
    r"^(?P<port>[A-Z]\S+) +(?P<align>\d+) +(?P<fcs>\d+) +(?P<xmit>\d+) +(?P<rcv>\d+) +\d+ +\d+ *$", re.MULTILINE)


def phones(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Neighbours that say by LLDP that they are telephones (IEEE 802.1AB, capability T)."""
    return {"phones": sum("T" in str(row["capabilities"]).replace(" ", "").split(",") for row in rows)}


def sessions(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Authorised 802.1X and MAC sessions."""
    return {"sessions": sum(str(row["status"]) in _AUTHORISED for row in rows)}


def addresses(rows: list[dict[str, Any]], intent: DeviceIntent) -> dict[str, int]:
    """Learned MAC addresses behind the ports of endpoints, per VLAN; what is behind other switches says nothing of
    this one."""
    ends = {port.name for port in intent.ports if port.mode is LinkMode.ACCESS}
    found: dict[str, int] = {}
    for row in rows:
        ports = row["destination_port"]
        if str(row["type"]).upper() == "DYNAMIC" and any(long_name(port) in ends for port in ports):
            kind = f"MACs in VLAN {row['vlan_id']}"
            found[kind] = found.get(kind, 0) + 1
    return found


def powered(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Ports that give power to something."""
    return {"powered ports": sum(str(row["operational_status"]) == "on" for row in rows)}


def error_rows(output: str) -> list[dict[str, Any]]:
    """Port and its counters, from the first table of the command; published templates know none for it."""
    return [match.groupdict() for match in _COUNTERS.finditer(output)]


def without_errors(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Ports that have counted no damaged frame: a change that makes one count takes it out."""
    return {"ports without errors": sum(not any(int(row[kind]) for kind in ("align", "fcs", "xmit", "rcv"))
                                        for row in rows)}
