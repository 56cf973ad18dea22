"""A report as SARIF 2.1.0 (OASIS), for code scanning: the device's line and the definition's line as locations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from sarif_pydantic import (
    ArtifactLocation,
    Invocation,
    Location,
    LogicalLocation,
    Message,
    PhysicalLocation,
    Region,
    Result,
    Run,
    Sarif,
    Tool,
    ToolDriver,
)
from sarif_pydantic.sarif import RunAutomationDetails

from punchdown import __version__
from punchdown.errors import ExitCode
from punchdown.report.groups import SEVERITIES, standing
from punchdown.report.printable import TITLE, printable
from punchdown.report.sarif_rules import LEVELS, rule_of
from punchdown.values import DeviceReport, Finding, Position, Report, Severity, finding_id

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HEAD = "punchdown.yml"
MOST = 25_000
"""Results that GitHub takes of one run; it shows the worst 5,000 of them."""
FINGERPRINT = "punchdownFinding/v1"
_CODE = re.compile(r"(PD\d{4}): ")


def to_sarif(report: Report, head: str = HEAD) -> str:
    """The report as SARIF text. Same report, same bytes; fingerprints do not depend on the run. ``head`` is the file
    that stands for what has no place of its own: the estate's ``punchdown.yml``, as other files are named. Of more
    than ``MOST`` results the worst are told and the rest is counted (property ``leftOut`` of the run)."""
    told = list(_told(report))
    worst = told if len(told) <= MOST else sorted(told, key=lambda item: SEVERITIES.index(item[1].severity))[:MOST]
    driver = ToolDriver(name="punchdown", version=__version__, semantic_version=__version__,
                        rules=[rule_of(rule) for rule in sorted({rule for rule, _, _ in worst})])
    failed = report.exit_code in {ExitCode.FAILED, ExitCode.INTERRUPTED}
    run = Run(tool=Tool(driver=driver), results=[_result(*item, head) for item in worst],
              invocations=[Invocation(execution_successful=not failed)],
              automation_details=RunAutomationDetails(id=f"punchdown/{report.kind}/"),
              properties={"leftOut": len(told) - len(worst)} if len(told) > len(worst) else None)
    sarif = Sarif(schema_uri=SCHEMA, runs=[run])
    text: str = sarif.model_dump_json(by_alias=True, exclude_none=True, indent=2)
    return text + "\n"


def _told(report: Report) -> Iterator[tuple[str, Finding, str]]:
    """Every finding with its rule (the control or code it concerns, else the kind) and its site; failures as
    findings."""
    for finding in report.warnings:
        yield _rule(finding), finding, ""
    for device, finding in standing(report):
        yield _rule(finding), finding, device.site
    for device in report.devices:
        if device.error:
            yield f"{report.kind}/{device.status}", _failure(report.kind, device), device.site


def _rule(finding: Finding) -> str:
    code = _CODE.match(finding.title)
    return finding.controls[0] if finding.controls else code[1] if code else finding.kind


def _failure(kind: str, device: DeviceReport) -> Finding:
    return Finding(finding_id(device.device, kind, device.status), device.device, kind, Severity.HIGH,
                   f"{device.device}: {device.status}", device.error)


def _result(rule: str, finding: Finding, site: str, head: str) -> Result:
    said = [finding.title, *([finding.meaning] if finding.meaning not in {"", finding.title} else [])]
    if finding.line:
        said.append(f"device line: {finding.line}")
    if finding.expected:
        said.append(f"expected: {finding.expected}")
    return Result(
        rule_id=printable(rule), level=LEVELS[finding.severity], message=Message(text="\n".join(map(printable, said))),
        locations=[_location(finding, site, head)], partial_fingerprints={FINGERPRINT: finding.id})


def _location(finding: Finding, site: str, head: str) -> Location:
    place = "/".join(part for part in (site, finding.device, finding.document, finding.line) if part)
    logical = LogicalLocation(name=printable(finding.device or "estate"),
                              fully_qualified_name=printable(place or "estate", TITLE), kind="resource")
    return Location(physical_location=_physical(finding.position, head), logical_locations=[logical])


def _physical(position: Position, head: str) -> PhysicalLocation:
    """The line of the definition, or the beginning of the estate's own file: code scanning needs a place."""
    file = head if position.file in {"", HEAD} else position.file
    place = (ArtifactLocation(uri=f"file://{quote(file)}") if file.startswith("/") else
             ArtifactLocation(uri=quote(file), uri_base_id="%SRCROOT%"))
    return PhysicalLocation(artifact_location=place, region=Region(start_line=max(position.line, 1),
                                                                   start_column=max(position.column, 1)))
