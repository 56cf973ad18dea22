"""The address of the device stands elsewhere: said before anything is sent, not by the device in the middle."""

from __future__ import annotations

import pytest

from punchdown.errors import RejectedError
from tests.platforms.cisco_ios.switches import INTENT, IOS, Switch, new_switch, resolve

_HERE = "interface Vlan10"


@pytest.mark.parametrize(("lines", "told"), [
    ((_HERE, "ip address 10.20.99.11 255.255.255.0"), True),
    ((_HERE, "ip address 10.20.98.1 255.255.254.0"), True),
    ((_HERE, "ip address 10.20.98.1 255.255.255.0"), False),
    (("interface GigabitEthernet0/0", "ip address 10.20.99.11 255.255.255.0"), False),  # a routing table of its own
    (("vlan 199", "interface Vlan199", "ip address 10.20.99.1 255.255.255.0"), False),
])
def test_a_network_stands_on_one_interface(lines: tuple[str, ...], told: bool) -> None:
    switch = new_switch()
    switch.type(*lines)
    change = switch.compare(INTENT)
    words = "the device refuses 10.20.99.11 on Vlan199: Vlan10 has "
    assert (words in change.risk_why) is told
    assert not told or change.risk == "high"
    if told:
        before = switch.appliance.running_config()
        with pytest.raises(RejectedError, match="by hand"):
            IOS.safe_change().stage(switch.writer(), change, resolve)
        assert switch.appliance.running_config() == before
        assert refused(switch)
    else:
        switch.push(change)
        assert switch.compare(INTENT).empty


def refused(switch: Switch) -> bool:
    """Whether the device itself would have refused it."""
    writer = switch.writer()
    writer.configure("interface Vlan199")
    return "overlaps with Vlan10" in writer.configure("ip address 10.20.99.11 255.255.255.0").output
