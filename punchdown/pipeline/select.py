"""Which devices a verb is about."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from punchdown.intent import DeviceIntent


@dataclass(frozen=True, slots=True)
class Selection:
    """Globs over sites, devices, roles and platforms; empty = all."""

    sites: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()

    def takes(self, intent: DeviceIntent) -> bool:
        """Whether a device is among them."""
        return self.names(intent.site, intent.device, intent.role, intent.platform)

    def names(self, site: str, device: str, role: str, platform: str) -> bool:
        """Whether a device that is known by these names is among them."""
        pairs = ((self.sites, site), (self.devices, device), (self.roles, role), (self.platforms, platform))
        return all(not globs or any(fnmatchcase(value, glob) for glob in globs) for globs, value in pairs)
