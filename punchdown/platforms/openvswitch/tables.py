"""The flow tables of the bridge: their order is the way of a frame through the switch."""

from __future__ import annotations

BRIDGE = "br0"
MANAGEMENT_PORT = "mgmt"

COOKIE = 0x7064
"""Marks the flows of the intended configuration."""

SESSION_COOKIE = 0x8021
"""Marks the flows that the 802.1X authenticator opens for an authenticated MAC."""

ADMISSION = 0
"""Who may send at all: closed ports, ports that wait for 802.1X."""
VLAN = 10
"""Register 0 becomes the VLAN that NORMAL will put the frame into; authenticated frames enter the pipeline here."""
FAMILY = 11
"""IPv6 only where it is declared; no second VLAN tag."""
SOURCE = 12
"""DHCP server guard, router advertisement guard, ARP and address spoofing."""
STORM = 13
"""Broadcast and multicast of a port pass a meter."""
TRUST = 20
"""Which DSCP marks are believed."""
CLASS = 21
"""Marks recognised by port number, where marks are not believed but services are known."""
PRIORITY = 22
"""802.1p priority from DSCP, on frames that carry a tag."""
TRACK = 30
"""Which packets are filtered: they pass connection tracking, one zone per VLAN."""
FROM_HOST = 31
"""What a protected host may open itself."""
TO_HOST = 32
"""What may be opened towards a protected host."""
FORWARD = 40
"""Learning switch."""

SERVICE_PORTS = ("tp_src", "tp_dst")


def flow(table: int, priority: int, match: str, actions: str) -> str:
    """One line of a flow file.

    >>> flow(0, 100, "in_port=5", "resubmit(,10)")
    'cookie=0x7064,table=0,priority=100,in_port=5,actions=resubmit(,10)'
    """
    middle = f",{match}" if match else ""
    return f"cookie={COOKIE:#x},table={table},priority={priority}{middle},actions={actions}"


def go(table: int) -> str:
    """The action that goes on in another table."""
    return f"resubmit(,{table})"


def lines(flows: list[str]) -> str:
    """Flows as the text of a template, each once, in order."""
    return "\n".join(dict.fromkeys(flows))
