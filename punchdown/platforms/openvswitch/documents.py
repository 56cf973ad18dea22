"""The documents of a switch: database and flows of the bridge, and files beside them."""

from __future__ import annotations

from collections.abc import Mapping

from punchdown.intent import DeviceIntent
from punchdown.platforms.linux import management
from punchdown.platforms.openvswitch.capabilities import (
    AUTHENTICATOR_MODEL,
    DATABASE_FEATURES,
    FLOW_FEATURES,
    METER_FEATURES,
)
from punchdown.platforms.openvswitch.tables import BRIDGE

METERS = f"meters:{BRIDGE}"
FLOWS = f"flows:{BRIDGE}"
DATABASE = f"ovsdb:{BRIDGE}"
BOOT_FLOWS = f"/etc/punchdown/openflow-{BRIDGE}.flows"
BOOT_METERS = f"/etc/punchdown/openflow-{BRIDGE}.meters"
BOOT_JOB = "/etc/punchdown/boot.d/10-openflow"
AUTHENTICATOR = "/etc/punchdown/dot1x.json"
LLDP = "/etc/lldpd.d/punchdown.conf"

FILES = (BOOT_METERS, BOOT_FLOWS, BOOT_JOB, AUTHENTICATOR, LLDP)


def documents(intent: DeviceIntent) -> Mapping[str, tuple[str, ...]]:
    """Document name to features, in the order in which they take effect."""
    agents = {AUTHENTICATOR: ("dot1x",)} if intent.model == AUTHENTICATOR_MODEL else {}
    if any(port.lldp_med and port.voice_vlan for port in intent.ports):
        agents[LLDP] = ("lldp",)
    return {METERS: METER_FEATURES, FLOWS: FLOW_FEATURES, DATABASE: DATABASE_FEATURES,
            BOOT_METERS: METER_FEATURES, BOOT_FLOWS: FLOW_FEATURES, BOOT_JOB: ("boot",), **agents,
            **management.DOCUMENTS}
