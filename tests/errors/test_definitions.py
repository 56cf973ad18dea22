"""Wrong definitions: each is refused with file, line, column and a hint, and nothing is compiled from it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from punchdown.errors import InputError
from punchdown.pipeline import Selection, check

ROOT = Path(__file__).parents[2]

CASES = {
    "unknown vlan": ("vlan: 110", "vlan: 4095", "vlan: Input should be less than or equal to 4094", ""),
    "vlan as a word": ("vlan: 110", "vlan: no", "vlan: Input should be a valid integer", ""),
    "unknown segment": ("mivb-2:     {kind: mivoice-business, segment: call-control",
                        "mivb-2:     {kind: mivoice-business, segment: call-contrl",
                        "there is no segment 'call-contrl'", "did you mean 'call-control'?"),
    "overlapping prefixes": ("prefix: 10.20.50.0/24", "prefix: 10.20.40.0/25", "10.20.40.0/25 overlaps 10.20.40.0/24",
                             "'servers' has it at"),
    "port used twice": ("p20: sw-acc-1, ", "p19: sw-acc-1, ", "the key 'p19' stands twice", "keep one of them"),
    "port in two ranges": ("p22-24: unused", "p21-24: unused", "the port p21 is used twice", "first used at"),
    "newline in a description": ("p5: mivb-1", 'p5: {role: mivb-1, description: "PBX\\nno shutdown"}',
                                 "characters that a device could take for a command: '\\n'", ""),
    "exclamation mark": ("p5: mivb-1", 'p5: {role: mivb-1, description: "PBX ! end"}',
                         "characters that a device could take for a command: '!'", ""),
    "address outside": ("address: 10.20.40.15", "address: 10.20.41.15", "10.20.41.15 is outside of 10.20.40.0/24",
                        "the segment 'servers' has 10.20.40.0/24"),
    "unknown key": ("hairpin: true", "hairpn: true", "unknown key 'hairpn'", "did you mean 'hairpin'?"),
    "two hosts on one address": ("address: 10.20.40.20", "address: 10.20.40.15",
                                 "the address 10.20.40.15 is used twice", "first used at"),
    "service nobody offers": ("uses: [smdr@mivb-1]", "uses: [smrd@mivb-1]",
                              "there is no service of mivb-1 called 'smrd'", "did you mean 'smdr'?"),
    "smdr on the internet": ("expose: [minet-tls,", "expose: [ssh, minet-tls,", "ssh never faces the Internet", ""),
    "platform without 802.1X": ("    model: dot1x-agent\n", "", "openvswitch has no 802.1X", "set `dot1x: false`"),
    "alias": ("prefix: 10.20.50.0/24", "prefix: &x 10.20.50.0/24", "anchors and aliases are not used here", ""),
    "host bits": ("prefix: 10.20.50.0/24", "prefix: 10.20.50.1/24", "has host bits set", ""),
    "profile that is not there": ("extends: hotel", "extends: hotels", "there is no profile 'hotels'",
                                  "did you mean 'hotel'?"),
}


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "inventory", tmp_path / "estate")
    return tmp_path / "estate"


def refused(estate: Path) -> str:
    with pytest.raises(InputError) as caught:
        check(estate, Selection(), "2026-01-01T00:00:00Z")
    return str(caught.value)


@pytest.mark.parametrize("name", CASES)
def test_wrong_definition(estate: Path, name: str) -> None:
    old, new, message, hint = CASES[name]
    path = estate / "sites" / "lisbon.yml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    said = refused(estate)
    assert message in said
    assert hint in said
    assert re.search(r"lisbon\.yml:\d+:\d+: error\[[a-z0-9-]+\]: ", said)


def test_the_place_is_the_place(estate: Path) -> None:
    path = estate / "sites" / "lisbon.yml"
    lines = path.read_text().splitlines()
    number = next(index for index, line in enumerate(lines) if "smdr-taker:" in line)
    lines[number] = lines[number].replace("segment: servers", "segment: sarvers")
    path.write_text("\n".join(lines) + "\n")
    column = lines[number].index("segment: sarvers") + 1
    assert f"lisbon.yml:{number + 1}:{column}: " in refused(estate)


def test_all_faults_at_once(estate: Path) -> None:
    path = estate / "sites" / "lisbon.yml"
    path.write_text(path.read_text().replace("vlan: 110", "vlan: 0").replace("hairpin: true", "hairpn: true"))
    said = refused(estate)
    assert said.count("error[") == 2


def test_yaml_1_2_scalars(estate: Path) -> None:
    path = estate / "sites" / "lisbon.yml"
    path.write_text(path.read_text().replace("mac: '02:00:00:20:00:01'", "mac: 10:20:30:40:50:55"))
    report = check(estate, Selection(), "2026-01-01T00:00:00Z")
    assert report.exit_code == 0


@pytest.mark.parametrize("text", [
    "a: &a [x]\nb: *a\n", "a: [" * 5000, "\x00", "\ufeff- x", "a: !!python/object:os.system x\n",
    "a: b\n---\nc: d\n", "",
])
def test_hostile_yaml(estate: Path, text: str) -> None:
    (estate / "sites" / "lisbon.yml").write_text(text)
    assert "error[" in refused(estate)


def test_a_file_outside_of_the_estate(estate: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yml"
    outside.write_text("site: lisbon\n")
    (estate / "sites" / "lisbon.yml").unlink()
    (estate / "sites" / "lisbon.yml").symlink_to(outside)
    assert "error[path-outside]" in refused(estate)
