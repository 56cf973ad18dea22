"""A switch with six hosts, once per module."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.platforms.linux.local_writer import Appliance
from tests.platforms.openvswitch.bench import Bench
from tests.platforms.openvswitch.sample import ADMIN, COLLECTOR, PBX, PBX_MAC, PC, SWITCH


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Everything plugged into one flat, open switch, with listeners on PBX, collector and switch."""
    if os.geteuid():
        pytest.skip("needs root and network namespaces")
    disk = tmp_path_factory.mktemp("switch")
    with Appliance(disk, "sw-1", {"resolv.conf": ""}) as appliance, Bench(appliance) as made:
        plugs = (("pbx", "p1", PBX, PBX_MAC), ("collector", "p2", COLLECTOR, "02:00:00:00:00:02"),
                 ("pc", "p3", PC, "02:00:00:00:00:03"), ("phone", "p4", "10.20.32.7", "02:00:00:00:00:04"),
                 ("trunk", "p5", "10.20.32.1", "02:00:00:00:00:05"), ("shut", "p6", "10.20.10.77", "02:00:00:00:00:06"),
                 ("admin", "p7", ADMIN, "02:00:00:00:00:07"), ("server", "p8", "10.20.99.66", "02:00:00:00:00:08"),
                 ("dot1x", "p9", "10.20.32.9", "02:00:00:00:00:09"),
                 ("desk", "p10", "10.20.32.10", "02:00:00:00:00:0a"))
        for host, port, address, mac in plugs:
            made.plug(host, port, address, mac)
        made.switch(f"ip addr add {SWITCH}/24 dev mgmt && ip link set mgmt up")
        made.listen(made.enter("pbx"), 1752, 22)
        made.listen(made.enter("collector"), 8080, 9999)
        made.listen(tuple(appliance.enter()), 22, 80)
        yield made
