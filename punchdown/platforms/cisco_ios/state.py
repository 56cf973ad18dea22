"""Operational state: what the intent expects, and what the device's tables say, read with ntc-templates."""

from __future__ import annotations

import re
from collections.abc import Callable

from ntc_templates.parse import parse_output

from punchdown.intent import DeviceIntent, LinkMode, PortIntent
from punchdown.platforms.cisco_ios import control_policies, life, logins, mirrors, snmp, source_guard
from punchdown.platforms.cisco_ios.normalise import expand_vlans, long_name
from punchdown.platforms.cisco_ios.words import port_filter, snmp_auth, snmp_priv
from punchdown.platforms.contract import Reader
from punchdown.platforms.lines import Facts, Row, list_name, look
from punchdown.values import Expectation, Observation, Provenance

_LIST = re.compile(r"(?:Standard|Extended) IP access list (\S+)")
_ENTRY = re.compile(r"\s+\d+ (?:permit|deny) ")
_ARP = re.compile(r"\s*(\d+)\s+Enabled\s+Active\b.*")
READ_COMMANDS = (
    r"show running-config", r"show version", r"show vlan( brief)?", r"show interfaces( \S+)? (switchport|status)",
    r"show authentication sessions( .+)?", r"show ip access-lists( \S+)?", r"show lldp neighbors detail",
    r"show archive( config rollback timer)?", r"show mac address-table", r"show power inline", r"show ip dhcp snooping",
    r"show interfaces status err-disabled", r"show ip arp inspection",
    re.escape(snmp.USERS), r"show monitor", re.escape(logins.RADIUS), re.escape(logins.TACACS),
    re.escape(source_guard.SHOW), r"show access-session", re.escape(control_policies.MODE),
    re.escape(life.ERRORS),
)


def _port_expectations(port: PortIntent) -> list[Expectation]:
    def expect(fact: str, value: object, title: str, source: Provenance, severity: str = "medium") -> Expectation:
        return Expectation(f"port:{port.name}:{fact}", value, f"{port.name}: {title}", source, severity)

    mode = "trunk" if port.mode is LinkMode.TRUNK else "access"
    out = [expect("mode", mode, f"is an {mode} port" if mode == "access" else "is a trunk", port.source)]
    if port.mode is LinkMode.TRUNK:
        out.append(expect("tagged", sorted(port.tagged), "carries its VLANs and no other", port.source, "high"))
    elif port.mode is LinkMode.ACCESS and not port.dot1x:
        out.append(expect("access-vlan", port.access_vlan, f"is in VLAN {port.access_vlan}", port.source))
    if port.mode is LinkMode.ACCESS and port.voice_vlan:
        out.append(expect("voice-vlan", port.voice_vlan, f"has voice VLAN {port.voice_vlan}", port.source))
    return out


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """VLANs exist, ports have their mode and VLANs, filters exist where ports use them."""
    out = [Expectation(f"vlan:{vlan.id}", True, f"VLAN {vlan.id} ({vlan.name}) exists and is active", vlan.source)
           for vlan in intent.vlans]
    for port in intent.ports:
        out += _port_expectations(port)
    bound = (*intent.ports, *(link.port for link in intent.links))
    for name in sorted({port_filter(port) for port in bound} - {""}):
        source = intent.filter(name).source
        out.append(Expectation(f"filter:{name}", True, f"access list {list_name(name)} holds lines", source, "high"))
    out += [Expectation(f"arp-inspection:{vlan}", True, f"ARP in VLAN {vlan} is inspected", source, "high")
            for vlan, source in _inspected(intent).items()]
    out += [Expectation(f"port:{port.name}:mirrors", sorted(port.mirrors), f"{port.name} repeats its ports to a sensor",
                        port.source) for port in mirrors.mirror_ports(intent)]
    out += [*logins.expectations(intent), *source_guard.expectations(intent)]
    if access := intent.management.snmp:
        out.append(Expectation(f"snmp-user:{access.user}", f"{snmp_auth(access)}, {snmp_priv(access)}",
                               f"{access.user} polls by SNMPv3", access.source))
    return tuple(out)


def _inspected(intent: DeviceIntent) -> dict[int, Provenance]:
    """The VLANs whose ARP is inspected, with who asked for it."""
    if intent.protection is None or not intent.protection.arp_inspection:
        return {}
    return {vlan.id: intent.protection.source for vlan in intent.vlans if vlan.id != intent.parking_vlan}


def _arp_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    active = {row["vlan"] for row in rows}
    return {f"arp-inspection:{vlan}": vlan in active for vlan in _inspected(intent)}


def _snmp_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    access = intent.management.snmp
    if access is None:
        return {}
    found = {row["name"]: row["algorithms"] for row in rows if row["group"] == snmp.GROUP}
    return {f"snmp-user:{access.user}": found.get(access.user, "nobody")}


def _snmp_rows(output: str) -> list[Row]:
    return [{"name": user.name, "group": user.group, "algorithms": f"{user.authentication}, {user.privacy}"}
            for user in snmp.read_users(output)]


def _mirror_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    found = {row["port"]: row["sources"] for row in rows}
    return {f"port:{port.name}:mirrors": found.get(port.name, []) for port in mirrors.mirror_ports(intent)}


def _mirror_rows(output: str) -> list[Row]:
    return [{"port": port, "sources": sources} for port, sources in mirrors.read_sessions(output, long_name).items()]


def _mirrored(intent: DeviceIntent) -> bool:
    return bool(mirrors.mirror_ports(intent))


def _polled(intent: DeviceIntent) -> bool:
    return intent.management.snmp is not None


