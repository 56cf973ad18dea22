"""Stores to test against: SQLite always, and a real PostgreSQL server that these tests start and stop."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty database on a server of its own: its own folder, a socket in it and no TCP port."""
    if not BINARIES:
        pytest.skip("PostgreSQL is not installed (setup/debian-packages.txt)")
    folder = Path(tempfile.mkdtemp(prefix="punchdown-pg-"))
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run([BINARIES[-1] / program, *arguments], check=True, capture_output=True, cwd=folder, timeout=120,
                       user=account.pw_uid if account else None, group=account.pw_gid if account else None)

    run("initdb", "-D", "data", "-U", "punchdown", "-A", "trust", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://punchdown@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store's URL; every test has an empty one."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    server: str = request.getfixturevalue("postgresql")
    name = "t" + os.urandom(6).hex()
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return server.replace("/postgres?", f"/{name}?")
