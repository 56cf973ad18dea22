"""Tables of the state store. Times are UTC, ISO 8601 with seconds; no column ever holds a secret."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text, text

METADATA = MetaData()

RUNS = Table(
    "runs", METADATA, Column("run", String(40), primary_key=True), Column("site", String(64), nullable=False),
    Column("who", String(128), nullable=False), Column("plan", Text, nullable=False),
    Column("started", String(32), nullable=False), Column("ended", String(32)), Column("result", String(32)))
JOURNAL = Table(
    "journal", METADATA, Column("number", Integer, primary_key=True, autoincrement=True),
    Column("run", String(40), nullable=False, index=True), Column("device", String(64), nullable=False),
    Column("step", String(32), nullable=False), Column("at", String(32), nullable=False), Column("detail", Text))
LOCKS = Table(
    "locks", METADATA, Column("site", String(64), primary_key=True), Column("run", String(40), nullable=False),
    Column("holder", String(200), nullable=False), Column("machine", String(128), nullable=False),
    Column("process", Integer, nullable=False), Column("taken", String(32), nullable=False),
    Column("expires", String(32), nullable=False))
CONFIRMED = Table(
    "confirmed", METADATA, Column("device", String(64), primary_key=True), Column("digest", String(64), nullable=False),
    Column("run", String(40), nullable=False), Column("at", String(32), nullable=False))
SIGHTINGS = Table(
    "sightings", METADATA, Column("device", String(64), primary_key=True), Column("key", String(200), primary_key=True),
    Column("title", Text, nullable=False), Column("value", Text, nullable=False), Column("holds", Boolean),
    Column("at", String(32), nullable=False))
INTENDED = Table(
    "intended", METADATA, Column("run", String(40), primary_key=True), Column("device", String(64), primary_key=True),
    Column("intent", Text, nullable=False), Column("config", Text, nullable=False))
AUDIT = Table(
    "audit", METADATA, Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", String(32), nullable=False), Column("who", String(128), nullable=False),
    Column("what", String(32), nullable=False), Column("site", String(64), nullable=False),
    Column("run", String(40), nullable=False), Column("digest", String(64), nullable=False),
    Column("result", Text, nullable=False))
LOOKS = Table(
    "looks", METADATA, Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False), Column("at", String(32), nullable=False),
    Column("who", String(128), nullable=False), Column("devices", Integer, nullable=False))
FAULTS = Table(
    "faults", METADATA, Column("number", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False), Column("site", String(64), nullable=False),
    Column("device", String(64), nullable=False), Column("finding", String(40), nullable=False),
    Column("since", String(32), nullable=False), Column("until", String(32)), Column("body", Text, nullable=False))
_OPEN = text("until IS NULL")
Index("faults_until", FAULTS.c.until)
Index("faults_open", FAULTS.c.kind, FAULTS.c.device, FAULTS.c.finding, unique=True, sqlite_where=_OPEN,
      postgresql_where=_OPEN)
LATEST = Table(
    "latest", METADATA, Column("kind", String(16), primary_key=True), Column("device", String(64), primary_key=True),
    Column("site", String(64), nullable=False), Column("at", String(32), nullable=False),
    Column("status", String(16), nullable=False), Column("cause", String(16), nullable=False),
    Column("body", Text, nullable=False), Column("detail", Text, nullable=False))
