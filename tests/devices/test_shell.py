"""Sessions with a Linux appliance over real SSH."""

import logging
import time
import traceback

import pytest

from punchdown.devices import Operator, open_reader, open_writer
from punchdown.errors import ConnectError, DeviceTimeout, RejectedError
from tests.devices.conftest import PASSWORD


@pytest.fixture
def writer(operator, target, trusted):
    found = open_writer(operator, target)
    yield found
    found.close()


def test_exit_code_and_both_streams_are_apart(writer):
    answer = writer.run("echo out; echo err >&2; exit 3")
    assert (answer.output, answer.error, answer.code) == ("out\n", "err\n", 3)


@pytest.mark.parametrize("size", [0, 10, 5_000_000])
def test_stdin_is_fed_whole_and_both_ways_at_once(writer, size):
    answer = writer.run("cat", stdin="x" * size)
    assert len(answer.output) == size


def test_a_command_that_ignores_its_stdin_ends(writer):
    assert writer.run("exit 4", stdin="x" * 1_000_000).code == 4


def test_a_hang_is_a_timeout_and_the_session_goes_on(writer):
    start = time.monotonic()
    with pytest.raises(DeviceTimeout):
        writer.run("sleep 20", timeout=0.5)
    assert time.monotonic() - start < 3
    assert writer.run("echo on").output == "on\n"


def test_a_dropped_session_is_known_at_once(writer):
    start = time.monotonic()
    with pytest.raises(ConnectError):
        writer.run("drop", timeout=30)
    with pytest.raises(ConnectError):
        writer.run("echo x")
    assert time.monotonic() - start < 5


def test_reconnect_is_a_new_session(writer, box):
    before = len(box.connections)
    fresh = writer.reconnect()
    writer.close()
    assert len(box.connections) == before + 1
    assert fresh.run("echo on").output == "on\n"
    fresh.close()


@pytest.mark.parametrize("command", ["echo hello; id", "echo hello\nid", "rm x", "show x\nid", "show \x1bx", " echo a"])
def test_a_reader_refuses_all_but_reading(box, operator, target, trusted, command):
    reader = open_reader(operator, target)
    with pytest.raises(RejectedError):
        reader.show(command)
    reader.close()
    assert box.commands == []


def test_a_reader_has_no_way_to_write(operator, target, trusted):
    reader = open_reader(operator, target)
    assert not {"run", "configure", "reconnect"} & set(dir(reader))
    reader.close()


def test_the_way_may_be_a_proxy_command(box, folder, target):
    (folder / "ssh_config").write_text(f"Host *\n  ProxyCommand socat - TCP:127.0.0.1:{box.port}\n")
    (folder / "known_hosts").write_text(box.known_hosts_line())
    reader = open_reader(Operator.load(folder), target)
    assert reader.show("echo hello").output == "hello\n"
    reader.close()


def test_a_proxy_command_that_fails_is_a_connect_error(box, folder, target, trusted):
    (folder / "ssh_config").write_text("Host *\n  ProxyCommand false\n")
    with pytest.raises(ConnectError):
        open_reader(Operator.load(folder), target)
    (folder / "ssh_config").write_text("Host *\n  ProxyCommand /nonexistent/command\n")
    with pytest.raises(ConnectError):
        open_reader(Operator.load(folder), target)


def test_no_secret_in_any_log(operator, target, trusted, caplog):
    with caplog.at_level(1):
        for name in ("netmiko", "paramiko", "paramiko.transport"):
            logging.getLogger(name).setLevel(1)
        writer = open_writer(operator, target)
        writer.run("cat >/dev/null", stdin="s3cret-line")
        writer.close()
        logging.getLogger("netmiko").debug("write_channel: s3cret-line")
    assert "s3cret-line" not in caplog.text
    assert PASSWORD not in caplog.text


def test_a_refused_password_is_in_no_traceback(folder, target, trusted):
    (folder / "secrets" / "login").write_text("wrong-horse-7")
    with pytest.raises(ConnectError, match="refused the credential") as caught:
        open_reader(Operator.load(folder), target)
    assert "wrong-horse-7" not in "".join(traceback.format_exception(caught.value))
