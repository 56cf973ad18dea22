"""An emulated EX switch: candidate and active configuration, refusals, confirmed commits and their timer."""

from punchdown.lab.emulated.juniper_junos.appliance import JunosAppliance, Neighbour, Supplicant
from punchdown.lab.emulated.juniper_junos.session import JunosSession

APPLIANCE = JunosAppliance

__all__ = ["APPLIANCE", "JunosAppliance", "JunosSession", "Neighbour", "Supplicant"]
