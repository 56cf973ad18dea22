"""RADIUS seen from the switch (servers) and from the server (clients and users). Secrets are reference names."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.values import Provenance


@dataclass(frozen=True, slots=True)
class RadiusServer:
    """``secret`` is the name of a secret reference, printed as ``<secret:NAME>``. Ports are UDP (RFC 2865, 2866).
    The switch asks again ``retries`` times, and leaves a silent server alone for ``dead_minutes``. A TACACS+ server
    that checks logins has the TCP port 49 for both (RFC 8907)."""

    name: str
    address: str
    auth_port: int
    acct_port: int
    secret: str
    source: Provenance
    timeout_seconds: int = 3
    retries: int = 2
    dead_minutes: int = 5


@dataclass(frozen=True, slots=True)
class RadiusClient:
    """A switch that may ask. ``nas_type`` cisco or other."""

    name: str
    address: str
    secret: str
    nas_type: str
    source: Provenance


@dataclass(frozen=True, slots=True)
class RadiusUser:
    """An identity. ``method``: md5, peap, tls or mab (then ``identity`` is AA-BB-CC-DD-EE-FF and ``secret`` empty).
    ``voice``: a phone, for the voice domain; ``vlan`` its VLAN number."""

    identity: str
    method: str
    secret: str
    vlan: int
    voice: bool
    source: Provenance


@dataclass(frozen=True, slots=True)
class MacVendor:
    """Devices admitted by the first three bytes of their MAC address (08:00:0F); ``vlan`` and ``voice`` as a user's."""

    prefix: str
    vlan: int
    voice: bool
    source: Provenance


@dataclass(frozen=True, slots=True)
class RadiusIntent:
    """A RADIUS server's clients and users. Certificate fields are paths on the server; ``server_key`` a path too."""

    listen: str
    clients: tuple[RadiusClient, ...]
    users: tuple[RadiusUser, ...]
    ca_file: str
    certificate_file: str
    private_key_file: str
    methods: tuple[str, ...]
    source: Provenance
    vendors: tuple[MacVendor, ...] = ()
