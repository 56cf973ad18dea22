"""The emulated EX switch: what its session does, in the words of the device."""

from __future__ import annotations

import time

import pytest
from netmiko import ConnectHandler

from punchdown.lab.emulated import ApplianceSpec, Faults, ManualClock
from punchdown.lab.emulated.juniper_junos import JunosAppliance, JunosSession, Neighbour, Supplicant

SPEC = ApplianceSpec("ex-1", platform="juniper_junos", ports=4, password="pw")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def box(clock: ManualClock) -> JunosAppliance:
    return JunosAppliance(SPEC, clock)


@pytest.fixture
def session(box: JunosAppliance) -> JunosSession:
    found = box.login()
    found.feed("configure")
    return found


def test_prompts_tell_the_mode(box: JunosAppliance) -> None:
    session = box.login()
    assert session.prompt == "punchdown@ex-1> "
    assert session.feed("configure") == "Entering configuration mode\n\n[edit]\n"
    assert session.prompt == "punchdown@ex-1# "
    assert session.feed("edit interfaces ge-0/0/1").endswith("[edit interfaces ge-0/0/1]\n")
    session.feed("set description here")
    assert "set interfaces ge-0/0/1 description here" in session.feed("top") + "\n".join(box.candidate.lines())


@pytest.mark.parametrize(("line", "said"), [
    ("set system host-nmae x", "syntax error."), ("sett system host-name x", "unknown command."),
    ("set vlans a vlan-id 5000", "error: Value 5000 is not within range (1..4094)"),
    ("set vlans a vlan-id many", "error: Invalid numeric value: 'many'"), ("set system host-name", "missing argument."),
    ("set interfaces eth0 disable", "error: invalid interface type: 'eth0'"),
    ("set interfaces ge-0/0/1 unit 0 family ethernet-switching interface-mode acces", "syntax error."),
    ("set pro", "is ambiguous."), ("delete vlans nobody", "warning: statement not found"),
    ("rollback 49", "error: could not open rollback file"),
    ('set system login message "open', "syntax error."),
])
def test_what_it_does_not_understand_is_refused(session: JunosSession, line: str, said: str) -> None:
    if line == "set pro":
        line, said = "set s", "'s' is ambiguous."
    before = list(session.box.candidate.lines())
    assert said in session.feed(line)
    assert list(session.box.candidate.lines()) == before


def test_words_may_be_cut(session: JunosSession) -> None:
    assert session.feed("set int ge-0/0/1 desc here").strip() == "[edit]"
    assert "set interfaces ge-0/0/1 description here" in list(session.box.candidate.lines())


def test_a_list_is_shown_one_by_one_and_adds_up(session: JunosSession) -> None:
    session.feed("set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members [ a b ]")
    session.feed("set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members a")
    shown = [line for line in session.box.candidate.lines() if "ge-0/0/1 unit 0" in line and "members" in line]
    assert [line.rpartition(" ")[2] for line in shown] == ["default", "a", "b"]


@pytest.mark.parametrize(("lines", "said"), [
    (["set vlans a vlan-id 7", "set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members a"],
     "Access interface <ge-0/0/1.0> has more than one vlan member"),
    (["set interfaces ge-0/0/9 unit 0 family ethernet-switching vlan members a"], "VLAN name a not configured"),
    (["set interfaces ge-0/0/1 unit 0 family ethernet-switching filter input f"], "filter 'f' is not defined"),
    (["set firewall family ethernet-switching filter f term t then log"], "not supported"),
    (["set vlans a vlan-id 7", "set vlans b vlan-id 7"], "duplicate vlan-id 7"),
    (["set protocols dot1x authenticator authentication-profile-name p"], "Access profile p is not defined"),
    (["delete system root-authentication"], "Missing mandatory statement"),
])
def test_a_commit_is_checked_whole(session: JunosSession, lines: list[str], said: str) -> None:
    before = session.box.running_config()
    for line in lines:
        session.feed(line)
    for command in ("commit check", "commit", "commit confirmed 5"):
        answer = session.feed(command)
        assert said in answer
        assert "error: " in answer
    assert session.box.running_config() == before


def test_nobody_confirms(session: JunosSession, clock: ManualClock) -> None:
    before = session.box.running_config()
    session.feed("set vlans a vlan-id 7")
    assert "automatically rolled back in 5 minutes unless confirmed" in session.feed("commit confirmed 5")
    assert "commit confirmed, rollback in 5mins\n    rollback pending\n1 " in session.feed("run show system commit")
    clock.advance(299)
    session.box.tick()
    assert session.box.running_config() != before
    clock.advance(1)
    session.box.tick()
    assert session.box.running_config() == before
    assert session.feed("run show system commit").startswith("0   2025-11-21 04:45:00 UTC by root via other\n")


@pytest.mark.parametrize("confirmation", ["commit", "commit check"])
def test_a_commit_or_a_check_confirms(session: JunosSession, clock: ManualClock, confirmation: str) -> None:
    session.feed("set vlans a vlan-id 7")
    session.feed("commit confirmed 5")
    session.feed(confirmation)
    assert "rollback pending" not in session.feed("run show system commit")
    clock.advance(600)
    session.box.tick()
    assert "set vlans a vlan-id 7\n" in session.box.running_config()


def test_rollback_brings_any_of_the_last_ones(session: JunosSession) -> None:
    for number in (7, 8, 9):
        session.feed(f"set vlans a vlan-id {number}")
        session.feed("commit")
    assert "load complete" in session.feed("rollback 2")
    assert "+ set vlans a vlan-id 7" in session.feed("show | compare")
    session.feed("commit")
    assert "set vlans a vlan-id 7\n" in session.box.running_config()


