"""Show commands about what uses the switch: sessions, neighbours, learned addresses, powered ports, error counters.

A port that is off has nothing behind it; one under 802.1X lets nobody in without a session; what lives on the power of
a port is gone without. Source: fact sheet; the outputs that ntc-templates ships; vendor's command reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punchdown.lab.emulated.juniper_junos.store import natural
from punchdown.lab.emulated.spec import Station

if TYPE_CHECKING:
    from punchdown.lab.emulated.juniper_junos.appliance import JunosAppliance


@dataclass(slots=True)
class Supplicant:
    """A row of ``show dot1x interface``."""

    port: str
    mac: str
    user: str
    state: str = "Authenticated"


@dataclass(slots=True)
class Neighbour:
    """A row of ``show lldp neighbors``."""

    port: str
    chassis: str
    remote_port: str
    name: str


def _dark(box: JunosAppliance, port: str) -> bool:
    """Whether a port is off, or feeds something that it gives no power to."""
    root = box.active.root
    off = root.get("interfaces", port, "disable") or root.get("interfaces", port) is None
    starved = any(one.port == port and one.watts for one in box.stations) and not _feeds(box, port)
    return bool(off) or starved


def _feeds(box: JunosAppliance, port: str) -> bool:
    entries = box.active.root.entries("poe", "interface")
    one = entries.get(port, entries.get("all"))
    return one is not None and one.get("disable") is None


def _sessions(box: JunosAppliance) -> dict[str, list[Supplicant]]:
    """The authenticator's ports by their logical names, with who is there."""
    found = {}
    for name in box.active.root.entries("protocols", "dot1x", "authenticator", "interface"):
        port = name.removesuffix(".0")
        logical = name if "." in name or name == "all" else f"{name}.0"
        found[logical] = [] if _dark(box, port) else [one for one in box.sessions if one.port == port]
    return found


def _present(box: JunosAppliance) -> Iterator[tuple[Station, str]]:
    """Stations that are heard, with the name of their VLAN."""
    root = box.active.root
    numbers = {vlan.value("vlan-id"): name for name, vlan in root.entries("vlans").items()}
    guarded = _sessions(box)
    for one in box.stations:
        known = {item.mac.lower() for item in guarded.get(f"{one.port}.0", ()) if item.state == "Authenticated"}
        if _dark(box, one.port) or (f"{one.port}.0" in guarded and one.mac.lower() not in known):
            continue
        member = root.value("switch-options", "voip", "interface", f"{one.port}.0", "vlan") if one.voice else \
            root.value("interfaces", one.port, "unit", "0", "family", "ethernet-switching", "vlan", "members")
        name = numbers.get(member, member)
        if name in root.entries("vlans"):
            yield one, name


def dot1x(box: JunosAppliance) -> str:
    """``show dot1x interface``."""
    rows = ["802.1X Information:\n",
            "Interface     Role           State           MAC address          User\n"]
    for logical, found in _sessions(box).items():
        rows += [f"{logical:<14}{'Authenticator':<15}{one.state:<16}{one.mac:<21}{one.user}\n" for one in found]
        rows += [] if found else [f"{logical:<14}{'Authenticator':<15}{'Connecting':<16}\n"]
    return "".join(rows)


def neighbours(box: JunosAppliance) -> str:
    """``show lldp neighbors``."""
    rows = ["Local Interface    Parent Interface    Chassis Id          Port info          System Name\n"]
    rows += [f"{one.port:<19}{'-':<20}{one.chassis:<20}{one.remote_port:<19}{one.name}\n" for one in box.neighbours
             if not _dark(box, one.port)]
    return "".join(rows)


def table(box: JunosAppliance) -> str:
    """``show ethernet-switching table``."""
    rows = [f"    {name:<20}{one.mac.lower():<20}{'D':<12}{'-':>3}   {one.port}.0\n" for one, name in _present(box)]
    head = ("\nMAC flags (S - static MAC, D - dynamic MAC, L - locally learned, P - Persistent static\n"
            "           SE - statistics enabled, NM - non configured MAC, R - remote PE MAC, O - ovsdb MAC)\n\n\n"
            f"Ethernet switching table : {len(rows)} entries, {len(rows)} learned\nRouting instance : default-switch\n"
            "    Vlan                MAC                 MAC         Age    Logical\n"
            "    name                address             flags              interface\n")
    return head + "".join(rows)


def poe(box: JunosAppliance) -> str:
    """``show poe interface``."""
    rows = ["Interface    Admin       Oper        Max        Priority       Power          Class\n",
            "             status      status      power                     consumption\n"]
    named = box.active.root.entries("poe", "interface")
    ports = [*(name for name in named if name != "all"),
             *({one.port for one in box.stations if one.watts} - set(named) if "all" in named else ())]
    for name in sorted(ports, key=natural):
        watts = sum(one.watts for one in box.stations if one.port == name)
        fed = bool(watts) and not _dark(box, name)
        state, power, kind = ("ON", f"{watts}W", "2") if fed else ("OFF", "0.0W", "not-applicable")
        admin = "Enabled" if _feeds(box, name) else "Disabled"
        rows.append(f" {name:<12}{admin:<12}{state:<12}{'15.4W':<11}{'Low':<15}{power:<15}{kind}\n")
    return "".join(rows)


def statistics(box: JunosAppliance) -> str:
    """``show interfaces statistics``."""
    rows = []
    for name, port in sorted(box.active.root.entries("interfaces").items(), key=lambda item: natural(item[0])):
        wrong = sum(one.errors for one in box.stations if one.port == name)
        rows.append(f"Physical interface: {name}, {'Administratively down' if port.get('disable') else 'Enabled'}, "
                    f"Physical link is {'Up' if box.up(name) else 'Down'}\n  Statistics last cleared: Never\n"
                    f"  Input rate     : 0 bps (0 pps)\n  Output rate    : 0 bps (0 pps)\n"
                    f"  Input errors: {wrong}, Output errors: 0\n  Active alarms  : None\n  Active defects : None\n\n")
    return "".join(rows)


LIFE_TABLES: dict[tuple[str, ...], Callable[[JunosAppliance], str]] = {
    ("show", "dot1x", "interface"): dot1x, ("show", "lldp", "neighbors"): neighbours, ("show", "poe", "interface"): poe,
    ("show", "ethernet-switching", "table"): table, ("show", "interfaces", "statistics"): statistics,
}
