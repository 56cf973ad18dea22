"""Show commands about what uses the switch: neighbours, sessions, learned addresses, powered ports, error counters.

A port that is off has nothing behind it; one that authenticates lets nobody in without a session; what lives on the
power of a port is gone without. Source: the published templates' own samples of outputs; HP Access Security Guide and
Management and Configuration Guide for sessions and power.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from punchdown.lab.emulated.hp_procurve.words import port_order

if TYPE_CHECKING:
    from punchdown.lab.emulated.hp_procurve.appliance import ProcurveAppliance

LIFE_COMMANDS = (("lldp info remote-device", "neighbours"), ("lldp info remote-device detail", "details"),
                 ("mac-address", "macs"), ("port-access clients", "clients"), ("power-over-ethernet brief", "power"),
                 ("interfaces", "counters"))


@dataclass(slots=True)
class Neighbour:
    """A row of ``show lldp info remote-device``; ``phone``: it says that it is a telephone (LLDP-MED class 3)."""

    port: str
    chassis: str
    remote_port: str
    name: str
    phone: bool = False


@dataclass(slots=True)
class Station:
    """A learned address; its VLAN is that of untagged frames unless it is said. ``user`` is who it has authenticated
    as; ``watts``: it is powered by the port; ``errors``: damaged frames received from it so far."""

    port: str
    mac: str
    vlan: int = 0
    user: str = ""
    watts: float = 0.0
    errors: int = 0


def _dark(box: ProcurveAppliance, name: str) -> bool:
    """Whether a port is off, or feeds something that it gives no power to."""
    port = box.config.ports.get(name)
    if port is None or "disable" in port.settings:
        return True
    return "power-over-ethernet" in port.settings and any(one.port == name and one.watts for one in box.stations)


def _authenticates(box: ProcurveAppliance, name: str) -> bool:
    lines = box.config.ports[name].lines
    active = "aaa port-access authenticator active" in box.config.lines
    return "aaa port-access mac-based {}" in lines or (active and "aaa port-access authenticator {}" in lines)


def _present(box: ProcurveAppliance) -> Iterator[tuple[Station, int]]:
    """Stations that are heard, with their VLAN."""
    for one in box.stations:
        if _dark(box, one.port) or (_authenticates(box, one.port) and not one.user):
            continue
        port = box.config.ports[one.port]
        if not one.vlan or one.vlan == port.untagged or one.vlan in port.tagged:
            yield one, one.vlan or port.untagged


def _halves(mac: str) -> str:
    plain = mac.replace(":", "").lower()
    return f"{plain[:6]}-{plain[6:]}"


def _neighbours(box: ProcurveAppliance) -> str:
    rows = [f"  {item.port:<9} | {item.chassis:<25} {item.remote_port:<18} {item.name}" for item in box.neighbours
            if not _dark(box, item.port)]
    return "\n".join(["", " LLDP Remote Devices Information", "",
                      "  LocalPort | ChassisId                 PortId             PortDescr SysName",
                      "  --------- + ------------------------- ------------------ --------- ------------------",
                      *rows, "", ""])


def _details(box: ProcurveAppliance) -> str:
    rows = []
    for item in box.neighbours:
        if not _dark(box, item.port):
            kinds = "bridge, telephone" if item.phone else "bridge"
            rows += [f"  Local Port   : {item.port}", "  ChassisType  : mac-address",
                     f"  ChassisId    : {item.chassis}", "  PortType     : mac-address",
                     f"  PortId       : {item.remote_port}", f"  SysName      : {item.name}", "  System Descr :",
                     "  PortDescr    :", "  Pvid         :", "",
                     f"  System Capabilities Supported  : {kinds}", f"  System Capabilities Enabled    : {kinds}", "",
                     "  Remote Management Address", "",
                     *(("  MED Information Detail", "    EndpointClass          :Class3", "") if item.phone else ()),
                     "-" * 78]
    return "\n".join(["", " LLDP Remote Device Information Detail", "", *rows, ""])


def _macs(box: ProcurveAppliance) -> str:
    rows = [f"  {_halves(item.mac)} {item.port:<5} {vlan}" for item, vlan in _present(box)]
    return "\n".join(["", " Status and Counters - Port Address Table", "", "  MAC Address   Port  VLAN",
                      "  ------------- ----- ----", *rows, "", ""])


def _clients(box: ProcurveAppliance) -> str:
    rows = [f"  {item.port:<5} {item.user:<13} {_halves(item.mac):<17} n/a             {'':<17} 8021X {vlan}"
            for item, vlan in _present(box) if _authenticates(box, item.port)]
    return "\n".join(["", " Port Access Client Status", "",
                      "  Port  Client Name   MAC Address       IP Address      User Role         Type  VLAN",
                      "  ----- ------------- ----------------- --------------- ----------------- ----- -------",
                      *rows, "", ""])


def _power(box: ProcurveAppliance) -> str:
    rows = []
    for name in sorted(box.config.ports, key=port_order):
        off = "power-over-ethernet" in box.config.ports[name].settings
        watts = sum(item.watts for item in box.stations if item.port == name)
        fed = bool(watts) and not _dark(box, name)
        enabled, idle = ("No", "Disabled") if off else ("Yes", "Searching")
        actual, status, kind = (f"{watts} W", "Delivering", 2) if fed else ("0.0 W", idle, 0)
        rows.append(f"  {name:<6} {enabled:<6} low      usage 17 W   {actual:<19}{status:<11} {kind:<5} off")
    return "\n".join(["", " Status and Counters - Port Power Status", "",
                      "  Available: 370 W  Used: 9 W  Remaining: 361 W", "",
                      "  PoE    Power  Power    Alloc Alloc  Actual Configured  Detection   Power Pre-std",
                      "  Port   Enable Priority By    Power  Power  Type        Status      Class Detect",
                      "  ------ ------ -------- ----- ------ ------ ----------- ----------- ----- -------",
                      *rows, "", ""])


def _counters(box: ProcurveAppliance) -> str:
    rows = []
    for name in sorted(box.config.ports, key=port_order):
        wrong = sum(item.errors for item in box.stations if item.port == name)
        rows.append(f"  {name:<12} {0:<14} {0:<14} {wrong:<9} {0:<9} off  0")
    return "\n".join([" Status and Counters - Port Counters", "",
                      "                                                                 Flow Bcast",
                      "  Port         Total Bytes    Total Frames   Errors Rx Drops Tx  Ctrl Limit",
                      "  ------------ -------------- -------------- --------- --------- ---- -----", *rows, "", ""])


LIFE_TABLES: dict[str, Callable[[ProcurveAppliance], str]] = {
    "neighbours": _neighbours, "details": _details, "macs": _macs, "clients": _clients, "power": _power,
    "counters": _counters,
}
