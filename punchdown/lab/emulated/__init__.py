"""Emulated appliances on real SSH, one package per family: configuration state, refusals, timers, faults.

Written from the fact sheets of the platforms; shares no code with the platform rooms, so that the two can disagree.
"""

from punchdown.lab.emulated.box import Box, Family, Question, Session, appliance, families, family
from punchdown.lab.emulated.fleet import Fleet
from punchdown.lab.emulated.spec import ApplianceSpec, Faults, ManualClock, ScaledClock, read_specs

__all__ = ["ApplianceSpec", "Box", "Family", "Faults", "Fleet", "ManualClock", "Question", "ScaledClock", "Session",
           "appliance", "families", "family", "read_specs"]
