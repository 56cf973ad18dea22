"""From a flat, open site to a protected one, cell by cell. The tests build on one another, in order."""

from __future__ import annotations

import json

import pytest

from punchdown import lab
from tests.road.conftest import Cell, Road
from tests.road.wire import frames, send

pytestmark = pytest.mark.lab

PBX, BORDER = "10.20.10.10", "10.20.50.10"
TCP = {"smdr": {1752}, "pms": {1753}, "admin-https": {443}, "ssh": {22}, "minet-tls": {6801, 6802}, "sip-tls": {5061},
       "web-proxy": {443}}
NEIGHBOURS = {1751, 1754, 5060, 5062, 6800, 6803}
PORTS = {PBX: sorted(NEIGHBOURS | set.union(*TCP.values())),
         BORDER: [22, 443, 1752, 5060, 5061, 5062, 6800, 6801, 6802]}
INSIDE = ["smdr-taker", "opera", "admin-1", "room-101", "room-102", "room-103", "reception", "neighbour", "mbg-1"]
OUTSIDE = ["teleworker", "blocked", "stranger"]
PHONES = ["room-101", "room-102", "room-103"]
HAIRPIN = [*PHONES, "neighbour", "mivb-1"]
PUBLIC, PHONE = "203.0.113.10", "10.20.20.11"
MEDIA, STREAMS = {50000, 50001, 50128, 50511}, {20000, 20002, 31000}
UDP_PORTS = {PBX: [69, 161, 5060, 5061, 6800, 20001, 49999, *sorted(MEDIA), 50512],
             BORDER: [5060, 5061, 19999, *sorted(STREAMS), 31001, 50000], PHONE: [5060, 20000, 50000]}


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


def udp_cells() -> list[Cell]:
    """Every inside client, the PBX as well, against PBX, border gateway and a phone; phones share a segment."""
    return [(client, address, port) for client in [*INSIDE, "mivb-1"] for address, ports in UDP_PORTS.items()
            for port in ports if (client, address) not in {("mivb-1", PBX), ("mbg-1", BORDER)}
            and not (client in PHONES and address == PHONE)]


def udp_allowed() -> set[Cell]:
    """Media among phones, PBX and border gateway, and what phones load at start; the hairpin serves whole segments."""
    pairs = {(phone, PBX, port) for phone in PHONES for port in MEDIA | {69, 20001}}
    pairs |= {("mbg-1", PBX, port) for port in MEDIA}
    pairs |= {(server, PHONE, 50000) for server in ("mbg-1", "mivb-1")}
    return pairs | {(client, BORDER, port) for client in HAIRPIN for port in STREAMS}


def link_local_cells(road: Road, interface: str) -> list[Cell]:
    """Every inside client against the PBX's link-local address, and two servers that share a segment."""
    def address(machine: str) -> str:
        shown = road.on(machine, "ip", "-br", "-6", "addr", "show", "eth0").split()
        return next(word for word in shown if word.startswith("fe80")).partition("/")[0]

    def through(client: str) -> str:
        return interface if client in PHONES else "eth0"

    pbx, server = address("mivb-1"), address("smdr-taker")
    return [*((client, f"{pbx}%{through(client)}", port) for client in INSIDE for port in (443, 1752, 1753)),
            *(("opera", f"{server}%eth0", port) for port in (22, 443, 1752))]


def test_before_apply_every_cell_connects(road: Road) -> None:
    wanted = cells()
    assert len(wanted) > 100
    assert set(wanted) - road.open_cells(wanted) == set()


def test_before_apply_ipv6_is_open(road: Road) -> None:
    wanted = [(client, "fd00:20:110::10", 1752) for client in INSIDE]
    assert set(wanted) - road.open_cells(wanted) == set()


def test_before_apply_link_local_is_open(road: Road) -> None:
    wanted = link_local_cells(road, "eth0")
    assert set(wanted) - road.open_cells(wanted) == set()


