"""Fills an EMPTY NetBox, kept for tests, with the site that the recorded answers are of.

    python -m tests.adopt.fill_netbox http://127.0.0.1:8000 TOKEN-FILE READER-TOKEN-FILE BLIND-TOKEN-FILE

Everything goes in through NetBox's REST API (tried with 3.7 and 4.6). It refuses a NetBox that knows a site already.
The last two files are written: the token of a user who may look at everything, and of one who sees sites alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import urllib3

Row = dict[str, Any]
OTHER_SITES = 39
ODD = 'PRT "Bar"\n<b>☎ Ünit</b> \'7\''
"""A name that nobody should give, and somebody did."""


class Writer:
    """NetBox's REST API, to write to."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._pool = urllib3.PoolManager(timeout=120, retries=False)
        self._headers = {"Authorization": f"{'Bearer' if token.startswith('nbt_') else 'Token'} {token}",
                         "Content-Type": "application/json"}

    def ask(self, method: str, path: str, data: object = None) -> Any:
        answer = self._pool.request(method, f"{self._url}/api/{path}", headers=self._headers,
                                    body=None if data is None else json.dumps(data))
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: HTTP {answer.status}: {answer.data[:2000].decode()}")
        return answer.json()

    def add(self, kind: str, **fields: Any) -> int:
        return int(self.ask("POST", f"{kind}/", fields)["id"])

    def add_all(self, kind: str, rows: Iterable[Row]) -> list[int]:
        return [int(row["id"]) for row in self.ask("POST", f"{kind}/", list(rows))]

    def named(self, kind: str, name: str, **fields: Any) -> int:
        slug = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in name.lower()).split())
        return self.add(kind, name=name, slug=slug, **fields)


