"""Firewalls with ASA: there and back, beside a switch of the site, and one that nobody set up with us."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from punchdown.lab.emulated import ManualClock
from punchdown.lab.emulated.cisco_asa import AsaAppliance
from punchdown.pipeline import import_folder
from punchdown.render import render_device
from tests.adopt.examples import NOW, row
from tests.adopt.test_round_trip import REFERENCE, planned
from tests.platforms.cisco_asa.conftest import intent, spec


@cache
def shown_by_the_firewall() -> str:
    """The running configuration of an emulated firewall that took what is rendered for it, its first login gone."""
    box = AsaAppliance(spec(), ManualClock())
    typed = box.configurator()
    text = REFERENCE.sub(lambda match: f"pw-{match[1]}", render_device(intent()).document("running-config").text)
    for line in (*text.splitlines(), "no ssh 10.80.99.0 255.255.255.0 lan99"):
        assert not line.strip() or not typed.feed(line).refused, line
    return box.running_config()


def test_the_firewall_of_the_example_comes_back(tmp_path: Path) -> None:
    """Every line, some at another place among permits; VPN, hairpin, lists of senders and hosts as they were."""
    (tmp_path / "fw-1.cfg").write_text(shown_by_the_firewall())
    made = import_folder(tmp_path, "viseu", (), NOW)
    added, removed, moved = planned(made, "fw-1")
    assert (added, removed) == (0, 0)
    assert moved <= 10
    known, lines = map(int, re.match(r"(\d+) of (\d+) lines", row(made, "fw-1").findings[0].title).groups())
    assert known / lines > 0.95
    site = yaml.safe_load(made.text)
    assert {item["vlan"]: item["zone"] for item in site["segments"].values()} == {
        10: "call-control", 20: "voice", 30: "data", 40: "server", 50: "dmz", 99: "management"}
    gateway = next(item for item in site["hosts"].values() if item["address"] == "10.80.50.10")
    assert (gateway["public"], gateway["hairpin"]) == ("198.51.100.80", True)
    assert gateway["expose"] == ["minet-tls", {"service": "sip-tls", "from": "carrier"}, "web-proxy",
                                 {"service": "media", "from": "any"}]
    wall = site["firewall"]
    assert wall["wan"] == {"address": "198.51.100.8/24", "router": "198.51.100.1"}
    assert (wall["allow"], wall["deny"], wall["netblocks"]["homes"]) == (
        "homes", "blocked", ["203.0.113.64/26", "203.0.113.192/27"])
    assert wall["vpns"]["to-annexe"] == {"peer": "192.0.2.130", "remote": "far-to-annexe",
                                         "local": ["vlan-10", "vlan-20"], "authentication": "shared-secret"}
    assert {"from": "vlan-30", "to": "wan", "service": "web"} in site["flows"]
    assert site["devices"]["fw-1"]["version"] == "9.16"
    assert "pw-" not in made.text + str(made.report)
