"""The whole of what one device must do: the middle value that people can review."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.intent.access import PortIntent, Vlan
from punchdown.intent.dhcp import DhcpIntent
from punchdown.intent.filters import Filter
from punchdown.intent.firewall import FirewallIntent
from punchdown.intent.qos import QosIntent
from punchdown.intent.radius import RadiusIntent, RadiusServer
from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class Management:
    """The device's own management plane. ``address`` is CIDR in the management segment; ``router`` its next hop;
    ``sources`` are the prefixes that may log in; ``banner`` is one line of printable text per element."""

    address: str
    vlan: int
    router: str
    sources: tuple[str, ...]
    banner: tuple[str, ...]
    ntp: tuple[str, ...]
    syslog: tuple[str, ...]
    session_timeout_minutes: int
    source: Provenance


@dataclass(frozen=True, slots=True)
class DeviceIntent:
    """A part that the device does not play is None or empty."""

    site: str
    device: str
    platform: str
    model: str
    version: str
    role: str
    manage: str
    management: Management
    vlans: tuple[Vlan, ...]
    parking_vlan: int
    ports: tuple[PortIntent, ...]
    filters: tuple[Filter, ...]
    radius_servers: tuple[RadiusServer, ...]
    qos: QosIntent | None
    radius: RadiusIntent | None
    dhcp: DhcpIntent | None
    firewall: FirewallIntent | None
    source: Provenance

    def filter(self, name: str) -> Filter:
        """The named filter. Raises KeyError."""
        for item in self.filters:
            if item.name == name:
                return item
        raise KeyError(name)