class Filler:
    """The site ``porto`` as people keep sites: some of it here, some of it there."""

    def __init__(self, netbox: Writer, version: tuple[int, ...]) -> None:
        self.netbox, self.version = netbox, version
        named = netbox.named
        self.site = named("dcim/sites", "Porto")
        self.others = [named("dcim/sites", f"Hotel {number:02}") for number in range(1, OTHER_SITES + 1)]
        self.location = named("dcim/locations", "Cellar", site=self.site)
        self.tenants = [named("tenancy/tenants", name) for name in ('Hotel "Douro"', "Bar & Café")]
        maker = named("dcim/manufacturers", "Cisco")
        self.models = {name: netbox.add("dcim/device-types", manufacturer=maker, model=name, slug=name.lower())
                       for name in ("C9300-48P", "C9500-16X", "Phone-6940", "Panel-24", "Box")}
        self.roles = {name: named("dcim/device-roles", name, color="9e9e9e")
                      for name in ("Access switch", "Core switch", "Firewall", "Router", "IP phone", "Patch panel",
                                   "Access point")}
        self.platforms = {name: named("dcim/platforms", name)
                          for name in ("IOS-XE", "Junos", "Linux nftables", "Some OS")}
        self.devices: dict[str, int] = {}
        self.ports: dict[tuple[str, str], int] = {}
        self.vlans: dict[int, int] = {}

    def scope(self, kind: str, number: int) -> Row:
        """Where a prefix is: before 4.2 a site or nothing."""
        if self.version >= (4, 2):
            return {"scope_type": kind, "scope_id": number}
        return {"site": number if kind == "dcim.site" else self.site}

    def fill_vlans(self) -> None:
        netbox, site = self.netbox, {"site": self.site}
        voice = netbox.named("ipam/roles", "Voice")
        group = netbox.named("ipam/vlan-groups", "Porto floors", scope_type="dcim.site", scope_id=self.site)
        shared = netbox.named("ipam/vlan-groups", "All hotels")
        rows: tuple[Row, ...] = (
            {"vid": 20, "name": "Telephones", "role": voice, **site}, {"vid": 30, "name": "Office", "group": group},
            {"vid": 99, "name": "MGMT", **site}, {"vid": 66, "name": "Old lab", "status": "deprecated", **site},
            {"vid": 40, "name": 'Guest "Wi-Fi" ☕', "group": shared}, {"vid": 41, "name": "Elsewhere", "group": shared},
            {"vid": 50, "name": "Servers", "group": group}, {"vid": 20, "name": "Telephones", "site": self.others[0]})
        for row, number in zip(rows[:-1], netbox.add_all("ipam/vlans", rows), strict=False):
            self.vlans[row["vid"]] = number
        here = self.scope("dcim.site", self.site)
        netbox.add_all("ipam/prefixes", (
            {"prefix": "10.7.0.0/16", "status": "container", **here},
            {"prefix": "10.7.20.0/24", "vlan": self.vlans[20], **here},
            {"prefix": "2001:db8:7:20::/64", "vlan": self.vlans[20], **here},
            {"prefix": "10.7.30.0/24", "vlan": self.vlans[30]},
            {"prefix": "10.7.31.0/24", "vlan": self.vlans[30], "status": "reserved", **here},
            {"prefix": "10.7.40.0/24", "vlan": self.vlans[40]},
            {"prefix": "10.8.40.0/24", "vlan": self.vlans[40], **self.scope("dcim.site", self.others[0])},
            {"prefix": "10.7.50.0/24", "vlan": self.vlans[50], **self.scope("dcim.location", self.location)},
            {"prefix": "10.7.99.0/24", "vlan": self.vlans[99], **self.scope("dcim.location", self.location)}))

    def device(self, name: str | None, role: str, platform: str, model: str = "C9300-48P", **fields: Any) -> int:
        row = {"name": name, "role": self.roles[role], "device_type": self.models[model], "site": self.site,
               "platform": self.platforms.get(platform), **fields}
        number = self.netbox.add("dcim/devices", **row)
        self.devices[name or "none"] = number
        return number

    def fill_devices(self) -> None:
        first = self.device("PRT-ACC-1", "Access switch", "IOS-XE", tenant=self.tenants[0], location=self.location)
        stack = self.netbox.add("dcim/virtual-chassis", name="PRT-ACC-1")
        self.netbox.ask("PATCH", f"dcim/devices/{first}/", {"virtual_chassis": stack, "vc_position": 1})
        self.netbox.ask("PATCH", f"dcim/virtual-chassis/{stack}/", {"master": first})
        self.device("PRT-ACC-1-2", "Access switch", "IOS-XE", virtual_chassis=stack, vc_position=2)
        self.device("PRT-CORE", "Core switch", "IOS-XE", "C9500-16X",
                    local_context_data={"snmp": {"community": "not-for-everybody"}})
        self.device("PRT-FW", "Firewall", "Linux nftables", "Box")
        self.device("PRT-RTR", "Router", "Junos", "Box")
        self.device("PRT-JNP", "Access switch", "Junos", "Box")
        self.device("PRT-OLD", "Access switch", "IOS-XE", status="decommissioning")
        self.device(None, "Access switch", "IOS-XE")
        self.device(ODD, "Access switch", "IOS-XE")
        self.devices["twin"] = self.device("PRT-TWIN", "Access switch", "IOS-XE", tenant=self.tenants[1])
        self.device("PRT-TWIN", "Access switch", "IOS-XE", tenant=self.tenants[0])
        self.device("PRT-BARE", "Access switch", "Some OS")
        self.device("PRT-AP-1", "Access point", "IOS-XE")
        self.device("PRT-PANEL", "Patch panel", "", "Panel-24")
        for number in range(1, 4):
            self.device(f"Phone {number}", "IP phone", "", "Phone-6940")
        self.netbox.add_all("dcim/devices", (
            {"name": f"H{number:02}-ACC-1", "role": self.roles["Access switch"], "site": site,
             "device_type": self.models["C9300-48P"], "platform": self.platforms["IOS-XE"]}
            for number, site in enumerate(self.others, 1)))

    def interfaces(self, device: str, rows: Iterable[Mapping[str, Any]]) -> None:
        made = [{"type": "1000base-t", **row, "device": self.devices[device]} for row in rows]
        for row, number in zip(made, self.netbox.add_all("dcim/interfaces", made), strict=True):
            self.ports[device, row["name"]] = number

    def fill_interfaces(self) -> None:
        voice, office, guest, servers, mgmt = (self.vlans[vid] for vid in (20, 30, 40, 50, 99))
        phone = {"mode": "tagged", "untagged_vlan": office, "tagged_vlans": [voice]}
        trunk = {"mode": "tagged", "tagged_vlans": [voice, office, guest, mgmt]}
        self.interfaces("PRT-ACC-1", (
            *({"name": f"GigabitEthernet1/0/{number}", **phone} for number in range(1, 7)),
            {"name": "GigabitEthernet1/0/13", "mode": "access", "untagged_vlan": office,
             "description": 'Printer "2nd"\nfloor \U0001f5a8'},
            {"name": "GigabitEthernet1/0/14", "enabled": False},
            {"name": "GigabitEthernet1/0/15", "mode": "access", "untagged_vlan": guest},
            {"name": "GigabitEthernet1/0/16"},
            {"name": "GigabitEthernet1/0/48", **trunk},
            {"name": "GigabitEthernet0/0", "mgmt_only": True}, {"name": "Vlan99", "type": "virtual"}))
        self.interfaces("PRT-ACC-1-2", (
            *({"name": f"GigabitEthernet2/0/{number}", **phone} for number in range(1, 3)),
            {"name": "GigabitEthernet2/0/48", **trunk}))
        core = {"mode": "tagged", "tagged_vlans": [voice, office, guest, servers, mgmt]}
        self.interfaces("PRT-CORE", (
            {"name": "TenGigabitEthernet1/0/1", "type": "10gbase-x-sfpp", **trunk},
            {"name": "Port-channel1", "type": "lag", "mode": "tagged-all"},
            {"name": "TenGigabitEthernet1/0/4", "mode": "access", "untagged_vlan": servers,
             "description": "Rack; `reload` ${x} {{ y }}"},
            {"name": "TenGigabitEthernet1/0/16", **core}, {"name": "Vlan99", "type": "virtual"}))
        self.interfaces("PRT-CORE", ({"name": f"TenGigabitEthernet1/0/{number}", "type": "10gbase-x-sfpp",
                                      "lag": self.ports["PRT-CORE", "Port-channel1"]} for number in (2, 3)))
        self.interfaces("PRT-FW", ({"name": name} for name in ("lan20", "lan30", "lan50", "lan99", "wan0")))
        self.interfaces("PRT-JNP", ({"name": "ge-0/0/7", "mode": "access", "untagged_vlan": office},
                                    {"name": "irb.99", "type": "virtual"}))
        for name in ("PRT-OLD", "none", ODD, "PRT-TWIN", "twin", "PRT-BARE"):
            self.interfaces(name, ({"name": "Vlan99", "type": "virtual"},
                                   {"name": "GigabitEthernet1/0/1", "mode": "access", "untagged_vlan": office}))
        for name in ("Phone 1", "Phone 2", "Phone 3"):
            self.interfaces(name, ({"name": "LAN"},))

    def address(self, text: str, device: str, port: str, *, primary: bool = False, **fields: Any) -> None:
        number = self.netbox.add("ipam/ip-addresses", address=text, assigned_object_type="dcim.interface",
                                 assigned_object_id=self.ports[device, port], **fields)
        if primary:
            self.netbox.ask("PATCH", f"dcim/devices/{self.devices[device]}/", {"primary_ip4": number})

    def fill_addresses(self) -> None:
        for device, last in (("PRT-ACC-1", 11), ("PRT-CORE", 2), ("PRT-OLD", 4), ("none", 5), (ODD, 6),
                             ("PRT-TWIN", 7), ("twin", 8), ("PRT-BARE", 9)):
            self.address(f"10.7.99.{last}/24", device, "Vlan99", primary=True)
        self.address("10.7.99.3/32", "PRT-JNP", "irb.99", primary=True)
        self.address("2001:db8:7:99::11/64", "PRT-ACC-1", "Vlan99")
        for vlan, last in ((20, 1), (30, 254), (50, 1)):
            self.address(f"10.7.{vlan}.{last}/24", "PRT-FW", f"lan{vlan}")
        self.address("10.7.99.1/24", "PRT-FW", "lan99", primary=True)
        self.address("203.0.113.6/29", "PRT-FW", "wan0")

    def fill_cables(self) -> None:
        """One link straight, one through a panel, three to phones."""
        panel = self.devices["PRT-PANEL"]
        rear = self.netbox.add("dcim/rear-ports", device=panel, name="R1", type="8p8c")
        behind: Row = {"rear_ports": [{"position": 1, "rear_port": rear, "rear_port_position": 1}]} \
            if self.version >= (4, 5) else {"rear_port": rear}
        front = self.netbox.add("dcim/front-ports", device=panel, name="F1", type="8p8c", **behind)

        def end(device: str, port: str) -> Row:
            return {"object_type": "dcim.interface", "object_id": self.ports[device, port]}

        pairs = [(end("PRT-ACC-1", "GigabitEthernet1/0/48"), {"object_type": "dcim.frontport", "object_id": front}),
                 ({"object_type": "dcim.rearport", "object_id": rear}, end("PRT-CORE", "TenGigabitEthernet1/0/1")),
                 (end("PRT-CORE", "TenGigabitEthernet1/0/16"), end("PRT-FW", "lan99")),
                 *((end("PRT-ACC-1", f"GigabitEthernet1/0/{number}"), end(f"Phone {number}", "LAN"))
                   for number in (1, 2, 3))]
        self.netbox.add_all("dcim/cables", ({"a_terminations": [one], "b_terminations": [other], "type": "cat6"}
                                            for one, other in pairs))

    def fill_users(self, reader: Path, blind: Path) -> None:
        everything = [f"{app}" for app in (
            "dcim.site", "dcim.device", "dcim.interface", "dcim.cable", "dcim.virtualchassis", "ipam.vlan",
            "ipam.vlangroup", "ipam.prefix", "ipam.ipaddress")]
        for path, name, kinds in ((reader, "reader", everything), (blind, "blind", ["dcim.site"])):
            user = self.netbox.add("users/users", username=name, password="Long-enough-for-4.6!")
            self.netbox.add("users/permissions", name=f"{name} looks", object_types=kinds, actions=["view"],
                            users=[user])
            made = self.netbox.ask("POST", "users/tokens/", {"user": user, "write_enabled": False})
            path.touch(mode=0o600)
            path.write_text(f"nbt_{made['key']}.{made['token']}" if "token" in made else made["key"], encoding="utf-8")


def main() -> None:
    url, token, reader, blind = sys.argv[1], *map(Path, sys.argv[2:5])
    netbox = Writer(url, token.read_text(encoding="utf-8").strip())
    if netbox.ask("GET", "dcim/sites/?limit=1")["count"]:
        raise SystemExit("this NetBox knows sites already: nothing was written")
    version = netbox.ask("GET", "status/")["netbox-version"]
    filler = Filler(netbox, tuple(int(part) for part in version.split("-")[0].split(".")))
    for fill in (filler.fill_vlans, filler.fill_devices, filler.fill_interfaces, filler.fill_addresses,
                 filler.fill_cables):
        fill()
    filler.fill_users(reader, blind)
    print(f"NetBox {version}: filled")


if __name__ == "__main__":
    main()
