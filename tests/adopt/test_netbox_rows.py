"""What becomes of rows that the recorded site has not: recorded answers with one thing changed."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest

from punchdown.adopt import Known, ask_netbox, read_netbox
from tests.adopt.netbox_server import recording

Rows = dict[str, list[dict[str, Any]]]
PLATFORMS = {"cisco_ios": ("access-switch", "core-switch"), "linux_nftables": ("firewall",)}


def recorded(path: str) -> list[dict[str, Any]]:
    """All rows of a list, by the pages that were recorded."""
    answers, found = recording("4.6.8")["answers"]["reader"], []
    page = answers[path]["body"]
    while True:
        found += page["results"]
        if page["next"] is None:
            return found
        beyond = urlsplit(page["next"])
        page = answers[f"{beyond.path}?{beyond.query}"]["body"]


@pytest.fixture(scope="module")
def whole() -> Rows:
    return {name: list(rows) for name, rows in ask_netbox(recorded, "porto").items()}


@pytest.fixture
def rows(whole: Rows) -> Rows:
    return copy.deepcopy(whole)


def read(rows: Rows, platforms: dict[str, Iterable[str]] | None = None) -> Known:
    return read_netbox(rows, platforms or dict(PLATFORMS))


def named(rows: Rows, kind: str, name: str) -> dict[str, Any]:
    return next(row for row in rows[kind] if row.get("name") == name)


def titles(known: Known) -> str:
    return "\n".join(note.title for note in known.notes)


def device(known: Known, name: str) -> Any:
    return next(item for item in known.devices if item.shown_name == name)


def test_a_stack_without_a_master_is_managed_where_its_address_is(rows: Rows) -> None:
    for name in ("PRT-ACC-1", "PRT-ACC-1-2"):
        named(rows, "devices", name)["virtual_chassis"]["master"] = None
    stack = device(read(rows), "PRT-ACC-1")
    assert {port.name[:18] for port in stack.ports} == {"GigabitEthernet1/0", "GigabitEthernet2/0"}
    assert "PRT-ACC-1-2" not in {item.name for item in read(rows).devices}


def test_ports_of_a_stack_that_are_called_alike_are_told(rows: Rows) -> None:
    named(rows, "interfaces", "GigabitEthernet2/0/1")["name"] = "GigabitEthernet1/0/1"
    known = read(rows)
    assert "two members of the stack have a port of this name" in titles(known)
    assert [port.name for port in device(known, "PRT-ACC-1").ports].count("GigabitEthernet1/0/1") == 1


def test_what_stands_twice_is_told(rows: Rows) -> None:
    office = named(rows, "vlans", "Office")
    rows["vlans"].append({**office, "id": 900, "name": "Office too"})
    rows["prefixes"].append({"id": 901, "prefix": "10.7.32.0/24", "vlan": {"id": office["id"], "vid": 30}})
    known = read(rows)
    assert "VLAN 30 stands in NetBox more than once: 'Office' and 'Office too'" in titles(known)
    assert "VLAN 30 has more than one prefix in NetBox: 10.7.32.0/24 is not in the definition" in titles(known)
    assert known.prefixes[30] == "10.7.30.0/24"


@pytest.mark.parametrize(("change", "why"), [
    (lambda row: row.update(primary_ip4=None), "NetBox has no primary IPv4 address of it"),
    (lambda row: row["primary_ip4"].update(address="192.0.2.1/24"),
     "no prefix of a VLAN of the site holds its primary address 192.0.2.1"),
])
def test_a_device_that_cannot_be_reached_says_what_is_missing(
        change: Callable[[dict[str, Any]], None], why: str, rows: Rows) -> None:
    change(named(rows, "devices", "PRT-CORE"))
    known = read(rows)
    assert device(known, "PRT-CORE").refused == why
    assert not device(known, "PRT-ACC-1").refused


def test_a_firewall_whose_addresses_are_unknown_or_called_otherwise_is_told(rows: Rows) -> None:
    for row in rows["addresses"]:
        if row["assigned_object"]["name"] == "lan50":
            row["assigned_object"]["name"] = named(rows, "interfaces", "lan50")["name"] = "eth0.50"
    why = "its interfaces are called eth0.50: this platform knows lanVLAN and wan0"
    assert device(read(rows), "PRT-FW").refused == why
    rows["addresses"].clear()
    assert "no address of PRT-FW in other segments than its own: write all that it routes" in titles(read(rows))


@pytest.mark.parametrize(("slug", "platform", "asked"), [
    ("asa", "cisco_asa", "NetBox does not know the `nameif` of PRT-FW's interfaces"),
    ("fortios", "fortinet_fortios", "")])
def test_gateways_of_others_are_known_by_their_usual_slugs(slug: str, platform: str, asked: str, rows: Rows) -> None:
    named(rows, "devices", "PRT-FW")["platform"]["slug"] = slug
    known = read(rows, {"cisco_asa": ("firewall",), "fortinet_fortios": ("firewall",)})
    assert device(known, "PRT-FW").platform == platform
    assert asked in titles(known)


def test_a_platform_is_used_for_what_it_can_be(rows: Rows) -> None:
    known = read(rows, {"cisco_ios": ("access-switch",), "linux_nftables": ("firewall",)})
    assert "PRT-CORE is not in the definition: cisco_ios can be no core-switch here" in titles(known)


def test_a_cable_to_a_neighbour_makes_a_trunk(rows: Rows) -> None:
    port = named(rows, "interfaces", "GigabitEthernet1/0/4")
    core = named(rows, "devices", "PRT-CORE")
    port["connected_endpoints"] = [{"id": 1, "device": {"id": core["id"], "name": core["name"]}}]
    by_name = {port.name: port for port in device(read(rows), "PRT-ACC-1").ports}
    assert by_name["GigabitEthernet1/0/4"].mode == "trunk"
    assert (by_name["GigabitEthernet1/0/1"].mode, by_name["GigabitEthernet1/0/1"].voice_vlan) == ("access", 20)


def test_before_3_6_a_role_has_another_name(rows: Rows) -> None:
    for row in rows["devices"]:
        row["device_role"] = row.pop("role")
    assert {item.name for item in read(rows).devices} >= {"PRT-ACC-1", "PRT-CORE", "PRT-FW"}


@pytest.mark.parametrize("odd", [None, 7, "x", [], {}, [7], {"id": "x", "name": 7}])
def test_a_field_of_another_type_hurts_nobody(odd: object, whole: Rows) -> None:
    for kind in ("devices", "interfaces", "vlans", "prefixes", "addresses"):
        for key in whole[kind][0]:
            known = read({**whole, kind: [{**row, key: odd} for row in whole[kind]]})
            assert known.devices or kind == "devices"


def test_a_prefix_of_another_site_is_not_of_this_one() -> None:
    prefixes = [row["prefix"] for row in ask_netbox(recorded, "porto")["prefixes"]]
    assert "10.7.40.0/24" in prefixes
    assert "10.8.40.0/24" not in prefixes
