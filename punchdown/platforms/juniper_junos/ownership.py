"""Which statements are ours. What stands outside is reported as unmanaged and never removed.

A scope is a path that is compared, and replaced, as a whole: a port in one of its hierarchies, a filter, a VLAN, a
single setting. Ours are the scopes that the intent renders, every scope of a port of the definition, and what carries
our prefix and is not named by anything that is not ours. A VLAN that we made goes as well where its number is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from punchdown.platforms.juniper_junos.statements import VLAN_WORDS, Words, vlan_numbers
from punchdown.platforms.lines import PREFIX

# ``*`` is any word, ``@`` the name of a port, ``%`` a name that carries our prefix where we made it.
_SCOPES = tuple(tuple(pattern.split()) for pattern in (
    "interfaces irb unit *", "interfaces lo0", "interfaces interface-range * member @", "interfaces @",
    "vlans %", "firewall family * filter %", "protocols dot1x authenticator interface @",
    "protocols dot1x authenticator authentication-profile-name", "protocols rstp interface @",
    "protocols rstp bridge-priority", "protocols rstp bpdu-block-on-edge", "protocols vstp interface @",
    "protocols vstp bpdu-block-on-edge", "protocols vstp vlan all", "protocols lldp interface @",
    "protocols lldp-med interface @", "poe interface @", "switch-options voip interface @",
    "switch-options interface @", "class-of-service interfaces @",
    "class-of-service classifiers dscp %", "class-of-service rewrite-rules dscp %",
    "forwarding-options storm-control-profiles %", "access radius-server *", "access profile *",
    "routing-options static route *", "chassis aggregated-devices ethernet device-count", "system host-name",
    "system login message", "system login class %", "system services ssh protocol-version",
    "system services ssh root-login", "system services telnet", "system services web-management", "system ntp server",
    "system syslog host", "system authentication-order", "system radius-server", "system tacplus-server",
    "system accounting", "system login user %", "snmp v3 usm local-engine user *",
    "snmp v3 vacm security-to-group security-model usm security-name *", "snmp v3 vacm access group %",
    "snmp v3 target-address %", "snmp v3 target-parameters %", "snmp v3 notify %", "snmp view %",
))
_PORT = re.compile(r"(?:ge|mge|xe|et)-\d+/\d+/\d+|ae\d+")
_BUILT_IN = re.compile(
    r"system (?:root-authentication|services netconf|commit|processes) ?.*|chassis auto-image-upgrade|vlans default .*"
    r"|protocols igmp-snooping .*|forwarding-options storm-control-profiles default .*|virtual-chassis .*"
    r"|protocols (?:rstp|lldp|lldp-med) interface all|poe interface all"
    r"|interfaces \S+ unit 0 family ethernet-switching (?:vlan members|storm-control) (?:default|1)")

_NAMED = {"vlans", "firewall", "class-of-service", "forwarding-options", "snmp", "system"}
LOGINS = frozenset({("system", "authentication-order"), ("system", "radius-server"), ("system", "tacplus-server"),
                    ("system", "accounting")})
"""Who checks logins: ours while the account is there that we make for those whom a server lets in."""
_ACCOUNT = ("system", "login", "user", f"{PREFIX}operator")
_IN_GROUP = ("snmp", "v3", "vacm", "security-to-group", "security-model", "usm", "security-name")


def is_built_in(words: Words) -> bool:
    """Whether a statement is one that the switch has by itself."""
    return _BUILT_IN.fullmatch(" ".join(words)) is not None


@lru_cache(maxsize=2**15)
def scope_of(words: Words) -> Words:
    """The scope that a statement belongs to, empty for what we never touch."""
    for pattern in _SCOPES:
        if len(words) >= len(pattern) and all(
                part in {"*", "%", word} or (part == "@" and (_PORT.fullmatch(word) or word == "all"))
                for part, word in zip(pattern, words, strict=False)):
            return words[:len(pattern)]
    return ()


def port_of(scope: Words) -> str:
    """The port that a scope is about, empty when it is about something else."""
    return next((word for word in scope[1:] if _PORT.fullmatch(word)), "")


def marked(scope: Words) -> bool:
    """Whether the scope is a named thing that we made."""
    return scope[-1].startswith(PREFIX) and scope[0] in _NAMED


class Ownership:
    """What one device's intended scopes make ours."""

    def __init__(self, intended: Iterable[Words], ports: Iterable[str], numbers: Iterable[str],
                 running: Iterable[tuple[Words, str]]) -> None:
        """``numbers`` are the VLANs of the intent; ``running`` every statement with its line."""
        self._intended, self._ports, self._taken = frozenset(intended), frozenset(ports), frozenset(numbers)
        running = tuple(running)
        self._users = {words[7] for words, _ in running if words[:7] == _IN_GROUP and words[8:9] == ("group",)
                       and words[-1].startswith(PREFIX)}
        self._logins = any(words[:4] == _ACCOUNT for words, _ in running) or _ACCOUNT in self._intended
        statements: dict[Words, list[Words]] = {}
        for words, _ in running:
            statements.setdefault(scope_of(words), []).append(words)
        self._numbers = vlan_numbers(("set", words) for below in statements.values() for words in below)
        self._kept = self._used({scope: below for scope, below in statements.items() if not self._plainly(scope)},
                                {scope: below for scope, below in statements.items() if self._left_over(scope)})

    def _used(self, foreign: dict[Words, list[Words]], left: dict[Words, list[Words]]) -> frozenset[Words]:
        """The leftovers that something foreign names, and what those name in turn."""
        kept: set[Words] = set()
        while foreign:
            words = frozenset(word for below in foreign.values() for one in below for word in one)
            vlans = frozenset(one[-1] for below in foreign.values() for one in below
                              if one[-2:-1] and one[-2] in VLAN_WORDS)
            foreign = {scope: below for scope, below in left.items() if scope not in kept
                       and self._number(scope) not in self._taken
                       and (scope[-1] in words or self._number(scope) in vlans)}
            kept |= foreign.keys()
        return frozenset(kept)

    def _number(self, scope: Words) -> str:
        return self._numbers.get(scope[-1], "-") if scope[0] == "vlans" else "-"

    def _plainly(self, scope: Words) -> bool:
        return bool(scope) and (scope in self._intended or port_of(scope) in self._ports or marked(scope)
                                or (self._logins and scope in LOGINS)
                                or (scope[:2] == ("snmp", "v3") and scope[-1] in self._users))

    def _left_over(self, scope: Words) -> bool:
        return self._plainly(scope) and scope not in self._intended and port_of(scope) not in self._ports

    def owns(self, scope: Words) -> bool:
        """Whether a running scope is ours to judge and to change."""
        return self._plainly(scope) and scope not in self._kept

    def concerns(self, path: Words) -> bool:
        """Whether ours stands at or below a path, or it below ours: such a path must not be inactive."""
        return any(scope[:len(path)] == path or path[:len(scope)] == scope for scope in self._intended)

    def unmanaged(self, running: Iterable[tuple[Words, str]]) -> tuple[str, ...]:
        """The lines that are not ours and that no switch has by itself."""
        return tuple(dict.fromkeys(line for words, line in running if not self.owns(scope_of(words))
                                   and not is_built_in(words)))
