"""The state store: runs, journal, locks, confirmed fingerprints, findings."""

from punchdown.state.history import LookedAt
from punchdown.state.store import Store

__all__ = ["LookedAt", "Store"]
