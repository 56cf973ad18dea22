"""Show commands of what a site may ask for beyond the usual.

Source: Catalyst command references, "show ip arp inspection", "show snmp user", "show monitor", "show aaa servers",
"show tacacs", "show ip verify source".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios import words as w
from punchdown.lab.emulated.grammar import Command as Cmd
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.appliance import IosAppliance

FEATURE_COMMANDS = (
    Cmd("show ip arp inspection [vlan <vlans>]", hook="arp-inspection"),
    Cmd("show snmp user", hook="snmp-user"),
    Cmd("show monitor [session all]", hook="monitor"),
    Cmd("show ip verify source", hook="verify-source"),
    Cmd("show aaa servers", hook="aaa-servers"),
    Cmd("show tacacs", hook="tacacs"),
)


def _arp_inspection(box: IosAppliance, parsed: Parsed) -> str:
    root = box.config.root
    asked = w.vlan_ids(parsed.words[-1]) if parsed.words[-2] == "vlan" else None
    inspected = w.vlan_ids(root.value("ip arp inspection vlan")) or ()
    lists = {vlan: key.split()[-2] for key in root.lines if key.startswith("ip arp inspection filter ")
             for vlan in w.vlan_ids(root.value(key)) or ()}
    checks = root.value("ip arp inspection validate").split()
    lines = [f"{title:<27}: {'Enabled' if word in checks else 'Disabled'}" for title, word in (
        ("Source Mac Validation", "src-mac"), ("Destination Mac Validation", "dst-mac"),
        ("IP Address Validation", "ip"))]
    rows = inspected if asked is None else asked
    lines += ["", " Vlan     Configuration    Operation   ACL Match          Static ACL",
              " ----     -------------    ---------   ---------          ----------"]
    for vlan in rows:
        here = vlan in inspected
        there = vlan in box.config.vlans or vlan == 1
        lines.append(f" {vlan:>4}     {'Enabled' if here else 'Disabled':<13}    "
                     f"{'Active' if here and there else 'Inactive':<9}   {lists.get(vlan, ''):<18} "
                     f"{'No' if vlan in lists else ''}".rstrip())
    lines += ["", " Vlan     ACL Logging      DHCP Logging      Probe Logging",
              " ----     -----------      ------------      -------------"]
    lines += [f" {vlan:>4}     Deny             Deny              Off" for vlan in rows]
    return "\n".join(lines) + "\n"


def _snmp_user(box: IosAppliance, _parsed: Parsed) -> str:
    engine = f"800000090300{box.spec.hostname.encode().hex():0<12.12}".upper()
    return "".join(f"\nUser name: {name}\nEngine ID: {engine}\nstorage-type: nonvolatile\t active\n"
                   f"Authentication Protocol: {authentication.replace('-2 ', '').upper()}\n"
                   f"Privacy Protocol: {privacy.replace(' ', '').upper() or 'None'}\nGroup-name: {group}\n"
                   for name, (group, authentication, privacy) in box.snmp_users.items())


def _monitor(box: IosAppliance, _parsed: Parsed) -> str:
    root = box.config.root
    sessions = sorted({int(key.split()[2]) for key in root.lines if key.startswith("monitor session ")})
    lines = [] if sessions else ["No SPAN configuration is present in the system."]
    for number in sessions:
        sources = root.value(f"monitor session {number} source interface").replace(" - ", "-").replace(" , ", ",")
        target = root.value(f"monitor session {number} destination interface").replace(" - ", "-").replace(" , ", ",")
        lines += [f"Session {number}", "---------", "Type                     : Local Session"]
        lines += ["Source Ports             :", f"    Both                 : {sources}"] if sources else []
        lines += [f"Destination Ports        : {target}", "    Encapsulation        : Native",
                  "          Ingress        : Disabled"] if target else []
        lines += ["", ""]
    return "\n".join(lines) + "\n"


def _verify_source(box: IosAppliance, _parsed: Parsed) -> str:
    root = box.config.root
    snooped = set(w.vlan_ids(root.value("ip dhcp snooping vlan")) or ()) if "ip dhcp snooping" in root.lines else set()
    bound = [line.text.split() for key, line in root.lines.items() if key.startswith("ip source binding ")]
    lines = ["Interface  Filter-type  Filter-mode  IP-address       Mac-address        Vlan",
             "---------  -----------  -----------  ---------------  -----------------  ----"]
    for block in box.config.interfaces():
        if "ip verify source" not in block.lines:
            continue
        vlans = [int(block.value(f"switchport {kind} vlan", "0")) for kind in ("access", "voice")]
        here = [vlan for vlan in vlans if vlan in snooped]
        name = w.short_name(block.name)
        if "ip dhcp snooping trust" in block.lines or not here:
            why = "trust-port" if "ip dhcp snooping trust" in block.lines else "no-snooping-vlan"
            lines.append(f"{name:<10} ip           inactive-{why}")
        for vlan in here if "ip dhcp snooping trust" not in block.lines else ():
            senders = [words[6] for words in bound if words[8] == name and words[5] == str(vlan)] or ["deny-all"]
            lines += [f"{name:<10} ip           active       {sender:<35} {vlan}" for sender in senders]
    return "\n".join(lines) + "\n"


def _servers(box: IosAppliance, kind: str) -> list[tuple[str, dict[str, str]]]:
    """Name and settings of the servers that have an address."""
    found = [(key.split()[-1], line.block) for key, line in box.config.root.lines.items()
             if key.startswith(f"{kind} server ") and line.block]
    return [(name, dict(zip(("address", *words[1::2]), words[::2], strict=True))) for name, block in found
            if (words := block.value("address ipv4").split())]


def _aaa_servers(box: IosAppliance, _parsed: Parsed) -> str:
    lines: list[str] = []
    for number, (name, values) in enumerate(_servers(box, "radius"), 1):
        state = "DEAD" if name in box.silent_servers else "UP"
        ports = f"auth-port {values['auth-port']}, acct-port {values['acct-port']}"
        lines += ["", f"RADIUS: id {number}, priority {number}, host {values['address']}, {ports}, hostname {name}",
                  f"     State: current {state}, duration 120s, previous duration 0s",
                  "     Dead: total time 0s, count 0", "     Quarantined: No"]
    return "\n".join(lines) + "\n"


def _tacacs(box: IosAppliance, _parsed: Parsed) -> str:
    lines: list[str] = []
    for name, values in _servers(box, "tacacs"):
        dead = name in box.silent_servers
        lines += ["", "Tacacs+ Server -  public  :", f"               Server name: {name}",
                  f"            Server address: {values['address']}", "               Server port: 49",
                  "              Socket opens:          4", "             Socket closes:          4",
                  "             Socket aborts:          0", "             Socket errors:          0",
                  "           Socket Timeouts:          0",
                  f"   Failed Connect Attempts: {3 if dead else 0:>10}", "        Total Packets Sent:          8",
                  "        Total Packets Recv:          8",
                  f"             Server Status: {'Dead' if dead else 'Alive'}"]
    return "\n".join(lines) + "\n"


FEATURE_TABLES: dict[str, Callable[[IosAppliance, Parsed], str]] = {
    "arp-inspection": _arp_inspection, "snmp-user": _snmp_user, "monitor": _monitor,
    "verify-source": _verify_source, "aaa-servers": _aaa_servers, "tacacs": _tacacs}
