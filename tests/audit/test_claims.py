"""Take a feature out of the definition, and the control that it met turns missing, at the place where it was taken."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from punchdown.audit import SiteFacts
from punchdown.values import ControlState

from .conftest import ROOT, by_id, facts_in

Changed = Callable[..., SiteFacts]
CASES = {
    "802.1X off on a range": (
        ["dot1x-enabled-on-access-switches", "dot1x-only-authorised-users"],
        [("p1-3: phone-and-pc", "p1-3: {role: phone-and-pc, dot1x: false}")],
        "sw-core-1: p1 and 2 more has no 802.1X"),
    "no RADIUS server": (["dot1x-enabled-on-access-switches"],
                         [("extends: hotel", "extends: hotel\ndot1x: {servers: []}")], "has no 802.1X"),
    "a wide phone segment": (["segregation-voice-subnet-size"],
                             [("prefix: 10.20.20.0/24", "prefix: 10.20.20.0/23")], "phones is wider than /24"),
    "a phone that could do better": (["dot1x-eap-tls-69xx"], [("model: '6930', mac", "model: '6930', eap: peap, mac")],
                                     "room-101 is a 6930 and could use EAP-TLS instead of peap"),
    "a controller on no port": (
        ["acl-smdr", "acl-pms", "segregation-voice-nodes-protected", "acl-open-ports-from-matrix"],
        [("45: mivb-2", "45: pc")], "mivb-2 stands on no declared port"),
    "an application among the phones": (
        ["segregation-phone-vlan"],
        [("segment: servers, address: 10.20.40.20", "segment: phones, address: 10.20.20.20")],
        "opera stands among the phones in phones"),
    "an application among the controllers": (
        ["segregation-controller-vlan"],
        [("segment: servers, address: 10.20.40.20", "segment: call-control, address: 10.20.10.20")],
        "opera is no call controller and shares call-control with them"),
    "a controller elsewhere": (
        ["segregation-controller-vlan"],
        [("mivb-2:     {kind: mivoice-business, segment: call-control, address: 10.20.10.11}",
          "mivb-2:     {kind: mivoice-business, segment: servers, address: 10.20.40.11}")],
        "mivb-2 is in servers, which is no segment of zone call-control"),
    "signalling in the clear": (["acl-secure-minet", "tls-minet-preference"],
                                [("uses: [smdr@mivb-1]", "uses: [smdr@mivb-1, minet@mivb-1]")],
                                "smdr-taker may open minet on mivb-1: its signalling is in the clear"),
    "a shell for everybody": (["admin-mivb-ssh-shell", "acl-admin-https"],
                              [("uses: [smdr@mivb-1]", "uses: [smdr@mivb-1, ssh@mivb-1]")],
                              "smdr-taker may open ssh on mivb-1: it is no administrator"),
    "a shell on the border gateway": (["admin-mbg-ssh-restricted", "admin-mbg-encrypted-and-source-limited"],
                                      [("uses: [pms@mivb-1]", "uses: [pms@mivb-1, ssh@mbg-1]")],
                                      "opera may open ssh on mbg-1: it is no administrator"),
    "files in the clear": (["admin-mivb-sftp"],
                           [("uses: [pms@mivb-1]", "uses: [pms@mivb-1, ftp@mivb-1]"),
                            ("mivb-1:     {kind: mivoice-business,",
                             "mivb-1:     {kind: mivoice-business, offers: [ftp],"),
                            ("extends: hotel",
                             "extends: hotel\ncustom_services: {ftp: {tcp: ['21'], source: RFC 959}}")],
                           "opera may open ftp on mivb-1: it is in the clear"),
    "a phone among the PCs": (["segregation-data-vlan"],
                              [("model: '5330', mac", "model: '5330', segment: office, mac")],
                              "the phone room-102 is put among data hosts in office"),
    "a PC among the servers": (["segregation-server-only-vlan"],
                               [("eap: peap}", "eap: peap, segment: servers}")],
                               "reception is put among servers in servers"),
    "a DMZ that is not private": (
        ["firewall-mbg-dmz-private-ip"],
        [("prefix: 10.20.50.0/24", "prefix: 8.8.8.0/24"), ("address: 10.20.50.10", "address: 8.8.8.10")],
        "mbg-1 has the address 8.8.8.10, which is not private"),
    "a shared public address": (["firewall-mbg-dmz-public-ip"], [("public: 203.0.113.10", "public: 203.0.113.2")],
                                "mbg-1 shares 203.0.113.2 with the firewall"),
}


@pytest.mark.parametrize("name", CASES)
def test_without_the_feature_the_control_is_missing(lisbon: SiteFacts, changed: Changed, name: str) -> None:
    ids, edits, words = CASES[name]
    before, after = by_id(lisbon), by_id(changed(*edits))
    for control in ids:
        assert before[control].state is ControlState.ENFORCED, control
        assert after[control].state is ControlState.MISSING, control
        assert any(words in gap.text for gap in after[control].gaps), after[control].gaps
    placed = [gap for control in ids for gap in after[control].gaps if words in gap.text]
    assert all(gap.position.file.endswith("lisbon.yml") for gap in placed)


EXAMPLES = {
    "mail in the clear": (
        "contact-centre", "braga", "tls-voicemail-email",
        ("uses: [sip-tls@mbg-1, smtp-starttls@mail-1,", "uses: [sip-tls@mbg-1, smtp-starttls@mail-1, smtp@mail-1,"),
        "may open smtp on mail-1: it is in the clear"),
    "a directory in the clear": (
        "mivoice-5000-campus", "coimbra", "tls-mivoice5000-ldaps",
        ("cdr-5000], uses: [ldaps@directory-1,", "cdr-5000], uses: [ldaps@directory-1, ldap@directory-1,"),
        "may open ldap on directory-1: it is in the clear"),
    "one region": ("hosted-customer", "tomar", "resiliency-flex-dual-region",
                   ("      second: [192.0.2.144/28]\n", ""), "has no second region"),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_without_the_feature_the_control_of_an_example_is_missing(tmp_path: Path, name: str) -> None:
    example, site, control, (old, new), words = EXAMPLES[name]
    shutil.copytree(ROOT / "inventory" / "examples" / example, tmp_path / "estate")
    path = tmp_path / "estate" / "sites" / f"{site}.yml"
    assert by_id(facts_in(tmp_path / "estate", site))[control].state is ControlState.ENFORCED
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    result = by_id(facts_in(tmp_path / "estate", site))[control]
    assert result.state is ControlState.MISSING
    assert words in result.why


def test_the_inner_leg_of_a_gateway_belongs_among_the_phones(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "inventory" / "examples" / "server-gateway", tmp_path / "estate")
    path = tmp_path / "estate" / "sites" / "faro.yml"
    old = "kind: border-gateway-edge\n    segment: {}\n"
    for segment, state in (("call-control", ControlState.MISSING), ("phones", ControlState.ENFORCED)):
        text = path.read_text()
        for other in ("call-control", "phones"):
            text = text.replace(old.format(other), old.format(segment))
        path.write_text(text)
        assert by_id(facts_in(tmp_path / "estate", "faro"))["segregation-mbg-lan-side-voice-only"].state is state


def test_data_without_a_zone_is_a_gap(lisbon: SiteFacts) -> None:
    """Such a site does not pass the check as long as it has ports for PCs."""
    site = lisbon.site
    segments = {name: item.model_copy(update={"zone": "guest"}) if item.zone == "data" else item
                for name, item in site.segments.items()}
    loaded = replace(lisbon.loaded, site=site.model_copy(update={"segments": segments}))
    after = by_id(replace(lisbon, loaded=loaded))
    for control in ("segregation-by-type-and-trust", "segregation-data-vlan"):
        assert after[control].state is ControlState.MISSING
        assert after[control].why == "there is no segment of zone data"


def test_a_firewall_without_the_dmz_has_no_three_legs(lisbon: SiteFacts) -> None:
    """Such a site does not pass the check as long as the border gateway has flows, so the intent is changed."""
    intents = tuple(
        replace(item, firewall=replace(item.firewall, interfaces=tuple(
            leg for leg in item.firewall.interfaces if leg.zone != "dmz"))) if item.firewall else item
        for item in lisbon.intents)
    result = by_id(replace(lisbon, intents=intents))["firewall-mbg-dmz-three-interfaces"]
    assert result.state is ControlState.MISSING
    assert result.why == "no firewall has WAN, DMZ and inner interfaces"


def test_a_segment_that_nobody_routes_is_a_gap(lisbon: SiteFacts) -> None:
    segments = tuple(replace(item, router="") if item.name == "dmz" else item for item in lisbon.matrix.segments)
    result = by_id(replace(lisbon, matrix=replace(lisbon.matrix, segments=segments)))[
        "segregation-l3-only-between-vlans"]
    assert result.state is ControlState.MISSING
    assert result.why == "no device routes dmz"


def test_a_word_does_not_stand_in_for_what_a_machine_can_show(changed: Changed) -> None:
    more = """