def _vlan_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    active = {int(row["vlan_id"]) for row in rows if row["status"] == "active"}
    return {f"vlan:{vlan.id}": vlan.id in active for vlan in intent.vlans}


def _number(text: str) -> int:
    digits = text.split(" ")[0]
    return int(digits) if digits.isdigit() else 0


def _tagged(value: str | list[str]) -> list[int]:
    text = value if isinstance(value, str) else ",".join(value)
    return list(expand_vlans(text.replace(" ", "").lower()))


def _port_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    names = {port.name for port in intent.ports}
    facts: Facts = {}
    for row in rows:
        name = long_name(row["interface"])
        if name not in names:
            continue
        mode = (row["admin_mode"] or row["mode"]).lower()
        facts[f"port:{name}:mode"] = "trunk" if "trunk" in mode else "access" if "static access" in mode else mode
        facts[f"port:{name}:access-vlan"] = _number(row["access_vlan"])
        facts[f"port:{name}:voice-vlan"] = _number(row["voice_vlan"])
        facts[f"port:{name}:tagged"] = _tagged(row["trunking_vlans"])
    return facts


def _lists(output: str) -> list[Row]:
    """Access lists that hold entries; the packaged template knows no ``dscp`` entry and gives up on one."""
    rows: list[Row] = []
    name = ""
    for line in output.splitlines():
        if match := _LIST.match(line):
            name = match[1]
        elif name and _ENTRY.match(line):
            rows.append({"acl_name": name})
    return rows


def _arp_rows(output: str) -> list[Row]:
    """The VLANs in which inspection works."""
    return [{"vlan": int(match[1])} for line in output.splitlines() if (match := _ARP.fullmatch(line))]


def _filter_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    held = {row["acl_name"] for row in rows}
    return {f"filter:{item.name}": list_name(item.name) in held for item in intent.filters}


def _session_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    names = {port.name for port in intent.ports}
    found: dict[str, list[str]] = {}
    for row in rows:
        name = long_name(row["interface"])
        if name in names:
            words = (str(row.get("mac_address", row.get("mac", ""))), str(row["method"]), str(row["domain"]))
            found.setdefault(name, []).append(" ".join((*words, str(row["status"]))))
    return {f"port:{name}:sessions": sorted(sessions) for name, sessions in found.items()}


def _neighbor_facts(rows: list[Row], intent: DeviceIntent) -> Facts:
    names = {port.name for port in intent.ports}
    return {f"port:{name}:neighbor": row["neighbor_name"] or row["chassis_id"] for row in rows
            if (name := long_name(row["local_interface"])) in names}


def _nothing(_rows: list[Row], _intent: DeviceIntent) -> Facts:
    """Only counted."""
    return {}


def _always(_intent: DeviceIntent) -> bool:
    return True


def _classic(intent: DeviceIntent) -> bool:
    return not _new_style(intent)


def _new_style(intent: DeviceIntent) -> bool:
    return intent.authentication == control_policies.STYLE


def _inspects(intent: DeviceIntent) -> bool:
    return bool(_inspected(intent))


_TABLES: tuple[tuple[str, Callable[[list[Row], DeviceIntent], Facts], Callable[[DeviceIntent], bool]], ...] = (
    ("show vlan", _vlan_facts, _always),
    ("show interfaces switchport", _port_facts, _always),
    ("show ip access-lists", _filter_facts, _always),
    ("show authentication sessions", _session_facts, _classic),
    ("show access-session", _session_facts, _new_style),
    ("show lldp neighbors detail", _neighbor_facts, _always),
    ("show ip arp inspection", _arp_facts, _inspects),
    (snmp.USERS, _snmp_facts, _polled),
    (source_guard.SHOW, lambda rows, intent: source_guard.facts(rows, intent, long_name),
     lambda intent: bool(source_guard.guarded_ports(intent))),
    (logins.RADIUS, logins.radius_facts, logins.by_radius),
    (logins.TACACS, logins.tacacs_facts, logins.by_tacacs),
    ("show monitor", _mirror_facts, _mirrored),
    (life.MACS, _nothing, _always),
    (life.POWER, _nothing, _always),
    (life.ERRORS, _nothing, _always),
)
"""Command, what its rows say, and whether an intent needs it."""

_OWN_ROWS: dict[str, Callable[[str], list[Row]]] = {
    "show ip access-lists": _lists, "show ip arp inspection": _arp_rows, snmp.USERS: _snmp_rows,
    "show monitor": _mirror_rows, logins.RADIUS: logins.radius_rows,
    source_guard.SHOW: source_guard.rows, life.ERRORS: life.error_rows}
"""Commands that have no packaged template, or one that gives up on what we render."""


def _rows(command: str, output: str) -> list[Row]:
    if not output.strip():
        return []
    if command in _OWN_ROWS:
        return _OWN_ROWS[command](output)
    return list(parse_output(platform="cisco_ios", command=command, data=output))


def _life(command: str, rows: list[Row], intent: DeviceIntent) -> dict[str, int]:
    if command == "show lldp neighbors detail":
        return life.phones(rows)
    if command in {"show authentication sessions", "show access-session"}:
        return life.sessions(rows)
    if command == life.MACS:
        return life.addresses(rows, intent)
    if command == life.POWER:
        return life.powered(rows)
    return life.without_errors(rows) if command == life.ERRORS else {}


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """What the tables that the intent needs say; what only counts is missing where a model has none of it."""
    asked = ((command, read) for command, read, wanted in _TABLES if wanted(intent))
    return look(reader, intent, asked, _rows, _life, life.COMMANDS)
