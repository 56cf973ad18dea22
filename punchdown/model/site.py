"""One voice site as its engineer writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from punchdown.model.fields import (
    AddressRange,
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    Mac,
    Model,
    Name,
    PortKey,
    Prefix4,
    Text,
    VlanId,
    Word,
)

Zone = Literal["call-control", "voice", "data", "server", "management", "dmz", "guest"]
HostKind = Literal[
    "mivoice-business", "border-gateway", "application", "admin", "radius-server", "dhcp-server",
]
Role = Literal["core-switch", "access-switch", "firewall", "radius", "dhcp"]


class Segment(Model):
    """One VLAN with its prefixes and its trust zone."""

    vlan: VlanId
    prefix: Prefix4 = Field(description="IPv4 prefix, host bits zero", examples=["10.20.10.0/24"])
    prefix6: IPv6Network | None = Field(None, description="IPv6 prefix; without it IPv6 is dropped in this segment")
    zone: Zone
    router: IPv4Address | None = Field(None, description="address of the segment's router; default: the first one")
    dhcp: AddressRange | None = Field(None, description="range that the DHCP server leases")
    description: Text = ""


class Expose(Model):
    """A service that the Internet may reach."""

    service: Name
    source: Name = Field("", alias="from", description="name of a netblock list, or `any`")


def _expose(value: Any) -> Any:
    return {"service": value} if isinstance(value, str) else value


class Host(Model):
    """An address that offers or uses services."""

    kind: HostKind
    segment: Name
    address: IPv4Address
    address6: IPv6Address | None = None
    mac: Mac | None = None
    public: IPv4Address | None = Field(None, description="address under which the Internet sees it (destination NAT)")
    hairpin: bool = Field(False, description="inside clients reach it by its public address, too")
    uses: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+@[a-z0-9-]+$")], ...] = Field(
        (), description="service@host or service@segment", examples=[["smdr@mivb-1"]])
    offers: tuple[Name, ...] = Field((), description="services beyond those of its kind")
    expose: tuple[Annotated[Expose, BeforeValidator(_expose)], ...] = ()
    description: Text = ""


class Endpoint(Model):
    """A device that asks for its port by 802.1X or by its MAC address."""

    kind: Literal["phone", "pc", "printer"]
    mac: Mac
    model: Word = ""
    eap: Literal["tls", "peap", "md5", "mab"] | None = Field(None, description="default: the best its model can do")
    segment: Name | None = Field(None, description="default: the phones' or the PCs' segment")


class FlowRequest(Model):
    """A flow beyond those that follow from `uses` and from the catalogue."""

    client: Name = Field(alias="from", description="host or segment")
    server: Name = Field(alias="to", description="host, segment or wan")
    service: Name


class Wan(Model):
    """The outside of the firewall."""

    address: IPv4Interface
    router: IPv4Address


class Firewall(Model):
    """What the site's firewall does beyond the flows."""

    wan: Wan | None = None
    netblocks: dict[Name, tuple[IPv4Network | IPv6Network, ...]] = Field(default_factory=dict)
    allow: Name = Field("", description="netblock list that may use what is exposed")
    deny: Name = Field("", description="netblock list that may use nothing")
    reject: bool = Field(True, description="answer what is refused; false: drop silently")
    log: bool = True
    sip_helper: bool = False
    ping: bool = Field(True, description="the firewall answers echo requests from inside")


class Services(Model):
    """Where devices and phones find time, logs and names."""

    ntp: tuple[IPv4Address, ...] = ()
    syslog: tuple[IPv4Address, ...] = ()
    dns: tuple[IPv4Address, ...] = ()


class ManagementPlane(Model):
    """How devices are managed. Credentials are names; what they mean stands outside the estate."""

    credential: Name = "network-automation"
    session_timeout_minutes: int = Field(15, ge=1, le=120)
    banner: tuple[Text, ...] = ()


class Dot1x(Model):
    """Port access control."""

    servers: tuple[Name, ...] = Field((), description="hosts of kind radius-server, in order of preference")
    host_mode: Literal["single-host", "multi-domain", "multi-auth"] = "multi-domain"
    dead: Literal["closed", "critical"] = Field("critical", description="what happens when no server answers")
    critical_segment: Name = ""
    guest_segment: Name = ""
    reauth_seconds: int = Field(0, ge=0, le=86400, description="0: as the server says")
    tx_period_seconds: int = Field(10, ge=1, le=60)


class Qos(Model):
    """Which set of marks."""

    profile: Literal["mitel-default", "cisco-compatible", "mitel-sip-firmware"] = "mitel-default"


class PortSpec(Model):
    """One port or range: a role, a host, a device (uplink) or a device's leg in a segment."""

    role: Annotated[str, Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)?$")]
    description: Text = ""
    dot1x: bool = Field(True, description="false: the port is open to whoever plugs in")


def _port(value: Any) -> Any:
    return {"role": value} if isinstance(value, str) else value


class Device(Model):
    """Something that punchdown configures."""

    role: Role
    platform: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    model: Word = ""
    version: Word = ""
    management: IPv4Address
    port: int = Field(22, ge=1, le=65535, description="TCP port of its SSH server")
    ports: dict[PortKey, Annotated[PortSpec, BeforeValidator(_port)]] = Field(default_factory=dict)
    routes: tuple[Name, ...] = ()
    serves: tuple[Name, ...] = ()
    manage: Literal["owned", "full"] = "owned"
    description: Text = ""


class Site(Model):
    """A whole site, its profile merged in."""

    site: Name
    extends: Name | None = None
    description: Text = ""
    segments: dict[Name, Segment] = Field(default_factory=dict)
    hosts: dict[Name, Host] = Field(default_factory=dict)
    endpoints: dict[Name, Endpoint] = Field(default_factory=dict)
    flows: tuple[FlowRequest, ...] = ()
    firewall: Firewall = Firewall()
    services: Services = Services()
    management: ManagementPlane = ManagementPlane()
    dot1x: Dot1x = Dot1x()
    qos: Qos = Qos()
    devices: dict[Name, Device] = Field(default_factory=dict)
    parking_vlan: VlanId = 999
