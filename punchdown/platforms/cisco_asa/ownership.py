"""Which lines are ours. What stands outside is reported as unmanaged and never removed.

Ours are: what carries our name prefix and nothing foreign uses, translations that name such an object, lists bound to
the interfaces of the intent, single-valued lines that it sets (*slots*), and whole families where one more line opens
the device: who may log in, NTP servers, syslog hosts, ICMP rules of our interfaces.
"""

from __future__ import annotations

import re
from functools import lru_cache

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_asa.normalise import BANNER, NAT, NAT_LATE, Entry, Tree, is_ordered
from punchdown.platforms.cisco_asa.tunnels import FILTERED, MAP, POLICY, PROPOSAL
from punchdown.platforms.cisco_asa.words import PREFIX

_SLOTS = ("hostname", "ssh timeout", "ssh key-exchange group", "ssh version", "aaa authentication ssh console",
          "aaa authorization exec", "aaa accounting ssh console", "aaa accounting command",
          "logging trap", "logging enable", "logging timestamp", "service resetinbound",
          "http server enable", "same-security-traffic permit inter-interface",
          "same-security-traffic permit intra-interface", "sysopt connection permit-vpn")
_BOUND = re.compile(r"access-group \S+ (in interface \S+)")
_OUTPUT = re.compile(r"service-policy \S+ (interface \S+)(?: fail-close)?")
_MAPPED = re.compile(r"crypto map \S+ (interface \S+)")
_IN_MAP = re.compile(r"(crypto map \S+ \d+ (?:match address|set (?:pfs|peer|ikev2 ipsec-proposal)))(?: .*)?")
_ENCRYPTED = re.compile(r"crypto |(?:no )?sysopt |tunnel-group ")
_POLLED = re.compile(r"(snmp-server (?:user \S+ \S+ v3|host \S+ \S+))(?: .*)?")
_POLLS = re.compile(rf"snmp-server user (\S+) {re.escape(PREFIX)}\S+ v3 .*")
_PEER = re.compile(rf"crypto map {re.escape(MAP)} \d+ set peer (\S+)")
_FAR_END = re.compile(r"tunnel-group (\S+) (?:type ipsec-l2l|ipsec-attributes)")
_PARAMETERS = (f"crypto ikev2 policy {POLICY}", f"crypto ipsec ikev2 ipsec-proposal {PROPOSAL}")
_PREFIXED = re.compile(rf"(?:object network|object service|object-group network|time-range|class-map|policy-map) "
                       rf"{re.escape(PREFIX)}\S+|access-list {re.escape(PREFIX)}\S+|"
                       rf"aaa-server {re.escape(PREFIX)}\S+ .*")
_LOGIN = re.compile(r"(?:ssh|telnet) (?:\d+\.\d+\.\d+\.\d+ \d+\.\d+\.\d+\.\d+|\S*:\S*/\d+) \S+")
_FAMILIES = ("ntp server", "logging host")
_INSPECTED = ("policy-map global_policy", "class inspection_default")
_HOLDING = ("network-object", "group-object", "host", "subnet", "range", "service", "fqdn", "port-object",
            "service-object", "nat", "match", "priority", "class", "police", "inspect", "set", "periodic", "absolute",
            "key", "authentication-port", "accounting-port")
_BUILT_IN = re.compile("|".join((
    r"interface .*", r"enable password .*", r"passwd .*", r"(?:no )?threat-detection .*", r"arp .*", r"no arp .*",
    r"pager .*", r"mtu .*", r"(?:no )?failover.*", r"icmp unreachable .*", r"timeout .*", r"user-identity .*",
    r"aaa authentication login-history", r"no snmp-server .*", r"crypto .*", r"(?:telnet|console) timeout .*",
    r"(?:no )?ssh .*", r"dynamic-access-policy-record .*", r"class-map inspection_default", r"policy-map .*",
    r"service-policy global_policy global", r"prompt .*", r"no call-home .*", r"ftp .*", r"no monitor-interface .*",
    r"service-module .*", r"xlate .*", r"no (?:asdm|logging|snmp-server|nat|service) .*", r"asdm .*", r"username .*",
    r"boot .*", r"domain-name .*", r"aaa-server .*", r"privilege .*", r"jumbo-frame .*")))


def matches(line: str, prefix: str) -> bool:
    """Whether a line is the prefix or goes on behind it."""
    return line == prefix or line.startswith(f"{prefix} ")


@lru_cache(maxsize=4096)
def slot(line: str) -> str:
    """The single-valued setting that a top-level line sets or negates; empty where several may stand together."""
    body = line.removeprefix("no ")
    if found := _BOUND.fullmatch(body):
        return f"access-group {found[1]}"
    if found := _MAPPED.fullmatch(body):
        return f"crypto map {found[1]}"
    if found := _IN_MAP.fullmatch(body) or _POLLED.fullmatch(body):
        return found[1]
    if found := _OUTPUT.fullmatch(body):
        return f"service-policy {found[1]}"
    return next((prefix for prefix in _SLOTS if matches(body, prefix)), "")


