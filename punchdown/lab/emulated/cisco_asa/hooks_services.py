"""Lines with a behaviour of their own: VPNs, and the servers and managers that the device speaks with.

Source: ASA command reference, ``crypto map``, ``tunnel-group``, ``aaa-server``, ``snmp-server``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_asa.catalogue import MODES
from punchdown.lab.emulated.cisco_asa.refusals import Invalid, Rejected
from punchdown.lab.emulated.cisco_asa.store import Block, Line
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_asa.configure import Configurator


def _usual(_box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    """On unless negated, and shown only then."""
    if negated:
        block.lines[parsed.key] = Line(f"no {parsed.text}", MODES["config"].rank[id(parsed.command)])
    else:
        block.lines.pop(parsed.key, None)
    return ""


def _crypto_map(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    """One rank for all lines of a map, so that each of its places is shown in one piece, the interface last."""
    words = parsed.words
    if words[3] == "interface":
        places = [key for key in block.lines if key.startswith(f"crypto map {words[2]} ")]
        if not negated and not places:
            raise Rejected(f"ERROR: crypto map {words[2]} does not exist")
    elif "ipsec-proposal" in words and not negated and (
            f"crypto ipsec ikev2 ipsec-proposal {words[-1]}" not in block.lines):
        raise Rejected(f"ERROR: ipsec-proposal with tag {words[-1]} does not exist")
    answer = box.store(block, parsed, negated=negated)
    ranks = [rank for rank, one in enumerate(MODES["config"].commands) if one.pattern.startswith("crypto map ")]
    for key in sorted((key for key in block.lines if key.startswith("crypto map ")), key=_map_place):
        line = block.lines.pop(key)
        block.lines[key] = Line(line.text, ranks[0])
    incomplete = words[3] != "interface" and not negated and len(
        [key for key in block.lines if key.startswith(f"crypto map {words[2]} {words[3]} ")]) < 3
    return "WARNING: The crypto map entry is incomplete!" if incomplete else answer


def _map_place(key: str) -> tuple[bool, str, int]:
    words = key.split()
    return words[2] == "interface", words[2], int(words[3]) if words[3].isdigit() else 0


def _proposal(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    name = parsed.words[-1]
    if negated and any(line.text.endswith(f" set ikev2 ipsec-proposal {name}") for line in block.lines.values()):
        raise Rejected(f"ERROR: ipsec-proposal {name} is in use")
    return box.store(block, parsed, negated=negated)


def _tunnel_group(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    if f"tunnel-group {parsed.words[1]} type" not in block.lines:
        raise Rejected(f"ERROR: tunnel-group {parsed.words[1]} does not exist. It must be created first")
    return box.store(block, parsed, negated=negated)


def _aaa_server(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    if f"aaa-server {parsed.words[1]}" not in block.lines:
        raise Rejected(f"ERROR: aaa-server group {parsed.words[1]} does not exist")
    if parsed.words[2].strip("()") not in box.config.legs():
        raise Invalid(2 + negated)
    return box.store(block, parsed, negated=negated)


def _snmp_user(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    """Keys are kept as digests of the engine, and shown so."""
    words = list(parsed.words)
    name, group = words[2:4]
    hosts = [line for key, line in block.lines.items() if key.startswith("snmp-server host ")]
    if negated and any(line.text.split()[-1] == name for line in hosts):
        raise Rejected(f"ERROR: user {name} is used by a host")
    if not negated and not any(key.startswith(f"snmp-server group {group} ") for key in block.lines):
        raise Rejected(f"ERROR: group {group} does not exist")
    for place in (7, 11) if not negated else ():
        words[place] = ":".join(re.findall("..", hashlib.sha256(words[place].encode()).hexdigest()[:40]))
    text = " ".join((*words[:5], "engineID 80000009fe", "encrypted", *words[5:]))
    return box.store(block, parsed, negated=negated, text=text)


def _snmp_host(box: Configurator, block: Block, parsed: Parsed, negated: bool, _raw: str) -> str:
    if not negated and not any(key.startswith(f"snmp-server user {parsed.words[-1]} ") for key in block.lines):
        raise Rejected(f"ERROR: user {parsed.words[-1]} does not exist")
    return box.store(block, parsed, negated=negated)


SERVICES: dict[str, Callable[[Configurator, Block, Parsed, bool, str], str]] = {
    "usual": _usual, "crypto-map": _crypto_map, "proposal": _proposal, "tunnel-group": _tunnel_group,
    "aaa-server": _aaa_server, "snmp-user": _snmp_user, "snmp-host": _snmp_host,
}
