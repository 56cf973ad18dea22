"""Sessions with a line-and-indent device: the emulated switch over real SSH."""

import time
import traceback

import pytest

from punchdown.devices import Operator, open_reader, open_writer
from punchdown.errors import ConnectError, DeviceTimeout
from punchdown.lab.emulated import ApplianceSpec, Fleet, ScaledClock
from tests.devices.conftest import PASSWORD, make_target


@pytest.fixture
def fleet(loop):
    found = Fleet(ScaledClock(600.0))
    spec = ApplianceSpec("box-ios", management="10.20.99.11", username="punchdown", password=PASSWORD)
    loop.call(found.start([spec]))
    yield found
    loop.call(found.stop())


@pytest.fixture
def target(fleet):
    return make_target("box-ios", fleet.ports["box-ios"], linux=False)


@pytest.fixture
def operator(folder, fleet):
    (folder / "known_hosts").write_text(fleet.known_hosts())
    return Operator.load(folder)


@pytest.fixture
def writer(operator, target):
    found = open_writer(operator, target)
    yield found
    found.close()


def test_show_gives_the_text_between_echo_and_prompt(operator, target):
    reader = open_reader(operator, target)
    text = reader.show("show running-config").output
    reader.close()
    assert "hostname box-ios" in text.splitlines()
    assert not text.startswith("show")
    assert "box-ios#" not in text


def test_reading_leaves_the_configuration_alone(operator, target, fleet):
    before = fleet.appliances["box-ios"].nonvolatile() if hasattr(fleet.appliances["box-ios"], "nonvolatile") else None
    first = open_reader(operator, target)
    text = first.show("show running-config").output
    first.close()
    second = open_reader(operator, target)
    assert second.show("show running-config").output == text
    second.close()
    if before is not None:
        assert fleet.appliances["box-ios"].nonvolatile() == before


def test_lines_go_to_configuration_mode_and_show_leaves_it(writer):
    for line in ("interface GigabitEthernet1/0/7", " description desk 7"):
        assert "%" not in writer.configure(line).output
    assert " description desk 7" in writer.show("show running-config").output.splitlines()


def test_a_refused_line_is_answered(writer):
    assert "Invalid input" in writer.configure("frobnicate 7").output


def test_a_banner_is_one_step(writer):
    writer.configure("banner login ~\nLine one\nMay I? box-ios#\nLine three\n~")
    writer.configure("vlan 77")
    text = writer.show("show running-config").output
    assert "Line one\nMay I? box-ios#\nLine three\n" in text
    assert "vlan 77" in text


def test_run_presses_enter_and_keeps_the_mode_it_opens(writer):
    writer.configure("archive")
    writer.configure(" path flash:punchdown")
    writer.run("end")
    writer.run("configure terminal revert timer 5")
    writer.configure("vlan 78")
    writer.run("end")
    assert "Timer value" in writer.show("show archive config rollback timer").output
    writer.run("configure confirm")
    assert "No Rollback" in writer.show("show archive config rollback timer").output
    assert "OK" in writer.run("write memory").output


def test_a_device_that_closes_is_known_at_once(writer, fleet):
    fleet._drop("box-ios")
    start = time.monotonic()
    with pytest.raises(ConnectError):
        writer.show("show running-config", timeout=30)
    assert time.monotonic() - start < 3


def test_a_hang_is_a_timeout_that_repeats_no_secret(writer):
    writer._terminal._prompt = "(?P<prompt>never)(?P<mode>x)?"
    secret = "s3cret" + "-word"
    with pytest.raises(DeviceTimeout) as caught:
        writer._terminal.ask("configure", f"radius key {secret}", 0.5)
    assert secret not in "".join(traceback.format_exception(caught.value))
