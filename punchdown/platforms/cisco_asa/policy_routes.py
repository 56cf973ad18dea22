"""Static routes, the best one of each destination. Source: ASA command reference, ``route``, ``ipv6 route``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_asa.policy_objects import Leg
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.values.policy import LineRef, Route

_ROUTE = re.compile(r"route (\S+) (\S+) (\S+) (\S+)(?: (\d+))?(?: track \d+)?")
_ROUTE6 = re.compile(r"ipv6 route (\S+) (\S+) (\S+)(?: (\d+))?")


@dataclass
class Routes:
    """``unread`` are the lines by which a destination has two ways at once."""

    found: list[Route] = field(default_factory=list)
    unread: list[LineRef] = field(default_factory=list)


def routes(document: str, nodes: Iterable[Node], legs: Mapping[str, Leg]) -> Routes:
    """The routes of a text. Those by an interface for management alone carry nothing that passes through."""
    out = Routes()
    best: dict[str, list[tuple[int, Route]]] = {}
    for node in nodes:
        found = _read(document, node)
        if found is None or (found[1].interface in legs and legs[found[1].interface].aside):
            continue
        rows = best.setdefault(found[1].prefix, [])
        if not rows or found[0] < rows[0][0]:
            best[found[1].prefix] = [found]
        elif found[0] == rows[0][0]:
            rows.append(found)
    for rows in best.values():
        out.found.append(rows[0][1])
        if len({route.interface for _, route in rows}) > 1:
            out.unread += [route.line for _, route in rows[1:] if route.line]
    return out


def is_route(node: Node) -> bool:
    """Whether a line is a static route that is understood."""
    return _read("", node) is not None


def _read(document: str, node: Node) -> tuple[int, Route] | None:
    """Distance and route; None for any other line, or one that is not understood."""
    line = LineRef(document, node.number, node.text)
    try:
        if match := _ROUTE.fullmatch(node.text):
            address, mask = ("0.0.0.0" if word == "0" else word for word in match.group(2, 3))  # noqa: S104
            hop = ip_address(match[4])
            return int(match[5] or 1), Route(str(ip_network(f"{address}/{mask}", strict=False)), match[1], str(hop),
                                             line)
        if match := _ROUTE6.fullmatch(node.text):
            hop = ip_address(match[3])
            return int(match[4] or 1), Route(str(ip_network(match[2], strict=False)), match[1], str(hop), line)
    except ValueError:
        return None
    return None


def declared(intent: DeviceIntent) -> Routes:
    """What lies behind a leg, and the outside for the rest, where no text says routes."""
    out = Routes()
    if firewall := intent.firewall:
        out.found += [Route(prefix, item.name) for item in firewall.interfaces for prefix in item.behind]
        out.found += [Route("0.0.0.0/0", firewall.wan) for _ in range(bool(firewall.wan))]
    return out
