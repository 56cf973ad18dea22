"""A report as text, JSON or one self-contained HTML page. Pure: no clock, no files, no colours.

Text that comes from a device is data: :func:`printable` makes it visible, never effective, in every format.
"""

from punchdown.report.html import to_html
from punchdown.report.lines import Span, Style, device_lines, report_lines, summary, to_text
from punchdown.report.printable import printable

__all__ = ["Span", "Style", "device_lines", "printable", "report_lines", "summary", "to_html", "to_text"]
