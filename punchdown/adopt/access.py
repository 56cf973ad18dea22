"""Who may reach what, out of what filters let through: first in the catalogue's words, then in plain ports."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from punchdown.adopt.hosts import RECORDS, Hosts, address_of, service_of
from punchdown.adopt.vpns import alike_remote, behind_vpn, near_vpn, remote_name
from punchdown.adopt.words import Note
from punchdown.catalog import kinds, never_exposed, services
from punchdown.values import PortRange
from punchdown.values.adopted import Opening, SeenDevice
from punchdown.values.policy import LineRef

Ports = tuple[str, int, int]
"""Protocol, first and last port."""
_COMMON = ("https", "web")
"""What a port is most likely open for, of services that have the same."""
_SHOWN = 4
"""Prefixes or ports that one sentence lists."""
_VOICE = frozenset({"voice", "call-control"})


def add_access(found: Hosts, devices: Iterable[SeenDevice]) -> None:
    """``uses`` of hosts and flows of segments. What switches filter counts where it is of voice systems; what routers
    let through counts all."""
    devices = tuple(devices)
    for device in devices:
        lines: dict[tuple[str, str, LineRef], list[Opening]] = {}
        for opening in device.openings:
            if opening.client:
                lines.setdefault((opening.client, opening.server, opening.line), []).append(opening)
            elif device.role == "firewall":
                _open_to_all(found, opening)
        plain: dict[tuple[str, str], list[Opening]] = {}
        for (client, server, _), openings in lines.items():
            known = server and all(_use(found, opening) for opening in openings)
            if not known and device.role == "firewall":
                plain.setdefault((client, server), []).extend(openings)
        _left_out(found, (item for (client, server), openings in plain.items() if not _plain(
            found, client, server, {(item.protocol, item.first, item.last) for item in openings}) for item in openings))
    for address in {address for device in devices for address, name in device.own_names if not name}:
        found.lists[f"PD-from-{address}"] = found.at(address)


def _open_to_all(found: Hosts, opening: Opening) -> None:
    """Ask about a voice system that anybody reaches, where the guideline lets nobody; it is never taken over."""
    host = found.at(address_of(opening.server))
    kind = kinds()[found.data[host]["kind"]] if host else None
    service = service_of(kind, opening) if kind else ""
    control = never_exposed(services()[service]) if service else ""
    if kind and service and (control or kind.private):
        found.notes.append(Note("question", f"anybody may open {service} of {host}, against the guideline"
                                f"{control and f' ({control})'}: left out", ("hosts", host), line=opening.line.text))


def _use(found: Hosts, opening: Opening) -> bool:
    """Say an opening towards a voice system in the catalogue's words: a host's ``uses``, a segment's flow, or nothing
    where it follows by itself. False where it is none."""
    server = found.at(address_of(opening.server))
    if (_given(opening), address_of(opening.server)) in found.given and _is_told(found, opening):
        return True
    if not server:
        return _reach(found, opening)
    kind = kinds()[found.data[server]["kind"]]
    service = service_of(kind, opening)
    if not service:
        return False
    address = address_of(opening.client)
    if address and not found.plan.segment_at(address):
        found.notes.append(Note("left-out", f"{address} may use {service} of {server} today, and stands in no segment"))
    elif address and (client := found.add(address, f"app-{address.replace('.', '-')}", "application",
                                          f"it uses {service} of {server}")):
        if client != server and service not in found.data[client].get("offers", ()):
            found.use(client, service, server)
    elif segment := _segment(found, opening.client):
        if service not in kind.clients.get(found.plan.data[segment]["zone"], ()):
            _flow(found, segment, server, service)
            if opening.first in RECORDS:
                found.notes.append(Note("question", f"all of {segment} may use {service} of {server}; the guideline "
                                        "wants the hosts named that need it", ("hosts", server),
                                        line=opening.line.text))
    else:
        return False
    return True


def _is_told(found: Hosts, opening: Opening) -> bool:
    """Whether the site's services reach the client by themselves: voice systems, phones and PCs; logs voice systems."""
    client = found.at(address_of(opening.client))
    if client:
        return kinds()[found.data[client]["kind"]].protected
    segment = _segment(found, opening.client)
    return bool(segment) and found.plan.data[segment]["zone"] in {"voice", "data"} and opening.first != 514


def _given(opening: Opening) -> str:
    """The service that the site tells everybody of, empty for any other."""
    shared = {("udp", 53): "dns", ("tcp", 53): "dns", ("udp", 123): "ntp", ("udp", 514): "syslog"}
    return shared.get((opening.protocol, opening.first), "") if opening.first == opening.last else ""


def _reach(found: Hosts, opening: Opening) -> bool:
    """A voice system that opens media to a whole segment; what its kind reaches there by itself needs no word."""
    client, segment = found.at(address_of(opening.client)), _segment(found, opening.server)
    ports = PortRange(opening.first, opening.last)
    if not client or not segment or opening.first == opening.last:
        return False
    reached = kinds()[found.data[client]["kind"]].reaches.get(found.plan.data[segment]["zone"], ())
    service = next((name for name, item in services().items() if not item.confirm
                    and (opening.protocol, (ports,)) in item.transports), "")
    if service and service not in reached:
        found.use(client, service, segment)
    return bool(service)


