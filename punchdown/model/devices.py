"""Devices: what punchdown configures, with their ports."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from punchdown.model.fields import HostAddress4, Model, Name, PortKey, Text, Word

Role = Literal["core-switch", "access-switch", "firewall", "radius", "dhcp"]


class PortSpec(Model):
    """One port or range: a role, a host, a device (uplink) or a device's leg in a segment."""

    role: Annotated[str, Field(pattern=r"^[a-z0-9-]+(/[a-z0-9-]+)?$")] = Field(
        description="phone-and-pc, phone, pc, unused, a host, a device, or device/segment",
        examples=["phone-and-pc", "mivb-1", "fw-1/phones"])
    description: Text = Field("", description="default: the role")
    dot1x: bool = Field(True, description="false: the port is open to whoever plugs in")
    segments: tuple[Name, ...] = Field((), description="tagged segments of an uplink or access point")
    trunk: Name = Field("", description="name of a line shared with other sites; VLAN numbers on it must agree")


def _port(value: Any) -> Any:
    return {"role": value} if isinstance(value, str) else value


class Device(Model):
    """Something that punchdown configures."""

    role: Role = Field(description="what it does on the site")
    platform: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] = Field(
        description="what it speaks", examples=["cisco_ios", "openvswitch"])
    model: Word = Field("", description="model, where it changes what the platform can do")
    version: Word = Field("", description="software version")
    management: HostAddress4 = Field(description="its address in the management segment")
    port: int = Field(22, ge=1, le=65535, description="TCP port of its SSH server")
    ports: dict[PortKey, Annotated[PortSpec, BeforeValidator(_port)]] = Field(
        default_factory=dict, description="port or range to role", examples=[{"1-44": "phone-and-pc", "45": "mivb-1"}])
    radius_secret: Name = Field(
        "", description="name of the secret that it shares with RADIUS servers; default: radius-DEVICE")
    routes: tuple[Name, ...] = Field((), description="segments that it routes")
    serves: tuple[Name, ...] = Field((), description="segments that it leases addresses in")
    manage: Literal["owned", "full"] = Field(
        "owned", description="owned: only what the definition names; full: everything else goes")
    description: Text = Field("", description="for people")
