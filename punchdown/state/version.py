"""Which tables a state store has. Alembic, which changes them, takes longer to import than most stores to read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Engine, inspect, text


@cache
def latest() -> str:
    """The last revision of the tables, by the names of the migrations."""
    return max(path.name.partition("_")[0] for path in Path(__file__).parent.glob("migrations/versions/[0-9]*.py"))


def is_current(engine: Engine) -> bool:
    """Whether the store behind ``engine`` has the tables of this version.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: unreachable or locked.
    """
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [latest()]