def _segment(found: Hosts, prefix: str) -> str:
    return next((name for vlan, name in found.plan.names.items() if str(found.plan.networks.get(vlan)) == prefix), "")


def _flow(found: Hosts, client: str, server: str, service: str) -> None:
    flow = {"from": client, "to": server, "service": service}
    if flow not in found.flows:
        found.flows.append(flow)


def _left_out(found: Hosts, items: Iterable[Opening]) -> None:
    """Tell what no definition says, each line of the device once."""
    lines: dict[LineRef, list[Opening]] = {}
    for item in items:
        lines.setdefault(item.line, []).append(item)
    for line, openings in lines.items():
        ports = sorted({(item.protocol, item.first, item.last) for item in openings})
        shown = _few(f"{protocol} {first}" if first == last else f"{protocol} {first}-{last}"
                     for protocol, first, last in ports)
        clients = _few(dict.fromkeys(item.client for item in openings))
        servers = _few(dict.fromkeys(item.server or "the Internet" for item in openings))
        found.notes.append(Note("left-out", f"{clients} may open {shown} to {servers} today; no definition says it",
                                line=line.text))


def _few(words: Iterable[str]) -> str:
    known = list(words)
    return ", ".join(known[:_SHOWN]) + (f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else "")


def _plain(found: Hosts, client: str, server: str, ports: set[Ports]) -> bool:
    """Say an opening by its ports: a service of the catalogue that has exactly these, else one of the site's own. False
    where no definition says it."""
    via = _way_out(found)
    source = _end(found, client) or behind_vpn(found, client) or ("" if via == "wan" else _beyond(found, client, via))
    target = _end(found, server) or _beyond(found, server, via)
    target = "" if target == "wan" != via else target
    zones = [found.plan.data.get(_place(found, name), {}).get("zone", "") for name in (source, target)]
    if not source or not target or source == target or (zones[0] == "guest" and zones[1] in _VOICE):
        return False
    for service in _services(found, target, ports):
        item = found.data.get(target)
        if item is not None and service not in kinds()[item["kind"]].offers and service not in item.get("offers", ()):
            item.setdefault("offers", []).append(service)
        if source in found.data and target != "wan":
            found.use(source, service, target)
        else:
            _flow(found, source, target, service)
    return True


def _place(found: Hosts, name: str) -> str:
    """The segment of a host, or the segment itself."""
    segment: str = found.data[name]["segment"] if name in found.data else name
    return segment


def _end(found: Hosts, prefix: str) -> str:
    """The host or segment behind a prefix; a host is made where a segment has room for it."""
    address = address_of(prefix)
    if address:
        return found.add(address, f"app-{address.replace('.', '-')}", "application", "a filter names it")
    return _segment(found, prefix) if prefix else "wan"


def _way_out(found: Hosts) -> str:
    """By way of what networks beyond the site are reached: the Internet, else the private WAN's segment, else none."""
    if found.has_wan:
        return "wan"
    return next((name for name, item in found.plan.data.items() if item["zone"] == "private-wan"), "")


def _beyond(found: Hosts, prefix: str, via: str) -> str:
    """A network beyond the site; empty where nothing leads there."""
    if prefix in found.far:
        return found.far[prefix]
    if not via or not prefix or found.plan.holds(prefix) or near_vpn(found, prefix):
        return ""
    if alike := alike_remote(found, prefix, via):
        found.remotes[alike]["prefixes"].append(prefix)
        found.far[prefix] = alike
        return alike
    name = remote_name(found, prefix, f"net-{prefix.replace('.', '-').replace('/', '-')}".removesuffix("-32"))
    found.remotes[name] = {"kind": "network", "prefixes": [prefix], **({"via": via} if via != "wan" else {})}
    found.far[prefix] = name
    return name


def _services(found: Hosts, target: str, ports: set[Ports]) -> list[str]:
    """Services that together have exactly these ports: of the catalogue the largest first, what is left by its
    numbers."""
    offers = kinds()[found.data[target]["kind"]].offers if target in found.data else ()
    names = (*(name for name in offers), *_COMMON, *(name for name in services() if not services()[name].confirm))
    rest, taken = set(ports), []
    for name in sorted(dict.fromkeys(names), key=lambda name: -len(_ports(name))):
        its = _ports(name)
        if its <= rest and (len(its) > 1 or ports == its or name in {*offers, *_COMMON}):
            taken.append(name)
            rest -= its
    return [*taken, *(_own(found, *item) for item in sorted(rest))]


@cache
def _ports(service: str) -> frozenset[Ports]:
    return frozenset((protocol, part.first, part.last) for protocol, ranges in services()[service].transports
                     for part in ranges)


def _own(found: Hosts, protocol: str, first: int, last: int) -> str:
    """A service of the site's own."""
    span = str(first) if first == last else f"{first}-{last}"
    name = f"{protocol}-{span}"
    found.custom[name] = {protocol: [span], "source": "a rule of the running configuration"}
    return name
