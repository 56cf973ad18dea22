"""What a switch that runs already holds senders to, and which ports it repeats for sensors.

Source: fact sheet, "DHCP snooping, DAI, source guard"; Catalyst configuration guides, "SPAN".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from punchdown.platforms.cisco_ios.mirrors import expand_interfaces
from punchdown.platforms.cisco_ios.normalise import long_name
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.platforms.cisco_ios.source_guard import BINDING
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import SeenGuards

_MIRROR = re.compile(r"monitor session (\d{1,3}) (source|destination) interface ([A-Za-z][\w/. ,-]*?\d)"
                     r"(?: (?:both|encapsulation \S+))?")
_FIXED = re.compile(r"permit ip host (\d+\.\d+\.\d+\.\d+) mac host ([0-9A-Fa-f.]{14})(?: log)?")
_RATE = re.compile(r"ip arp inspection limit rate (\d{1,4})(?: .*)?")
_MOST = 64
"""Ports that one session repeats, at most: sensors that see more see nothing."""
KNOWN = "|".join((
    r"ip arp inspection (?:vlan [\d,-]+|validate(?: (?:src-mac|dst-mac|ip))+)",
    rf"ip arp inspection filter {PREFIX}\S+ vlan \d+", rf"arp access-list {PREFIX}\S+",
    r"errdisable recovery cause arp-inspection", r"ip dhcp snooping database flash:punchdown-leases",
    BINDING.pattern, _MIRROR.pattern,
))
"""Lines that a definition's ``protection`` and sensors' ports say."""


def guards(found: Iterable[Section]) -> SeenGuards:
    """ARP inspection anywhere, source guard where any open access port has it."""
    sections = tuple(found)
    ports = [{line.text for line in section.body} for section in sections if section.text.startswith("interface ")]
    rates = [int(match[1]) for texts in ports for text in texts if (match := _RATE.fullmatch(text))]
    return SeenGuards(
        arp=any(section.text.startswith("ip arp inspection vlan ") for section in sections),
        arp_rate=max(rates, key=rates.count, default=0),
        source=any(text.startswith("ip verify source") for texts in ports for text in texts),
        fixed=tuple(dict.fromkeys(_fixed(sections))))


def _fixed(sections: Iterable[Section]) -> Iterator[tuple[str, str]]:
    for section in sections:
        if match := BINDING.fullmatch(section.text):
            yield match[3], _mac(match[1])
        elif section.text.startswith("arp access-list "):
            yield from ((found[1], _mac(found[2])) for line in section.body if (found := _FIXED.fullmatch(line.text)))


def _mac(text: str) -> str:
    """``0200.0000.0105`` as six pairs."""
    digits = text.replace(".", "").upper()
    return ":".join(digits[place:place + 2] for place in range(0, 12, 2))


def sensors(found: Iterable[Section]) -> Mapping[str, tuple[str, ...]]:
    """Port of a sensor to the ports that it sees."""
    sessions: dict[str, dict[str, list[str]]] = {}
    for section in found:
        if match := _MIRROR.fullmatch(section.text):
            try:
                names = list(expand_interfaces(match[3], long_name))
            except ValueError:
                continue
            sessions.setdefault(match[1], {"source": [], "destination": []})[match[2]] += names
    return {port: tuple(dict.fromkeys(said["source"])) for said in sessions.values() for port in said["destination"]
            if 0 < len(said["source"]) <= _MOST}
