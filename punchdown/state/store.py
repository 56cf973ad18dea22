"""The store itself, over SQLAlchemy: SQLite for one machine, PostgreSQL by URL."""

from __future__ import annotations

import os
import platform as machine
import re
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, create_engine, delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from punchdown.errors import StateError
from punchdown.state.history import History
from punchdown.state.place import Place
from punchdown.state.tables import AUDIT, CONFIRMED, INTENDED, JOURNAL, LOCKS, RUNS, SIGHTINGS
from punchdown.state.timings import timings
from punchdown.state.together import Together
from punchdown.state.version import is_current
from punchdown.values import AuditEntry, JournalEntry, Plan, RunRecord, Sighting, Timing, from_json, to_json

# Longer than the longest rollback timer of any device (120 minutes) and the look after it.
LOCK_HOURS = 4


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _holds(lock: Row[Any]) -> bool:
    """Whether its holder is there. Of a process on another machine nobody can tell: its lock only runs out."""
    return bool(lock.expires >= _now() and (lock.machine != machine.node() or _alive(lock.process)))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _later() -> str:
    return (datetime.now(UTC) + timedelta(hours=LOCK_HOURS)).isoformat(timespec="milliseconds")


def _holder(who: str) -> dict[str, str | int]:
    name = machine.node()
    return {"holder": f"{who} on {name} (process {os.getpid()})", "machine": name, "process": os.getpid(),
            "expires": _later()}


