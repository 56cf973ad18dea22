"""Emulated Cisco IOS access switches on real SSH: configuration state, refusals, archive and revert timer.

Written from the fact sheet of the platform; shares no code with the platform rooms, so that the two can disagree.
"""

from punchdown.lab.emulated.appliance import AuthSession, IosAppliance, Neighbour
from punchdown.lab.emulated.fleet import Fleet
from punchdown.lab.emulated.session import CliSession
from punchdown.lab.emulated.spec import ApplianceSpec, Faults, ManualClock, ScaledClock, read_specs

__all__ = ["ApplianceSpec", "AuthSession", "CliSession", "Faults", "Fleet", "IosAppliance", "ManualClock", "Neighbour",
           "ScaledClock", "read_specs"]
