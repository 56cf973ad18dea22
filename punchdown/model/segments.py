"""Segments: one VLAN each, with prefixes, trust zone and what keeps its router alive."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from punchdown.model.fields import AddressRange, HostAddress4, Model, Name, Prefix4, Prefix6, Text, VlanId

Zone = Literal["call-control", "voice", "data", "server", "management", "dmz", "guest", "private-wan"]


class FirstHop(Model):
    """Two or more devices that share the router's address of a segment."""

    protocol: Literal["vrrp", "hsrp"] = Field("vrrp", description="VRRP (RFC 5798) or HSRP (RFC 2281)")
    group: int = Field(ge=1, le=255, strict=True, description="virtual router id or HSRP group, 1 to 255")
    priorities: dict[Name, int] = Field(
        description="device to priority, 1 to 254; the highest routes", examples=[{"fw-1": 120, "fw-2": 100}],
        min_length=2)
    preempt: bool = Field(True, description="the highest takes over again when it comes back")
    advertise_seconds: int = Field(1, ge=1, le=255, description="seconds between advertisements")


def _prefix_may_be_allocated(schema: dict[str, Any]) -> None:
    schema["required"] = [name for name in schema.get("required", ()) if name != "prefix"]


class Segment(Model):
    """One VLAN with its prefixes and its trust zone."""

    model_config = ConfigDict(json_schema_extra=_prefix_may_be_allocated)

    vlan: VlanId
    prefix: Prefix4 = Field(
        description="IPv4 prefix, host bits zero; left out, the site's own prefix gives one",
        examples=["10.20.10.0/24"])
    size: int = Field(24, ge=8, le=30, description="length of the prefix that the site's plan gives, in bits")
    prefix6: Prefix6 | None = Field(
        None, description="IPv6 prefix; without it (and without a plan) IPv6 is dropped in this segment",
        examples=["2001:db8:20:110::/64"])
    ipv6: bool = Field(True, description="false: no IPv6 here even where the site has a plan for it")
    zone: Zone = Field(description="trust zone; what hosts may reach follows from it")
    router: HostAddress4 | None = Field(None, description="address of the segment's router; default: the first one")
    dhcp: AddressRange | None = Field(
        None, description="range that the DHCP server leases: addresses or host numbers",
        examples=["10.20.20.100-10.20.20.199", "100-199"])
    vrf: Name | None = Field(None, description="routing instance (VRF) that the segment belongs to")
    first_hop: FirstHop | None = Field(None, description="first-hop redundancy of the segment's router")
    description: Text = Field("", description="for people")


