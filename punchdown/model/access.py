"""Port access control: who must authenticate, and what happens when it fails."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from punchdown.model.fields import Mac, Model, Name, Word

HostMode = Literal["single-host", "multi-domain", "multi-auth"]


class Endpoint(Model):
    """A device that asks for its port by 802.1X or by its MAC address."""

    kind: Literal["phone", "pc", "printer"] = Field(description="phones go to the voice domain")
    mac: Mac = Field(description="MAC address", examples=["08:00:0F:10:01:01"])
    model: Word = Field("", description="phone model; says which method it can do", examples=["6930"])
    eap: Literal["tls", "peap", "md5", "mab"] | None = Field(None, description="default: the best its model can do")
    segment: Name | None = Field(None, description="default: the phones' or the PCs' segment")


class Dot1x(Model):
    """Port access control."""

    servers: tuple[Name, ...] = Field((), description="hosts of kind radius-server, in order of preference")
    host_mode: HostMode = Field("multi-domain", description="who may share a port; multi-domain: one phone and one PC")
    dead: Literal["closed", "critical"] = Field("critical", description="what happens when no server answers")
    critical_segment: Name = Field("", description="segment of PCs while no server answers")
    guest_segment: Name = Field("", description="segment of devices that don't speak 802.1X")
    reauth_seconds: int = Field(0, ge=0, le=86400, description="seconds between authentications; 0: as the server says")
    tx_period_seconds: int = Field(10, ge=1, le=60, description="seconds between identity requests")
