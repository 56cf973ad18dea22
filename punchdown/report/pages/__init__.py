"""Pages over the state store's history: estate, sites, devices, controls, faults. Nothing serves them; they open
from a folder."""

from punchdown.report.pages.data import KEPT_DAYS, Lane, Listed, Opening, Overview, Place
from punchdown.report.pages.writer import estate_pages

__all__ = ["KEPT_DAYS", "Lane", "Listed", "Opening", "Overview", "Place", "estate_pages"]
