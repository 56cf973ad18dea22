"""Reading the tables that a device shows."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from textfsm.parser import TextFSMError

from punchdown.errors import DeviceError
from punchdown.intent import DeviceIntent
from punchdown.platforms.contract import Reader
from punchdown.values import Observation

Row = dict[str, Any]
Facts = dict[str, Any]
Table = tuple[str, Callable[[list[Row], DeviceIntent], Facts]]
"""A command, and what its rows say by the keys of expectations."""


def look(reader: Reader, intent: DeviceIntent, tables: Iterable[Table], rows: Callable[[str, str], list[Row]],
         counted: Callable[[str, list[Row], DeviceIntent], Mapping[str, int]],
         optional: Container[str] = ()) -> Observation:
    """What the tables say and what they count as life. One that can't be read leaves its keys out and says so, unless
    it is ``optional``: not every model has it. ``rows`` reads the output of a command."""
    facts: Facts = {}
    alive: dict[str, int] = {}
    errors = []
    for command, read in tables:
        try:
            found = rows(command, reader.show(command).output.replace("\r", ""))
            facts |= read(found, intent)
            alive |= counted(command, found, intent)
        except (DeviceError, TextFSMError, KeyError, ValueError) as error:
            if command not in optional:
                errors.append(f"{command}: {type(error).__name__}: {error}")
    return Observation(intent.device, facts, tuple(errors), alive)
