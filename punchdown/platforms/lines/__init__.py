"""What all appliances with a command line of their own share."""

from punchdown.platforms.lines.order import misplaced

__all__ = ["misplaced"]
