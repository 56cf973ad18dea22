"""Hosts and who may reach them, out of what filters let through: the catalogue's ports tell what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from punchdown.adopt.segments import Plan
from punchdown.adopt.words import Note, name_of, text_of, unique
from punchdown.adopt.zones import tells
from punchdown.catalog import Kind, kinds
from punchdown.values.adopted import Opening, SeenDevice

_PROTECTED = ("mivoice-business", "icp-3300", "icp-3300-wan", "border-gateway")
"""Kinds that a filter can tell, the likeliest first."""
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
GATEWAY = "border-gateway"
RECORDS = frozenset({1752, 1753})
"""TCP ports of call records and hotel data: only a controller has them."""
BEYOND = "beyond"


@dataclass
class Hosts:
    """Hosts as the definition writes them, by name; ``lists`` maps a filter to the host behind it."""

    plan: Plan
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    flows: list[dict[str, Any]] = field(default_factory=list)
    has_wan: bool = False
    custom: dict[str, dict[str, Any]] = field(default_factory=dict)
    remotes: dict[str, dict[str, Any]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    comments: dict[tuple[str, ...], str] = field(default_factory=dict)
    given: frozenset[tuple[str, str]] = frozenset()
    """(service, address of its server) that the site's own services grant to everybody."""
    shared: dict[str, list[str]] = field(default_factory=dict)
    """Service to servers that filters show and no device names."""
    called: dict[str, str] = field(default_factory=dict)
    """Address to what the port of that host is called; prefix beyond the site to what a remark calls it."""
    far: dict[str, str] = field(default_factory=dict)
    """Prefix beyond the site to its remote; empty for one that only a VPN left out leads to."""
    _by_address: dict[str, str] = field(default_factory=dict)

    def at(self, address: str) -> str:
        """The host of an address, empty when there is none."""
        return self._by_address.get(address, "")

    def add(self, address: str, name: str, kind: str, note: str = "") -> str:
        """The host of an address, made where there is none; empty where no segment holds it."""
        if address in self._by_address:
            return self._by_address[address]
        segment = self.plan.segment_at(address)
        if not segment or self.plan.is_end(address):
            return ""
        wanted = name_of(self.called.get(address, name), f"host-{address.replace('.', '-')}")
        made = unique(wanted, {*self.data, *self.plan.data})
        self.data[made] = {"kind": kind, "segment": segment, "address": address}
        self._by_address[address] = made
        if note:
            self.notes.append(Note("guessed", f"{made} ({address}): {note}", ("hosts", made)))
            self.comments["hosts", made] = f"guessed: {note}"
        return made

    def use(self, client: str, service: str, server: str) -> None:
        """One host may use another's service."""
        uses = self.data[client].setdefault("uses", [])
        if f"{service}@{server}" not in uses:
            uses.append(f"{service}@{server}")


def hosts_of(devices: Iterable[SeenDevice], plan: Plan) -> Hosts:
    """Administrators, RADIUS servers, and what filters show of controllers and of who uses them."""
    devices = tuple(devices)
    found = Hosts(plan, given=frozenset((name, address) for device in devices for name in ("ntp", "syslog", "dns")
                                        for address in getattr(device, name)))
    found.has_wan = any(leg.outside for device in devices for leg in device.legs)
    for port in (port for device in devices for port in device.ports):
        address = port.list_name.removeprefix("PD-from-")
        if port.description and _ADDRESS.fullmatch(address):
            found.called[address] = text_of(port.description)
    found.called |= {address: name for device in devices for address, name in device.called}
    _servers(found, devices)
    _admins(found, devices)
    _leases(found, devices)
    openings = [opening for device in devices for opening in device.openings]
    _shared(found, openings)
    for address, name in dict.fromkeys(pair for device in devices for pair in device.own_names):
        if name:
            found.lists[f"PD-from-{name}"] = found.add(
                address, name, kind_of(address, openings), "its kind, by the ports that its filter opens")
    public = [Opening("", f"{item.host}/32", item.protocol, item.first, item.last, "", item.line)
              for device in devices for item in device.forwards if not item.hairpin]
    for item in public:
        keeps_records = any(inner.server == item.server and inner.first in RECORDS for inner in openings)
        if (tells(item) or _is_gateway(item)) and not keeps_records:
            found.add(address_of(item.server), f"{GATEWAY}-{item.server.split('.')[3].removesuffix('/32')}", GATEWAY,
                      "its kind, by the ports that the Internet reaches")
    openings += public
    for address in dict.fromkeys(address_of(item.server) for item in openings if tells(item)):
        if address:
            kind = kind_of(address, openings)
            found.add(address, f"{kind}-{address.rpartition('.')[2]}", kind,
                      "its kind, by the ports that a filter opens")
    return found


