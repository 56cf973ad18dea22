"""One application of a plan: when, in which waves, the safe change of each device, journal."""

from punchdown.campaign.contract import Campaign
from punchdown.campaign.counts import Counts, Number
from punchdown.campaign.device import ENDS
from punchdown.campaign.estimate import estimated
from punchdown.campaign.run import apply_plan, resume
from punchdown.campaign.waves import Member, Waves, make_waves
from punchdown.campaign.window import closed_because
from punchdown.values import Progress

__all__ = ["ENDS", "Campaign", "Counts", "Member", "Number", "Progress", "Waves", "apply_plan", "closed_because",
           "estimated", "make_waves", "resume"]
