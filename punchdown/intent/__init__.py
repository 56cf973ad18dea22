"""What one device must do, in no vendor's words; one module per subject; tuples are sorted unless order counts."""

from punchdown.intent.access import Dot1xPolicy, LinkMode, PortIntent, Vlan
from punchdown.intent.device import DeviceIntent, Management
from punchdown.intent.dhcp import DhcpIntent, DhcpPool
from punchdown.intent.filters import Filter, PortRange, Rule
from punchdown.intent.firewall import FirewallIntent, Interface, Netblocks, PortForward
from punchdown.intent.flows import Flow, FlowMatrix, HostFact, SegmentFact
from punchdown.intent.qos import QosIntent, TrafficClass
from punchdown.intent.radius import RadiusClient, RadiusIntent, RadiusServer, RadiusUser

__all__ = [
    "DeviceIntent", "DhcpIntent", "DhcpPool", "Dot1xPolicy", "Filter", "FirewallIntent", "Flow", "FlowMatrix",
    "HostFact", "Interface", "LinkMode", "Management", "Netblocks", "PortForward", "PortIntent", "PortRange",
    "QosIntent", "RadiusClient", "RadiusIntent", "RadiusServer", "RadiusUser", "Rule", "SegmentFact",
    "TrafficClass", "Vlan",
]
