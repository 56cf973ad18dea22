"""Show commands, computed from the active configuration. Source: fact sheet; the outputs that ntc-templates ships."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from punchdown.lab.emulated.juniper_junos.store import Branch, natural
from punchdown.lab.emulated.juniper_junos.tables_life import LIFE_TABLES

if TYPE_CHECKING:
    from punchdown.lab.emulated.juniper_junos.appliance import JunosAppliance


def moment(seconds: float) -> str:
    """A time as the device writes it."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(seconds))


def version(box: JunosAppliance) -> str:
    """``show version``."""
    return (f"fpc0:\n{'-' * 74}\nHostname: {box.hostname}\nModel: {box.spec.model.lower()}\nJunos: {box.spec.version}\n"
            f"JUNOS EX  Software Suite [{box.spec.version}]\n")


def commits(box: JunosAppliance) -> str:
    """``show system commit``: the newest first."""
    rows = []
    for number, entry in enumerate(box.history):
        waits = f" commit confirmed, rollback in {entry.minutes}mins" if entry.minutes else ""
        rows.append(f"{number}   {moment(entry.at)} by {entry.user} via {entry.via}{waits}\n")
        rows += [f"    {entry.comment}\n"] if entry.comment else []
        rows += ["    rollback pending\n"] if number == 0 and box.deadline is not None else []
    return "".join(rows)


def _vlan_numbers(root: Branch) -> dict[str, str]:
    return {name: vlan.value("vlan-id") for name, vlan in root.entries("vlans").items() if vlan.value("vlan-id")}


def _carried(root: Branch) -> Iterator[tuple[str, str, str, str]]:
    """(port, VLAN, number, tagging) of every open switch port."""
    numbers = _vlan_numbers(root)
    names = {number: name for name, number in numbers.items()}
    for name, port in sorted(root.entries("interfaces").items(), key=lambda item: natural(item[0])):
        switching = port.get("unit", "0", "family", "ethernet-switching")
        if switching is None:
            continue
        found = switching.get("vlan", "members")
        trunk = switching.value("interface-mode") == "trunk"
        for member in found.values if found else ["default"]:
            wanted = list(numbers) if member == "all" else [names.get(member, member)]
            for vlan in wanted:
                native = port.value("native-vlan-id") == numbers.get(vlan, "-")
                yield name, vlan, numbers.get(vlan, member), "tagged" if trunk and not native else "untagged"
        voice = root.value("switch-options", "voip", "interface", f"{name}.0", "vlan")
        if voice:
            vlan = names.get(voice, voice)
            yield name, vlan, numbers.get(vlan, voice), "tagged"


def vlans(box: JunosAppliance) -> str:
    """``show vlans``."""
    root = box.active.root
    ports: dict[str, list[str]] = {}
    for port, vlan, _, _ in _carried(root):
        ports.setdefault(vlan, []).append(f"{port}.0{'*' if box.up(port) else ''}")
    rows = [f"\n{'Routing instance':<24}{'VLAN name':<22}{'Tag':<14}Interfaces\n"]
    for name, number in sorted(_vlan_numbers(root).items()):
        rows.append(f"{'default-switch':<24}{name:<21} {number:<14}\n")
        rows += [f"{'':<60}{port}\n" for port in ports.get(name, [])] or ["\n"]
    return "".join(rows)


def switching(box: JunosAppliance) -> str:
    """``show ethernet-switching interface``."""
    rows = ["Logical Interface flags (DL - disable learning, AD - packet action drop,\n",
            "                         LH - MAC limit hit, DN - interface down,\n",
            "                         MMAS - Mac-move action shutdown,  AS - Autostate-exclude enabled,\n",
            "                         SCTL - shutdown by Storm-control, MI - MAC+IP limit hit)\n\n",
            "Logical         Vlan                   TAG   MAC    MAC+IP STP         Logical          Tagging\n",
            "interface       members                      limit  limit  state       interface flags\n"]
    last = ""
    for port, vlan, number, tagging in _carried(box.active.root):
        flags, state = ("", "Forwarding") if box.up(port) else ("DN", "Discarding")
        if port != last:
            rows.append("Routing Instance Name : default-switch\n")
            rows.append(f"{port + '.0':<45}{65536:<7}{0:<19}{flags:<17}{tagging}\n")
            last = port
        rows.append(f"{'':<16}{vlan:<22} {number:<5} {65536:<6} {0:<6} {state:<11} {flags:<16} {tagging}\n")
    return "".join(rows)


