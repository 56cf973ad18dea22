"""Rendering held to a golden file, masking, canonical words and operational state."""

from __future__ import annotations

import doctest
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

from punchdown.lab.emulated.cisco_ios import AuthSession, Neighbour
from punchdown.platforms.cisco_ios import masking
from punchdown.platforms.cisco_ios.masking import mask
from punchdown.platforms.cisco_ios.normalise import expand_vlans, parse_text
from tests.platforms.cisco_ios.switches import INTENT, IOS, Switch, fingerprint, render_device, resolve
from tests.platforms.cisco_ios.test_control_policies import asking
from tests.platforms.cisco_ios.test_features import GUARDING, RADIUS, TACACS

GOLDEN = Path(__file__).parents[2] / "golden" / "cisco_ios"
TEXTS = {
    "access_switch": INTENT,
    "control_policies": replace(asking(guest_vlan=170, auth_fail_vlan=171), management=TACACS.management),
    "mls_switch": replace(GUARDING, model="WS-C3750X-24P", management=RADIUS.management),
}


@pytest.mark.parametrize("name", TEXTS)
def test_rendered_text_is_the_golden_one(name: str, request: pytest.FixtureRequest) -> None:
    text, path = render_device(TEXTS[name]).document("running-config").text, GOLDEN / f"{name}.cfg"
    if request.config.getoption("--golden-update"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_what_is_rendered_is_what_the_device_shows(switch: Switch) -> None:
    """Line for line, apart from the key and what lies outside: no default is rendered that the device hides."""
    shown = {line.strip() for line in switch.appliance.running_config().splitlines()}
    rendered = [line.text.strip() for line in render_device(INTENT).document("running-config").lines]
    odd = [line for line in rendered if line not in shown and line.removeprefix("sequence ") not in shown]
    assert odd == ["key <secret:radius-sw-acc-1>", "key <secret:radius-sw-acc-1>"]


def test_every_rendered_line_is_accepted_as_it_stands(switch: Switch) -> None:
    writer = switch.writer()
    for line in render_device(INTENT).document("running-config").lines:
        answer = writer.configure(resolve(line.text)).output
        assert "% Invalid" not in answer, line.text
        assert "rejected" not in answer, line.text


def test_every_line_knows_its_template_and_site_line() -> None:
    for line in render_device(INTENT).document("running-config").lines:
        assert line.source.feature
        assert line.source.position.line


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        (" key 7 094F471A1A0A", f" key {fingerprint('cisco')}"),
        (" key cisco", f" key {fingerprint('cisco')}"),
        (" key 6 AAbbCC", " key 6 <masked:unknown>"),
        ("username a privilege 15 secret 9 $9$salt", "username a privilege 15 secret 9 <masked:unknown>"),
        ("ntp authentication-key 1 md5 094F471A1A0A 7", f"ntp authentication-key 1 md5 {fingerprint('cisco')}"),
        ("snmp-server community cisco RO", f"snmp-server community {fingerprint('cisco')} RO"),
        ("snmp-server host 10.0.0.1 version 2c cisco", f"snmp-server host 10.0.0.1 version 2c {fingerprint('cisco')}"),
        (" client 10.0.0.1 server-key 7 094F471A1A0A", f" client 10.0.0.1 server-key {fingerprint('cisco')}"),
        ("service password-encryption", "service password-encryption"),
        (" description the key to the city", " description the key to the city"),
        ("ip ssh version 2", "ip ssh version 2"),
    ],
)
def test_secrets_are_masked_and_nothing_else(line: str, masked: str) -> None:
    assert mask(line, fingerprint) == f"{masked}\n"