def test_before_apply_media_is_open(road: Road) -> None:
    wanted = udp_cells()
    assert len(wanted) > 150
    assert set(wanted) - road.open_cells(wanted, "udp") == set()


def test_before_apply_marks_of_a_pc_pass(road: Road) -> None:
    seen = frames("fw-1", "lan130", "udp port 53 and src host 10.20.32.11",
                  lambda: send("reception", "10.20.99.5", 53, tos=0xB8))
    assert "tos 0xb8" in seen


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


def test_after_apply_link_local_is_no_way_round(applied: Road) -> None:
    """Neighbours are told by hand, so that it is the filter that denies and not the lost discovery."""
    wanted = link_local_cells(applied, "voice0")
    hardware = {name: applied.on(name, "cat", "/sys/class/net/eth0/address").strip()
                for name in ("mivb-1", "smdr-taker")}
    for client, place in {(client, place) for client, place, _ in wanted}:
        address, _, interface = place.partition("%")
        target = "smdr-taker" if client == "opera" and place == wanted[-1][1] else "mivb-1"
        applied.on(client, "ip", "neigh", "replace", address, "lladdr", hardware[target], "dev", interface)
    assert applied.open_cells(wanted) == set()


def test_after_apply_only_declared_media_passes(road: Road) -> None:
    assert road.open_cells(udp_cells(), "udp") == udp_allowed()


def test_the_hairpin_serves_phones_under_the_public_address(road: Road) -> None:
    wanted = [(client, PUBLIC, port) for client in [*INSIDE, "mivb-1"] if client != "mbg-1"
              for port in UDP_PORTS[BORDER]]
    assert road.open_cells(wanted, "udp") == {(client, PUBLIC, port) for client in HAIRPIN for port in STREAMS}


def test_from_the_wan_only_what_is_exposed_and_only_to_the_allowed(road: Road) -> None:
    wanted = [(client, PUBLIC, port) for client in OUTSIDE for port in PORTS[BORDER]]
    wanted += [(client, address, port) for client in OUTSIDE for address in (PBX, BORDER) for port in (1752, 443)]
    assert road.open_cells(wanted) == {("teleworker", PUBLIC, port) for port in (443, 5061, 6801, 6802)}


def test_from_the_wan_media_is_for_anyone_but_the_blocked(road: Road) -> None:
    wanted = [(client, address, port) for client in OUTSIDE for address in (PUBLIC, PBX) for port in UDP_PORTS[address
              if address == PBX else BORDER]]
    assert road.open_cells(wanted, "udp") == {
        (client, PUBLIC, port) for client in ("teleworker", "stranger") for port in STREAMS}


@pytest.mark.parametrize(("client", "address", "port", "protocol", "expected"), [
    ("smdr-taker", PBX, 1752, "tcp", "open"),
    ("opera", PBX, 1752, "tcp", "rejected"),
    ("reception", PBX, 443, "tcp", "rejected"),
    ("reception", PBX, 50000, "udp", "rejected"),
    ("smdr-taker", BORDER, 5061, "tcp", "rejected"),
    ("neighbour", PBX, 1752, "tcp", "silent"),
    ("neighbour", PBX, 50000, "udp", "silent"),
    ("opera", "fd00:20:110::10", 1752, "tcp", "silent"),
    ("stranger", PUBLIC, 5061, "tcp", "silent"),
    ("stranger", BORDER, 5061, "tcp", "rejected"),
    ("blocked", BORDER, 5061, "tcp", "silent"),
    ("blocked", PUBLIC, 20000, "udp", "silent"),
])
def test_denials_are_what_was_declared(road: Road, client: str, address: str, port: int, protocol: str,
                                       expected: str) -> None:
    """The firewall rejects what it does not forward, as declared; lists and ports of a switch drop."""
    assert lab.outcome(road.lab_dir, client, address, port, protocol, timeout=2.0) == expected
