"""Who checks logins to a switch: servers that are there, in their order, and local users behind them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from punchdown.errors import RejectedError
from punchdown.platforms.cisco_ios.state import observe
from punchdown.render import render_device
from punchdown.values import Verdict
from tests.platforms.cisco_ios.switches import INTENT, IOS, KNOWN, Switch, new_switch
from tests.platforms.cisco_ios.test_features import ASKED, CHECKED, RADIUS, TACACS

_METHODS = re.compile(r"^aaa authentication login default (.*)$", re.MULTILINE)


def section(text: str, root: str) -> str:
    """What stands below a line, empty where it is not."""
    found = re.search(rf"^{root}\n((?: .*\n)*)", text, re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize("name", ["tacacs", "radius"])
def test_nobody_is_checked_by_a_server_that_is_not_there(name: str, switch: Switch) -> None:
    """At no step, there or back, a method list names a group that is gone, empty, or has a server without a key; and
    whoever is at the device itself gets in always."""
    for wanted in (ASKED[name][0], INTENT):
        change = switch.compare(wanted)
        texts = [documents["running-config"] for _, documents in IOS.states(
            {"running-config": switch.appliance.running_config()}, change)]
        for text in texts:
            for methods in _METHODS.findall(text):
                assert methods.split()[-1] == "local"
                for group in re.findall(r"group (\S+)", methods):
                    members = re.findall(r"^ server name (\S+)", section(text, rf"aaa group server \S+ {group}"),
                                         re.MULTILINE)
                    assert members
                    assert all(" key " in section(text, f"(?:radius|tacacs) server {member}") for member in members)
        assert len({_METHODS.findall(text)[0] for text in texts}) == 2
        assert "touches the way into the device: aaa authentication login" in change.risk_why
        assert change.risk == "high"
        switch.push(change)


def test_servers_are_asked_in_their_order(switch: Switch) -> None:
    """The device puts a new one last; the group is never empty meanwhile."""
    switch.push(switch.compare(TACACS))
    third = replace(CHECKED[0], name="login-3", address="10.20.99.23")
    for servers in ((CHECKED[1], CHECKED[0]), (third, *CHECKED), (CHECKED[1],), (third,), CHECKED):
        wanted = replace(TACACS, management=replace(TACACS.management, login_servers=servers))
        change = switch.compare(wanted)
        assert not change.empty
        for _, documents in IOS.states({"running-config": switch.appliance.running_config()}, change):
            assert re.search(r"PD-login-tacacs\n(?: .*\n)* server name ", documents["running-config"])
        switch.push(change)
        group = section(switch.appliance.running_config(), r"aaa group server tacacs\+ PD-login-tacacs")
        assert re.findall(r"server name PD-(\S+)", group) == [server.name for server in servers]
        assert switch.compare(wanted).empty
    switch.type("aaa group server tacacs+ PD-login-tacacs", "no server name PD-login-1", "server name PD-login-1")
    found = switch.compare(TACACS).differences
    assert {(item.verdict, item.meaning) for item in found} <= {
        (Verdict.REORDERED, f"TACACS+ server login-{number} is not asked in its turn") for number in (1, 2)}
    assert found


def test_a_switch_without_a_local_user_is_not_told_to_ask_servers() -> None:
    switch = new_switch(running=INTENT)
    change = switch.compare(TACACS)
    for key in [key for key in switch.appliance.config.root.lines if key.startswith("username ")]:
        del switch.appliance.config.root.lines[key]
    with pytest.raises(RejectedError, match="no local user could log in"):
        IOS.safe_change().stage(switch.writer(), change, str)


def test_a_server_that_is_silent_is_told() -> None:
    switch = new_switch(running=RADIUS)
    switch.appliance.silent_servers.add("login-1")
    assert observe(switch.writer(), RADIUS).facts["login-server:login-1"] == "dead"
    assert observe(switch.writer(), RADIUS).facts["login-server:radius-2"] == "alive"


def test_keys_of_tacacs_are_compared_by_their_fingerprint() -> None:
    switch = new_switch(running=TACACS)
    switch.type("tacacs server PD-login-1", "key other")
    found = IOS.compare(TACACS, render_device(TACACS), switch.running(), KNOWN).differences
    assert [item.line for item in found if item.verdict is Verdict.MISSING] == ["key <secret:tacacs-sw-acc-1>"]
    assert "other" not in switch.running().text("running-config").split()
