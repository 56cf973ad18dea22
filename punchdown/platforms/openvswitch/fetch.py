"""Reading a switch: database, flows and files, secrets masked at once."""

from __future__ import annotations

import re

from punchdown.errors import DeviceError
from punchdown.platforms.contract import Fingerprint, Reader
from punchdown.platforms.linux import management, mask_text, read_command, read_file_document
from punchdown.platforms.openvswitch.documents import DATABASE, FILES, FLOWS, METERS
from punchdown.platforms.openvswitch.masking import SECRETS
from punchdown.platforms.openvswitch.normalise import members, rows, shown_database, shown_flows
from punchdown.platforms.openvswitch.storm import shown_meters
from punchdown.platforms.openvswitch.tables import BRIDGE, MANAGEMENT_PORT
from punchdown.values import RunningConfig, RunningDocument

SHOW_FLOWS = f"ovs-ofctl -O OpenFlow14 --no-stats --no-names dump-flows {BRIDGE}"
SHOW_METERS = f"ovs-ofctl -O OpenFlow14 dump-meters {BRIDGE}"
SHOW_BRIDGE = f"ovs-vsctl --timeout=10 --format=json --columns=name,fail_mode,external_ids list bridge {BRIDGE}"
SHOW_PORTS = "ovs-vsctl --timeout=10 --format=json --columns=name,tag,trunks,vlan_mode,external_ids list port"
SHOW_INTERFACES = "ovs-vsctl --timeout=10 --format=json --columns=name,ofport,ofport_request,error list interface"
SHOW_VERSION = "ovs-vsctl --version"
SHOW_SESSIONS = read_command("/run/punchdown/dot1x/sessions.json")

READ_COMMANDS: tuple[str, ...] = (
    *(re.escape(command) for command in (
        SHOW_METERS, SHOW_FLOWS, SHOW_BRIDGE, SHOW_PORTS, SHOW_INTERFACES, SHOW_VERSION, SHOW_SESSIONS,
        *map(read_command, FILES))),
    *management.READ_COMMANDS,
)


def ask(reader: Reader, command: str) -> str:
    """What the command prints. Raises DeviceError when it fails."""
    answer = reader.show(command)
    if answer.code:
        raise DeviceError(reader.device, "fetch", answer.error.strip() or f"{command} failed")
    return answer.output


def fetch(reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
    """All documents of the switch, whether declared or not. Raises DeviceError."""
    interfaces = rows(ask(reader, SHOW_INTERFACES))
    named = {str(members(item["ofport"])[0]): MANAGEMENT_PORT for item in interfaces
             if item["name"] == MANAGEMENT_PORT and members(item["ofport"])}
    database = shown_database(rows(ask(reader, SHOW_BRIDGE))[0], rows(ask(reader, SHOW_PORTS)), interfaces)
    files = (RunningDocument(path, mask_text(read_file_document(reader, path), SECRETS, fingerprint)) for path in FILES)
    version = re.search(r"\d+(?:\.\d+)+", ask(reader, SHOW_VERSION))
    return RunningConfig(
        reader.device, "openvswitch",
        (RunningDocument(METERS, shown_meters(ask(reader, SHOW_METERS))),
         RunningDocument(FLOWS, shown_flows(ask(reader, SHOW_FLOWS), named)), RunningDocument(DATABASE, database),
         *files, *management.read_documents(reader)),
        {"version": version[0] if version else ""})
