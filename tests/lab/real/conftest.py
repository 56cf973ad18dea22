"""One lab for all tests of this folder, under a prefix of its own beside any lab that is up."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from netmiko import BaseConnection, ConnectHandler

from punchdown import lab

SITE = Path(__file__).parents[3] / "inventory" / "sites" / "lisbon.yml"
PREFIX = "pdtest-"


@pytest.fixture(scope="module")
def lab_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A lab that is up, taken down after the module."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs Linux and root")
    folder = tmp_path_factory.mktemp("real") / "lab"
    lab.up(SITE, folder, prefix=PREFIX)
    yield folder
    lab.down(folder, prefix=PREFIX)


@contextmanager
def netmiko_session(operator: Path, kind: str, address: str) -> Iterator[BaseConnection]:
    """A session of netmiko alone, with the operator's files; its proxy command is collected, which paramiko leaves."""
    with ConnectHandler(device_type=kind, host=address, username="root", use_keys=True, system_host_keys=False,
                        key_file=str(operator / "keys" / "id_ed25519"), ssh_config_file=str(operator / "ssh_config"),
                        ssh_strict=True, alt_host_keys=True, alt_key_file=str(operator / "known_hosts"),
                        fast_cli=True) as session:
        transport = session.remote_conn.get_transport()
        yield session
    transport.join(10)
    if hasattr(transport.sock, "process"):
        with transport.sock.process:
            """Its pipes are closed and it is waited for."""
