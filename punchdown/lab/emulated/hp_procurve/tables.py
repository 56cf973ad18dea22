"""Show commands, computed from state and formatted so that the published parser templates read them.

Source: the templates' own samples of outputs; for ``show access-list`` the HP Access Security Guide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.hp_procurve.grammar import Command as Cmd
from punchdown.lab.emulated.hp_procurve.tables_life import LIFE_COMMANDS, LIFE_TABLES
from punchdown.lab.emulated.hp_procurve.words import port_order

if TYPE_CHECKING:
    from punchdown.lab.emulated.hp_procurve.appliance import ProcurveAppliance

SHOW_COMMANDS = tuple(Cmd(f"show {text}", name) for text, name in (
    ("running-config", "running"), ("config", "startup"), ("config status", "status"), ("vlans", "vlans"),
    ("interfaces brief", "brief"), ("access-list", "lists"),
    ("version", "version"), ("reload (at|after)", "reload"), ("port-security", "security"),
    ("snmpv3 user", "users"), *LIFE_COMMANDS,
))


def _running(box: ProcurveAppliance) -> str:
    return f"\nRunning configuration:\n\n{box.running_config()}\n"


def _startup(box: ProcurveAppliance) -> str:
    return f"\nStartup configuration: 1\n\n{box.shown_startup()}\n"


def _status(box: ProcurveAppliance) -> str:
    if box.saved:
        return "\n Running configuration is same as the startup configuration.\n\n"
    return "\n Running configuration has been changed and needs to be saved.\n\n"


def _vlans(box: ProcurveAppliance) -> str:
    rows = []
    for number, lines in sorted(box.config.vlans.items()):
        name = lines["name"].split(" ", 1)[1].strip('"')
        rows.append(f"  {number:<7} {name:<32} | Port-based {'Yes' if 'voice' in lines else 'No':<5} "
                    f"{'Yes' if 'jumbo' in lines else 'No'}")
    return "\n".join(["", " Status and Counters - VLAN Information", "",
                      "  Maximum VLANs to support : 256", "  Primary VLAN : DEFAULT_VLAN", "  Management VLAN :", "",
                      "  VLAN ID Name                             | Status     Voice Jumbo",
                      "  ------- -------------------------------- + ---------- ----- -----", *rows, "", ""])


def _brief(box: ProcurveAppliance) -> str:
    rows = []
    for name in sorted(box.config.ports, key=port_order):
        enabled = "disable" not in box.config.ports[name].settings
        up = enabled and any(station.port == name for station in box.stations)
        rows.append(f"  {name:<6} 100/1000T  | No        {'Yes' if enabled else 'No':<7} {'Up' if up else 'Down':<6} "
                    f"1000FDx    MDIX off  0")
    return "\n".join(["", " Status and Counters - Port Status", "",
                      "                    | Intrusion                           MDI  Flow Bcast",
                      "  Port   Type       | Alert     Enabled Status Mode       Mode Ctrl Limit",
                      "  ------ ---------- + --------- ------- ------ ---------- ---- ---- ------", *rows, "", ""])


def _lists(box: ProcurveAppliance) -> str:
    kinds = {"ip access-list extended": "ext", "ip access-list standard": "std", "ipv6 access-list": "IPv6"}
    rows = []
    for header in sorted(box.config.lists):
        kind, _, name = header.rpartition(" ")
        if kind in kinds:
            used = any(f"access-group {name} " in line for port in box.config.ports.values()
                       for line in port.settings.values())
            rows.append(f"  {kinds[kind]:<5} {'yes' if used else 'no':<4} {name.strip(chr(34))}")
    return "\n".join(["", " Access Control Lists", "", "  Type  Appl Name",
                      f"  ----- ---- {'-' * 64}", *rows, "", ""])


def _version(box: ProcurveAppliance) -> str:
    return (f"\nImage stamp:    /ws/swbuildm/rel/code/build/lvm(swbuildm_rel)\n                Jan  1 2020 00:00:00\n"
            f"                {box.spec.version}\n                1\nBoot Image:     Primary\n\n")


def _reload(box: ProcurveAppliance) -> str:
    if box.reload_at is None:
        return "\n reload is not scheduled\n\n"
    left = max(0, int(box.reload_at - box.clock.now()))
    return f"\n reload scheduled in {left // 60} minutes, {left % 60} seconds\n\n"


def _security(box: ProcurveAppliance) -> str:
    rows = []
    for name in sorted(box.config.ports, key=port_order):
        words = box.config.ports[name].lines.get("port-security {}", "port-security {} learn-mode continuous").split()
        action = {"send-alarm": "Send Alarm", "send-disable": "Send Alarm, Disable Port"}.get(words[-1], "None")
        rows.append(f"  {name:<6} {words[3].capitalize():<19} | {action:<24} Enabled")
    head = "  Port   Learn Mode          | Action                   Eavesdrop Prevention"
    line = f"  ------ {'-' * 19} + {'-' * 24} --------------------"
    return "\n".join(["", " Port Security", "", head, line, *rows, "", ""])


def _users(box: ProcurveAppliance) -> str:
    names = {"md5": "MD5", "sha": "SHA", "aes": "CFB AES-128", "des": "CBC-DES"}
    rows = []
    for key, line in sorted(box.config.lines.items()):
        if key.startswith("snmpv3 user "):
            words = line.split(" ")
            kinds = [names[words[words.index(kind) + 1]] if kind in words else "None" for kind in ("auth", "priv")]
            name = words[2].strip('"')
            rows.append(f"  {name:<32} {kinds[0]:<16} {kinds[1]}")
    return "\n".join(["", " Status and Counters - SNMPv3 Global Configuration Information", "",
                      "  User Name                        Auth. Protocol   Privacy Protocol",
                      f"  {'-' * 32} {'-' * 16} {'-' * 16}", *rows, "", ""])


TABLES: dict[str, Callable[[ProcurveAppliance], str]] = {
    "running": _running, "startup": _startup, "status": _status, "vlans": _vlans, "brief": _brief, "lists": _lists,
    **LIFE_TABLES, "version": _version, "reload": _reload, "security": _security,
    "users": _users,
}
