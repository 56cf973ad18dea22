"""Port mirrors (SPAN sessions): the lists of interfaces that the device writes, one by one.

Source: Catalyst configuration guides, "Configuring SPAN and RSPAN".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from punchdown.intent import DeviceIntent, PortIntent

SESSION = re.compile(r"monitor session (\d+) ")
DESTINATION = re.compile(r"monitor session (\d+) destination interface (\S+)(?: .*)?")
_LINE = re.compile(
    r"(monitor session \d+ (?:source|destination) interface) (.+?)(?: (both|rx|tx|encapsulation .*|ingress .*))?")
_MOST = 1023
"""Interfaces of one range, at most: more than a device has are no list of interfaces."""
_ITEM = re.compile(r"(?P<first>[A-Za-z-]+ ?[\d/.]*?(?P<number>\d+))(?: ?- ?(?P<last>\d+))?")


def expand_interfaces(text: str, long_name: Callable[[str], str]) -> Iterator[str]:
    """``Gi1/0/1 - 3 , Po1`` as long names. Raises ValueError for anything else."""
    for part in text.split(","):
        match = _ITEM.fullmatch(part.strip())
        if not match:
            raise ValueError(f"no list of interfaces: {text!r}")
        stem, number = match["first"][:-len(match["number"])], int(match["number"])
        for each in range(number, min(int(match["last"] or number), number + _MOST) + 1):
            yield long_name(f"{stem}{each}")


def canonical_mirror(line: str, long_name: Callable[[str], str]) -> tuple[str, ...]:
    """One line for each interface of a session; both directions are the default. Other lines stay as they are."""
    match = _LINE.fullmatch(line)
    if not match:
        return (line,)
    try:
        names = tuple(expand_interfaces(match[2], long_name))
    except ValueError:
        return (line,)
    tail = f" {match[3]}" if match[3] and match[3] != "both" else ""
    return tuple(f"{match[1]} {name}{tail}" for name in names)


def mirror_ports(intent: DeviceIntent) -> tuple[PortIntent, ...]:
    """The ports of sensors, in the order of their sessions."""
    return tuple(port for port in intent.ports if port.mirrors)


def read_sessions(output: str, long_name: Callable[[str], str]) -> dict[str, list[str]]:
    """``show monitor`` as destination to the ports that it repeats in both directions, sorted."""
    found: dict[str, list[str]] = {}
    sources: list[str] = []
    for line in output.splitlines():
        words, _, value = (part.strip() for part in line.partition(":"))
        if words.startswith("Session "):
            sources = []
        elif words == "Both":
            sources = sorted(expand_interfaces(value, long_name))
        elif words == "Destination Ports":
            found |= dict.fromkeys(expand_interfaces(value, long_name), sources)
    return found
