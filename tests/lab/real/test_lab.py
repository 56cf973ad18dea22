"""The lab before anything is configured: everything is open, and nothing of the machine is touched."""

from __future__ import annotations

import hashlib
import itertools
import subprocess
from pathlib import Path

import pytest

from punchdown import lab
from tests.lab.real.conftest import PREFIX, SITE, netmiko_session

pytestmark = pytest.mark.lab

ADDRESSES = {"mivb-1": ("10.20.10.10", 1752), "mbg-1": ("10.20.50.10", 443), "smdr-taker": ("10.20.40.15", 443),
             "opera": ("10.20.40.20", 443), "admin-1": ("10.20.99.100", 22), "room-101": ("10.20.20.11", 80),
             "room-103": ("10.20.20.13", 80), "reception": ("10.20.32.11", 445)}
APPLIANCES = {"sw-core-1": "10.20.99.2", "fw-1": "10.20.99.1", "radius-1": "10.20.99.5", "dhcp-1": "10.20.99.6"}


def _ula(address: str) -> str:
    vlan = {"10": 110, "20": 120, "32": 130, "40": 140, "50": 150, "99": 199}[address.split(".")[2]]
    return f"fd00:20:{vlan}::{address.split('.')[3]}"


def _machine() -> dict[str, str]:
    """What a lab could spoil outside of itself."""
    tree = hashlib.sha256()
    for path in sorted(Path("/etc").rglob("*")):
        state = path.lstat()
        tree.update(f"{path} {state.st_mode} {state.st_uid} {state.st_mtime_ns}".encode())
        if path.is_file() and not path.is_symlink():
            tree.update(path.read_bytes())
    folders = ["/run/openvswitch", "/run/freeradius", "/run/kea", "/run/lldpd", "/run/sshd.pid", "/var/log/openvswitch",
               "/var/log/freeradius", "/var/log/kea", "/var/lib/openvswitch", "/var/lib/kea", "/var/lib/punchdown"]
    found = [f"{name} {[path.name for path in sorted(Path(name).glob('*'))]}"
             for name in folders if Path(name).exists()]
    return {"etc": tree.hexdigest(), "folders": "\n".join(found), "nft": _said("nft", "list", "ruleset"),
            "addresses": _said("ip", "-br", "addr"), "forwarding": _said("sysctl", "net.ipv4.ip_forward"),
            "mounts": str(len([line for line in Path("/proc/self/mounts").read_text().splitlines() if PREFIX in line]))}


