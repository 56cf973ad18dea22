"""A connection that is reset says one sentence, and the libraries below say nothing on the terminal."""

import logging
import socket
import struct
import subprocess
import sys
import threading

import pytest

from punchdown.devices.chatter import hush

CHILD = """
import sys
from pathlib import Path
from types import SimpleNamespace
from punchdown.devices import Operator, Target, open_reader
from punchdown.devices.trust import seen_key
from punchdown.errors import ConnectError
from punchdown.platforms import Dialect
stand_in = SimpleNamespace(name="x", netmiko_type="cisco_ios", capabilities=SimpleNamespace(linux=False, cli=Dialect()),
                           read_commands=())
target = Target("box-1", "127.0.0.1", stand_in, "network-automation", int(sys.argv[2]))
operator = Operator.load(Path(sys.argv[1]))
for reach in (seen_key, open_reader):
    try:
        reach(operator, target)
    except ConnectError as error:
        print(error)
"""


@pytest.fixture
def resetting():
    """The port of a server that answers each connection with a reset, once it has read from it."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                stream, _ = server.accept()
            except OSError:
                return
            stream.recv(64)
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stream.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_reset_connection_is_one_sentence(folder, box, resetting):
    (folder / "known_hosts").write_text(box.known_hosts_line(f"[127.0.0.1]:{resetting}"))
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", CHILD, folder, str(resetting)], capture_output=True,
                          text=True, check=True)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line.split(":")[1].strip() for line in lines] == ["trust", "connect"]
    assert all("Connection reset by peer" in line for line in lines)


def test_who_sets_up_logging_gets_errors_and_no_payload(caplog):
    hush()
    hush()
    with caplog.at_level(logging.DEBUG):
        for name in ("netmiko", "paramiko.transport"):
            logging.getLogger(name).debug("write_channel: hush-hush-1")
            logging.getLogger(name).error("Exception (client)")
    assert [record.message for record in caplog.records] == ["Exception (client)"] * 2
