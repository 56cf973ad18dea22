"""Which devices a verb is about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase

from punchdown.errors import PlanError
from punchdown.intent import DeviceIntent
from punchdown.model.diagnostics import suggest

Names = tuple[str, str, str, str]
"""What a device is selected by: site, device, role, platform."""


def names_of(intent: DeviceIntent) -> Names:
    """What a device is selected by."""
    return intent.site, intent.device, intent.role, intent.platform


@dataclass(frozen=True, slots=True)
class Selection:
    """Globs over sites, devices, roles and platforms; empty = all. ``each``: whoever typed a name without a wildcard
    means something that is there."""

    sites: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    each: bool = False

    def takes(self, intent: DeviceIntent) -> bool:
        """Whether a device is among them."""
        return self.names(*names_of(intent))

    def names(self, site: str, device: str, role: str, platform: str) -> bool:
        """Whether a device that is known by these names is among them."""
        pairs = ((self.sites, site), (self.devices, device), (self.roles, role), (self.platforms, platform))
        return all(not globs or any(fnmatchcase(value, glob) for glob in globs) for globs, value in pairs)

    def require(self, there: Collection[Names]) -> None:
        """Hold the selection against all devices that there are.

        Raises:
            PlanError: it takes none of them; or, with ``each``, one of its names is nobody's.
        """
        taken = any(self.names(*names) for names in there)
        if taken and not self.each:
            return
        globs = (self.sites, self.devices, self.roles, self.platforms)
        for kind, words, known in zip(("site", "device", "role", "platform"), globs, zip(*there, strict=True),
                                      strict=bool(there)):
            for word in words:
                if not set("*?[") & set(word) and word not in known:
                    raise PlanError(f"there is no {kind} {word!r}; {suggest(word, set(known))}")
        if not taken:
            devices = {names[1] for names in there}
            raise PlanError(f"the selection takes no device; {suggest('', devices) or 'known: none'}")
