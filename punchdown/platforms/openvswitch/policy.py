"""What an Open vSwitch lets through, from its flows, its database and the settings of its 802.1X agent.

A frame that enters a port passes the flow tables; ``NORMAL`` bridges it, in the VLANs that the database gives to the
ports. The session flows of authenticated machines are state and not in the documents: a port that the agent guards
admits, once a session is open, what the agent's own settings say. The switch's own address comes from the intent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from punchdown.intent import DeviceIntent
from punchdown.platforms.openvswitch.documents import AUTHENTICATOR, DATABASE, FLOWS, METERS
from punchdown.platforms.openvswitch.policy_flows import FlowLine, flows, outputs_of, tables
from punchdown.platforms.openvswitch.policy_matches import LOCAL
from punchdown.platforms.openvswitch.tables import BRIDGE, MANAGEMENT_PORT, SESSION_COOKIE
from punchdown.platforms.openvswitch.tables import VLAN as SESSION_TABLE
from punchdown.values.policy import (
    At,
    DevicePolicy,
    Enter,
    Field,
    LineRef,
    Match,
    Place,
    PortPolicy,
    RoutedInterface,
    Rule,
    Verdict,
)

ENTRY = "table 0"
NO_VLAN = 4095
"""Stands for the network of frames that have no VLAN at all: trunks without a tag and ports that nobody configured
bridge them among themselves."""

_SESSION_PRIORITY = 300
_EVERY_VLAN = tuple(range(1, 4095))
_PORT = re.compile(r"port (\S+) vlan_mode=(\S+) tag=(\S+) trunks=(\S+)")
_INTERFACE = re.compile(r"interface (\S+) ofport_request=(\S+)")
_METER = re.compile(r"^meter=(\d+),.*\brate=[1-9]", re.MULTILINE)
_HARMLESS = re.compile(r"bridge \S+ (?:fail_mode=|external_ids:).*|port \S+ external_ids:.*")


@dataclass(frozen=True, slots=True)
class _Agent:
    """A port under 802.1X. ``voice`` is the tagged VLAN of phones, 0 for none."""

    name: str
    voice: int
    line: LineRef


def policy(intent: DeviceIntent, documents: Mapping[str, str]) -> DevicePolicy:
    """The flow tables as tables, every port with its VLANs."""
    database = tuple(LineRef(DATABASE, number, raw.strip())
                     for number, raw in enumerate(documents.get(DATABASE, "").splitlines(), 1) if raw.strip())
    numbers = {LOCAL: BRIDGE, **{row[2]: row[1] for line in database if (row := _INTERFACE.fullmatch(line.text))}}
    found, unread = flows(FLOWS, documents.get(FLOWS, ""), numbers, set(_METER.findall(documents.get(METERS, ""))))
    agents, agent_unread = _agents(documents.get(AUTHENTICATOR, ""))
    sessions = [(ENTRY, _SESSION_PRIORITY, rule) for agent in agents for rule in _session_rules(agent)]
    every = tables(found, sessions)
    ports, port_unread = _ports(database, found, {agent.name for agent in agents})
    zones = {flow.done.zone for flow in found} - {""}
    reached = {ENTRY} | {rule.end.table for table in every for rule in table.rules if isinstance(rule.end, Enter)}
    return DevicePolicy(
        intent.device, "openvswitch", every, ports, tuple(_own(intent, ports)),
        tracks=bool(zones), unused=tuple(table.name for table in every if table.name not in reached),
        unread=(*unread, *agent_unread, *port_unread,
                *(flow.line for flow in found if flow.done.leaks),
                *(flow.line for flow in found if len(zones) > 1 and flow.done.zone)), outputs=outputs_of(found))


def _agents(text: str) -> tuple[tuple[_Agent, ...], tuple[LineRef, ...]]:
    """The ports that the 802.1X agent guards, by its settings; the whole text when it is not understood."""
    if not text.strip():
        return (), ()
    lines = text.splitlines()
    try:
        ports = json.loads(text)["ports"]
        return tuple(_Agent(item["name"], int(item.get("voice_vlan", 0)), _line_of(lines, item["name"]))
                     for item in ports), ()
    except (ValueError, KeyError, TypeError):
        return (), (LineRef(AUTHENTICATOR, 1, lines[0].strip()),)


def _line_of(lines: Sequence[str], name: str) -> LineRef:
    number = next((place for place, line in enumerate(lines, 1) if f'"{name}"' in line), 1)
    return LineRef(AUTHENTICATOR, number, lines[number - 1].strip())


def _session_rules(agent: _Agent) -> Iterator[Rule]:
    """What a session admits: a machine untagged, a phone in its voice VLAN."""
    for tag in (0, agent.voice) if agent.voice else (0,):
        yield Rule((At(Place.IN, (agent.name,)), Match(Field.VLAN, ((tag, tag),))),
                   Enter(f"table {SESSION_TABLE}", returns=False), agent.line)


def _ports(database: Sequence[LineRef], found: Sequence[FlowLine],
           agents: set[str]) -> tuple[tuple[PortPolicy, ...], tuple[LineRef, ...]]:
    ports: list[PortPolicy] = []
    unread: list[LineRef] = []
    entry = sorted((flow for flow in found if flow.table == ENTRY), key=lambda flow: -flow.priority)
    for line in database:
        if row := _PORT.fullmatch(line.text):
            carried = _vlans(row[2], row[3], row[4])
            if carried is None:
                unread.append(line)
                continue
            guarded = row[1] in agents and _is_shut(entry, row[1])
            ports.append(PortPolicy(row[1], carried[0], carried[1], (ENTRY,), guarded=guarded, line=line))
        elif not (_HARMLESS.fullmatch(line.text) or _INTERFACE.fullmatch(line.text)):
            unread.append(line)
    return tuple(ports), tuple(unread)


def _vlans(mode: str, tag: str, trunks: str) -> tuple[int, tuple[int, ...]] | None:
    """(VLAN of untagged frames, tagged VLANs) by ovs-vswitchd.conf.db(5), "VLAN Configuration"; None for a mode that
    is not followed. No list of trunks means every VLAN, and frames without one."""
    native = int(tag) if tag.isdigit() else 0
    listed = tuple(int(number) for number in trunks.split(",")) if trunks != "[]" else (0, *_EVERY_VLAN)
    if mode == "access":
        return native or NO_VLAN, ()
    if mode in {"native-untagged", "native-tagged"}:
        tagged = {*listed} - {0} | ({native} if mode == "native-tagged" else set())
        return native or NO_VLAN, tuple(sorted(tagged - ({native} if mode == "native-untagged" else set())))
    if mode == "trunk":
        return (NO_VLAN if 0 in listed else 0), tuple(number for number in listed if number)
    return None


def _is_shut(entry: Sequence[FlowLine], port: str) -> bool:
    """Whether all that enters a port without a session drops: no flow in front of the one that drops all of the port
    lets any of it on. ``entry``: the flows of the first table by falling priority."""
    for flow in entry:
        place = next((match for match in flow.matches if isinstance(match, At)), None)
        if flow.cookie == SESSION_COOKIE or (place and port not in place.names):
            continue
        if flow.done.end is not Verdict.DROP or flow.done.unread:
            return False
        if len(flow.matches) == (1 if place else 0) and not flow.unread:
            return True
    return True


def _own(intent: DeviceIntent, ports: Sequence[PortPolicy]) -> Iterator[RoutedInterface]:
    """The switch's own address, on its management port."""
    for port in ports:
        if port.name == MANAGEMENT_PORT:
            yield RoutedInterface(port.name, (intent.management.address,), port.untagged, line=port.line)
