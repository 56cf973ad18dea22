"""Operational state: what the intent expects, and what the device's tables say, read with ntc-templates."""

from __future__ import annotations

import re

from ntc_templates.parse import parse_output

from punchdown.intent import DeviceIntent, LinkMode
from punchdown.platforms.contract import Reader
from punchdown.platforms.hp_procurve import life
from punchdown.platforms.hp_procurve.words import port_filter
from punchdown.platforms.lines import Facts, Row, Table, list_name, look
from punchdown.values import Expectation, Observation

USERS = "show snmpv3 user"
_USER = re.compile(r"^  (?P<name>\S+) +(?P<authentication>MD5|SHA|None) +(?P<privacy>\S.*?) *$", re.MULTILINE)
READ_COMMANDS = (
    r"show running-config", r"show version", r"show vlans", r"show interfaces brief", r"show access-list",
    r"show lldp info remote-device( detail)?", r"show mac-address", r"show port-access clients", r"show reload after",
    re.escape(life.POWER), re.escape(life.ERRORS),
    r"show config status", r"show system", r"show snmpv3 user",
)


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """VLANs exist and say whether they carry voice, closed ports are off, filters exist where ports use them."""
    voice = {port.voice_vlan for port in intent.ports} - {0}
    out = [Expectation(f"vlan:{vlan.id}", True, f"VLAN {vlan.id} ({vlan.name}) exists", vlan.source)
           for vlan in intent.vlans]
    out += [Expectation(f"vlan:{vlan.id}:voice", True, f"VLAN {vlan.id} is announced to phones", vlan.source)
            for vlan in intent.vlans if vlan.id in voice and vlan.zone == "voice"]
    for port in intent.ports:
        is_open = port.mode is not LinkMode.CLOSED
        out.append(Expectation(f"port:{port.name}:enabled", is_open,
                               f"{port.name}: is {'enabled' if is_open else 'disabled'}", port.source))
    for name in sorted({port_filter(port) for port in intent.ports if port.mode is not LinkMode.CLOSED} - {""}):
        out.append(Expectation(f"filter:{name}", True, f"access list {list_name(name)} exists",
                               intent.filter(name).source, "high"))
    if access := intent.management.snmp:
        out.append(Expectation(f"snmp-user:{access.user}", True, f"{access.user} polls by SNMPv3, hashed and encrypted",
                               access.source))
    return tuple(out)


def _vlan_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    found = {int(row["vlan_id"]): row["voice"] == "Yes" for row in rows}
    voice = {f"vlan:{vlan.id}:voice": found.get(vlan.id, False) for vlan in intent.vlans if vlan.zone == "voice"}
    return {**{f"vlan:{vlan.id}": vlan.id in found for vlan in intent.vlans}, **voice}


def _port_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    names = {port.name for port in intent.ports}
    return {f"port:{row['port']}:enabled": row["enabled"] == "Yes" for row in rows if row["port"] in names}


def _filter_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    held = {row["name"] for row in rows}
    return {f"filter:{item.name}": list_name(item.name) in held for item in intent.filters}


def _neighbor_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    names = {port.name for port in intent.ports}
    return {f"port:{row['local_interface']}:neighbor": row["neighbor_name"] or row["chassis_id"] for row in rows
            if row["local_interface"] in names}


def _snmp_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    access = intent.management.snmp
    held = {row["name"] for row in rows if row["authentication"] == "SHA" and "AES" in row["privacy"]}
    return {f"snmp-user:{access.user}": access.user in held} if access else {}


def _nothing(rows: list[Row], intent: DeviceIntent) -> Facts:
    del rows, intent
    return {}


_TABLES: tuple[Table, ...] = (
    ("show vlans", _vlan_facts), ("show interfaces brief", _port_facts), ("show access-list", _filter_facts),
    ("show lldp info remote-device", _neighbor_facts), *((command, _nothing) for command in life.COMMANDS),
)


def _rows(command: str, output: str) -> list[Row]:
    if command == USERS:
        return [match.groupdict() for match in _USER.finditer(output)]
    if command == "show access-list":
        return [{"name": words[-1]} for line in output.splitlines()
                if (words := line.split()) and words[0] in {"ext", "std", "IPv6"}]
    own = life.own_rows(command, output)
    if own is not None or not output.strip():
        return own or []
    return list(parse_output(platform="hp_procurve", command=command, data=output))


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """What the tables that the intent needs say; what only counts is missing where a model has none of it."""
    asked = ((USERS, _snmp_facts),) if intent.management.snmp else ()
    return look(reader, intent, (*_TABLES, *asked), _rows, life.counted, life.COMMANDS)
