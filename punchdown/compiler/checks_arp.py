"""ARP inspection knows stations by their leases: whoever has none must be known otherwise."""

from __future__ import annotations

from punchdown.compiler.access import SERVER_ROLES
from punchdown.compiler.context import SiteContext
from punchdown.model import PortSpec


def check_arp(context: SiteContext) -> None:
    """Hosts and unnamed machines that would lose the network. Needs names that exist."""
    site = context.site
    if not site.protection.arp_inspection:
        return
    for name, host in site.hosts.items():
        if not host.mac and not _trusted(context, name):
            context.error("arp-no-mac", ("hosts", name), f"{name} has the address {host.address} and no MAC address")
    for name, device in site.devices.items():
        for key, spec in device.ports.items():
            segment = _unnamed(context, spec)
            if segment and not site.segments[segment].dhcp:
                context.warning("arp-no-lease", ("devices", name, "ports", key),
                                f"nobody leases addresses in {segment}")


def _trusted(context: SiteContext, name: str) -> bool:
    """Whether a host is a device of the site that stands on the port of its leg, where ARP is believed."""
    device = context.site.devices.get(name)
    same = device is not None and device.management == context.site.hosts[name].address
    return same and name not in context.host_ports


def _unnamed(context: SiteContext, spec: PortSpec) -> str:
    """The segment of a port for machines without a name that have servers' addresses, empty for any other port."""
    if spec.role == "access-point":
        return spec.segment or context.management
    zone = SERVER_ROLES.get(spec.role)
    return (spec.segment or next(iter(context.segments_of_zone(zone)), "")) if zone else ""
