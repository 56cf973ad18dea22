"""Port mirrors: sessions that grow and shrink interface by interface. Source: Catalyst configuration guides, "SPAN"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios.refusals import Rejected
from punchdown.lab.emulated.cisco_ios.store import Block, interface_order
from punchdown.lab.emulated.cisco_ios.words import short_name
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.configure import Configurator


def monitor(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    """Add interfaces to a session, or take them out of it; a session without a word goes as a whole."""
    words = parsed.words
    if len(words) == 3:
        for key in [key for key in block.lines if negated and key.startswith(f"monitor session {words[2]} ")]:
            del block.lines[key]
        return ""
    tail = " ".join(words[6:])
    direction = f" {tail}" if tail and tail != "both" else ""
    key = f"monitor session {words[2]} {words[3]} interface{direction}"
    held, given = ports(block, key), set(words[5].split(","))
    if not negated:
        other = f"monitor session {words[2]} {'source' if words[3] == 'destination' else 'destination'} interface"
        for name in sorted(given & ports(block, other)):
            raise Rejected(f"% Interface(s) {short_name(name)} already configured as monitor "
                           f"{other.split()[3]}s in session {words[2]}")
    new = held - given if negated else held | given
    text = f"monitor session {words[2]} {words[3]} interface {listed(new)}{direction}"
    made = Parsed(parsed.command, tuple(key.split()), len(key.split()))
    return ctx.store(block, made, negated=not new, text=text)


def ports(block: Block, key: str) -> set[str]:
    """The long names on one line of a session, however far it was collapsed."""
    line = block.lines.get(key)
    if line is None:
        return set()
    tail = key.split(" interface")[1]
    text = line.text.split(" interface ")[1]
    found: set[str] = set()
    for part in text.removesuffix(tail).split(","):
        match = re.fullmatch(r"([A-Za-z-]+)([\d/]*?)(\d+)(?: - (\d+))?", part.strip())
        if match:
            found |= {long(match[1]) + f"{match[2]}{each}"
                      for each in range(int(match[3]), int(match[4] or match[3]) + 1)}
    return found


def long(kind: str) -> str:
    """A short kind in full."""
    return {"Gi": "GigabitEthernet", "Te": "TenGigabitEthernet", "Po": "Port-channel"}.get(kind, kind)


def listed(names: set[str]) -> str:
    """Short names, neighbours collapsed, as the device lists them."""
    runs: list[tuple[str, int, int]] = []
    for name in sorted(names, key=interface_order):
        match = re.fullmatch(r"(.*?)(\d+)", short_name(name))
        if match and runs and runs[-1][0] == match[1] and runs[-1][2] == int(match[2]) - 1:
            runs[-1] = (match[1], runs[-1][1], int(match[2]))
        elif match:
            runs.append((match[1], int(match[2]), int(match[2])))
    return " , ".join(f"{stem}{first}" + (f" - {last}" if last > first else "") for stem, first, last in runs)
