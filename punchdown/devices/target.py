"""How one device is reached, as the definition says it."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.platforms import Platform


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
