"""DHCP for phones and PCs."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class DhcpPool:
    """One segment. ``interface`` is the server's own in that segment. ``phones``: voice segment, full phone options;
    ``voice_vlan`` is told to phones that ask in the data segment (double fetch). Addresses are IPv4 texts."""

    name: str
    vlan: int
    interface: str
    server_address: str
    prefix: str
    first: str
    last: str
    router: str
    dns: tuple[str, ...]
    ntp: tuple[str, ...]
    phones: bool
    voice_vlan: int
    call_servers: tuple[str, ...]
    tftp_server: str
    pcp: int
    dscp: int
    lease_seconds: int
    reservations: tuple[tuple[str, str, str], ...]
    source: Provenance


@dataclass(frozen=True, slots=True)
class DhcpIntent:
    """Pools sorted by VLAN. Each reservation is (mac, address, name)."""

    pools: tuple[DhcpPool, ...]
    source: Provenance
