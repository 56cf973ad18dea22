"""The guideline as data, with typed access: services, kinds of host and remote network, phone models, marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from punchdown.values import PortRange


@dataclass(frozen=True, slots=True)
class Service:
    """``transports`` are (protocol, ports) with protocol tcp or udp.

    ``confirm``: no document establishes the number, so it is opened only where a site asks for it by name.
    ``clear``: not encrypted.
    """

    name: str
    transports: tuple[tuple[str, tuple[PortRange, ...]], ...]
    controls: tuple[str, ...]
    source: str
    confirm: bool = False
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of host. ``clients`` and ``reaches`` map a zone to service names: who may use it, what it uses there.

    ``internet_facing``: it has an Internet leg of its own. ``private``: the Internet reaches it through a border
    gateway only.
    """

    name: str
    offers: tuple[str, ...]
    clients: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reaches: dict[str, tuple[str, ...]] = field(default_factory=dict)
    renames: dict[str, str] = field(default_factory=dict)
    protected: bool = False
    internet_facing: bool = False
    private: bool = False
    controls: tuple[str, ...] = ()

    def service(self, name: str) -> Service:
        """The service of that name as this kind offers it. Raises KeyError."""
        return services()[self.renames.get(name, name)]


@dataclass(frozen=True, slots=True)
class RemoteKind:
    """A kind of network beyond a site. ``clients`` maps a zone to the services that it may use there unasked;
    ``hosted``: somebody else runs the call control there."""

    name: str
    clients: dict[str, tuple[str, ...]]
    hosted: bool
    controls: tuple[str, ...]
    source: str


def _read(name: str) -> dict[str, Any]:
    text = files("punchdown").joinpath("catalog", "data", name).read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
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
            _transports(item.get("tcp", ()), item.get("udp", ())), tuple(item["controls"]), item["source"],
            item.get("confirm", False), item.get("clear", False))
        for name, item in _read("services.yml").items()
    }


def _transports(tcp: Iterable[str], udp: Iterable[str]) -> tuple[tuple[str, tuple[PortRange, ...]], ...]:
    both = (("tcp", tuple(map(_ports, tcp))), ("udp", tuple(map(_ports, udp))))
    return tuple((protocol, ports) for protocol, ports in both if ports)


def custom_service(name: str, tcp: Iterable[str], udp: Iterable[str], source: str) -> Service:
    """A service of one site by its ports (``8443``, ``6000-6010``)."""
    return Service(name, _transports(tcp, udp), (), source)


def never_exposed(service: Service) -> str:
    """The control that keeps a service from the Internet, empty = none does. Ports count, not the name.

    Source: port matrix of the vendor's papers (never_expose_to_internet).
    """
    return next((control for (protocol, port), control in _never().items() for own, ranges in service.transports
                 if own == protocol and any(item.first <= port <= item.last for item in ranges)), "")


@cache
def _never() -> dict[tuple[str, int], str]:
    return {(protocol, int(port)): control for protocol, ports in _read("never.yml").items()
            for port, control in ports.items()}


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of host by name."""
    return {
        name: Kind(name, tuple(item["offers"]),
                   _by_zone(item.get("clients", {})), _by_zone(item.get("reaches", {})), item.get("renames", {}),
                   item.get("protected", False), item.get("internet_facing", False), item.get("private", False),
                   tuple(item.get("controls", ())))
        for name, item in _read("kinds.yml").items()
    }


def _by_zone(zones: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {zone: tuple(names) for zone, names in zones.items()}


@cache
def remote_kinds() -> dict[str, RemoteKind]:
    """Every kind of network beyond a site by name."""
    return {
        name: RemoteKind(name, _by_zone(item.get("clients", {})), item.get("hosted", False), tuple(item["controls"]),
                         item["source"])
        for name, item in _read("remotes.yml").items()
    }


@cache
def _methods() -> dict[str, str]:
    return {model: method for method, models in _read("phones.yml").items() for model in models}


def eap_method(model: str) -> str:
    """The best 802.1X method of a phone model: tls, md5, or peap for what the catalogue does not know."""
    return _methods().get(model, "peap")


def can_tls(model: str) -> bool:
    """Whether a phone model can do EAP-TLS; one that the catalogue doesn't know gets the benefit of the doubt."""
    return _methods().get(model, "tls") == "tls"


@cache
def marks(profile: str) -> dict[str, tuple[int, int]]:
    """Traffic class to (DSCP, 802.1p priority). Raises KeyError."""
    return {name: (dscp, pcp) for name, (dscp, pcp) in _read("marks.yml")[profile].items()}
