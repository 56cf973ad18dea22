"""What the catalogue leaves to the site: conditions under which a recommendation holds, and values that follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from punchdown.compiler.gateway.gateway import Gateway
from punchdown.compiler.gateway.reading import Path, Row
from punchdown.values import SettingValue


def _wan_unused(gateway: Gateway) -> bool:
    return not (gateway.rows("port-forward-table") or gateway.cell("wan-settings", "ip-address-method")
                or gateway.cell("wan-settings", "static-ip-address"))


def _no_pc_behind_phones(gateway: Gateway) -> bool:
    devices = gateway.context.site.devices.values()
    return not any(spec.role == "phone-and-pc" for device in devices for spec in device.ports.values())


def _no_minet_devices(gateway: Gateway) -> bool:
    return not (gateway.rows("minet-devices", "devices") or "minet-tls" in gateway.exposed)


def _blocking_lets_in(gateway: Gateway) -> bool:
    """Blocking shuts nobody out who is exposed to on purpose: a permit list, or a mode that allows the rest."""
    mode = gateway.cell("ip-blocking", "rules-mode")
    return (not gateway.exposed or (mode is not None and mode.value == "Permit/Block/Allow")
            or any(row.get("list-mode") == "permit" for row in gateway.rows("ip-blocking", "lists")))


CONDITIONS: Mapping[str, Callable[[Gateway], bool]] = {
    "blocking-lets-in": _blocking_lets_in,
    "no-ssh-clients": lambda gateway: "ssh" not in gateway.clients,
    "wan-unused": _wan_unused,
    "no-pc-behind-phones": _no_pc_behind_phones,
    "no-minet-devices": _no_minet_devices,
    "no-api-consumers": lambda gateway: not gateway.rows("web-services", "consumers"),
}
"""Name in the catalogue to whether it holds for a gateway."""

Derived = tuple[SettingValue, Path]


def deployment_mode(gateway: Gateway) -> str:
    """server-only behind the site's firewall, server-gateway where the border gateway is an edge of its own."""
    cell = gateway.cell("deployment", "mode")
    if cell:
        return str(cell.value)
    return "server-gateway" if gateway.host.kind == "border-gateway-edge" else "server-only"


def _mode(gateway: Gateway) -> Derived:
    return deployment_mode(gateway), ("hosts", gateway.name, "kind")


def _public(gateway: Gateway) -> Derived:
    return str(gateway.host.public or "") or None, ("hosts", gateway.name, "public")


def _set_side(gateway: Gateway) -> Derived:
    cell = gateway.cell("deployment", "wan-interface-address")
    if cell and deployment_mode(gateway) == "server-gateway":
        return cell.value, cell.path
    return _public(gateway)


def _icp_side(gateway: Gateway) -> Derived:
    if deployment_mode(gateway) == "server-only":
        return _public(gateway)
    cell = gateway.cell("deployment", "lan-interface-address")
    return (cell.value, cell.path) if cell else (str(gateway.host.address), ("hosts", gateway.name, "address"))


def _admin_hosts(gateway: Gateway) -> Derived:
    return gateway.context.admin_sources or None, ("hosts",)


def _site_banner(gateway: Gateway) -> Derived:
    return tuple(gateway.context.site.management.banner) or None, ("management", "banner")


def _ssh_access(gateway: Gateway) -> Derived:
    return ("local networks only" if "ssh" in gateway.clients else None), ("hosts", gateway.name)


def _smdr_used(gateway: Gateway) -> Derived:
    takers = gateway.clients.get("smdr", ())
    return ("Yes", ("hosts", takers[0], "uses")) if takers and takers[0] in gateway.context.site.hosts else (None, ())


DERIVED: Mapping[str, Callable[[Gateway], Derived]] = {
    "deployment-mode": _mode,
    "set-side-streaming": _set_side,
    "icp-side-streaming": _icp_side,
    "admin-hosts": _admin_hosts,
    "site-banner": _site_banner,
    "smdr-used": _smdr_used,
    "ssh-access": _ssh_access,
}
"""Name in the catalogue to the value (None: the site doesn't say) and the place that it follows from."""


def destination_start(row: Row) -> int | None:
    """The first port inside: as written, or that outside."""
    value = row.get("dst-start-port", row.get("src-start-port"))
    return value if isinstance(value, int) else None


def destination_end(row: Row) -> int | None:
    """The last port inside: both ranges have the same size."""
    first, start, end = destination_start(row), row.get("src-start-port"), row.get("src-end-port")
    if first is None or not isinstance(start, int) or not isinstance(end, int):
        return None
    return first + end - start


DERIVED_IN_ROW: Mapping[str, Callable[[Row], SettingValue]] = {
    "source-start": destination_start,
    "destination-end": destination_end,
}
"""Name in the catalogue to the value that follows from the rest of the same entry."""
