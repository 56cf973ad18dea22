"""What of a running configuration is ours: what the intent names, and what we made before and left over."""

from __future__ import annotations

import re

from punchdown.platforms.hp_procurve.facts import LISTS
from punchdown.platforms.hp_procurve.normalise import Entry, Tree
from punchdown.platforms.lines import PREFIX

_PORT_SETTINGS = re.compile(
    r"lldp config medTlvEnable network_policy"
    r"|untagged|tagged \d+|name|disable|ip access-group|ipv6 access-group|rate-limit (?:bcast|mcast) in|service-policy"
    r"|dhcp-snooping trust|arp-protect trust|power-over-ethernet|aaa port-access.*|port-security|trunk"
    r"|ip source-lockdown|spanning-tree (?:admin-edge-port|bpdu-protection|root-guard|loop-guard)")
LOGINS = re.compile(r'aaa (?:authentication ssh (?:login|enable)|accounting (?:exec|commands)|authentication login)\b'
                    r'|aaa server-group radius "PD-login" |tacacs-server host ')
_GROUP = re.compile(r'aaa server-group radius "(punchdown|PD-login)" host (\S+)')
_ANY_RADIUS = re.compile(r"aaa (?:authentication|accounting) .*\bradius\b(?! server-group)")
_FAMILIES = re.compile(r"(ip authorized-managers|ntp server|logging (?=\d)|ip source-binding|dhcp-snooping vlan"
                       r"|arp-protect vlan|aaa server-group radius \"punchdown\")")
_VLAN_SETTINGS = {"name", "voice"}
_BUILT_IN = re.compile(r"module \d+ type .*|no autorun|no dhcp .*|snmpv3 engineid .*|password (?:manager|operator).*"
                       r"|stacking|oobm|activate .*|include-credentials"
                       r"|no rest-interface|primary-vlan 1|allow-unsupported-transceiver")


def family(entry: Entry) -> str:
    """The many-valued setting that a line belongs to, empty for others."""
    match = _FAMILIES.match(entry.line.removeprefix("no "))
    return match[1] if match and not entry.path else ""


class Ownership:
    """What one device's intended tree makes ours."""

    def __init__(self, intended: Tree, running: Tree) -> None:
        self._intended = intended
        self._families = {family(entry) for entry in intended.values()} - {""}
        self._ports = {slot[1] for slot in intended if slot[0] == "port"}
        foreign = [entry for entry in running.values() if entry.slot[0] == "port" and entry.slot[1] not in self._ports]
        self._foreign = " ".join(entry.line for entry in running.values()
                                 if entry in foreign or entry.slot[0] in {"vlan", "global", "other"})
        used = {entry.path[0].removeprefix("vlan ") for entry in foreign if entry.path}
        used |= {slot[1] for slot in running if slot[0] == "vlan" and len(slot) == 3 and slot[2] not in _VLAN_SETTINGS
                 and running[slot].line != "ip address dhcp-bootp"}
        marked = {slot[1] for slot, entry in running.items()
                  if slot[0] == "vlan" and entry.line.startswith(f'name "{PREFIX}')}
        lines = [entry.line for slot, entry in running.items() if slot[0] == "global"]
        ours = [match for line in lines if (match := _GROUP.match(line))]
        self._logins = any(LOGINS.match(entry.line) for entry in intended.values()) or any(
            match[1] == "PD-login" for match in ours)
        foreign_hosts = {line.split()[-1] for line in lines if line.startswith("aaa server-group ")
                         and not _GROUP.match(line)}
        anybody = any(_ANY_RADIUS.match(line) for line in lines)
        self._servers = set() if anybody else {f"radius-server host {match[2]}" for match in ours} - {
            f"radius-server host {host}" for host in foreign_hosts}
        self._left_over = {number for number in marked - used if ("vlan", number) not in intended}

    def _owns_list(self, header: str) -> bool:
        if ("list", header) in self._intended:
            return True
        name = header.split(" ")[-1]
        return name.startswith(f'"{PREFIX}') and name not in self._foreign

    def owns(self, entry: Entry) -> bool:
        """Whether a running entry is ours to judge and to change."""
        slot = entry.slot
        if slot in self._intended:
            return True
        if slot[0] == "port":
            return slot[1] in self._ports and _PORT_SETTINGS.fullmatch(slot[2]) is not None
        if slot[0] == "list":
            return self._owns_list(slot[1])
        if slot[0] == "vlan":
            declared = ("vlan", slot[1]) in self._intended and len(slot) == 3 and slot[2] in _VLAN_SETTINGS
            return declared or slot[1] in self._left_over
        if LOGINS.match(entry.line):
            return self._logins
        if slot[-1].removesuffix(" key") in self._servers:
            return True
        if entry.line.startswith('snmpv3 user "initial"'):
            return ("global", "snmpv3 only") in self._intended  # the switch makes it when SNMPv3 is switched on
        vlan = re.fullmatch(r"(?:dhcp-snooping|arp-protect) vlan (\d+)", slot[-1])
        return family(entry) in self._families or bool(vlan and ("vlan", vlan[1]) in self._intended)

    def unmanaged(self, running: Tree) -> tuple[str, ...]:
        """The lines at the top that are not ours and that the device did not make itself; blocks by their headers."""
        found: dict[str, None] = {}
        for entry in running.values():
            if not self.owns(entry) and not _BUILT_IN.fullmatch(entry.line if not entry.path else entry.path[0]):
                block = entry.path[0] if entry.path else entry.line
                known = entry.path and (LISTS.fullmatch(block) or block.startswith("vlan ")) and entry.slot[0] != "port"
                found.setdefault(f"{block}\n   {entry.line}" if entry.path and not known else block)
        return tuple(found)
