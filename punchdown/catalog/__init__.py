"""The guideline as data, with typed access: services, kinds of host, phone models, marks."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from punchdown.values import PortRange


@dataclass(frozen=True, slots=True)
class Service:
    """``transports`` are (protocol, ports) with protocol tcp or udp."""

    name: str
    transports: tuple[tuple[str, tuple[PortRange, ...]], ...]
    controls: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of host. ``clients`` and ``reaches`` map a zone to service names: who may use it, what it uses there."""

    name: str
    offers: tuple[str, ...]
    clients: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reaches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    protected: bool = False
    controls: tuple[str, ...] = ()

    def service(self, name: str) -> Service:
        """The service of that name as this kind offers it. Raises KeyError."""
        return services()[self.renames.get(name, name)]


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("punchdown").joinpath("catalog", "data", name).read_text("utf-8"))
    return data


def _ports(text: str) -> PortRange:
    first, _, last = text.partition("-")
    return PortRange(int(first), int(last or first))


@cache
def services() -> dict[str, Service]:
    """Every service by name."""
    return {
        name: Service(
            name,
            tuple((proto, tuple(map(_ports, item[proto]))) for proto in ("tcp", "udp") if proto in item),
            tuple(item["controls"]), item["source"])
        for name, item in _read("services.yml").items()
    }


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of host by name."""
    return {
        name: Kind(name, tuple(item["offers"]),
                   {zone: tuple(names) for zone, names in item.get("clients", {}).items()},
                   {zone: tuple(names) for zone, names in item.get("reaches", {}).items()},
                   item.get("renames", {}), item.get("protected", False), tuple(item.get("controls", ())))
        for name, item in _read("kinds.yml").items()
    }


@cache
def _methods() -> dict[str, str]:
    return {model: method for method, models in _read("phones.yml").items() for model in models}


def eap_method(model: str) -> str:
    """The best 802.1X method of a phone model: tls, md5, or peap for what the catalogue does not know."""
    return _methods().get(model, "peap")


@cache
def marks(profile: str) -> dict[str, tuple[int, int]]:
    """Traffic class to (DSCP, 802.1p priority). Raises KeyError."""
    return {name: (dscp, pcp) for name, (dscp, pcp) in _read("marks.yml")[profile].items()}
