"""Which ports of gateways to look at from a place, and which of them the definition opens to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from punchdown.catalog import Kind, custom_service, kinds, never_exposed, services
from punchdown.catalog.forms import product_of
from punchdown.intent import Flow, FlowMatrix, HostFact
from punchdown.values import PortRange, Provenance
from punchdown.values.probe import PortQuestion

WAN = "wan"
WIDEST = 16
"""Ranges of more ports than this (media) are not looked at."""

MORE_TCP = (21, 22, 23, 80, 443, 1723, 1752, 1753, 6800)
"""Looked at on every gateway, whatever its kind offers: clear-text administration and what never faces the Internet."""

TFTP = 69
TLS_SERVICES = frozenset({
    "admin-https", "desktop-tool", "minet-tls", "sip-tls", "web-proxy", "webrtc", "https", "conference", "admin-5000",
    "portal-5000", "sip-tls-5000"})
NO_TLS = frozenset({6802})
"""Ports of these services that are encrypted otherwise: Secure MiNET (MiVoice Business Security Guidelines 9.4)."""

TLS_CONTROLS = {"border-gateway": "tls-mbg-minimum-version", "mivoice-business": "tls-mivb-12-only",
                "mivoice-5000": "tls-mivoice5000-disable-insecure"}


class NoPlaceError(ValueError):
    """The site has no such place; the message names the ones that it has."""


def questions(matrix: FlowMatrix, place: str) -> tuple[tuple[PortQuestion, ...], tuple[HostFact, ...]]:
    """What to ask of every gateway of a site from a host, segment or remote of it, ``wan`` or ``wan:LIST``; and the
    gateways whose address there is not known. From the WAN a gateway is looked at by its public address; hosts that
    share one share what is allowed there.

    Raises:
        NoPlaceError: the site has no such place.
    """
    clients = _clients(matrix, place)
    outside = place.partition(":")[0] == WAN
    gateways = [host for host in matrix.hosts if product_of(host.kind)]
    at = {host.name: host.public_address if outside else host.address for host in matrix.hosts}
    asked: list[PortQuestion] = []
    for host in gateways:
        if at[host.name] and host.name != place:
            here = {name for name, address in at.items() if address == at[host.name]}
            flows = [flow for flow in matrix.flows if flow.client in clients and flow.server in here]
            asked += _of_host(host, at[host.name], flows, outside=outside)
    nowhere = (host for host in gateways if not at[host.name] and not _hidden(kinds()[host.kind]))
    return tuple(asked), tuple(nowhere)


def _hidden(kind: Kind) -> bool:
    """Whether the Internet reaches it through another host only, so that it needs no address there."""
    return kind.private and not kind.internet_facing


def _clients(matrix: FlowMatrix, place: str) -> frozenset[str]:
    """The names under which flows speak of a place: a host's segment counts, a list of the WAN is in the WAN."""
    segment = {host.name: host.segment for host in matrix.hosts}
    lists = {flow.client for flow in matrix.flows if flow.client_kind == WAN}
    known = {WAN, *lists, *segment, *(item.name for item in matrix.segments), *(item.name for item in matrix.remotes)}
    if place not in known:
        raise NoPlaceError(f"{matrix.site} has no place {place!r}; it has {', '.join(sorted(known))}")
    if place in segment:
        return frozenset({place, segment[place]})
    return frozenset({place, place.partition(":")[0]})


def _of_host(host: HostFact, address: str, flows: Sequence[Flow], *, outside: bool) -> Iterator[PortQuestion]:
    """One question for each port; what is open only at times is not asked."""
    let_in: dict[int, Flow] = {}
    sometimes: set[int] = set()
    for flow in flows:
        if flow.protocol == "tcp":
            for port in _narrow(flow.ports):
                let_in.setdefault(port, flow)
                if flow.schedule:
                    sometimes.add(port)
    kind = kinds()[host.kind]
    tls = {port: name for name in (*kind.offers, *(flow.service for flow in let_in.values()))
           if name in TLS_SERVICES for port in _tcp_ports(kind, name) if port not in NO_TLS}
    ports = {*MORE_TCP, *let_in, *(port for name in kind.offers for port in _tcp_ports(kind, name))}
    for port in sorted(ports - sometimes):
        opens = let_in.get(port)
        source = _source(host, opens, port in tls) if opens else _shut(port, "tcp", outside=outside)
        yield PortQuestion(host.name, address, "tcp", port, opens is not None, port in tls,
                           opens.service if opens else "", source)
    if not any(flow.protocol == "udp" and any(TFTP in range(item.first, item.last + 1) for item in flow.ports)
               for flow in flows):
        yield PortQuestion(host.name, address, "udp", TFTP, allowed=False,
                           source=_shut(TFTP, "udp", outside=outside))


def _narrow(ports: Iterable[PortRange]) -> Iterator[int]:
    for item in ports:
        if item.last - item.first < WIDEST:
            yield from range(item.first, item.last + 1)


def _tcp_ports(kind: Kind, name: str) -> Iterator[int]:
    if kind.renames.get(name, name) in services():
        for protocol, ports in kind.service(name).transports:
            if protocol == "tcp":
                yield from _narrow(ports)


def _source(host: HostFact, flow: Flow, tls: bool) -> Provenance:
    """The flow that opens the port, with the control of its TLS."""
    product = product_of(host.kind)
    own = (TLS_CONTROLS[product.key],) if tls and product else ()
    return Provenance(flow.source.field, flow.source.position, tuple(dict.fromkeys((*own, *flow.source.controls))))


def _shut(port: int, protocol: str, *, outside: bool) -> Provenance:
    """The control that keeps a port from the Internet, where one does."""
    ports = (str(port),)
    by_itself = custom_service("", ports if protocol == "tcp" else (), ports if protocol == "udp" else (), "")
    control = never_exposed(by_itself) if outside else ""
    return Provenance(controls=(control,) if control else ())
