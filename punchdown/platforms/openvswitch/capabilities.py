"""What Open vSwitch can enforce, and what it can't."""

from __future__ import annotations

from punchdown.intent import DeviceIntent, LinkMode
from punchdown.platforms.contract import Capabilities
from punchdown.platforms.openvswitch.words import known_icmp, trunk_vlans

AUTHENTICATOR_MODEL = "dot1x-agent"
"""A switch beside which an agent relays between EAPOL and RADIUS and opens one flow per authenticated MAC."""

FLOW_FEATURES = ("admission", "segments", "guard", "storm", "qos", "acls", "forward")
METER_FEATURES = ("meters",)
DATABASE_FEATURES = ("bridge", "interfaces")

NOT_LOGGED = "what is denied here is counted by the flow and not logged: Open vSwitch logs packets to a controller only"
"""Said of denials whose filter asks for a log."""

CAPABILITIES = Capabilities(
    features=(*METER_FEATURES, *FLOW_FEATURES, *DATABASE_FEATURES, "dot1x", "lldp", "boot", "sshd", "banner", "ntp",
              "syslog"),
    roles=("core-switch", "access-switch"),
    filter_out=True,
    stateful=True,
    dot1x_models=(AUTHENTICATOR_MODEL,),
    port_prefix="p",
    not_atomic=(
        "Flows are one transaction and the database is one, flows first: for the milliseconds between them a port that "
        "changes its VLAN is judged by the new flows and forwarded in the old VLAN. Connections that a removed rule "
        "allowed are forgotten right after the flows changed; a connection whose far side only listens stays silent "
        "until that side speaks. Flows vanish when the daemon restarts, and everything drops until the boot job has "
        "loaded them again."),
    dhcp_guard=True,
    linux=True,
)


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met, one sentence each."""
    return (*_port_refusals(intent), *_filter_refusals(intent))


def _port_refusals(intent: DeviceIntent) -> tuple[str, ...]:
    found = []
    for port in intent.ports:
        if not port.name.removeprefix("p").isdigit():
            found.append(f"port {port.name}: ports of Open vSwitch are named p1, p2, ...")
        if port.dot1x and not CAPABILITIES.has_dot1x(intent.model):
            found.append(f"port {port.name}: 802.1X needs model {AUTHENTICATOR_MODEL}")
        if port.mode is LinkMode.TRUNK and not trunk_vlans(port):
            found.append(f"port {port.name}: a trunk without VLANs would carry every VLAN")
        if (port.filter_in or port.filter_out) and not any(host[1] or host[2] for host in port.hosts):
            found.append(f"port {port.name}: a filter needs the address of the host behind it")
    return tuple(found)


def _filter_refusals(intent: DeviceIntent) -> tuple[str, ...]:
    return tuple(f"filter {item.name}: ICMP type {rule.icmp!r} has no number here"
                 for item in intent.filters for rule in item.rules if not known_icmp(rule))
