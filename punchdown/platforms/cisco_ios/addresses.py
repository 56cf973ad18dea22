"""Addresses that the device will not take, because another interface of it stands in the same network.

Source: fact sheet, "Error markers" (``overlaps with``): one network stands on one interface of a routing table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Interface, ip_interface

from punchdown.platforms.cisco_ios.normalise import Entry, Tree
from punchdown.values import Step

_ADDRESS = re.compile(r"ip address (\d\S+) (\d\S+)(?: secondary)?")
_VRF = re.compile(r"(?:ip )?vrf forwarding (\S+)")


def _address(line: str) -> IPv4Interface | None:
    match = _ADDRESS.fullmatch(line)
    try:
        found = ip_interface(f"{match[1]}/{match[2]}") if match else None
    except ValueError:
        return None
    return found if isinstance(found, IPv4Interface) else None


def _stands(lines: Iterable[tuple[str, str]]) -> list[tuple[str, str, IPv4Interface]]:
    """(interface, routing table, address) of (line that opens a section, line in it)."""
    every = list(lines)
    tables = {root: match[1] for root, line in every if (match := _VRF.fullmatch(line))}
    return [(root.removeprefix("interface "), tables.get(root, ""), address) for root, line in every
            if root.startswith("interface ") and (address := _address(line))]


def _refused(wanted: Iterable[tuple[str, str]], present: Iterable[tuple[str, str]]) -> str:
    taken = _stands(present)
    for name, table, address in _stands(wanted):
        for other, its, held in taken:
            if (other, its) != (name, table) and its == table and held.network.overlaps(address.network):
                return (f"the device refuses {address.ip} on {name}: {other} has {held}; move what carries the session "
                        f"from {other} to {name} by hand, over the console")
    return ""


def _pairs(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return [(entry.path[0], entry.line) for entry in entries if entry.path]


def overlap(intended: Tree, running: Tree, owned: Tree) -> str:
    """Why the device will refuse an address that it lacks, empty when it won't."""
    lacking = (entry for key, entry in intended.items() if key not in running)
    staying = (entry for key, entry in running.items() if key not in owned or key in intended)
    return _refused(_pairs(lacking), _pairs(staying))


def overlap_of_steps(steps: Iterable[Step], text: str) -> str:
    """The same for the commands of a change, and the text that the device shows."""
    return _refused(_sectioned(step.text for step in steps), _sectioned(text.replace("\r", "").splitlines()))


def _sectioned(lines: Iterable[str]) -> list[tuple[str, str]]:
    found, root = [], ""
    for line in lines:
        root = root if line.startswith(" ") else line.strip()
        found.append((root, line.strip()))
    return found
