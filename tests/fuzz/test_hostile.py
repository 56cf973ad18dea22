"""Estates that were made to hurt: a clear error, exit 1, no traceback, bounded memory and time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from punchdown.cli import main

from ..errors.harness import write_estate
from .child import Outcome, check

_LAUGHS = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" if n else "a0: &a0 [lol]\n" for n in range(10))
_SITE = "site: lisbon\nextends: base\n"


def _many(text: str, count: int) -> str:
    return "".join(text.replace("@", str(number)) for number in range(count))


TEXTS: dict[str, tuple[str, str]] = {
    "billion laughs": (_LAUGHS, "PD1007"),
    "deep brackets": ("description: " + "[" * 100_000, "PD1009"),
    "deep mappings": ("{a: " * 100_000, "PD1009"),
    "deep indentation": ("".join(f"{' ' * depth}a:\n" for depth in range(1500)), "PD1009"),
    "many values": ("description: [" + "x," * 1_900_000 + "x]\n", "PD1015"),
    "many keys": (_many("k@: 1\n", 350_000), "PD1015"),
    "one long key": (f"{'k' * 3_000_000}: 1\n", "PD1005"),
    "one long unknown key": (_SITE + f"? {'k' * 3_000_000}\n: 1\n", "PD1101"),
    "many unknown keys": (_SITE + _many("k@: 1\n", 8_000), "PD1101"),
    "one long text": (_SITE + f"description: {'x' * 4_000_000}\n", "PD1113"),
    "one long word of marks": (_SITE + f"description: '{'!' * 4_000_000}'\n", "PD1113"),
    "one long number": (_SITE + f"parking_vlan: {'9' * 4_000_000}\n", "PD1017"),
    "one long fraction": (_SITE + f"parking_vlan: 1.{'9' * 4_000_000}\n", "PD1133"),
    "many documents": ("---\n" * 500_000, "PD1010"),
    "many segments in one prefix": (
        _SITE + "segments:\n" + _many("  s@: {vlan: 7, prefix: 10.0.0.0/8, zone: data}\n", 8_000), "PD1229"),
    "many hosts": (_SITE + "hosts:\n" + _many("  h@: {kind: mivoice-business, segment: phones, address: 10.20.20.9}\n",
                                             10_000), "PD1229"),
    "many ports": (_SITE + "devices: {sw-1: {ports: {" + _many("a@/1-1024: pc, ", 10_000) + "}}}\n", "PD1229"),
    "many uses": (_SITE + "hosts: {smdr-taker: {uses: [" + "smdr@mibv-1, " * 10_000 + "]}}\n", "PD1302"),
    "many flows": (_SITE + "flows:\n" + _many("- {from: office, to: mibv-@, service: sip-tls}\n", 6_000), "PD1302"),
    "many endpoints": (
        _SITE + "endpoints:\n" + _many("  e@: {kind: pc, mac: '02:00:00:00:00:01'}\n", 12_000), "PD1210"),
    "wide plan": (_SITE + "prefix6: ::/0\nsegments:\n" + _many("  s@: {vlan: @, zone: data}\n", 400), ""),
    "control characters": (_SITE + "description: x\x07y\n", "PD1014"),
    "a null": (_SITE + "description: x\x00y\n", "PD1014"),
    "only a byte order mark": ("\ufeff", "PD1012"),
    "nothing": (" \n", "PD1012"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text(name: str, tmp_path: Path) -> None:
    text, code = TEXTS[name]
    estate = write_estate(tmp_path / "estate", text if text.strip() else "")
    (estate / "sites").mkdir(exist_ok=True)
    (estate / "sites" / "lisbon.yml").write_text(text, encoding="utf-8", newline="")
    refused(check(estate), code)


def refused(done: Outcome, code: str) -> None:
    """Exit 1 with that code, in words."""
    told = done.error[:2000] + done.error[-2000:]
    assert done.code == 1, (done.code, told)
    assert "Traceback" not in done.error, told
    assert "a fault in punchdown" not in done.error, told
    assert code in done.error, told
    assert len(done.error) < 50_000_000


def _huge(folder: Path) -> None:
    (folder / "lisbon.yml").touch()
    os.truncate(folder / "lisbon.yml", 100 * 2**20)


def _huge_text(folder: Path) -> None:
    with (folder / "lisbon.yml").open("w") as file:
        file.writelines("# a line of a file of a hundred megabytes\n" * 1000 for _ in range(2500))


def _endless(folder: Path) -> None:
    (folder / "lisbon.yml").symlink_to("/dev/zero")


def _circle(folder: Path) -> None:
    (folder / "lisbon.yml").symlink_to("lisbon.yml")


def _profiles(folder: Path) -> None:
    (folder / "lisbon.yml").write_text("site: lisbon\nextends: p0\n")
    for number in range(300):
        (folder.parent / "profiles" / f"p{number}.yml").write_text(f"extends: p{(number + 1) % 300}\n")


FILES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a hundred empty megabytes": (_huge, "PD1002"),
    "a hundred megabytes of text": (_huge_text, "PD1002"),
    "an endless device": (_endless, "PD1004"),
    "a pipe": (lambda folder: os.mkfifo(folder / "lisbon.yml"), "PD1016"),
    "a folder": (lambda folder: (folder / "lisbon.yml").mkdir(), "PD1016"),
    "a link to itself": (_circle, "PD1001"),
    "profiles in a circle": (_profiles, "PD1312"),
}


@pytest.mark.parametrize("name", FILES)
def test_file(name: str, tmp_path: Path) -> None:
    make, code = FILES[name]
    estate = write_estate(tmp_path / "estate", "")
    (estate / "sites").mkdir()
    make(estate / "sites")
    refused(check(estate), code)


SURPRISES = {
    "no as a number": ("parking_vlan: no", "PD1103"), "yes as true": ("hosts: {mbg-1: {hairpin: yes}}", "PD1110"),
    "on as true": ("firewall: {log: on}", "PD1110"), "octal or ten": ("parking_vlan: 0999", "PD1143"),
    "a serial number": ("description: 000123", "PD1143"), "a name that is a number": ("hosts: {5: {}}", "PD1102"),
    "sixty to the power": ("parking_vlan: 16:39", "PD1103"), "a day": ("parking_vlan: 2026-01-01", "PD1103"),
    "thousands": ("parking_vlan: 1_000", "PD1103"), "a power": ("parking_vlan: 1e3", "PD1133"),
    "infinity": ("parking_vlan: 1e999", "PD1133"), "not a number": ("parking_vlan: .nan", "PD1103"),
    "a number in quotes": ("parking_vlan: '999'", "PD1103"), "nothing": ("parking_vlan:", "PD1126"),
    "an address as a number": ("firewall: {wan: {router: 3405803777}}", "PD1142"),
    "an address as true": ("hosts: {mivb-1: {address: true}}", "PD11"),
    "a secret for a name": ("management: {credential: '<secret:root>'}", "PD1127"),
    "a secret in a banner": ("management: {banner: ['<secret:root>']}", "PD1127"),
    "a secret as a MAC address": ("endpoints: {room-101: {mac: '<secret:mac>'}}", "PD1127"),
    "a password": ("management: {password: hunter2}", "PD1101"),
}


Checked = Callable[[str], Outcome]


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Checks one site in this process: nothing in it is large."""
    def call(text: str) -> Outcome:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        code = main(["check", "-e", str(write_estate(tmp_path / "estate", text))])
        return Outcome(code, *capsys.readouterr())

    return call


@pytest.mark.parametrize("name", SURPRISES)
def test_surprise(name: str, checked: Checked) -> None:
    line, code = SURPRISES[name]
    refused(checked(f"{_SITE}{line}\n"), code)


@pytest.mark.parametrize("mac", ["10:20:30:40:50:55", "08:00:0f:10:01:01", "'10:20:30:40:50:55'", "12-34-56-12-34-56"])
def test_a_mac_address_is_no_number(checked: Checked, mac: str) -> None:
    assert checked(f"{_SITE}endpoints: {{room-101: {{mac: {mac}}}}}\n").code == 0
