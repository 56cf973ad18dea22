"""Static routes of a configuration.

Source: IOS Command Reference, "ip route": of several routes of one prefix the smallest distance is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from punchdown.platforms.cisco_ios.normalise import long_name
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.values.policy import Route

DISCARDING = "Null0"
"""The interface into which what must go nowhere is routed; it stands in no configuration."""

_ROUTE = re.compile(r"ip route (\d\S+) (\d\S+) (?:([A-Za-z]\S*)\b ?)?(\d+\.\d+\.\d+\.\d+)?(?: (\d+))?(?: .*)?")
_ROUTE6 = re.compile(r"ipv6 route (\S+/\d+) (?:([A-Za-z][A-Za-z-]*\d\S*)\b ?)?([0-9a-fA-F:]*:[0-9a-fA-F:.]*)?"
                     r"(?: (\d+))?(?: .*)?")


def is_route(text: str) -> bool:
    """Whether a line is a static route of the device's own table that is understood."""
    return bool(_ROUTE.fullmatch(text) or _ROUTE6.fullmatch(text))


def routes(found: Iterable[Section], routing: bool) -> tuple[Route, ...]:
    """Static routes, of one prefix those with the smallest distance: others wait until these are gone."""
    best: dict[str, tuple[int, list[Route]]] = {}
    for section in found:
        for prefix, distance, route in _route(section, routing):
            known = best.get(prefix)
            if known is None or distance < known[0]:
                best[prefix] = (distance, [route])
            elif distance == known[0]:
                known[1].append(route)
    return tuple(route for _, equal in best.values() for route in equal)


def _route(section: Section, routing: bool) -> Iterator[tuple[str, int, Route]]:
    text = section.text
    if (match := _ROUTE.fullmatch(text)) and routing:
        prefix = str(ip_network(f"{match[1]}/{match[2]}", strict=False))
        yield prefix, int(match[5] or 1), Route(prefix, long_name(match[3] or ""), match[4] or "", section.head)
    elif (match := _ROUTE6.fullmatch(text)) and routing:
        prefix = str(ip_network(match[1], strict=False))
        yield prefix, int(match[4] or 1), Route(prefix, long_name(match[2] or ""), match[3] or "", section.head)
    elif (match := re.fullmatch(r"ip default-gateway (\S+)", text)) and not routing:
        yield "0.0.0.0/0", 1, Route("0.0.0.0/0", "", match[1], section.head)
