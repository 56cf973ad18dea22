"""Which ports are asked of which address, and what the definition lets a place reach; then one look at real servers."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from punchdown import pipeline
from punchdown.cli import main
from punchdown.compiler import compile_estate
from punchdown.errors import PlanError
from punchdown.intent import FlowMatrix
from punchdown.loader import load_estate
from punchdown.probes import Probe, look
from punchdown.state import Store
from punchdown.values import Report, Severity, Sighting
from punchdown.values.probe import PortQuestion, PortSeen, TlsSeen
from punchdown.verify import NoPlaceError, questions

from .servers import free_port, make_certificates, talking_server, tls_server

EXAMPLES = Path(__file__).parents[2] / "inventory" / "examples"
NOW = "2026-11-21T10:00:00Z"


def matrix(estate: str, site: str) -> FlowMatrix:
    found = compile_estate(load_estate(EXAMPLES / estate))[site].matrix
    assert found is not None
    return found


def allowed(place: str, host: str = "mbg-1") -> list[int]:
    asked, _nowhere = questions(matrix("teleworkers", "aveiro"), place)
    return [item.port for item in asked if item.host == host and item.allowed]


def test_a_place_may_what_its_flows_say() -> None:
    assert allowed("wan") == []
    assert allowed("wan:homes-list") == [5061, 6801, 6802, 6880]
    assert allowed("admin-1") == [443]
    assert allowed("admin-1", "mivb-1") == [443]
    assert allowed("phones", "mivb-1") == [5061, 6801, 6802]


def test_a_host_may_what_its_segment_may() -> None:
    site = matrix("teleworkers", "aveiro")
    moved = replace(site, hosts=tuple(replace(host, segment="phones") if host.name == "admin-1" else host
                                      for host in site.hosts))
    asked, _nowhere = questions(moved, "admin-1")
    assert [item.port for item in asked if item.host == "mivb-1" and item.allowed] == [443, 5061, 6801, 6802]


def test_what_never_faces_the_internet_is_always_asked_with_its_control() -> None:
    asked, _nowhere = questions(matrix("teleworkers", "aveiro"), "wan")
    found = {(item.protocol, item.port): item.source.controls for item in asked}
    assert {key: found[key] for key in [("tcp", 22), ("tcp", 1723), ("tcp", 1752), ("tcp", 6800), ("udp", 69)]} == {
        ("tcp", 22): ("admin-mbg-ssh-restricted",), ("tcp", 1723): ("wan-pptp-disabled",),
        ("tcp", 1752): ("acl-smdr",), ("tcp", 6800): ("acl-secure-minet",), ("udp", 69): ("wan-disable-unused",)}
    assert found["tcp", 23] == ()
    assert {item.address for item in asked} == {"198.51.100.20"}


def test_tls_is_asked_where_it_is_spoken_and_secure_minet_is_none() -> None:
    asked, _nowhere = questions(matrix("teleworkers", "aveiro"), "wan:homes-list")
    assert [item.port for item in asked if item.tls and item.allowed] == [5061, 6801]
    assert next(item.source.controls[0] for item in asked if item.port == 6801) == "tls-mbg-minimum-version"


def test_a_gateway_without_an_address_there_is_named_unless_it_hides_behind_another() -> None:
    asked, nowhere = questions(matrix("icp-branch", "evora"), "wan")
    assert (asked, [host.name for host in nowhere]) == ((), ["icp-1"])
    assert questions(matrix("teleworkers", "aveiro"), "wan")[1] == ()


def test_hosts_of_one_public_address_share_what_is_let_in() -> None:
    site = matrix("teleworkers", "aveiro")
    both = replace(site, hosts=tuple(replace(host, public_address="198.51.100.20") if host.name == "mivb-1" else host
                                     for host in site.hosts))
    asked, _nowhere = questions(both, "wan:homes-list")
    assert [item.port for item in asked if item.host == "mivb-1" and item.allowed] == [5061, 6801, 6802, 6880]


def test_an_unknown_place_is_told_with_the_known_ones() -> None:
    with pytest.raises(NoPlaceError, match=r"has no place 'moon'; it has .*wan, wan:homes-list"):
        questions(matrix("teleworkers", "aveiro"), "moon")
    with pytest.raises(PlanError, match="has no place 'moon'"):
        pipeline.verify_probes(EXAMPLES / "teleworkers", pipeline.Selection(), "moon", NOW)


def test_a_site_with_real_servers_at_good_and_bad_levels(tmp_path: Path) -> None:
    made = make_certificates(tmp_path)
    with ExitStack() as stack:
        real = {
            6801: stack.enter_context(tls_server(made, "-cipher", "ECDHE+AESGCM")),
            5061: stack.enter_context(tls_server(made, "-tls1", "-cipher", "ALL:@SECLEVEL=0")),
            6802: stack.enter_context(talking_server()),
            1752: stack.enter_context(talking_server()),
        }

        def looks(asked: Sequence[PortQuestion]) -> tuple[PortSeen, ...]:
            there = [replace(item, address="127.0.0.1", protocol="tcp", port=real.get(item.port) or free_port())
                     for item in asked]
            seen = look(there, Probe(pace=0.01, seconds=2, roots=made.root))
            return tuple(replace(item, question=question) for item, question in zip(seen, asked, strict=True))

        report = pipeline.verify_probes(EXAMPLES / "teleworkers", pipeline.Selection(devices=("mbg-1",)),
                                        "wan:homes-list", NOW, looks=looks)
    (row,) = report.devices
    assert (row.device, row.status, report.exit_code) == ("mbg-1", "different", 2)
    assert {(item.title, item.severity) for item in row.findings} == {
        ("TCP 1752 is open from wan:homes-list, which nothing in the definition asks for", Severity.HIGH),
        ("TCP 5061 accepts TLS 1.0", Severity.HIGH), ("TCP 5061 accepts neither TLS 1.2 nor TLS 1.3", Severity.HIGH),
        ("TCP 5061 accepts a key exchange without forward secrecy", Severity.LOW),
        ("TCP 6880 (set-html) is closed from wan:homes-list, which the definition lets in", Severity.MEDIUM)}


def test_the_command_hands_place_and_roots_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[tuple[object, ...]] = []

    def verify_probes(estate: Path, selection: pipeline.Selection, place: str, now: str, *, roots: Path | None,
                      keep: object) -> Report:
        calls.append((selection.devices, place, roots))
        return Report("verify", "home-office", now, ())

    monkeypatch.setattr(pipeline, "verify_probes", verify_probes)
    roots = tmp_path / "roots.pem"
    roots.write_text("")
    base = ["verify", "-e", str(EXAMPLES / "teleworkers"), "-d", "mbg-1", "--probe", "wan"]
    assert main([*base, "--roots", str(roots)]) == 0
    assert calls == [(("mbg-1",), "wan", roots)]
    assert main([*base, "--form", "mbg-1=x.csv"]) == 1
    assert len(calls) == 1


def test_a_place_that_is_not_there_ends_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "-e", str(EXAMPLES / "teleworkers"), "--probe", "moon"]) == 1
    assert "aveiro has no place 'moon'" in capsys.readouterr().err


def test_what_was_seen_is_kept_for_audits(tmp_path: Path) -> None:
    """Under the gateway and the place, beside what the device of that name showed; looks again take its place."""
    url = f"sqlite:///{tmp_path / 'state.db'}"
    keep = pipeline.kept_in(tmp_path / "nobody", url, "ana")
    assert pipeline.kept_in(tmp_path / "nobody", None, "ana") is None
    assert keep

    def looks(asked: Sequence[PortQuestion]) -> tuple[PortSeen, ...]:
        tls = TlsSeen({"TLS 1.1": True, "TLS 1.2": True}, not_after="2027-11-01", chain="")
        return tuple(PortSeen(item, "open" if item.allowed else "closed", tls=tls if item.tls else None)
                     for item in asked)
    with Store.open(url) as store:
        store.remember([Sighting("mivb-1", "vlan:1", "its own", "true", True, NOW)])
    for _ in range(2):
        report = pipeline.verify_probes(EXAMPLES / "teleworkers", pipeline.Selection(), "admin-1", NOW, looks=looks,
                                        keep=keep)
    assert report.findings
    assert report.new == ()
    with Store.open(url) as store:
        past = store.history.past()
        assert [fault.finding.id for fault in past.faults] == [item.id for item in report.findings]
        assert {item.device for item in past.latest} == {row.device for row in report.devices}
        found = {(item.device, item.key): item.holds for item in store.sightings()}
    assert found.pop(("mivb-1", "vlan:1")) is True
    assert {device for device, _ in found} == {"mivb-1@admin-1", "mbg-1@admin-1"}
    assert found["mivb-1@admin-1", "tcp/443 versions"] is False
    assert found["mivb-1@admin-1", "tcp/443 trusted"] is True
