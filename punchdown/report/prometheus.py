"""A report as a text file for Prometheus' node exporter: how many of what, never a text from a device."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from punchdown.report.groups import SEVERITIES, standing
from punchdown.report.lines import STATUS_STYLES
from punchdown.report.printable import printable
from punchdown.values import Report


def to_prometheus(report: Report) -> str:
    """Gauges labelled by estate, verb and site; a site or status without devices counts 0, so that no series
    disappears. The same series in two files of one folder would be refused: a file for each estate and verb."""
    registry = CollectorRegistry()
    whose = printable(report.estate), report.kind
    sites = sorted({row.site for row in report.devices if row.site})
    devices = Gauge("punchdown_devices", "Devices by status; sites for proofs and audits.",
                    ("estate", "verb", "site", "status"), registry=registry)
    findings = Gauge("punchdown_findings", "Findings by severity.", ("estate", "verb", "site", "severity"),
                     registry=registry)
    statuses = Counter((row.site, row.status) for row in report.devices)
    severities = Counter((row.site, item.severity) for row, item in standing(report))
    for site in sites:
        for status in STATUS_STYLES:
            devices.labels(*whose, site, status).set(statuses[site, status])
        for severity in SEVERITIES:
            findings.labels(*whose, site, severity.value).set(severities[site, severity])
    for name, text, count in (
        ("new", "Findings that no earlier look saw.", len(report.new)),
        ("gone", "Findings of the last look that this one saw no more.", len(report.gone)),
        ("ignored", "Findings left alone by rules of the estate.", len(report.ignored)),
        ("warnings", "Warnings about the definition or the look itself.", len(report.warnings)),
        ("exit_code", "What the verb ended with: 0 in order, 1 could not do it, 2 findings.", int(report.exit_code)),
        ("timestamp_seconds", "When the devices were looked at.", datetime.fromisoformat(report.generated).timestamp()),
    ):
        Gauge(f"punchdown_{name}", text, ("estate", "verb"), registry=registry).labels(*whose).set(count)
    return generate_latest(registry).decode()
