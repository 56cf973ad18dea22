"""What uses the switch is counted from its own tables."""

from __future__ import annotations

import re

from punchdown.lab.emulated.cisco_ios import Station
from punchdown.platforms import Answer
from punchdown.platforms.cisco_ios.state import READ_COMMANDS
from tests.platforms.cisco_ios.switches import INTENT, IOS, Switch

PORT, OTHER = (f"GigabitEthernet1/0/{number}" for number in (1, 2))


class Reading:
    """A session over the switch; some commands are not known to its model."""

    device = "sw-acc-1"

    def __init__(self, switch: Switch, unknown: str = "^$") -> None:
        self._session, self._unknown = switch.appliance.session(), unknown
        self._session.feed("terminal length 0")

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        assert any(re.fullmatch(pattern, command) for pattern in READ_COMMANDS), command
        if re.search(self._unknown, command):
            return Answer("             ^\n% Invalid input detected at '^' marker.\n")
        return Answer(self._session.feed(command))


def counted(switch: Switch, unknown: str = "^$") -> dict[str, int]:
    seen = IOS.observe(Reading(switch, unknown), INTENT)
    assert seen.errors == ()
    return {kind: number for kind, number in seen.life.items() if number}


def test_stations_are_counted_where_they_are(switch: Switch) -> None:
    ports = switch.appliance.running_config().count("interface GigabitEthernet1/")
    assert counted(switch) == {"ports without errors": ports}
    switch.appliance.stations += [
        Station(PORT, "0800.0f00.0001", voice=True, watts=4.5), Station(PORT, "0050.5600.0001"),
        Station(OTHER, "0050.5600.0002", errors=7)]
    before = counted(switch)
    assert before["ports without errors"] == ports - 1
    assert before["powered ports"] == 1
    assert sum(number for kind, number in before.items() if kind.startswith("MACs in VLAN")) == 3
    session = switch.appliance.session()
    for line in ("configure terminal", f"interface {PORT}", "shutdown", "end"):
        session.feed(line)
    after = counted(switch)
    assert "powered ports" not in after
    assert sum(number for kind, number in after.items() if kind.startswith("MACs in VLAN")) == 1


def test_a_model_without_a_table_is_no_fault(switch: Switch) -> None:
    assert counted(switch, "power|counters") == {}
