"""What an EX switch with the newer layer-2 software (ELS) can enforce, and the intents it can't meet.

Which models take the IPv6 conditions of port filters (``ip-version ipv6``) is in no public table that was found: the
device's own check decides, before anything takes effect.
"""

from __future__ import annotations

from collections import Counter

from punchdown.intent import DeviceIntent, LinkMode, Management, PortIntent
from punchdown.platforms.contract import Capabilities, Dialect
from punchdown.platforms.juniper_junos.words import (
    NAME_LENGTH,
    list_name,
    quotable,
    switchports,
    vlan_name,
)

DOCUMENT = "configuration"
FEATURES = ("system", "vlans", "radius", "dot1x", "filters", "qos", "lldp", "spanning_tree", "links", "interfaces",
            "dhcp_security", "snmp", "logins", "management")
_UNNAMED = frozenset({"pbx", "application"})
_SNMP = ("sha", "sha256", "aes128")
_OLDER_MODELS = ("EX2200", "EX3200", "EX3300", "EX4200", "EX4500", "EX4550", "EX6200", "EX8200")

CAPABILITIES = Capabilities(
    features=FEATURES,
    roles=("access-switch", "core-switch"),
    filter_out=False,
    stateful=False,
    dot1x_models=("*",),
    port_prefix="ge-0/0/",
    cli=Dialect(
        quiet=("set cli complete-on-space off", "set cli screen-width 511", "set cli screen-length 0"),
        prompt=r"(?P<prompt>(?:^|\n)[\w.-]+@[\w.-]+(?P<mode>[>#])\s*$)",
        configuring="#",
        enter="configure exclusive",
        leave="exit configuration-mode",
        question=r"\[yes,no\] \((?:yes|no)\)\s*$",
    ),
    not_atomic="one commit; the forwarding hardware takes it over within seconds, in an order that is not published",
    dhcp_guard=True,
    meets=("storm-level", "radius-timers", "dot1x-auth-fail", "dot1x-coa", "loop-guard", "root-guard",
           "spanning-tree-root",
           "spanning-tree-rapid-pvst", "arp-inspection", "poe", "port-security", "link-aggregation", "link-minimum",
           "snmpv3", "login-radius", "login-tacacs", "source-guard"),
)


def _port_refusals(port: PortIntent) -> list[str]:
    reasons = []
    if port.dot1x and port.mode is not LinkMode.ACCESS:
        reasons.append(f"{port.name}: 802.1X needs an access port")
    if port.dot1x and port.voice_vlan and port.voice_vlan == port.access_vlan:
        reasons.append(f"{port.name}: data and voice VLAN must differ under 802.1X")
    if port.reply_filter and port.filter_in and port.reply_filter != port.filter_in:
        reasons.append(f"{port.name}: two filters for entering frames; a port takes one")
    if not quotable(port.description):
        reasons.append(f"{port.name}: a description can't hold a double quote or a backslash")
    level = min(port.broadcast_percent, port.multicast_percent)
    if port.storm_control and not (level.is_integer() and level >= 1) and not port.name.startswith(("ge-", "xe-")):
        reasons.append(f"{port.name}: storm control in whole per cent only, the port's speed is not known")
    return reasons


def _management_refusals(management: Management) -> list[str]:
    snmp = management.snmp
    return [f"SNMPv3: {word} is not known to this software"
            for word in ((snmp.authentication, snmp.privacy) if snmp else ()) if word not in _SNMP]


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met; empty when it can."""
    reasons = [f"model {intent.model}: software without ELS is not supported, it says VLANs and filters otherwise"
               for word in _OLDER_MODELS if word in intent.model.upper()]
    if intent.firewall:
        reasons.append("a switch is no stateful firewall")
    if intent.radius or intent.dhcp:
        reasons.append("RADIUS and DHCP servers are not rendered for a switch")
    reasons += [f"VLAN {vlan.id}: the name {name} has more than {NAME_LENGTH} characters" for vlan in intent.vlans
                if len(name := vlan_name(vlan.name, vlan.id)) > NAME_LENGTH]
    reasons += [f"VLAN {number} would be two VLANs of one name" for number, times in
                Counter(vlan.id for vlan in intent.vlans).items() if times > 1]
    for port in switchports(intent):
        reasons += _port_refusals(port)
    reasons += _management_refusals(intent.management)
    reasons += [f"RADIUS server {item.name}: it is asked again at least once"
                for item in {*intent.radius_servers, *intent.management.login_servers} if not item.retries]
    if not all(quotable(line) for line in intent.management.banner):
        reasons.append("the banner can't hold a double quote or a backslash")
    names = Counter(list_name(item.name) for item in intent.filters)
    reasons += [f"filter {name}: more than {NAME_LENGTH} characters" for name in names if len(name) > NAME_LENGTH]
    reasons += [f"filter {name}: two filters would have this name" for name, times in names.items() if times > 1]
    if intent.protection and intent.protection.source_guard:
        reasons += [f"{port.name}: source guard would cut {address} off, no lease and no MAC address tell who it is"
                    for port in intent.ports if not port.arp_trusted
                    for mac, address, _ in port.hosts if address and not mac]
        reasons += [f"{port.name}: source guard watches whole VLANs and would cut off who has no name here"
                    for port in intent.ports if port.role in _UNNAMED and port.mode is LinkMode.ACCESS]
    for item in intent.filters:
        reasons += [f"filter {item.name}: a reply of {rule.protocol} can't be told from an opening without source ports"
                    for rule in item.rules
                    if rule.established and rule.protocol not in {"tcp", "icmp"} and not rule.source_ports]
    return tuple(reasons)
