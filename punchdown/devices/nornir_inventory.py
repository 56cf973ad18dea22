"""An estate as a nornir inventory: ``InitNornir(inventory={"plugin": "PunchdownInventory", "options": {...}})``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from nornir.core.inventory import ConnectionOptions, Defaults, Group, Groups, Host, Hosts, Inventory, ParentGroups

from punchdown.loader import load_estate
from punchdown.model import Device, Site
from punchdown.platforms import platform


class PunchdownInventory:
    """Hosts are the estate's devices, groups are ``site_<name>``, ``role_<role>`` and ``platform_<name>``.

    A device whose name stands in several sites is called ``device.site``. No credential is in the inventory.
    """

    def __init__(self, estate: str = ".") -> None:
        self._estate = Path(estate).expanduser()

    def load(self) -> Inventory:
        """Read the estate. Raises InputError."""
        sites = load_estate(self._estate).sites
        names = Counter(name for site in sites.values() for name in site.devices)
        defaults, groups, hosts = Defaults(), Groups(), Hosts()
        for site_name, site in sorted(sites.items()):
            for name, device in sorted(site.devices.items()):
                unique = name if names[name] == 1 else f"{name}.{site_name}"
                hosts[unique] = _host(unique, site, device, groups, defaults)
        return Inventory(hosts=hosts, groups=groups, defaults=defaults)


def _host(name: str, site: Site, device: Device, groups: Groups, defaults: Defaults) -> Host:
    driver = platform(device.platform).netmiko_type
    parents = [f"site_{site.site}", f"role_{device.role}", f"platform_{device.platform}"]
    for parent in parents:
        groups.setdefault(parent, Group(name=parent, defaults=defaults))
    return Host(
        name=name, hostname=str(device.management), port=device.port, platform=driver,
        groups=ParentGroups([groups[parent] for parent in parents]), defaults=defaults,
        data={"site": site.site, "role": device.role, "punchdown_platform": device.platform, "model": device.model,
              "credential": device.connection.credential or site.management.credential},
        connection_options={"netmiko": _options(driver)})


def _options(driver: str) -> ConnectionOptions:
    """Only known host keys, no keys found by chance, no record of what is sent."""
    return ConnectionOptions(platform=driver, extras={
        "ssh_strict": True, "system_host_keys": False, "use_keys": False, "allow_agent": False, "session_log": None})
