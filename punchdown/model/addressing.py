"""A site's address plan: prefixes for segments that have none, addresses for host numbers and for host names.

It works on plain data before the model is built, so that everything behind it sees addresses only. What can't be
worked out is left as :class:`Unresolved`; the field that meets one refuses it with its reason, at its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from punchdown.model.fields import Unresolved

SEGMENT_LENGTH = 24
SEGMENT_LENGTH6 = 64
_Network = IPv4Network | IPv6Network


def with_addresses(data: Any) -> Any:
    """The same site with every prefix and address written out. Never raises; data that is no site passes through."""
    if not isinstance(data, Mapping) or not isinstance(data.get("segments"), Mapping):
        return data
    segments = {name: dict(item) if isinstance(item, Mapping) else item for name, item in data["segments"].items()}
    _allocate(segments, _network(data.get("prefix"), 4), "prefix", 4)
    _allocate(segments, _network(data.get("prefix6"), 6), "prefix6", 6)
    for item in segments.values():
        if isinstance(item, dict):
            _in_segment(item, item, ("router",))
            _lease_range(item)
    filled = {**data, "segments": segments}
    for key, resolve in (("hosts", _hosts), ("devices", _devices)):
        if isinstance(data.get(key), Mapping):
            filled[key] = resolve(data[key], segments)
    if isinstance(data.get("services"), Mapping):
        filled["services"] = _services(data["services"], filled.get("hosts"))
    return filled


def _network(value: Any, version: int) -> Any:
    try:
        network = ip_network(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return network if network is not None and network.version == version else None


def _waits(item: Any, key: str) -> bool:
    """Whether a segment leaves a prefix to the plan."""
    if not isinstance(item, dict) or type(item.get("vlan")) is not int or item.get(key) is not None:
        return False
    return key == "prefix" or item.get("ipv6") is not False


def _allocate(segments: dict[str, Any], plan: Any, key: str, version: int) -> None:
    """Give a block of the plan to every segment without one: the block that its VLAN number points at, or the next."""
    if plan is None:
        return
    taken = [network for item in segments.values() if isinstance(item, dict)
             if (network := _network(item.get(key), version)) is not None]
    waiting = [name for name, item in segments.items() if _waits(item, key)]
    for name in sorted(waiting, key=lambda name: (segments[name]["vlan"], name)):
        item = segments[name]
        length = _length(item, version)
        block = _free_block(plan, length, _preferred(item["vlan"], version), taken)
        if block is None:
            item[key] = Unresolved(f"the site's {plan} has no room left for a /{length}")
        else:
            item[key] = str(block)
            taken.append(block)


def _length(item: dict[str, Any], version: int) -> int:
    if version == 6:
        return SEGMENT_LENGTH6
    size = item.get("size", SEGMENT_LENGTH)
    return size if isinstance(size, int) and 8 <= size <= 30 else SEGMENT_LENGTH


def _preferred(vlan: int, version: int) -> int:
    """VLAN 110 takes the third octet 110, and the IPv6 subnet that reads 110."""
    return vlan if version == 4 else int(str(abs(vlan)), 16)


def _free_block(plan: _Network, length: int, preferred: int, taken: Iterable[_Network]) -> _Network | None:
    if length < plan.prefixlen:
        return None
    count = 2 ** (length - plan.prefixlen)
    size = 2 ** (plan.max_prefixlen - length)
    start = int(plan.network_address)
    used = [other for other in taken if other.overlaps(plan)]
    for step in range(min(count, 4096)):
        block = ip_network((start + (preferred + step) % count * size, length))
        if not any(block.overlaps(other) for other in used):
            return block
    return None


def _in_segment(item: dict[str, Any], segment: Any, keys: Iterable[str], key_prefix: str = "prefix") -> None:
    """Replace host numbers by addresses of a segment."""
    for key in keys:
        number = item.get(key)
        if type(number) is int:
            item[key] = _numbered(number, segment, key_prefix)


def _numbered(number: int, segment: Any, key: str) -> Any:
    prefix = _network(segment.get(key), 4 if key == "prefix" else 6) if isinstance(segment, Mapping) else None
    if prefix is None:
        return Unresolved(f"the host number {number} needs a segment with a prefix")
    if not 0 < number < prefix.num_addresses - 1:
        return Unresolved(f"{prefix} has no host number {number}")
    return str(prefix.network_address + number)


def _lease_range(item: dict[str, Any]) -> None:
    first, dash, last = str(item.get("dhcp", "")).partition("-")
    if dash and first.strip().isdecimal() and last.strip().isdecimal():
        ends = [_numbered(int(part), item, "prefix") for part in (first, last)]
        wrong = next((end for end in ends if isinstance(end, Unresolved)), None)
        item["dhcp"] = wrong or "-".join(ends)


def _hosts(hosts: Mapping[str, Any], segments: dict[str, Any]) -> dict[str, Any]:
    filled = {name: dict(item) if isinstance(item, Mapping) else item for name, item in hosts.items()}
    for item in filled.values():
        if isinstance(item, dict):
            segment = _at(segments, item.get("segment"))
            _in_segment(item, segment, ("address",))
            _in_segment(item, segment, ("address6",), "prefix6")
    return filled


def _devices(devices: Mapping[str, Any], segments: dict[str, Any]) -> dict[str, Any]:
    managed = next((item for item in segments.values() if isinstance(item, dict)
                    and item.get("zone") == "management"), None)
    filled = {name: dict(item) if isinstance(item, Mapping) else item for name, item in devices.items()}
    for item in filled.values():
        if isinstance(item, dict):
            _in_segment(item, managed, ("management",))
    return filled


def _services(services: Mapping[str, Any], hosts: Any) -> dict[str, Any]:
    known = hosts if isinstance(hosts, Mapping) else {}
    return {key: [_named(entry, known) for entry in value] if isinstance(value, list) else value
            for key, value in services.items()}


def _named(entry: Any, hosts: Mapping[str, Any]) -> Any:
    host = _at(hosts, entry)
    return host["address"] if isinstance(host, Mapping) and "address" in host else entry


def _at(items: Mapping[str, Any], name: Any) -> Any:
    return items.get(name) if isinstance(name, str) else None
