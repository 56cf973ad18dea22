"""An emulated Cisco IOS access switch: configuration state, refusals, archive and revert timer."""

from punchdown.lab.emulated.cisco_ios.appliance import AuthSession, IosAppliance, Neighbour
from punchdown.lab.emulated.cisco_ios.session import CliSession
from punchdown.lab.emulated.spec import Station

APPLIANCE = IosAppliance

__all__ = ["APPLIANCE", "AuthSession", "CliSession", "IosAppliance", "Neighbour", "Station"]
