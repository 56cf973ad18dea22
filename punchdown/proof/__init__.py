"""What can reach what, over all packets: device policies and wiring to proofs. Pure; no device is asked.

Three answers, never two: proved, refuted with a packet, unknown with the lines that were not understood.
"""

from punchdown.proof.site import SiteState, answer, compare, prove

__all__ = ["SiteState", "answer", "compare", "prove"]