def is_prefixed(root: str) -> bool:
    """Whether a section carries our name."""
    return _PREFIXED.fullmatch(root) is not None


class Ownership:
    """What one device's intended tree makes ours. ``intended`` holds ``no`` lines as they are rendered."""

    def __init__(self, intent: DeviceIntent, intended: Tree, running: Tree) -> None:
        self._intended = intended
        self._slots = {slot(entry.line) for entry in intended.values() if not entry.path} - {""}
        self._families = tuple(family for family in _FAMILIES if any(matches(key[0], family) for key in intended))
        ours = (found[1].rpartition(" ")[2] for entry in running.values()
                if (found := _BOUND.fullmatch(entry.line)) and f" {PREFIX}in-" in entry.line)
        self._icmp = {key[0] for key in intended if key[0].startswith("icmp ")} | {f"icmp {leg}" for leg in ours}
        self._banner = any(entry.path == (BANNER,) for entry in intended.values())
        legs = [item.name for item in intent.firewall.interfaces] if intent.firewall else []
        self._legs = frozenset(legs)
        single = [entry.line for tree in (intended, running) for entry in tree.values() if not entry.path]
        self._peers = {found[1] for line in single if (found := _PEER.fullmatch(line))}
        self._users = {found[1] for line in single if (found := _POLLS.fullmatch(line))}
        self._mapped = any(key[0].startswith(f"crypto map {MAP} ") for key in running)
        self._alone = self._mapped and not any(
            (found := _FAR_END.fullmatch(key[0])) and found[1] not in self._peers for key in running)
        self._used = frozenset(word for entry in running.values() if not self._surely(entry)
                               for word in entry.line.split() if word.startswith(PREFIX))

    def _surely(self, entry: Entry) -> bool:
        root = entry.key[0]
        if is_prefixed(root) or root.startswith(f"crypto map {MAP} ") or _names_ours(entry):
            return True
        if _BOUND.fullmatch(entry.line) or _OUTPUT.fullmatch(entry.line):
            return True
        return root == BANNER

    def owns(self, entry: Entry) -> bool:
        """Whether a running entry is ours to judge and to change."""
        root = entry.key[0]
        if _ENCRYPTED.match(root):
            return self._owns_vpn(entry)
        if root.startswith("snmp-server ") and slot(root) not in self._slots:
            _, kind, name, *rest = (*root.split(), "", "")
            return name.startswith(PREFIX) if kind == "group" else kind in {"user", "host"} and bool(
                self._users & {name, *rest})
        if is_prefixed(root):
            declared = (root,) in self._intended or any(key[0] == root for key in self._intended)
            return (declared or root.rpartition(" ")[2] not in self._used) and _is_content(entry)
        if entry.path:
            if root in {NAT, NAT_LATE}:
                return _names_ours(entry)
            if entry.path == _INSPECTED:
                return entry.key in self._intended or (*entry.path, f"no {entry.line}") in self._intended
            return root in self._icmp or (root == BANNER and self._banner)
        if _LOGIN.fullmatch(entry.line):
            return True
        if found := re.fullmatch(rf"aaa accounting .* {re.escape(PREFIX)}\S+", entry.line):
            return bool(found)
        if found := re.fullmatch(rf"(?:access-group|service-policy) {re.escape(PREFIX)}\S+ .*", entry.line):
            return bool(found)
        if entry.line.startswith("priority-queue "):
            return entry.key in self._intended
        return any(matches(entry.line, family) for family in self._families) or slot(entry.line) in self._slots

    def _owns_vpn(self, entry: Entry) -> bool:
        """Our crypto map, what it names, and the ends that it leads to. Whether VPNs are filtered, and whether keys are
        exchanged at all, is ours as long as nobody else has one."""
        root = entry.key[0]
        if found := _FAR_END.fullmatch(root):
            return found[1] in self._peers and (not entry.path or entry.line.startswith("ikev2 "))
        if root in _PARAMETERS:
            return (root,) in self._intended or self._mapped
        if root.startswith(f"crypto map {MAP} ") or slot(root) in self._slots:
            return True
        leg = root.removeprefix("crypto ikev2 enable ")
        return self._alone and (root == FILTERED or leg in self._legs)

    def unmanaged(self, running: Tree) -> tuple[str, ...]:
        """The lines that are not ours and that the device did not make itself, by their outermost name."""
        found = (entry.text for entry in running.values() if (not entry.path or is_ordered(entry.path))
                 and not self.owns(entry) and not _BUILT_IN.fullmatch(entry.key[0]))
        return tuple(dict.fromkeys(found))


def is_list(path: tuple[str, ...]) -> bool:
    """Whether a path is an access list's."""
    return bool(path) and path[0].startswith("access-list ")


def _names_ours(entry: Entry) -> bool:
    return entry.path in {(NAT,), (NAT_LATE,)} and any(word.startswith(PREFIX) for word in entry.line.split())


def _is_content(entry: Entry) -> bool:
    """A description below a name of ours is the operator's."""
    return not entry.path or is_list(entry.path) or entry.line.split()[0] in _HOLDING
