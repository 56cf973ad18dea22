"""The example sites: each checks without a word, renders for every device, and says what its kind of site is about."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from punchdown.compiler import CompiledSite, compile_estate
from punchdown.intent import Flow
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.loader import load_estate
from punchdown.pipeline import Question, Selection, check, prove_rendered, render
from punchdown.values.proof import Answer

ROOT = Path(__file__).parents[2] / "inventory"
ESTATES = {"hotel": ROOT, **{path.name: path for path in sorted((ROOT / "examples").iterdir())}}
EXPECTED = {"hotel", "contact-centre", "teleworkers", "server-gateway", "icp-branch", "mivoice-5000-campus",
            "resilient-cluster", "hosted-customer", "law-firm", "aruba-office", "asa-edge",
            "library"}


@cache
def compiled(example: str) -> dict[str, CompiledSite]:
    return compile_estate(load_estate(ESTATES[example]))


def flows(example: str, site: str) -> dict[str, Flow]:
    matrix = compiled(example)[site].matrix
    assert matrix is not None
    return {flow.id: flow for flow in matrix.flows}


def text_of(example: str, device: str) -> str:
    (config,) = render(ESTATES[example], Selection(devices=(device,)))
    return "\n".join(document.text for document in config.documents)


def test_none_is_missing() -> None:
    assert set(ESTATES) == EXPECTED


@pytest.mark.parametrize("name", ESTATES)
def test_it_checks_without_a_word_and_renders(name: str) -> None:
    report = check(ESTATES[name], Selection(), "2026-01-01T00:00:00Z")
    assert report.exit_code == 0
    assert report.findings == ()
    configs = render(ESTATES[name], Selection())
    assert {config.device for config in configs} == {row.device for row in report.devices}
    for config in configs:
        assert any(document.lines for document in config.documents)
        assert not any(word in document.text for document in config.documents for word in ("None", "undefined", "{{"))


@pytest.mark.parametrize("name", sorted(EXPECTED - {"icp-branch"}))
def test_every_claim_about_it_is_proved(name: str) -> None:
    for proof in prove_rendered(ESTATES[name], Selection(), Question(), "2026-01-01T00:00:00Z").proofs:
        assert [claim.title for claim in proof.claims if claim.answer is not Answer.PROVED] == []
        assert [(item.kind, item.device) for item in proof.untidy if item.kind == "shadowed"] == []
        assert proof.count(Answer.PROVED) > 30


def test_nothing_is_claimed_of_a_controller_that_routes_by_itself() -> None:
    """Its settings are no configuration that anybody reads: what it routes is unknown, never proved or refuted."""
    (proof,) = prove_rendered(ESTATES["icp-branch"], Selection(), Question(), "2026-01-01T00:00:00Z").proofs
    assert proof.count(Answer.REFUTED) == 0
    assert proof.count(Answer.UNKNOWN) > 0


@pytest.mark.parametrize("name", sorted(EXPECTED - {"icp-branch", "asa-edge", "law-firm"}))
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("nft"), reason="needs root and nft")
def test_nft_takes_every_firewall(name: str, tmp_path: Path) -> None:
    for config in render(ESTATES[name], Selection(platforms=("linux_nftables",))):
        rules = next(document for document in config.documents if document.name.endswith(".nft"))
        (tmp_path / "rules.nft").write_text(rules.text)
        done = subprocess.run(["unshare", "-n", "nft", "-c", "-f", str(tmp_path / "rules.nft")], capture_output=True,
                              text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", sorted(EXPECTED - {"teleworkers", "server-gateway", "hosted-customer",
                                                      "aruba-office", "law-firm", "library"}))
def test_the_emulated_switch_takes_every_line(name: str) -> None:
    for config in render(ESTATES[name], Selection(platforms=("cisco_ios",))):
        text = "".join(document.text for document in config.documents)
        box = IosAppliance(ApplianceSpec(config.device, members=2), ManualClock())
        assert box.load(re.sub(r"<secret:[^>]+>", "Shared-secret-1", text) + "\nend")[1] == []


def test_contact_centre_comes_in_through_the_web_proxy_only() -> None:
    found = flows("contact-centre", "braga")
    assert found["wan:supervisors>mbg-1:web-proxy/tcp"].sources == ("203.0.113.0/26",)
    assert found["wan:carrier>mbg-1:sip-tls/tcp"].sources == ("192.0.2.0/28",)
    assert "mbg-1>centre-1:https/tcp" in found
    assert not [flow for flow in found.values() if flow.client.startswith("wan") and flow.server != "mbg-1"]
    assert "blocked" in text_of("contact-centre", "fw-1")


def test_teleworkers_are_the_listed_ones_and_no_faster_than_declared() -> None:
    flow = flows("teleworkers", "aveiro")["wan:homes-list>mbg-1:minet-tls/tcp"]
    assert flow.sources == ("203.0.113.64/26", "203.0.113.192/27")
    assert flow.rate == 20
    assert "ct status dnat limit rate 20/second accept" in text_of("teleworkers", "fw-1")
    assert "2001:db8:50:30::/64" in text_of("teleworkers", "fw-1")


def test_a_gateway_with_its_own_internet_leg_is_forwarded_to_by_nobody() -> None:
    site = compiled("server-gateway")["faro"]
    firewall = next(device.firewall for device in site.devices if device.firewall)
    assert firewall.forwards == ()
    assert [fact.subject for fact in site.facts if fact.feature == "own-forward"] == ["mbg-1"] * 3
    assert not [flow for flow in flows("server-gateway", "faro").values() if flow.client.startswith("wan")]


def test_the_controller_routes_the_branch() -> None:
    matrix = compiled("icp-branch")["evora"].matrix
    assert matrix is not None
    assert {segment.router for segment in matrix.segments} == {"icp-1"}
    smdr = [line for line in text_of("icp-branch", "sw-1").splitlines() if "1752" in line]
    assert [line.split(maxsplit=1)[1] for line in smdr] == [
        "permit tcp host 10.70.10.1 eq 1752 host 10.70.30.200 established"]


def test_campus_phones_have_segments_stacks_and_radio_of_their_own() -> None:
    site = compiled("mivoice-5000-campus")["coimbra"]
    by_name = {device.device: device for device in site.devices}
    assert {port.voice_vlan for port in by_name["north-1"].ports if port.role == "phone"} == {21}
    south = {port.name: port for port in by_name["south-1"].ports}
    assert south["GigabitEthernet2/0/44"].role == "pc"
    assert south["GigabitEthernet2/0/45"].access_vlan == 31
    points = [port for port in by_name["core-1"].ports if port.role == "access-point"]
    assert {(port.tagged, port.native_vlan) for port in points} == {((22, 30, 99), 99)}
    assert {fact.subject for fact in site.facts if fact.feature == "wireless"} == {"campus-voice", "campus-staff"}


def test_either_town_can_serve_the_other() -> None:
    found = flows("resilient-cluster", "north")
    assert found["phones-south>pbx-north:minet-tls/tcp"].client_kind == "remote"
    assert found["phones>pbx-south:minet-tls/tcp"].destinations == ("10.62.10.10/31",)
    rules = text_of("resilient-cluster", "fw-north")
    assert 'iifname "lan90" ip saddr != { 10.61.90.0/24, 10.62.10.10/31, 10.62.20.0/24 } drop' in rules
    dhcp = next(device.dhcp for device in compiled("resilient-cluster")["north"].devices if device.dhcp)
    assert dhcp.pools[0].call_servers == ("10.61.10.10", "10.61.10.11")


def test_hosted_phones_go_out_to_two_regions_and_nothing_comes_in() -> None:
    for site, remote in (("sintra", "connect"), ("tomar", "flex")):
        found = flows("hosted-customer", site)
        outward = [flow for flow in found.values() if flow.server == remote]
        assert outward
        assert all(len(flow.destinations) == 2 for flow in outward)
        assert not [flow for flow in found.values() if flow.client in {remote, "wan"}]
    assert "phones>connect:connect-sips/tcp" in flows("hosted-customer", "sintra")
