"""Whatever a device says stays data: no text of it becomes a key, a tag, a reference or a command."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from punchdown.loader import load_estate
from punchdown.pipeline import NotRecognised, import_folder
from punchdown.report import to_html, to_markdown, to_text
from tests.adopt.examples import NOW, SWITCH, Adopt
from tests.adopt.test_gateway import ADDRESSES, RULES

EVIL = (
    "x: {y: 1} # !!python/object/apply:os.system ['id']", "'quoted' \"twice\" `thrice`", "<secret:radius-sw-1>",
    "&anchor *alias <<: merge", "{{ 7 * 7 }} {% include 'x' %}", "- item\tof a list", "\x1b[2J\x07 bell",
    "\u202egnp.exe",
    "no", "0x1F", "~", "@user %tag |literal >folded", "a" * 500, "<script>alert(1)</script>", "; reload in 1",
)


@pytest.mark.parametrize("evil", EVIL)
def test_a_hostile_description_stays_a_description(adopt_texts: Adopt, tmp_path: Path, evil: str) -> None:
    text = SWITCH.replace("description Room 101", f"description {evil}").replace("name VOICE", f"name {evil}")
    text = text.replace("hostname SW-Floor1", f"hostname {evil.split()[0]}").replace("to core", evil)
    made = adopt_texts(floor=text, admins=("10.7.99.100",))
    plain = yaml.safe_load(made.text)
    assert set(plain) <= {"site", "prefix", "segments", "hosts", "services", "management", "dot1x", "mac_lists",
                          "spanning_tree", "devices"}
    assert not re.search(r"<secret:|[\x00-\x09\x0b-\x1f\x7f-\uffff]", made.text)
    write(tmp_path / "estate", made.text)
    assert list(load_estate(tmp_path / "estate").sites) == ["porto"]
    for shown in (to_text(made.report), to_markdown(made.report)):
        assert not {"\x1b", "\u202e"} & set(shown)
    assert "<script>alert(1)" not in to_html(made.report)


def write(folder: Path, text: str) -> None:
    (folder / "sites").mkdir(parents=True)
    (folder / "punchdown.yml").write_text("estate: e\n")
    (folder / "sites" / "porto.yml").write_text(text)


NUMBERS = ("0", "1", "4095", "99999", "999999999999", "4294967296", "1-999999999", "256.1.1.1", "10.7.99.255", "-5", "")
WORDS = ("no", "vlan", "interface", "shutdown", "any", "GigabitEthernet9/9/9999", "\u0660\u0661", "%s", "host")


def mutated(dice: random.Random, text: str = SWITCH) -> str:
    lines = text.splitlines()
    for _ in range(dice.randint(1, 12)):
        place = dice.randrange(len(lines))
        kind = dice.randrange(4)
        if kind == 0:
            del lines[place]
        elif kind == 1:
            lines.insert(place, dice.choice(lines))
        elif kind == 2:
            lines[place] = re.sub(r"\d+", lambda _: dice.choice(NUMBERS), lines[place], count=dice.randint(1, 3))
        else:
            words = lines[place].split(" ")
            words[dice.randrange(len(words))] = dice.choice((*WORDS, *NUMBERS))
            lines[place] = " ".join(words)
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_configuration_gives_a_clean_definition_or_none(tmp_path: Path, seed: int) -> None:
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "sw.cfg").write_text(mutated(random.Random(seed * 100 + number)), encoding="utf-8")
        with suppress(NotRecognised):
            import_folder(folder, "porto", (), NOW)


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_ruleset_gives_a_clean_definition_or_none(tmp_path: Path, seed: int) -> None:
    for number in range(6):
        dice = random.Random(seed * 100 + number)
        folder = tmp_path / str(number) / "gw"
        folder.mkdir(parents=True)
        (folder / "rules").write_text(mutated(dice, RULES), encoding="utf-8")
        (folder / "addresses").write_text(mutated(dice, ADDRESSES) if dice.random() < 0.5 else ADDRESSES)
        with suppress(NotRecognised):
            import_folder(folder.parent, "porto", (), NOW)


def test_what_is_no_configuration_is_told_and_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "floor.cfg").write_text(SWITCH)
    (tmp_path / "notes\n\x1b[2J.txt").write_text("somebody was here")
    (tmp_path / "dump.bin").write_bytes(b"x" * (2**23 + 1))
    made = import_folder(tmp_path, "porto", ("10.7.99.100",), NOW)
    told = [line for line in to_text(made.report).splitlines() if "is no running configuration" in line]
    assert len(told) == 2
    assert ["dump.bin" in told[0], "notes" in told[1]] == [True, True]
    assert "\x1b" not in "".join(told)