@pytest.mark.parametrize("word", [*masking._WORDS])
def test_every_word_of_a_secret_has_a_sign_by_which_its_line_is_found(word: str) -> None:
    typed = word.replace("(?:128|192|256)", "256").replace("(?:1|2c)", "2c")
    assert "(" not in typed
    text = f"interface Vlan1\n shutdown\n some {typed} hush-hush\n!\nsome {typed} 7 094F471A1A0A\nend\n"
    masked = mask(text, fingerprint)
    assert masked == "".join(f"{masking.mask_line(line, fingerprint)}\n" for line in text.splitlines())
    assert "hush" not in masked
    assert "094F" not in masked


def test_a_line_that_ends_in_an_odd_way_hides_no_secret() -> None:
    masked = mask("description a\x0ckey hush-1\n\x85key hush-2\u2028key hush-3\rkey hush-4\nkey hush-5", fingerprint)
    assert "hush" not in masked


def test_no_secret_passes_the_fetch(switch: Switch) -> None:
    assert "clear-radius" not in switch.running().text("running-config")
    assert fingerprint("clear-radius-sw-acc-1") in switch.running().text("running-config")


def test_the_digest_is_stable_while_only_headers_change(switch: Switch) -> None:
    before = switch.running().digest
    switch.type("interface Gi1/0/1", "description other")
    assert switch.running().digest != before
    switch.clock.advance(60)
    switch.type("interface Gi1/0/1", "description phone-and-pc")
    assert switch.running().digest == before


def test_a_banner_never_becomes_commands() -> None:
    tree = parse_text("banner login ^C\nno vlan 120\ninterface Gi1/0/1\n^C\nhostname a\n")
    assert set(tree) == {("banner login\nno vlan 120\ninterface Gi1/0/1",), ("hostname a",)}


def test_unnamed_vlans_are_expanded() -> None:
    assert set(parse_text("vlan 10,20-22\n")) == {("vlan 10",), ("vlan 20",), ("vlan 21",), ("vlan 22",)}
    assert len(expand_vlans("except 2-4094")) == 1


def test_state_of_a_switch_in_order(switch: Switch) -> None:
    seen = IOS.observe(switch.writer(), INTENT)
    assert seen.errors == ()
    assert [e.key for e in IOS.expectations(INTENT) if seen.facts.get(e.key) != e.value] == []


def test_state_shows_what_is_wrong(switch: Switch) -> None:
    switch.type(
        "no vlan 120",
        "interface Gi1/0/8",
        "switchport trunk allowed vlan remove 110",
        "interface Gi1/0/5",
        "switchport access vlan 130",
    )
    seen = IOS.observe(switch.writer(), INTENT)
    wrong = {e.key for e in IOS.expectations(INTENT) if seen.facts.get(e.key) != e.value}
    assert wrong == {"vlan:120", "port:GigabitEthernet1/0/8:tagged", "port:GigabitEthernet1/0/5:access-vlan"}


def counted(switch: Switch) -> tuple[int, int]:
    life = IOS.observe(switch.writer(), INTENT).life
    return life["phones"], life["sessions"]


def test_what_lives_on_the_switch_is_counted(switch: Switch) -> None:
    assert counted(switch) == (0, 0)
    box = switch.appliance
    for number in (1, 2):
        port, mac = f"GigabitEthernet1/0/{number}", f"0800.0f10.010{number}"
        box.neighbours.append(Neighbour(port, mac, "LAN port", "MINET_6930", model="6930"))
        box.auth_sessions.append(AuthSession(port, mac, "dot1x", "VOICE"))
    box.neighbours.append(Neighbour("GigabitEthernet1/0/8", "0011.2233.4455", "Gi1/0/1", "core", capabilities="B,R"))
    box.auth_sessions.append(AuthSession("GigabitEthernet1/0/2", "0200.0020.0001", "dot1x", "DATA", "Unauth"))
    assert counted(switch) == (2, 2)


@pytest.mark.parametrize("name", ["access_lists", "change", "normalise", "masking", "remediation", "words"])
def test_examples_hold(name: str) -> None:
    result = doctest.testmod(import_module(f"punchdown.platforms.cisco_ios.{name}"))
    assert result.attempted
    assert not result.failed
