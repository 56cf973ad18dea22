"""``punchdown explain HOST``: the settings of a gateway, on a real definition."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from punchdown.cli import main
from punchdown.values import GatewaySetting, from_json

INVENTORY = Path(__file__).parents[2] / "inventory"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """The example estate with a few settings, in the site and in the profile."""
    shutil.copytree(INVENTORY, tmp_path / "estate")
    site = tmp_path / "estate" / "sites" / "lisbon.yml"
    text = site.read_text()
    old = "address: 10.20.10.11}"
    assert old in text
    site.write_text(text.replace(old, "address: 10.20.10.11, settings: {system-security-management: "
                                      "{password-strength: Medium, phone-administrator-passcode: '<secret:code>'}}}"))
    profile = tmp_path / "estate" / "profiles" / "hotel.yml"
    profile.write_text(profile.read_text() + "gateway_settings:\n  mivoice-business:\n"
                       "    system-security-management: {password-expiry-interval: 90}\n")
    return tmp_path / "estate"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_each_field_with_value_source_and_way(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "explain", "mivb-2", "-e", str(estate))
    assert code == 0
    lines = out.splitlines()
    at = lines.index("  Password Strength = Medium")
    assert "by the site · hosts.mivb-2.settings.system-security-management.password-strength · " in lines[at + 1]
    assert "lisbon.yml:" in lines[at + 1]
    assert lines[at + 1].endswith("password-mivb-strength-order · admin-mivb-login-attempts · typed by hand")
    assert lines[at + 2] == "      against the advice: Strong"
    at = lines.index("  Password Expiry Interval = 90")
    assert "by its profile" in lines[at + 1]
    assert "hotel.yml:" in lines[at + 1]
    assert "  Phone Administrator Passcode = <secret:code>" in lines
    assert "  Login Banner = yes" in lines
    assert lines.count("System Security Management") == 1


def test_words_keep_what_contains_them(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = run(capsys, "explain", "mbg-1", "mbg-streaming-address-dmz", "-e", str(estate))
    assert [line for line in out.splitlines() if line.startswith("  ") and " = " in line] == [
        "  Set-side streaming address = 203.0.113.10", "  ICP-side streaming address = 203.0.113.10"]


def test_json_reads_back(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "explain", "lisbon/mivb-2", "-e", str(estate), "-o", "json")
    assert code == 0
    settings = from_json(tuple[GatewaySetting, ...], out)
    assert {item.host for item in settings} == {"mivb-2"}
    assert json.loads(out)[0]["provenance"]["feature"] == "settings"


@pytest.mark.parametrize(("arguments", "words"), [
    (["mivb-2", "no such words"], "mivb-2: no setting contains 'no such words'"),
    (["porto/mivb-2"], "there is no device and no gateway 'porto/mivb-2'"),
    (["opera"], "there is no device and no gateway 'opera'; known: "),
    (["mibv-2"], "did you mean 'mivb-2'?"),
])
def test_what_is_not_there(estate: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    code, out, err = run(capsys, "explain", *arguments, "-e", str(estate))
    assert (code, out) == (1, "")
    assert words in err


def test_a_host_of_two_sites_needs_its_site(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (estate / "sites" / "porto.yml").write_text(
        "site: porto\nsegments: {cc: {vlan: 10, prefix: 10.30.10.0/24, zone: call-control}}\n"
        "hosts: {mivb-2: {kind: mivoice-business, segment: cc, address: 10.30.10.10}}\n")
    assert "write lisbon/mivb-2 or porto/mivb-2" in run(capsys, "explain", "mivb-2", "-e", str(estate))[2]
    assert run(capsys, "explain", "porto/mivb-2", "-e", str(estate))[0] == 0


def test_a_device_keeps_its_lines(estate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _code, out, _err = run(capsys, "explain", "sw-acc-1", "hostname", "-e", str(estate))
    assert "hostname sw-acc-1" in out
