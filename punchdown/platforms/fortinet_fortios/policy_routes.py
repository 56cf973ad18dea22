"""Static routes, the best one of each destination; what routes otherwise is kept as unread.

Source: vendor's CLI reference, ``config router static``; administration guide, "Static routing".
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from ipaddress import ip_network

from punchdown.intent import DeviceIntent
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.tree import ANY4, Node
from punchdown.values.policy import LineRef, Route

NOWHERE = "(nowhere)"
"""The interface of a route that drops."""
_FOLLOWED = frozenset({"dst", "gateway", "device", "distance", "priority", "blackhole", "status", "comment", "weight",
                       "link-monitor-exempt", "bfd", "uuid"})


@dataclass
class Routes:
    """``found`` in order of writing; ``unread`` what decides about ways and is not followed."""

    found: list[Route] = field(default_factory=list)
    unread: list[LineRef] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Written:
    prefix: str
    device: str
    gateway: str
    rank: tuple[int, int]
    line: LineRef


def routes(root: Node, intent: DeviceIntent, tunnels: Container[str]) -> Routes:
    """The routes of the text, and those of the intent where the text has none but a VPN's: no others are rendered."""
    out = Routes()
    best: dict[str, list[_Written]] = {}
    for table, any_prefix in (("router static", ANY4), ("router static6", ("::/0",))):
        for name, node in root.entries(table).items():
            if node.value("status") == "disable":
                continue
            found = _written(name, node, any_prefix)
            if found is None:
                out.unread.append(LineRef(DOCUMENT, node.number, f"a route that is not followed: edit {name}"))
                continue
            rows = best.setdefault(found.prefix, [])
            if not rows or found.rank < rows[0].rank:
                best[found.prefix] = [found]
            elif found.rank == rows[0].rank:
                rows.append(found)
    for rows in best.values():
        if len({row.device or row.gateway for row in rows}) > 1:
            out.unread.append(rows[-1].line)
        out.found.append(Route(rows[0].prefix, rows[0].device, rows[0].gateway, rows[0].line))
    firewall = intent.firewall
    if firewall and all(row.interface in tunnels or row.interface == NOWHERE for row in out.found):
        out.found += [Route(prefix, item.name) for item in firewall.interfaces for prefix in item.behind]
        out.found += [Route(prefix, firewall.wan) for prefix in ("0.0.0.0/0", "::/0") if firewall.wan]
    return out


def _written(name: str, node: Node, any_prefix: tuple[str, ...]) -> _Written | None:
    """A route to a prefix; None for one to a name, a service, or by a bundle of links."""
    if set(node.settings) - _FOLLOWED:
        return None
    try:
        prefix = str(ip_network("/".join(node.values("dst", any_prefix)), strict=False))
        rank = (int(node.value("distance", "10")), int(node.value("priority", "0")))
    except ValueError:
        return None
    device = NOWHERE if node.value("blackhole") == "enable" else node.value("device")
    return _Written(prefix, device, node.value("gateway"), rank, LineRef(DOCUMENT, node.number, f"edit {name}"))
