"""A report as text, JSON, Markdown, JUnit XML, SARIF or one self-contained HTML page.

Pure: no clock, no files, no colours.

Text that comes from a device is data: :func:`printable` makes it visible, never effective, in every format.
"""

from punchdown.report.audit_html import audit_html
from punchdown.report.audit_lines import STATE_STYLES, audit_lines, audit_summary, audit_text, control_lines
from punchdown.report.audit_markdown import audit_markdown
from punchdown.report.html import to_html
from punchdown.report.junit import to_junit
from punchdown.report.lines import Span, Style, device_lines, report_lines, summary, to_text
from punchdown.report.markdown import to_markdown
from punchdown.report.printable import printable
from punchdown.report.proof_html import proof_html
from punchdown.report.proof_lines import claim_lines, proof_lines, proof_summary, proofs_text
from punchdown.report.sarif import to_sarif

__all__ = [
    "STATE_STYLES",
    "Span",
    "Style",
    "audit_html",
    "audit_lines",
    "audit_markdown",
    "audit_summary",
    "audit_text",
    "claim_lines",
    "control_lines",
    "device_lines",
    "printable",
    "proof_html",
    "proof_lines",
    "proof_summary",
    "proofs_text",
    "report_lines",
    "summary",
    "to_html",
    "to_junit",
    "to_markdown",
    "to_sarif",
    "to_text",
]
