"""The Port Forward Table: ranges, overlaps, and what the site says about the hosts behind it.

Source: System Administration Tool help, Port Forward Table; MiVoice Business Security Guidelines 9.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from itertools import combinations

from punchdown.catalog import Service, never_exposed
from punchdown.compiler.gateway.advice import destination_end, destination_start
from punchdown.compiler.gateway.gateway import Gateway
from punchdown.compiler.gateway.reading import Row
from punchdown.model import Host
from punchdown.values import PortRange

FORM = "port-forward-table"


def check_forwards(gateway: Gateway) -> None:
    """Note what is wrong with the entries of one controller."""
    rows = [row for row in gateway.rows(FORM) if _range(gateway, row)]
    _overlaps(gateway, rows)
    if FORM not in gateway.forms:
        return
    behind = [(row, name, host) for row in rows for name, host in _destination(gateway, row)]
    for row, name, host in behind:
        _allowed(gateway, row, name, host)
    _missing(gateway, [row for row, _, _ in behind])


def _span(row: Row) -> PortRange | None:
    start, end = row.get("src-start-port"), row.get("src-end-port")
    return PortRange(start, end) if isinstance(start, int) and isinstance(end, int) else None


def _inside(row: Row) -> PortRange:
    return PortRange(destination_start(row) or 0, destination_end(row) or 0)


def _protocol(row: Row) -> str:
    return str(row.get("protocol", "TCP")).lower()


def _range(gateway: Gateway, row: Row) -> bool:
    """Whether the row has ranges that can be; a fault is noted."""
    span = _span(row)
    if span is None:
        return False
    if span.last < span.first:
        gateway.context.error("forward-range", row.at("src-end-port"), f"the range {span.first}-{span.last} runs "
                              "backwards", "Src End Port is not below Src Start Port")
        return False
    if _inside(row).last > 65535:
        gateway.context.error("forward-range", row.at("dst-start-port"),
                              f"{span.last - span.first + 1} ports from {_inside(row).first} on end at "
                              f"{_inside(row).last}", f"Dst Start Port is at most {65535 - span.last + span.first}")
        return False
    return True


def _overlaps(gateway: Gateway, rows: list[Row]) -> None:
    for one, two in combinations(rows, 2):
        first, second = _span(one), _span(two)
        if first and second and _protocol(one) == _protocol(two) and _meet(first, second):
            gateway.context.error(
                "forward-overlap", two.at("src-start-port"),
                f"{_protocol(two)} {_ports(second)} is forwarded already, by {_ports(first)}",
                f"see {gateway.context.loaded.positions.at(one.path)}")


def _meet(one: PortRange, two: PortRange) -> bool:
    return one.first <= two.last and two.first <= one.last


def _ports(ports: PortRange) -> str:
    return str(ports.first) if ports.first == ports.last else f"{ports.first}-{ports.last}"


def _destination(gateway: Gateway, row: Row) -> Iterator[tuple[str, Host]]:
    address = row.get("dst-ip-address")
    if not address:
        return
    site = gateway.context.site
    for name, host in site.hosts.items():
        if str(host.address) == address:
            yield name, host
            return
    where = next((name for name, segment in site.segments.items() if _holds(segment.prefix, str(address))), "")
    gateway.context.error("forward-no-host", row.at("dst-ip-address"), f"no host has the address {address}"
                          + (f", which is in {where}" if where else ", which is in no segment of the site"),
                          f"hosts: {', '.join(site.hosts)}")


def _holds(prefix: object, address: str) -> bool:
    return IPv4Address(address) in prefix if isinstance(prefix, IPv4Network) else False


def _allowed(gateway: Gateway, row: Row, name: str, host: Host) -> None:
    context, ports, protocol = gateway.context, _inside(row), _protocol(row)
    if control := never_exposed(Service("", ((protocol, (ports,)),), (), "")):
        context.error("never-expose", row.at("src-start-port"),
                      f"{protocol} {_ports(ports)} of {name} never faces the Internet [{control}]")
        return
    exposed = [item.service for item in host.expose]
    left = _without(ports, [part for service in exposed for part in _parts(gateway, name, service, protocol)])
    if left:
        context.error("forward-not-exposed", row.at("src-start-port"),
                      f"{protocol} {', '.join(map(_ports, left))} of {name} is forwarded and not exposed "
                      "[firewall-port-forward-minimal]",
                      f"it exposes: {', '.join(exposed)}" if exposed else f"{name} exposes nothing")


def _parts(gateway: Gateway, name: str, service: str, protocol: str) -> tuple[PortRange, ...]:
    transports = gateway.context.service(name, service).transports
    return tuple(part for kind, parts in transports if kind == protocol for part in parts)


def _without(ports: PortRange, parts: list[PortRange]) -> list[PortRange]:
    """What of a range none of the parts covers."""
    left, first = [], ports.first
    for part in sorted(parts, key=lambda item: item.first):
        if part.last < first or part.first > ports.last:
            continue
        if part.first > first:
            left.append(PortRange(first, part.first - 1))
        first = part.last + 1
    return [*left, PortRange(first, ports.last)] if first <= ports.last else left


def _missing(gateway: Gateway, rows: list[Row]) -> None:
    """Where the controller is the only way in, what hosts expose has an entry."""
    context = gateway.context
    if context.site.firewall.wan is not None:
        return
    for name, host in context.site.hosts.items():
        own = [row for row in rows if row.get("dst-ip-address") == str(host.address)]
        for number, item in enumerate(host.expose):
            lost = [f"{protocol} {_ports(part)}" for protocol, parts in context.service(name, item.service).transports
                    for wanted in parts
                    for part in _without(wanted, [_inside(row) for row in own if _protocol(row) == protocol])]
            if lost and name != gateway.name:
                context.warning("expose-not-forwarded", ("hosts", name, "expose", str(number)),
                                f"{item.service} of {name} is exposed, and {gateway.name} does not forward "
                                f"{', '.join(lost)}")
