"""What exports show, as findings: what differs, what is to be removed by hand, what nobody can tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from punchdown.values import Finding, GatewaySetting, Provenance, SettingValue, Severity, finding_id
from punchdown.values.reading import FormReading, SettingReading


def form_findings(reading: FormReading) -> tuple[Finding, ...]:
    """The findings of one export, in the order of the form; unknown fields are told once for all records."""
    return (*_different(reading), *_missing(reading), *_extra(reading), *_unknown(reading))


def _finding(reading: FormReading, severity: Severity, title: str, meaning: str, setting: GatewaySetting | None,
             *identity: str) -> Finding:
    origin = setting.provenance if setting else Provenance()
    return Finding(finding_id("form", reading.host, reading.form, *identity), reading.host, "verify", severity, title,
                   meaning, reading.form, controls=origin.controls, position=origin.position, field=origin.field)


def _different(reading: FormReading) -> Iterator[Finding]:
    for item in reading.settings:
        if item.state == "different" and item.setting.field != "entries":
            place = f"{item.record}: " if item.record else ""
            found = _finding(reading, Severity.MEDIUM, f"{reading.title}: {place}{item.setting.label} differs",
                             f"read from {item.file} of {item.day}", item.setting, item.record, item.setting.field)
            yield replace(found, line=item.shown, expected=_spelt(item.setting.value))


def _missing(reading: FormReading) -> Iterator[Finding]:
    for record in reading.missing:
        first = next(item for item in reading.settings if item.record == record)
        yield _finding(reading, Severity.MEDIUM, f"{reading.title}: {record} is not there", "import it, or type it",
                       first.setting, "missing", record)


def _extra(reading: FormReading) -> Iterator[Finding]:
    table = next((item.setting for item in reading.settings if item.setting.field == "entries"), None)
    for record in reading.extra:
        yield _finding(reading, Severity.MEDIUM, f"{reading.title}: {record} is in no definition",
                       "remove it by hand: an import never deletes", table, "extra", record)


def _unknown(reading: FormReading) -> Iterator[Finding]:
    grouped: defaultdict[tuple[str, str], list[SettingReading]] = defaultdict(list)
    for item in reading.settings:
        if item.state == "unknown":
            grouped[item.setting.field, item.why].append(item)
    for (field, why), items in grouped.items():
        records = f" in {len(items)} records" if len(items) > 1 else ""
        yield _finding(reading, Severity.UNKNOWN, f"{reading.title}: {items[0].setting.label}{records} can't be told",
                       why, items[0].setting, "unknown", field, why)


def _spelt(value: SettingValue) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
