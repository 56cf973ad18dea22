"""What people write: estate, profiles, sites. Frozen, unknown keys refused, every scalar typed."""

from punchdown.model.access import Dot1x, Endpoint, MacList, Protection, SpanningTree
from punchdown.model.devices import Aggregation, Connection, Device, PortException, PortSpec
from punchdown.model.diagnostics import Diagnostic, Positions
from punchdown.model.edge import Firewall, FlowRequest, Remote, Schedule, Vpn, Wan
from punchdown.model.estate import Estate, LoadedSite
from punchdown.model.operation import ManagementPlane, Phones, Services
from punchdown.model.segments import FirstHop, Segment
from punchdown.model.site import Expose, Host, Site

__all__ = [
    "Aggregation", "Connection", "Device", "Diagnostic", "Dot1x", "Endpoint", "Estate", "Expose", "Firewall",
    "FirstHop", "FlowRequest", "Host", "LoadedSite", "MacList", "ManagementPlane", "Phones", "PortException",
    "PortSpec", "Positions", "Protection", "Remote", "Schedule", "Segment", "Services", "Site", "SpanningTree", "Vpn",
    "Wan",
]
