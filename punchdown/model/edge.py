"""The edge of a site: flows by name, networks beyond it, the firewall and its outside."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, WithJsonSchema

from punchdown.model.fields import (
    Address4,
    DomainName,
    Interface4,
    Model,
    Name,
    PortNumbers,
    Prefix,
    Text,
    TimeOfDay,
)

RemoteKind = Literal[
    "sip-provider", "teleworkers", "micloud-connect", "micloud-flex", "cloudlink", "licence-server", "site", "network",
]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Netblock = Annotated[tuple[Prefix, ...], WithJsonSchema({"anyOf": [
    {"type": "array", "items": {"type": "string"}},
    {"type": "object", "required": ["file"], "additionalProperties": False,
     "properties": {"file": {"type": "string", "description": "file below the estate, a prefix a line"}}}]})]


class Schedule(Model):
    """When something is allowed, in the firewall's own time zone."""

    days: tuple[Weekday, ...] = Field(("monday", "tuesday", "wednesday", "thursday", "friday"), min_length=1,
                                      description="days of the week")
    start: TimeOfDay = Field("00:00", description="from", examples=["08:00"])
    end: TimeOfDay = Field("24:00", description="until, not included", examples=["18:00"])


class CustomService(Model):
    """A service by its ports, for this site only."""

    tcp: tuple[PortNumbers, ...] = Field((), description="TCP ports or ranges", examples=[["8443", "6000-6010"]])
    udp: tuple[PortNumbers, ...] = Field((), description="UDP ports or ranges")
    source: Text = Field(description="where the numbers come from", examples=["vendor's installation guide"])


class FlowRequest(Model):
    """A flow beyond those that follow from `uses` and from the catalogue."""

    client: Name = Field(alias="from", description="host, segment or remote")
    server: Name = Field(alias="to", description="host, segment, remote or wan")
    service: Name = Field(description="a service of the catalogue", examples=["web"])
    schedule: Name | None = Field(None, description="only at these times")
    connections_per_second: int | None = Field(None, ge=1, le=100000, description="new connections a second, at most")
    reason: Text = Field("", description="why it is needed, for whoever reviews it")


class Remote(Model):
    """A network beyond the site: a provider, a hosted service, teleworkers, another site."""

    kind: RemoteKind = Field(description="what is there; what may pass follows from it")
    prefixes: tuple[Prefix, ...] = Field(
        (), description="its addresses; none: anywhere on the Internet", examples=[["198.51.100.0/24"]])
    via: Name = Field("wan", description="wan, a segment that leads there (private WAN), or a VPN")
    regions: dict[Name, tuple[Prefix, ...]] = Field(
        default_factory=dict, description="addresses of a hosted service by region; two for resilience")
    site: Name | None = Field(None, description="the site of this estate that it is")
    description: Text = Field("", description="for people")

    @property
    def addresses(self) -> tuple[Any, ...]:
        """All prefixes of it, its regions' as well, in order of writing."""
        return (*self.prefixes, *(prefix for region in self.regions.values() for prefix in region))


class Vpn(Model):
    """An encrypted path to another site's controllers over the Internet."""

    peer: Address4 = Field(description="public address of the other end")
    remote: Name = Field(description="the remote network behind it")
    local: tuple[Name, ...] = Field(min_length=1, description="segments that may use it")
    protocol: Literal["ikev2"] = Field("ikev2", description="key exchange (RFC 7296)")
    authentication: Literal["certificate", "shared-secret"] = Field(
        "certificate", description="how the two ends know one another")


class SplitName(Model):
    """A name that resolves to another address inside than outside."""

    name: DomainName = Field(description="fully qualified name", examples=["micollab.example.com"])
    inside: Name = Field(description="host that inside clients get")
    outside: Name | None = Field(None, description="host whose public address the Internet gets")


class Wan(Model):
    """The outside of the firewall."""

    address: Interface4 = Field(description="the firewall's own address there", examples=["203.0.113.2/24"])
    router: Address4 = Field(description="the provider's router")


class Firewall(Model):
    """What the site's firewall does beyond the flows."""

    wan: Wan | None = Field(None, description="the outside; without it the firewall only routes between segments")
    netblocks: dict[Name, Netblock] = Field(
        default_factory=dict, description="named lists of prefixes, or the file that holds one",
        examples=[{"teleworkers": ["203.0.113.64/26"], "blocked": {"file": "netblocks/blocked.txt"}}])
    allow: Name = Field("", description="netblock list that may use what is exposed")
    deny: Name = Field("", description="netblock list that may use nothing")
    vpns: dict[Name, Vpn] = Field(default_factory=dict, description="site-to-site VPNs")
    reject: bool = Field(True, description="answer what is refused; false: drop silently")
    log: bool = Field(True, description="log what is refused")
    sip_helper: bool = Field(False, description="let the firewall rewrite SIP; breaks what the border gateway does")
    ping: bool = Field(True, description="the firewall answers echo requests from inside")
