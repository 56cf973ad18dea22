"""How long a campaign takes: as changes before took, where there were enough, else by a rule of thumb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from punchdown.campaign.waves import Waves
from punchdown.values import Timing

ENOUGH = 3
"""So many changes of a device, or else of its platform, are a measure."""
SESSIONS_SECONDS = 20.0
"""Two logins, four readings of a configuration of 1,000 lines and two of the tables, on an access switch."""
COMMAND_SECONDS = 0.2
"""One line in configuration mode, echo and prompt included."""
RULE = "by a rule of thumb"


def estimated(waves: Waves, commands: Mapping[str, int], platforms: Mapping[str, str],
              timings: Iterable[Timing]) -> tuple[int, str]:
    """About how many seconds the waves take, the slowest device of each, and on what that rests. What comes back
    slowly, phones that authenticate, is in what was measured, and comes on top of the rule of thumb.

    Args:
        commands: how many each device gets.
        platforms: of each device, also of those in ``timings``.

    >>> estimated((("sw-1",), ("sw-2", "sw-3")), {"sw-1": 10, "sw-2": 10, "sw-3": 100}, {}, ())
    (62, 'by a rule of thumb')
    >>> took = Timing("sw-1", 30.0, 10, 5.0)
    >>> estimated((("sw-1",), ("fw-1",)), {"sw-1": 20, "fw-1": 10}, {}, (took, took, took))
    (62, 'partly as 3 changes before took, partly by a rule of thumb')
    """
    numbered = tuple(timings)
    known = _measures(platforms, numbered)
    found = {device: known.get(device) or known.get(f"{platforms.get(device, '')} ", []) for wave in waves
             for device in wave}
    seconds = round(sum(max(_seconds([numbered[number] for number in found[device]], commands[device])
                            for device in wave) for wave in waves))
    count = len({number for numbers in found.values() for number in numbers})
    took = f"as {count} changes before took"
    return seconds, RULE if not count else took if all(found.values()) else f"partly {took}, partly {RULE}"


def _measures(platforms: Mapping[str, str], timings: Sequence[Timing]) -> dict[str, list[int]]:
    """Enough changes by device, and by platform with a space behind it, which no device has; places in ``timings``."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, timing in enumerate(timings):
        found[timing.device].append(number)
        if timing.device in platforms:
            found[f"{platforms[timing.device]} "].append(number)
    return {name: numbers for name, numbers in found.items() if len(numbers) >= ENOUGH}


def _seconds(found: Sequence[Timing], commands: int) -> float:
    if not found:
        return SESSIONS_SECONDS + COMMAND_SECONDS * commands
    each = [item.command_seconds / item.commands for item in found if item.commands]
    return median(item.seconds for item in found) + commands * (median(each) if each else COMMAND_SECONDS)
