"""All sites and their shared settings."""

from __future__ import annotations

from dataclasses import dataclass

from punchdown.model.diagnostics import Positions
from punchdown.model.fields import Model, Name, Text
from punchdown.model.site import Site


class EstateFile(Model):
    """``punchdown.yml``."""

    estate: Name
    description: Text = ""


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site with the places it was written at."""

    site: Site
    positions: Positions


@dataclass(frozen=True, slots=True)
class Estate:
    """``sites`` by name, sorted."""

    name: str
    loaded: dict[str, LoadedSite]

    @property
    def sites(self) -> dict[str, Site]:
        """The sites alone."""
        return {name: item.site for name, item in self.loaded.items()}
