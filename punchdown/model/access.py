"""Port access control: who must authenticate, how, and what happens when it fails."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from punchdown.model.fields import Mac, MacPrefix, Model, Name, Word

HostMode = Literal["single-host", "multi-domain", "multi-auth"]
EndpointKind = Literal["phone", "pc", "printer"]
DeviceFile = Annotated[str, Field(pattern=r"^/[A-Za-z0-9._/-]{1,200}$", max_length=201)]


class Endpoint(Model):
    """A device that asks for its port by 802.1X or by its MAC address."""

    kind: EndpointKind = Field(description="phones go to the voice domain")
    mac: Mac = Field(description="MAC address", examples=["08:00:0F:10:01:01"])
    model: Word = Field("", description="phone model; says which method it can do", examples=["6930"])
    eap: Literal["tls", "peap", "md5", "mab"] | None = Field(None, description="default: the best its model can do")
    segment: Name | None = Field(None, description="default: the phones' or the PCs' segment")


class MacList(Model):
    """Devices that can't speak 802.1X: admitted by their MAC address or by its vendor's prefix."""

    kind: EndpointKind = Field(description="phones go to the voice domain")
    macs: tuple[Mac, ...] = Field((), description="MAC addresses", examples=[["08:00:0F:10:02:01"]])
    vendors: tuple[MacPrefix, ...] = Field(
        (), description="first three bytes; whoever forges one gets in, so list addresses where you can",
        examples=[["08:00:0F"]])
    segment: Name | None = Field(None, description="default: the phones' or the PCs' segment")


class Certificates(Model):
    """Where a RADIUS server keeps its certificate: paths on the server, never contents."""

    ca: DeviceFile = Field("/etc/freeradius/3.0/certs/punchdown/ca.pem", description="CA that signs the phones")
    certificate: DeviceFile = Field("/etc/freeradius/3.0/certs/punchdown/server.pem", description="its own certificate")
    key: DeviceFile = Field("/etc/freeradius/3.0/certs/punchdown/server.key", description="its private key")


class RadiusTimers(Model):
    """When a switch gives a RADIUS server up."""

    timeout_seconds: int = Field(3, ge=1, le=60, description="seconds until it asks again")
    retries: int = Field(2, ge=0, le=10, description="how often it asks again before it tries the next server")
    dead_minutes: int = Field(5, ge=0, le=1440, description="minutes for which a silent server is left alone")


class Dot1x(Model):
    """Port access control."""

    servers: tuple[Name, ...] = Field((), description="hosts of kind radius-server, in order of preference")
    selection: Literal["in-order", "balanced"] = Field("in-order", description="balanced: servers are asked in turn")
    auth_port: int = Field(1812, ge=1, le=65535, description="UDP port of authentication (RFC 2865)")
    accounting_port: int = Field(1813, ge=1, le=65535, description="UDP port of accounting (RFC 2866)")
    timers: RadiusTimers = Field(RadiusTimers(), description="when a server counts as dead")
    certificates: Certificates = Field(Certificates(), description="files of the RADIUS server, by reference")
    host_mode: HostMode = Field("multi-domain", description="who may share a port; multi-domain: one phone and one PC")
    dead: Literal["closed", "critical"] = Field("critical", description="what happens when no server answers")
    critical_segment: Name = Field("", description="segment of PCs while no server answers")
    guest_segment: Name = Field("", description="segment of devices that don't speak 802.1X")
    auth_fail_segment: Name = Field("", description="segment of devices whose credentials are wrong; empty: none")
    change_of_authorization: bool = Field(
        False, description="servers may end or change a session (RFC 5176, UDP port 3799 of the switch)")
    reauth_seconds: int = Field(0, ge=0, le=86400, description="seconds between authentications; 0: as the server says")
    tx_period_seconds: int = Field(10, ge=1, le=60, description="seconds between identity requests")


class Protection(Model):
    """What switches do against forged and flooding stations."""

    arp_inspection: bool = Field(False, description="ARP must agree with the leases that the switch has seen")
    arp_rate: int = Field(15, ge=1, le=2048, description="ARP packets a second that a user port may send, inspected")
    source_guard: bool = Field(False, description="senders must agree with the leases that the switch has seen")
    max_macs: int | None = Field(None, ge=1, le=128, description="MAC addresses per user port (port security)")
    dhcp_rate: int = Field(15, ge=1, le=2048, description="DHCP packets a second that a user port may send")
    broadcast_percent: float = Field(1.0, ge=0.01, le=100, description="broadcast share of a port, in per cent")
    multicast_percent: float = Field(2.0, ge=0.01, le=100, description="multicast share of a port, in per cent")
    probe_packets_per_second: int = Field(
        5, ge=1, le=100, description="what our own probes send at most; phones answer 5 ARP or ICMP packets a second")


class SpanningTree(Model):
    """Loop protection between switches. Ports of hosts and users always shut when they hear a bridge."""

    mode: Literal["rapid-pvst", "mst"] | None = Field(None, description="default: as the switch has it")
    root: Name = Field("", description="switch that is the root of every tree", examples=["sw-core-1"])
    root_guard: bool = Field(False, description="no switch behind a port of the root may become root")
    loop_guard: bool = Field(False, description="an uplink that falls silent is blocked, not opened")
