"""What a switch with ArubaOS-Switch 16 can enforce, and the intents it can't meet."""

from __future__ import annotations

from punchdown.intent import DeviceIntent, LinkMode, PortIntent, SnmpAccess
from punchdown.platforms.contract import Capabilities, Dialect
from punchdown.platforms.hp_procurve.groups import carried_vlans, locked_ports, switch_ports
from punchdown.platforms.hp_procurve.ports import is_port
from punchdown.platforms.hp_procurve.words import NAME_LENGTH, port_filter, radius_hosts
from punchdown.platforms.lines import list_name, vlan_name

DOCUMENT = "running-config"
FEATURES = ("system", "management", "snmp", "acls", "qos", "vlans", "interfaces", "spanning_tree", "radius",
            "logins", "dot1x", "dhcp_snooping", "arp_protect", "source_lockdown")

CAPABILITIES = Capabilities(
    features=FEATURES,
    roles=("access-switch", "core-switch"),
    filter_out=False,
    stateful=False,
    dot1x_models=("*",),
    cli=Dialect(configuring=r"\((?:config|vlan|eth|trk|policy|class)", question=r"\[y/n(?:/\^C)?\] ?\??\s*$",
                answer="y", answers=(("save", "n"),), more=r"-- MORE --, next page: Space, next line: Enter, quit:"
                r" Control-C"),
    not_atomic="every line acts at once; what runs is saved before, and the way back is a restart, which ports feel",
    dhcp_guard=True,
    meets=("storm-level", "radius-timers", "dot1x-auth-fail", "dot1x-coa", "root-guard", "spanning-tree-root",
           "spanning-tree-mst",
           "spanning-tree-rapid-pvst", "loop-guard", "poe", "port-security", "link-aggregation", "arp-inspection",
           "snmpv3", "login-radius", "login-tacacs", "source-guard"),
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
    if port.dot1x and port.max_macs:
        reasons.append(f"{port.name}: a port that authenticates has no limit of addresses besides")
    if port.dot1x and port.dot1x.auth_fail_vlan not in {0, port.dot1x.guest_vlan}:
        reasons.append(f"{port.name}: one VLAN takes both who does not answer and who fails")
    if port.mode is LinkMode.TRUNK and not carried_vlans(port):
        reasons.append(f"{port.name}: a port is always in some VLAN")
    if any(share % 1 for share in (port.broadcast_percent, port.multicast_percent)) and port.storm_control:
        reasons.append(f"{port.name}: storm control takes whole per cents")
    if port.arp_rate not in {0, 15}:
        reasons.append(f"{port.name}: the rate of ARP packets can't be limited")
    if _mixed_ipv6(port):
        reasons.append(f"{port.name}: carries VLANs with and without IPv6; one port access list can't tell them apart")
    if port.reply_filter and port.filter_in and port.reply_filter != port.filter_in:
        reasons.append(f"{port.name}: two filters for entering frames; a port takes one access list")
    return reasons


def _snmp_refusals(snmp: SnmpAccess | None) -> list[str]:
    if snmp is None:
        return []
    known = {snmp.authentication: "sha", snmp.privacy: "aes128"}
    reasons = [f"SNMPv3: {word} is not known to this software, only {other}" for word, other in known.items()
               if word != other]
    if snmp.traps:
        reasons.append("SNMPv3 traps: no document that was found says how a receiver is set")
    return reasons


def _lockdown_refusals(intent: DeviceIntent) -> list[str]:
    """Whom source lockdown would cut off."""
    reasons = [f"{port.name}: source guard would cut {address} off, no lease and no MAC address tell who it is"
               for port in locked_ports(intent) for mac, address, _ in port.hosts if address and not mac]
    if locked_ports(intent) and not any(map(_leases, switch_ports(intent))):
        reasons.append("source guard needs the leases that DHCP snooping sees, and no port leads to a DHCP server")
    return reasons


def _leases(port: PortIntent) -> bool:
    return port.dhcp_trusted


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met; empty when it can."""
    reasons = []
    if intent.firewall:
        reasons.append("a switch is no stateful firewall")
    if intent.radius or intent.dhcp:
        reasons.append("RADIUS and DHCP servers are not rendered for a switch")
    reasons += [f"VLAN {vlan.id}: the name {vlan_name(vlan.name)} has more than {NAME_LENGTH['vlan']} characters"
                for vlan in intent.vlans if len(vlan_name(vlan.name)) > NAME_LENGTH["vlan"]]
    reasons += ["VLAN 1 is where ports come from: it can't be a segment" for vlan in intent.vlans if vlan.id == 1]
    names = (*(port.name for port in intent.ports), *(name for link in intent.links for name in link.members))
    reasons += [f"{name}: this software calls its ports 7, A1, 1/7 or 1/A1" for name in names if not is_port(name)]
    for port in (*intent.ports, *(link.port for link in intent.links)):
        reasons += _port_refusals(port)
    reasons += [f"{link.name}: a passive aggregation is not configured by its ports" for link in intent.links
                if link.mode == "passive"]
    if intent.protection and intent.protection.arp_inspection and not any(map(_leases, switch_ports(intent))):
        reasons.append("ARP inspection needs DHCP snooping, and no port leads to a server")
    reasons += _snmp_refusals(intent.management.snmp)
    reasons += _lockdown_refusals(intent)
    timers = {(item.timeout_seconds, item.retries, item.dead_minutes) for item in radius_hosts(intent)}
    if len(timers) > 1:
        reasons.append("RADIUS timers hold for all servers")
    for item in intent.filters:
        if len(list_name(item.name, 6)) > NAME_LENGTH["list"]:
            reasons.append(f"filter {item.name}: the name has more than {NAME_LENGTH['list']} characters")
        reasons += [f"filter {item.name}: a reply of {rule.protocol} can't be told from an opening without source ports"
                    for rule in item.rules
                    if rule.established and rule.protocol not in {"tcp", "icmp"} and not rule.source_ports]
    return tuple(reasons)
