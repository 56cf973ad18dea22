"""802.1X on the configured switch: real supplicants, a real RADIUS server, real packets."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from punchdown import lab, pipeline
from tests.lab.real.conftest import SITE

# paramiko's proxy command leaves its pipes to the collector
pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")]

VOICE = {"room-101", "room-102"}
MIVB = "10.20.10.10"


def _sessions(folder: Path) -> dict[str, dict[str, object]]:
    text = lab.run_in(folder, "sw-core-1", ["cat", "/run/punchdown/dot1x/sessions.json"]).stdout
    return {str(item["mac"]): item for item in json.loads(text or "[]")}


def _wait(condition: Callable[[], bool], seconds: float = 40.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.3)
    return False


def _all_in(folder: Path) -> bool:
    return len(_sessions(folder)) == 4


@pytest.fixture(scope="module")
def site(lab_dir: Path) -> Path:
    """The lab with the whole definition applied and everybody logged in."""
    context = pipeline.Context(SITE.parents[1], lab_dir / "operator", "2026-11-21T00:00:00Z", "test", timer_seconds=60)
    report = pipeline.apply(context, pipeline.Selection())
    assert {device.device: device.error for device in report.devices if device.error} == {}
    assert _wait(lambda: _all_in(lab_dir))
    return lab_dir


def test_everybody_came_in_by_the_right_method(site: Path) -> None:
    found = {str(item["port"]): (item["domain"], item["vlan"], item["method"]) for item in _sessions(site).values()}
    assert found == {"p1": ("voice", 120, "eap"), "p2": ("voice", 120, "eap"), "p3": ("voice", 120, "mab"),
                     "p4": ("data", 130, "eap")}


def test_phones_learn_their_vlan_and_work(site: Path) -> None:
    assert _wait(lambda: lab.connects(site, "room-101", MIVB, 6801, timeout=1))
    assert "10.20.20.11" in lab.run_in(site, "room-101", ["ip", "addr", "show", "voice0"]).stdout
    assert not lab.connects(site, "room-101", MIVB, 1752, timeout=0.5)


def test_a_pc_cannot_tag_itself_into_the_voice_vlan(site: Path) -> None:
    flows = lab.run_in(site, "sw-core-1", ["ovs-ofctl", "-O", "OpenFlow14", "dump-flows", "br0",
                                          "cookie=0x8021/-1,in_port=4"]).stdout
    assert "vlan_tci=0x0000/0x1fff" in flows
    frame = "in_port=4,dl_src=02:00:00:20:00:01,dl_vlan=120,dl_type=0x0800,nw_dst=10.20.20.11"
    traced = lab.run_in(site, "sw-core-1", ["ovs-appctl", "ofproto/trace", "br0", frame]).stdout
    assert traced.rstrip().endswith("Datapath actions: drop")


def test_a_pc_behind_a_phone_has_its_own_session(site: Path) -> None:
    lab.plug_behind(site, "reception", "room-101")
    mac = "02:00:00:20:00:01"
    assert _wait(lambda: _sessions(site).get(mac, {}).get("port") == "p1")
    assert lab.run_in(site, "reception", ["ping", "-c1", "-W2", "10.20.32.1"]).returncode == 0
    assert lab.connects(site, "room-101", MIVB, 6801)
    lab.set_link(site, "reception", "eth0", up=False)
    assert _wait(lambda: mac not in _sessions(site), 5)
    assert lab.connects(site, "room-101", MIVB, 6801)


def test_after_a_power_cut_nobody_is_in_until_they_log_in_again(site: Path) -> None:
    lab.reboot(site, "sw-core-1")
    assert not lab.connects(site, "reception", MIVB, 1752, timeout=0.5)
    assert _wait(lambda: len(_sessions(site)) == 3)
    assert _wait(lambda: lab.connects(site, "room-102", MIVB, 6801, timeout=1))
    assert lab.connects(site, "smdr-taker", MIVB, 1752)
    assert not lab.connects(site, "opera", MIVB, 1752, timeout=0.5)


def test_without_radius_phones_stay_and_newcomers_are_let_in_as_declared(site: Path) -> None:
    lab.run_in(site, "radius-1", ["pkill", "-x", "freeradius"])
    assert lab.connects(site, "room-102", MIVB, 6801)
    lab.set_link(site, "room-102", "eth0", up=False)
    assert _wait(lambda: "08:00:0f:10:01:02" not in _sessions(site), 5)
    lab.set_link(site, "room-102", "eth0", up=True)
    assert _wait(lambda: _sessions(site).get("08:00:0f:10:01:02", {}).get("status") == "critical")
    assert _sessions(site)["08:00:0f:10:01:02"]["domain"] == "voice"
