"""Over real SSH, with punchdown's own sessions and netmiko's driver of the platform: log in, look, change for good."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import asyncssh
import pytest

from punchdown.devices import Operator, Target, open_reader, open_writer
from punchdown.errors import RejectedError
from punchdown.lab.emulated import Fleet, ScaledClock
from tests.contract.bench import TIMER, compared, fingerprint, resolve, spec_of
from tests.contract.features import definition, roles
from tests.contract.member import Member
from tests.contract.test_features import subject

CREDENTIALS = """\
credentials:
  lab: {{username: punchdown, {proof}, scope: {{management: [127.0.0.0/8]}}}}
"""


@pytest.fixture
def fleet() -> Iterator[tuple[Fleet, asyncio.AbstractEventLoop]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    found = Fleet(ScaledClock(1.0))
    yield found, loop
    asyncio.run_coroutine_threadsafe(found.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def login(folder: Path, by: str) -> Mapping[str, str]:
    """An operator who logs in by ``key`` or ``password``, and how an appliance knows them."""
    if by == "key":
        key = asyncssh.generate_private_key("ssh-ed25519")
        key.write_private_key(folder / "operator.key")
        proof, known = "key_file: operator.key", {"authorized_key": key.export_public_key().decode()}
    else:
        (folder / "secrets").mkdir()
        (folder / "secrets" / "login").write_text("pw-9")
        proof, known = "password: {file: login}", {"password": "pw-9"}
    (folder / "credentials.yml").write_text(CREDENTIALS.format(proof=proof))
    return known


@pytest.mark.parametrize("by", ["password", "key"])
def test_from_the_factory_to_what_is_meant(
        by: str, rigged: Member, fleet: tuple[Fleet, asyncio.AbstractEventLoop], tmp_path: Path) -> None:
    role = roles(rigged)[0]
    intent = subject(definition(rigged, role), role)
    appliances, loop = fleet
    spec = spec_of(rigged, intent, username="punchdown", **login(tmp_path, by))
    asyncio.run_coroutine_threadsafe(appliances.start([spec]), loop).result(20)
    (tmp_path / "known_hosts").write_text(appliances.known_hosts())
    operator = Operator.load(tmp_path)
    target = Target(intent.device, "127.0.0.1", rigged.room, "lab", appliances.ports[intent.device])

    def left(session):
        return compared(rigged, intent, rigged.room.fetch(session, fingerprint))

    reader = open_reader(operator, target)
    change = left(reader)
    assert change.steps
    assert not hasattr(reader, "configure")
    with pytest.raises(RejectedError):
        reader.show(rigged.capabilities.cli.enter or "config")
    reader.close()
    writer = open_writer(operator, target)
    safe = rigged.room.safe_change()
    safe.stage(writer, change, resolve)
    safe.check(writer)
    safe.commit(writer, TIMER)
    fresh = writer.reconnect()
    safe.confirm(fresh)
    safe.save(fresh)
    assert left(fresh).differences == ()
    for session in (writer, fresh):
        session.close()
