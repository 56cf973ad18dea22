"""An emulated FortiGate: block command line, transactions, revert timer."""

from punchdown.lab.emulated.fortinet_fortios.appliance import FortiosAppliance
from punchdown.lab.emulated.fortinet_fortios.baseline import prepared

APPLIANCE = FortiosAppliance

__all__ = ["APPLIANCE", "FortiosAppliance", "prepared"]
