"""A static site over the state store's history: estate, sites, devices, controls, faults. Nothing serves it; it opens
from a folder."""

from punchdown.report.site.data import Lane, Listed, Opening, Overview, Place
from punchdown.report.site.pages import site_pages

__all__ = ["Lane", "Listed", "Opening", "Overview", "Place", "site_pages"]