def _pragmas(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # a DBAPI connection has no common base class
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _engine(url: str) -> Engine:
    """An engine that has connected to nothing yet. The URL may hold a password: no message repeats it."""
    try:
        return create_engine(re.sub(r"^postgres(?:ql)?://", "postgresql+psycopg://", url))
    except ModuleNotFoundError as error:
        raise StateError(f"the state store needs the Python package {error.name}; install it (for PostgreSQL: pip "
                         "install 'punchdown[postgresql]'), or see --store") from None
    except SQLAlchemyError as error:
        raise StateError(f"the state store has no usable URL ({type(error).__name__}), such as "
                         "sqlite:////var/lib/punchdown/state.db; see --store") from None


def _migrate(engine: Engine) -> None:
    from punchdown.state.migrate import migrate
    migrate(engine)


class Store:
    """An open store. Every method is one transaction; a step is written before it is taken."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._place = Place(engine)
        # SQLite lets those who wait for it try at random: of fifty threads some would wait in vain
        self._turn = threading.RLock()
        self._steps = Together(self._write)

    @classmethod
    @contextmanager
    def open(cls, url: str) -> Iterator[Store]:
        """Open (and make, when new) the store behind an SQLAlchemy URL.

        Raises:
            StateError: unreachable, locked or not writable.
        """
        engine = _engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _pragmas)
        try:
            if not is_current(engine):
                _migrate(engine)
            yield cls(engine)
        except SQLAlchemyError as error:
            raise StateError(f"the state store {engine.url!r} can't be used: {error.__class__.__name__}: "
                             f"{error.args[0] if error.args else ''}; see --store") from error
        finally:
            engine.dispose()

    @property
    def history(self) -> History:
        """What looks at devices found over time."""
        return History(self._begin)

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        self._place.require()
        try:
            with self._turn, self._engine.begin() as connection:
                yield connection
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            raise StateError(f"the state store can't be written: {error.__class__.__name__}") from error

    def begin_run(self, site: str, who: str, plan: Plan, *, what: str = "apply",
                  intended: Mapping[str, tuple[str, str]] | None = None) -> str:
        """A new run that holds its site. A lock whose process is gone, or that was not renewed for
        ``LOCK_HOURS``, does not count. ``what`` is the verb, for the audit log; ``intended`` maps devices to their
        intent and intended configuration as JSON, for whoever resumes the run or rolls a later one back.

        Raises:
            StateError: another run holds the site; the message says who.
        """
        run = uuid.uuid4().hex[:12]
        if dead := self._drop_dead_lock(site):
            self.end_run(dead, "died")
        try:
            with self._begin() as connection:
                connection.execute(insert(LOCKS).values(site=site, run=run, taken=_now(), **_holder(who)))
                connection.execute(insert(RUNS).values(run=run, site=site, who=who, plan=to_json(plan), started=_now()))
                for device, (intent, config) in (intended or {}).items():
                    connection.execute(insert(INTENDED).values(run=run, device=device, intent=intent, config=config))
                connection.execute(insert(AUDIT).values(at=_now(), who=who, what=what, site=site, run=run,
                                                        digest=plan.digest, result="begun"))
        except IntegrityError as error:
            raise StateError(self._held(site)) from error
        return run

    def take_over(self, run: str) -> Plan:
        """Continue a run that stopped without an end: it holds its site again. Gives its plan.

        Raises:
            StateError: no such run, it has ended, its process lives, or another run holds the site by now.
        """
        row = self._run(run)
        if row.ended:
            raise StateError(f"run {run} has ended ({row.result}); there is nothing to resume")
        self._drop_dead_lock(row.site)
        try:
            with self._begin() as connection:
                connection.execute(insert(LOCKS).values(site=row.site, run=run, taken=_now(), **_holder(row.who)))
        except IntegrityError as error:
            raise StateError(self._held(row.site)) from error
        return from_json(Plan, row.plan)

    def plan_of(self, run: str) -> Plan:
        """The plan that a run applies or applied. Raises StateError: there is no such run."""
        return from_json(Plan, self._run(run).plan)

    def intended(self, run: str) -> dict[str, tuple[str, str]]:
        """Device to (intent, intended configuration), as JSON, that a run was to bring about."""
        with self._begin() as connection:
            rows = connection.execute(select(INTENDED).where(INTENDED.c.run == run).order_by(INTENDED.c.device))
            return {row.device: (row.intent, row.config) for row in rows}

    def changed(self, run: str) -> tuple[str, ...]:
        """The devices that a run brought to their intended configuration, confirmed and read back; sorted."""
        with self._begin() as connection:
            rows = connection.execute(select(JOURNAL.c.device).where(JOURNAL.c.run == run, JOURNAL.c.step == "done"))
            return tuple(sorted({row.device for row in rows}))

    def before(self, run: str, device: str) -> str:
        """The last run before ``run`` that changed ``device``; empty when there is none."""
        with self._begin() as connection:
            earlier = select(RUNS.c.started).where(RUNS.c.run == run).scalar_subquery()
            row = connection.execute(
                select(RUNS.c.run).join(JOURNAL, JOURNAL.c.run == RUNS.c.run)
                .join(INTENDED, (INTENDED.c.run == RUNS.c.run) & (INTENDED.c.device == JOURNAL.c.device))
                .where(JOURNAL.c.device == device, JOURNAL.c.step == "done", RUNS.c.started < earlier)
                .order_by(RUNS.c.started.desc())).first()
            return str(row.run) if row else ""

    def runs(self, count: int = 20) -> tuple[RunRecord, ...]:
        """The last runs, newest first."""
        with self._begin() as connection:
            rows = connection.execute(select(RUNS).order_by(RUNS.c.started.desc()).limit(count))
            return tuple(RunRecord(row.run, row.site, row.who, row.started, row.ended or "", row.result or "")
                         for row in rows)

    def audit_log(self) -> tuple[AuditEntry, ...]:
        """Who did what, with which plan and result, oldest first. The database refuses to change or drop a line."""
        with self._begin() as connection:
            rows = connection.execute(select(AUDIT).order_by(AUDIT.c.number))
            return tuple(AuditEntry(row.at, row.who, row.what, row.site, row.run, row.digest, row.result)
                         for row in rows)

    def _run(self, run: str) -> Row[Any]:
        with self._begin() as connection:
            row = connection.execute(select(RUNS).where(RUNS.c.run == run)).first()
        if row is None:
            raise StateError(f"there is no run {run}")
        return row

    def unfinished(self, site: str) -> tuple[str, ...]:
        """Runs of a site that have begun and not ended, oldest first; one of them may be at work now."""
        with self._begin() as connection:
            rows = connection.execute(select(RUNS.c.run).where(RUNS.c.site == site, RUNS.c.ended.is_(None))
                                      .order_by(RUNS.c.started))
            return tuple(row.run for row in rows)

    def abandoned(self, site: str) -> tuple[str, ...]:
        """Those of them that nobody is at work on, oldest first."""
        with self._begin() as connection:
            row = connection.execute(select(LOCKS).where(LOCKS.c.site == site)).first()
        return tuple(run for run in self.unfinished(site) if row is None or row.run != run or not _holds(row))

    def _drop_dead_lock(self, site: str) -> str:
        """Release the site from a holder that is gone; the run that held it, empty when nobody is gone."""
        with self._begin() as connection:
            row = connection.execute(select(LOCKS).where(LOCKS.c.site == site)).first()
            if row is None or _holds(row):
                return ""
            connection.execute(delete(LOCKS).where(LOCKS.c.site == site, LOCKS.c.run == row.run))
            return str(row.run)

    def _held(self, site: str) -> str:
        with self._begin() as connection:
            row = connection.execute(select(LOCKS).where(LOCKS.c.site == site)).first()
        if row is None:
            return f"{site}: another campaign held it a moment ago; try again"
        return f"{site} is being changed by {row.holder} since {row.taken} (run {row.run})"

    def end_run(self, run: str, result: str) -> None:
        """Close a run and release its site."""
        with self._begin() as connection:
            row = connection.execute(select(RUNS.c.site, RUNS.c.who).where(RUNS.c.run == run)).first()
            if row is not None:
                connection.execute(insert(AUDIT).values(at=_now(), who=row.who, what="end", site=row.site, run=run,
                                                        digest="", result=result))
            connection.execute(update(RUNS).where(RUNS.c.run == run).values(ended=_now(), result=result))
            connection.execute(delete(LOCKS).where(LOCKS.c.run == run))

    def write(self, run: str, device: str, step: str, detail: str = "") -> None:
        """One journal step, before it is taken; renews the lock."""
        self._steps.add({"run": run, "device": device, "step": step, "at": _now(), "detail": detail})

    def _write(self, steps: Sequence[Mapping[str, str]]) -> None:
        with self._begin() as connection:
            runs = {step["run"] for step in steps}
            connection.execute(update(LOCKS).where(LOCKS.c.run.in_(runs)).values(expires=_later()))
            connection.execute(insert(JOURNAL), steps)

    def journal(self, run: str) -> tuple[JournalEntry, ...]:
        """The steps of a run in the order of writing."""
        with self._begin() as connection:
            rows = connection.execute(select(JOURNAL).where(JOURNAL.c.run == run).order_by(JOURNAL.c.number))
            return tuple(JournalEntry(row.run, row.device, row.step, row.at, row.detail or "") for row in rows)

    def timings(self) -> tuple[Timing, ...]:
        """How long the changes of the last runs took."""
        with self._begin() as connection:
            return tuple(timings(connection))

    def confirm(self, run: str, device: str, digest: str) -> None:
        """Remember what a device was read back as after a confirmed change."""
        with self._begin() as connection:
            connection.execute(delete(CONFIRMED).where(CONFIRMED.c.device == device))
            connection.execute(insert(CONFIRMED).values(device=device, digest=digest, run=run, at=_now()))

    def confirmed(self, device: str) -> str:
        """The digest that was confirmed last, empty when none was."""
        with self._begin() as connection:
            row = connection.execute(select(CONFIRMED.c.digest).where(CONFIRMED.c.device == device)).first()
        return str(row.digest) if row else ""

    def remember(self, sightings: Iterable[Sighting]) -> None:
        """Keep what a verification saw, in place of what an earlier one saw on the same devices."""
        rows = [asdict(item) for item in sightings]
        with self._begin() as connection:
            for device in {row["device"] for row in rows}:
                connection.execute(delete(SIGHTINGS).where(SIGHTINGS.c.device == device))
            if rows:
                connection.execute(insert(SIGHTINGS), rows)

    def sightings(self) -> tuple[Sighting, ...]:
        """What the last verification of every device saw, sorted by device and key."""
        with self._begin() as connection:
            rows = connection.execute(select(SIGHTINGS).order_by(SIGHTINGS.c.device, SIGHTINGS.c.key))
            return tuple(Sighting(row.device, row.key, row.title, row.value, row.holds, row.at) for row in rows)

    def release(self, site: str) -> bool:
        """Take the lock away from a run that died; True when there was one."""
        with self._begin() as connection:
            return bool(connection.execute(delete(LOCKS).where(LOCKS.c.site == site)).rowcount)