def _said(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def _namespaces() -> list[str]:
    return [line.split()[0] for line in _said("ip", "netns", "list").splitlines() if line.startswith(PREFIX)]


def test_the_machine_is_not_touched_and_nothing_is_left(tmp_path: Path) -> None:
    before, folder = _machine(), tmp_path / "lab"
    status = lab.up(SITE, folder, prefix=PREFIX)
    assert status.healthy
    assert set(status.devices) == set(APPLIANCES)
    assert _machine() | {"mounts": "0"} == before
    lab.down(folder, prefix=PREFIX)
    assert _machine() == before
    assert _namespaces() == []
    assert not folder.exists()
    lab.down(folder, prefix=PREFIX)


def test_a_crashed_lab_is_replaced_and_foreign_folders_are_not(tmp_path: Path) -> None:
    lab.up(SITE, tmp_path / "first", prefix=PREFIX)
    (tmp_path / "first" / "lab.json").unlink()
    assert lab.up(SITE, tmp_path / "second", prefix=PREFIX).healthy
    lab.down(tmp_path / "second", prefix=PREFIX)
    assert _namespaces() == []
    with pytest.raises(lab.LabError, match="is not empty"):
        lab.up(SITE, tmp_path / "first", prefix=PREFIX)
    assert (tmp_path / "first" / "operator").is_dir()


def test_a_half_built_lab_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise lab.LabError("no sockets today")

    monkeypatch.setattr("punchdown.lab.real.session._start_listeners", fail)
    with pytest.raises(lab.LabError, match="no sockets today"):
        lab.up(SITE, tmp_path / "lab", prefix=PREFIX)
    assert _namespaces() == []
    assert not (tmp_path / "lab").exists()


@pytest.mark.parametrize(("client", "server"), list(itertools.permutations(ADDRESSES, 2)))
def test_before_anything_is_pushed_all_reach_all(lab_dir: Path, client: str, server: str) -> None:
    address, port = ADDRESSES[server]
    assert lab.connects(lab_dir, client, address, port)
    assert lab.connects(lab_dir, client, _ula(address), port)


@pytest.mark.parametrize("client", ["teleworker", "blocked", "stranger", "router"])
def test_the_outside_reaches_the_inside(lab_dir: Path, client: str) -> None:
    assert lab.connects(lab_dir, client, "10.20.10.10", 1752)
    assert lab.connects(lab_dir, client, "fd00:20:110::10", 1752)
    assert lab.connects(lab_dir, client, "10.20.20.11", 50000, "udp")


def test_link_local_reaches_across_what_will_be_segments(lab_dir: Path) -> None:
    shown = lab.run_in(lab_dir, "mivb-1", ["ip", "-br", "-6", "addr", "show", "eth0"]).stdout
    address = next(word for word in shown.split() if word.startswith("fe80")).partition("/")[0]
    assert lab.connects(lab_dir, "reception", f"{address}%eth0", 1752)


def test_a_closed_port_is_closed(lab_dir: Path) -> None:
    assert not lab.connects(lab_dir, "reception", "10.20.10.10", 9, timeout=0.5)
    assert not lab.connects(lab_dir, "reception", "10.20.10.10", 9, "udp", timeout=0.5)


def test_who_answers_is_the_host_itself(lab_dir: Path) -> None:
    said = lab.run_in(lab_dir, "opera", ["socat", "-", "TCP:10.20.10.10:1753"]).stdout
    assert said == "mivb-1:1753\n"


@pytest.mark.parametrize(("device", "address"), [*APPLIANCES.items(), ("sw-acc-1", "10.20.99.11")])
def test_appliances_are_reached_as_the_operator_reaches_them(lab_dir: Path, device: str, address: str) -> None:
    operator = lab_dir / "operator"
    known = (operator / "known_hosts").read_text()
    assert f"{address} " in known or f"{address}," in known
    kind = "cisco_ios" if device == "sw-acc-1" else "linux"
    with netmiko_session(operator, kind, address) as session:
        assert device in session.find_prompt() or device in session.send_command("hostname")


def test_an_appliance_cannot_write_outside_itself(lab_dir: Path) -> None:
    done = lab.run_in(lab_dir, "fw-1", ["sh", "-c", f"touch /usr/x || touch {Path(__file__).parent}/x"])
    assert done.returncode != 0
    assert done.stderr.count("Read-only file system") == 2


def test_secrets_are_for_their_owner_only(lab_dir: Path) -> None:
    names = sorted(path.name for path in (lab_dir / "operator" / "secrets").iterdir())
    assert names == ["eap-reception", "eap-room-102", "radius-sw-acc-1", "radius-sw-core-1"]
    files = [path for path in (lab_dir / "operator").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o077 for path in files} == {0}


def test_power_loss_keeps_the_disk_and_loses_the_rest(lab_dir: Path) -> None:
    lab.run_in(lab_dir, "sw-core-1", [
        "sh", "-c", "echo kept > /etc/kept; echo x > /run/lost; mkdir -p /etc/punchdown/boot.d"])
    lab.run_in(lab_dir, "sw-core-1", ["sh", "-c", "cat > /etc/punchdown/boot.d/x; chmod +x /etc/punchdown/boot.d/x"],
               stdin="#!/bin/sh\necho booted >> /etc/kept\n")
    lab.run_in(lab_dir, "sw-core-1", ["ovs-ofctl", "add-flow", "br0", "priority=7,in_port=24,actions=drop"])
    lab.reboot(lab_dir, "sw-core-1")
    assert lab.run_in(lab_dir, "sw-core-1", ["cat", "/etc/kept"]).stdout == "kept\nbooted\n"
    assert lab.run_in(lab_dir, "sw-core-1", ["ls", "/run/lost"]).returncode != 0
    assert "priority=7" not in lab.run_in(lab_dir, "sw-core-1", ["ovs-ofctl", "dump-flows", "br0"]).stdout
    assert lab.connects(lab_dir, "opera", "10.20.10.10", 1752, timeout=5)


def test_daemons_start_again_and_sessions_stay(lab_dir: Path) -> None:
    first = lab.run_in(lab_dir, "fw-1", ["cat", "/run/sshd.pid"]).stdout
    lab.run_in(lab_dir, "fw-1", ["sh", "-c", "setsid sleep 99 >/dev/null 2>&1 </dev/null &"])
    lab.restart_daemons(lab_dir, "fw-1")
    assert lab.run_in(lab_dir, "fw-1", ["cat", "/run/sshd.pid"]).stdout != first
    assert lab.run_in(lab_dir, "fw-1", ["pgrep", "-x", "sleep"]).returncode == 0


def test_unknown_names_are_answered_with_the_known_ones(lab_dir: Path) -> None:
    with pytest.raises(lab.LabError, match="mivb-1"):
        lab.run_in(lab_dir, "mivb-9", ["true"])
    with pytest.raises(lab.LabError, match="sw-core-1"):
        lab.reboot(lab_dir, "mivb-1")
