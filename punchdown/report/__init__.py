"""A report as text, JSON, Markdown, JUnit XML, SARIF or one self-contained HTML page.

Pure: no clock, no files, no colours.

Text that comes from a device is data: :func:`printable` makes it visible, never effective, in every format.

SARIF and metrics are loaded when they are first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from punchdown.report.audit_html import audit_html
from punchdown.report.audit_lines import STATE_STYLES, audit_lines, audit_summary, audit_text, control_lines
from punchdown.report.audit_markdown import audit_markdown
from punchdown.report.groups import NEVER, SEVERITIES, Group, device_fails, exit_code, report_groups
from punchdown.report.html import to_html
from punchdown.report.ignoring import leave
from punchdown.report.junit import to_junit
from punchdown.report.lines import device_lines, report_lines, summary, to_text
from punchdown.report.markdown import to_markdown
from punchdown.report.printable import printable
from punchdown.report.proof_html import proof_html
from punchdown.report.proof_lines import claim_lines, proof_lines, proof_summary, proofs_text
from punchdown.report.spans import Span, Style
from punchdown.report.way_lines import breach_text
from punchdown.report.whole import audit_report, proofs_report

if TYPE_CHECKING:
    from punchdown.report.prometheus import to_prometheus
    from punchdown.report.sarif import to_sarif

_LATER = {"to_prometheus": "prometheus", "to_sarif": "sarif"}
"""Name to the module that has it."""

__all__ = [
    "NEVER",
    "SEVERITIES",
    "STATE_STYLES",
    "Group",
    "Span",
    "Style",
    "audit_html",
    "audit_lines",
    "audit_markdown",
    "audit_report",
    "audit_summary",
    "audit_text",
    "breach_text",
    "claim_lines",
    "control_lines",
    "device_fails",
    "device_lines",
    "exit_code",
    "leave",
    "printable",
    "proof_html",
    "proof_lines",
    "proof_summary",
    "proofs_report",
    "proofs_text",
    "report_groups",
    "report_lines",
    "summary",
    "to_html",
    "to_junit",
    "to_markdown",
    "to_prometheus",
    "to_sarif",
    "to_text",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = value
    return value
