"""Special behaviour of lists of VLANs, ARP lists, SNMP users and port mirrors.

Source: the platform's fact sheet; Catalyst configuration guides, "SPAN".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios import words as w
from punchdown.lab.emulated.cisco_ios.refusals import Rejected
from punchdown.lab.emulated.cisco_ios.store import Block, interface_order
from punchdown.lab.emulated.cisco_ios.words import short_name
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.configure import Configurator

Hook = Callable[["Configurator", Block, Parsed, bool], str]


def _vlan_set(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    """Lists that grow by the line and shrink by its ``no``."""
    held = set(w.vlan_ids(block.value(parsed.key)) or ())
    given = set(w.vlan_ids(parsed.value) or ())
    new = held - (given or held) if negated else held | given
    return ctx.store(block, parsed, negated=not new, text=f"{parsed.key} {w.vlan_text(new)}")


def _arp_filter(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    """A VLAN has one list of ARP senders: another one takes its place."""
    given = set(w.vlan_ids(parsed.value) or ())
    for key, line in list(block.lines.items()) if not negated else ():
        if key.startswith("ip arp inspection filter ") and key != parsed.key:
            left = set(w.vlan_ids(block.value(key)) or ()) - given
            line.text = f"{key} {w.vlan_text(left)}"
            if not left:
                del block.lines[key]
    return _vlan_set(ctx, block, parsed, negated)


def _snmp_user(ctx: Configurator, _block: Block, parsed: Parsed, negated: bool) -> str:
    """Kept outside of the configuration, as the device does."""
    name, group = parsed.words[2], parsed.words[3]
    if negated:
        ctx.snmp_users.pop(name, None)
        return ""
    hashed_by, _, rest = parsed.value.removeprefix("auth ").partition(" priv ")
    authentication = " ".join(hashed_by.split()[:-1])
    ctx.snmp_users[name] = (group, authentication, " ".join(rest.split()[:-1]))
    return ""


def _monitor(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    """Add interfaces to a session, or take them out of it; a session without a word goes as a whole."""
    words = parsed.words
    if len(words) == 3:
        for key in [key for key in block.lines if negated and key.startswith(f"monitor session {words[2]} ")]:
            del block.lines[key]
        return ""
    tail = " ".join(words[6:])
    direction = f" {tail}" if tail and tail != "both" else ""
    key = f"monitor session {words[2]} {words[3]} interface{direction}"
    held, given = _ports(block, key), set(words[5].split(","))
    if not negated:
        other = f"monitor session {words[2]} {'source' if words[3] == 'destination' else 'destination'} interface"
        for name in sorted(given & _ports(block, other)):
            raise Rejected(f"% Interface(s) {short_name(name)} already configured as monitor "
                           f"{other.split()[3]}s in session {words[2]}")
    new = held - given if negated else held | given
    text = f"monitor session {words[2]} {words[3]} interface {_listed(new)}{direction}"
    made = Parsed(parsed.command, tuple(key.split()), len(key.split()))
    return ctx.store(block, made, negated=not new, text=text)


def _ports(block: Block, key: str) -> set[str]:
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
            found |= {_long(match[1]) + f"{match[2]}{each}"
                      for each in range(int(match[3]), int(match[4] or match[3]) + 1)}
    return found


def _long(kind: str) -> str:
    """A short kind in full."""
    return {"Gi": "GigabitEthernet", "Te": "TenGigabitEthernet", "Po": "Port-channel"}.get(kind, kind)


def _listed(names: set[str]) -> str:
    """Short names, neighbours collapsed, as the device lists them."""
    runs: list[tuple[str, int, int]] = []
    for name in sorted(names, key=interface_order):
        match = re.fullmatch(r"(.*?)(\d+)", short_name(name))
        if match and runs and runs[-1][0] == match[1] and runs[-1][2] == int(match[2]) - 1:
            runs[-1] = (match[1], runs[-1][1], int(match[2]))
        elif match:
            runs.append((match[1], int(match[2]), int(match[2])))
    return " , ".join(f"{stem}{first}" + (f" - {last}" if last > first else "") for stem, first, last in runs)


def _source_binding(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    """A sender that is bound to a switch port; shown by its MAC in capitals and the short name of the port."""
    name = parsed.words[-1]
    port = ctx.config.interface(name)
    if not negated and (port is None or port.mode != "config-if" or "switchport" in port.lines):
        raise Rejected("Static IP source binding can only be configured on switch port.")
    words = [*parsed.words[:3], parsed.words[3].upper(), *parsed.words[4:-1], short_name(name)]
    return ctx.store(block, parsed, negated=negated, text=" ".join(words))


FEATURE_HOOKS: dict[str, Hook] = {
    "vlan-set": _vlan_set, "arp-filter": _arp_filter, "snmp-user": _snmp_user, "monitor": _monitor,
    "source-binding": _source_binding,
}