def address_of(prefix: str) -> str:
    """The address of a prefix that holds one, else empty."""
    return prefix.removesuffix("/32") if prefix.endswith("/32") else ""


_SHARED = {("udp", 53): "dns", ("udp", 123): "ntp", ("udp", 514): "syslog"}
"""Services that every device and phone is told of, by port."""


def _shared(found: Hosts, openings: list[Opening]) -> None:
    """Servers that several may ask for time, names or logs are the site's, where no device says which these are."""
    asked: dict[tuple[str, str], set[str]] = {}
    for item in openings:
        service = _SHARED.get((item.protocol, item.first), "")
        if service and item.first == item.last and (address := address_of(item.server)):
            asked.setdefault((service, address), set()).add(item.client)
    said = {service for service, _ in found.given}
    for (service, address), clients in asked.items():
        if len(clients) > 1 and service not in said:
            found.shared.setdefault(service, []).append(address)
    named = [pair for pair in asked if pair in found.given or pair[1] in found.shared.get(pair[0], ())]
    for address in dict.fromkeys(address for _, address in named):
        serves = [service for service, its in named if its == address]
        kind = "radius-server" if "dns" in serves else f"{serves[0]}-server"
        found.add(address, f"{serves[0]}-{address.rpartition('.')[2]}", kind, "its kind, by what is asked of it")
    found.given |= {(service, address) for service, addresses in found.shared.items() for address in addresses}


def _servers(found: Hosts, devices: tuple[SeenDevice, ...]) -> None:
    """RADIUS servers; one that stands beyond the site gets a segment that no switch of it carries."""
    for server in (server for device in devices for server in device.servers):
        if not found.plan.segment_at(server.address):
            _beyond(found, server.address)
        found.add(server.address, server.name, "radius-server")


def _beyond(found: Hosts, address: str) -> None:
    plan = found.plan
    around = (IPv4Network(f"{address}/{length}", strict=False) for length in (24, 28, 30))
    network = next((made for made in around
                    if not any(made.overlaps(other) for other in plan.networks.values())), None)
    if network is None or (plan.site_prefix and network.overlaps(plan.site_prefix)):
        return
    vlan = next(number for number in range(4080, 3000, -1) if number not in {*plan.names, plan.parking})
    name = unique(BEYOND, plan.data)
    plan.names[vlan], plan.zones[vlan], plan.networks[vlan] = name, "server", network
    plan.main.setdefault("server", vlan)
    plan.data[name] = {"vlan": vlan, "prefix": str(network), "zone": "server"}
    note = f"{address} stands beyond the site: no switch carries this VLAN"
    plan.comments["segments", name] = note
    plan.notes.append(Note("guessed", note, ("segments", name)))


def _leases(found: Hosts, devices: tuple[SeenDevice, ...]) -> None:
    """Behind a port of one address whose answers of DHCP are taken stands a server of leases."""
    for port in (port for device in devices for port in device.ports):
        address = port.list_name.removeprefix("PD-from-")
        if port.trusted and port.mode == "access" and _ADDRESS.fullmatch(address):
            found.add(address, f"dhcp-{address.rpartition('.')[2]}", "dhcp-server", "its port may answer for DHCP")


