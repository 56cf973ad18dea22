"""Settings of gateways in a site: read, resolved, and contradicted by the rest of the site."""

from __future__ import annotations

from pathlib import Path

import pytest

from punchdown.catalog.forms import products
from punchdown.compiler import compile_site
from punchdown.compiler.gateway import gateway_settings
from punchdown.compiler.gateway.advice import CONDITIONS, DERIVED, DERIVED_IN_ROW
from punchdown.errors import InputError
from punchdown.loader import load_estate
from punchdown.values import GatewaySetting, from_json, to_json

from .gateway_site import SOUND, forward, load, settings, table, told


def test_what_is_left_out_is_as_advised(tmp_path: Path) -> None:
    found = settings(load(tmp_path), "icp-1")
    strength = found["system-security-management", "password-strength", 0]
    assert (strength.value, strength.recommended, strength.source, strength.against) == (
        "Strong", "Strong", "recommended", False)
    assert strength.controls == ("password-mivb-strength", "password-mivb-strength-order", "admin-mivb-login-attempts")
    assert found["wan-settings", "wan-access", 0].value == "Disabled"
    assert found["smdr-options", "external-smdr", 0].source == "default"
    banner = found["system-security-management", "banner-text", 0]
    assert (banner.value, banner.source, banner.provenance.field) == (
        ("Authorised use only.",), "derived", "management.banner")
    assert found["port-forward-table", "entries", 0].value is None


def test_the_host_wins_over_the_profile_and_the_profile_over_the_advice(tmp_path: Path) -> None:
    loaded = load(tmp_path, "vm-options: {passcode-length: 8}", profile="""\
        gateway_settings:
          mivoice-business:
            vm-options: {passcode-length: 6, mailbox-lockout-timer: 30}
            class-of-service: [{class-of-service-number: 7}]
        """)
    found = settings(loaded, "icp-1")
    length, timer = found["vm-options", "passcode-length", 0], found["vm-options", "mailbox-lockout-timer", 0]
    assert (length.value, length.source, timer.value, timer.source) == (8, "site", 30, "profile")
    assert str(length.provenance.position).split("/")[-1].startswith("faro.yml:17:")
    assert str(timer.provenance.position).split("/")[-1] == "branch.yml:4:38"
    assert timer.provenance.field == "gateway_settings.mivoice-business.vm-options.mailbox-lockout-timer"
    entries = found["class-of-service", "entries", 0]
    assert (entries.value, entries.source) == (1, "profile")
    assert found["class-of-service", "pc-port-on-ip-device-disable", 1].value == "Yes"
    assert not told(loaded)


def test_a_table_of_the_host_replaces_that_of_the_profile(tmp_path: Path) -> None:
    found = settings(load(tmp_path, "class-of-service: [{class-of-service-number: 9}]", profile="""\
        gateway_settings:
          mivoice-business: {class-of-service: [{class-of-service-number: 7}, {class-of-service-number: 8}]}
        """), "icp-1")
    assert found["class-of-service", "entries", 0].value == 1
    assert found["class-of-service", "class-of-service-number", 1].value == 9


def test_every_setting_can_be_written_as_json_and_read_back(tmp_path: Path) -> None:
    loaded = load(tmp_path, table(forward()), "remote-access: {administrator-password: '<secret:mbg-admin>'}")
    for found in gateway_settings(loaded).values():
        assert from_json(tuple[GatewaySetting, ...], to_json(found)) == found


