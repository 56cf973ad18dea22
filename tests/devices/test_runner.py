"""Many devices at once: one device's failure is a value, whatever it is."""

import time

import pytest

from punchdown.devices import Limits, run_all
from punchdown.devices.nornir_inventory import PunchdownInventory
from punchdown.errors import ConnectError, InputError, PunchdownError
from tests.devices.conftest import make_target


def limits(workers=8):
    return Limits(workers, 1000.0)


def test_results_and_failures_are_values(box, operator, target, trusted):
    seen = []
    results = run_all([target, make_target("box-2", 1)], lambda reader: reader.show("echo hello").output,
                      operator=operator, limits=limits(), progress=seen.append)
    assert results["box-1"] == "hello\n"
    assert isinstance(results["box-2"], PunchdownError)
    assert (seen[0].device, seen[0].step, seen[0].detail) == ("", "reading", "2")
    assert {(item.device, item.step) for item in seen[1:]} == {
        (name, step) for name in ("box-1", "box-2") for step in ("connect", "done")}


def test_a_fault_of_the_task_stays_with_its_device(operator, target, trusted, caplog):
    def broken(reader):
        raise KeyError("s3cret")

    results = run_all([target], broken, operator=operator, limits=limits(), progress=lambda _: None)
    assert isinstance(results["box-1"], ConnectError | PunchdownError)
    assert "KeyError" in str(results["box-1"])
    assert "s3cret" not in caplog.text
    assert "s3cret" not in str(results["box-1"])


def test_workers_work_at_the_same_time(operator, target, trusted):
    targets = [make_target(f"box-{number}", target.port) for number in range(6)]
    start = time.monotonic()
    results = run_all(targets, lambda reader: time.sleep(0.5), operator=operator, limits=limits(6),
                      progress=lambda _: None)
    assert set(results.values()) == {None}
    assert time.monotonic() - start < 2.5


def test_logins_are_limited():
    tap = Limits(1, 50.0)
    start = time.monotonic()
    for _ in range(6):
        tap.wait()
    assert 0.09 < time.monotonic() - start < 1


def test_the_estate_is_a_nornir_inventory():
    found = PunchdownInventory("inventory").load()
    host = found.hosts["sw-acc-1"]
    assert (host.hostname, host.platform, host.port) == ("10.20.99.11", "cisco_ios", 22)
    assert [group.name for group in host.groups] == ["site_lisbon", "role_access-switch", "platform_cisco_ios"]
    assert host.get_connection_parameters("netmiko").extras["ssh_strict"] is True
    assert not any(item.password or item.username for item in found.hosts.values())


def test_a_wrong_estate_is_an_input_error(tmp_path):
    with pytest.raises(InputError):
        PunchdownInventory(str(tmp_path)).load()
