"""What all appliances with a command line of their own share."""

from punchdown.platforms.lines.names import PREFIX, list_name, own_name, vlan_name
from punchdown.platforms.lines.order import misplaced
from punchdown.platforms.lines.platform import CommandLine, at_once, line_by_line
from punchdown.platforms.lines.tables import Facts, Row, Table, look

__all__ = ["PREFIX", "CommandLine", "Facts", "Row", "Table", "at_once", "line_by_line", "list_name", "look",
           "misplaced", "own_name", "vlan_name"]
