"""What looks from outside: single connections and handshakes, never a login, slow enough for small firewalls."""

from punchdown.probes.asking import PACE_SECONDS, Probe, look

__all__ = ["PACE_SECONDS", "Probe", "look"]
