"""The register: built-in platforms by name, outside ones by the entry-point group ``punchdown.platforms``."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import cast

from punchdown.platforms.contract import Platform

BUILT_IN = ("cisco_asa", "cisco_ios", "fortinet_fortios", "freeradius", "hp_procurve", "juniper_junos", "kea",
            "linux_nftables", "openvswitch")


@cache
def platform_names() -> tuple[str, ...]:
    """Every registered name, sorted."""
    outside = (entry.name for entry in entry_points(group="punchdown.platforms"))
    return tuple(sorted({*BUILT_IN, *outside}))


@cache
def platform(name: str) -> Platform:
    """The platform of that name. Raises KeyError."""
    if name in BUILT_IN:
        return cast("Platform", import_module(f"punchdown.platforms.{name}").PLATFORM)
    for entry in entry_points(group="punchdown.platforms"):
        if entry.name == name:
            return cast("Platform", entry.load())
    raise KeyError(name)
