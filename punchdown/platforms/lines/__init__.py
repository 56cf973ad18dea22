"""What all appliances with a command line of their own share."""

from punchdown.platforms.lines.order import misplaced
from punchdown.platforms.lines.platform import CommandLine, at_once, line_by_line

__all__ = ["CommandLine", "at_once", "line_by_line", "misplaced"]
