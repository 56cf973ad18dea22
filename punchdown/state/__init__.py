"""The state store: runs, journal, locks, confirmed fingerprints, findings."""

from punchdown.state.store import Store

__all__ = ["Store"]
