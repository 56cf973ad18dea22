"""One application of a plan: order, the safe change of each device, journal."""

from punchdown.campaign.contract import Campaign
from punchdown.campaign.run import apply_plan, resume
from punchdown.values import Progress

__all__ = ["Campaign", "Progress", "apply_plan", "resume"]
