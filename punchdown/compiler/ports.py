"""The ports of a device as written: ranges spread out, exceptions applied, aggregated ports set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from punchdown.model import Device, PortException, PortSpec
from punchdown.model.fields import expand_ports


@dataclass(frozen=True, slots=True)
class PortPlace:
    """One port by the name that the platform shows, where it was written (below the device), and what it is for."""

    name: str
    path: tuple[str, ...]
    spec: PortSpec


@lru_cache(maxsize=4096)
def port_names(key: str, default: str) -> tuple[str, ...]:
    """The names that a key as written stands for; ``default`` is the platform's own prefix.

    >>> port_names("7-8", "GigabitEthernet1/0/"), port_names("2/0/1", "GigabitEthernet1/0/")
    (('GigabitEthernet1/0/7', 'GigabitEthernet1/0/8'), ('GigabitEthernet2/0/1',))
    """
    prefix, numbers = expand_ports(key)
    if prefix[:1].isdigit():
        prefix = re.sub(r"[0-9/]+$", "", default) + prefix
    return tuple(f"{prefix or default}{number}" for number in numbers)


def port_places(device: Device, default: str, *, sampled: bool = False) -> Iterator[PortPlace]:
    """Every declared port in order of writing, exceptions applied. Ports of aggregations are not among them.

    Args:
        sampled: only the first port of each range.
    """
    exceptions = {name: (key, item) for key, item in device.exceptions.items() for name in port_names(key, default)}
    for key, spec in device.ports.items():
        for name in port_names(key, default)[:1 if sampled else None]:
            if name in exceptions:
                other, item = exceptions[name]
                yield PortPlace(name, ("exceptions", other), _excepted(spec, item))
            else:
                yield PortPlace(name, ("ports", key), spec)


def _excepted(spec: PortSpec, exception: PortException) -> PortSpec:
    changes = exception.model_dump(exclude_none=True)
    if "role" in changes and "description" not in changes:
        changes["description"] = ""
    return spec.model_copy(update=changes)


def link_members(device: Device, name: str, default: str) -> tuple[str, ...]:
    """The member ports of one aggregation, in order of writing."""
    return tuple(port for key in device.aggregations[name].ports for port in port_names(key, default))


def member_of_stack(name: str) -> int | None:
    """The stack member that a port's name points at, None when the name has no members.

    >>> member_of_stack("GigabitEthernet2/0/7"), member_of_stack("3/A1"), member_of_stack("p7")
    (2, 3, None)
    """
    match = re.fullmatch(r"(?:[A-Za-z]+(?=\d+/\d+/))?(\d{1,2})(?:/\d{1,2})?/[A-Z]?\d{1,4}", name)
    return int(match[1]) if match else None