FOUND = """\
set system syslog host 192.0.2.9 match COMMIT
set system syslog host 192.0.2.9 port 516
set interfaces ae0 aggregated-ether-options lacp active
set interfaces irb unit 7 family inet address 192.0.2.1/24
set snmp v3 usm local-engine user u authentication-sha authentication-key "$9$LbHX-wg4Z"
set routing-options autonomous-system 65000
set protocols igmp interface ae0.0
set protocols lldp port-id-subtype interface-name
set virtual-chassis preprovisioned
set virtual-chassis member 0 role routing-engine
set virtual-chassis member 0 serial-number XX0000000000
set virtual-chassis no-split-detection
set vlans several vlan-id-list 300-400
"""
"""Statements of switches that others run."""


def test_what_others_run_is_taken(box: JunosAppliance) -> None:
    tree, refused = box.load(FOUND)
    assert refused == []
    assert sorted(tree.text.splitlines()) == sorted(FOUND.splitlines())
    for line in ("set interfaces xe-0/0/0 unit 0 family ethernet-switching port-mode trunk", "set groups g system x",
                 "set protocols bgp group g type internal", "set vlans a vxlan vni 5"):
        assert box.load(line)[1] == [line]


def test_one_holds_the_candidate_alone(box: JunosAppliance) -> None:
    one, other = box.login(), box.login()
    one.feed("configure exclusive")
    one.feed("set vlans a vlan-id 7")
    assert "error: configuration database locked by:" in other.feed("configure")
    one.feed("exit")
    assert one.question is not None
    one.feed("yes")
    assert not box.modified
    other.feed("configure")
    other.feed("set vlans b vlan-id 8")
    assert "error: configuration database modified" in one.feed("configure exclusive")


def test_terms_stand_in_the_order_in_which_they_came(session: JunosSession) -> None:
    at = "firewall family ethernet-switching filter f term"
    for name in ("z", "a", "m"):
        session.feed(f"set {at} {name} then accept")
    session.feed(f"insert {at} m before term a")
    found = [line.split()[7] for line in session.box.candidate.lines() if line.startswith(f"set {at}")]
    assert found == ["z", "m", "a"]


def test_power_fails_under_a_change(session: JunosSession) -> None:
    box = session.box
    session.feed("set vlans a vlan-id 7")
    box.restart()
    assert not box.modified
    assert session.feed("commit") == ""
    assert session.closed


def test_tables_can_be_read_by_others(session: JunosSession) -> None:
    from ntc_templates.parse import parse_output
    box = session.box
    for line in ("set vlans a vlan-id 7", "delete interfaces ge-0/0/1 unit 0 family ethernet-switching vlan",
                 "set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members a", "commit"):
        session.feed(line)
    box.neighbours.append(Neighbour("ge-0/0/1", "08:00:0f:00:00:01", "port-1", "phone-1"))
    box.sessions.append(Supplicant("ge-0/0/1", "08:00:0F:00:00:01", "phone"))
    reader = box.login()
    rows = parse_output(platform="juniper_junos", command="show vlans", data=reader.feed("show vlans"))
    assert [(row["vlan_name"], row["tag"], row["interfaces"]) for row in rows if row["tag"] == "7"] == [
        ("a", "7", ["ge-0/0/1.0"])]
    (row,) = parse_output(platform="juniper_junos", command="show lldp neighbors",
                          data=reader.feed("show lldp neighbors"))
    assert (row["local_interface"], row["neighbor_name"]) == ("ge-0/0/1", "phone-1")
    assert parse_output(platform="juniper_junos", command="show version", data=reader.feed("show version"))


def test_netmiko(fleet) -> None:
    port = fleet.start(SPEC)["ex-1"]
    with ConnectHandler("127.0.0.1", port=port, username="punchdown", password="pw", device_type="juniper_junos") as ex:
        ex.send_config_set(["set vlans a vlan-id 7"], exit_config_mode=False)
        assert "commit complete" in ex.commit(confirm=True, confirm_delay=5)
        assert "commit complete" in ex.commit()
        ex.exit_config_mode()
        assert "set vlans a vlan-id 7" in ex.send_command("show configuration | display set")
        ex.send_config_set(["set vlans b vlan-id 8"], exit_config_mode=False)
        ex.commit(confirm=True, confirm_delay=1)
    deadline = time.monotonic() + 20  # the clock of this fleet runs 600 times as fast
    while "vlans b" in fleet.fleet.appliances["ex-1"].running_config() and time.monotonic() < deadline:
        time.sleep(0.05)
        fleet.fleet.appliances["ex-1"].tick()
    assert "vlans b" not in fleet.fleet.appliances["ex-1"].running_config()


def test_what_is_kept_without_power(box: JunosAppliance, clock: ManualClock) -> None:
    session = box.login()
    for line in ("configure", 'set access radius-server 10.0.0.1 secret "clear text"', "commit confirmed 5"):
        session.feed(line)
    assert "clear text" not in box.running_config()
    again = JunosAppliance(SPEC, clock, saved=box.nonvolatile())
    assert again.running_config() == box.running_config()
    clock.advance(301)
    again.tick()
    assert "radius-server" not in again.running_config()


def test_faults_happen_once(clock: ManualClock) -> None:
    box = JunosAppliance(ApplianceSpec("ex-1", platform="juniper_junos", faults=Faults(hang_on="^commit")), clock)
    session = box.login()
    session.feed("configure")
    assert session.feed("commit") == ""
    assert session.hung
    other = box.login()
    other.feed("configure")
    assert "commit complete" in other.feed("commit")
