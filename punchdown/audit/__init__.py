"""Every control of the catalogue, once for each site: how it stands and what shows it. Pure; the day is handed in."""

from punchdown.audit.facts import SiteFacts
from punchdown.audit.judge import audit_site

__all__ = ["SiteFacts", "audit_site"]
