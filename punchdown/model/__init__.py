"""What people write: estate, profiles, sites. Frozen, unknown keys refused, every scalar typed."""

from punchdown.model.diagnostics import Diagnostic, Positions
from punchdown.model.estate import Estate, LoadedSite
from punchdown.model.site import (
    Device,
    Dot1x,
    Endpoint,
    Expose,
    Firewall,
    FlowRequest,
    Host,
    ManagementPlane,
    PortSpec,
    Segment,
    Services,
    Site,
    Wan,
)

__all__ = [
    "Device", "Diagnostic", "Dot1x", "Endpoint", "Estate", "Expose", "Firewall", "FlowRequest", "Host", "LoadedSite",
    "ManagementPlane", "PortSpec", "Positions", "Segment", "Services", "Site", "Wan",
]
