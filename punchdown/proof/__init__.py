"""What can reach what, over all packets: device policies and wiring to proofs. Pure; no device is asked.

Three answers, never two: proved, refuted with a packet, unknown with the lines that were not understood.
"""

from punchdown.proof.between import Managed
from punchdown.proof.site import SiteState, answer, compare, evidence, prove, release
from punchdown.proof.way import Stage, judge_way

__all__ = ["Managed", "SiteState", "Stage", "answer", "compare", "evidence", "judge_way", "prove", "release"]
