"""What the switch must show, and reading it: rows of the database, flows, sessions."""

from __future__ import annotations

import json
from typing import Any

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent, PortIntent
from punchdown.platforms.contract import Reader
from punchdown.platforms.openvswitch.fetch import (
    SHOW_BRIDGE,
    SHOW_FLOWS,
    SHOW_INTERFACES,
    SHOW_PORTS,
    SHOW_SESSIONS,
    ask,
)
from punchdown.platforms.openvswitch.normalise import Flow, members, parse_flow, rows, shown_columns
from punchdown.platforms.openvswitch.tables import (
    CLASS,
    COOKIE,
    FAMILY,
    FORWARD,
    FROM_HOST,
    PRIORITY,
    SOURCE,
    STORM,
    TO_HOST,
    TRACK,
    TRUST,
    VLAN,
)
from punchdown.platforms.openvswitch.words import ofport, vlan_columns
from punchdown.values import Expectation, Observation

_TABLES = [0, VLAN, FAMILY, SOURCE, STORM, TRUST, CLASS, PRIORITY, TRACK, FROM_HOST, TO_HOST, FORWARD]


def expectations(intent: DeviceIntent) -> tuple[Expectation, ...]:
    """Facts of every declared port, of the bridge and of the flow table as a whole."""
    found = [
        Expectation("bridge:fail_mode", "secure", "nothing passes without flows", intent.source, "high"),
        Expectation("flows:tables", _TABLES, "every table holds its flows", intent.source, "high"),
        Expectation("flows:foreign", 0, "no flow that nobody declared", intent.source, "high"),
    ]
    for port in intent.ports:
        found += _port_expectations(port, intent.parking_vlan)
    return tuple(found)


def _port_expectations(port: PortIntent, parking_vlan: int) -> tuple[Expectation, ...]:
    columns = _columns(vlan_columns(port, parking_vlan))
    return (
        Expectation(f"port:{port.name}:mode", columns["vlan_mode"], f"{port.name} has its VLAN mode", port.source),
        Expectation(f"port:{port.name}:tag", columns["tag"], f"{port.name} is in its untagged VLAN", port.source),
        Expectation(f"port:{port.name}:trunks", columns["trunks"], f"{port.name} has its tagged VLANs", port.source),
        Expectation(f"port:{port.name}:ofport", int(ofport(port.name)), f"{port.name} has its number", port.source),
        Expectation(f"port:{port.name}:error", "", f"{port.name} works", port.source),
    )


def _columns(text: str) -> dict[str, str]:
    return dict(word.partition("=")[::2] for word in text.split())


def observe(reader: Reader, intent: DeviceIntent) -> Observation:
    """One fact per expectation, and ``session:PORT:MAC`` for every authenticated station."""
    facts: dict[str, Any] = {}
    errors: list[str] = []
    for read in (_bridge_facts, _port_facts, _interface_facts, _flow_facts, _session_facts):
        try:
            facts |= read(reader)
        except (DeviceError, ValueError, KeyError, IndexError) as error:
            errors.append(f"{read.__name__.strip('_').replace('_', ' ')}: {error}")
    sessions = facts.get("flows:sessions")
    return Observation(intent.device, facts, tuple(errors), {} if sessions is None else {"sessions": sessions})


def _bridge_facts(reader: Reader) -> dict[str, Any]:
    row = rows(ask(reader, SHOW_BRIDGE))[0]
    return {"bridge:fail_mode": (members(row["fail_mode"]) or ["standalone"])[0]}


def _port_facts(reader: Reader) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for row in rows(ask(reader, SHOW_PORTS)):
        columns = _columns(shown_columns(row))
        facts |= {f"port:{row['name']}:mode": columns["vlan_mode"], f"port:{row['name']}:tag": columns["tag"],
                  f"port:{row['name']}:trunks": columns["trunks"]}
    return facts


def _interface_facts(reader: Reader) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for row in rows(ask(reader, SHOW_INTERFACES)):
        number, error = members(row["ofport"]), members(row["error"])
        facts |= {f"port:{row['name']}:ofport": number[0] if number else -1,
                  f"port:{row['name']}:error": error[0] if error else ""}
    return facts


def _flow_facts(reader: Reader) -> dict[str, Any]:
    flows: list[Flow] = [flow for flow in map(parse_flow, ask(reader, SHOW_FLOWS).splitlines()) if flow]
    own = [flow for flow in flows if flow.cookie == COOKIE]
    return {"flows:owned": len(own), "flows:tables": sorted({flow.table for flow in own}),
            "flows:sessions": sum(flow.is_session for flow in flows),
            "flows:foreign": sum(flow.cookie != COOKIE and not flow.is_session for flow in flows)}


def _session_facts(reader: Reader) -> dict[str, Any]:
    """The authenticator's own list, where it has one: ``[{"port": ..., "mac": ..., "domain": ...}]``."""
    answer = reader.show(SHOW_SESSIONS)
    if answer.code:
        return {}
    sessions = json.loads(answer.output or "[]")
    return {f"session:{item['port']}:{item['mac']}": item.get("domain", "") for item in sessions}
