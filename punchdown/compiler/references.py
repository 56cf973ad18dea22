"""Names that a site uses must exist; checked before anything is compiled from them."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.catalog import kinds, services
from punchdown.compiler.context import SiteContext
from punchdown.model.diagnostics import suggest
from punchdown.platforms import platform_names

_PORT_ROLES = ("pc", "phone", "phone-and-pc", "unused")


def _known(context: SiteContext, code: str, path: tuple[str, ...], what: str, word: str, known: Iterable[str]) -> bool:
    names = set(known)
    if word in names:
        return True
    context.error(code, path, f"there is no {what} {word!r}", suggest(word, names))
    return False


def _hosts(context: SiteContext) -> None:
    site = context.site
    for name, host in site.hosts.items():
        _known(context, "segment-unknown", ("hosts", name, "segment"), "segment", host.segment, site.segments)
        for number, service in enumerate(host.offers):
            _known(context, "service-unknown", ("hosts", name, "offers", str(number)), "service", service, services())
        for number, use in enumerate(host.uses):
            _use(context, ("hosts", name, "uses", str(number)), *use.split("@"))
        for number, item in enumerate(host.expose):
            path = ("hosts", name, "expose", str(number))
            _known(context, "service-not-offered", path, f"service of a {host.kind} called", item.service,
                   kinds()[host.kind].offers)
            if item.source not in {"", "any"}:
                _known(context, "netblock-unknown", path, "netblock list", item.source, site.firewall.netblocks)
            if host.public is None:
                context.error("expose-no-public", path, f"{name} is exposed but has no public address",
                              "give the host `public:`")


def _use(context: SiteContext, path: tuple[str, ...], service: str, server: str) -> None:
    site = context.site
    if server in site.hosts:
        host = site.hosts[server]
        _known(context, "service-not-offered", path, f"service of {server} called", service,
               {*kinds()[host.kind].offers, *host.offers})
    elif _known(context, "host-unknown", path, "host or segment", server, {*site.hosts, *site.segments}):
        _known(context, "service-unknown", path, "service", service, services())


def _flows(context: SiteContext) -> None:
    site = context.site
    for number, item in enumerate(site.flows):
        path = ("flows", str(number))
        _known(context, "client-unknown", (*path, "from"), "host or segment", item.client,
               {*site.hosts, *site.segments})
        if item.server == "wan":
            _known(context, "service-unknown", (*path, "service"), "service", item.service, services())
        else:
            _use(context, (*path, "to"), item.service, item.server)


def _endpoints(context: SiteContext) -> None:
    for name, endpoint in context.site.endpoints.items():
        if endpoint.segment:
            _known(context, "segment-unknown", ("endpoints", name, "segment"), "segment", endpoint.segment,
                   context.site.segments)
        needed = context.voice if endpoint.kind == "phone" else context.data
        if not (endpoint.segment or needed):
            context.error("endpoint-no-segment", ("endpoints", name), f"there is no segment for a {endpoint.kind}",
                          "add a segment of zone voice or data, or name one here")


def _settings(context: SiteContext) -> None:
    site = context.site
    for number, server in enumerate(site.dot1x.servers):
        if _known(context, "host-unknown", ("dot1x", "servers", str(number)), "host", server, site.hosts) \
                and site.hosts[server].kind != "radius-server":
            context.error("dot1x-not-radius", ("dot1x", "servers", str(number)), f"{server} is no radius-server")
    for key in ("critical_segment", "guest_segment"):
        if segment := getattr(site.dot1x, key):
            _known(context, "segment-unknown", ("dot1x", key), "segment", segment, site.segments)
    for key in ("allow", "deny"):
        if name := getattr(site.firewall, key):
            _known(context, "netblock-unknown", ("firewall", key), "netblock list", name, site.firewall.netblocks)
    if not context.management and site.devices:
        context.error("management-missing", ("segments",), "there is no segment of zone management",
                      "devices are managed from a segment of their own")


def _devices(context: SiteContext) -> None:
    site = context.site
    for name, device in site.devices.items():
        _known(context, "platform-unknown", ("devices", name, "platform"), "platform", device.platform,
               platform_names())
        for key in ("routes", "serves"):
            for number, segment in enumerate(getattr(device, key)):
                _known(context, "segment-unknown", ("devices", name, key, str(number)), "segment", segment,
                       site.segments)
        for key, spec in device.ports.items():
            path = ("devices", name, "ports", key)
            peer, slash, segment = spec.role.partition("/")
            if slash:
                _known(context, "device-unknown", path, "device", peer, site.devices)
                _known(context, "segment-unknown", path, "segment", segment, site.segments)
            else:
                _known(context, "port-role-unknown", path, "port role, host or device", peer,
                       {*_PORT_ROLES, *site.hosts, *site.devices})


def check_references(context: SiteContext) -> None:
    """Note every name that does not exist, with the likely one."""
    for part in (_hosts, _flows, _endpoints, _settings, _devices):
        part(context)
