"""The state store: one holder per site, every step kept, errors that say what to do."""

import multiprocessing
import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from punchdown.errors import StateError
from punchdown.state import Store, version
from punchdown.state import store as module
from punchdown.state.tables import METADATA
from punchdown.state.version import latest
from punchdown.values import Change, Plan

PLAN = Plan("lisbon", (Change("sw-1", "cisco_ios", (), (), "base"),), digest="d")


@pytest.fixture
def store(url):
    with Store.open(url) as found:
        yield found


def test_the_second_is_told_who_holds_the_site(store, url):
    run = store.begin_run("lisbon", "alice", PLAN)
    with Store.open(url) as other, pytest.raises(StateError) as caught:
        other.begin_run("lisbon", "bob", PLAN)
    assert all(word in str(caught.value) for word in ("alice", str(os.getpid()), run, "lisbon"))


def test_another_site_is_free(store):
    store.begin_run("lisbon", "alice", PLAN)
    assert store.begin_run("porto", "bob", PLAN)


def test_the_end_releases_the_site(store):
    store.end_run(store.begin_run("lisbon", "alice", PLAN), "done")
    assert store.begin_run("lisbon", "bob", PLAN)


def test_of_many_at_once_one_wins(url):
    with Store.open(url):
        pass
    won, refused = [], []

    def attempt(name):
        with Store.open(url) as found:
            try:
                won.append(found.begin_run("lisbon", name, PLAN))
            except StateError:
                refused.append(name)

    threads = [threading.Thread(target=attempt, args=(f"user-{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(refused)) == (1, 7)


def _die(url):
    with Store.open(url) as found:
        found.begin_run("lisbon", "ghost", PLAN)
        found.write(found.unfinished("lisbon")[0], "sw-1", "commit")
        os._exit(1)


def _crashed_run(url):
    process = multiprocessing.get_context("spawn").Process(target=_die, args=(url,))
    process.start()
    process.join()


def test_a_dead_process_holds_nothing_and_its_journal_stays(url):
    _crashed_run(url)
    with Store.open(url) as store:
        (run,) = store.unfinished("lisbon")
        assert [entry.step for entry in store.journal(run)] == ["commit"]
        assert store.begin_run("lisbon", "bob", PLAN)
        with pytest.raises(StateError, match="died"):
            store.take_over(run)


def test_a_dead_run_is_taken_over_with_its_plan(url):
    _crashed_run(url)
    with Store.open(url) as store:
        (run,) = store.unfinished("lisbon")
        assert store.take_over(run) == PLAN
        with pytest.raises(StateError, match="ghost"):
            store.begin_run("lisbon", "bob", PLAN)


def test_a_living_run_is_not_taken_over(store):
    run = store.begin_run("lisbon", "alice", PLAN)
    with pytest.raises(StateError, match="alice"):
        store.take_over(run)


def test_no_such_run(store):
    with pytest.raises(StateError, match="no run"):
        store.take_over("nope")


def test_a_lock_of_another_machine_runs_out_only_when_not_renewed(store, monkeypatch):
    monkeypatch.setattr(module.machine, "node", lambda: "elsewhere")
    run = store.begin_run("lisbon", "alice", PLAN)
    monkeypatch.setattr(module.machine, "node", lambda: "here")
    with pytest.raises(StateError, match="elsewhere"):
        store.begin_run("lisbon", "bob", PLAN)
    later = module._later
    monkeypatch.setattr(module, "_later", lambda: "2000-01-01T00:00:00.000+00:00")
    store.write(run, "sw-1", "commit")
    monkeypatch.setattr(module, "_later", later)
    store.write(run, "sw-1", "verify")
    with pytest.raises(StateError, match="elsewhere"):
        store.begin_run("lisbon", "bob", PLAN)
    monkeypatch.setattr(module, "_later", lambda: "2000-01-01T00:00:00.000+00:00")
    store.write(run, "sw-1", "confirm")
    assert store.begin_run("lisbon", "bob", PLAN)


def test_steps_come_back_in_order_from_many_threads(store):
    run = store.begin_run("lisbon", "alice", PLAN)
    threads = [threading.Thread(target=lambda name=name: [store.write(run, name, str(n)) for n in range(10)])
               for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name in ("a", "b", "c"):
        assert [entry.step for entry in store.journal(run) if entry.device == name] == [str(n) for n in range(10)]


def test_what_was_confirmed_last(store):
    run = store.begin_run("lisbon", "alice", PLAN)
    assert store.confirmed("sw-1") == ""
    store.confirm(run, "sw-1", "one")
    store.confirm(run, "sw-1", "two")
    assert store.confirmed("sw-1") == "two"


@pytest.mark.parametrize("url", ["sqlite:////nonexistent/folder/state.db", "sqlite:////proc/version", "nonsense"])
def test_an_unusable_store_says_so_with_the_way_out(url):
    with pytest.raises(StateError, match="--store"), Store.open(url) as store:
        store.begin_run("lisbon", "alice", PLAN)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "x.db").write_text("hello" * 1000)
    with pytest.raises(StateError, match="--store"), Store.open(f"sqlite:///{tmp_path / 'x.db'}"):
        pass


def test_the_password_of_a_database_is_not_in_the_error():
    with pytest.raises(StateError) as caught, Store.open("postgresql://me:hunter22@127.0.0.1:1/x"):
        pass
    assert "hunter22" not in str(caught.value)


def test_a_store_of_an_older_layout_is_named_not_used(tmp_path):
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as old:
        old.execute("create table locks (site text primary key, run text, holder text, taken text)")
    old.close()
    with pytest.raises(StateError, match="locks already exists"), Store.open(f"sqlite:///{path}"):
        pass


@pytest.fixture
def direct(url):
    """The database without the store: what somebody with its password does."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def call(statement):
        with engine.connect() as connection:
            connection.execute(text(statement))

    yield call
    engine.dispose()


def test_a_store_from_before_the_migrations_keeps_what_it_holds(url, direct):
    with Store.open(url) as store:
        run = store.begin_run("lisbon", "alice", PLAN)
    for table in ("alembic_version", "intended", "audit", "sightings", "looks", "faults", "latest"):
        direct(f"drop table {table}")
    if url.startswith("postgresql"):
        direct("drop function audit_keeps")
    with Store.open(url) as store:
        assert store.unfinished("lisbon") == (run,)
        store.end_run(run, "done")
        assert [entry.result for entry in store.audit_log()] == ["done"]


def test_a_store_of_a_later_version_is_refused(url, direct):
    with Store.open(url):
        pass
    direct("update alembic_version set version_num = '9999'")
    with pytest.raises(StateError, match=r"later version of punchdown \(tables 9999\)"), Store.open(url):
        pass


def test_the_tables_are_those_that_the_code_speaks_of(url):
    with Store.open(url):
        pass
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_the_audit_log_only_grows(store, direct):
    store.end_run(store.begin_run("lisbon", "alice", PLAN, what="rollback"), "done")
    assert [(entry.who, entry.what, entry.digest, entry.result) for entry in store.audit_log()] == [
        ("alice", "rollback", "d", "begun"), ("alice", "end", "", "done")]
    for statement in ("update audit set who = 'mallory'", "delete from audit"):
        with pytest.raises(DBAPIError, match="only grows"):
            direct(statement)
    assert len(store.audit_log()) == 2


def test_the_run_before(store):
    runs = []
    for number in range(3):
        run = store.begin_run("lisbon", "alice", PLAN, intended={"sw-1": ("intent", f"config {number}")})
        store.write(run, "sw-1", "done" if number != 1 else "rolled-back")
        store.end_run(run, "done")
        runs.append(run)
        time.sleep(0.002)
    assert (store.before(runs[0], "sw-1"), store.before(runs[2], "sw-1")) == ("", runs[0])
    assert (store.changed(runs[1]), store.changed(runs[2])) == ((), ("sw-1",))
    assert store.intended(runs[0]) == {"sw-1": ("intent", "config 0")}
    assert [record.run for record in store.runs()] == runs[::-1]


def test_what_counts_as_current_is_the_last_migration() -> None:
    assert latest() == ScriptDirectory(str(Path(version.__file__).with_name("migrations"))).get_current_head()
