"""Push to a real server, then ask as a phone and as a PC; drift, refusals and the way back."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from punchdown.errors import RejectedError
from punchdown.platforms.kea import PLATFORM
from punchdown.platforms.kea.capabilities import CONFIG, SOCKET
from punchdown.values import Change, Verdict
from tests.platforms.kea.dhcp_box import DHCP, OFFICE, ask, install, intent, no_secret, plan, push
from tests.platforms.linux.local_writer import Appliance, LocalWriter

pytestmark = [pytest.mark.lab, pytest.mark.skipif(os.geteuid() != 0, reason="needs root and namespaces")]

TOLD = "id:ipphone.mitel.com;sw_tftp=10.20.10.10;call_srv=10.20.10.10,10.20.10.11;vlan=120;l2p=6;dscp=46"
IN_125 = f"{1027:08x}" + f"{len(TOLD) + 2:02x}01{len(TOLD):02x}" + TOLD.encode().hex()
MINET = ("-V", "ipphone.mitel.com")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with Appliance(tmp_path_factory.mktemp("box") / "disk", "dhcp-1") as appliance:
        writer = install(appliance)
        push(writer, plan(writer))
        yield appliance


@pytest.fixture
def writer(box: Appliance) -> Iterator[LocalWriter]:
    session = box.writer()
    yield session
    if change := plan(session).payload:
        push(session, Change("dhcp-1", "kea", (), (), "", payload=change))


def config_set(writer: LocalWriter, edit: dict[str, object]) -> None:
    """Change what the daemon runs, not the file, as an operator with the control socket can."""
    arguments = json.loads(writer.run(f"cat {CONFIG}").output)
    arguments["Dhcp4"].update(edit)
    command = json.dumps({"command": "config-set", "arguments": arguments})
    answer = writer.run(f"socat -t 10 - UNIX-CONNECT:{SOCKET}", stdin=command)
    assert '"result": 0' in answer.output, answer.output


def test_second_compare_finds_nothing(writer: LocalWriter) -> None:
    assert [(item.path, item.line) for item in plan(writer).differences] == []


def test_observation_meets_every_expectation(writer: LocalWriter) -> None:
    seen = PLATFORM.observe(writer, intent())
    assert seen.errors == ()
    assert seen.facts == {item.key: item.value for item in PLATFORM.expectations(intent())}


@pytest.mark.parametrize("interface", ["c120", "c130"])
def test_phone_is_told_everything_in_both_segments(box: Appliance, interface: str) -> None:
    lease = ask(box, interface, *MINET, mac="08:00:0f:10:01:01")
    assert lease.text("opt43") == TOLD
    assert lease.told["opt125"] == IN_125
    assert lease.told["vendor"] == "ipphone.mitel.com"
    assert lease.told["vlanid"].split()[-1] == "120"
    assert lease.told["ip"].startswith("10.20.20.1" if interface == "c120" else "10.20.32.1")


def test_phone_that_asks_by_enterprise_number(box: Appliance) -> None:
    name = "ipphone.mitel.com"
    lease = ask(box, "c130", "-x", f"124:{1027:08x}{len(name) + 1:02x}{len(name):02x}{name.encode().hex()}",
                mac="08:00:0f:10:01:09")
    assert lease.told["opt125"] == IN_125
    assert "opt43" not in lease.told


def test_sip_phone_is_told_its_configuration_server(box: Appliance) -> None:
    lease = ask(box, "c120", "-V", "AastraIPPhone6867i", "-O", "66", mac="02:00:00:00:00:67")
    assert lease.told["tftp"] == "10.20.10.10"
    assert "opt43" not in lease.told


def test_pc_gets_an_address_and_no_phone_option(box: Appliance) -> None:
    lease = ask(box, "c130")
    assert (lease.told["router"], lease.told["dns"]) == ("10.20.32.1", "10.20.40.2 10.20.40.3")
    assert not lease.told.keys() & {"opt43", "opt125", "vlanid", "vendor", "opt128"}


def test_pc_gets_no_address_in_the_voice_segment(box: Appliance) -> None:
    assert ask(box, "c120", tries=2).told == {}


def test_reservation(box: Appliance) -> None:
    assert ask(box, "c120", *MINET, mac="08:00:0f:10:01:03").told["ip"] == "10.20.20.50"


def test_read_commands_cover_what_is_read(writer: LocalWriter) -> None:
    PLATFORM.fetch(writer, no_secret)
    PLATFORM.observe(writer, intent())
    assert not [command for command in writer.sent
                if not any(re.fullmatch(allowed, command) for allowed in PLATFORM.read_commands)]


def test_subnet_option_changed_in_the_file(writer: LocalWriter) -> None:
    writer.run(f"sed -i 's/10.20.32.1\"/10.20.32.254\"/' {CONFIG}")
    change = plan(writer)
    assert [(item.verdict, item.path, item.line) for item in change.differences] == [
        (Verdict.MISSING, (), "subnet4[10.20.32.0/24].option-data[routers].data = 10.20.32.1"),
        (Verdict.EXTRA, (), "subnet4[10.20.32.0/24].option-data[routers].data = 10.20.32.254")]
    assert change.differences[0].meaning == "clients in segment office get another routers than defined"
    assert change.differences[0].source.field == "segments.office"
    push(writer, change)
    assert plan(writer).empty


def test_subnet_added_to_the_running_server(writer: LocalWriter) -> None:
    subnets = json.loads(writer.run(f"cat {CONFIG}").output)["Dhcp4"]["subnet4"]
    config_set(writer, {"subnet4": [*subnets, {"id": 9, "subnet": "192.0.2.0/24"}]})
    change = plan(writer)
    (found,) = change.differences
    assert (found.verdict, found.path, found.line) == (
        Verdict.EXTRA, ("as the server runs it",), "subnet4[192.0.2.0/24]")
    push(writer, change)
    assert plan(writer).empty


def test_reservation_and_option_taken_from_the_running_server(writer: LocalWriter) -> None:
    subnets = json.loads(writer.run(f"cat {CONFIG}").output)["Dhcp4"]["subnet4"]
    subnets[0]["reservations"] = []
    subnets[1]["option-data"].append({"name": "domain-name", "data": "example.net"})
    config_set(writer, {"subnet4": subnets})
    lines = {(item.verdict, item.line) for item in plan(writer).differences}
    assert lines == {(Verdict.MISSING, "subnet4[10.20.20.0/24].reservations[08:00:0f:10:01:03]"),
                     (Verdict.EXTRA, "subnet4[10.20.32.0/24].option-data[domain-name]")}


def test_order_and_layout_of_the_file_are_no_difference(writer: LocalWriter) -> None:
    config = json.loads(writer.run(f"cat {CONFIG}").output)
    config["Dhcp4"]["subnet4"].reverse()
    for subnet in config["Dhcp4"]["subnet4"]:
        subnet["option-data"].reverse()
    writer.run(f"cat > {CONFIG}", stdin="// by hand\n" + json.dumps(config))
    assert plan(writer).empty


def test_stopped_server_is_a_difference_and_the_push_starts_it(box: Appliance, writer: LocalWriter) -> None:
    writer.run(f"printf '{{\"command\":\"shutdown\"}}' | socat -t 5 - UNIX-CONNECT:{SOCKET}; sleep 0.5")
    assert PLATFORM.observe(writer, intent()).facts["dhcp:running"] is False
    (found,) = plan(writer).differences
    assert found.meaning == "no phone and no PC gets an address: the DHCP server does not run"
    push(writer, plan(writer))
    assert plan(writer).empty
    assert ask(box, "c130").told["ip"]


@pytest.mark.parametrize("broken", [
    '{"Dhcp4": {', '{"Dhcp4": {"subnet4": [{"subnet": "10.20.20.0/24", "pools": [{"pool": "10.9.9.1-10.9.9.2"}]}]}}',
    '{"Dhcp4": {"interfaces-config": {"interfaces": ["nowhere0"]}}}'])
def test_broken_file_is_refused_and_nothing_changes(writer: LocalWriter, broken: str) -> None:
    before = writer.run(f"md5sum {CONFIG}").output
    safe = PLATFORM.safe_change()
    safe.stage(writer, Change("dhcp-1", "kea", (), (), "", payload={CONFIG: broken}), str)
    with pytest.raises(RejectedError, match=r"rror|doesn't exist"):
        safe.check(writer)
    assert writer.run(f"md5sum {CONFIG}").output == before
    assert not safe.pending(writer)
    assert plan(writer).empty


def test_configuration_that_does_not_load_is_put_back(box: Appliance, writer: LocalWriter) -> None:
    """A lease file in a folder that is not there passes the check, only the load shows it."""
    text = writer.run(f"cat {CONFIG}").output
    safe = PLATFORM.safe_change()
    safe.stage(writer, Change("dhcp-1", "kea", (), (), "",
                              payload={CONFIG: text.replace("/var/lib/kea/", "/nowhere/")}), str)
    safe.check(writer)
    with pytest.raises(RejectedError):
        safe.commit(writer, 30)
    assert plan(writer).empty
    assert ask(box, "c130").told["ip"]


def test_rollback_brings_the_old_subnets_back(writer: LocalWriter) -> None:
    safe = PLATFORM.safe_change()
    safe.stage(writer, plan(writer, replace(DHCP, pools=(OFFICE,))), str)
    safe.check(writer)
    safe.commit(writer, 30)
    assert plan(writer, replace(DHCP, pools=(OFFICE,))).empty
    safe.rollback(writer)
    assert plan(writer).empty
