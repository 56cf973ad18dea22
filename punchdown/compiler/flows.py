"""The flow matrix: what hosts use, what the catalogue grants, what the site asks for beyond that."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.catalog import Service, remote_kinds
from punchdown.compiler import citations
from punchdown.compiler.context import SiteContext
from punchdown.intent import Flow, FlowMatrix, HostFact, RemoteFact, Schedule, SegmentFact
from punchdown.model import Expose, FlowRequest
from punchdown.values import Provenance


def _prefixes(context: SiteContext, name: str) -> tuple[str, ...]:
    site = context.site
    if name in site.hosts:
        host = site.hosts[name]
        return (f"{host.address}/32", *((f"{host.address6}/128",) if host.address6 else ()))
    if name in site.remotes:
        return tuple(map(str, site.remotes[name].addresses))
    if name == "wan":
        return ()
    segment = site.segments[name]
    return (str(segment.prefix), *((str(segment.prefix6),) if segment.prefix6 else ()))


def _kind_of(context: SiteContext, name: str) -> str:
    return "host" if name in context.site.hosts else "remote" if name in context.site.remotes else "segment"


def _flows(context: SiteContext, client: str, server: str, service: Service, named: str,
           source: Provenance, request: FlowRequest | None = None) -> Iterator[Flow]:
    schedule, rate = limits(context, request)
    for protocol, ports in service.transports:
        yield Flow(f"{client}>{server}:{named}/{protocol}", client, _kind_of(context, client),
                   _prefixes(context, client), server, _prefixes(context, server), named, protocol, ports, source,
                   schedule, rate)


def limits(context: SiteContext, request: FlowRequest | Expose | None) -> tuple[Schedule, int]:
    """When a flow may be opened (empty = always) and how often a second (0 = any number)."""
    if request is None:
        return (), 0
    times = context.site.schedules.get(request.schedule or "")
    return (times.days, times.start, times.end) if times else (), request.connections_per_second or 0


def _used(context: SiteContext) -> Iterator[Flow]:
    for name, host in context.site.hosts.items():
        for number, use in enumerate(host.uses):
            named, _, server = use.partition("@")
            service = context.service(server, named)
            source = context.origin("hosts", name, "uses", str(number), controls=service.controls)
            yield from _flows(context, name, server, service, named, source)


def _granted(context: SiteContext) -> Iterator[Flow]:
    for name, host in context.site.hosts.items():
        kind = context.kind(host)
        for zone, names in kind.clients.items():
            for segment in context.segments_of_zone(zone):
                for named in names:
                    service = context.service(name, named)
                    source = context.origin("hosts", name, "kind", controls=service.controls)
                    yield from _flows(context, segment, name, service, named, source)
        for zone, names in kind.reaches.items():
            for segment in context.segments_of_zone(zone):
                for named in names:
                    source = context.origin("hosts", name, "kind", controls=context.services[named].controls)
                    yield from _flows(context, name, segment, context.services[named], named, source)


def _granted_beyond(context: SiteContext) -> Iterator[Flow]:
    """What zones may use of hosted services and other networks beyond the site."""
    for name, remote in context.site.remotes.items():
        kind = remote_kinds()[remote.kind]
        for zone, names in kind.clients.items():
            for segment in context.segments_of_zone(zone):
                for named in names:
                    source = context.origin("remotes", name, controls=(*kind.controls,
                                                                       *context.services[named].controls))
                    yield from _flows(context, segment, name, context.services[named], named, source)


def _requested(context: SiteContext) -> Iterator[Flow]:
    for number, item in enumerate(context.site.flows):
        service = context.service(item.server, item.service)
        source = context.origin("flows", str(number), controls=service.controls)
        yield from _flows(context, item.client, item.server, service, item.service, source, item)


def _infrastructure(context: SiteContext) -> Iterator[Flow]:
    """Time, logs and names for hosts and phones, where the site runs them itself."""
    site = context.site
    by_address = {host.address: name for name, host in site.hosts.items()}
    clients = [name for name, host in site.hosts.items() if context.kind(host).protected]
    clients += [segment for zone in ("voice", "data") for segment in context.segments_of_zone(zone)]
    for field, named in (("ntp", "ntp"), ("syslog", "syslog"), ("dns", "dns")):
        for number, address in enumerate(getattr(site.services, field)):
            server = by_address.get(address)
            if server is None:
                continue
            source = context.origin("services", field, str(number))
            for client in clients:
                if field != "syslog" or client in site.hosts:
                    yield from _flows(context, client, server, context.services[named], named, source)


def _hairpin(context: SiteContext) -> Iterator[Flow]:
    """Media of inside phones and PBXs to a border gateway whose streaming address is its public one."""
    for name, host in context.site.hosts.items():
        if host.hairpin:
            service = context.service(name, "media")
            source = context.origin("hosts", name, "hairpin", controls=("mbg-streaming-address-dmz",))
            for zone in ("call-control", "voice"):
                for segment in context.segments_of_zone(zone):
                    yield from _flows(context, segment, name, service, "media", source)


def exposed(context: SiteContext) -> Iterator[tuple[str, int, Flow, str]]:
    """(host, number of the entry, flow from the WAN, name of the allow list or empty), for what is forwarded."""
    for name, host in context.site.hosts.items():
        if context.kind(host).internet_facing:
            continue
        for number, item in enumerate(host.expose):
            service = context.service(name, item.service)
            allow = item.source or context.site.firewall.allow
            allow = "" if allow == "any" else allow
            sources = netblock(context, allow)
            schedule, rate = limits(context, item)
            source = context.origin("hosts", name, "expose", str(number),
                                    controls=citations.of_exposure(context, host, service.controls))
            client = f"wan:{allow}" if allow else "wan"
            for protocol, ports in service.transports:
                yield name, number, Flow(f"{client}>{name}:{item.service}/{protocol}", client, "wan", sources, name,
                                         _prefixes(context, name), item.service, protocol, ports, source, schedule,
                                         rate), allow


def netblock(context: SiteContext, name: str) -> tuple[str, ...]:
    """The prefixes of a netblock list, or of a remote network that stands in for one; empty = no such list."""
    site = context.site
    found = site.remotes[name].addresses if name in site.remotes else site.firewall.netblocks.get(name, ())
    return tuple(map(str, found))


def build_matrix(context: SiteContext) -> FlowMatrix:
    """Every flow once, sorted by id, with the hosts and segments of the site."""
    site = context.site
    flows: dict[str, Flow] = {}
    for part in (_used, _requested, _hairpin, _granted, _granted_beyond, _infrastructure):
        for flow in part(context):
            flows.setdefault(flow.id, flow)
    for _, _, flow, _ in exposed(context):
        flows.setdefault(flow.id, flow)
    segments = tuple(
        SegmentFact(name, item.vlan, item.zone, str(item.prefix), str(item.prefix6 or ""),
                    context.routers.get(name, ""))
        for name, item in sorted(site.segments.items()))
    hosts = tuple(
        HostFact(name, item.kind, item.segment, str(item.address), str(item.address6 or ""), item.mac or "",
                 context.kind(item).protected, context.host_ports.get(name, ("", "")), str(item.public or ""))
        for name, item in sorted(site.hosts.items()))
    remotes = tuple(RemoteFact(name, item.kind, tuple(map(str, item.addresses)), item.via)
                    for name, item in sorted(site.remotes.items()))
    return FlowMatrix(site.site, segments, hosts, tuple(flows[key] for key in sorted(flows)), remotes)
