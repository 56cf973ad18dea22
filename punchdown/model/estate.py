"""All sites and their shared settings."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import Field

from punchdown.model.attest import Ignore
from punchdown.model.campaigns import Campaigns
from punchdown.model.diagnostics import Positions
from punchdown.model.fields import Model, Name, Text
from punchdown.model.site import Site


class EstateFile(Model):
    """``punchdown.yml``."""

    estate: Name = Field(description="the estate's name")
    description: Text = Field("", description="for people")
    campaigns: Campaigns = Field(Campaigns(), description="How and when devices may be changed.")
    ignore: tuple[Ignore, ...] = Field((), description="findings that are known and left until a day")


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site with the places it was written at."""

    site: Site
    positions: Positions


@dataclass(frozen=True, slots=True)
class Estate:
    """``loaded`` by name, sorted."""

    name: str
    loaded: dict[str, LoadedSite]
    campaigns: Campaigns = field(default_factory=Campaigns)

    @property
    def sites(self) -> dict[str, Site]:
        """The sites alone."""
        return {name: item.site for name, item in self.loaded.items()}
