"""The plan of the example site."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from punchdown.errors import InputError
from punchdown.lab import LabError
from punchdown.lab.real.outside import plan_outside
from punchdown.lab.real.session import require_real
from punchdown.lab.real.site import LabSite, Segment, read_site
from punchdown.model.site import Site

SITE = Path(__file__).parents[3] / "inventory" / "sites" / "lisbon.yml"


@pytest.fixture(name="site")
def _site() -> LabSite:
    return read_site(SITE)


def test_every_port_has_its_number_and_machine(site: LabSite) -> None:
    assert site.ports == tuple(f"p{number}" for number in range(1, 25))
    machines = {leg.port: (leg.machine, leg.interface) for leg in site.legs}
    assert machines["p1"] == ("room-101", "eth0")
    assert machines["p4"] == ("reception", "eth0")
    assert machines["p12"] == ("dhcp-1", "lan130")
    assert machines["p18"] == ("fw-1", "lan150")
    assert "p22" not in machines


def test_hosts_of_emulated_switches_have_no_machine(site: LabSite) -> None:
    assert "mivb-2" not in {leg.machine for leg in site.legs}


def test_addresses_of_both_families(site: LabSite) -> None:
    legs = {(leg.machine, leg.interface): leg for leg in site.legs}
    assert legs["mivb-1", "eth0"].addresses == ("10.20.10.10/24", "fd00:20:110::10/64")
    assert legs["fw-1", "lan120"].addresses == ("10.20.20.1/24", "fd00:20:120::1/64")
    assert legs["dhcp-1", "lan120"].addresses[0] == "10.20.20.6/24"
    assert legs["dhcp-1", "lan120"].routers == ()
    assert legs["dhcp-1", "lan199"].routers == ("10.20.99.1", "fd00:20:199::1")
    assert legs["room-102", "eth0"].mac == "08:00:0f:10:01:02"


def test_login_methods_by_model(site: LabSite) -> None:
    methods = {name: endpoint.method for name, endpoint in site.endpoints.items()}
    assert methods == {"room-101": "tls", "room-102": "md5", "room-103": "mab", "reception": "peap"}


def test_outside_hosts(site: LabSite) -> None:
    assert site.wan is not None
    assert [site.wan.hosts[name] for name in ("router", "teleworker", "blocked", "stranger")] == [
        "203.0.113.1/24", "203.0.113.70/24", "203.0.113.100/24", "203.0.113.200/24"]
    assert site.wan.public == ("203.0.113.10",)


def test_a_site_without_a_real_switch_has_no_real_lab(tmp_path: Path) -> None:
    shutil.copytree(SITE.parents[1], tmp_path / "estate")
    path = tmp_path / "estate" / "sites" / "lisbon.yml"
    path.write_text(path.read_text().replace("platform: linux_nftables", "platform: openvswitch").replace(
        "role: firewall", "role: core-switch"))
    plain = read_site(path)
    assert (plain.switch, plain.firewall) == ("sw-core-1", "")
    with pytest.raises(LabError, match="one device of platform openvswitch, lisbon has 2"):
        require_real(plain)


def outside(wan: str, **firewall: object) -> dict[str, str]:
    plain = yaml.safe_load(SITE.read_text())
    plain["firewall"] = {"wan": {"address": wan, "router": "198.51.100.1"}, **firewall}
    found = plan_outside(Site.model_validate(plain))
    assert found is not None
    return found.hosts


def test_outside_hosts_stand_where_the_lists_of_the_site_want_them() -> None:
    lists = {"home": ["198.51.100.8/30"], "bad": ["198.51.100.10/32"]}
    assert outside("198.51.100.2/28", netblocks=lists, allow="home", deny="bad") == {
        "router": "198.51.100.1/28", "teleworker": "198.51.100.8/28", "blocked": "198.51.100.10/28",
        "stranger": "198.51.100.3/28"}


def test_a_network_without_room_has_fewer_of_them() -> None:
    assert outside("198.51.100.2/30") == {"router": "198.51.100.1/30"}


def test_what_a_profile_says_counts(tmp_path: Path) -> None:
    estate = tmp_path / "estate"
    shutil.copytree(SITE.parents[1], estate)
    path, profile = estate / "sites" / "lisbon.yml", estate / "profiles" / "hotel.yml"
    segment = "  servers:      {vlan: 140, prefix: 10.20.40.0/24, zone: server}\n"
    assert segment in path.read_text()
    path.write_text(path.read_text().replace(segment, ""))
    profile.write_text(profile.read_text() + "segments:\n" + segment)
    assert read_site(path).segments["servers"].vlan == 140


def test_a_wrong_definition_is_refused_at_its_place(tmp_path: Path) -> None:
    estate = tmp_path / "estate"
    shutil.copytree(SITE.parents[1], estate)
    path = estate / "sites" / "lisbon.yml"
    path.write_text(path.read_text().replace("vlan: 140", "vlan: 4140"))
    with pytest.raises(InputError, match=r"lisbon\.yml:\d+:\d+"):
        read_site(path)


def test_the_declared_prefix_comes_before_a_local_one() -> None:
    assert Segment("a", 110, "data", "10.1.0.0/24", "10.1.0.254", "2001:db8:1::/64").cidr6("10.1.0.7") == (
        "2001:db8:1::7/64")
    assert Segment("a", 110, "data", "10.1.0.0/24", "10.1.0.254").router == "10.1.0.254"
