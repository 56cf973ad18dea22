"""The edge of a site: flows by name, the firewall and its outside."""

from __future__ import annotations

from pydantic import Field

from punchdown.model.fields import IPv4Address, IPv4Interface, IPv4Network, IPv6Network, Model, Name


class FlowRequest(Model):
    """A flow beyond those that follow from `uses` and from the catalogue."""

    client: Name = Field(alias="from", description="host or segment")
    server: Name = Field(alias="to", description="host, segment or wan")
    service: Name = Field(description="a service of the catalogue", examples=["web"])


class Wan(Model):
    """The outside of the firewall."""

    address: IPv4Interface = Field(description="the firewall's own address there", examples=["203.0.113.2/24"])
    router: IPv4Address = Field(description="the provider's router")


class Firewall(Model):
    """What the site's firewall does beyond the flows."""

    wan: Wan | None = Field(None, description="the outside; without it the firewall only routes between segments")
    netblocks: dict[Name, tuple[IPv4Network | IPv6Network, ...]] = Field(
        default_factory=dict, description="named lists of prefixes")
    allow: Name = Field("", description="netblock list that may use what is exposed")
    deny: Name = Field("", description="netblock list that may use nothing")
    reject: bool = Field(True, description="answer what is refused; false: drop silently")
    log: bool = Field(True, description="log what is refused")
    sip_helper: bool = Field(False, description="let the firewall rewrite SIP; breaks what the border gateway does")
    ping: bool = Field(True, description="the firewall answers echo requests from inside")
