"""The whole of what one device must do: the middle value that people can review."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.intent.access import LinkIntent, PortIntent, SwitchProtection, Vlan
from punchdown.intent.dhcp import DhcpIntent
from punchdown.intent.filters import Filter
from punchdown.intent.firewall import FirewallIntent
from punchdown.intent.needs import Need
from punchdown.intent.qos import QosIntent
from punchdown.intent.radius import RadiusIntent, RadiusServer
from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class SnmpAccess:
    """SNMPv3. ``managers`` are addresses; keys are the secret references ``snmp-auth-USER`` and ``snmp-priv-USER``."""

    user: str
    authentication: str
    privacy: str
    managers: tuple[str, ...]
    traps: bool
    source: Provenance


@dataclass(frozen=True, slots=True)
class Management:
    """The device's own management plane. ``address`` is CIDR in the management segment; ``router`` its next hop;
    ``sources`` are the prefixes that may log in; ``banner`` is one line of printable text per element.
    ``login``: local, radius or tacacs (RFC 8907), asked of ``login_servers`` in order; local works when none answers.
    ``login_accounting``: they are told who came, and what was typed as far as the protocol carries it."""

    address: str
    vlan: int
    router: str
    sources: tuple[str, ...]
    banner: tuple[str, ...]
    ntp: tuple[str, ...]
    syslog: tuple[str, ...]
    session_timeout_minutes: int
    source: Provenance
    login: str = "local"
    login_servers: tuple[RadiusServer, ...] = ()
    login_accounting: bool = False
    snmp: SnmpAccess | None = None


@dataclass(frozen=True, slots=True)
class DeviceIntent:
    """A part that the device does not play is None or empty. ``needs``: what only some platforms do.
    ``authentication``: the style in which the device speaks of port access control, ``classic`` or ``ibns2``."""

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
    needs: tuple[Need, ...] = ()
    links: tuple[LinkIntent, ...] = ()
    protection: SwitchProtection | None = None
    authentication: str = "classic"

    def filter(self, name: str) -> Filter:
        """The named filter. Raises KeyError."""
        for item in self.filters:
            if item.name == name:
                return item
        raise KeyError(name)
