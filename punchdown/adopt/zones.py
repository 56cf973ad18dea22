"""Trust zones of segments: by what is plugged in, by their names, by what filters let through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv4Network

from punchdown.values.adopted import Opening, SeenDevice

_NAMES = {zone: re.compile(pattern) for zone, pattern in (
    ("call-control", r"call.?control|pbx|mivb|mivoice|mitel|\bicp\b|callm|cucm"),
    ("voice", r"voice|voip|phone|telefon|teleph|\btel\b|\bsip\b|voz|voix"),
    ("guest", r"guest|gast\b|gaeste|visitor|public|invit"),
    ("dmz", r"dmz"),
    ("private-wan", r"mpls|\bwan\b|transit"),
    ("management", r"mgmt|management|\bmng|\badmin"),
    ("server", r"serv|\bsrv|data.?cent"),
)}
"""What tells a zone in a segment's name; the first that fits."""
SIGNALLING = frozenset({6800, 6801, 6802})
"""TCP ports that phones open to controllers (MiNET)."""
_TELLING = SIGNALLING | {1752, 1753, 1066, 1067, 3998, 3999, 6880}
"""TCP ports that no other server has."""
_DOWNLOAD = 69
"""UDP port from which phones load their software (TFTP)."""


def tells(opening: Opening) -> bool:
    """Whether only a voice controller or its gateway is reached by these ports."""
    return opening.protocol == "tcp" and any(opening.first <= port <= opening.last for port in _TELLING)


def zone_of(name: str, phones: bool, management: bool) -> tuple[str, bool]:
    """Trust zone, and whether anything but a guess tells it."""
    if management:
        return "management", True
    if phones:
        return "voice", True
    zone = next((zone for zone, pattern in _NAMES.items() if pattern.search(name.lower().replace("_", " "))), "")
    return zone or "data", bool(zone)


def is_management(words: str) -> bool:
    """Whether words in lower case speak of management."""
    return _NAMES["management"].search(words) is not None


def zones_by_access(devices: Iterable[SeenDevice], networks: Mapping[int, IPv4Network]) -> dict[int, str]:
    """VLAN to its zone, as far as firewalls tell: phones are who signals to a controller and loads software from there,
    and nobody else does; the controller stands in call control; what the Internet reaches and phones signal to, in the
    DMZ; where single hosts have rules and the whole segment has none, servers stand."""
    walls = [device for device in devices if device.role == "firewall"]
    published = {item.host for device in walls for item in device.forwards if not item.hairpin}
    openings = [item for device in walls for item in device.openings if item.server.endswith("/32")]
    told = [item for item in openings if tells(item)]
    servers = {item.server.removesuffix("/32") for item in told}
    loading = {item.client for item in openings if (item.protocol, item.first) == ("udp", _DOWNLOAD)}
    signalling = {item.client for item in told if item.first in SIGNALLING}
    phones = signalling & loading or signalling
    clients = {item.client for device in walls for item in device.openings}
    single = {text.removesuffix("/32") for text in clients | {item.server for item in openings} if text[-3:] == "/32"}
    found: dict[int, str] = {}
    for zone, addresses in (("dmz", published & {*servers, *_gateways(walls)}), ("call-control", servers - published)):
        for vlan, network in networks.items():
            if any(IPv4Address(address) in network for address in addresses):
                found.setdefault(vlan, zone)
    for vlan, network in networks.items():
        if str(network) not in clients and any(IPv4Address(address) in network for address in single):
            found.setdefault(vlan, "server")
    voice = [vlan for vlan, network in networks.items() if str(network) in phones]
    if len(voice) == 1:
        found.setdefault(voice[0], "voice")
    return found


def _gateways(walls: Iterable[SeenDevice]) -> set[str]:
    """Hosts to which the Internet may signal."""
    return {item.host for device in walls for item in device.forwards if item.protocol == "tcp"
            and item.first in SIGNALLING}
