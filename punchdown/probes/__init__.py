"""What looks from outside: single connections and handshakes, never a login, slow enough for small firewalls."""

from punchdown.probes.asking import PACE_SECONDS, Probe, look
from punchdown.probes.counts import Count, ask, load_counts

__all__ = ["PACE_SECONDS", "Count", "Probe", "ask", "load_counts", "look"]
