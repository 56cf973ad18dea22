"""An emulated switch with ArubaOS-Switch: membership under VLANs, lists, port access, a restart as the way back."""

from punchdown.lab.emulated.hp_procurve.appliance import ProcurveAppliance
from punchdown.lab.emulated.hp_procurve.session import CliSession
from punchdown.lab.emulated.hp_procurve.tables_life import Neighbour, Station

APPLIANCE = ProcurveAppliance

__all__ = ["APPLIANCE", "CliSession", "Neighbour", "ProcurveAppliance", "Station"]
