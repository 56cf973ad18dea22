"""Who runs a switch that runs already: servers that check logins, who polls it, whose senders it knows.

Source: fact sheet, "Management" and "DHCP snooping, ARP protect, source lockdown"; HP Access Security Guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from punchdown.platforms.hp_procurve.capabilities import DOCUMENT
from punchdown.platforms.hp_procurve.normalise import Entry
from punchdown.values.adopted import SeenGuards, SeenLogins, SeenSnmp
from punchdown.values.policy import LineRef

_LOGIN = re.compile(r'aaa authentication ssh login (radius|tacacs)(?: server-group "([^"]+)")?(?: local| none)*')
_MEMBER = re.compile(r'aaa server-group radius "([^"]+)" host ([\d.]+)')
_TACACS = re.compile(r"tacacs-server host ([\d.]+).*")
_USER = re.compile(r'snmpv3 user "([^"]+)" auth sha priv aes')
_POLLER = re.compile(r"ip authorized-managers ([\d.]+) 255\.255\.255\.255 access \S+ access-method (?:all|snmp)")
POLLS_ONLY = re.compile(r"ip authorized-managers .* access-method snmp")
_BINDING = re.compile(r"ip source-binding \d+ ([\d.]+) ([0-9a-f]{6})-([0-9a-f]{6}) \S+")
KNOWN = "|".join((
    _LOGIN.pattern, _MEMBER.pattern, _TACACS.pattern, _USER.pattern, _BINDING.pattern,
    r"aaa authentication ssh enable .*",
    r"aaa authentication login privilege-mode", r"aaa accounting (?:exec|commands) .*", r"snmpv3 (?:enable|only)",
    r'snmpv3 group managerpriv user "[^"]+" sec-model ver3', r"arp-protect(?: (?:vlan \d+|validate .*))?",
    r"ip source-lockdown",
))
"""Global lines that a definition's ``aaa``, ``snmp`` and ``protection`` say."""


def login_check(found: Iterable[Entry]) -> SeenLogins | None:
    """The servers that are asked first over SSH, None where the switch asks its own accounts first."""
    entries = tuple(found)
    first = next(((match, entry) for entry in entries if (match := _LOGIN.fullmatch(entry.line))), None)
    if first is None:
        return None
    match, entry = first
    if match[1] == "tacacs":
        servers = [own[1] for item in entries if (own := _TACACS.fullmatch(item.line))]
    else:
        servers = [own[2] for item in entries if (own := _MEMBER.fullmatch(item.line)) and own[1] == match[2]]
    accounting = any(item.line.startswith("aaa accounting exec ") for item in entries)
    line = LineRef(DOCUMENT, entry.number, entry.text.strip())
    return SeenLogins(match[1], tuple(dict.fromkeys(servers)), line, accounting) if servers else None


def snmp(found: Iterable[Entry]) -> SeenSnmp | None:
    """The first user of SNMPv3 with SHA and AES, and who may ask."""
    entries = tuple(found)
    managers = tuple(own[1] for item in entries if (own := _POLLER.fullmatch(item.line)))
    users = ((match[1], entry) for entry in entries
             if (match := _USER.fullmatch(entry.line)) and match[1] != "initial")
    name, entry = next(users, ("", None))
    if entry is None or not managers:
        return None
    return SeenSnmp(name, "sha", "aes128", managers, LineRef(DOCUMENT, entry.number, entry.text.strip()), traps=False)


def guards(found: Iterable[Entry]) -> SeenGuards:
    """ARP protection, source lockdown, and who is bound to a port."""
    lines = [entry.line for entry in found]
    macs = ((match[1], match[2] + match[3]) for line in lines if (match := _BINDING.fullmatch(line)))
    return SeenGuards(arp="arp-protect" in lines, source="ip source-lockdown" in lines, fixed=tuple(
        (address, ":".join(digits[place:place + 2] for place in range(0, 12, 2)).upper()) for address, digits in macs))


def asked_for_ports(found: Iterable[Entry]) -> frozenset[str]:
    """The addresses of the group that checks ports; empty where every server does."""
    entries = tuple(found)
    group = next((match[1] for entry in entries if (match := re.fullmatch(
        r'aaa authentication port-access eap-radius server-group "([^"]+)"', entry.line))), "")
    return frozenset(own[2] for item in entries if (own := _MEMBER.fullmatch(item.line)) and own[1] == group)
