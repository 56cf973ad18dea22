"""The emulated half alone: no root, no namespaces."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from punchdown import lab
from punchdown.cli import main
from punchdown.lab.real import network
from tests.lab.real.conftest import SITE, netmiko_session


def test_emulated_devices_answer_at_their_own_address_through_the_operator(tmp_path: Path,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the emulated lab must not touch namespaces")

    monkeypatch.setattr(network, "tear_down", fail)
    folder = tmp_path / "lab"
    status = lab.up(SITE, folder, emulated_only=True)
    try:
        assert (status.kind, status.devices) == ("emulated", {"sw-acc-1": "up"})
        operator = status.operator
        with netmiko_session(operator, "cisco_ios", "10.20.99.11") as session:
            assert session.find_prompt() == "sw-acc-1#"
        assert "10.20.99.11 ssh-ed25519" in (operator / "known_hosts").read_text()
        assert lab.status(folder).healthy
    finally:
        lab.down(folder)
    assert not folder.exists()
    assert lab.status(folder).kind == "none"


def test_a_teardown_without_prefix_is_refused() -> None:
    with pytest.raises(lab.LabError, match="prefix"):
        network.tear_down("")


def test_the_real_lab_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(lab.LabError, match="lab up --emulated"):
        lab.up(SITE, tmp_path / "lab", prefix="pdnone-")


def test_the_switch_of_any_site_starts_where_it_is_managed(tmp_path: Path) -> None:
    init = ["init", str(tmp_path / "estate"), "--estate", "grand-hotels", "--site", "faro", "--prefix", "10.30.0.0/16",
            "--wan", ""]
    assert main([*init, "--switch", "cisco_ios", "--access-switches", "1"]) == 0
    folder = tmp_path / "lab"
    status = lab.up(tmp_path / "estate" / "sites" / "faro.yml", folder, emulated_only=True)
    try:
        assert sorted(status.devices) == ["faro-acc-1", "faro-core"]
        with netmiko_session(status.operator, "cisco_ios", "10.30.63.11") as session:
            shown = session.send_command("show running-config interface Vlan163")
            assert "ip address 10.30.63.11 255.255.255.0" in shown
        assert "network-automation" in (status.operator / "credentials.yml").read_text()
        assert (status.operator / "secrets" / "radius-faro-acc-1").exists()
    finally:
        lab.down(folder)
