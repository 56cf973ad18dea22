"""What NetBox is asked of a site, question by question: its lists hold less than one would think.

``?site=`` gives VLANs and prefixes that name the site themselves; those of VLAN groups, and prefixes that only name a
VLAN, have to be asked for by what refers to them. Tried with NetBox 3.7 and 4.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from punchdown.adopt.netbox_rows import Row, alive, id_of, many, number_in, text_in

Answers = Mapping[str, list[Row]]
Ask = Callable[[str], list[Row]]
"""All rows of a list, every page, by its path and query."""
_FIELDS = {
    "dcim/sites/": "id,slug",
    "dcim/devices/": "id,name,device_type,role,device_role,platform,status,primary_ip4,virtual_chassis,vc_position",
    "dcim/interfaces/": "id,device,name,type,enabled,lag,mgmt_only,description,mode,untagged_vlan,tagged_vlans,"
                        "connected_endpoints",
    "ipam/vlan-groups/": "id",
    "ipam/vlans/": "id,vid,name,role,status",
    "ipam/prefixes/": "id,prefix,vlan,status,site,scope_type,scope_id",
    "ipam/ip-addresses/": "id,address,status,assigned_object_type,assigned_object",
}
"""What is wanted of a row: people keep communities and passwords in the rest of some. Before 4.0 NetBox gives all."""
_ROWS = 250
"""Rows of a page that are asked for; NetBox gives at most its own MAX_PAGE_SIZE."""
_IDS = 50
"""Numbers in one question: addresses of 2,000 characters and less pass everywhere."""


def ask_netbox(ask: Ask, site: str) -> Answers:
    """Everything that is read of the site with this slug: sites, devices, interfaces, vlans, prefixes, addresses.

    ``sites`` holds that one alone; where NetBox has none of the slug, ``sites`` are all that it has, and nothing else
    is asked.
    """
    here = next((row for row in _all(ask, f"dcim/sites/?slug={site}") if row.get("slug") == site), None)
    if here is None:
        return {"sites": _all(ask, "dcim/sites/")}
    own = f"site_id={id_of(here)}"
    devices = _all(ask, f"dcim/devices/?{own}&exclude=config_context")
    interfaces = _all(ask, f"dcim/interfaces/?{own}")
    vlans = _all(ask, f"ipam/vlans/?{own}")
    prefixes = _all(ask, f"ipam/prefixes/?{own}")
    groups = (id_of(row) for row in _all(ask, f"ipam/vlan-groups/?site={id_of(here)}"))
    vlans = _joined(vlans, _each(ask, "ipam/vlans/", "group_id", groups))
    named = {id_of(vlan) for row in interfaces for vlan in (row.get("untagged_vlan"), *many(row, "tagged_vlans"))}
    named |= {id_of(row.get("vlan")) for row in prefixes}
    known = {id_of(row) for row in vlans}
    vlans = _joined(vlans, _each(ask, "ipam/vlans/", "id", named - known))
    theirs = _each(ask, "ipam/prefixes/", "vlan_id", (id_of(row) for row in vlans))
    prefixes = _joined(prefixes, (row for row in theirs if _of_nowhere_else(row, id_of(here))))
    asked = (id_of(row) for row in devices if alive(row) and row.get("platform"))
    return {"sites": [here], "devices": devices, "interfaces": interfaces, "vlans": vlans, "prefixes": prefixes,
            "addresses": _joined(_each(ask, "ipam/ip-addresses/", "device_id", asked))}


def _of_nowhere_else(row: Row, site: int) -> bool:
    """Whether a prefix is of no other site: a VLAN that several sites share has a prefix in each. Before 4.2 a prefix
    has a ``site`` where it has a ``scope`` now."""
    owner = id_of(row.get("site")) or (number_in(row, "scope_id") if text_in(row, "scope_type") == "dcim.site" else 0)
    return owner in {0, site} and text_in(row, "scope_type") != "dcim.location"


def _all(ask: Ask, path: str) -> list[Row]:
    place, _, query = path.partition("?")
    return _joined(ask(f"/api/{place}?{query}{'&' if query else ''}fields={_FIELDS[place]}&limit={_ROWS}"))


def _each(ask: Ask, path: str, key: str, numbers: Iterable[int]) -> Iterator[Row]:
    wanted = sorted({number for number in numbers if number})
    for start in range(0, len(wanted), _IDS):
        query = "&".join(f"{key}={number}" for number in wanted[start:start + _IDS])
        yield from _all(ask, f"{path}?{query}")


def _joined(*lists: Iterable[Row]) -> list[Row]:
    """Rows of several answers, each once: what moves while pages are read stands on two of them."""
    return list({id_of(row): row for rows in lists for row in rows}.values())
