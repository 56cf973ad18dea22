"""What uses a switch now, counted from its tables: more is better. Compared before and after a change.

Published templates read the neighbours only: the one for learned addresses knows VLANs called ``VlanN`` alone.
Source: outputs that ntc-templates ships; vendor's command reference for ``show poe interface`` and ``show interfaces``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ntc_templates.parse import parse_output

from punchdown.intent import DeviceIntent, LinkMode

VLANS, SESSIONS, NEIGHBOURS = "show vlans", "show dot1x interface", "show lldp neighbors"
MACS, POWER, ERRORS = "show ethernet-switching table", "show poe interface", "show interfaces statistics"
COMMANDS = (MACS, POWER, ERRORS)
"""Those that only count: a model that has none of it is no fault."""
SESSION = re.compile(r"^(\S+)\s+(Authenticator)\s+(\S+)\s+([0-9A-Fa-f:]{17})\s+(\S+)", re.MULTILINE)
_MAC = re.compile(r"^\s*(?P<vlan>\S+) +(?P<mac>[0-9A-Fa-f:]{17}) +D\S* +\S+ +(?P<port>\S+?)(?:\.0)?(?: .*)?$",
                  re.MULTILINE)
_POWERED = re.compile(r"^\s*(\S+-\d+/\d+/\d+) +\S+ +ON\b", re.MULTILINE)
_PORT = re.compile(r"(?:ge|mge|xe|et)-[\d/]+,")
_ERRORS = re.compile(r"^ +Input errors: (\d+), Output errors: (\d+)", re.MULTILINE)


def phones(output: str, intent: DeviceIntent) -> dict[str, int]:
    """Neighbours that speak LLDP on the ports of phones; the table does not say what they are."""
    ports = {port.name for port in intent.ports if port.voice_vlan}
    rows = parse_output(platform="juniper_junos", command=NEIGHBOURS, data=output) if output.strip() else []
    return {"phones": sum(row["local_interface"].removesuffix(".0") in ports for row in rows)}


def sessions(output: str, intent: DeviceIntent) -> dict[str, int]:
    """Authorised 802.1X and MAC sessions."""
    del intent
    return {"sessions": sum(match[3] == "Authenticated" for match in SESSION.finditer(output))}


def addresses(output: str, intent: DeviceIntent, names: Mapping[str, str]) -> dict[str, int]:
    """Learned MAC addresses behind the ports of endpoints, per VLAN (``names``: to their numbers); what is behind other
    switches says nothing of this one."""
    ends = {port.name for port in intent.ports if port.mode is LinkMode.ACCESS}
    found: dict[str, int] = {}
    for match in _MAC.finditer(output):
        if match["port"] in ends:
            kind = f"MACs in VLAN {names.get(match['vlan'], match['vlan'])}"
            found[kind] = found.get(kind, 0) + 1
    return found


def powered(output: str, intent: DeviceIntent) -> dict[str, int]:
    """Ports that give power to something."""
    del intent
    return {"powered ports": len(_POWERED.findall(output))}


def without_errors(output: str, intent: DeviceIntent) -> dict[str, int]:
    """Ports that have counted no damaged frame: a change that makes one count takes it out."""
    del intent
    blocks = [block for block in re.split(r"^Physical interface: ", output, flags=re.MULTILINE) if _PORT.match(block)]
    counted = [_ERRORS.search(block) for block in blocks]
    return {"ports without errors": sum(found is not None and found.groups() == ("0", "0") for found in counted)}


_KINDS: tuple[tuple[str, Callable[[str, DeviceIntent], dict[str, int]]], ...] = (
    (NEIGHBOURS, phones), (SESSIONS, sessions), (POWER, powered), (ERRORS, without_errors))


def counted(outputs: Mapping[str, str], intent: DeviceIntent) -> dict[str, int]:
    """Everything that the tables, by their commands, say; what a table that is missing would say is left out."""
    found: dict[str, int] = {}
    for command, count in _KINDS:
        if command in outputs:
            found |= count(outputs[command], intent)
    if MACS in outputs:
        found |= addresses(outputs[MACS], intent, dict(_numbers(outputs.get(VLANS, ""))))
    return found


def _numbers(output: str) -> Iterator[tuple[str, str]]:
    rows = parse_output(platform="juniper_junos", command=VLANS, data=output) if output.strip() else []
    yield from ((row["vlan_name"], row["tag"]) for row in rows if row["tag"])
