"""The single lines of a firewall that runs already, on the way to a definition.

Source: fact sheet, "Admin access, logging, NTP", "SIP inspection off", "Show back".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_network

from punchdown.platforms.adoption import Found
from punchdown.platforms.cisco_asa.capabilities import DOCUMENT
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.platforms.cisco_asa.words import PREFIX
from punchdown.secrets import UNKNOWN
from punchdown.values.adopted import Fate, SeenLine
from punchdown.values.policy import LineRef

OWN = re.compile("|".join((
    r"(?:no )?mac-address auto", r"ftp mode passive", r"pager lines 24", r"logging asdm informational", r"no failover",
    r"no monitor-interface .*", r"icmp unreachable rate-limit 1 burst-size 1", r"no asdm .*", r"arp timeout 14400",
    r"no arp .*", r"arp rate-limit \d+", r"timeout (?:xlate|pat-xlate|conn|uauth) .*",
    r"timeout (?:sunrpc|sip|sip-\S+|tcp-proxy-reassembly|floating-conn|conn-holddown|igp) .*",
    r"user-identity default-domain LOCAL",
    r"aaa authentication login-history", r"no snmp-server .*", r"snmp-server enable traps snmp .*",
    r"crypto ipsec security-association (?:pmtu-aging infinite|lifetime .*)", r"crypto ca trustpool policy",
    r"telnet timeout 5", r"(?:no )?ssh stricthostkeycheck", r"console timeout 0", r"no threat-detection .*",
    r"threat-detection (?:basic-threat|statistics access-list)", r"dynamic-access-policy-record DfltAccessPolicy",
    r"class-map inspection_default", r"policy-map type inspect dns (?:preset_dns_map|migrated_dns_map_\d+)",
    r"crypto ca (?:trustpoint|certificate chain) _SmartCallHome_ServerCA",
    r"service-policy global_policy global", r"prompt hostname context", r"no call-home reporting anonymous",
    r"call-home(?: reporting anonymous.*)?", r"no (?:nat-control|jumbo-frame .*|pager)", r"xlate per-session .*",
    r"mtu \S+ 1500", r"asdm (?:image|history|location) .*", r"boot system .*", r"service-module .*",
    r"clock (?:timezone|summer-time) .*", r"firewall (?:routed)", r"aaa proxy-limit disable", r"cts .*",
    r"dhcp-client .*", r"app-agent .*", r"snmp-server enable", r"no (?:service .*|logging .*)",
)))
"""What the device writes by itself, or what says nothing about who may do what."""
_HEALTHY = re.compile("|".join((
    r"aaa authentication ssh console LOCAL", r"aaa authorization exec (?:LOCAL|authentication-server) auto-enable",
    r"ssh key-exchange group dh-group14-sha(?:1|256)", r"ssh version 2", r"logging (?:enable|timestamp)",
    r"logging trap informational", r"icmp permit any (?:echo|unreachable|time-exceeded) \S+",
    r"same-security-traffic permit (?:inter|intra)-interface", r"service resetinbound", r"no http server enable",
    rf"class-map {PREFIX}voice", rf"policy-map {PREFIX}out", rf"service-policy {PREFIX}out interface \S+",
    r"priority-queue \S+", rf"time-range {PREFIX}t-\S+",
)))
_FEW = ("firewall-admin-minimal",)
_TRUST = ("segregation-trust-zones",)
_WRONG: tuple[tuple[re.Pattern[str], str, tuple[str, ...], str], ...] = tuple(
    (re.compile(pattern), title, controls, severity) for pattern, title, controls, severity in (
        (r"telnet \d\S* \S+ \S+", "logins over Telnet, in clear", _FEW, "high"),
        (r"ssh 0\.0\.0\.0 0\.0\.0\.0 \S+|ssh ::/0 \S+", "logins are tried from any address", _FEW, "high"),
        (r"http 0\.0\.0\.0 0\.0\.0\.0 \S+|http ::/0 \S+", "logins over the web are tried from any address", _FEW,
         "high"),
        (r"http server enable.*", "the firewall is managed over the web as well", _FEW, "medium"),
        (r"ssh version 1(?: 2)?|ssh key-exchange group dh-group1-sha1|ssh version 2 1", "logins with old cryptography",
         _FEW, "medium"),
        (r"snmp-server (?:community .*|host \S+ \S+(?: poll| trap)? community .*)", "SNMP with a community, in clear",
         _FEW, "medium"),
        (r"ssh timeout 60", "logins rest for an hour before they end", _FEW, "low"),
        (r"crypto ikev1 enable .*|crypto isakmp enable .*", "a VPN with the old key exchange (IKEv1)",
         ("vpn-remote-controllers",), "medium"),
    ))
_OLD = re.compile(r"(?:encryption|protocol esp encryption) (?:.* )?(?:null|des|3des)(?: .*)?|"
                  r"(?:hash|integrity|protocol esp integrity|prf) (?:.* )?md5(?: .*)?|group (?:.* )?[125](?: .*)?")
_PERSONAL = re.compile(r"(?:username|enable|passwd) .*")
_WHAT = tuple((re.compile(pattern), what) for pattern, what in (
    (r"(?:username|enable|passwd) .*", "a login of the device itself"), (r"snmp-server .*", "SNMP"),
    (r"tunnel-group (\S+) .*", "the VPN to {}"), (r"aaa-server (\S+) .*", "the servers {} that check logins"),
    (r"failover .*", "failover"), (r"ntp .*", "time servers"), (r".*", "{}")))


@dataclass
class Globals:
    """What a firewall says of itself. ``logins`` are (prefix, interface)."""

    hostname: str = ""
    ntp: list[str] = field(default_factory=list)
    syslog: list[str] = field(default_factory=list)
    dns: list[str] = field(default_factory=list)
    banner: list[str] = field(default_factory=list)
    session_minutes: int = 0
    logins: list[tuple[str, str]] = field(default_factory=list)
    secrets: list[tuple[str, LineRef]] = field(default_factory=list)
    advice: list[Found] = field(default_factory=list)


_Take = Callable[[Globals, re.Match[str]], None]


def _address(kind: str) -> _Take:
    def take(found: Globals, match: re.Match[str]) -> None:
        items: list[str] = getattr(found, kind)
        try:
            address = str(IPv4Address(match[1]))
        except ValueError:
            return
        if address not in items:
            items.append(address)
    return take


def _hostname(found: Globals, match: re.Match[str]) -> None:
    found.hostname = match[1]


def _banner(found: Globals, match: re.Match[str]) -> None:
    found.banner.append(match[1])


def _session(found: Globals, match: re.Match[str]) -> None:
    found.session_minutes = int(match[1])


def _login(found: Globals, match: re.Match[str]) -> None:
    try:
        prefix = str(ip_network(f"{match[1]}/{match[2]}", strict=False))
    except ValueError:
        return
    found.logins.append((prefix, match[3]))


_TAKEN: tuple[tuple[re.Pattern[str], _Take], ...] = tuple((re.compile(pattern, re.ASCII), take) for pattern, take in (
    (r"hostname (\S+)", _hostname), (r"ntp server (\S+)(?: source \S+)?(?: prefer)?", _address("ntp")),
    (r"logging host \S+ (\S+)", _address("syslog")), (r"banner login (.*)", _banner),
    (r"ssh timeout (\d{1,3})", _session), (r"ssh (\d\S+) (\d\S+) (\S+)", _login),
))
_NAME_SERVER = re.compile(r"name-server (\d\S+)(?: \S+)?", re.ASCII)


def read_global(found: Globals, node: Node) -> list[SeenLine]:
    """A section that is no interface, object, list, translation or VPN: what is kept, and what becomes of its lines."""
    line = ref(node)
    found.advice += [(title, line, controls, severity) for pattern, title, controls, severity in _WRONG
                     if pattern.fullmatch(node.text)]
    if _PERSONAL.fullmatch(node.text):
        return told(node, Fate.UNMANAGED, note="logins of the device itself are never touched")
    if node.text.startswith("dns server-group "):
        return list(_dns(found, node))
    if node.text.startswith("policy-map ") and not node.text.startswith(("policy-map type", f"policy-map {PREFIX}")):
        return list(_inspection(found, node))
    for pattern, take in _TAKEN:
        if match := pattern.fullmatch(node.text):
            take(found, match)
            return told(node, Fate.RECOGNISED)
    fate = Fate.RECOGNISED if _HEALTHY.fullmatch(node.text) else Fate.OWN if OWN.fullmatch(node.text) else None
    return told(node, fate or Fate.UNMANAGED)


def _dns(found: Globals, node: Node) -> Iterator[SeenLine]:
    yield SeenLine(ref(node), Fate.RECOGNISED)
    for child in node.below:
        if match := _NAME_SERVER.fullmatch(child.text):
            _address("dns")(found, match)
        yield SeenLine(ref(child), Fate.RECOGNISED if match else Fate.UNMANAGED, node.text)


def _inspection(found: Globals, node: Node) -> Iterator[SeenLine]:
    """A policy of classes: only whether SIP is rewritten is the definition's; what else is inspected stays."""
    yield SeenLine(ref(node), Fate.OWN)
    for child in node.below:
        yield SeenLine(ref(child), Fate.OWN, node.text)
        for inner in child.below:
            sip = re.fullmatch(r"inspect sip(?: .*)?", inner.text)
            if sip:
                found.advice.append(("the firewall rewrites SIP on its way", ref(inner), (), "medium"))
            known = sip or inner.text == "inspect icmp"
            own = inner.text.startswith("inspect ") or inner.text == "parameters"
            yield SeenLine(ref(inner), Fate.RECOGNISED if known else Fate.OWN if own else Fate.UNMANAGED, child.text)


