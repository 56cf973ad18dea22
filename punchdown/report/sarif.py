"""A report as SARIF 2.1.0 (OASIS), for code scanning: the device's line and the definition's line as locations."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from sarif_pydantic import (
    ArtifactLocation,
    Level,
    Location,
    LogicalLocation,
    Message,
    PhysicalLocation,
    Region,
    ReportingDescriptor,
    Result,
    Run,
    Sarif,
    Tool,
    ToolDriver,
)

from punchdown import __version__
from punchdown.report.groups import standing
from punchdown.report.printable import TITLE, printable
from punchdown.values import DeviceReport, Finding, Position, Report, Severity, finding_id

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.HIGH: Level.ERROR, Severity.MEDIUM: Level.WARNING, Severity.LOW: Level.NOTE,
          Severity.UNKNOWN: Level.WARNING}
FINGERPRINT = "punchdownFinding/v1"


def to_sarif(report: Report) -> str:
    """The report as SARIF text. Same report, same bytes; fingerprints do not depend on the run."""
    told = list(_told(report))
    rules = {rule: ReportingDescriptor(id=rule, name=rule) for rule, _, _ in told}
    driver = ToolDriver(name="punchdown", version=__version__, rules=[rules[rule] for rule in sorted(rules)])
    run = Run(tool=Tool(driver=driver), results=[_result(*item) for item in told])
    sarif = Sarif(schema_uri=SCHEMA, runs=[run])
    text: str = sarif.model_dump_json(by_alias=True, exclude_none=True, indent=2)
    return text + "\n"


def _told(report: Report) -> Iterator[tuple[str, Finding, str]]:
    """Every finding with its rule (the control it concerns, else the kind) and its site; failures as findings."""
    for finding in report.warnings:
        yield _rule(finding), finding, ""
    for device, finding in standing(report):
        yield _rule(finding), finding, device.site
    for device in report.devices:
        if device.error:
            yield f"{report.kind}/{device.status}", _failure(report.kind, device), device.site


def _rule(finding: Finding) -> str:
    return finding.controls[0] if finding.controls else finding.kind


def _failure(kind: str, device: DeviceReport) -> Finding:
    return Finding(finding_id(device.device, kind, device.status), device.device, kind, Severity.HIGH,
                   f"{device.device}: {device.status}", device.error)


def _result(rule: str, finding: Finding, site: str) -> Result:
    said = [finding.title, *([finding.meaning] if finding.meaning not in {"", finding.title} else [])]
    if finding.line:
        said.append(f"device line: {finding.line}")
    if finding.expected:
        said.append(f"expected: {finding.expected}")
    return Result(
        rule_id=rule, level=LEVELS[finding.severity], message=Message(text="\n".join(map(printable, said))),
        locations=[_location(finding, site)], partial_fingerprints={FINGERPRINT: finding.id})


def _location(finding: Finding, site: str) -> Location:
    place = "/".join(part for part in (site, finding.device, finding.document, finding.line) if part)
    logical = LogicalLocation(name=printable(finding.device or "estate"),
                              fully_qualified_name=printable(place or "estate", TITLE), kind="resource")
    return Location(physical_location=_physical(finding.position), logical_locations=[logical])


def _physical(position: Position) -> PhysicalLocation:
    """The line of the definition; code scanning needs some file, so an unknown one is the estate's own."""
    if not position.file:
        return PhysicalLocation(artifact_location=ArtifactLocation(uri="punchdown.yml"))
    return PhysicalLocation(artifact_location=ArtifactLocation(uri=quote(position.file)),
                            region=Region(start_line=max(position.line, 1), start_column=max(position.column, 1)))
