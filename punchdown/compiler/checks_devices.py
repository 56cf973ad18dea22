"""Devices and their ports: what is asked twice, by nobody, or in vain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from punchdown.catalog import eap_method
from punchdown.compiler.access import PORT_ROLES
from punchdown.compiler.context import SiteContext
from punchdown.model.devices import Device
from punchdown.model.fields import expand_ports

_SWITCHES = frozenset({"core-switch", "access-switch"})
_USER_ROLES = frozenset({"pc", "phone", "phone-and-pc"})
_STRENGTH = {"md5": 1, "peap": 2, "tls": 3}
"""802.1X methods from the weakest to the best; a MAC address (mab) is a choice of its own."""
_RESERVED = frozenset({"wan", "any", *PORT_ROLES})
"""Words that stand where a name could."""
_SLOT = re.compile(r"\d{1,2}/[A-Z]")
"""What stands before a port's number in a module of a stack's member."""
_TRUSTED = frozenset({"call-control", "voice", "server", "management"})


def check_devices(context: SiteContext) -> None:
    """What can be said of devices without following a name."""
    _routing(context)
    _leasing(context)
    for name, device in context.site.devices.items():
        path = ("devices", name)
        if device.ports and device.role not in _SWITCHES:
            context.warning("ports-ignored", (*path, "ports"), f"{name} is a {device.role}, not a switch")
        if device.serves and device.role != "dhcp":
            context.warning("serves-ignored", (*path, "serves"), f"{name} is a {device.role}, not a DHCP server")
        if device.routes and device.role != "firewall":
            what = f"{device.role} server" if device.role in {"radius", "dhcp"} else device.role
            article = "an" if what[0] in "aeiou" else "a"
            context.error("routes-ignored", (*path, "routes"), f"{name} is {article} {what} and routes nothing")
        if _idle(device):
            context.warning("device-idle", path, f"{name} is a {device.role} and has nothing to do")
    _endpoints(context)
    _names(context)


def _names(context: SiteContext) -> None:
    site = context.site
    for group, what in (("segments", "segment"), ("remotes", "remote network")):
        for name in getattr(site, group):
            others = [("hosts", "host")] + ([("segments", "segment")] if group == "remotes" else [])
            for other, word in others:
                if name in getattr(site, other):
                    context.error("name-both", (group, name), f"{name} is a {what} and a {word}",
                                  f"the {word} is at {context.loaded.positions.at((other, name))}")
    for key in ("segments", "hosts", "devices", "remotes"):
        for name in getattr(site, key):
            if name in _RESERVED:
                context.error("name-reserved", (key, name), f"{name} means something else already")


def _idle(device: Device) -> bool:
    needs = {"core-switch": device.ports, "access-switch": device.ports, "firewall": device.routes,
             "dhcp": device.serves}
    return device.role in needs and not needs[device.role]


def _routing(context: SiteContext) -> None:
    """One router a segment; several only with first-hop redundancy among them."""
    owners: dict[str, str] = {}
    for name, device in context.site.devices.items():
        for number, segment in enumerate(device.routes):
            item = context.site.segments.get(segment)
            shared = item.first_hop.priorities if item and item.first_hop else {}
            if segment in owners and not {name, owners[segment]} <= shared.keys():
                context.error("router-twice", ("devices", name, "routes", str(number)),
                              f"{segment} is routed by {owners[segment]} already")
            owners.setdefault(segment, name)


def _leasing(context: SiteContext) -> None:
    owners: dict[str, str] = {}
    for name, device in context.site.devices.items():
        for number, segment in enumerate(device.serves):
            path = ("devices", name, "serves", str(number))
            if segment in owners:
                context.error("server-twice", path, f"{segment} is served by {owners[segment]} already")
            owners.setdefault(segment, name)
            if segment in context.site.segments and not context.site.segments[segment].dhcp:
                context.error("serves-no-range", path, f"{segment} has no lease range")
    for label, item in context.site.segments.items():
        if item.dhcp and label not in owners:
            context.warning("segment-not-served", ("segments", label, "dhcp"), f"no device serves {label}")


def _endpoints(context: SiteContext) -> None:
    for name, endpoint in context.site.endpoints.items():
        best = eap_method(endpoint.model) if endpoint.kind == "phone" and endpoint.model else ""
        if endpoint.eap in _STRENGTH and best and _STRENGTH[endpoint.eap] < _STRENGTH[best] and best != "peap":
            context.warning("eap-weaker", ("endpoints", name, "eap"),
                            f"{name} is asked for {endpoint.eap}; model {endpoint.model} can do {best}")


def grouped(reasons: Iterable[str]) -> Iterator[str]:
    """Reasons that differ in the port alone, told once: ``port p1 and 45 more: ...``."""
    by_reason: dict[str, list[str]] = {}
    for reason in reasons:
        subject, colon, words = reason.partition(": ")
        by_reason.setdefault(words if colon else "", []).append(subject)
    for words, subjects in by_reason.items():
        if words:
            more = f" and {len(subjects) - 1} more" if len(subjects) > 1 else ""
            yield f"{subjects[0]}{more}: {words}"
        else:
            yield from subjects


def check_ports(context: SiteContext) -> None:
    """Ports, and what they say of hosts, phones and 802.1X. Needs names that exist."""
    for name, device in context.site.devices.items():
        _twice(context, name, device)
        if device.role in _SWITCHES:
            _roles(context, name, device)
            _slots(context, name, device)
    _host_ports(context)
    _legs(context)
    _uplinks(context)
    _dot1x(context)


def _ranges(context: SiteContext, name: str, device: Device) -> Iterator[tuple[str, str, range]]:
    """(key as written, prefix, numbers) of every port key."""
    del context, name
    for key in device.ports:
        prefix, numbers = expand_ports(key)
        yield key, prefix, range(numbers[0], numbers[-1] + 1)


def _twice(context: SiteContext, name: str, device: Device) -> None:
    seen: dict[str, set[int]] = {}
    for key, prefix, numbers in _ranges(context, name, device):
        taken = seen.setdefault(prefix, set())
        if not taken.isdisjoint(numbers):
            number = min(taken.intersection(numbers))
            first = next(other for other, its, others in _ranges(context, name, device)
                         if its == prefix and number in others)
            place = context.loaded.positions.at(("devices", name, "ports", first))
            context.error("port-twice", ("devices", name, "ports", key), f"the port {prefix}{number} is used twice",
                          f"first used at {place}")
        taken.update(numbers)


def _slots(context: SiteContext, name: str, device: Device) -> None:
    """`1/A1` is a port where names are nothing but member, slot and number."""
    if not context.port_prefix(device):
        return
    keys = (*((key, ("ports", key)) for key in device.ports), *((key, ("aggregations", label, "ports"))
            for label, link in device.aggregations.items() for key in link.ports))
    for key, path in keys:
        if _SLOT.fullmatch(expand_ports(key)[0]):
            context.error("port-form", ("devices", name, *path), f"{device.platform} has no port {key}")


def _roles(context: SiteContext, name: str, device: Device) -> None:
    servers = context.site.dot1x.servers
    for key, spec in device.ports.items():
        path = ("devices", name, "ports", key)
        if spec.role in {"phone", "phone-and-pc"} and not context.voice:
            context.error("phone-no-segment", path, "there is no segment of zone voice")
        if spec.role in {"pc", "phone-and-pc"} and not (context.data or spec.segment):
            context.error("pc-no-segment", path, "there is no segment of zone data")
        if spec.role == name:
            context.error("port-self", path, f"{name} is plugged into itself")
        if spec.role in _USER_ROLES and servers and not spec.dot1x:
            context.warning("dot1x-open", path, f"port {key} is open to whoever plugs in")


def _host_ports(context: SiteContext) -> None:
    seen: dict[str, str] = {}
    for name, device in context.site.devices.items():
        for key, spec in device.ports.items():
            if spec.role in context.site.hosts:
                here = f"{name} {key}"
                if spec.role in seen:
                    context.warning("host-two-ports", ("devices", name, "ports", key),
                                    f"{spec.role} stands on {seen[spec.role]} already")
                seen.setdefault(spec.role, here)


def _legs(context: SiteContext) -> None:
    """A router on switches of the site needs a leg, or a trunk, to each segment that it routes."""
    roles = {role for device in context.site.devices.values() if device.role in _SWITCHES for role in _peers(device)}
    for name, device in context.site.devices.items():
        if device.role != "firewall" or name in roles or not any(role.startswith(f"{name}/") for role in roles):
            continue
        for number, segment in enumerate(device.routes):
            if f"{name}/{segment}" not in roles:
                context.warning("router-unreachable", ("devices", name, "routes", str(number)),
                                f"no port leads to {name}/{segment}")


def _uplinks(context: SiteContext) -> None:
    devices = context.site.devices
    links = {(name, role) for name, device in devices.items() for role in _peers(device)}
    for name, device in devices.items():
        for key, spec in device.ports.items():
            peer = spec.role
            if peer in devices and peer != name and devices[peer].role in _SWITCHES and (peer, name) not in links:
                context.warning("uplink-one-sided", ("devices", name, "ports", key),
                                f"no port of {peer} names {name}", f"add a port to {peer}: `PORT: {name}`")


def _peers(device: Device) -> Iterator[str]:
    for spec in device.ports.values():
        yield spec.role
    for group in device.aggregations.values():
        yield group.role


def _dot1x(context: SiteContext) -> None:
    site, settings = context.site, context.site.dot1x
    users = [(name, key) for name, device in site.devices.items() if device.role in _SWITCHES
             for key, spec in device.ports.items() if spec.role in _USER_ROLES]
    if users and not settings.servers:
        name, key = users[0]
        context.warning("dot1x-no-servers", ("devices", name, "ports", key), "no port asks who plugs in",
                        "add `dot1x: {servers: [...]}`")
    if settings.servers and settings.dead == "critical" and not settings.critical_segment:
        context.warning("critical-missing", ("dot1x", "dead"), "no segment is named for the time without RADIUS")
    for key, name in (("guest_segment", settings.guest_segment), ("auth_fail_segment", settings.auth_fail_segment)):
        if name and site.segments[name].zone in _TRUSTED:
            context.error("guest-trusted", ("dot1x", key), f"{name} is of zone {site.segments[name].zone}")
