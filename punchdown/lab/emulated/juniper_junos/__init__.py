"""An emulated EX switch: candidate and active configuration, refusals, confirmed commits and their timer."""

from punchdown.lab.emulated.juniper_junos.appliance import JunosAppliance
from punchdown.lab.emulated.juniper_junos.session import JunosSession
from punchdown.lab.emulated.juniper_junos.tables_life import Neighbour, Supplicant
from punchdown.lab.emulated.spec import Station

APPLIANCE = JunosAppliance

__all__ = ["APPLIANCE", "JunosAppliance", "JunosSession", "Neighbour", "Station", "Supplicant"]
