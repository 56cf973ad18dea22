"""How a platform helps to adopt devices that run already. Optional: a platform without it can't be imported.

A platform offers it as an attribute ``adopter`` beside the members of its contract.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from punchdown.platforms.contract import Fingerprint, Platform, Reader
from punchdown.values import RunningConfig
from punchdown.values.adopted import SeenDevice


class Adopter(Protocol):
    """Reads what a device runs into vendor-free words. Everything but ``fetch`` is pure."""

    def recognises(self, text: str) -> bool:
        """Whether a text is a configuration of this platform."""

    def masked(self, files: Mapping[str, str], fingerprint: Fingerprint) -> Mapping[str, str]:
        """Saved texts of one device by file name, as documents by name, secrets masked: nothing else ever sees them."""

    def fetch(self, reader: Reader, fingerprint: Fingerprint) -> RunningConfig:
        """What an import wants to know of a device, masked. Raises DeviceError."""

    def read(self, name: str, source: str, documents: Mapping[str, str]) -> SeenDevice:
        """The device as its documents show it; ``name`` where they don't name it, ``source`` for people."""


def adopter_of(room: Platform) -> Adopter | None:
    """What a platform offers for it, None where it offers nothing."""
    found: Adopter | None = getattr(room, "adopter", None)
    return found
