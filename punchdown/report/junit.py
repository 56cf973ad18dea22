"""A report as JUnit XML, for the test view of a pipeline: a suite per site, a case per device."""

from __future__ import annotations

from itertools import groupby

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from punchdown.report.lines import device_lines, weight
from punchdown.report.printable import printable
from punchdown.values import DeviceReport, Report

FAILED = frozenset({"different", "unknown"})
ERRORS = frozenset({"failed", "rolled-back"})


def to_junit(report: Report) -> str:
    """The report as XML text. A device that differs or is unknown failed, one that could not be done is an error."""
    document = JUnitXml(f"punchdown {report.kind}")
    if report.warnings:
        suite = _suite(report, report.estate)
        for warning in report.warnings:
            case = TestCase(printable(f"{warning.position}: {warning.title}"), classname=f"punchdown.{report.kind}")
            case.system_out = printable(f"warning: {warning.title} {warning.hint}".rstrip())
            suite.add_testcase(case)
        document.add_testsuite(suite)
    for site, devices in groupby(report.devices, key=lambda device: device.site):
        suite = _suite(report, site or report.estate)
        for device in devices:
            suite.add_testcase(_case(report.kind, device))
        document.add_testsuite(suite)
    return str(document.tostring(), encoding="utf-8") + "\n"  # type: ignore[no-untyped-call]  # untyped upstream


def _suite(report: Report, name: str) -> TestSuite:
    """``timestamp`` is without a zone, as Ant's schema has it."""
    suite = TestSuite(printable(name))
    suite.timestamp = report.generated.removesuffix("Z")
    return suite


def _case(kind: str, device: DeviceReport) -> TestCase:
    where = ".".join(printable(part) for part in ("punchdown", kind, device.site) if part)
    case = TestCase(printable(device.device), classname=where)
    text = "\n".join("".join(span.text for span in line).rstrip() for line in device_lines(device))
    if device.status in ERRORS:
        result = Error(printable(device.error or device.status), device.status)
        result.text = text
        case.result = [result]
    elif device.status in FAILED:
        failure = Failure(f"{weight(device)} findings", device.status)
        failure.text = text
        case.result = [failure]
    elif device.status == "skipped":
        case.result = [Skipped(printable(device.error))]
    return case
