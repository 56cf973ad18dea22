"""Rendered, loaded on a switch, imported, rendered again: the same, but for what no switch shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from punchdown.compiler import compile_estate
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.loader import load_estate
from punchdown.pipeline import Import, import_folder
from punchdown.render import render_device
from tests.adopt.examples import NOW, row
from tests.contract.features import MACS, definition
from tests.contract.member import members

INVENTORY = Path(__file__).parents[2] / "inventory"
REFERENCE = re.compile(r"<secret:([^>]+)>")
PLANNED = re.compile(r"a plan would add (\d+), take away (\d+) .*and move (\d+)")


def shown_by_the_switch(estate: Path, site: str, device: str, vtp: str = "transparent") -> tuple[str, str]:
    """The running configuration and the VLANs of an emulated switch that took what is rendered for a device."""
    intent = next(item for item in compile_estate(load_estate(estate))[site].devices if item.device == device)
    text = REFERENCE.sub(lambda match: f"pw-{match[1]}", render_device(intent).document("running-config").text)
    box = IosAppliance(ApplianceSpec(device, management=intent.management.address.partition("/")[0]), ManualClock())
    box.config, refused = box.load(f"vtp mode {vtp}\n{text}end\n")
    assert refused == []
    session = box.session()
    session.feed("terminal length 0")
    return box.running_config(), session.feed("show vlan brief")


@pytest.fixture
def there_and_back(tmp_path: Path):
    def run(estate: Path, site: str, device: str, vtp: str = "transparent") -> Import:
        text, vlans = shown_by_the_switch(estate, site, device, vtp)
        (tmp_path / device).mkdir()
        (tmp_path / device / "running-config").write_text(text, encoding="utf-8")
        (tmp_path / device / "vlans").write_text(vlans, encoding="utf-8")
        return import_folder(tmp_path, site, (), NOW)
    return run


def planned(made: Import, device: str) -> tuple[int, ...]:
    return tuple(map(int, PLANNED.search(row(made, device).findings[0].title).groups()))


def test_a_switch_of_the_example_comes_back(there_and_back) -> None:
    made = there_and_back(INVENTORY, "lisbon", "sw-acc-1")
    added, removed, moved = planned(made, "sw-acc-1")
    # The gateway's media towards this controller are asked for in a definition that the switch can't show.
    assert (added, removed, moved) == (0, 4, 0)
    ports = yaml.safe_load(made.text)["devices"]["sw-acc-1"]["ports"]
    assert {key: value for key, value in ports.items() if key != 48} == {
        "1-40": "phone-and-pc", "41-44": "pc", 45: "mivb-2", "46-47": "unused"}


@pytest.mark.parametrize(("estate", "site", "device"), [
    ("mivoice-5000-campus", "coimbra", "north-1"), ("icp-branch", "evora", "sw-1")])
def test_other_switches_come_back_whole(there_and_back, estate: str, site: str, device: str) -> None:
    made = there_and_back(INVENTORY / "examples" / estate, site, device)
    added, removed, moved = planned(made, device)
    assert (added, moved) == (0, 0)
    assert removed <= 1


WATCHED = {
    "hosts": MACS, "protection": {"source_guard": True}, "dot1x": {"change_of_authorization": True},
    "spanning_tree": {"mode": "rapid-pvst", "root": "sw-1", "root_guard": True},
    "management": {"aaa": {"method": "radius", "servers": ["radius-2"], "roles": ["core-switch"]},
                   "snmp": {"managers": ["admin-1"], "roles": ["core-switch"]}},
    "devices": {"sw-1": {"ports": {
        "4": {"role": "mirror", "mirrors": ["1-2"]}, "21": {"role": "uplink", "segments": ["office"]}}}}}


def test_who_runs_a_switch_and_what_it_watches_come_back(there_and_back, tmp_path: Path) -> None:
    """Logins and ports ask different servers; the keys and kinds of the SNMPv3 user are in no configuration."""
    folder = tmp_path / "estate" / "sites"
    folder.mkdir(parents=True)
    (folder.parent / "punchdown.yml").write_text("estate: e\n")
    (folder / "viseu.yml").write_text(yaml.safe_dump(definition(members()["cisco_ios"], "core-switch", WATCHED)))
    made = there_and_back(folder.parent, "viseu", "sw-1")
    site = yaml.safe_load(made.text)
    assert site["management"]["aaa"] == {"method": "radius", "servers": ["radius-2"]}
    assert site["management"]["snmp"] == {"user": "punchdown", "authentication": "sha256", "privacy": "aes128",
                                          "managers": ["admin-1"]}
    assert site["protection"] == {"source_guard": True}
    assert site["spanning_tree"] == {"mode": "rapid-pvst", "root": "sw-1", "root_guard": True}
    assert site["dot1x"]["servers"] == ["radius-1"]
    assert site["dot1x"]["change_of_authorization"] is True
    assert site["hosts"]["pbx-1"]["mac"] == MACS["pbx-1"]["mac"]
    assert site["devices"]["sw-1"]["ports"][4] == {"role": "mirror", "mirrors": ["1-2"]}
    unmanaged = [item.line for item in row(made, "sw-1").findings if item.title.startswith("unmanaged")]
    assert unmanaged == ["vtp mode transparent"]


def test_vlans_that_a_switch_keeps_elsewhere_are_taken_from_its_table(there_and_back) -> None:
    made = there_and_back(INVENTORY, "lisbon", "sw-acc-1", "server")
    segments = yaml.safe_load(made.text)["segments"]
    assert {name: item["vlan"] for name, item in segments.items()} == {
        "call-control": 110, "phones": 120, "office": 130, "management": 199}


def test_every_line_that_the_switch_shows_is_accounted_for(there_and_back) -> None:
    made = there_and_back(INVENTORY, "lisbon", "sw-acc-1")
    told = row(made, "sw-acc-1").findings[0].title
    recognised, of = map(int, re.match(r"(\d+) of (\d+) lines recognised", told).groups())
    assert recognised / of > 0.99


def saved_gateway(folder: Path, intent) -> None:
    """What somebody saves of a gateway: its ruleset and its addresses."""
    folder.mkdir()
    for document in render_device(intent).documents:
        if "nftables" in document.name:
            (folder / "ruleset").write_text(document.text, encoding="utf-8")
    (folder / "addresses").write_text("".join(
        f"{number}: {item.name}    inet {item.address} scope global {item.name}\n"
        for number, item in enumerate(intent.firewall.interfaces, 2)), encoding="utf-8")


def intents(estate: Path, site: str) -> dict:
    return {item.device: item for item in compile_estate(load_estate(estate))[site].devices}


@pytest.mark.parametrize(("estate", "site", "device", "gone"), [
    ("contact-centre", "braga", "fw-1", 1),  # an IPv6 element of a list
    ("hosted-customer", "sintra", "fw-c", 0), ("mivoice-5000-campus", "coimbra", "fw-1", 0),
    ("resilient-cluster", "north", "fw-north", 0)])
def test_other_firewalls_come_back(tmp_path: Path, estate: str, site: str, device: str, gone: int) -> None:
    saved_gateway(tmp_path / device, intents(INVENTORY / "examples" / estate, site)[device])
    made = import_folder(tmp_path, site, (), NOW)
    assert planned(made, device)[1] == gone
    assert "may open" not in "\n".join(item.title for item in made.report.warnings)


def test_switch_and_firewall_of_a_site_complete_each_other(tmp_path: Path) -> None:
    saved_gateway(tmp_path / "fw-1", intents(INVENTORY, "lisbon")["fw-1"])
    (tmp_path / "sw-acc-1.cfg").write_text(shown_by_the_switch(INVENTORY, "lisbon", "sw-acc-1")[0], encoding="utf-8")
    made = import_folder(tmp_path, "lisbon", (), NOW)
    assert planned(made, "sw-acc-1") == (0, 0, 0)
    assert planned(made, "fw-1")[1] == 0
    assert "guessed: its prefix" not in made.text


def test_the_firewall_of_the_example_comes_back(tmp_path: Path) -> None:
    saved_gateway(tmp_path / "fw-1", intents(INVENTORY, "lisbon")["fw-1"])
    made = import_folder(tmp_path, "lisbon", (), NOW)
    wanted = yaml.safe_load((INVENTORY / "sites" / "lisbon.yml").read_text())
    site = yaml.safe_load(made.text)
    assert site["hosts"]["smdr-taker"]["uses"] == wanted["hosts"]["smdr-taker"]["uses"]
    assert site["hosts"]["mbg-1"]["expose"] == wanted["hosts"]["mbg-1"]["expose"]
    assert site["hosts"]["mbg-1"]["public"] == wanted["hosts"]["mbg-1"]["public"]
    assert site["firewall"] == wanted["firewall"]
    assert site["devices"]["fw-1"]["routes"] == wanted["devices"]["fw-1"]["routes"]
    _, removed, moved = planned(made, "fw-1")
    assert (removed, moved) == (0, 0)