def test_forms_of_all_products_resolve(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert {item.form for item in gateway_settings(loaded)["icp-1"]} == set(products()["mivoice-business"].forms)
    assert {item.form for item in gateway_settings(loaded)["mbg-1"]} == set(products()["border-gateway"].forms)
    assert set(gateway_settings(loaded)) == {"icp-1", "mbg-1"}
    old = load(tmp_path, kind="mivoice-5000")
    assert {item.form for item in gateway_settings(old)["icp-1"]} == {"security"}


def test_hardware_without_a_wan_port_has_no_wan_forms(tmp_path: Path) -> None:
    found = {item.form for item in gateway_settings(load(tmp_path, kind="icp-3300"))["icp-1"]}
    assert {"wan-settings", "pptp", "firewall-control", "port-forward-table"}.isdisjoint(found)


def test_the_catalogue_asks_for_nothing_that_nobody_computes() -> None:
    fields = [field for product in products().values() for form in product.forms.values()
              for field in form.every_field()]
    assert {field.when for field in fields} - {""} == set(CONDITIONS)
    assert {field.derive for field in fields} - {""} == {*DERIVED, *DERIVED_IN_ROW}


def test_a_sound_border_gateway(tmp_path: Path) -> None:
    loaded = load(tmp_path, mbg="""\
        deployment: {mode: server-only, icps: [{name: main, address: icp-1}]}
        ip-blocking: {lists: [{list-name: branches, list-mode: permit}]}
        minet-devices: {devices: [{mac-address: '08:00:0F:10:01:01', configured-icp: main, device-enabled: true}]}
        sip-devices:
          devices:
          - {set-side-username: room-1, set-side-password: '<secret:room-1>', icp-side-username: '1001',
             icp-side-password: '<secret:room-1-icp>', configured-icp: main, availability: SIP devices only}
        """)
    assert not told(loaded)
    found = settings(loaded, "mbg-1")
    assert found["ip-blocking", "status", 0].value == "On"
    assert found["deployment", "icp-side-streaming-address", 0].value == "203.0.113.10"
    assert found["deployment", "address", 1].value == "10.20.10.10"
    assert found["remote-access", "allowed-administration", 0].value == ("10.20.99.100/32",)


def test_nobody_is_shut_out_by_advice_alone(tmp_path: Path) -> None:
    """IP blocking is advised where a permit list lets in who may come, and stays as it is where there is none."""
    assert settings(load(tmp_path), "mbg-1")["ip-blocking", "status", 0].value == "SIP UDP Only"


def test_a_shell_is_off_while_nobody_uses_it(tmp_path: Path) -> None:
    shell = settings(load(tmp_path), "mbg-1")["remote-access", "ssh-access", 0]
    assert (shell.value, shell.source) == ("local networks only", "derived")
    shell = settings(load(tmp_path, admin="admin-https@mbg-1"), "mbg-1")["remote-access", "ssh-access", 0]
    assert (shell.value, shell.source) == ("No access", "recommended")


def test_a_waiver_silences_what_it_names(tmp_path: Path) -> None:
    weak = f"system-security-management: {{password-strength: Weak, {SOUND}}}"
    waiver = "waivers: {%s: {reason: Consoles of 2009 know short passwords only, until: 2027-01-31}}\n"
    assert "setting-against" in told(load(tmp_path, weak, extra=waiver % "password-mivb-expiry"))
    loaded = load(tmp_path, weak, extra=waiver % "password-mivb-strength")
    (waived,) = told(loaded).values()
    assert (waived.name, waived.waived_until) == ("setting-against", "2027-01-31")
    assert not waived.counts("2027-01-31")
    assert waived.counts("2027-02-01")
    assert settings(loaded, "icp-1")["system-security-management", "password-strength", 0].against


def test_settings_of_what_has_no_forms(tmp_path: Path) -> None:
    extra = "  other: {kind: application, segment: dmz, address: 10.20.50.12, settings: {x: {}}}\n"
    assert "kind application" in told(load(tmp_path, extra=extra))["settings-kind"].message


def test_a_form_that_the_hardware_lacks(tmp_path: Path) -> None:
    found = told(load(tmp_path, "wan-settings: {wan-access: Disabled}", kind="icp-3300"))
    assert "icp-3300 has no form WAN Settings" in found["setting-form-kind"].message
    assert found["setting-form-kind"].hint == "hosts of kind icp-3300-wan have it"


@pytest.mark.parametrize("text", [
    "{pptp: {password: hunter2, pptp: Maybe, user-name: '=x'}}",
    "{pptp: {pasword: hunter2, pptp: Maybe}}",
    "{pptp: {Passwort: [hunter2], pptp: Maybe}}",
    "{port-forward-table: [{comment: x, password: {a: hunter2, code: hunter2}}], pptp: {pptp: Maybe}}",
])
def test_a_written_secret_is_refused_and_never_shown(tmp_path: Path, text: str) -> None:
    loaded = load(tmp_path, text)
    diagnostics = compile_site(loaded).diagnostics
    said = "\n".join(str(item) for item in diagnostics)
    assert len([item for item in diagnostics if item.severity == "error"]) > 1
    assert "hunter2" not in said
    assert "hunter2" not in to_json(gateway_settings(loaded)["icp-1"])


def test_a_fault_of_another_field_does_not_show_the_secret_beside_it(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "punchdown.yml").write_text("estate: test\n")
    (tmp_path / "sites" / "faro.yml").write_text(
        "site: faro\nhosts: {icp-1: {kind: icp-33000, settings: {pptp: {password: hunter2}}}}\n")
    with pytest.raises(InputError) as caught:
        load_estate(tmp_path)
    assert "icp-33000" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_all_faults_at_once_even_with_broken_names(tmp_path: Path) -> None:
    loaded = load(tmp_path, "{vm-options: {passcode-length: 3}, class-of-service: [{}]}", uses="smdr@icp-2")
    assert {"setting-range", "setting-missing"} <= set(told(loaded))


def test_settings_are_a_mapping_of_forms(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="settings"):
        load(tmp_path, "- x")
