"""The safe change on an emulated switch: timer, confirmation, refusals, and what is kept out of messages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from punchdown.errors import RejectedError, RolledBackError
from punchdown.platforms.cisco_ios.change import refusal, timer_minutes
from punchdown.values import Change, Step
from tests.platforms.cisco_ios.switches import INTENT, IOS, Switch, closed, new_switch, port, resolve

CLOSED = replace(INTENT, ports=(closed(1), *INTENT.ports[1:]))
# The emulated switch refuses the members of a RADIUS group when it loads a file, so what loads one goes without.
BARE = replace(INTENT, radius_servers=())
BARE_CLOSED = replace(CLOSED, radius_servers=())


def steps(*texts: str) -> Change:
    return Change(
        "sw-acc-1", "cisco_ios", (), tuple(Step(text, "asked for by hosts.mivb-2, template acls") for text in texts), ""
    )


def committed(switch: Switch, change: Change) -> None:
    writer, safe = switch.writer(), IOS.safe_change()
    safe.stage(writer, change, resolve)
    safe.check(writer)
    safe.commit(writer, 120)


def test_the_archive_is_configured_before_the_timer_needs_it() -> None:
    switch = new_switch()
    assert "not enabled" in switch.writer().show("show archive").output
    sent = switch.push(switch.compare())
    assert sent[:2] == ["archive", "path flash:punchdown"]


def test_an_unconfirmed_change_goes_back_by_itself() -> None:
    switch = new_switch(running=BARE)
    before = switch.running().digest
    committed(switch, switch.compare(BARE_CLOSED))
    assert switch.compare(BARE_CLOSED).empty
    assert switch.running().digest != before
    assert IOS.safe_change().pending(switch.writer())
    switch.clock.advance(121)
    assert switch.running().digest == before
    with pytest.raises(RolledBackError):
        IOS.safe_change().confirm(switch.writer())


def test_rollback_goes_back_now_and_twice_is_harmless() -> None:
    switch = new_switch(running=BARE)
    before = switch.running().digest
    committed(switch, switch.compare(BARE_CLOSED))
    assert switch.running().digest != before
    IOS.safe_change().rollback(switch.writer())
    assert switch.running().digest == before
    IOS.safe_change().rollback(switch.writer())


def test_a_confirmed_and_saved_change_survives_a_restart() -> None:
    switch = new_switch(running=BARE)
    switch.push(switch.compare(BARE_CLOSED))
    switch.clock.advance(3600)
    switch.appliance.restart()
    assert switch.compare(BARE_CLOSED).empty


def test_a_refused_line_stops_and_says_who_asked_for_it(switch: Switch) -> None:
    with pytest.raises(RejectedError) as error:
        committed(switch, steps("interface GigabitEthernet1/0/1", " switchport acess vlan 5", " description after"))
    assert error.value.line == "switchport acess vlan 5"
    assert "asked for by hosts.mivb-2, template acls" in error.value.answer
    assert "description after" not in switch.appliance.running_config()


def test_a_refused_line_never_tells_its_secret(switch: Switch) -> None:
    with pytest.raises(RejectedError) as error:
        committed(switch, steps("radius server radius-1", " kee <secret:radius-sw-acc-1>"))
    assert "clear-" not in str(error.value)
    assert error.value.line == "kee <secret:radius-sw-acc-1>"


def test_nobody_is_locked_out_by_aaa() -> None:
    switch = new_switch()
    switch.type("no username punchdown")
    with pytest.raises(RejectedError, match="no local user"):
        committed(switch, switch.compare())


def test_a_second_change_waits_for_the_first(switch: Switch) -> None:
    committed(switch, switch.compare(CLOSED))
    with pytest.raises(RejectedError, match="waits for its confirmation"):
        committed(switch, switch.compare(replace(INTENT, ports=(port(1), closed(2), *INTENT.ports[2:]))))


@pytest.mark.parametrize(
    "line",
    [
        "% Access VLAN does not exist. Creating vlan 99",
        "% Generating 2048 bit RSA keys",
        "%Warning: portfast should only be enabled on ports connected to a single host",
    ],
)
def test_information_is_no_refusal(line: str) -> None:
    assert refusal(line) == ""


def test_the_timer_is_in_whole_minutes_that_the_device_takes() -> None:
    assert [timer_minutes(seconds) for seconds in (0, 60, 61, 7200, 9999)] == [1, 1, 2, 120, 120]
