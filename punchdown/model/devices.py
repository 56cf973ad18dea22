"""Devices: what punchdown configures, with their ports and how they are reached."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from punchdown.model.access import HostMode
from punchdown.model.fields import HostAddress4, Model, Name, PortKey, Text, Word

Role = Literal["core-switch", "access-switch", "firewall", "radius", "dhcp"]
PortRole = Annotated[str, Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)?$", max_length=127)]
Poe = Literal["auto", "off"]


class Connection(Model):
    """How sessions are opened. Names only: what a credential or a jump host is, the operator's files say."""

    credential: Name | None = Field(None, description="name of the login; default: the site's")
    jump: Name | None = Field(None, description="jump host: a Host of the operator's ssh_config; default: the site's")


class PortSpec(Model):
    """One port or range: a role, a host, a device (uplink) or a device's leg in a segment."""

    role: PortRole = Field(
        description="phone-and-pc, phone, pc, printer, pbx, application, access-point, uplink, mirror, unused, a host, "
                    "a device, or device/segment", examples=["phone-and-pc", "mivb-1", "fw-1/phones"])
    description: Text = Field("", description="default: the role")
    segment: Name | None = Field(None, description="untagged segment instead of the role's own")
    segments: tuple[Name, ...] = Field((), description="tagged segments of an uplink or access point")
    dot1x: bool = Field(True, description="false: the port is open to whoever plugs in")
    host_mode: HostMode | None = Field(None, description="who may share this port; default: as `dot1x` says")
    poe: Poe | None = Field(None, description="power over Ethernet; default: as the switch has it")
    max_macs: int | None = Field(None, ge=1, le=128, description="MAC addresses on this port; default: as `protection`")
    trunk: Name = Field("", description="name of a line shared with other sites; VLAN numbers on it must agree")
    mirrors: tuple[PortKey, ...] = Field((), description="ports whose frames a mirror port repeats, for a sensor")


class PortException(Model):
    """What is different on one port of a range; what is left out stays as the range has it."""

    role: PortRole | None = Field(None, description="another role")
    description: Text | None = Field(None, description="another description")
    segment: Name | None = Field(None, description="another untagged segment")
    dot1x: bool | None = Field(None, description="false: this port is open to whoever plugs in")
    host_mode: HostMode | None = Field(None, description="who may share this port")
    poe: Poe | None = Field(None, description="power over Ethernet")
    max_macs: int | None = Field(None, ge=1, le=128, description="MAC addresses on this port")


class StackMember(Model):
    """One switch of a stack."""

    model: Word = Field("", description="model of this member")
    serial: Word = Field("", description="serial number, so that a swap is seen")
    priority: int | None = Field(None, ge=1, le=15, description="the highest becomes the stack's master")


class Aggregation(Model):
    """Several ports as one link (IEEE 802.1AX)."""

    number: int = Field(ge=1, le=128, strict=True, description="group number on the device, 1 to 128")
    ports: tuple[PortKey, ...] = Field(min_length=1, description="its member ports", examples=[["47-48"]])
    role: PortRole = Field("uplink", description="a device or `uplink`")
    segments: tuple[Name, ...] = Field((), description="tagged segments of an `uplink`")
    mode: Literal["active", "passive", "static"] = Field("active", description="active and passive speak LACP")
    min_links: int = Field(1, ge=1, le=8, description="the link goes down with fewer members than this")


def _port(value: Any) -> Any:
    return {"role": value} if isinstance(value, str) else value


class Device(Model):
    """Something that punchdown configures."""

    role: Role = Field(description="what it does on the site")
    platform: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)] = Field(
        description="what it speaks", examples=["cisco_ios", "openvswitch"])
    model: Word = Field("", description="model, where it changes what the platform can do")
    version: Word = Field("", description="software version")
    authentication: Literal["classic", "ibns2"] = Field(
        "classic", description="how it speaks of port access control; ibns2: Cisco's new style, by control policies")
    management: HostAddress4 = Field(description="its address in the management segment")
    port: int = Field(22, ge=1, le=65535, description="TCP port of its SSH server")
    connection: Connection = Field(Connection(), description="how it is reached, where it differs from the site")
    stack: dict[int, StackMember] = Field(default_factory=dict, description="members of a stack by number")
    ports: dict[PortKey, Annotated[PortSpec, BeforeValidator(_port)]] = Field(
        default_factory=dict, description="port or range to role, by the names of its platform",
        examples=[{"1-44": "phone-and-pc", "45": "mivb-1"}, {"1/1-1/24": "phone", "2/A1": "sw-core-1"}])
    radius_secret: Name = Field(
        "", description="name of the secret that it shares with RADIUS servers; default: radius-DEVICE")
    exceptions: dict[PortKey, PortException] = Field(
        default_factory=dict, description="single ports of a range that differ", examples=[{"7": {"dot1x": False}}])
    aggregations: dict[Name, Aggregation] = Field(default_factory=dict, description="several ports as one link")
    routes: tuple[Name, ...] = Field((), description="segments that it routes")
    serves: tuple[Name, ...] = Field((), description="segments that it leases addresses in")
    manage: Literal["owned", "full"] = Field(
        "owned", description="owned: only what the definition names; full: everything else goes")
    pair: Name = Field("", description="name of its redundancy group: two of one are never changed at the same time")
    description: Text = Field("", description="for people")
