"""Which lines are ours. What stands outside is reported as unmanaged and never removed.

Ours are: the sections that the intent renders (with everything below them), single-valued lines that it sets
(*slots*), the whole family of NTP servers and syslog hosts, every vty line, and whatever carries our name prefix and is
not used by anything that is not ours: lists, classes, policies, and VLANs, whose name tells who made them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from punchdown.platforms.cisco_ios import mirrors
from punchdown.platforms.cisco_ios.normalise import Entry, Tree, expand_vlans
from punchdown.platforms.cisco_ios.source_guard import BINDING
from punchdown.platforms.lines import PREFIX

_ROOT_SLOTS = (
    "hostname", "service timestamps debug", "service timestamps log", "service password-encryption", "aaa new-model",
    "aaa authentication login default", "aaa authentication dot1x default", "aaa authorization network default",
    "aaa authorization exec default", "aaa accounting dot1x default", "aaa accounting exec default",
    "aaa accounting commands 1 default", "aaa accounting commands 15 default", "radius-server dead-criteria",
    "dot1x system-auth-control", "dot1x critical eapol", "authentication critical recovery delay",
    "ip dhcp snooping vlan", "ip dhcp snooping information option", "ip dhcp snooping database",
    "ip arp inspection vlan", "ip arp inspection validate", "lldp run", "ip default-gateway",
    "ip http server", "ip http secure-server", "ip ssh version", "banner login", "spanning-tree mode",
    "spanning-tree loopguard default", "spanning-tree vlan 1-4094 priority",
)
_CHILD_SLOTS = (
    "channel-group", "switchport port-security maximum", "switchport port-security violation",
    "switchport port-security", "description", "switchport access vlan", "switchport mode", "switchport voice vlan",
    "switchport trunk native vlan", "switchport trunk allowed vlan", "switchport nonegotiate", "ip access-group",
    "ipv6 traffic-filter", "shutdown", "authentication event fail",
    "authentication event server dead action authorize voice", "authentication event server dead action",
    "authentication event server alive", "authentication event no-response", "authentication host-mode",
    "authentication order", "authentication priority", "authentication port-control", "authentication periodic",
    "access-session host-mode", "access-session port-control", "access-session closed",
    "service-policy type control subscriber", "vlan",
    "authentication timer reauthenticate", "authentication timer inactivity", "authentication violation", "mab",
    "dot1x pae", "dot1x timeout tx-period", "storm-control broadcast level", "storm-control multicast level",
    "storm-control action", "spanning-tree portfast", "spanning-tree bpduguard", "spanning-tree guard",
    "power inline", "service-policy input", "mls qos trust", "ip dhcp snooping limit rate", "ip dhcp snooping trust",
    "cdp enable",
    "ip arp inspection limit", "ip arp inspection trust", "ip verify source",
    "ip address", "access-class", "exec-timeout", "transport input", "key", "timeout", "retransmit",
    "automate-tester", "address ipv4", "deadtime", "ip radius source-interface", "ip tacacs source-interface", "path",
    "name", "set dscp",
)
DYNAMIC_AUTHOR = "aaa server radius dynamic-author"
_CLIENT = re.compile(r"client \S+")
_PREFIXED = re.compile(
    rf"(?:ip access-list \S+|ipv6 access-list|arp access-list|class-map (?:type control subscriber )?\S+"
    rf"|policy-map(?: type control subscriber)?|service-template|aaa group server \S+|tacacs server) "
    rf"{re.escape(PREFIX)}\S+")
_METHODS = re.compile(rf"aaa (?:authentication|authorization|accounting) .+ group {re.escape(PREFIX)}\S+(?: .*)?")
_METHOD_LIST = re.compile(r"aaa (?:authentication|authorization|accounting) .+")
_SNMP = re.compile(rf"snmp-server (?:view|group|user \S+) {re.escape(PREFIX)}\S+ .*")
_SNMP_USER = re.compile(rf"snmp-server user (\S+) {re.escape(PREFIX)}\S+ .*")
_SNMP_HOST = re.compile(r"snmp-server (?:enable traps snmp .*|host \S+ version 3 priv (\S+))")
_ARP_FILTER = re.compile(rf"ip arp inspection filter {re.escape(PREFIX)}\S+ vlan .+")
_ARP = re.compile(r"ip arp inspection (?:vlan [\d,-]+|validate .+)")
_VLAN = re.compile(r"vlan (\d+)")
_VLANS_USED = re.compile(r"(?:\bvlan |^interface Vlan)(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)")
_FAMILIES = ("ntp server", "logging host")
_BUILT_IN = re.compile("|".join((
    r"class-map match-any (system-cpp-\S+|non-client-nrt-class|AutoQos\S*)", r"policy-map system-cpp-policy.*",
    r"control-plane", r"service-template DEFAULT_\S+", r"ip ssh (bulk-mode|server algorithm) .*", r"diagnostic .*",
    r"ip forward-protocol nd", r"spanning-tree extend system-id", r"crypto pki .*", r"redundancy", r"boot-.*",
    r"policy-map AutoQos\S*", r"class-map type control subscriber.*", r"transceiver type all", r"license .*",
    r"radius-server vsa send .*", r"platform punt-keepalive .*", r"login on-success log", r"memory free .*",
)))


def is_built_in(line: str) -> bool:
    """Whether a top-level line is one that the device writes by itself."""
    return _BUILT_IN.fullmatch(line) is not None


def _matches(line: str, prefix: str) -> bool:
    return line == prefix or line.startswith((f"{prefix} ", f"{prefix}\n"))


@lru_cache(maxsize=4096)
def _slot(line: str, known: tuple[str, ...]) -> str:
    body = line.removeprefix("no ")
    return next((prefix for prefix in known if _matches(body, prefix)), "")


def slot(entry: Entry) -> str:
    """The single-valued setting that a line sets or negates; empty where several such lines may stand together."""
    if entry.path == (DYNAMIC_AUTHOR,) and (match := _CLIENT.match(entry.line)):
        return match[0]
    return _slot(entry.line, _CHILD_SLOTS if entry.path else _ROOT_SLOTS)


class Ownership:
    """What one device's intended tree makes ours."""

    def __init__(self, intended: Tree, running: Tree) -> None:
        self._intended = intended
        self._slots = {slot(entry) for entry in intended.values() if not entry.path} - {""}
        self._families = tuple(family for family in _FAMILIES
                               if any(_matches(key[0], family) for key in intended if len(key) == 1))
        self._inspects = any(not entry.path and _ARP_FILTER.fullmatch(entry.line) for entry in running.values())
        self._snmp_users = {match[1] for tree in (intended, running) for entry in tree.values()
                            if not entry.path and (match := _SNMP_USER.fullmatch(entry.line))}
        self._sessions = {match[1] for entry in intended.values() if (match := mirrors.SESSION.match(entry.line))}
        self._sessions |= {match[1] for entry in running.values()
                           if (match := mirrors.DESTINATION.fullmatch(entry.line))
                           and (f"interface {match[2]}",) in intended}
        self._marked = {entry.path[0] for entry in running.values()
                        if entry.path and entry.line.startswith(f"name {PREFIX}") and _VLAN.fullmatch(entry.path[0])}
        self._foreign_text = "\n".join(entry.line for entry in running.values()
                                       if (entry.path and not self._owns_root(entry.path[0]))
                                       or (_METHOD_LIST.fullmatch(entry.line) and not slot(entry)))
        self._foreign_vlans = frozenset(
            number for entry in running.values()
            if not self._owns_root(entry.key[0]) and (entry.path or entry.line.startswith("interface Vlan"))
            for found in _VLANS_USED.finditer(entry.line) for number in expand_vlans(found[1]))

    def _left_over(self, root: str) -> bool:
        """Whether this is a VLAN that we made, that the intent has no more, and that nothing foreign needs."""
        return (root in self._marked and (root,) not in self._intended
                and int(root.removeprefix("vlan ")) not in self._foreign_vlans)

    def _owns_root(self, line: str) -> bool:
        if (line,) in self._intended:
            return True
        return line.startswith("line vty ") or _PREFIXED.fullmatch(line) is not None

    def _still_used(self, line: str) -> bool:
        name = line.rpartition(" ")[2]
        return re.search(rf"(?<!\S){re.escape(name)}(?!\S)", self._foreign_text) is not None

    def owns(self, entry: Entry) -> bool:
        """Whether a running entry is ours to judge and to change."""
        root = entry.key[0]
        if _PREFIXED.fullmatch(root) and (root,) not in self._intended:
            return not self._still_used(root)
        if self._left_over(root):
            return True
        if entry.path:
            partial = root == "archive" and slot(entry) != "path"
            return self._owns_root(root) and not partial
        if _SNMP.fullmatch(entry.line) or (_METHODS.fullmatch(entry.line) and slot(entry)):
            return True
        if match := mirrors.SESSION.match(entry.line):
            return match[1] in self._sessions
        if self._snmp_users and (match := _SNMP_HOST.fullmatch(entry.line)):
            return match[1] is None or match[1] in self._snmp_users
        if match := BINDING.fullmatch(entry.line):
            return (f"interface {match[4]}",) in self._intended
        if self._inspects and (_ARP.fullmatch(entry.line) or _ARP_FILTER.fullmatch(entry.line)):
            return True
        family = any(_matches(entry.line, prefix) for prefix in self._families)
        return family or slot(entry) in self._slots or self._owns_root(root)

    def unmanaged(self, running: Tree) -> tuple[str, ...]:
        """The top-level lines that are not ours and that the device did not make itself."""
        return tuple(entry.line for entry in running.values()
                     if not entry.path and not self.owns(entry) and not is_built_in(entry.line))
