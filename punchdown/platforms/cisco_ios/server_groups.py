"""Groups of RADIUS and TACACS+ servers: they are asked in their order, and the device puts a new one last."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.platforms.cisco_ios.access_list_change import Command
from punchdown.platforms.cisco_ios.normalise import Entry


def is_group(root: str) -> bool:
    """Whether a top-level line opens a group of servers."""
    return root.startswith("aaa group server ")


def is_member(entry: Entry) -> bool:
    """Whether a line of a group names a server."""
    return entry.line.startswith("server name ")


def change_group(path: tuple[str, ...], wanted: Iterable[Entry], present: Iterable[Entry]) -> list[Command]:
    """The commands that bring the servers of a group into their order, and never leave it without one."""
    ours = {entry.line: entry for entry in wanted if is_member(entry)}
    theirs = {entry.line: entry for entry in present if is_member(entry)}
    if list(ours) == list(theirs):
        return []
    names = [*theirs, *(line for line in ours if line not in theirs)]
    kept = list(ours)[:_leading(list(ours), names)]
    why = "authentication servers exist before anybody is checked by them"
    commands = [Command(path, line, why, entry) for line, entry in ours.items() if line not in theirs]
    commands += [Command(path, f"no {line}", "servers are asked in their order", ours.get(line) or theirs[line])
                 for line in names if line not in kept]
    commands += [Command(path, line, "servers are asked in their order", entry) for line, entry in ours.items()
                 if line not in kept]
    return commands


def _leading(wanted: list[str], present: list[str]) -> int:
    """How many of the first wanted ones stand in their order among the present."""
    rest = iter(present)
    return next((count for count, name in enumerate(wanted) if name not in rest), len(wanted))
