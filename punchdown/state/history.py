"""What looks found over time, in the store's own tables: only what changed is written as new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from sqlalchemy import Connection, delete, insert, select, update

from punchdown.state.tables import CONFIRMED, FAULTS, LATEST, LOOKS, RUNS
from punchdown.values import (
    Applied,
    DeviceReport,
    Fault,
    Finding,
    Latest,
    Look,
    News,
    Past,
    Proof,
    Report,
    Severity,
    SiteAudit,
    from_json,
    to_json,
)

LookedAt = Mapping[str, frozenset[str]]
"""Device to the documents of it that a look was at."""
BLIND = frozenset({"failed", "skipped"})
"""Statuses of devices that were not seen: nothing is known to be gone there."""


class History:
    """The tables of looks in an open store; ``begin`` opens a transaction of it."""

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin

    def record(self, report: Report, who: str, looked_at: LookedAt | None = None) -> News:
        """Keep what a look found, in one transaction: faults that are new begin at its time, faults of devices that it
        saw without them end then. A device that could not be reached keeps its faults, and one of which only some
        documents were ``looked_at`` keeps those of the others.

        Raises:
            StateError: the store can't be written.
            sqlalchemy.exc.IntegrityError: another look of the same kind is writing the same at this moment.
        """
        kind, now = report.kind, report.generated
        seen = [row for row in report.devices if row.site]
        details = _details(report)
        with self._begin() as connection:
            connection.execute(insert(LOOKS).values(kind=kind, at=now, who=who, devices=len(seen)))
            news, kept = _turn(connection, kind, now, [row for row in seen if row.status not in BLIND], looked_at)
            _keep_latest(connection, report, [_with(row, kept.get(row.device, ())) for row in seen], details)
        return news

    def past(self, ended_after: str = "") -> Past:
        """All open faults, those that ended after a time (UTC, ISO 8601), and how every device was seen last."""
        with self._begin() as connection:
            looks = connection.execute(select(LOOKS).order_by(LOOKS.c.number)).all()
            faults = connection.execute(
                select(FAULTS).where(FAULTS.c.until.is_(None) | (FAULTS.c.until > ended_after))
                .order_by(FAULTS.c.since, FAULTS.c.number)).all()
            latest = connection.execute(select(LATEST).order_by(LATEST.c.site, LATEST.c.device, LATEST.c.kind)).all()
            applied = connection.execute(
                select(CONFIRMED.c.device, CONFIRMED.c.run, RUNS.c.who, CONFIRMED.c.at)
                .join(RUNS, RUNS.c.run == CONFIRMED.c.run, isouter=True).order_by(CONFIRMED.c.device)).all()
        return Past(
            tuple(Look(row.kind, row.at, row.who, row.devices) for row in looks),
            tuple(_fault(row.kind, row.site, row.device, row.body, row.since, row.until or "") for row in faults),
            tuple(Latest(row.kind, row.site, row.device, row.at, row.status, row.cause,
                         from_json(DeviceReport, row.body)) for row in latest),
            tuple(Applied(row.device, row.run, row.who or "", row.at) for row in applied),
            tuple(from_json(Proof, row.detail) for row in latest if row.kind == "prove" and row.detail),
            tuple(from_json(SiteAudit, row.detail) for row in latest if row.kind == "audit" and row.detail))


def _fault(kind: str, site: str, device: str, body: str, since: str, until: str) -> Fault:
    return Fault(kind, site, device, from_json(Finding, body), since, until)


def _details(report: Report) -> dict[str, str]:
    """Site to its proof or audit as JSON."""
    proofs = report.proofs.proofs if report.proofs is not None else ()
    audits = report.audit.sites if report.audit is not None else ()
    return {**{item.site: to_json(item, indent=None) for item in proofs},
            **{item.site: to_json(_slim(item), indent=None) for item in audits}}


def _slim(audit: SiteAudit) -> SiteAudit:
    """States and reasons without the lines of evidence, which the definition gives again."""
    return replace(audit, results=tuple(replace(item, lines=(), sightings=(), settings=(), readings=())
                                        for item in audit.results))


def _turn(connection: Connection, kind: str, now: str, seen: Iterable[DeviceReport],
          looked_at: LookedAt | None) -> tuple[News, dict[str, list[Finding]]]:
    """Begin and end faults of the devices that were seen. Gives what that changed, and by device what stays though it
    was not found, since nobody looked there."""
    known: dict[str, dict[str, tuple[int, str, str, str]]] = {}
    for row in connection.execute(select(FAULTS).where(FAULTS.c.kind == kind, FAULTS.c.until.is_(None))):
        known.setdefault(row.device, {})[row.finding] = (row.number, row.site, row.since, row.body)
    opened: list[Fault] = []
    gone: list[Fault] = []
    ended: list[int] = []
    kept: dict[str, list[Finding]] = {}
    for device in seen:
        before = known.get(device.device, {})
        found = {item.id: item for item in device.findings}
        for name, finding in found.items():
            if name not in before:
                opened.append(Fault(kind, device.site, device.device, finding, now))
            elif (device.site, body := to_json(finding, indent=None)) != (before[name][1], before[name][3]):
                connection.execute(update(FAULTS).where(FAULTS.c.number == before[name][0])
                                   .values(body=body, site=device.site))
        for name, (number, site, since, body) in before.items():
            if name in found:
                continue
            fault = _fault(kind, site, device.device, body, since, now)
            if looked_at is not None and fault.finding.document not in looked_at[device.device]:
                kept.setdefault(device.device, []).append(fault.finding)
                if site != device.site:
                    connection.execute(update(FAULTS).where(FAULTS.c.number == number).values(site=device.site))
            else:
                gone.append(fault)
                ended.append(number)
    if opened:
        connection.execute(insert(FAULTS), [
            {"kind": kind, "site": item.site, "device": item.device, "finding": item.finding.id, "since": now,
             "until": None, "body": to_json(item.finding, indent=None)} for item in opened])
    for number in ended:
        connection.execute(update(FAULTS).where(FAULTS.c.number == number).values(until=now))
    return News(tuple(opened), tuple(gone)), kept


def _with(row: DeviceReport, kept: Iterable[Finding]) -> DeviceReport:
    """The device with the status that faults which stay give it."""
    severities = {item.severity for item in kept}
    if not severities or row.status == "different":
        return row
    return replace(row, status="unknown" if severities == {Severity.UNKNOWN} else "different")


def _keep_latest(connection: Connection, report: Report, seen: Iterable[DeviceReport],
                 details: Mapping[str, str]) -> None:
    confirmed = {row.device: row.digest for row in connection.execute(select(CONFIRMED.c.device, CONFIRMED.c.digest))}
    for device in seen:
        connection.execute(delete(LATEST).where(LATEST.c.kind == report.kind, LATEST.c.device == device.device))
    rows = [{"kind": report.kind, "device": device.device, "site": device.site, "at": report.generated,
             "status": device.status, "cause": _cause(device, confirmed.get(device.device, "")),
             "body": to_json(_short(device), indent=None), "detail": details.get(device.device, "")}
            for device in seen]
    if rows:
        connection.execute(insert(LATEST), rows)


def _cause(device: DeviceReport, confirmed: str) -> str:
    """Why a device drifts, by what was confirmed on it last."""
    if device.change is None or device.change.empty:
        return ""
    if not confirmed:
        return "never-applied"
    return "not-applied-yet" if device.change.base == confirmed else "changed-outside"


def _short(device: DeviceReport) -> DeviceReport:
    """A device without what is kept elsewhere (its findings) or can be made again (what would be sent)."""
    change = replace(device.change, steps=(), payload={}) if device.change is not None else None
    return replace(device, findings=(), change=change)
