"""Show commands: text as the device prints it. Source: the platform's fact sheet and the published parser templates."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios.store import Block
from punchdown.lab.emulated.cisco_ios.tables_features import FEATURE_COMMANDS, FEATURE_TABLES
from punchdown.lab.emulated.cisco_ios.tables_life import LIFE_COMMANDS, LIFE_TABLES
from punchdown.lab.emulated.cisco_ios.words import short_name
from punchdown.lab.emulated.grammar import Command as Cmd
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.appliance import IosAppliance

SHOW_COMMANDS = (
    *LIFE_COMMANDS,
    Cmd("show running-config [all]", hook="running"),
    Cmd("show running-config interface <if>", hook="running-interface"),
    Cmd("show startup-config", hook="startup"),
    Cmd("show version", hook="version"),
    Cmd("show vlan [brief]", hook="vlan"),
    Cmd("show interfaces switchport", hook="switchport"),
    Cmd("show interfaces <if> switchport", hook="switchport"),
    Cmd("show interfaces status", hook="status"),
    Cmd("show interfaces <if> status", hook="status"),
    Cmd("show ip interface brief", hook="addresses"),
    Cmd("show ip access-lists [<word>]", hook="access-lists"),
    Cmd("show access-lists [<word>]", hook="access-lists"),
    Cmd("show ipv6 access-list [<word>]", hook="ipv6-access-lists"),
    Cmd("show authentication sessions [interface <if>]", hook="auth-sessions"),
    Cmd("show access-session", hook="auth-sessions"),
    Cmd("show lldp neighbors detail", hook="lldp"),
    *FEATURE_COMMANDS,
    Cmd("show archive", hook="archive"),
    Cmd("show archive config rollback timer", hook="rollback-timer"),
    Cmd("show ip ssh", hook="ssh"),
    Cmd("show logging", hook="logging"),
    Cmd("show clock", hook="clock"),
    Cmd("show users", hook="users"),
    Cmd("show privilege", hook="privilege"),
)


def _running(box: IosAppliance, _parsed: Parsed) -> str:
    return box.running_config() + "\n"


def _running_interface(box: IosAppliance, parsed: Parsed) -> str:
    text = box.interface_config(parsed.words[-1])
    return "% Invalid input detected at '^' marker.\n" if text is None else text + "\n"


def _startup(box: IosAppliance, _parsed: Parsed) -> str:
    text = box.files["nvram:startup-config"]
    return f"Using {len(text)} out of 2097152 bytes\n{text}\n"


def _version(box: IosAppliance, _parsed: Parsed) -> str:
    up = int(box.clock.now() - box.booted)
    days, hours, minutes = up // 86400, up // 3600 % 24, up // 60 % 60
    uptime = (f"{days} days, " if days else "") + f"{hours} hours, {minutes} minutes"
    return (
        f"Cisco IOS XE Software, Version {box.spec.version}\n"
        f"Cisco IOS Software [IOSXE], Catalyst L3 Switch Software (CAT9K_IOSXE), Version {box.spec.version}, "
        "RELEASE SOFTWARE (fc3)\nTechnical Support: http://www.cisco.com/techsupport\n\nROM: IOS-XE ROMMON\n"
        f"{box.config.hostname} uptime is {uptime}\n"
        "System returned to ROM by Reload Command\n"
        'System image file is "flash:packages.conf"\nLast reload reason: Reload Command\n\n'
        f"cisco {box.spec.model} (X86) processor with 1331521K/6147K bytes of memory.\n"
        f"Processor board ID {_serial(box)}\n1 Virtual Ethernet interface\n"
        f"{box.spec.ports} Gigabit Ethernet interfaces\n"
        f"Base Ethernet MAC Address          : {_mac(box)}\nModel Number                       : {box.spec.model}\n"
        f"System Serial Number               : {_serial(box)}\n\nConfiguration register is 0x102\n\n")


def _seed(box: IosAppliance) -> int:
    return sum(ord(letter) * 31**place for place, letter in enumerate(box.spec.hostname))


def _serial(box: IosAppliance) -> str:
    return f"FOC{_seed(box) % 10**8:08d}"


def _mac(box: IosAppliance) -> str:
    number = _seed(box) % 2**24
    return f"02:ce:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def _switched(box: IosAppliance) -> Iterator[Block]:
    return (block for block in box.config.interfaces()
            if block.mode == "config-if" and "switchport" not in block.lines)


def _vlan(box: IosAppliance, parsed: Parsed) -> str:
    members: dict[int, list[str]] = {}
    for block in _switched(box):
        if not _is_trunk(box, block):
            members.setdefault(int(block.value("switchport access vlan", "1")), []).append(short_name(block.name))
    names = {1: "default", **{vlan: block.value("name", f"VLAN{vlan:04d}") for vlan, block in box.config.vlans.items()}}
    lines = ["", "VLAN Name                             Status    Ports",
             "---- -------------------------------- --------- -------------------------------"]
    for vlan, name in sorted(names.items()):
        rows = _rows(members.get(vlan, []))
        lines.append(f"{vlan:<4} {name:<32} active    {rows[0]}".rstrip())
        lines += [f"{'':<48}{row}" for row in rows[1:]]
    lines += [f"{vlan} {name:<32} act/unsup" for vlan, name in (
        (1002, "fddi-default"), (1003, "token-ring-default"), (1004, "fddinet-default"), (1005, "trnet-default"))]
    if parsed.words[-1] != "brief":
        lines += ["", "VLAN Type  SAID       MTU   Parent RingNo BridgeNo Stp  BrdgMode Trans1 Trans2",
                  "---- ----- ---------- ----- ------ ------ -------- ---- -------- ------ ------",
                  *(f"{vlan:<4} enet  {100000 + vlan}     1500  -      -      -        -    -        0      0"
                    for vlan in sorted(names))]
    return "\n".join(lines) + "\n"


def _rows(ports: list[str]) -> list[str]:
    """Four ports a row, as the table prints them."""
    return [", ".join(ports[start : start + 4]) for start in range(0, len(ports), 4)] or [""]


def _is_trunk(box: IosAppliance, block: Block) -> bool:
    return block.value("switchport mode") == "trunk" and block.name in box.connected


def _wanted(box: IosAppliance, parsed: Parsed) -> list[Block]:
    name = parsed.words[2] if len(parsed.words) == 4 else ""
    return [block for block in _switched(box) if name in ("", block.name)]


def _switchport(box: IosAppliance, parsed: Parsed) -> str:
    return "\n".join(_switchport_lines(box, block) for block in _wanted(box, parsed)) + "\n"


def _switchport_lines(box: IosAppliance, block: Block) -> str:
    mode = block.value("switchport mode", "dynamic auto")
    shown = {"access": "static access", "trunk": "trunk"}.get(mode, mode)
    up = block.name in box.connected and "shutdown" not in block.lines
    access, native = block.value("switchport access vlan", "1"), block.value("switchport trunk native vlan", "1")
    voice = block.value("switchport voice vlan", "none")
    allowed = block.value("switchport trunk allowed vlan", "ALL").upper()
    rows = [
        f"Name: {short_name(block.name)}", "Switchport: Enabled", f"Administrative Mode: {shown}",
        f"Operational Mode: {(shown if mode in ('access', 'trunk') else 'static access') if up else 'down'}",
        "Administrative Trunking Encapsulation: dot1q",
        f"Negotiation of Trunking: {'Off' if mode == 'access' or 'switchport nonegotiate' in block.lines else 'On'}",
        f"Access Mode VLAN: {access} ({_vlan_name(box, access)})",
        f"Trunking Native Mode VLAN: {native} ({_vlan_name(box, native)})",
        "Administrative Native VLAN tagging: disabled", f"Voice VLAN: {_voice(box, voice)}",
        "Administrative private-vlan host-association: none", "Administrative private-vlan mapping: none",
        "Operational private-vlan: none", *_wrap_allowed(allowed), "Pruning VLANs Enabled: 2-1001",
        "Capture Mode Disabled", "Capture VLANs Allowed: ALL", "", "Protected: false",
        "Unknown unicast blocked: disabled", "Unknown multicast blocked: disabled", "Appliance trust: none", "",
    ]
    return "\n".join(rows)


def _wrap_allowed(allowed: str) -> Iterator[str]:
    """A long list goes on below, indented, each line but the last ending in a comma."""
    parts, line = allowed.split(","), ""
    head = "Trunking VLANs Enabled: "
    for part in parts:
        if len(head + line + part) > 62:
            yield f"{head}{line}"
            head, line = "     ", ""
        line += f"{part},"
    yield f"{head}{line[:-1]}"


def _voice(box: IosAppliance, voice: str) -> str:
    return f"{voice} ({_vlan_name(box, voice)})" if voice.isdigit() else voice


def _vlan_name(box: IosAppliance, vlan: str) -> str:
    if vlan == "1":
        return "default"
    block = box.config.vlans.get(int(vlan))
    return "Inactive" if block is None else block.value("name", f"VLAN{int(vlan):04d}")


def _status(box: IosAppliance, parsed: Parsed) -> str:
    lines = ["", "Port         Name               Status       Vlan       Duplex  Speed Type"]
    lines += [_status_line(box, block) for block in _wanted(box, parsed)]
    return "\n".join(lines) + "\n"


def _status_line(box: IosAppliance, block: Block) -> str:
    access = block.value("switchport access vlan", "1")
    up = block.name in box.connected
    state = "connected" if up else "notconnect"
    if "shutdown" in block.lines:
        state, up = "disabled", False
    elif up and access != "1" and int(access) not in box.config.vlans and not _is_trunk(box, block):
        state = "inactive"
    vlan = "trunk" if _is_trunk(box, block) and up else access
    kind = "10/100/1000BaseTX" if block.name.startswith("Gig") else "unknown"
    duplex, speed = ("a-full", "a-1000") if up else ("auto", "auto")
    name = block.value("description")[:18]
    return f"{short_name(block.name):<12} {name:<18} {state:<12} {vlan:<10} {duplex:>6} {speed:>6} {kind}"


def _addresses(box: IosAppliance, _parsed: Parsed) -> str:
    lines = ["Interface              IP-Address      OK? Method Status                Protocol"]
    for block in box.config.interfaces():
        address = block.value("ip address").split()
        shut = "shutdown" in block.lines
        up = not shut and (block.name in box.connected or (bool(address) and bool(box.connected)))
        state = "administratively down" if shut else "up" if up else "down"
        lines.append(f"{block.name:<22} {address[0] if address else 'unassigned':<15} YES "
                     f"{'NVRAM' if address else 'unset':<6} {state:<21} {'up' if up else 'down'}")
    return "\n".join(lines) + "\n"


def _access_lists(box: IosAppliance, parsed: Parsed) -> str:
    return _lists(box, parsed, "ip access-list ")


def _ipv6_access_lists(box: IosAppliance, parsed: Parsed) -> str:
    return _lists(box, parsed, "ipv6 access-list ")


def _lists(box: IosAppliance, parsed: Parsed, prefix: str) -> str:
    lines: list[str] = []
    for _, line in sorted((key, line) for key, line in box.config.root.lines.items() if key.startswith(prefix)):
        acl = line.block.acl if line.block else None
        if acl is not None and parsed.words[-1] in ("access-lists", "access-list", acl.name):
            lines += acl.table()
    return "".join(f"{line}\n" for line in lines)


def _auth_sessions(box: IosAppliance, parsed: Parsed) -> str:
    name = parsed.words[-1] if len(parsed.words) == 5 else ""
    rows = [row for row in box.auth_sessions if name in ("", row.port)]
    if not rows:
        return "No sessions currently exist\n"
    lines = ["Interface                MAC Address    Method  Domain  Status Fg  Session ID",
             "-" * 100]
    lines += [f"{short_name(row.port):<24} {row.mac:<14} {row.method:<7} {row.domain:<7} {row.status:<10} "
              f"0A1463FD{place:016X}" for place, row in enumerate(rows, 12)]
    return "\n".join([*lines, "", f"Session count = {len(rows)}", ""])


def _lldp(box: IosAppliance, _parsed: Parsed) -> str:
    if "lldp run" not in box.config.root.lines:
        return "% LLDP is not enabled\n"
    lines: list[str] = []
    for one in box.neighbours:
        lines += ["-" * 48, f"Local Intf: {short_name(one.port)}", f"Chassis id: {one.chassis}",
                  f"Port id: {one.remote_port}", f"Port Description: {one.remote_port}", f"System Name: {one.name}", "",
                  "System Description: ", one.description or one.name, "", "Time remaining: 97 seconds",
                  f"System Capabilities: {one.capabilities}", f"Enabled Capabilities: {one.capabilities}",
                  "Management Addresses:" if one.management else "Management Addresses - not advertised",
                  *([f"    IP: {one.management}"] if one.management else []),
                  "Auto Negotiation - supported, enabled", "Physical media capabilities:", "    1000baseT(FD)",
                  "Media Attachment Unit type: 30", "Vlan ID: - not advertised", "",
                  *(["MED Information:", "", "    Manufacturer: Mitel", f"    Model: {one.model}", ""]
                    if one.model else [])]
    return "\n".join([*lines, "", f"Total entries displayed: {len(box.neighbours)}", ""])


def _archive(box: IosAppliance, _parsed: Parsed) -> str:
    if not box.archive_path:
        return " Archive feature not enabled\n"
    names = box.archive.names
    lines = ["The maximum archive configurations allowed is 10.",
             f"There are currently {len(names)} archive configurations saved.",
             f"The next archive file will be named {box.next_archive()}", " Archive #  Name"]
    for place in range(1, 11):
        name = names[place - 1] if place <= len(names) else ""
        recent = " <- Most Recent" if place == len(names) else ""
        lines.append(f"   {place:<8} {name}{recent}")
    return "\n".join(lines) + "\n"


def _rollback_timer(box: IosAppliance, _parsed: Parsed) -> str:
    if box.revert is None:
        return "%No Rollback Confirmed Change pending\n"
    left = math.ceil((box.revert.deadline - box.clock.now()) / 60)
    return (f"Time configured(or reconfigured): {time.strftime('%H:%M:%S UTC %a %b %d %Y', time.gmtime(box.changed))}\n"
            f"Timer type: absolute timer\nTimer value: {left} min\nUser: {box.spec.username}\n")


def _ssh(box: IosAppliance, _parsed: Parsed) -> str:
    root = box.config.root
    return ("SSH Enabled - version 2.0\nAuthentication methods:publickey,keyboard-interactive,password\n"
            f"Authentication timeout: {root.value('ip ssh time-out', '120')} secs; "
            f"Authentication retries: {root.value('ip ssh authentication-retries', '3')}\n"
            "Minimum expected Diffie Hellman key size : 2048 bits\n")


def _logging(box: IosAppliance, _parsed: Parsed) -> str:
    return "\n".join(["Syslog logging: enabled", "", "Log Buffer (102400 bytes):", "", *box.log]) + "\n"


def _clock(box: IosAppliance, _parsed: Parsed) -> str:
    return time.strftime("*%H:%M:%S.000 UTC %a %b %d %Y\n", time.gmtime(box.clock.now()))


def _users(box: IosAppliance, _parsed: Parsed) -> str:
    return ("    Line       User       Host(s)              Idle       Location\n"
            f"*  1 vty 0     {box.spec.username:<10} idle                 00:00:00 192.0.2.1\n\n"
            "  Interface    User               Mode         Idle     Peer Address\n\n")


def _privilege(_box: IosAppliance, _parsed: Parsed) -> str:
    return "Current privilege level is 15\n"


TABLES: dict[str, Callable[[IosAppliance, Parsed], str]] = {
    "running": _running, "running-interface": _running_interface, "startup": _startup, "version": _version,
    "vlan": _vlan, "switchport": _switchport, "status": _status, "addresses": _addresses,
    "access-lists": _access_lists, "ipv6-access-lists": _ipv6_access_lists, "auth-sessions": _auth_sessions,
    "lldp": _lldp, "archive": _archive, "rollback-timer": _rollback_timer, "ssh": _ssh,
    "logging": _logging, "clock": _clock, "users": _users, "privilege": _privilege,
    **FEATURE_TABLES, **LIFE_TABLES,
}
