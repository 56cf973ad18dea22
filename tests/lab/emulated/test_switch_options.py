"""What a site may ask of a switch beyond the usual: taken by the switch, found again, and gone when no longer asked."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest

from punchdown.compiler import compile_site
from punchdown.intent import DeviceIntent
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.loader import load_estate
from punchdown.model import LoadedSite, Site
from punchdown.platforms.cisco_ios import PLATFORM
from punchdown.render import render_device
from punchdown.values import Change

from .test_against_platform import Writer, commit

INVENTORY = Path(__file__).parents[3] / "inventory"
REFERENCE = re.compile(r"<secret:([^>]+)>")
ASKED: dict[str, Any] = {
    "protection": {"broadcast_percent": 3, "multicast_percent": 0.5, "dhcp_rate": 40, "max_macs": 3},
    "spanning_tree": {"mode": "rapid-pvst", "root": "sw-acc-1", "root_guard": True, "loop_guard": True},
    "phones": {"cdp": True},
}
LINES = (
    "spanning-tree mode rapid-pvst", "spanning-tree loopguard default", "spanning-tree vlan 1-4094 priority 4096",
    " storm-control broadcast level 3.00", " storm-control multicast level 0.50", " ip dhcp snooping limit rate 40",
    " spanning-tree guard root", " power inline never", " timeout 9", " retransmit 1", " deadtime 20",
    " authentication event fail action authorize vlan 130", " switchport port-security maximum 3",
    " switchport port-security violation restrict", " switchport port-security",
)


def fingerprint(plain: str) -> str:
    return f"<masked:{hashlib.sha256(plain.encode()).hexdigest()[:16]}>"


def intent(asked: dict[str, Any]) -> DeviceIntent:
    """The example's access switch, with what is asked beyond."""
    loaded = load_estate(INVENTORY).loaded["lisbon"]
    data = loaded.site.model_dump(by_alias=True, mode="json", exclude_defaults=True)
    for key, value in asked.items():
        data[key] = {**data.get(key, {}), **value}
    if asked:
        data["dot1x"] |= {"auth_fail_segment": "office", "timers": {"timeout_seconds": 9, "retries": 1,
                                                                   "dead_minutes": 20}}
        data["devices"]["sw-acc-1"]["exceptions"] = {"44": {"poe": "off"}}
        data["devices"]["sw-acc-1"]["ports"].pop("46-47")
        data["devices"]["sw-acc-1"]["aggregations"] = {
            "cellar": {"number": 7, "ports": ["46-47"], "segments": ["office", "phones"]}}
        data["devices"]["sw-core-1"]["platform"] = "cisco_ios"
        data["devices"]["sw-core-1"]["ports"] = {"1": "sw-acc-1"}
    compiled = compile_site(LoadedSite(Site.model_validate(data), loaded.positions))
    assert not compiled.errors, compiled.errors
    return next(device for device in compiled.devices if device.device == "sw-acc-1")


def compare(box: IosAppliance, wanted: DeviceIntent) -> Change:
    intended = render_device(wanted)
    names = {name for document in intended.documents for name in REFERENCE.findall(document.text)}
    room = PLATFORM
    return room.compare(wanted, intended, room.fetch(Writer(box), fingerprint),
                        {name: fingerprint(f"pw-{name}") for name in names})


@pytest.mark.parametrize("line", LINES)
def test_what_is_asked_stands_in_the_configuration(line: str) -> None:
    text = render_device(intent(ASKED)).documents[0].text
    assert line in text.splitlines()
    assert line not in render_device(intent({})).documents[0].text.splitlines()


def test_members_of_a_link_say_what_the_link_says() -> None:
    text = render_device(intent(ASKED)).documents[0].text
    sections = {part.partition("\n")[0]: part.splitlines()[1:] for part in text.split("interface ")[1:]}
    link = sections["Port-channel7"]
    assert " switchport trunk allowed vlan 120,130" in link
    for member in ("GigabitEthernet1/0/46", "GigabitEthernet1/0/47"):
        assert [line for line in sections[member] if "channel-group" not in line] == link
        assert " channel-group 7 mode active" in sections[member]


def test_the_switch_takes_it_and_shows_it_back(switch: IosAppliance) -> None:
    wanted = intent(ASKED)
    writer, safe = commit(switch, compare(switch, wanted))
    safe.confirm(writer.reconnect())
    assert compare(switch, wanted).differences == ()
    assert " no cdp enable" not in switch.running_config()


def test_a_level_changed_by_hand_is_drift(switch: IosAppliance) -> None:
    wanted = intent(ASKED)
    writer, safe = commit(switch, compare(switch, wanted))
    safe.confirm(writer.reconnect())
    again = Writer(switch)
    again.configure("no spanning-tree loopguard default")
    again.configure("interface GigabitEthernet1/0/48\n no spanning-tree guard root")
    again.run("end")
    found = {item.line for item in compare(switch, wanted).differences}
    assert any("loopguard" in text for text in found)
    assert any("guard root" in text for text in found)
