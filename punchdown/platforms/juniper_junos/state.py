"""Operational state: what the intent expects, and what the device's tables say, read with ntc-templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ntc_templates.parse import parse_output
from textfsm.parser import TextFSMError

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent, LinkMode, PortIntent
from punchdown.platforms.contract import Reader
from punchdown.platforms.juniper_junos import life
from punchdown.platforms.juniper_junos.change import CONFIGURATION
from punchdown.platforms.juniper_junos.words import list_name, port_filter, switchports, vlan_of
from punchdown.values import Expectation, Observation

Row = dict[str, Any]
Facts = dict[str, Any]
_FILTER = re.compile(r"^Filter: (\S+)", re.MULTILINE)
_MEMBER = re.compile(r"\s{2,}(\S+)\s+(\d+)\s+\d+(?:\s+\d+)?\s+[A-Z][a-z]+\s+(?:[A-Z,]+\s+)?(untagged|tagged)\s*$")
_USER = re.compile(r"^ +(\S+) +(?!none/)\w+/(?!none\b)\w+ +\S+ +active *$", re.MULTILINE)
_BINDING = re.compile(r"^([\d.]+) +([0-9A-Fa-f:]{17}) +\S+ +\d+ +[A-Z]+ +(\S+?)(?:\.0)? *$", re.MULTILINE)
_MEMBER_OF_CHASSIS = re.compile(r"^\{[a-z]+:\d+\}.*\n?", re.MULTILINE)
READ_COMMANDS = (
    re.escape(CONFIGURATION), r"show version", r"show vlans", r"show ethernet-switching (?:interface|table)",
    r"show dot1x interface(?: \S+)?(?: detail)?", r"show firewall(?: filter \S+)?", r"show lldp neighbors",
    r"show system commit", r"show poe interface", r"show snmp v3", r"show dhcp-security binding",
    r"show interfaces terse", re.escape(life.ERRORS),
)


def _expected(port: PortIntent) -> list[Expectation]:
    """The VLANs of a port that may authenticate its users into others are not expected."""
    def expect(fact: str, value: object, title: str, severity: str = "medium") -> Expectation:
        return Expectation(f"port:{port.name}:{fact}", value, f"{port.name}: {title}", port.source, severity)

    if port.mode is LinkMode.TRUNK:
        return [expect("tagged", sorted(port.tagged), "carries its VLANs and no other", "high")]
    if port.mode is LinkMode.CLOSED:
        return []
    out = [] if port.dot1x else [expect("untagged", port.access_vlan, f"is in VLAN {port.access_vlan}")]
    if port.voice_vlan:
        out.append(expect("tagged", [port.voice_vlan], f"has voice VLAN {port.voice_vlan}"))
    return out


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """VLANs exist, ports carry theirs, filters exist where ports use them."""
    out = [Expectation(f"vlan:{vlan.id}", True, f"VLAN {vlan.id} ({vlan.name}) exists", vlan.source)
           for vlan in intent.vlans]
    for port in switchports(intent):
        out += _expected(port)
    for name in sorted({port_filter(port) for port in intent.ports} - {""}):
        source = intent.filter(name).source
        title = f"firewall filter {list_name(name)} is in force"
        out.append(Expectation(f"filter:{name}", True, title, source, "high"))
    out += [Expectation(f"binding:{address}", f"{mac} {port.name}", f"{address} is bound to its MAC address and port",
                        port.source) for address, (mac, port) in _bound(intent).items()]
    if access := intent.management.snmp:
        out.append(Expectation(f"snmp-user:{access.user}", True, f"{access.user} polls by SNMPv3, hashed and encrypted",
                               access.source))
    return tuple(out)


def _vlan_facts(output: str, intent: DeviceIntent) -> Facts:
    rows = parse_output(platform="juniper_junos", command="show vlans", data=output)
    there = {int(row["tag"]) for row in rows if row["tag"]}
    return {f"vlan:{vlan.id}": vlan.id in there for vlan in intent.vlans}


def port_facts(output: str, intent: DeviceIntent) -> Facts:
    """The table of this software lists a line for each VLAN of a port: untagged or tagged."""
    numbers = {vlan_of(intent, vlan.id): vlan.id for vlan in intent.vlans}
    numbers[vlan_of(intent, intent.parking_vlan)] = intent.parking_vlan
    facts: Facts = {}
    for row in _members(output):
        name = row["interface"]
        number = int(row["tag"]) if row["tag"] else numbers.get(row["vlan"], 0)
        if row["tagging"] == "untagged":
            facts[f"port:{name}:untagged"] = number
        else:
            facts.setdefault(f"port:{name}:tagged", []).append(number)
    return {key: sorted(value) if isinstance(value, list) else value for key, value in facts.items()}


def _members(output: str) -> Iterable[Row]:
    """Rows of ``show ethernet-switching interface``: below the logical interface, for each VLAN its name, tag, limits
    (MAC, or MAC and MAC with IP), state, flags, tagging. The packaged template knows the older table only."""
    port = ""
    for line in output.splitlines():
        if match := re.match(r"((?:ge|mge|xe|et|ae)\S+)\.0\s", line):
            port = match[1]
        if port and (found := _MEMBER.match(line)):
            yield {"interface": port, "vlan": found[1], "tag": found[2], "tagging": found[3]}


def _filter_facts(output: str, intent: DeviceIntent) -> Facts:
    there = set(_FILTER.findall(output))
    return {f"filter:{item.name}": list_name(item.name) in there for item in intent.filters}


def _session_facts(output: str, intent: DeviceIntent) -> Facts:
    names = {port.name for port in intent.ports}
    found: dict[str, list[str]] = {}
    for match in life.SESSION.finditer(output):
        if (name := match[1].removesuffix(".0")) in names:
            found.setdefault(name, []).append(f"{match[4]} {match[5]} {match[3]}")
    return {f"port:{name}:sessions": sorted(sessions) for name, sessions in found.items()}


def _bound(intent: DeviceIntent) -> dict[str, tuple[str, PortIntent]]:
    """The stations that no lease tells of, and that the switch knows by a line: by address, their MAC and port."""
    settings = intent.protection
    if settings is None or not (settings.arp_inspection or settings.source_guard):
        return {}
    return {address: (mac.lower(), port) for port in intent.ports for mac, address, _ in port.hosts
            if port.mode is LinkMode.ACCESS and mac and address and not (port.arp_trusted or port.dhcp_trusted)}


def _binding_facts(output: str, intent: DeviceIntent) -> Facts:
    found = {match[1]: f"{match[2].lower()} {match[3]}" for match in _BINDING.finditer(output)}
    return {f"binding:{address}": found.get(address, "nobody") for address in _bound(intent)}


def _snmp_facts(output: str, intent: DeviceIntent) -> Facts:
    access = intent.management.snmp
    return {f"snmp-user:{access.user}": access.user in set(_USER.findall(output))} if access else {}


def _neighbour_facts(output: str, intent: DeviceIntent) -> Facts:
    names = {port.name for port in switchports(intent)}
    if not output.strip():
        return {}
    rows = parse_output(platform="juniper_junos", command="show lldp neighbors", data=output)
    return {f"port:{name}:neighbor": row["neighbor_name"] or row["chassis_id"] for row in rows
            if (name := row["local_interface"].removesuffix(".0")) in names}


def _nothing(_output: str, _intent: DeviceIntent) -> Facts:
    """Only counted."""
    return {}


_TABLES: tuple[tuple[str, Callable[[str, DeviceIntent], Facts]], ...] = (
    ("show vlans", _vlan_facts),
    ("show ethernet-switching interface", port_facts),
    ("show firewall", _filter_facts),
    ("show dot1x interface", _session_facts),
    ("show lldp neighbors", _neighbour_facts),
)
_ASKED: tuple[tuple[str, Callable[[str, DeviceIntent], Facts], Callable[[DeviceIntent], bool]], ...] = (
    ("show snmp v3", _snmp_facts, lambda intent: intent.management.snmp is not None),
    ("show dhcp-security binding", _binding_facts, lambda intent: bool(_bound(intent))),
)
"""Commands for those who ask for something: the last says whether."""


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """Read the tables; one that can't be read leaves its keys out and says so."""
    facts: Facts = {}
    outputs: dict[str, str] = {}
    errors = []
    asked = tuple((command, read) for command, read, wanted in _ASKED if wanted(intent))
    for command, read in (*_TABLES, *asked, *((command, _nothing) for command in life.COMMANDS)):
        try:
            output = _MEMBER_OF_CHASSIS.sub("", reader.show(command, timeout=90.0).output.replace("\r", ""))
            facts |= read(output, intent)
            outputs[command] = output
        except (DeviceError, TextFSMError, KeyError, ValueError) as error:
            if command not in life.COMMANDS:
                errors.append(f"{command}: {type(error).__name__}: {error}")
    try:
        return Observation(intent.device, facts, tuple(errors), life.counted(outputs, intent))
    except TextFSMError as error:
        return Observation(intent.device, facts, (*errors, f"life: {error}"))
