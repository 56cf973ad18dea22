"""From a flat, open site to a protected one and back to it after drift. The tests build on one another, in order."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.road.conftest import Cell, Road

pytestmark = pytest.mark.lab

PBX, BORDER = "10.20.10.10", "10.20.50.10"
TCP = {"smdr": {1752}, "pms": {1753}, "admin-https": {443}, "ssh": {22}, "minet-tls": {6801, 6802}, "sip-tls": {5061},
       "web-proxy": {443}}
NEIGHBOURS = {1751, 1754, 5060, 5062, 6800, 6803}
PORTS = {PBX: sorted(NEIGHBOURS | set.union(*TCP.values())),
         BORDER: [22, 443, 1752, 5060, 5061, 5062, 6800, 6801, 6802]}
INSIDE = ["smdr-taker", "opera", "admin-1", "room-101", "room-102", "room-103", "reception", "neighbour", "mbg-1"]
OUTSIDE = ["teleworker", "blocked", "stranger"]


def cells() -> list[Cell]:
    """Every inside client against every port of the PBX and the border gateway."""
    return [(client, address, port) for client in INSIDE for address in (PBX, BORDER) for port in PORTS[address]
            if not (client == "mbg-1" and address == BORDER)]


def allowed(road: Road) -> set[Cell]:
    """What the definition allows: what hosts use, and MiNET and SIP over TLS from the phones to the PBX."""
    hosts = road.site["hosts"]
    pairs = {(name, *use.split("@")) for name, host in hosts.items() for use in host.get("uses", [])}
    pairs |= {(phone, service, "mivb-1") for phone in ("room-101", "room-102", "room-103")
              for service in ("minet-tls", "sip-tls")}
    address = {"mivb-1": PBX, "mbg-1": BORDER}
    return {(client, address[server], port) for client, service, server in pairs
            if server in address and client in INSIDE for port in TCP.get(service, set())}


def test_before_apply_every_cell_connects(road: Road) -> None:
    wanted = cells()
    assert len(wanted) > 100
    assert set(wanted) - road.open_cells(wanted) == set()


def test_before_apply_ipv6_is_open(road: Road) -> None:
    wanted = [(client, "fd00:20:110::10", 1752) for client in INSIDE]
    assert set(wanted) - road.open_cells(wanted) == set()


def test_apply_brings_every_device_to_the_definition(road: Road) -> None:
    done = road.run("apply", "--yes", "-o", f"json={road.output / 'apply.json'}")
    report = json.loads((road.output / "apply.json").read_text())
    outcomes = {item["device"]: (item["status"], item["error"]) for item in report["devices"]}
    assert outcomes == dict.fromkeys(road.site["devices"], ("changed", ""))
    assert done.returncode == 0


@pytest.mark.parametrize("verb", ["plan", "drift", "verify"])
def test_nothing_is_left_to_do(road: Road, verb: str) -> None:
    done = road.run(verb)
    assert done.returncode == 0, done.stdout[-3000:]


def test_after_apply_only_declared_flows_connect(road: Road) -> None:
    assert road.open_cells(cells()) == allowed(road)


def test_after_apply_ipv6_is_no_way_round(road: Road) -> None:
    wanted = [(client, "fd00:20:110::10", port) for client in INSIDE for port in (1752, 1753, 443)]
    assert road.open_cells(wanted) == set()


def test_from_the_wan_only_what_is_exposed_and_only_to_the_allowed(road: Road) -> None:
    wanted = [(client, "203.0.113.10", port) for client in OUTSIDE for port in PORTS[BORDER]]
    wanted += [(client, address, port) for client in OUTSIDE for address in (PBX, BORDER) for port in (1752, 443)]
    assert road.open_cells(wanted) == {("teleworker", "203.0.113.10", port) for port in (443, 5061, 6801, 6802)}


def drift_of(road: Road, device: str) -> list[dict[str, str]]:
    """The findings of one device after something was changed by hand; the others are in order."""
    path = road.output / "drift.json"
    done = road.run("drift", "-o", f"json={path}", "-o", f"html={road.output / 'drift.html'}")
    assert done.returncode == 2, done.stderr
    report = json.loads(path.read_text())
    assert {item["device"] for item in report["devices"] if item["status"] != "in-order"} == {device}
    return next(item["findings"] for item in report["devices"] if item["device"] == device)


def repair(road: Road, device: str) -> None:
    done = road.run("apply", "--yes", "-d", device)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert road.run("drift").returncode == 0


def test_drift_a_flow_that_opens_smdr_to_a_pc(road: Road) -> None:
    road.on("sw-core-1", "ovs-ofctl", "add-flow", "br0",
            "table=32,priority=40000,tcp,nw_src=10.20.32.7,nw_dst=10.20.10.10,tp_dst=1752,actions=resubmit(,40)")
    (finding,) = drift_of(road, "sw-core-1")
    assert "tp_dst=1752" in finding["line"]
    assert "1752" in finding["meaning"]
    assert "acl-smdr" in finding["controls"]
    repair(road, "sw-core-1")


def test_drift_an_inserted_nft_rule(road: Road) -> None:
    road.on("fw-1", "nft", "insert", "rule", "inet", "punchdown", "from_inside", "ip", "saddr", "10.20.32.7", "accept")
    (finding,) = drift_of(road, "fw-1")
    assert "10.20.32.7" in finding["line"]
    assert "10.20.32.7" in finding["meaning"]
    repair(road, "fw-1")


def test_drift_a_deleted_radius_client(road: Road) -> None:
    path = "/etc/freeradius/3.0/clients.conf"
    road.on("radius-1", "sed", "-i", "/^client sw-core-1/,/^}/d", path)
    findings = drift_of(road, "radius-1")
    assert any("sw-core-1" in item["title"] + item["line"] + item["meaning"] for item in findings)
    repair(road, "radius-1")


def configure_switch(road: Road, *lines: str) -> None:
    """Type lines on the access switch over SSH, as a person would."""
    operator = road.lab_dir / "operator"
    road.on("admin-1", "ssh", "-T", "-F", "/dev/null", "-o", f"UserKnownHostsFile={operator / 'known_hosts'}",
            "-i", str(operator / "keys" / "id_ed25519"), "root@10.20.99.11",
            stdin="\n".join(["configure terminal", *lines, "end", "exit", ""]))


def test_drift_port_access_control_taken_off(road: Road) -> None:
    configure_switch(road, "interface GigabitEthernet1/0/7", "no authentication port-control")
    findings = drift_of(road, "sw-acc-1")
    assert any("GigabitEthernet1/0/7" in item["title"] + item["meaning"] for item in findings)
    assert any("802.1X" in item["meaning"] for item in findings)
    repair(road, "sw-acc-1")


def test_a_definition_that_locks_the_tool_out_goes_back_by_itself(road: Road, tmp_path: Path) -> None:
    estate = tmp_path / "estate"
    shutil.copytree(road.estate, estate)
    path = estate / "sites" / "lisbon.yml"
    path.write_text(re.sub(r"address: 10\.20\.99\.100", "address: 10.20.99.101", path.read_text()))
    done = road.run("apply", "--yes", "-d", "fw-1", "--timer", "30", "-o", "json", estate=estate)
    (device,) = json.loads(done.stdout[done.stdout.index("{"):])["devices"]
    assert device["status"] == "rolled-back", device["error"]
    assert done.returncode == 1
    assert road.run("drift", "-d", "fw-1").returncode == 0


def test_no_secret_was_written_anywhere(road: Road) -> None:
    operator = road.lab_dir / "operator"
    secrets = {path.read_text().strip() for path in (operator / "secrets").iterdir()}
    assert len(secrets) >= 4
    written = [path for folder in (road.output, road.estate, operator) for path in folder.rglob("*")
               if path.is_file() and path.parent.name not in {"secrets", "keys"}]
    assert written
    for path in written:
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in content], path
