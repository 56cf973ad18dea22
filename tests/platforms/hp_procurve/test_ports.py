"""Ports by member, slot and number: lists written and read back, and a site of a chassis and a stack all the way."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from punchdown.adopt.words import key_of, runs, split_port
from punchdown.errors import InputError
from punchdown.lab.emulated.hp_procurve.words import port_range, ranges
from punchdown.model.fields import expand_ports
from punchdown.pipeline import Selection, import_folder
from punchdown.pipeline.proving import Ground, Question, ground_of, proofs_of, rendered_documents
from punchdown.platforms.hp_procurve.ports import collapse, expand
from punchdown.schema import make_schema
from punchdown.values.proof import Answer
from tests.adopt.examples import NOW
from tests.adopt.test_round_trip import planned
from tests.platforms.hp_procurve.boxes import ESTATE, ROOM, Box, intent_of
from tests.platforms.hp_procurve.test_effects import walk

PREFIXES = ("", "A", "B", "1/", "2/", "10/", "1/A", "2/A", "10/B")
NAMES = st.builds("{}{}".format, st.sampled_from(PREFIXES), st.integers(1, 50))
PORTS = {
    "sw-core-1": {"A1-A8": "phone-and-pc", "A9": "records", "A10": "admin-1", "A11": "radius-1", "A12": "dhcp-1/phones",
                  "A13": "dhcp-1/office", "A14": "dhcp-1/management", "A15": "fw-1/call-control", "A16": "fw-1/phones",
                  "A17": "fw-1/office", "A18": "fw-1/servers", "A19": "fw-1/management", "A20-22": "unused"},
    "sw-acc-1": {"1/1-1/40": "phone-and-pc", "1/41-44": "pc", "1/45": "mivb-1", "1/46-1/47": "unused",
                 "2/1-2/24": "phone-and-pc"}}
LINKS = {"sw-core-1": {"to-acc": {"number": 1, "role": "sw-acc-1", "ports": ["A23-A24", "B1"]}},
         "sw-acc-1": {"to-core": {"number": 1, "role": "sw-core-1", "ports": ["1/A1", "2/A1-2/A2"]}}}
(_PATTERN,) = make_schema("site")["$defs"]["Device"]["properties"]["ports"]["patternProperties"]
WRITTEN = re.compile(_PATTERN)
HARDWARE = {"sw-core-1": {"model": "J9850A"}, "sw-acc-1": {"model": "JL323A", "members": 2}}


@given(st.lists(NAMES))
@example(["9", "10", "A1", "2/A1", "10/1", "1/48", "1/A1"])
def test_lists_are_read_back_as_they_were(names: list[str]) -> None:
    """In the platform's words, in the emulated switch's, and in those of a definition."""
    text = collapse(names)
    assert ranges(names) == text
    if names:
        assert set(expand(text)) == set(port_range(text) or ()) == set(names)
    for prefix in PREFIXES:
        own = [number for name in names for found, number in [split_port(name) or ("?", 0)] if found == prefix]
        keys = [key_of(prefix, row, "") for row in runs(set(own))]
        assert ",".join(keys) == collapse(f"{prefix}{number}" for number in own)
        assert [number for key in keys for number in expand_ports(key)[1]] == sorted(set(own))
        assert {expand_ports(key)[0] for key in keys} <= {prefix}


@pytest.mark.parametrize("key", ["A1-B4", "1/A1-2/A4", "1/1-2/24", "1/AA1", "A1-", "1/1-1/A4", "A-4", "Trk"])
def test_what_is_no_range(key: str) -> None:
    with pytest.raises(ValueError, match="no port and no range"):
        expand_ports(key)
    assert not WRITTEN.search(key)


@pytest.mark.parametrize("key", ["7", "1-44", "A1-A4", "A1-4", "1/1-1/24", "2/A1", "10/B1-10/B2", "ge-0/0/1-3", "2/0/7",
                                 "p22-24", "GigabitEthernet1/0/1-GigabitEthernet1/0/4"])
def test_an_editor_takes_what_is_one(key: str) -> None:
    assert expand_ports(key)
    assert WRITTEN.search(key)


def estate_with(folder: Path, changes: dict[str, dict]) -> Ground:
    """The example site with other devices."""
    shutil.copytree(ESTATE, folder)
    file = folder / "sites" / "coimbra.yml"
    site = yaml.safe_load(file.read_text())
    for name, change in changes.items():
        site["devices"][name] |= change
    file.write_text(yaml.safe_dump(site))
    return ground_of(folder, Selection())


@pytest.fixture(scope="module")
def modular(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return estate_with(tmp_path_factory.mktemp("modular") / "estate", {
        name: {"ports": PORTS[name], "aggregations": LINKS[name]} for name in PORTS})


@pytest.mark.parametrize("device", ["sw-acc-1", "sw-core-1"])
def test_a_chassis_and_a_stack_come_back(modular: Ground, device: str, tmp_path: Path) -> None:
    intent = intent_of(device, modular)
    box = Box(device, intent, **HARDWARE[device])
    assert box.change(intent).steps == ()
    shown = box.text()
    trunk = {"sw-acc-1": "trunk 1/A1,2/A1-2/A2 trk1 lacp", "sw-core-1": "trunk A23-A24,B1 trk1 lacp"}[device]
    assert trunk in shown.splitlines()
    facts = ROOM.observe(box.hand(), intent).facts
    assert [item.key for item in ROOM.expectations(intent) if facts.get(item.key) != item.value] == []
    (tmp_path / f"{device}.cfg").write_text(shown)
    made = import_folder(tmp_path, "coimbra", ("10.80.199.100",), NOW)
    if device == "sw-acc-1":
        assert planned(made, device) == (0, 2, 0)  # the flow of a host that the switch alone can't place
    switch = yaml.safe_load(made.text)["devices"][device]
    names = {number for key in switch["ports"] for number in expand(str(key))}
    assert names == {port.name for port in intent.ports}
    (link,) = switch["aggregations"].values()
    assert link["ports"] == {"sw-acc-1": ["1/A1", "2/A1-2/A2"], "sw-core-1": ["A23-A24", "B1"]}[device]


def test_what_is_proved_of_them_is_what_it_was(modular: Ground) -> None:
    (site,) = proofs_of(modular, rendered_documents(modular.intended), "rendered", Question(), NOW).proofs
    assert {claim.answer for claim in site.claims} == {Answer.PROVED}


def test_ports_join_and_leave_a_trunk(modular: Ground) -> None:
    """Each state between is the emulated switch's own; who joins was a user's port, who leaves becomes one."""
    after = intent_of("sw-acc-1", modular)
    after = replace(after, ports=tuple(port for port in after.ports if re.fullmatch(r"1/4\d|2/\d", port.name)))
    (link,) = after.links
    users = [port for port in after.ports if port.name.startswith("2/")]
    before = replace(after, links=(replace(link, members=("1/A1", "2/1", "2/2")),), ports=(
        *(port for port in after.ports if port.name not in {"2/1", "2/2"}),
        *(replace(users[0], name=name) for name in ("2/A1", "2/A2"))))
    box = Box("sw-acc-1", before, **HARDWARE["sw-acc-1"])
    assert "\ntrunk 1/A1,2/1-2/2 trk1 lacp\n" in box.text()
    steps = box.change(after).steps
    words = [step.text.strip() for step in steps]
    assert words.index("trunk 2/A1-2/A2 trk1 lacp") < words.index("no trunk 2/1-2/2")
    assert words[words.index("trunk 2/A1-2/A2 trk1 lacp") - 1] != "enable"
    walk(box, after, steps)
    assert box.change(after).steps == ()
    alone = replace(after, links=(), ports=(*after.ports, *(replace(users[0], name=name) for name in link.members)))
    walk(box, alone, box.change(alone).steps)
    assert box.change(alone).steps == ()
    assert not re.search(r"(?i)trk", box.text())


def test_names_of_others_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="calls its ports"):
        estate_with(tmp_path / "estate", {"sw-acc-1": {"ports": {"1/0/1-4": "pc", "48": "sw-core-1"}}})
