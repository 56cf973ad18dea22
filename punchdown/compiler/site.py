"""Compile one site: check it whole, then say for each device what it must do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from punchdown.compiler.access import PortCompiler, is_switch, protection, switch_vlans
from punchdown.compiler.checks import check_site, check_size
from punchdown.compiler.checks_devices import grouped
from punchdown.compiler.context import SiteContext
from punchdown.compiler.facts import site_facts
from punchdown.compiler.filters import port_filters
from punchdown.compiler.flows import build_matrix
from punchdown.compiler.gateway import check_gateways
from punchdown.compiler.guards import Guards
from punchdown.compiler.needs import device_needs
from punchdown.compiler.references import check_references
from punchdown.compiler.servers import (
    dhcp_intent,
    firewall_intent,
    management_plane,
    qos_intent,
    radius_intent,
    radius_servers,
)
from punchdown.compiler.statements import check_statements
from punchdown.compiler.topology import build_topology
from punchdown.intent import DeviceIntent, Fact, Filter, FlowMatrix
from punchdown.intent.topology import Topology
from punchdown.model import Device, Diagnostic, LoadedSite
from punchdown.model.diagnostics import in_order
from punchdown.platforms import platform


@dataclass(frozen=True, slots=True)
class CompiledSite:
    """``devices`` sorted by name; ``diagnostics`` sorted by place, empty of errors when ``devices`` is complete;
    ``facts`` are what the site states and no device of it enforces; ``topology`` is how its boxes are wired."""

    site: str
    devices: tuple[DeviceIntent, ...]
    matrix: FlowMatrix | None
    diagnostics: tuple[Diagnostic, ...]
    facts: tuple[Fact, ...] = ()
    topology: Topology | None = None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What keeps the site from any device."""
        return tuple(item for item in self.diagnostics if item.severity == "error")


def _filters(context: SiteContext, matrix: FlowMatrix, name: str) -> tuple[Filter, ...]:
    """The filters of the protected hosts that are plugged into a device; a host may stand on two ports."""
    stateful = platform(context.site.devices[name].platform).capabilities.filter_out
    here = {place.spec.role for place in context.port_places[name]}
    hosts = [host for host in matrix.hosts if host.protected and host.name in here]
    return tuple(item for host in hosts for item in port_filters(context, matrix, host, stateful=stateful))


def _device(context: SiteContext, matrix: FlowMatrix, name: str) -> DeviceIntent:
    device = context.site.devices[name]
    switch = is_switch(device)
    compiler = PortCompiler(context, name) if switch else None
    ports = compiler.ports() if compiler else ()
    links = compiler.links() if compiler else ()
    filters = _filters(context, matrix, name) if switch else ()
    if switch and not platform(device.platform).capabilities.filter_out:
        guarded = Guards(context, matrix, name).bind((*ports, *(link.port for link in links)))
        links = tuple(replace(link, port=port) for link, port in zip(links, guarded.ports[len(ports):], strict=True))
        ports, filters = guarded.ports[:len(ports)], (*filters, *guarded.filters)
    return DeviceIntent(
        site=context.site.site, device=name, platform=device.platform, model=device.model, version=device.version,
        role=device.role, manage=device.manage, management=management_plane(context, name),
        vlans=switch_vlans(context, name) if switch else (), parking_vlan=context.site.parking_vlan, ports=ports,
        filters=filters,
        radius_servers=radius_servers(context, name) if any(port.dot1x for port in ports) else (),
        qos=qos_intent(context) if switch or device.role == "firewall" else None,
        radius=radius_intent(context, name) if device.role == "radius" else None,
        dhcp=dhcp_intent(context, name) if device.role == "dhcp" else None,
        firewall=firewall_intent(context, name, matrix) if device.role == "firewall" else None,
        source=context.origin("devices", name), needs=device_needs(context, name),
        links=links, protection=protection(context, name) if switch else None, authentication=device.authentication)


def _refuse_impossible(context: SiteContext, intent: DeviceIntent) -> None:
    room = platform(intent.platform)
    path = ("devices", intent.device, "platform")
    if intent.role not in room.capabilities.roles:
        context.error("platform-role", path, f"{intent.platform} does not do the role {intent.role}",
                      f"it can be: {', '.join(room.capabilities.roles)}")
        return
    if any(port.dot1x for port in intent.ports) and not room.capabilities.has_dot1x(intent.model):
        context.error("platform-dot1x", path, f"{intent.platform} has no 802.1X"
                      + (f" on model {intent.model}" if intent.model else ""),
                      "set `dot1x: false` on its ports, or use another platform")
        return
    for need in intent.needs:
        if need.feature not in room.capabilities.meets:
            context.error_at("platform-need", need.source.position, f"{intent.device} ({intent.platform}) does not do "
                             f"{need.what}")
    for reason in grouped(room.refusals(intent)):
        context.error("platform-refuses", path, reason)


_OWN = frozenset({"management", "description", "port", "connection", "radius_secret"})
"""What two devices may differ in and still be met, or refused, alike."""


def _unlike(devices: Mapping[str, Device]) -> list[str]:
    """One device of each kind: those that are left out have the same role, platform, ports and tasks as one of them."""
    kinds: list[tuple[str, dict[str, object]]] = []
    for name, device in devices.items():
        asked = {key: value for key, value in device.__dict__.items() if key not in _OWN}
        if all(asked != other for _, other in kinds):
            kinds.append((name, asked))
    return [name for name, _ in kinds]


def _check(context: SiteContext) -> tuple[FlowMatrix | None, tuple[DeviceIntent, ...]]:
    """Note everything that is wrong; flow matrix and intents, unless an error keeps them from being made."""
    if check_size(context):
        check_references(context)
        names_hold = not context.broken
        check_site(context, names_hold=names_hold)
        check_gateways(context, names_hold=names_hold)
    check_statements(context)
    if context.broken:
        return None, ()
    matrix = build_matrix(context)
    names = _unlike(context.site.devices) if context.sampled else context.site.devices
    devices = tuple(_device(context, matrix, name) for name in sorted(names))
    for intent in devices:
        _refuse_impossible(context, intent)
    return matrix, devices


def judge_site(loaded: LoadedSite) -> tuple[Diagnostic, ...]:
    """What :func:`compile_site` says against a site, sorted by place, without what only rendering needs.

    One port stands for its whole range, one device for all that are asked for the same; when one is refused, all are
    looked at, so that each is named.
    """
    context = SiteContext(loaded, sampled=True)
    _check(context)
    return compile_site(loaded).diagnostics if context.broken else tuple(in_order(context.diagnostics))


def compile_site(loaded: LoadedSite) -> CompiledSite:
    """Intents of every device and the flow matrix; or, with errors, what is wrong with the site."""
    context = SiteContext(loaded)
    matrix, devices = _check(context)
    whole = matrix is not None
    return CompiledSite(context.site.site, devices, matrix, tuple(in_order(context.diagnostics)),
                        site_facts(context) if whole else (), build_topology(context, devices) if whole else None)
