"""Who may look, log in and send: what of it the switch keeps, shows and asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.errors import RejectedError
from punchdown.intent import DeviceIntent, SnmpAccess
from punchdown.platforms.hp_procurve.capabilities import DOCUMENT, refusals
from punchdown.platforms.hp_procurve.policy import MANAGERS, policy
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
