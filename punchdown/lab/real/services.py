"""What each kind of host listens on in the lab: the ports of its services and their neighbours, so that a rule that is
one too wide or one too narrow shows. Port numbers from the MiVoice Business engineering and security guidelines."""

from __future__ import annotations

from types import MappingProxyType

Ports = tuple[tuple[int, ...], tuple[int, ...]]
"""TCP ports, UDP ports."""

_CALL_CONTROL: Ports = (
    (22, 23, 25, 80, 443, 1606, 1751, 1752, 1753, 1754, 3998, 3999, 5060, 5061, 5062, 6799, 6800, 6801, 6802, 6803,
     6806, 6807, 6880, 8001, 20001),
    (69, 161, 5060, 5061, 6800, 20001, 49999, 50000, 50001, 50002, 50127, 50128, 50255, 50511, 50512))
_BORDER_GATEWAY: Ports = (
    (22, 23, 80, 443, 1752, 5060, 5061, 5062, 6800, 6801, 6802, 6806, 6807, 6809, 6810, 6881, 8443),
    (5060, 5061, 19999, 20000, 20002, 31000, 31001, 50000))
_APPLICATION: Ports = ((22, 80, 443, 1752, 1753, 8443), (514, 50000))

LISTENERS = MappingProxyType({
    "mivoice-business": _CALL_CONTROL, "border-gateway": _BORDER_GATEWAY, "application": _APPLICATION,
    "admin": ((22, 443, 3389), (514,)), "phone": ((22, 80, 443), (5060, 20000, 50000, 50002)),
    "pc": ((22, 139, 445, 3389), (5060, 50000)), "wan": ((22, 80, 443, 5061), (5060, 50000)),
})
"""Kind of host to its ports. Kinds that are appliances themselves (RADIUS, DHCP) run the real daemons instead."""
