"""How a site is run: time, logs, names, leases, the management plane, marks, wireless."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from punchdown.model.devices import Role
from punchdown.model.fields import Address4, Model, Name, Text, TimeOfDay

Ssid = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,30}[A-Za-z0-9._-]?$", max_length=32)]


class Services(Model):
    """Where devices and phones find time, logs and names: addresses, or names of the site's hosts."""

    ntp: tuple[Address4, ...] = Field((), description="time servers", examples=[["10.20.99.5"], ["radius-1"]])
    syslog: tuple[Address4, ...] = Field((), description="log collectors")
    dns: tuple[Address4, ...] = Field((), description="resolvers")


class Phones(Model):
    """How phones learn their VLAN and marks. For the VLAN, LLDP-MED wins over DHCP; for the marks, DHCP wins."""

    lldp_med: bool = Field(True, description="switches announce voice VLAN and marks by LLDP-MED")
    cdp: bool = Field(False, description="switches announce the voice VLAN by CDP; phones then mark 802.1p 5")
    dhcp: bool = Field(True, description="DHCP tells phones in the data segment their voice VLAN (double fetch)")
    lease_seconds: int = Field(28800, ge=300, le=2592000, description="seconds for which a lease is good")
    reserve: bool = Field(False, description="hosts with a MAC address get their address by DHCP as well")


class Snmp(Model):
    """SNMPv3 only; keys are secret references that carry the user's name."""

    user: Name = Field("punchdown", description="user name")
    authentication: Literal["sha", "sha256", "sha512"] = Field("sha256", description="hash of messages (RFC 7860)")
    privacy: Literal["aes128", "aes256"] = Field("aes128", description="encryption of messages")
    managers: tuple[Name, ...] = Field(min_length=1, description="hosts that may poll")
    roles: tuple[Role, ...] = Field((), description="roles of the devices that answer; default: every device",
                                    examples=[["core-switch", "access-switch"]])
    traps: bool = Field(True, description="devices send traps to the managers")


class Aaa(Model):
    """Who checks logins to devices; the local login always works when no server answers."""

    method: Literal["local", "radius", "tacacs"] = Field("local", description="where logins are checked first")
    servers: tuple[Name, ...] = Field((), description="hosts that check them, in order of preference")
    accounting: bool = Field(True, description="what is typed is reported to the servers")
    roles: tuple[Role, ...] = Field((), description="roles of the devices that ask them; default: every device",
                                    examples=[["core-switch", "access-switch"]])


class Backup(Model):
    """When configurations and databases are saved, and where."""

    at: TimeOfDay = Field("02:00", description="time of day")
    days: Literal["daily", "weekly"] = Field("daily", description="how often")
    keep: int = Field(14, ge=1, le=3650, description="copies that are kept")
    server: Name | None = Field(None, description="host that keeps them; reached by SFTP only")


class Passwords(Model):
    """What logins of the site's systems must be like."""

    length: int = Field(12, ge=8, le=128, description="characters at least")
    days: int = Field(90, ge=0, le=3650, description="days until one must be changed; 0: never")
    attempts: int = Field(3, ge=1, le=20, description="wrong ones until the login is locked")
    lockout_minutes: int = Field(15, ge=1, le=1440, description="minutes for which it stays locked")


class ManagementPlane(Model):
    """How devices are managed. Credentials are names; what they mean stands outside the estate."""

    credential: Name = Field("network-automation", description="name of the login, explained by the operator's files")
    jump: Name = Field("", description="jump host to every device: a Host of the operator's ssh_config")
    session_timeout_minutes: int = Field(15, ge=1, le=120, description="minutes until an idle session ends")
    banner: tuple[Text, ...] = Field((), description="login banner, a line each")
    aaa: Aaa = Field(Aaa(), description="who checks logins")
    snmp: Snmp | None = Field(None, description="polling; without it devices answer none")
    backup: Backup | None = Field(None, description="saved configurations")
    passwords: Passwords | None = Field(None, description="password policy of the site's systems")


class Qos(Model):
    """Which set of marks."""

    profile: Literal["mitel-default", "mitel-single-policy", "cisco-compatible", "mitel-sip-firmware"] = Field(
        "mitel-default", description="marks of media, signalling and video")


class Wlan(Model):
    """One wireless network."""

    segment: Name = Field(description="segment that its stations are in")
    security: Literal["wpa2-personal", "wpa2-enterprise", "wpa3-personal", "wpa3-enterprise"] = Field(
        "wpa2-enterprise", description="WPA2 or better")
    hidden: bool = Field(False, description="its name is not announced")


class Wireless(Model):
    """Wireless networks; the voice one stands alone."""

    ssids: dict[Ssid, Wlan] = Field(default_factory=dict, description="network name to its segment",
                                    examples=[{"hotel-voice": {"segment": "phones"}}])
