"""The devices that the suite runs over: those of the example sites. Nothing is compiled until somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from punchdown.compiler import CompiledSite
from punchdown.intent import DeviceIntent
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import ground_of
from punchdown.render import render_device
from punchdown.values import IntendedConfig
from tests.contract.features import SUBJECTS, definition, roles
from tests.contract.member import Member
from tests.contract.pairs import compiled

INVENTORY = Path(__file__).parents[2] / "inventory"
ESTATES = (INVENTORY, *sorted((INVENTORY / "examples").iterdir()))


@dataclass(frozen=True)
class Case:
    """One device of a site of an estate; without an estate, of the small site of ``features.py``."""

    member: Member
    estate: Path | None
    site: str
    device: str

    @property
    def compiled(self) -> CompiledSite:
        return small(self.member, self.site) if self.estate is None else ground(self.estate)[self.site]

    @property
    def intent(self) -> DeviceIntent:
        return next(item for item in self.compiled.devices if item.device == self.device)

    @property
    def intended(self) -> IntendedConfig:
        return render_device(self.intent)

    def __str__(self) -> str:
        return f"{self.site}-{self.device}"


@cache
def ground(estate: Path) -> Mapping[str, CompiledSite]:
    """The sites of a whole estate."""
    return ground_of(estate, Selection()).sites


@cache
def small(member: Member, role: str) -> CompiledSite:
    """The small site with a device of a platform in a role."""
    return compiled(definition(member, role))


@cache
def cases(member: Member) -> tuple[Case, ...]:
    """Every device of a platform in the example sites, by what their files say; one of the small site for a platform
    that stands in none."""
    found = tuple(Case(member, estate, site, device) for estate in ESTATES
                  for site, device, platform in _devices(estate) if platform == member.name)
    return found or tuple(Case(member, None, role, SUBJECTS[role][0]) for role in roles(member))


@cache
def _devices(estate: Path) -> tuple[tuple[str, str, str], ...]:
    """(site, device, platform)."""
    sites = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(estate.glob("sites/*.yml")))
    return tuple((site["site"], name, device["platform"]) for site in sites for name, device in site["devices"].items())
