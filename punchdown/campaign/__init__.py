"""One application of a plan: order, the safe change of each device, journal."""

from punchdown.campaign.run import Campaign, apply_plan
from punchdown.values import Progress

__all__ = ["Campaign", "Progress", "apply_plan"]
