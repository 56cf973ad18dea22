"""An emulated Cisco ASA: configuration state, refusals, translations in their order, scheduled restart."""

from punchdown.lab.emulated.cisco_asa.appliance import AsaAppliance
from punchdown.lab.emulated.cisco_asa.session import CliSession

APPLIANCE = AsaAppliance

__all__ = ["APPLIANCE", "AsaAppliance", "CliSession"]
