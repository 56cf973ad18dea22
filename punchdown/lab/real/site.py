"""The site as the lab needs it: who stands where, on which port, under which addresses. Pure, but for ``read_site``."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path

from punchdown.catalog import eap_method
from punchdown.lab.real.commands import LabError
from punchdown.lab.real.outside import Wan, plan_outside
from punchdown.loader import load_estate
from punchdown.model.access import Endpoint as DeclaredEndpoint
from punchdown.model.devices import Device
from punchdown.model.segments import Segment as DeclaredSegment
from punchdown.model.site import Site


@dataclass(frozen=True, slots=True)
class Segment:
    """``prefix`` IPv4 CIDR; ``router`` the address of the device that routes it."""

    name: str
    vlan: int
    zone: str
    prefix: str
    declared_router: str = ""
    prefix6: str = ""

    @property
    def router(self) -> str:
        """The declared one, or the first address of the prefix."""
        return self.declared_router or str(ipaddress.ip_network(self.prefix)[1])

    def cidr(self, address: str) -> str:
        """The address with the prefix length of the segment."""
        return f"{address}/{ipaddress.ip_network(self.prefix).prefixlen}"

    def cidr6(self, address: str) -> str:
        """The IPv6 address that stands beside an IPv4 address, /64: in the declared prefix, or a unique local one, so
        that there is always an IPv6 way to close.

        >>> Segment("phones", 120, "voice", "10.20.20.0/24").cidr6("10.20.20.11")
        'fd00:20:120::11/64'
        """
        network = self.prefix6.partition("/")[0] or f"fd00:20:{self.vlan}::"
        return f"{network}{address.rpartition('.')[2]}/64"


@dataclass(frozen=True, slots=True)
class Leg:
    """One interface of a machine on one switch port (``port`` empty: not on the real switch). Addresses as CIDR."""

    machine: str
    interface: str
    port: str
    segment: str = ""
    addresses: tuple[str, ...] = ()
    routers: tuple[str, ...] = ()
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A phone or PC. ``method``: tls, md5, peap or mab."""

    name: str
    kind: str
    mac: str
    method: str


@dataclass(frozen=True, slots=True)
class LabSite:
    """The plan of one site around one real switch; ``switch`` and ``firewall`` are empty where there is none.
    ``credentials`` are the names of the logins that it asks for; ``kinds`` is (model, style of authentication) of
    each device."""

    name: str
    switch: str
    firewall: str
    segments: dict[str, Segment]
    hosts: dict[str, str]
    endpoints: dict[str, Endpoint]
    devices: dict[str, tuple[str, str]]
    ports: tuple[str, ...]
    legs: tuple[Leg, ...]
    wan: Wan | None
    dhcp: dict[str, tuple[str, ...]] = field(default_factory=dict)
    credentials: tuple[str, ...] = ()
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)

    def appliances(self) -> tuple[str, ...]:
        """Devices that run as real appliances, in the order in which they start."""
        return tuple(name for name, (platform, _) in self.devices.items() if platform in REAL_PLATFORMS)

    def management_of(self, device: str) -> str:
        """The management address of a device."""
        return self.devices[device][1]

    def segment_of(self, address: str) -> Segment:
        """The segment that holds an address. Raises LabError."""
        for segment in self.segments.values():
            if ipaddress.ip_address(address) in ipaddress.ip_network(segment.prefix):
                return segment
        raise LabError(f"{address} lies in no segment of {self.name}")


REAL_PLATFORMS = ("openvswitch", "linux_nftables", "freeradius", "kea")


def read_site(path: Path) -> LabSite:
    """The plan of a site file ``ESTATE/sites/NAME.yml``, its profiles merged in.

    Raises:
        InputError: the definition is wrong; names the places.
        LabError: there is no such site, or a port that the lab can't wire.
    """
    if not path.is_file():
        raise LabError(f"there is no {path}")
    sites = load_estate(path.resolve().parents[1]).sites
    if path.stem not in sites:
        raise LabError(f"{path} defines no site of the name {path.stem!r}")
    return plan_site(sites[path.stem])


def plan_site(site: Site) -> LabSite:
    """The plan of a site definition. Raises LabError for a port that the lab can't wire."""
    devices = {name: (item.platform, str(item.management)) for name, item in site.devices.items()}
    switch = _device_on(devices, "openvswitch")
    segments = {name: _segment(name, item) for name, item in site.segments.items()}
    endpoints = {name: _endpoint(name, item) for name, item in site.endpoints.items()}
    words = _expand(site.devices[switch]) if switch else {}
    logins = {item.connection.credential or site.management.credential for item in site.devices.values()}
    planner = _Planner(site, segments, endpoints, devices)
    return LabSite(
        name=site.site, switch=switch, firewall=_device_on(devices, "linux_nftables"), segments=segments,
        hosts={name: item.kind for name, item in site.hosts.items()}, endpoints=endpoints, devices=devices,
        ports=tuple(words), legs=tuple(leg for port, word in words.items() for leg in planner.legs(port, word)),
        wan=plan_outside(site), dhcp={name: item.serves for name, item in site.devices.items()},
        credentials=tuple(sorted(logins)),
        kinds={name: (item.model, item.authentication) for name, item in site.devices.items()})


