"""Flows and the Internet: who may reach what, and whether a packet could."""

from __future__ import annotations

from collections.abc import Iterator

from punchdown.catalog import kinds, never_exposed
from punchdown.compiler.checks_addresses import overlaps
from punchdown.compiler.context import SiteContext
from punchdown.model import Host
from punchdown.values import PortRange

_RECORDS = frozenset({"smdr", "pms"})
Request = tuple[tuple[str, ...], str, str, str]
"""Where it is written, client, server, service."""


def _requests(context: SiteContext) -> Iterator[Request]:
    for name, host in context.site.hosts.items():
        for number, use in enumerate(host.uses):
            service, _, server = use.partition("@")
            yield ("hosts", name, "uses", str(number)), name, server, service
    for number, item in enumerate(context.site.flows):
        yield ("flows", str(number)), item.client, item.server, item.service


def _segment_of(context: SiteContext, name: str) -> str:
    site = context.site
    if name in site.remotes:
        name = site.remotes[name].via
    return site.hosts[name].segment if name in site.hosts else name if name in site.segments else ""


def _leads_outside(context: SiteContext, client: str) -> bool:
    """Whether a router of the client's segment, or the client itself, has the Internet on its other side."""
    site = context.site
    if client in site.hosts and kinds()[site.hosts[client].kind].internet_facing:
        return True
    router = context.routers.get(_segment_of(context, client), "")
    if router in site.hosts:
        return kinds()[site.hosts[router].kind].internet_facing
    return site.firewall.wan is not None and router in site.devices


def check_flows(context: SiteContext) -> None:
    """Every request once, to somebody else, over a path that exists. Needs names that exist."""
    seen: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for path, client, server, service in _requests(context):
        if (client, server, service) in seen:
            first = context.loaded.positions.at(seen[client, server, service])
            context.warning("flow-twice", path, f"{client} may use {service} of {server} already",
                            f"first asked for at {first}")
        seen.setdefault((client, server, service), path)
        if client == server and client in context.site.hosts:
            context.error("flow-self", path, f"{client} uses its own {service}")
        _path(context, path, client, server, service)
        if service in _RECORDS and client in context.site.segments:
            context.warning("records-to-segment", path, f"everybody in {client} may read {service} of {server}",
                            "name the collector instead")
    _protection(context)


def _path(context: SiteContext, path: tuple[str, ...], client: str, server: str, service: str) -> None:
    here, there = _segment_of(context, client), _segment_of(context, server)
    outside = server == "wan" or (server in context.site.remotes and context.site.remotes[server].via == "wan")
    if outside and here and not _leads_outside(context, client):
        context.error("flow-no-path", path, f"nothing carries {service} from {client} to {server}",
                      f"no router of {here} has the Internet on its other side")
    if not here or not there or here == there:
        return
    segments = context.site.segments
    if segments[here].zone == "guest" and segments[there].zone in {"call-control", "voice"}:
        context.error("guest-to-voice", path, f"{client} is a guest and asks for {service} of {server}")
    unrouted = [name for name in (here, there) if name not in context.routers]
    if unrouted:
        context.error("flow-no-path", path, f"nothing carries {service} from {client} to {server}",
                      f"no device routes {' and '.join(unrouted)}")


def _protection(context: SiteContext) -> None:
    hosts = context.site.hosts
    for name, host in hosts.items():
        if kinds()[host.kind].protected and name not in context.host_ports:
            context.warning("protected-no-port", ("hosts", name), f"{name} stands on no declared port: only the routed "
                            "path to it is filtered")
        if host.segment not in context.routers:
            context.warning("segment-unrouted", ("hosts", name, "segment"),
                            f"no device routes {host.segment}: only its own segment reaches {name}")
    if context.site.devices and not context.admin_sources:
        context.warning("admin-none", ("hosts",), "no host of kind admin: nobody may log in to a device")


def check_exposure(context: SiteContext) -> None:
    """What the Internet may reach. Needs names that exist."""
    firewall = context.site.firewall
    has_firewall = any(device.role == "firewall" for device in context.site.devices.values())
    has_edge = (firewall.wan is not None and has_firewall) or any(
        host.kind == "icp-3300-wan" for host in context.site.hosts.values())
    for name, host in context.site.hosts.items():
        for number, item in enumerate(host.expose):
            path = ("hosts", name, "expose", str(number))
            if control := never_exposed(context.service(name, item.service)):
                context.error("never-expose", path, f"{item.service} never faces the Internet [{control}]")
            if kinds()[host.kind].private:
                context.error("expose-pbx", path, f"{name} is a PBX", "expose the border gateway's service")
            if not has_edge and not kinds()[host.kind].internet_facing:
                context.error("expose-no-firewall", path, f"{name} is exposed, but the site has no firewall with a WAN")
            if not item.source and not firewall.allow:
                context.warning("expose-anyone", path, f"anybody may reach {item.service} of {name}")
        if host.public and not host.expose and not host.hairpin:
            context.warning("public-unused", ("hosts", name, "public"), f"{name} exposes nothing")
    _nat(context)


def forwards(host: Host) -> Iterator[tuple[str, PortRange, str]]:
    """(protocol, public ports, service) of everything that a host exposes and its kind offers."""
    kind = kinds()[host.kind]
    for item in host.expose:
        if item.service in kind.offers:
            for protocol, ports in kind.service(item.service).transports:
                for span in ports:
                    yield protocol, span, item.service


def _nat(context: SiteContext) -> None:
    taken: dict[tuple[str, str], list[tuple[PortRange, str]]] = {}
    for name, host in context.site.hosts.items():
        for protocol, span, service in forwards(host) if host.public else ():
            others = taken.setdefault((str(host.public), protocol), [])
            for other, owner in others:
                if owner != name and other.first <= span.last and span.first <= other.last:
                    context.error("nat-clash", ("hosts", name, "expose"),
                                  f"{service} of {name} and {owner} want {protocol} {max(span.first, other.first)} "
                                  f"of {host.public}", "give one of them another public address")
                    break
            others.append((span, name))


def check_netblocks(context: SiteContext) -> None:
    """Lists that nobody uses, that shut out whom they let in, or that hold everybody."""
    firewall = context.site.firewall
    used = {firewall.allow, firewall.deny}
    used |= {item.source for host in context.site.hosts.values() for item in host.expose}
    for name, prefixes in firewall.netblocks.items():
        path = ("firewall", "netblocks", name)
        if name not in used:
            context.warning("netblock-unused", path, f"nothing uses the list {name!r}")
        if any(prefix.prefixlen == 0 for prefix in prefixes):
            context.warning("netblock-everybody", path, f"the list {name!r} holds every address")
    if firewall.allow and firewall.allow == firewall.deny:
        context.error("allow-deny", ("firewall", "deny"), f"{firewall.deny!r} is allowed and denied")
        return
    allowed = dict.fromkeys(firewall.netblocks.get(firewall.allow, ()), ("allow",))
    denied = dict.fromkeys(firewall.netblocks.get(firewall.deny, ()), ("deny",))
    for version in (4, 6):
        both = [item for group in (denied, allowed) for item in group.items() if item[0].version == version]
        for wider, one, narrower, two in overlaps(both):
            if (one, two) == (("deny",), ("allow",)):
                context.warning("allow-deny-overlap", ("firewall", "deny"),
                                f"all of {narrower}, which is allowed, is denied",
                                f"{wider} stands in {firewall.deny!r}, {narrower} in {firewall.allow!r}")