def secrets(found: Globals, nodes: Iterable[Node]) -> None:
    """Every line that holds one, with what it is for; also what a VPN encrypts with, where that is old."""
    for node in nodes:
        for line in (node, *node.below):
            if UNKNOWN in line.text or "<masked:" in line.text or re.search(r" \*{3,}", line.text):
                what, match = next((what, match) for pattern, what in _WHAT if (match := pattern.fullmatch(node.text)))
                found.secrets.append((what.format(match[1] if match.groups() else node.text.split()[0]), ref(line)))
            if node.text.startswith("crypto ") and _OLD.fullmatch(line.text):
                found.advice.append(("a VPN with old cryptography", ref(line), ("vpn-remote-controllers",), "medium"))


def told(node: Node, fate: Fate, note: str = "") -> list[SeenLine]:
    """A whole section with one fate."""
    return [SeenLine(ref(node), fate, note=note), *(line for child in node.below for line in _below(child, node, fate))]


def _below(node: Node, above: Node, fate: Fate) -> Iterator[SeenLine]:
    yield SeenLine(ref(node), fate, above.text)
    for child in node.below:
        yield from _below(child, node, fate)


def ref(node: Node) -> LineRef:
    """The place of a line."""
    return LineRef(DOCUMENT, node.number, node.text)
