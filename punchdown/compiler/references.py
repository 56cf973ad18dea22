"""Names that a site uses must exist; checked before anything is compiled from them."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.catalog import kinds
from punchdown.compiler.access import PORT_ROLES
from punchdown.compiler.context import SiteContext
from punchdown.model.diagnostics import suggest
from punchdown.platforms import platform_names

Path = tuple[str, ...]


def _known(context: SiteContext, code: str, path: Path, what: str, word: str, known: Iterable[str]) -> bool:
    names = set(known)
    if word in names:
        return True
    context.error(code, path, f"there is no {what} {word!r}", suggest(word, names))
    return False


def _segment(context: SiteContext, path: Path, word: str | None) -> None:
    if word:
        _known(context, "segment-unknown", path, "segment", word, context.site.segments)


def _segments(context: SiteContext, path: Path, words: Iterable[str]) -> None:
    for number, word in enumerate(words):
        _segment(context, (*path, str(number)), word)


def _host(context: SiteContext, path: Path, word: str | None) -> None:
    if word:
        _known(context, "host-unknown", path, "host", word, context.site.hosts)


def _schedule(context: SiteContext, path: Path, word: str | None) -> None:
    if word:
        _known(context, "schedule-unknown", path, "schedule", word, context.site.schedules)


def _hosts(context: SiteContext) -> None:
    site = context.site
    for name, host in site.hosts.items():
        path = ("hosts", name)
        _segment(context, (*path, "segment"), host.segment)
        _segments(context, (*path, "routes"), host.routes)
        _host(context, (*path, "secondary_of"), host.secondary_of)
        for number, service in enumerate(host.offers):
            _known(context, "service-unknown", (*path, "offers", str(number)), "service", service, context.services)
        for number, use in enumerate(host.uses):
            _use(context, (*path, "uses", str(number)), *use.split("@"))
        for number, item in enumerate(host.expose):
            entry = (*path, "expose", str(number))
            _known(context, "service-not-offered", entry, f"service of a {host.kind} called", item.service,
                   {*kinds()[host.kind].offers, *host.offers})
            _schedule(context, entry, item.schedule)
            if item.source not in {"", "any"}:
                _known(context, "netblock-unknown", entry, "netblock list", item.source,
                       {*site.firewall.netblocks, *site.remotes})
            if host.public is None:
                context.error("expose-no-public", entry, f"{name} is exposed but has no public address",
                              "give the host `public:`")


def _use(context: SiteContext, path: Path, service: str, server: str) -> None:
    site = context.site
    if server in site.hosts:
        host = site.hosts[server]
        _known(context, "service-not-offered", path, f"service of {server} called", service,
               {*kinds()[host.kind].offers, *host.offers})
    elif _known(context, "host-unknown", path, "host or segment", server,
                {*site.hosts, *site.segments, *site.remotes}):
        _known(context, "service-unknown", path, "service", service, context.services)


def _flows(context: SiteContext) -> None:
    site = context.site
    for number, item in enumerate(site.flows):
        path = ("flows", str(number))
        _known(context, "client-unknown", (*path, "from"), "host or segment", item.client,
               {*site.hosts, *site.segments, *site.remotes})
        _schedule(context, (*path, "schedule"), item.schedule)
        if item.server == "wan":
            _known(context, "service-unknown", (*path, "service"), "service", item.service, context.services)
        else:
            _use(context, (*path, "to"), item.service, item.server)


def _beyond(context: SiteContext) -> None:
    site = context.site
    for name, remote in site.remotes.items():
        _known(context, "remote-via-unknown", ("remotes", name, "via"), "way", remote.via,
               {"wan", *site.segments, *site.firewall.vpns})
    for name, vpn in site.firewall.vpns.items():
        path = ("firewall", "vpns", name)
        _known(context, "remote-unknown", (*path, "remote"), "remote network", vpn.remote, site.remotes)
        _segments(context, (*path, "local"), vpn.local)
    for number, item in enumerate(site.split_names):
        _host(context, ("split_names", str(number), "inside"), item.inside)
        _host(context, ("split_names", str(number), "outside"), item.outside)


def _endpoints(context: SiteContext) -> None:
    groups = (("endpoints", context.site.endpoints), ("mac_lists", context.site.mac_lists))
    for group, name, item in ((group, name, item) for group, items in groups for name, item in items.items()):
        _segment(context, (group, name, "segment"), item.segment)
        needed = context.voice if item.kind == "phone" else context.data
        if not (item.segment or needed):
            context.error("endpoint-no-segment", (group, name), f"there is no segment for a {item.kind}",
                          "add a segment of zone voice or data, or name one here")


def _settings(context: SiteContext) -> None:
    site = context.site
    for number, server in enumerate(site.dot1x.servers):
        if _known(context, "host-unknown", ("dot1x", "servers", str(number)), "host", server, site.hosts) \
                and site.hosts[server].kind != "radius-server":
            context.error("dot1x-not-radius", ("dot1x", "servers", str(number)), f"{server} is no radius-server")
    for key in ("critical_segment", "guest_segment", "auth_fail_segment"):
        _segment(context, ("dot1x", key), getattr(site.dot1x, key))
    for key in ("allow", "deny"):
        if name := getattr(site.firewall, key):
            _known(context, "netblock-unknown", ("firewall", key), "netblock list", name, site.firewall.netblocks)
    for ssid, wlan in site.wireless.ssids.items():
        _segment(context, ("wireless", "ssids", ssid, "segment"), wlan.segment)
    _management(context)


def _management(context: SiteContext) -> None:
    site, settings = context.site, context.site.management
    for number, server in enumerate(settings.aaa.servers):
        _host(context, ("management", "aaa", "servers", str(number)), server)
    for number, manager in enumerate(settings.snmp.managers if settings.snmp else ()):
        _host(context, ("management", "snmp", "managers", str(number)), manager)
    _host(context, ("management", "backup", "server"), settings.backup.server if settings.backup else None)
    if site.spanning_tree.root:
        _known(context, "device-unknown", ("spanning_tree", "root"), "device", site.spanning_tree.root, site.devices)
    if not context.management and site.devices:
        context.error("management-missing", ("segments",), "there is no segment of zone management",
                      "devices are managed from a segment of their own")


def _devices(context: SiteContext) -> None:
    site = context.site
    for name, device in site.devices.items():
        path = ("devices", name)
        _known(context, "platform-unknown", (*path, "platform"), "platform", device.platform, platform_names())
        _segments(context, (*path, "routes"), device.routes)
        _segments(context, (*path, "serves"), device.serves)
        for key, spec in device.ports.items():
            _role(context, (*path, "ports", key), spec.role)
            _segment(context, (*path, "ports", key, "segment"), spec.segment)
            _segments(context, (*path, "ports", key, "segments"), spec.segments)
        for key, item in device.exceptions.items():
            _segment(context, (*path, "exceptions", key, "segment"), item.segment)
            if item.role:
                _role(context, (*path, "exceptions", key), item.role)
        for label, link in device.aggregations.items():
            _role(context, (*path, "aggregations", label, "role"), link.role)
            _segments(context, (*path, "aggregations", label, "segments"), link.segments)
    for name, segment in site.segments.items():
        for router in segment.first_hop.priorities if segment.first_hop else ():
            _known(context, "device-unknown", ("segments", name, "first_hop", "priorities", router), "device", router,
                   site.devices)


def _role(context: SiteContext, path: Path, role: str) -> None:
    site = context.site
    peer, slash, segment = role.partition("/")
    if slash:
        _known(context, "device-unknown", path, "device", peer, site.devices)
        _segment(context, path, segment)
    else:
        _known(context, "port-role-unknown", path, "port role, host or device", peer,
               {*PORT_ROLES, *site.hosts, *site.devices})


def check_references(context: SiteContext) -> None:
    """Note every name that does not exist, with the likely one."""
    for part in (_hosts, _flows, _beyond, _endpoints, _settings, _devices):
        part(context)