def _device_on(devices: dict[str, tuple[str, str]], platform: str) -> str:
    return next((name for name, (spoken, _) in devices.items() if spoken == platform), "")


def _segment(name: str, item: DeclaredSegment) -> Segment:
    return Segment(name, item.vlan, item.zone, str(item.prefix), str(item.router or ""), str(item.prefix6 or ""))


def _endpoint(name: str, item: DeclaredEndpoint) -> Endpoint:
    usual = eap_method(item.model) if item.kind == "phone" else "peap"
    return Endpoint(name, item.kind, item.mac.lower(), item.eap or usual)


def _expand(device: Device) -> dict[str, str]:
    """Every single port with its role, exceptions included."""
    roles = {key: item.role for key, item in device.ports.items()}
    single = {port: role for key, role in roles.items() for port in _ports(key)}
    return single | {port: item.role for key, item in device.exceptions.items() if item.role for port in _ports(key)}


def _ports(key: str) -> list[str]:
    """A range to single ports.

    >>> _ports("p1-2"), _ports("7")
    (['p1', 'p2'], ['p7'])
    """
    match = re.fullmatch(r"([a-z]*)(\d+)(?:-(\d+))?", key)
    if match is None:
        raise LabError(f"port {key!r}: expected p5 or p1-3")
    first, last = int(match[2]), int(match[3] or match[2])
    return [f"{match[1] or 'p'}{number}" for number in range(first, last + 1)]


class _Planner:
    """Gives every switch port its machine; endpoints fill the ports of their kind in order."""

    def __init__(self, site: Site, segments: dict[str, Segment], endpoints: dict[str, Endpoint],
                 devices: dict[str, tuple[str, str]]) -> None:
        self._hosts = site.hosts
        self._segments = segments
        self._devices = devices
        self._waiting = {"phone-and-pc": [item for item in endpoints.values() if item.kind == "phone"],
                         "pc": [item for item in endpoints.values() if item.kind == "pc"]}
        self._given = dict.fromkeys(segments, 11)

    def legs(self, port: str, word: str) -> list[Leg]:
        """What hangs on a port; nothing on spare and unused ones."""
        name, _, segment = word.partition("/")
        if word in self._waiting:
            return [self._endpoint_leg(port, word)] if self._waiting[word] else []
        if segment:
            return [self._device_leg(port, name, self._segments[segment])]
        if name in self._hosts:
            return [self._host_leg(port, name)]
        return [Leg(name, f"uplink-{port}", port)] if name in self._devices else []

    def _endpoint_leg(self, port: str, word: str) -> Leg:
        endpoint = self._waiting[word].pop(0)
        zone = "voice" if endpoint.kind == "phone" else "data"
        segment = next(item for item in self._segments.values() if item.zone == zone)
        address = str(ipaddress.ip_network(segment.prefix)[self._given[segment.name]])
        self._given[segment.name] += 1
        return self._leg(endpoint.name, "eth0", port, segment, address, mac=endpoint.mac)

    def _host_leg(self, port: str, name: str) -> Leg:
        item = self._hosts[name]
        return self._leg(name, "eth0", port, self._segments[item.segment], str(item.address))

    def _device_leg(self, port: str, name: str, segment: Segment) -> Leg:
        platform, management = self._devices[name]
        inside = ipaddress.ip_address(management) in ipaddress.ip_network(segment.prefix)
        if platform == "linux_nftables":
            return self._leg(name, f"lan{segment.vlan}", port, segment, segment.router, routed=False)
        address = management if inside else str(ipaddress.ip_network(segment.prefix)[int(management.split(".")[3])])
        return self._leg(name, f"lan{segment.vlan}", port, segment, address, routed=inside)

    @staticmethod
    def _leg(machine: str, interface: str, port: str, segment: Segment, address: str, *, routed: bool = True,
             mac: str = "") -> Leg:
        routers = (segment.router, segment.cidr6(segment.router).partition("/")[0]) if routed else ()
        addresses = (segment.cidr(address), segment.cidr6(address))
        return Leg(machine, interface, port, segment.name, addresses, routers, mac)
