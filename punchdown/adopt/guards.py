"""What switches hold their ports to, as a site's ``protection`` says it, and hosts whose MAC addresses they know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from punchdown.adopt.hosts import Hosts
from punchdown.adopt.words import Note, within
from punchdown.values.adopted import SeenDevice, SeenPort

_SWITCHES = frozenset({"access-switch", "core-switch"})


def users(found: Iterable[SeenDevice]) -> list[SeenPort]:
    """Open access ports."""
    return [port for device in found for port in device.ports if port.mode == "access" and not port.closed]


def add_guards(hosts: Hosts, found: tuple[SeenDevice, ...]) -> dict[str, Any]:
    """``protection`` of the site where it differs from what is taken anyway; hosts get the MAC addresses that a switch
    binds theirs to."""
    ports = users(found)
    seen = {"broadcast_percent": (most(port.broadcast_percent for port in ports), 1.0, 100.0),
            "multicast_percent": (most(port.multicast_percent for port in ports), 2.0, 100.0),
            "dhcp_rate": (most(port.dhcp_rate for port in ports), 15, 2048),
            "arp_rate": (most(device.guards.arp_rate for device in found), 15, 2048)}
    data: dict[str, Any] = {
        key: value for key, (value, default, top) in seen.items() if value != default and within(value, 0.01, top)}
    switches = [device for device in found if device.role in _SWITCHES and not device.refused]
    for key, every in (("arp_inspection", [device.guards.arp for device in switches]),
                       ("source_guard", [device.guards.source for device in switches])):
        if every and all(every):
            data[key] = True
    _bind(hosts, found)
    nameless = [name for name, item in hosts.data.items() if "mac" not in item]
    if nameless and data.pop("arp_inspection", False):
        hosts.notes.append(Note("question", "the switches inspect ARP: write `protection: {arp_inspection: true}` and "
                                f"the MAC addresses of {', '.join(nameless)}", ("protection",)))
    return data


def _bind(hosts: Hosts, found: Iterable[SeenDevice]) -> None:
    for address, mac in dict.fromkeys(pair for device in found for pair in device.guards.fixed):
        name = hosts.add(address, f"host-{address.replace('.', '-')}", "application", "a switch binds its address")
        if name and mac not in {item.get("mac") for item in hosts.data.values()}:
            hosts.data[name].setdefault("mac", mac)


def most(values: Iterable[float]) -> float:
    """The number that comes most often, 0 where none does."""
    votes = Counter(value for value in values if value)
    return votes.most_common(1)[0][0] if votes else 0
