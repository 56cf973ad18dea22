"""What every part of the compiler needs of one site: its model, places, and look-ups made once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from ipaddress import IPv4Address

from punchdown.catalog import Kind, Service, custom_service, kinds, services
from punchdown.compiler.ports import PortPlace, port_names, port_places
from punchdown.model import Device, Diagnostic, Host, LoadedSite, Segment, Site
from punchdown.model.diagnostics import make_diagnostic
from punchdown.platforms import platform
from punchdown.values import Position, Provenance


@dataclass
class SiteContext:
    """One site under compilation; ``diagnostics`` grow, ``vlans`` (VLANs of a device's ports) is filled on
    demand, everything else is read only. ``sampled``: one port stands for all of a range, enough to judge a site by,
    not to configure it."""

    loaded: LoadedSite
    diagnostics: list[Diagnostic] = field(default_factory=list)
    vlans: dict[str, frozenset[int]] = field(default_factory=dict)
    sampled: bool = False

    @property
    def site(self) -> Site:
        return self.loaded.site

    @property
    def broken(self) -> bool:
        """Whether an error was noted already."""
        return any(item.severity == "error" for item in self.diagnostics)

    def origin(self, *path: str, controls: tuple[str, ...] = (), note: str = "") -> Provenance:
        """The provenance of something written at a path."""
        return Provenance(".".join(path), self.loaded.positions.at(path), controls, note)

    def error(self, code: str, path: tuple[str, ...], message: str, hint: str = "") -> None:
        """Note an error at a path; compilation goes on to find more."""
        self.diagnostics.append(self.loaded.positions.diagnostic(code, path, message, hint))

    def warning(self, code: str, path: tuple[str, ...], message: str, hint: str = "", waived_until: str = "") -> None:
        """Note a warning at a path, told once the last day of its waiver is over."""
        found = self.loaded.positions.diagnostic(code, path, message, hint)
        self.diagnostics.append(replace(found, waived_until=waived_until))

    def error_at(self, code: str, position: Position, message: str) -> None:
        """Note an error at a place that is known already."""
        positions = self.loaded.positions
        self.diagnostics.append(make_diagnostic(code, position, message, excerpt=positions.excerpt(position)))

    def kind(self, host: Host) -> Kind:
        return kinds()[host.kind]

    @cached_property
    def services(self) -> dict[str, Service]:
        """The catalogue's services and the site's own, by name."""
        own = {name: custom_service(name, item.tcp, item.udp, item.source)
               for name, item in self.site.custom_services.items()}
        return {**services(), **own}

    def service(self, server: str, name: str) -> Service:
        """A service as a host offers it, or as it is anywhere else. Raises KeyError."""
        if server in self.site.hosts:
            name = self.kind(self.site.hosts[server]).renames.get(name, name)
        return self.services[name]

    def router_of(self, segment: Segment) -> str:
        """The address of a segment's router: as written, or the first of its prefix."""
        return str(segment.router or segment.prefix.network_address + 1)

    def segments_of_zone(self, zone: str) -> tuple[str, ...]:
        return tuple(name for name, segment in self.site.segments.items() if segment.zone == zone)

    @cached_property
    def voice(self) -> str:
        """The phones' segment, empty when the site has none."""
        return next(iter(self.segments_of_zone("voice")), "")

    @cached_property
    def data(self) -> str:
        """The PCs' segment, empty when the site has none."""
        return next(iter(self.segments_of_zone("data")), "")

    @cached_property
    def management(self) -> str:
        """The management segment, empty when the site has none."""
        return next(iter(self.segments_of_zone("management")), "")

    @cached_property
    def admin_sources(self) -> tuple[str, ...]:
        """The prefixes that may log in to devices: the admin hosts."""
        return tuple(sorted(f"{host.address}/32" for host in self.site.hosts.values() if host.kind == "admin"))

    @cached_property
    def port_places(self) -> dict[str, tuple[PortPlace, ...]]:
        """Device to its ports in order of writing, exceptions applied."""
        return {name: tuple(port_places(device, self.port_prefix(device),
                                        sampled=self.sampled and not device.exceptions))
                for name, device in self.site.devices.items()}

    def port_prefix(self, device: Device) -> str:
        """What a device's platform puts before a bare port number."""
        return platform(device.platform).capabilities.port_prefix

    @cached_property
    def written_ports(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Device to (port name, key of the range as written), in order of writing."""
        return {name: tuple((port, key) for key in device.ports for port in port_names(key, self.port_prefix(device)))
                for name, device in self.site.devices.items()}

    @cached_property
    def host_ports(self) -> dict[str, tuple[str, str]]:
        """Host to (device, port) that it is plugged into."""
        return {place.spec.role: (name, place.name) for name, places in self.port_places.items() for place in places
                if place.spec.role in self.site.hosts}

    def leg_address(self, device: str, segment: str) -> str:
        """The address of a device in a segment that it routes or serves.

        A lone router has the router's address; any other device keeps its host number from the management segment.
        """
        model, wanted = self.site.devices[device], self.site.segments[segment]
        if segment in model.routes and not wanted.first_hop:
            return self.router_of(wanted)
        number = int(model.management) - int(self.site.segments[self.management].prefix.network_address)
        return str(IPv4Address(int(wanted.prefix.network_address) + number))

    @cached_property
    def routers(self) -> dict[str, str]:
        """Segment to the device or host that routes it; of several the one with the highest priority."""
        owners = {segment: name for name, host in self.site.hosts.items() for segment in host.routes}
        owners |= {segment: name for name, device in self.site.devices.items() for segment in device.routes}
        shared = {name: max(item.first_hop.priorities, key=item.first_hop.priorities.__getitem__)
                  for name, item in self.site.segments.items() if item.first_hop and name in owners}
        return owners | shared
