"""Who may look, log in and send: what of it the device keeps, shows and is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.errors import RejectedError
from punchdown.intent import DeviceIntent, RadiusServer, SnmpAccess
from punchdown.platforms.juniper_junos.capabilities import refusals
from punchdown.values import Provenance, Verdict
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


def asked(method: str, *servers: str) -> DeviceIntent:
    """Logins are checked by servers with these last numbers."""
    found = tuple(RadiusServer(f"s-{number}", f"10.75.99.{number}", 1812, 1813, "login", Provenance())
                  for number in servers)
    return replace(intent(), management=replace(intent().management, login=method, login_servers=found))


@pytest.mark.parametrize("method", ["radius", "tacacs"])
def test_the_switch_asks_its_own_accounts_too(method: str) -> None:
    rig = bench(MEMBER, asked(method, "8", "9"))
    assert isinstance(rig, Rig)
    word = {"radius": "radius", "tacacs": "tacplus"}[method]
    shown = [line.rpartition(" ")[2] for line in rig.box.running_config().splitlines()
             if line.startswith("set system authentication-order")]
    assert shown == [word, "password"]
    assert "set system login user PD-operator uid 2001\n" in rig.box.running_config()
    assert rig.compare(asked(method, "8", "9")).empty
    change = rig.compare(asked(method, "9", "8"))
    assert {item.verdict for item in change.differences} == {Verdict.REORDERED}
    assert (f"system {word}-server",) in {item.path for item in change.differences}
    assert change.risk == "high"
    assert change.risk_why.startswith("touches the way into the device")
    rig.push(change)
    assert rig.compare(asked(method, "9", "8")).empty
    rig.push(rig.compare(intent()))
    assert not [line for line in rig.box.running_config().splitlines()
                if line.startswith((f"set system {word}", "set system auth", "set system acc"))]
    assert "PD-operator " not in rig.box.running_config()


def test_logins_are_asked_of_no_server_without_an_account_of_its_own() -> None:
    rig = bench(MEMBER, intent())
    assert isinstance(rig, Rig)
    rig.type("delete system login user punchdown", "commit")
    before = rig.box.running_config()
    with pytest.raises(RejectedError, match="no account with a password"):
        rig.push(rig.compare(asked("radius", "8")))
    assert rig.box.running_config() == before


def test_servers_of_others_are_told_and_left() -> None:
    rig = bench(MEMBER, intent())
    assert isinstance(rig, Rig)
    rig.type('set system tacplus-server 192.0.2.1 secret "theirs-9"', "set system authentication-order tacplus",
             "commit")
    change = rig.compare(intent())
    assert change.empty
    assert {line.partition(" secret")[0] for line in change.unmanaged if "tacplus" in line} == {
        "set system tacplus-server 192.0.2.1", "set system authentication-order tacplus"}


def test_a_server_without_its_secret_can_not_be_committed() -> None:
    hand = Rig(MEMBER, intent()).hand()
    hand.configure("set system tacplus-server 192.0.2.1 source-address 10.75.99.2")
    assert "Missing mandatory statement: 'secret'" in hand.run("commit check").output


def guarded(*hosts: tuple[str, str, str]) -> DeviceIntent:
    """The senders of the first host's port are held to its address."""
    first = next(port for port in intent().ports if port.hosts and not port.arp_trusted)
    ports = tuple(replace(port, hosts=hosts) if port is first else replace(port, hosts=()) for port in intent().ports)
    assert intent().protection is not None
    return replace(intent(), ports=ports, protection=replace(intent().protection, source_guard=True))


def test_a_host_with_an_address_of_its_own_is_bound_to_its_port() -> None:
    wanted = guarded(("02:00:00:00:AA:01", "10.75.10.10", ""))
    rig = bench(MEMBER, wanted)
    assert isinstance(rig, Rig)
    assert rig.box.running_config().count(" ip-source-guard\n") == len(wanted.vlans)
    assert "cut off until they renew" in bench(MEMBER, intent()).compare(wanted).risk_why
    expected = {item.key: item.value for item in JUNOS.expectations(wanted)}
    assert expected["binding:10.75.10.10"].startswith("02:00:00:00:aa:01 ge-0/0/")
    assert JUNOS.observe(rig.hand(), wanted).facts["binding:10.75.10.10"] == expected["binding:10.75.10.10"]
    other = guarded(("02:00:00:00:AA:02", "10.75.10.10", ""))
    assert JUNOS.observe(rig.hand(), other).facts["binding:10.75.10.10"] != {
        item.key: item.value for item in JUNOS.expectations(other)}["binding:10.75.10.10"]


def test_who_would_be_cut_off_is_told() -> None:
    (reason,) = refusals(guarded(("", "10.75.10.10", "")))
    assert "would cut 10.75.10.10 off" in reason
    unnamed = replace(guarded(), ports=(replace(intent().ports[0], role="application", hosts=()),))
    assert "would cut off who has no name here" in refusals(unnamed)[0]
