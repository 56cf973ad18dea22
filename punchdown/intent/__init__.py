"""What one device must do, in no vendor's words; one module per subject; tuples are sorted unless order counts."""

from punchdown.intent.access import Dot1xPolicy, FixedAddress, LinkIntent, LinkMode, PortIntent, SwitchProtection, Vlan
from punchdown.intent.device import DeviceIntent, Management, SnmpAccess
from punchdown.intent.dhcp import DhcpIntent, DhcpPool
from punchdown.intent.filters import Filter, PortRange, Rule, Schedule
from punchdown.intent.firewall import FirewallIntent, FirstHop, Interface, Netblocks, PortForward, Vpn
from punchdown.intent.flows import Flow, FlowMatrix, HostFact, RemoteFact, SegmentFact
from punchdown.intent.needs import Fact, Need
from punchdown.intent.qos import QosIntent, TrafficClass
from punchdown.intent.radius import MacVendor, RadiusClient, RadiusIntent, RadiusServer, RadiusUser

__all__ = [
    "DeviceIntent", "DhcpIntent", "DhcpPool", "Dot1xPolicy", "Fact", "Filter", "FirewallIntent", "FirstHop",
    "FixedAddress", "Flow", "FlowMatrix", "HostFact", "Interface", "LinkIntent", "LinkMode", "MacVendor", "Management",
    "Need", "Netblocks", "PortForward", "PortIntent", "PortRange", "QosIntent", "RadiusClient", "RadiusIntent",
    "RadiusServer", "RadiusUser", "RemoteFact", "Rule", "Schedule", "SegmentFact", "SnmpAccess", "SwitchProtection",
    "TrafficClass", "Vlan", "Vpn",
]
