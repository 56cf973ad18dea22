"""How one device is reached, as the definition says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from punchdown.platforms import Platform


class Reachable(Protocol):
    """What a login needs to know of whoever is logged in to: a device, or a server that takes files."""

    @property
    def device(self) -> str:
        """Its name in the definition."""

    @property
    def address(self) -> str:
        """Where it is reached."""

    @property
    def credential(self) -> str:
        """Name of the login."""

    @property
    def port(self) -> int:
        """Of SSH."""

    @property
    def jump(self) -> str:
        """A Host of the operator's ssh_config, empty = the direct way."""


@dataclass(frozen=True, slots=True)
class FileTarget:
    """Where files of a gateway go by SFTP. ``device`` is the gateway's host, ``folder`` an absolute path there."""

    device: str
    address: str
    credential: str
    folder: str
    port: int = 22
    jump: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """``address`` is the management address, ``credential`` a name that the operator's directory explains,
    ``jump`` a Host of the operator's ssh_config, empty = the direct way."""

    device: str
    address: str
    platform: Platform
    credential: str
    port: int = 22
    jump: str = ""
