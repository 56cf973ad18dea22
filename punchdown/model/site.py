"""One voice site as its engineer writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from punchdown.model.access import Dot1x, Endpoint, MacList, Protection, SpanningTree
from punchdown.model.addressing import with_addresses
from punchdown.model.attest import Attestation, Waiver
from punchdown.model.devices import Device
from punchdown.model.edge import CustomService, Firewall, FlowRequest, Remote, Schedule, SplitName
from punchdown.model.fields import (
    Address4,
    HostAddress4,
    HostAddress6,
    Mac,
    Model,
    Name,
    Prefix4,
    Prefix6,
    Text,
    VlanId,
)
from punchdown.model.gateway import Delivery, Forms, Product
from punchdown.model.operation import ManagementPlane, Phones, Qos, Services, Wireless
from punchdown.model.segments import Segment

HostKind = Literal[
    "mivoice-business", "icp-3300", "icp-3300-wan", "mivoice-5000", "border-gateway", "border-gateway-edge",
    "micollab", "contact-centre", "call-accounting", "smdr-collector", "pms", "call-recorder", "console", "softphone",
    "dect-base",
    "analog-gateway", "directory", "mail-relay", "application", "admin", "radius-server", "dhcp-server",
    "syslog-server", "ntp-server",
]


class Expose(Model):
    """A service that the Internet may reach."""

    service: Name = Field(description="a service that the host offers")
    source: Name = Field("", alias="from", description="name of a netblock list or remote, or `any`")
    schedule: Name | None = Field(None, description="only at these times")
    connections_per_second: int | None = Field(None, ge=1, le=100000, description="new connections a second, at most")


def _expose(value: Any) -> Any:
    return {"service": value} if isinstance(value, str) else value


class Host(Model):
    """An address that offers or uses services."""

    kind: HostKind = Field(description="what it is; what it offers and who may use it follows from it")
    segment: Name = Field(description="the segment it stands in")
    address: HostAddress4 = Field(description="IPv4 address", examples=["10.20.10.10", 10])
    address6: HostAddress6 | None = Field(None, description="IPv6 address")
    mac: Mac | None = Field(None, description="MAC address; only it may speak on the host's port")
    public: Address4 | None = Field(None, description="address under which the Internet sees it (destination NAT)")
    hairpin: bool = Field(False, description="inside clients reach it by its public address, too")
    uses: tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]+@[a-z0-9-]+$")], ...] = Field(
        (), description="service@host, service@segment or service@remote", examples=[["smdr@mivb-1"]])
    offers: tuple[Name, ...] = Field((), description="services beyond those of its kind")
    expose: tuple[Annotated[Expose, BeforeValidator(_expose)], ...] = Field(
        (), description="services that the Internet may reach", examples=[["minet-tls", "sip-tls"]])
    settings: Forms = Field(default_factory=dict, description="forms of a gateway; what is left out is as advised")
    delivery: Delivery | None = Field(None, description="where `punchdown deliver` puts a gateway's files")
    routes: tuple[Name, ...] = Field((), description="segments whose router it is (a 3300 ICP's or gateway's LAN side)")
    secondary_of: Name | None = Field(None, description="controller that it stands in for (resilience)")
    description: Text = Field("", description="for people")


class Site(Model):
    """A whole site, its profile merged in."""

    site: Name = Field(description="the site's name")
    extends: Name | None = Field(None, description="profile that this site starts from")
    description: Text = Field("", description="for people")
    prefix: Prefix4 | None = Field(
        None, description="address plan: segments without a prefix get one out of it", examples=["10.20.0.0/16"])
    prefix6: Prefix6 | None = Field(None, description="the same for IPv6", examples=["2001:db8:20::/48"])
    segments: dict[Name, Segment] = Field(default_factory=dict, description="VLANs by name")
    hosts: dict[Name, Host] = Field(default_factory=dict, description="what offers or uses services, by name")
    endpoints: dict[Name, Endpoint] = Field(default_factory=dict, description="phones and PCs that authenticate")
    mac_lists: dict[Name, MacList] = Field(default_factory=dict, description="what is admitted by MAC address alone")
    remotes: dict[Name, Remote] = Field(default_factory=dict, description="networks beyond the site, by name")
    flows: tuple[FlowRequest, ...] = Field((), description="flows beyond those that follow from `uses`")
    schedules: dict[Name, Schedule] = Field(default_factory=dict, description="times by name, for flows")
    custom_services: dict[Name, CustomService] = Field(
        default_factory=dict, description="services that the catalogue doesn't have, or whose ports it doesn't know")
    split_names: tuple[SplitName, ...] = Field((), description="names that resolve differently inside")
    firewall: Firewall = Field(Firewall(), description="the edge")
    services: Services = Field(Services(), description="time, logs, names")
    management: ManagementPlane = Field(ManagementPlane(), description="how devices are managed")
    dot1x: Dot1x = Field(Dot1x(), description="port access control")
    protection: Protection = Field(Protection(), description="against forged and flooding stations")
    spanning_tree: SpanningTree = Field(SpanningTree(), description="loop protection between switches")
    phones: Phones = Field(Phones(), description="how phones learn VLAN and marks")
    wireless: Wireless = Field(Wireless(), description="wireless networks")
    qos: Qos = Field(Qos(), description="marks")
    gateway_settings: dict[Product, Forms] = Field(
        default_factory=dict, description="forms of every gateway of a product; a host's own settings win")
    devices: dict[Name, Device] = Field(default_factory=dict, description="what punchdown configures, by name")
    parking_vlan: VlanId = Field(999, description="VLAN of unused ports; nothing else may be in it")
    attestations: dict[Name, Attestation] = Field(
        default_factory=dict, description="what people vouch for where no machine can see, by a name of your choice")
    waivers: dict[Name, Waiver] = Field(default_factory=dict, description="controls left unmet for a while, by id")

    @model_validator(mode="before")
    @classmethod
    def _addresses(cls, data: Any) -> Any:
        return with_addresses(data)
