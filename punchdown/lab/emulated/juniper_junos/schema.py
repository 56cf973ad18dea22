"""What an EX switch knows in its configuration, as a tree read from patterns.

In a pattern ``<type>`` names an entry of a list, ``=type`` is a setting of one value, ``+type`` one of several in
order, and a bare last word is a flag or a container. ``(a|b)`` spreads out. Source: fact sheet; vendor's CLI reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from punchdown.lab.emulated.juniper_junos.statements import PATTERNS

_NAME = r"[A-Za-z0-9][\w.@-]{0,63}"
_INTERFACE = r"(?:(?:ge|mge|xe|et)-\d{1,2}/\d{1,2}/\d{1,3}|ae\d{1,3}|irb|lo0|me0|vme|fxp0)"
_V4 = r"\d{1,3}(?:\.\d{1,3}){3}"
_V6 = r"[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*"
TYPES: dict[str, str] = {
    "name": _NAME, "text": r"[^\x00-\x1f]*", "interface": _INTERFACE, "logical": rf"(?:{_INTERFACE}(?:\.\d+)?|all)",
    "ports": rf"(?:{_INTERFACE}(?:\.\d+)?|all|access-ports)", "address": rf"(?:{_V4}|{_V6})",
    "prefix": rf"(?:{_V4}|{_V6})(?:/\d{{1,3}})?", "prefix4": rf"{_V4}(?:/\d{{1,2}})?",
    "prefix6": rf"{_V6}(?:/\d{{1,3}})?",
    "word": r"\S+", "port": r"(?:\d{1,5}(?:-\d{1,5})?|[a-z][a-z0-9-]*)",
    "member": rf"(?:\d{{1,4}}(?:-\d{{1,4}})?|{_NAME})",
    "protocol": r"(?:\d{1,3}|ah|egp|esp|gre|icmp6?|icmpv6|igmp|ipip|ospf|pim|rsvp|sctp|tcp|udp|vrrp)",
    "dscp": r"(?:\d{1,2}|ef|be|cs[0-7]|af[1-4][1-3]|[01]{6})",
    "bits": r"(?:[01]{6}|ef|be|cs[0-7]|af[1-4][1-3]|nc[12])",
    "class": r"(?:best-effort|expedited-forwarding|assured-forwarding|network-control|be|ef|af|nc)",
    "loss": r"(?:low|medium-low|medium-high|high)", "ether": r"(?:0x[0-9A-Fa-f]+|\d+|arp|ipv4|ipv6|aarp|appletalk|"
    r"mpls-unicast|mpls-multicast|pppoe-discovery|pppoe-session)", "icmp": r"(?:\d{1,3}|echo-reply|echo-request|"
    r"unreachable|redirect|time-exceeded|parameter-problem|neighbor-solicit|neighbor-advertisement|router-solicit)",
    "mac": r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?:/\d{1,2})?", "family": r"(?:inet6?|ethernet-switching)",
    "priority": r"\d{1,2}k", "secret": r"[^\x00-\x1f]+", "password": r"[^\x00-\x1f]{8,}",
    "rate": r"\d+[kmg]?", "time": r"\d+", "unit": r"\d{1,5}",
    "permissions": r"(?:all|view|configure|admin|clear|network|reset|trace|view-configuration)",
}
_RANGES = {"vlan": (1, 4094), "percent": (0, 100), "minutes": (0, 4294967295), "udp": (1, 65535), "retries": (1, 100),
           "seconds": (0, 604800), "timeout": (1, 1000), "patience": (1, 90), "limit": (1, 131071),
           "sessions": (1, 1000), "transmit": (1, 65535), "reauth": (1, 65535), "quiet": (0, 65535),
           "requests": (1, 10), "links": (1, 64), "count": (1, 480), "mtu": (256, 9216), "recovery": (10, 3600),
           "interval": (60, 86400), "uid": (100, 64000)}
_USER_ORDERED = frozenset({"filter", "term", "user", "radius-server", "tacplus-server"})
_EXCLUSIVE = (("accept", "discard"), ("deny", "permit", "use-cache", "vlan-name"), ("trusted", "untrusted"),
              ("active", "passive"),
              ("authentication-md5", "authentication-sha", "authentication-sha224", "authentication-sha256",
               "authentication-none"), ("privacy-des", "privacy-3des", "privacy-aes128", "privacy-none"),
              ("include", "exclude"))


@dataclass(slots=True)
class Node:
    """A place in the hierarchy. ``keys`` are the words below; ``entry`` the type of the names of a list; ``value`` the
    type of a setting, ``many`` when it takes several in order; ``ordered``: entries stay in the order of creation."""

    word: str = ""
    keys: dict[str, Node] = field(default_factory=dict)
    entry: str = ""
    below: Node | None = None
    value: str = ""
    many: bool = False
    ordered: bool = False

    @property
    def leaf(self) -> bool:
        return bool(self.value)

    def find(self, word: str) -> list[str]:
        """The words below that this one stands for: itself, or what it begins alone."""
        return [word] if word in self.keys else [key for key in self.keys if key.startswith(word)]


def rivals(word: str) -> tuple[str, ...]:
    """The words of which a place holds only one."""
    return next((group for group in _EXCLUSIVE if word in group), ())


def _spread(parts: list[str]) -> list[list[str]]:
    for at, part in enumerate(parts):
        if part.startswith("("):
            return [one for word in part[1:-1].split("|") for one in _spread([*parts[:at], word, *parts[at + 1:]])]
    return [parts]


def _built() -> Node:
    root = Node()
    for pattern in PATTERNS.strip().splitlines():
        for parts in _spread(pattern.split()):
            here = root
            for part in parts:
                if part.startswith("<"):
                    here.entry, here.ordered = part[1:-1], here.word in _USER_ORDERED
                    here.below = here.below or Node(here.word)
                    here = here.below
                elif part[0] in "=+":
                    here.value, here.many = part[1:], part[0] == "+"
                else:
                    here = here.keys.setdefault(part, Node(part))
    return root


ROOT = _built()


def fits(kind: str, word: str) -> str:
    """Why a word is no value of this type, in the device's words; empty when it is one."""
    if kind in _RANGES:
        first, last = _RANGES[kind]
        if not word.isdigit():
            return f"Invalid numeric value: '{word}'"
        return "" if first <= int(word) <= last else f"Value {word} is not within range ({first}..{last})"
    pattern = kind if kind.startswith("(") else TYPES[kind]
    if re.fullmatch(pattern, word):
        return ""
    if kind in {"interface", "logical", "ports"}:
        return f"invalid interface type: '{word}'"
    return "syntax error." if kind.startswith("(") or kind == "permissions" else f"invalid value '{word}'"
