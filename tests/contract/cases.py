"""The devices that the suite runs over: those of the example sites. Nothing is compiled until somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from punchdown.compiler import CompiledSite
from punchdown.intent import DeviceIntent
from punchdown.pipeline import Selection
from punchdown.pipeline.proving import Ground, ground_of
from punchdown.values import IntendedConfig

INVENTORY = Path(__file__).parents[2] / "inventory"
ESTATES = (INVENTORY, *sorted((INVENTORY / "examples").iterdir()))


@dataclass(frozen=True)
class Case:
    """One device of an example site."""

    estate: Path
    site: str
    device: str

    @property
    def compiled(self) -> CompiledSite:
        return ground(self.estate).sites[self.site]

    @property
    def intent(self) -> DeviceIntent:
        return next(item for item in self.compiled.devices if item.device == self.device)

    @property
    def intended(self) -> IntendedConfig:
        return ground(self.estate).intended[self.device]

    def __str__(self) -> str:
        return f"{self.site}-{self.device}"


@cache
def ground(estate: Path) -> Ground:
    """A whole estate, rendered."""
    return ground_of(estate, Selection())


@cache
def cases(name: str) -> tuple[Case, ...]:
    """Every device of a platform, by what the sites' files say."""
    return tuple(Case(estate, site, device) for estate in ESTATES for site, device, platform in _devices(estate)
                 if platform == name)


@cache
def _devices(estate: Path) -> tuple[tuple[str, str, str], ...]:
    """(site, device, platform)."""
    sites = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(estate.glob("sites/*.yml")))
    return tuple((site["site"], name, device["platform"]) for site in sites for name, device in site["devices"].items())
