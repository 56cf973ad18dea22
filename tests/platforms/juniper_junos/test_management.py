"""Who may look and log in: what of it the device keeps, shows and is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.intent import DeviceIntent, SnmpAccess
from punchdown.platforms.juniper_junos.capabilities import refusals
from punchdown.values import Provenance
from tests.contract.bench import Rig, bench, clear, compared
from tests.contract.member import members
from tests.platforms.juniper_junos.conftest import JUNOS, intent

MEMBER = members()["juniper_junos"]
SNMP = SnmpAccess("watcher", "sha256", "aes128", ("10.75.99.100",), True, Provenance())


def polled(**changes: str) -> DeviceIntent:
    return replace(intent(), management=replace(intent().management, snmp=replace(SNMP, **changes)))


@pytest.fixture
def rig() -> Rig:
    """A switch that is polled."""
    found = bench(MEMBER, polled())
    assert isinstance(found, Rig)
    return found


def test_the_switch_keeps_a_key_and_no_password(rig: Rig) -> None:
    shown = rig.box.running_config()
    assert shown.count("authentication-sha256 authentication-key \"$9$") == 1
    assert "authentication-password" not in shown
    assert clear("snmp-auth-watcher") not in shown
    assert rig.compare(polled()).empty


def test_a_user_that_lost_its_cipher_is_found(rig: Rig) -> None:
    expected = {item.key: item.value for item in JUNOS.expectations(polled())}
    assert expected["snmp-user:watcher"] is True
    assert JUNOS.observe(rig.hand(), polled()).facts["snmp-user:watcher"] is True
    rig.type("set snmp v3 usm local-engine user watcher privacy-none", "commit")
    assert JUNOS.observe(rig.hand(), polled()).facts["snmp-user:watcher"] is False
    assert {item.line for item in rig.compare(polled()).differences} == {
        "privacy-aes128 <secret:snmp-priv-watcher>", "privacy-none"}


def test_a_user_of_ours_goes_and_one_of_theirs_stays(rig: Rig) -> None:
    rig.type("set snmp v3 usm local-engine user theirs authentication-sha authentication-password Longenough",
               "set snmp v3 vacm security-to-group security-model usm security-name theirs group their-group", "commit")
    change = compared(MEMBER, polled(user="other"), rig.running())
    gone = [step.text for step in change.steps if step.text.startswith("delete snmp v3 usm")]
    assert gone == ["delete snmp v3 usm local-engine user watcher"]
    assert any("user theirs" in line for line in change.unmanaged)
    assert all("user theirs" not in step.text for step in change.steps)


@pytest.mark.parametrize("changes", [{"authentication": "sha512"}, {"privacy": "aes256"}])
def test_what_the_software_does_not_know_is_refused(changes: dict[str, str]) -> None:
    (word,) = changes.values()
    assert refusals(polled(**changes)) == (f"SNMPv3: {word} is not known to this software",)
    assert refusals(polled()) == ()


def test_a_short_password_is_refused(rig: Rig) -> None:
    hand = rig.hand()
    said = hand.configure("set snmp v3 usm local-engine user x authentication-sha authentication-password short").output
    assert "invalid value" in said
    hand.run("rollback 0")
    hand.run("exit configuration-mode")
