"""FortiGate firewalls: there and back, and one that nobody set up with us."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from punchdown.compiler import compile_estate
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.fortinet_fortios import FortiosAppliance, prepared
from punchdown.loader import load_estate
from punchdown.pipeline import import_folder
from punchdown.render import render_device
from tests.adopt.examples import NOW, row
from tests.adopt.test_round_trip import INVENTORY, REFERENCE, planned

ESTATE = INVENTORY / "examples" / "law-firm"


@pytest.fixture(scope="module")
def shown() -> str:
    """What a unit shows that took the example's configuration."""
    intent = next(item for item in compile_estate(load_estate(ESTATE))["viseu"].devices if item.device == "fw-1")
    text = REFERENCE.sub(lambda match: f"pw-{match[1]}", render_device(intent).documents[0].text)
    text = text.replace('edit "admin"\n', 'edit "punchdown"\n        set trusthost1 10.80.99.100 255.255.255.255\n'
                                          '    next\n    edit "admin"\n')
    startup = prepared((10, 20, 30, 40, 50, 99)) + "config system console\n    set output standard\nend\n"
    spec = ApplianceSpec("fw-1", platform="fortinet_fortios", startup=startup)
    session = FortiosAppliance(spec, ManualClock()).login()
    said = [answer for line in text.splitlines() if (answer := session.feed(line)) and "new entry" not in answer]
    assert said == []
    return session.feed("show")


def test_a_firewall_of_the_example_comes_back(shown: str, tmp_path: Path) -> None:
    (tmp_path / "fw-1.conf").write_text(shown, encoding="utf-8")
    made = import_folder(tmp_path, "viseu", (), NOW)
    assert planned(made, "fw-1") == (0, 0, 0)
    known, of = map(int, re.match(r"(\d+) of (\d+) lines", row(made, "fw-1").findings[0].title).groups())
    assert known == of > 600
    site, wanted = yaml.safe_load(made.text), yaml.safe_load((ESTATE / "sites" / "viseu.yml").read_text())
    assert site["firewall"].pop("wan") == wanted["firewall"].pop("wan")
    assert site["firewall"]["vpns"] == wanted["firewall"]["vpns"]
    assert {key: sorted(items) for key, items in site["firewall"]["netblocks"].items()} == {
        key: sorted(items) for key, items in wanted["firewall"]["netblocks"].items()}
    assert set(site["hosts"]["mbg-1"]["uses"]) == set(wanted["hosts"]["mbg-1"]["uses"])
    assert site["hosts"]["mbg-1"]["expose"] == wanted["hosts"]["mbg-1"]["expose"]
    assert site["hosts"]["records-1"]["uses"] == wanted["hosts"]["records-1"]["uses"]
    assert site["management"] == wanted["management"]
    assert "pw-vpn" not in made.text + str(made.report)
    assert "into the secret vpn-to-coimbra" in "\n".join(item.title for item in made.report.warnings)
    assert not [item for item in row(made, "fw-1").findings if "guideline" in item.title]
