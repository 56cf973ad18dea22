"""What every part of the compiler needs of one site: its model, places, and look-ups made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Address

from punchdown.catalog import Kind, Service, kinds
from punchdown.model import Device, Diagnostic, Host, LoadedSite, Segment, Site
from punchdown.model.fields import expand_ports
from punchdown.platforms import platform
from punchdown.values import Provenance


@dataclass
class SiteContext:
    """One site under compilation; ``diagnostics`` grow, everything else is read only."""

    loaded: LoadedSite
    diagnostics: list[Diagnostic] = field(default_factory=list)

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

    def warning(self, code: str, path: tuple[str, ...], message: str, hint: str = "") -> None:
        """Note a warning at a path."""
        self.diagnostics.append(self.loaded.positions.diagnostic(code, path, message, hint))

    def kind(self, host: Host) -> Kind:
        return kinds()[host.kind]

    def service(self, host: str, name: str) -> Service:
        """A service as a host offers it. Raises KeyError."""
        return self.kind(self.site.hosts[host]).service(name)

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
    def written_ports(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Device to (port name, key as written), in order of port."""
        return {name: tuple(self._ports_of(device)) for name, device in self.site.devices.items()}

    def _ports_of(self, device: Device) -> list[tuple[str, str]]:
        default = platform(device.platform).capabilities.port_prefix
        ports = []
        for key in device.ports:
            prefix, numbers = expand_ports(key)
            ports += [(f"{prefix or default}{number}", key) for number in numbers]
        return ports

    @cached_property
    def host_ports(self) -> dict[str, tuple[str, str]]:
        """Host to (device, port) that it is plugged into."""
        return {
            device.ports[key].role: (name, port)
            for name, device in self.site.devices.items() for port, key in self.written_ports[name]
            if device.ports[key].role in self.site.hosts
        }

    def leg_address(self, device: str, segment: str) -> str:
        """The address of a device in a segment that it routes or serves.

        A firewall has the router's address; any other device keeps its host number from the management segment.
        """
        model, wanted = self.site.devices[device], self.site.segments[segment]
        if segment in model.routes:
            return self.router_of(wanted)
        number = int(model.management) - int(self.site.segments[self.management].prefix.network_address)
        return str(IPv4Address(int(wanted.prefix.network_address) + number))

    @cached_property
    def routers(self) -> dict[str, str]:
        """Segment to the device that routes it."""
        return {segment: name for name, device in self.site.devices.items() for segment in device.routes}
