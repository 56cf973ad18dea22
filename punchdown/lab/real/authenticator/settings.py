"""What ``/etc/punchdown/dot1x.json`` says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Server:
    """A RADIUS server. UDP ports."""

    name: str
    address: str
    auth_port: int
    acct_port: int
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Port:
    """One port under control. ``ofport`` is its number in the switch; VLAN numbers are 0 when unset."""

    name: str
    ofport: int
    data_vlan: int
    voice_vlan: int
    host_mode: str
    mab: bool
    dead: str
    critical_vlan: int
    guest_vlan: int
    reauth_seconds: int
    tx_period_seconds: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Servers in the order in which they are asked."""

    nas_identifier: str
    nas_address: str
    servers: tuple[Server, ...]
    ports: tuple[Port, ...]


NOTHING = Settings("", "0.0.0.0", (), ())  # noqa: S104  no address, nothing is bound to it


def read_settings(text: str) -> Settings:
    """Settings from JSON text. Raises ValueError, which never shows a secret."""
    try:
        plain = json.loads(text)
        return Settings(plain["nas_identifier"], plain["nas_address"],
                        tuple(_made(Server, item) for item in plain["servers"]),
                        tuple(_made(Port, item) for item in plain["ports"]))
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"not settings of the authenticator: {type(error).__name__}") from None


def _made(kind: type[T], item: dict[str, Any]) -> T:
    names = {one.name for one in fields(kind)}  # type: ignore[arg-type]  # both kinds are dataclasses
    return kind(**{name: value for name, value in item.items() if name in names})
