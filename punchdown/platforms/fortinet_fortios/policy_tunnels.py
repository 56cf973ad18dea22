"""Site-to-site VPNs as interfaces: what their selectors let in and out.

A tunnel whose far end the definition does not know is kept as unread: who sits behind it, nothing tells. Source: fact
sheet, "Site-to-site IPsec"; vendor's CLI reference, ``config vpn ipsec phase1-interface``, ``phase2-interface``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from punchdown.intent import DeviceIntent
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.policy_objects import UnknownError, network
from punchdown.platforms.fortinet_fortios.tree import ANY4, Node, edit
from punchdown.values.policy import At, Field, LineRef, Match, Place, RoutedInterface, Rule, Table, Verdict

_FIRST, _SECOND = "vpn ipsec phase1-interface", "vpn ipsec phase2-interface"
_NAMED = "by name"
_KEYS = ((17, (500, 4500)), (50, ()))


@dataclass
class Tunnels:
    """Interfaces of the VPNs by name, with the tables that hold their selectors; rules for what ends at the firewall
    itself, and what was not understood."""

    interfaces: dict[str, RoutedInterface] = field(default_factory=dict)
    tables: list[Table] = field(default_factory=list)
    local: list[Rule] = field(default_factory=list)
    unread: list[LineRef] = field(default_factory=list)


def tunnels(root: Node, intent: DeviceIntent) -> Tunnels:
    """All tunnels of a configuration. A known one has the VPN's name as its port."""
    out = Tunnels()
    known = {vpn.peer: vpn.name for vpn in intent.firewall.vpns} if intent.firewall else {}
    wan = intent.firewall.wan if intent.firewall else ""
    for name, node in root.entries(_FIRST).items():
        line = LineRef(DOCUMENT, node.number, edit(name))
        far = node.value("remote-gw")
        if far not in known or node.value("interface") != wan or node.value("type", "static") != "static":
            out.unread.append(line)
            continue
        tables = (f"into {name}", f"out of {name}")
        out.tables += [Table(tables[0], tuple(_selected(root, name, out, outward=True)), Verdict.DROP, line),
                       Table(tables[1], tuple(_selected(root, name, out, outward=False)), Verdict.DROP, line)]
        shut = root.at("config system interface", edit(name)).value("status") == "down"
        out.interfaces[name] = RoutedInterface(name, (), port=known[far], inbound=(tables[1],), outbound=(tables[0],),
                                               closed=shut, line=line)
        out.local += _keys(wan, far, line)
    return out


def _selected(root: Node, tunnel: str, out: Tunnels, *, outward: bool) -> Iterator[Rule]:
    """What one of the tunnel's selectors names."""
    for name, node in root.entries(_SECOND).items():
        if node.value("phase1name") != tunnel:
            continue
        line = LineRef(DOCUMENT, node.number, edit(name))
        plain = [word for word in node.values("proposal") if word.startswith("null")]
        if plain and outward:
            out.unread.append(LineRef(DOCUMENT, node.settings["proposal"].number, f"set proposal {plain[0]}"))
        try:
            here, there = (_side(node, word) for word in ("src", "dst"))
        except UnknownError as error:
            yield Rule((), Verdict.ACCEPT, line, unread=str(error))
            continue
        sides = ((Field.SOURCE, here if outward else there), (Field.DESTINATION, there if outward else here))
        yield Rule((Match(Field.FAMILY, ((0, 0),)), *(Match(item, (found,)) for item, found in sides)), Verdict.ACCEPT,
                   line)


def _side(node: Node, word: str) -> tuple[int, int]:
    """The network of one side. Raises UnknownError for one that is not written down here."""
    odd = [name for name in node.settings if name.startswith(f"{word}-") and name not in {
        f"{word}-subnet", f"{word}-addr-type"}] + [name for name in node.settings if name == "protocol"]
    if odd or node.value(f"{word}-addr-type", "subnet") != "subnet":
        raise UnknownError(" ".join(odd) or _NAMED)
    return network(node.values(f"{word}-subnet", ANY4), 4)


def _keys(wan: str, far: str, line: LineRef) -> Iterator[Rule]:
    """The far end's key exchange and encrypted packets."""
    try:
        end = network((far,), 4)
    except UnknownError:
        return
    for protocol, ports in _KEYS:
        yield Rule((At(Place.IN, (wan,)), Match(Field.FAMILY, ((0, 0),)), Match(Field.SOURCE, (end,)),
                    Match(Field.PROTOCOL, ((protocol, protocol),)),
                    *((Match(Field.DESTINATION_PORT, tuple((port, port) for port in ports)),) if ports else ())),
                   Verdict.ACCEPT, line)