def _admins(found: Hosts, devices: tuple[SeenDevice, ...]) -> None:
    """Single addresses that may log in. Networks can't be said, and are told."""
    for prefix in dict.fromkeys(prefix for device in devices for prefix in device.logins or ()):
        if address := address_of(prefix):
            if not found.add(address, f"admin-{address.rpartition('.')[2]}", "admin"):
                found.notes.append(Note("left-out", f"{address} may log in today, and stands in no segment"))
        else:
            found.notes.append(Note("left-out", f"all of {prefix} may log in today: name the hosts that shall"))
    if not any(item["kind"] == "admin" for item in found.data.values()):
        found.notes.append(Note("question", "who may log in to the devices? add hosts of kind admin (or --admin)",
                                ("hosts",)))


def kind_of(address: str, openings: Iterable[Opening]) -> str:
    """The kind of controller whose services fit best what is opened towards an address; the likeliest where none
    does."""
    opened = {(item.protocol, item.first, item.last) for item in openings if item.server == f"{address}/32"}
    return max(_PROTECTED, key=lambda name: len(opened & _ranges(kinds()[name])))


def _ranges(kind: Kind) -> set[tuple[str, int, int]]:
    return {(protocol, ports.first, ports.last) for name in kind.offers
            for protocol, ranges in kind.service(name).transports for ports in ranges}


def _is_gateway(opening: Opening) -> bool:
    """Whether the Internet reaches a service of border gateways that no web server has."""
    kind = kinds()[GATEWAY]
    name = service_of(kind, opening, internet=True)
    return bool(name) and not {80, 443, 22} & {opening.first, opening.last}


def service_of(kind: Kind, opening: Opening, *, internet: bool = False) -> str:
    """The kind's service with exactly these ports; of several the one that the catalogue grants, for the ``internet``
    one that is for it, else the first."""
    fitting = [name for name in kind.offers if not kind.service(name).confirm
               and any(protocol == opening.protocol and ports.first == opening.first and ports.last == opening.last
                       for protocol, ranges in kind.service(name).transports for ports in ranges)]
    granted = {"web-proxy"} if internet else {name for names in kind.clients.values() for name in names}
    return next((name for name in fitting if name in granted), next(iter(fitting), ""))


def without_access(found: Hosts) -> None:
    """Hosts alone: nobody may reach anything but by what the catalogue grants."""
    for items in (found.flows, found.custom, found.remotes):
        items.clear()
    for item in found.data.values():
        item.pop("uses", None)
        item.pop("offers", None)


def add_router(found: Hosts, devices: Iterable[SeenDevice]) -> None:
    """Who carries packets between the segments, where no device of the definition does: the switches' own default
    router, as a host that nobody configures here. A device that has that address lends it its name."""
    plan, network = found.plan, found.plan.networks.get(found.plan.management)
    if network is None or len(plan.data) < 2 or not any(item.get("uses") or item["kind"] in _PROTECTED
                                                       for item in found.data.values()):
        return
    devices = tuple(devices)
    own = next((name for name, item in found.data.items() if plan.is_first(item["address"])
                and item["kind"] in _PROTECTED), "")
    if own:
        found.data[own]["routes"] = _routed(plan)
        found.notes.append(Note("guessed", f"{own} has the first address of its segment: it routes", ("hosts", own)))
        return
    address = next((device.router for device in devices if device.router and IPv4Address(device.router) in network),
                   str(network.network_address + 1))
    owner = next((device for device in devices for leg in device.legs if leg.address.startswith(f"{address}/")), None)
    name = found.add(address, name_of(owner.shown_name, "router") if owner else "router", "application",
                     "routes between the segments; nothing here configures it")
    if name:
        found.data[name]["routes"] = _routed(plan)


def _routed(plan: Plan) -> list[str]:
    """Every segment of the site itself."""
    return [label for label in plan.data if not label.startswith(BEYOND)]
