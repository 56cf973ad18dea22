"""How a site is run: time, logs, names, the management plane, marks."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from punchdown.model.fields import Address4, Model, Name, Text


class Services(Model):
    """Where devices and phones find time, logs and names: addresses, or names of the site's hosts."""

    ntp: tuple[Address4, ...] = Field((), description="time servers", examples=[["10.20.99.5"], ["radius-1"]])
    syslog: tuple[Address4, ...] = Field((), description="log collectors")
    dns: tuple[Address4, ...] = Field((), description="resolvers")


class ManagementPlane(Model):
    """How devices are managed. Credentials are names; what they mean stands outside the estate."""

    credential: Name = Field("network-automation", description="name of the login, explained by the operator's files")
    session_timeout_minutes: int = Field(15, ge=1, le=120, description="minutes until an idle session ends")
    banner: tuple[Text, ...] = Field((), description="login banner, a line each")


class Qos(Model):
    """Which set of marks."""

    profile: Literal["mitel-default", "cisco-compatible", "mitel-sip-firmware"] = Field(
        "mitel-default", description="marks of media, signalling and video")
