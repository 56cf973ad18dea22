"""What people write: estate, profiles, sites. Frozen, unknown keys refused, every scalar typed."""

from punchdown.model.access import Dot1x, Endpoint
from punchdown.model.devices import Device, PortSpec
from punchdown.model.diagnostics import Diagnostic, Positions
from punchdown.model.edge import Firewall, FlowRequest, Wan
from punchdown.model.estate import Estate, LoadedSite
from punchdown.model.operation import ManagementPlane, Services
from punchdown.model.segments import FirstHop, Segment
from punchdown.model.site import Expose, Host, Site

__all__ = [
    "Device", "Diagnostic", "Dot1x", "Endpoint", "Estate", "Expose", "Firewall", "FirstHop", "FlowRequest", "Host",
    "LoadedSite", "ManagementPlane", "PortSpec", "Positions", "Segment", "Services", "Site", "Wan",
]