def firewall(box: JunosAppliance) -> str:
    """``show firewall``: filters that are bound, with their counters."""
    root = box.active.root
    rows = []
    for family in ("ethernet-switching", "inet"):
        for name, one in root.entries("firewall", "family", family, "filter").items():
            rows.append(f"\nFilter: {name}\n")
            counters = [term.value("then", "count") for term in one.entries("term").values()]
            if any(counters):
                rows.append(f"Counters:\n{'Name':<50}{'Bytes':>12}{'Packets':>12}\n")
                rows += [f"{counter:<50}{0:>12}{0:>12}\n" for counter in dict.fromkeys(counters) if counter]
    return "".join(rows)


def terse(box: JunosAppliance) -> str:
    """``show interfaces terse``."""
    rows = ["Interface               Admin Link Proto    Local                 Remote\n"]
    for name, port in box.active.root.entries("interfaces").items():
        admin, link = "down" if port.get("disable") else "up", "up" if box.up(name) else "down"
        rows.append(f"{name:<24}{admin:<6}{link}\n")
        rows += [f"{name}.{unit:<{23 - len(name)}}{admin:<6}{link}\n" for unit in port.entries("unit")]
    return "".join(rows)


def snmp(box: JunosAppliance) -> str:
    """``show snmp v3``: users, then groups. Source: vendor's command reference of that name."""
    rows = ["Local engine ID: 80 00 0a 4c 01 00 00 00 01\nEngine boots:    1\n\nEngine ID: local\n",
            f"    {'User':<31}{'Auth/Priv':<16}{'Storage':<12}Status\n"]
    root = box.active.root
    for name, user in root.entries("snmp", "v3", "usm", "local-engine", "user").items():
        kinds = {kind: next((word.partition("-")[2] for word in user.below if word.startswith(f"{kind}-")), "none")
                 for kind in ("authentication", "privacy")}
        rows.append(f"    {name:<31}{'/'.join(kinds.values()):<16}{'nonvolatile':<12}active\n")
    rows.append(f"\n{'Group name':<16}{'Security model':<16}{'Security name':<33}{'Storage type':<14}Status\n")
    for name, one in root.entries("snmp", "v3", "vacm", "security-to-group", "security-model", "usm",
                                  "security-name").items():
        rows.append(f"{one.value('group'):<16}{'usm':<16}{name:<33}{'nonvolatile':<14}active\n")
    return "".join(rows)


def bindings(box: JunosAppliance) -> str:
    """``show dhcp-security binding``: the stations that stand in the configuration."""
    rows = [f"{'IP address':<18}{'MAC address':<20}{'Vlan':<16}{'Expires':<8}{'State':<8}Interface\n"]
    for name, vlan in box.active.root.entries("vlans").items():
        for group in vlan.entries("forwarding-options", "dhcp-security", "group").values():
            for port, one in group.entries("interface").items():
                rows += [f"{address:<18}{entry.value('mac').lower():<20}{name:<16}{0:>7} {'STATIC':<8}{port}\n"
                         for address, entry in one.entries("static-ip").items()]
    return "".join(rows)


TABLES: dict[tuple[str, ...], Callable[[JunosAppliance], str]] = {
    ("show", "version"): version, ("show", "system", "commit"): commits, ("show", "vlans"): vlans,
    ("show", "ethernet-switching", "interface"): switching, ("show", "firewall"): firewall,
        ("show", "interfaces", "terse"): terse, ("show", "snmp", "v3"): snmp,
    ("show", "dhcp-security", "binding"): bindings, **LIFE_TABLES,
}