attestations:
  brave: {controls: [dot1x-enabled-on-access-switches, segregation-physical-server-location], who: Ana Silva,
          when: 2026-09-01, evidence: seen it, valid_until: 2027-08-31}
"""
    after = by_id(changed(("p1-3: phone-and-pc", "p1-3: {role: phone-and-pc, dot1x: false}"), more=more))
    assert after["dot1x-enabled-on-access-switches"].state is ControlState.MISSING
    assert after["segregation-physical-server-location"].state is ControlState.ATTESTED


def test_a_setting_that_is_written_against_the_advice_is_a_gap(tmp_path: Path) -> None:
    """Neither a form export nor a person can make it good, only a waiver."""
    shutil.copytree(ROOT / "inventory" / "examples" / "icp-branch", tmp_path / "estate")
    path = tmp_path / "estate" / "sites" / "evora.yml"
    more = """
attestations:
  forms: {controls: [password-mivb-strength], who: Ana Silva, when: 2026-09-01, evidence: seen it,
          valid_until: 2027-08-31}
"""
    text = path.read_text() + more
    for strength, state in (("Strong", ControlState.ATTESTED), ("Weak", ControlState.MISSING)):
        form = f"security-management: {{password-strength: {strength}, "
        path.write_text(text.replace("security-management: {", form))
        result = by_id(facts_in(tmp_path / "estate", "evora"))["password-mivb-strength"]
        assert result.state is state
        assert [item.value for item in result.settings] == [strength]
    assert "Password Strength is Weak; advised: Strong" in result.why
    assert result.gaps[0].position.file.endswith("evora.yml")


def test_where_no_device_could_show_it_a_word_counts(changed: Changed) -> None:
    """Without the firewall nobody can say what passes between segments."""
    facts = changed()
    without = SiteFacts(facts.loaded, tuple(item for item in facts.intents if item.role != "firewall"), facts.matrix,
                        tuple(item for item in facts.configs if item.device != "fw-1"))
    result = by_id(without)["firewall-perimeter-configured"]
    assert result.state is ControlState.MISSING
    assert result.why == "no device of the definition could show it, and nobody vouches for it"
