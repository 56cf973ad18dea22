"""Bring a state store to the tables of this version (Alembic); a store of a later version is refused."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, inspect, text

from punchdown.errors import StateError

FIRST = "0001"


def migrate(engine: Engine) -> None:
    """Upgrade the store behind ``engine`` where it is older than this version, in one transaction.

    Raises:
        StateError: it was written by a later version.
        sqlalchemy.exc.SQLAlchemyError: unreachable, locked or not writable.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    with engine.connect() as connection:
        if _current(connection) == head:
            return
    with engine.begin() as connection:
        _alone(connection)
        current = _current(connection)
        if current == head:
            return
        _refuse_later(script, current)
        config.attributes["connection"] = connection
        if current is None and inspect(connection).has_table("runs"):
            command.stamp(config, FIRST)
        command.upgrade(config, "head")


def _alone(connection: Connection) -> None:
    """Two that open a new store at once: the second waits and finds the tables made."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(1752)"))


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_later(script: ScriptDirectory, current: str | None) -> None:
    try:
        script.get_revision(current or FIRST)
    except CommandError:
        raise StateError(f"the state store is of a later version of punchdown (tables {current}): update punchdown, "
                         "or see --store") from None
