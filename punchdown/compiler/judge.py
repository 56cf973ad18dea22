"""What is known of a site once it is checked: enough to report on it and to hold it against other sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from punchdown.compiler.claims import Claim, claims_of
from punchdown.compiler.site import judge_site
from punchdown.model import Diagnostic, LoadedSite


@dataclass(frozen=True, slots=True)
class JudgedDevice:
    """A device as reports name it."""

    name: str
    platform: str
    role: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One file of a site. ``site`` is empty when the file could not be read; ``diagnostics`` say why.

    Can be written as JSON and holds no model.
    """

    site: str
    devices: tuple[JudgedDevice, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    claims: tuple[Claim, ...] = ()


def judge(loaded: LoadedSite, found: Iterable[Diagnostic] = ()) -> Judgement:
    """The judgement of a site that could be read, with what was ``found`` while it was. Pure."""
    devices = tuple(JudgedDevice(name, device.platform, device.role, device.model)
                    for name, device in sorted(loaded.site.devices.items()))
    return Judgement(loaded.site.site, devices, (*found, *judge_site(loaded)), claims_of(loaded))
