"""Devices read over SSH: the emulated switch, with keys that are trusted already."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from punchdown.cli import main
from punchdown.lab.emulated import ApplianceSpec, Fleet, ScaledClock
from tests.adopt.examples import SWITCH

PASSWORD = "hush-hush-1"
CREDENTIALS = """\
credentials:
  network-automation:
    username: punchdown
    password: {file: login}
    scope: {management: [127.0.0.0/8], devices: ['*']}
"""
FLOOR = """\
set system host-name sw-ex
set access radius-server 10.7.99.5 secret "$9$LbHX-wg4Z"
set vlans OFFICE vlan-id 30
set vlans MGMT vlan-id 99
set vlans MGMT l3-interface irb.99
set interfaces irb unit 99 family inet address 10.7.99.12/24
set interfaces ge-0/0/0 unit 0 family ethernet-switching vlan members OFFICE
set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members OFFICE
"""


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    found = Fleet(ScaledClock(600.0))
    startup = "vtp mode transparent\n" + SWITCH.replace("line vty 0 4\n", f"username punchdown privilege 15 password 0 "
                                                        f"{PASSWORD}\nline vty 0 4\n")
    spec = ApplianceSpec("sw-floor1", management="10.7.99.11", username="punchdown", password=PASSWORD, startup=startup)
    wall = ApplianceSpec("fw-1", platform="cisco_asa", management="10.7.99.1", username="punchdown", password=PASSWORD,
                         legs=(*((f"lan{vlan}", f"10.7.{vlan}.1/24") for vlan in (20, 30, 40, 50, 99)),
                               ("wan0", "198.51.100.8/24")), router="198.51.100.1")
    floor = ApplianceSpec("sw-ex", platform="juniper_junos", username="punchdown", password=PASSWORD, startup=FLOOR)
    asyncio.run_coroutine_threadsafe(found.start([spec, wall, floor]), loop).result(20)
    yield found
    asyncio.run_coroutine_threadsafe(found.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def live(fleet: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    me = tmp_path / "me"
    (me / "secrets").mkdir(parents=True)
    (me / "credentials.yml").write_text(CREDENTIALS)
    (me / "secrets" / "login").write_text(PASSWORD)
    (me / "known_hosts").write_text(fleet.known_hosts())

    def run(*more: str) -> tuple[int, str, str]:
        code = main(["import", "--live", f"sw-floor1=cisco_ios@127.0.0.1:{fleet.ports['sw-floor1']}", "--site", "porto",
                     "-e", str(tmp_path / "estate"), "--operator", str(me), *more])
        captured = capsys.readouterr()
        return code, captured.out, captured.err
    return run


def test_a_switch_is_read_and_stays_as_it_was(live, fleet: Fleet, tmp_path: Path) -> None:
    before = fleet.appliances["sw-floor1"].running_config()
    code, out, err = live()
    assert code == 0, err
    site = yaml.safe_load((tmp_path / "estate" / "sites" / "porto.yml").read_text())
    assert site["devices"]["sw-floor1"]["ports"]["1-2"] == "phone-and-pc"
    assert "lines recognised" in out
    assert PASSWORD not in out + err + (tmp_path / "estate" / "sites" / "porto.yml").read_text()
    assert fleet.appliances["sw-floor1"].running_config() == before


def test_a_firewall_is_read_beside_its_switch_and_stays_as_it_was(live, fleet: Fleet, tmp_path: Path) -> None:
    before = fleet.appliances["fw-1"].running_config()
    code, out, err = live("--live", f"fw-1=cisco_asa@127.0.0.1:{fleet.ports['fw-1']}")
    assert code == 0, err
    site = yaml.safe_load((tmp_path / "estate" / "sites" / "porto.yml").read_text())
    assert site["devices"]["fw-1"]["routes"] == ["voice", "office", "vlan-40", "pbx-2", "mgmt"]
    assert site["segments"]["voice"]["prefix"] == "10.7.20.0/24"
    assert site["firewall"]["wan"] == {"address": "198.51.100.8/24", "router": "198.51.100.1"}
    assert "what enters by an interface is judged by no list" in out
    assert PASSWORD not in out + err
    assert fleet.appliances["fw-1"].running_config() == before


def test_an_ex_switch_is_read_beside_it_and_stays_as_it_was(live, fleet: Fleet, tmp_path: Path) -> None:
    before = fleet.appliances["sw-ex"].running_config()
    code, out, err = live("--live", f"sw-ex=juniper_junos@127.0.0.1:{fleet.ports['sw-ex']}")
    assert code == 0, err
    text = (tmp_path / "estate" / "sites" / "porto.yml").read_text()
    site = yaml.safe_load(text)
    assert site["devices"]["sw-ex"]["ports"] == {"0-1": {"role": "pc", "dot1x": False}}
    assert "$9$" not in out + err + text
    assert fleet.appliances["sw-ex"].running_config() == before


def test_a_switch_whose_key_is_not_trusted_is_offered_nothing(live, tmp_path: Path) -> None:
    (tmp_path / "me" / "known_hosts").write_text("")
    code, _, err = live()
    assert code == 1
    assert "trust" in err
    assert not (tmp_path / "estate" / "sites" / "porto.yml").exists()


def test_a_device_that_can_not_be_read_does_not_hold_up_the_others(live, tmp_path: Path) -> None:
    code, out, _ = live("--live", "sw-gone=cisco_ios@127.0.0.1:1")
    assert code == 1
    assert "sw-gone" in out
    assert "sw-floor1" in (tmp_path / "estate" / "sites" / "porto.yml").read_text()


@pytest.mark.parametrize("target", ["sw=cisco_ios@host", "sw=nobody@127.0.0.1", "Sw 1=cisco_ios@127.0.0.1",
                                    "cisco_ios@127.0.0.1"])
def test_a_target_that_says_too_little_is_refused(target: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--live", target, "--site", "porto"]) == 1
    assert "is no NAME=PLATFORM@ADDRESS" in capsys.readouterr().err


def test_an_administrator_is_an_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--from", str(tmp_path), "--site", "x", "--admin", "10.7.99.300"]) == 1
    assert "is no IPv4 address" in capsys.readouterr().err


def test_one_source_at_a_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--from", str(tmp_path), "--netbox", "https://n.example.net", "--site", "x"]) == 1
    assert "import what?" in capsys.readouterr().err
