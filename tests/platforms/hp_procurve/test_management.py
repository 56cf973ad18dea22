"""Who may look, log in and send: what of it the switch keeps, shows and asks for."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from punchdown.errors import RejectedError
from punchdown.intent import DeviceIntent, LinkMode, RadiusServer, SnmpAccess
from punchdown.platforms.hp_procurve.capabilities import DOCUMENT, refusals
from punchdown.platforms.hp_procurve.policy import MANAGERS, policy
from punchdown.platforms.hp_procurve.ports import expand
from punchdown.values import Provenance, Verdict
from tests.contract.bench import Rig, bench, clear
from tests.platforms.hp_procurve.boxes import MEMBER, ROOM, intent_of
from tests.platforms.policies import packet, through

BARE = intent_of("sw-acc-1")
MANAGER = "10.80.199.77"


def polled(**changes: object) -> DeviceIntent:
    access = replace(SnmpAccess("watcher", "sha", "aes128", (MANAGER,), False, Provenance()), **changes)
    return replace(BARE, management=replace(BARE.management, snmp=access))


def rig(intent: DeviceIntent = BARE) -> Rig:
    found = bench(MEMBER, intent)
    assert isinstance(found, Rig)
    return found


def switched_on() -> Rig:
    """At the console somebody has answered what SNMPv3 asks when it is switched on."""
    found = rig()
    session = found.box.session()
    for line in ("configure", "snmpv3 enable", "Longenough-1", "Longenough-2", "n", "n", "end", "write memory"):
        session.feed(line)
    return found


def test_switching_on_is_left_to_people() -> None:
    found = rig()
    before = found.box.running_config()
    with pytest.raises(RejectedError, match="type it by hand once"):
        found.push(found.compare(polled()))
    assert found.box.running_config() == before
    session = found.box.session()
    session.feed("configure")
    session.feed("snmpv3 enable")
    assert session.prompt.endswith("Enter authentication password: ")
    assert "Operation failed" in session.feed("short")
    assert found.box.running_config() == before


def test_a_user_comes_and_the_one_that_nobody_asked_for_goes() -> None:
    found = switched_on()
    assert 'snmpv3 user "initial"' in found.box.running_config()
    change = found.compare(polled())
    lines = [step.text for step in change.steps]
    assert 'no snmpv3 user "initial" auth md5 priv des' not in lines
    assert 'no snmpv3 user "initial"' in lines
    found.push(change)
    shown = found.box.running_config()
    assert 'snmpv3 user "watcher" auth sha "' in shown
    assert "initial" not in shown
    assert clear("snmp-auth-watcher") not in shown
    assert found.compare(polled()).empty
    seen = ROOM.observe(found.hand(), polled())
    assert (seen.errors, seen.facts["snmp-user:watcher"]) == ((), True)
    found.type('snmpv3 user "watcher" auth sha "Longenough-3"')
    assert ROOM.observe(found.hand(), polled()).facts["snmp-user:watcher"] is False
    assert {(item.verdict, item.line.partition("<")[0]) for item in found.compare(polled()).differences} == {
        (Verdict.MISSING, 'snmpv3 user "watcher" auth sha "'), (Verdict.EXTRA, 'snmpv3 user "watcher" auth sha')}


def test_managers_alone_may_poll() -> None:
    found = policy(BARE, {DOCUMENT: "".join(
        f"ip authorized-managers {words}\n" for words in
        (f"{MANAGER} 255.255.255.255 access operator access-method snmp",
         "10.80.199.100 255.255.255.255 access manager access-method ssh",
         "10.80.199.101 255.255.255.255 access manager access-method all"))})
    assert found.local == (MANAGERS,)
    ends = {(last, probe): through(found, found.local, packet(f"{probe.split()[0]} 10.80.199.{last}:9 "
                                                              f"10.80.199.11:{probe.split()[1]}"))
            for last in (77, 100, 101, 5) for probe in ("udp 161", "tcp 22")}
    assert {key for key, end in ends.items() if end == {"accept"}} == {
        (77, "udp 161"), (100, "tcp 22"), (101, "udp 161"), (101, "tcp 22")}


@pytest.mark.parametrize(("changes", "word"), [({"authentication": "sha256"}, "sha256 is not known"),
                                               ({"privacy": "aes256"}, "aes256 is not known"),
                                               ({"traps": True}, "traps")])
def test_what_the_software_does_not_know_is_refused(changes: dict[str, object], word: str) -> None:
    (reason,) = refusals(polled(**changes))
    assert word in reason
    assert refusals(polled()) == ()


def asked(method: str, *servers: str) -> DeviceIntent:
    """Logins are checked by servers with these last numbers."""
    found = tuple(RadiusServer(f"s-{number}", f"10.80.199.{number}", 1812, 1813, "login", Provenance())
                  for number in servers)
    return replace(BARE, management=replace(BARE.management, login=method, login_servers=found, login_accounting=True))


def logins(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("aaa authentication ssh", "aaa accounting exec"))]


@pytest.mark.parametrize(("before", "after"), [
    (BARE, asked("radius", "8")), (asked("radius", "8"), asked("radius", "9")), (asked("radius", "8"), BARE),
    (asked("radius", "8"), asked("tacacs", "8")), (asked("tacacs", "8"), asked("radius", "9"))])
def test_whoever_checks_logins_is_there_before_and_after(before: DeviceIntent, after: DeviceIntent) -> None:
    """After every command a server that logins are asked of has its key and is in its group, and local users follow."""
    found = rig(before)
    change = found.compare(after)
    hand = found.hand()
    for step in change.steps:
        found.typed(hand, step.text)
        text = found.box.running_config()
        for line in logins(text):
            word = "aaa server-group radius \"PD-login\" host" if "radius" in line else "tacacs-server host"
            hosts = [row.split("host ")[1].split()[0] for row in text.splitlines() if row.startswith(word)]
            assert hosts, step.text
            assert all(re.search(rf"^\w+-server host {host} .*key ", text, re.MULTILINE) for host in hosts)
            assert line.endswith(" local") or line.startswith("aaa accounting")
    hand.run("end")
    assert found.compare(after).empty
    assert bool(logins(found.box.running_config())) == (after.management.login != "local")


def test_logins_are_asked_of_no_server_without_a_manager_of_its_own() -> None:
    found = rig(BARE)
    found.type("no password manager")
    before = found.box.running_config()
    with pytest.raises(RejectedError, match="no manager with a password"):
        found.push(found.compare(asked("radius", "8")))
    assert found.box.running_config() == before


def test_the_way_in_is_told() -> None:
    change = rig(BARE).compare(asked("radius", "8"))
    assert change.risk == "high"
    assert 'aaa authentication ssh enable radius server-group "PD-login" local' in change.risk_why
    assert {item.meaning for item in change.differences if item.line.startswith("aaa authentication ssh login")} == {
        'who comes by SSH is not checked by radius server-group "PD-login" local'}
    back = rig(asked("radius", "8")).compare(BARE)
    assert "no radius-server host 10.80.199.8" in [step.text for step in back.steps]


def test_servers_of_others_are_told_and_left() -> None:
    found = rig(BARE)
    found.type('tacacs-server host 192.0.2.1 key "theirs-9"', "aaa authentication ssh login tacacs local",
               'radius-server host 192.0.2.2 key "theirs-9"', 'aaa server-group radius "theirs" host 192.0.2.2')
    change = found.compare(BARE)
    assert change.empty
    assert sum("192.0.2." in line or "tacacs local" in line for line in change.unmanaged) >= 4
    again = found.compare(asked("radius", "8"))
    assert not [step.text for step in again.steps if "192.0.2.2" in step.text]


def guarded(mac: str) -> DeviceIntent:
    ports = tuple(replace(port, hosts=tuple((mac, address, six) for _, address, six in port.hosts))
                  for port in BARE.ports)
    assert BARE.protection is not None
    return replace(BARE, ports=ports, protection=replace(BARE.protection, source_guard=True))


def test_ports_are_locked_down_after_their_hosts_are_bound() -> None:
    wanted = guarded("02:00:00:00:aa:01")
    found = rig(BARE)
    change = found.compare(wanted)
    lines = [step.text for step in change.steps]
    bound = next(at for at, line in enumerate(lines) if line.startswith("ip source-binding"))
    ports = next(at for at, line in enumerate(lines) if re.match(r"ip source-lockdown \d", line))
    assert bound < ports < lines.index("ip source-lockdown")
    found.push(change)
    assert found.compare(wanted).empty
    locked = {port for line in found.box.running_config().splitlines() if line.startswith("ip source-lockdown ")
              for port in expand(line.split()[-1])}
    assert locked == {port.name for port in BARE.ports if port.mode is LinkMode.ACCESS and not port.arp_trusted}
    found.type("no ip source-lockdown 1")
    assert [item.line for item in found.compare(wanted).differences] == ["ip source-lockdown 1"]


def test_who_would_be_cut_off_is_told() -> None:
    (reason,) = refusals(guarded(""))
    assert "would cut" in reason
