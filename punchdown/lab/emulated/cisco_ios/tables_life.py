"""Show commands about what uses the switch: learned addresses, powered ports, error counters.

Source: the published parser templates, and for the error counters the command reference of the Catalyst 9300.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios.words import short_name
from punchdown.lab.emulated.grammar import Command as Cmd
from punchdown.lab.emulated.grammar import Parsed
from punchdown.lab.emulated.spec import Station

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.appliance import IosAppliance

LIFE_COMMANDS = (
    Cmd("show mac address-table", hook="mac-table"),
    Cmd("show power inline", hook="power"),
    Cmd("show interfaces counters errors", hook="errors"),
)


def _present(box: IosAppliance) -> Iterator[tuple[Station, int]]:
    """Stations behind ports that are up and in a VLAN that exists, with the VLAN."""
    for station in box.stations:
        block = box.config.interface(station.port)
        if block is None or "shutdown" in block.lines:
            continue
        vlan = int(block.value("switchport voice vlan" if station.voice else "switchport access vlan", "1"))
        if vlan == 1 or vlan in box.config.vlans:
            yield station, vlan


def _mac_table(box: IosAppliance, _parsed: Parsed) -> str:
    rows = [f"{vlan:>4}    {station.mac:<17} DYNAMIC     {short_name(station.port)}" for station, vlan in _present(box)]
    return "\n".join(["          Mac Address Table", "-" * 43, "", "Vlan    Mac Address       Type        Ports",
                      "----    -----------       --------    -----",
                      " All    0100.0ccc.cccc    STATIC      CPU", *rows,
                      f"Total Mac Addresses for this criterion: {len(rows) + 1}", ""])


def _power(box: IosAppliance, _parsed: Parsed) -> str:
    lines = ["Module   Available     Used     Remaining", "          (Watts)     (Watts)    (Watts) ",
             "------   ---------   --------   ---------",
             "1           437.0       20.0       417.0",
             "Interface Admin  Oper       Power   Device              Class Max",
             "                            (Watts)                            ",
             "--------- ------ ---------- ------- ------------------- ----- ----"]
    watts = {station.port: station.watts for station in box.stations if station.watts}
    for block in box.config.interfaces():
        if not block.name.startswith("GigabitEthernet1/"):
            continue
        admin = block.value("power inline", "auto").split()[0]
        on = block.name in watts and admin != "never" and "shutdown" not in block.lines
        oper, power, device, kind = ("on", watts[block.name], "Ieee PD", "2") if on else ("off", 0.0, "n/a", "n/a")
        lines.append(f"{short_name(block.name):<9} {admin:<6} {oper:<10} {power:<7.1f} {device:<19} {kind:<5} 30.0")
    return "\n".join(lines) + "\n"


def _errors(box: IosAppliance, _parsed: Parsed) -> str:
    counted = {station.port: station.errors for station in box.stations}
    lines = ["", "Port        Align-Err     FCS-Err    Xmit-Err     Rcv-Err  UnderSize  OutDiscards"]
    for block in box.config.interfaces():
        if block.name.startswith("GigabitEthernet1/"):
            wrong = counted.get(block.name, 0)
            lines.append(f"{short_name(block.name):<10}{0:>11}{wrong:>12}{0:>12}{wrong:>12}{0:>11}{0:>13}")
    return "\n".join(lines) + "\n"


LIFE_TABLES: dict[str, Callable[[IosAppliance, Parsed], str]] = {
    "mac-table": _mac_table, "power": _power, "errors": _errors,
}
