"""What a Catalyst with IOS or IOS-XE can enforce, and the intents it can't meet."""

from __future__ import annotations

from punchdown.intent import DeviceIntent, LinkMode, PortIntent
from punchdown.platforms.cisco_ios import source_guard
from punchdown.platforms.cisco_ios.mirrors import mirror_ports
from punchdown.platforms.cisco_ios.words import VLAN_NAME_LENGTH, carried_vlans, port_filter
from punchdown.platforms.contract import Capabilities, Dialect
from punchdown.platforms.lines import vlan_name

DOCUMENT = "running-config"
FEATURES = ("system", "vlans", "radius", "logins", "dot1x", "control_policies", "acls", "qos", "lldp", "spanning_tree",
            "links", "interfaces", "dhcp_snooping", "arp_inspection", "source_guard", "snmp", "mirrors", "management")
_RESERVED = range(1002, 1006)

CAPABILITIES = Capabilities(
    features=FEATURES,
    roles=("access-switch", "core-switch"),
    filter_out=False,
    stateful=False,
    dot1x_models=("*",),
    port_prefix="GigabitEthernet1/0/",
    cli=Dialect(quiet=("terminal width 511", "terminal length 0")),
    not_atomic="every line acts at once; the revert timer takes the whole change back, but for users of SNMPv3, which "
               "the configuration does not hold",
    dhcp_guard=True,
    meets=("stack", "storm-level", "dhcp-rate", "radius-timers", "dot1x-auth-fail", "loop-guard", "root-guard",
           "spanning-tree-root", "spanning-tree-rapid-pvst", "poe", "cdp-voice", "port-security",
           "link-aggregation", "arp-inspection", "snmpv3", "dot1x-coa", "port-mirror", "login-radius",
           "login-tacacs", "source-guard", "ibns2"),
)


def _mixed_ipv6(port: PortIntent) -> bool:
    """Whether one list would have to tell VLANs apart. Trunks between switches leave it to the ports of hosts, and two
    VLANs of an access port are told apart by the sender's prefix."""
    if port.role == "uplink" or (port.mode is LinkMode.ACCESS and not port_filter(port)):
        return False
    carried, declared = carried_vlans(port), set(port.ipv6_vlans)
    return port.mode is not LinkMode.CLOSED and bool(carried & declared) and not carried <= declared


def _port_refusals(port: PortIntent) -> list[str]:
    reasons = []
    if port.dot1x and port.mode is not LinkMode.ACCESS:
        reasons.append(f"{port.name}: 802.1X needs an access port")
    if port.dot1x and port.voice_vlan and port.voice_vlan == port.access_vlan:
        reasons.append(f"{port.name}: data and voice VLAN must differ under 802.1X")
    if _mixed_ipv6(port):
        reasons.append(f"{port.name}: carries VLANs with and without IPv6; one port access list can't tell them apart")
    if port.reply_filter and port.filter_in and port.reply_filter != port.filter_in:
        reasons.append(f"{port.name}: two filters for entering frames; a port takes one access list")
    return reasons


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met; empty when it can."""
    reasons = ["a switch is no stateful firewall"] if intent.firewall else []
    if intent.radius or intent.dhcp:
        reasons.append("RADIUS and DHCP servers are not rendered for a switch")
    reasons += [f"VLAN {vlan.id}: the name {vlan_name(vlan.name)} has more than {VLAN_NAME_LENGTH} characters"
                for vlan in intent.vlans if len(vlan_name(vlan.name)) > VLAN_NAME_LENGTH]
    reasons += [f"VLAN {vlan.id}: IOS keeps VLANs 1 and 1002 to 1005 for itself: they can't be named or removed"
                for vlan in intent.vlans if vlan.id == 1 or vlan.id in _RESERVED]
    every = (*intent.ports, *(link.port for link in intent.links))
    if intent.protection and intent.protection.arp_inspection and not any(port.dhcp_trusted for port in every):
        reasons.append("ARP inspection needs the leases that DHCP snooping sees, and no port leads to a DHCP server")
    reasons += source_guard.refusals(intent)
    for port in every:
        reasons += _port_refusals(port)
    sensors = {port.name for port in mirror_ports(intent)}
    reasons += [f"{port.name}: repeats {name}, which is a mirror itself" for port in mirror_ports(intent)
                for name in port.mirrors if name in sensors]
    for item in intent.filters:
        reasons += [f"filter {item.name}: a reply of {rule.protocol} can't be told from an opening without source ports"
                    for rule in item.rules
                    if rule.established and rule.protocol not in {"tcp", "icmp"} and not rule.source_ports]
    return tuple(reasons)
