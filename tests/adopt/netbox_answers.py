"""Answers of NetBox, written after the serializers of release 4.6: the fields that are read, and those around them."""

from __future__ import annotations

from typing import Any

BASE = "https://netbox.example.net"


def brief(kind: str, number: int, **fields: Any) -> dict[str, Any]:
    """A nested object as NetBox shows it."""
    display = str(fields.get("name", number))
    return {"id": number, "url": f"{BASE}/api/{kind}/{number}/", "display": display, **fields}


def choice(value: str, label: str = "") -> dict[str, str]:
    return {"value": value, "label": label or value.title()}


SITE = brief("dcim/sites", 4, name="Porto", slug="porto", description="")
CISCO = brief("dcim/platforms", 1, name="Cisco IOS-XE", slug="ios-xe", description="")
JUNOS = brief("dcim/platforms", 2, name="Junos", slug="junos", description="")


def role(number: int, slug: str) -> dict[str, Any]:
    return brief("dcim/device-roles", number, name=slug.title(), slug=slug, description="", _depth=0)


def vlan(number: int, vid: int, name: str, status: str = "active", slug: str = "") -> dict[str, Any]:
    return brief("ipam/vlans", number, vid=vid, name=name, site=SITE, group=None, tenant=None, status=choice(status),
                 role=brief("ipam/roles", 1, name=slug, slug=slug) if slug else None, description="", tags=[],
                 custom_fields={})


VLANS = [vlan(11, 20, "Telephones", slug="voice"), vlan(12, 30, "Office"), vlan(13, 99, "MGMT"),
         vlan(14, 66, "Old lab", "deprecated")]


def prefix(number: int, text: str, of: dict[str, Any] | None) -> dict[str, Any]:
    inner = {key: of[key] for key in ("id", "url", "display", "vid", "name", "description")} if of else None
    return brief("ipam/prefixes", number, family={"value": 4, "label": "IPv4"}, prefix=text, vrf=None,
                 scope_type="dcim.site", scope_id=4, scope=SITE, tenant=None, vlan=inner, status=choice("active"),
                 role=None, is_pool=False, description="", children=0, _depth=1)


PREFIXES = [prefix(1, "10.7.20.0/24", VLANS[0]), prefix(2, "10.7.30.0/24", VLANS[1]),
            prefix(3, "10.7.99.0/24", VLANS[2]), prefix(4, "10.7.0.0/16", None)]


def device(number: int, name: str, slug: str, platform: dict[str, Any], address: str = "",
           status: str = "active") -> dict[str, Any]:
    primary = brief("ipam/ip-addresses", number, family={"value": 4, "label": "IPv4"}, address=address,
                    description="") if address else None
    return brief("dcim/devices", number, name=name, device_type=brief("dcim/device-types", 1, model="C9300-48P"),
                 role=role(number, slug), tenant=None, platform=platform, serial="", asset_tag=None, site=SITE,
                 location=None, rack=None, status=choice(status), primary_ip=primary, primary_ip4=primary,
                 primary_ip6=None, cluster=None, virtual_chassis=None, description="", tags=[], custom_fields={})


DEVICES = [device(1, "PRT-ACC-1", "access-switch", CISCO, "10.7.99.11/32"),
           device(2, "PRT-CORE", "core-switch", CISCO, "10.7.99.2/24"),
           device(3, "PRT-RTR", "router", JUNOS, "10.7.99.1/24"),
           device(4, "PRT-JNP", "access-switch", JUNOS, "10.7.99.3/24"),
           device(5, "PRT-OLD", "access-switch", CISCO, "10.7.99.4/24", "decommissioning")]


def interface(number: int, of: int, name: str, *, mode: str = "", untagged: dict[str, Any] | None = None,
              tagged: tuple[dict[str, Any], ...] = (), kind: str = "1000base-t", enabled: bool = True,
              lag: int = 0, description: str = "") -> dict[str, Any]:
    def inner(item: dict[str, Any]) -> dict[str, Any]:
        return {key: item[key] for key in ("id", "url", "display", "vid", "name", "description")}

    return brief("dcim/interfaces", number, device=brief("dcim/devices", of, name=DEVICES[of - 1]["name"]), name=name,
                 label="", type=choice(kind), enabled=enabled, parent=None, bridge=None,
                 lag=brief("dcim/interfaces", lag, name="Po1") if lag else None, mtu=None, mgmt_only=False,
                 description=description, mode=choice(mode) if mode else None,
                 untagged_vlan=inner(untagged) if untagged else None, tagged_vlans=[inner(item) for item in tagged],
                 cable=None, connected_endpoints=None, tags=[], custom_fields={})


VOICE, OFFICE, MGMT = VLANS[:3]
INTERFACES = [
    *(interface(100 + number, 1, f"GigabitEthernet1/0/{number}", mode="tagged", untagged=OFFICE, tagged=(VOICE,))
      for number in range(1, 21)),
    interface(121, 1, "GigabitEthernet1/0/21", mode="access", untagged=OFFICE, description='Printer "2nd" floor'),
    interface(122, 1, "GigabitEthernet1/0/22", enabled=False),
    interface(148, 1, "GigabitEthernet1/0/48", mode="tagged", tagged=(VOICE, OFFICE, MGMT)),
    interface(160, 1, "Vlan99", kind="virtual"),
    interface(201, 2, "GigabitEthernet1/0/1", mode="tagged", tagged=(VOICE, OFFICE, MGMT)),
    interface(202, 2, "GigabitEthernet1/0/2", mode="tagged-all", lag=210),
    interface(203, 2, "GigabitEthernet1/0/3", mode="tagged-all", lag=210),
    interface(210, 2, "Port-channel1", mode="tagged-all", kind="lag"),
]


def end(number: int) -> dict[str, Any]:
    row = next(item for item in INTERFACES if item["id"] == number)
    return {"object_type": "dcim.interface", "object_id": number,
            "object": {key: row[key] for key in ("id", "url", "display", "device", "name")}}


CABLES = [brief("dcim/cables", 1, type="cat6", a_terminations=[end(148)], b_terminations=[end(201)],
                status=choice("connected"), tenant=None, label="", color="", length=None, description="")]
ANSWERS: dict[str, list[dict[str, Any]]] = {
    "/api/dcim/sites/": [{**SITE, "status": choice("active"), "region": None, "custom_fields": {}}],
    "/api/dcim/devices/": DEVICES, "/api/dcim/interfaces/": INTERFACES, "/api/ipam/vlans/": VLANS,
    "/api/ipam/prefixes/": PREFIXES, "/api/dcim/cables/": CABLES,
}
