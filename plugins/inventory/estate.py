"""Inventory out of the estate: its devices as hosts, grouped by site, role and platform."""

from __future__ import annotations

DOCUMENTATION = r"""
name: estate
short_description: The devices of a punchdown estate
description:
  - Reads the estate that people write, so that no host is listed twice.
  - The source is the estate's own C(punchdown.yml), or a file that ends in C(.punchdown.yml) and names the plug-in.
options:
  plugin:
    description: Must be C(punchdown.site.estate); only in a file of its own.
    type: str
  estate:
    description: Folder of the estate, relative to the file. Default is the folder of the file.
    type: path
author:
  - punchdown contributors (@punchdown)
"""

EXAMPLES = r"""
# ansible-inventory -i inventory/punchdown.yml --graph

# hotels.punchdown.yml
plugin: punchdown.site.estate
estate: inventory
"""

from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

try:
    from punchdown.errors import PunchdownError
    from punchdown.loader import load_estate
    from punchdown.platforms.register import platform
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

NETWORK_CLI = "ansible.netcommon.network_cli"


class InventoryModule(BaseInventoryPlugin):
    """Hosts, groups ``site_*``, ``role_*``, ``platform_*``, and how to reach them."""

    NAME = "punchdown.site.estate"

    def verify_file(self, path: str) -> bool:
        """The estate's own file, or one that is named for this plug-in."""
        return bool(super().verify_file(path)) and (
            Path(path).name == "punchdown.yml" or path.endswith((".punchdown.yml", ".punchdown.yaml")))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Fill the inventory."""
        super().parse(inventory, loader, path, cache)
        if MISSING is not None:
            raise AnsibleParserError(f"the punchdown engine is missing ({MISSING}); pip install punchdown")
        folder = self._folder(Path(path))
        try:
            sites = load_estate(folder).sites
        except PunchdownError as error:
            raise AnsibleParserError(str(error)) from error
        hosts: dict[str, dict[str, Any]] = {}
        for site_name, site in sites.items():
            for name, device in site.devices.items():
                if name in hosts:
                    raise AnsibleParserError(f"device {name} stands in {hosts[name]['punchdown_site']} and {site_name}")
                hosts[name] = variables(name, site_name, device, folder)
        for host, facts in hosts.items():
            self._add(host, facts)

    def _folder(self, path: Path) -> Path:
        if path.name == "punchdown.yml":
            return path.parent
        self._read_config_data(str(path))
        return (path.parent / (self.get_option("estate") or ".")).resolve()

    def _add(self, host: str, facts: dict[str, Any]) -> None:
        self.inventory.add_host(host)
        for kind in ("site", "role", "platform"):
            group = f"{kind}_{facts[f'punchdown_{kind}']}".replace("-", "_")
            self.inventory.add_group(group)
            self.inventory.add_host(host, group=group)
        for key, value in facts.items():
            self.inventory.set_variable(host, key, value)


def variables(name: str, site: str, device: Any, folder: Path) -> dict[str, Any]:
    """What Ansible, network modules and netmiko need to reach one device. No credentials."""
    speaks = platform(device.platform)
    cli = {"ansible_connection": "ssh"} if speaks.capabilities.linux else {
        "ansible_connection": NETWORK_CLI, "ansible_network_os": speaks.ansible_network_os}
    return {
        "ansible_host": str(device.management),
        "ansible_port": device.port,
        **cli,
        "netmiko_device_type": speaks.netmiko_type,
        "punchdown_device": name,
        "punchdown_site": site,
        "punchdown_role": str(device.role),
        "punchdown_platform": device.platform,
        "punchdown_estate": str(folder),
    }
