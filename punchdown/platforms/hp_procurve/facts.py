"""A line of configuration as facts: what it sets, of which port or VLAN, to what.

Membership, port access control and the spanning tree are written in lists of ports; a fact is about one port. Every
fact has a slot: two facts of one slot can't both hold. Source: fact sheet, all sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from punchdown.platforms.hp_procurve.access_lists import SEQUENCE, canonical_entry, dscp
from punchdown.platforms.hp_procurve.ports import PORTS, expand, expand_vlans

Slot = tuple[str, ...]

BLOCKS = re.compile(
    rf"vlan \d+|interface {PORTS}|ip access-list (?:standard|extended) \S+|ipv6 access-list \S+|class ipv[46] \S+"
    r"|policy \S+ \S+|oobm|stacking|member \d+|openflow|instance \S+|router \S+|vsf|lacp")
LISTS = re.compile(r"(?:ip access-list (?:standard|extended)|ipv6 access-list|class ipv[46]|policy \S+) \S+")
_QUOTED = re.compile(r"((?:hostname|name|ip access-list (?:standard|extended)|ipv6 access-list|class ipv[46]"
                     r"|policy qos|ip access-group|ipv6 access-group|service-policy|aaa server-group radius|snmpv3 user"
                     r"|snmpv3 group \S+ user))"
                     r" ([^\s\"]+)(.*)")
_ON_PORTS = re.compile(
    rf"(aaa port-access(?: authenticator| mac-based)?|spanning-tree|port-security|lldp config|ip source-lockdown"
    rf"|dhcp-snooping trust|arp-protect trust) ({PORTS})(?: (.+))?")
_INSIDE_PORT = ("dhcp-snooping trust", "arp-protect trust")
_TRUNK = re.compile(rf"trunk ({PORTS}) ([Tt]rk\d+)(?: (\S+))?")
_MEMBER = re.compile(rf"(no )?(untagged|tagged) ({PORTS})")
_FROM_PORT = re.compile(r"(no )?(untagged|tagged) vlan (\d+)")
_VLAN_SETS = re.compile(r"((?:dhcp-snooping|arp-protect) vlan) ([\d ,-]+)")
_SERVER_HOST = re.compile(r"((?:radius|tacacs)-server host \S+)((?: (?:auth-port|acct-port) \d+)*)"
                          r"(?: (?:encrypted-)?key (\S+))?")
_EXTRAS = ("dyn-authorization", "time-window plus-or-minus-time-window")
_SNMP_USER = re.compile(r"(snmpv3 user \S+)(?: auth (md5|sha) \S+(?: priv (aes|des) \S+)?)?")
_GLOBAL_KEYS = (
    "hostname", "banner motd", "timesync", "ip default-gateway", "radius-server timeout", "radius-server retransmit",
    "radius-server dead-time", "logging severity", "logging facility", "console idle-timeout",
    "aaa authentication port-access", "aaa authentication mac-based", "aaa accounting network", "aaa accounting exec",
    "aaa accounting commands",
    "aaa authentication ssh login", "aaa authentication ssh enable", "aaa port-access mac-based addr-format",
    "qos type-of-service", "spanning-tree mode", "spanning-tree priority", "time timezone", "time daylight-time-rule",
    "primary-vlan", "max-vlans", "arp-protect validate", "snmp-server contact", "sntp poll-interval",
)
_PORT_KEYS = ("name", "ip access-group", "ipv6 access-group", "rate-limit bcast in", "rate-limit mcast in",
              "rate-limit unknown-unicast in", "rate-limit all in", "rate-limit all out", "service-policy", "qos trust",
              "qos dscp", "qos priority", "speed-duplex", "broadcast-limit", "lacp", "mdix-mode", "unknown-vlans")
_VLAN_KEYS = ("name", "ip address", "qos priority", "qos dscp", "ipv6 address")
_ON = {"telnet-server", "web-management", "tftp server", "dhcp-snooping option 82", "lldp run", "power-over-ethernet",
       "autorun", "dhcp config-file-update", "dhcp image-file-update", "dhcp tr69-acs-url", "ip ssh", "rest-interface"}
_DEFAULTS = re.compile("|".join((
    (r"aaa port-access authenticator \S+ (?:tx-period 30|supplicant-timeout 30|quiet-period 60|server-timeout 300"
     r"|max-requests 2|logoff-period 300|reauth-period 0)"),
    (r"aaa port-access mac-based \S+ (?:addr-limit 1|logoff-period 300|reauth-period 0|quiet-period 60"
     r"|server-timeout 300|max-requests 3)"),
    r"aaa port-access \S+ controlled-direction both", r"aaa port-access mac-based addr-format no-delimiter",
    r"radius-server timeout 5", r"radius-server retransmit 3", r"radius-server dead-time 0",
    r"console idle-timeout 0", r"no ip address", r"no voice", r"port-security \S+ learn-mode continuous",
    r"spanning-tree priority 8", r"spanning-tree mode mstp",
    r"aaa authentication ssh (?:login|enable) local(?: none)?", r"timesync timep", r"enable", r"speed-duplex auto",
)))


@dataclass(frozen=True, slots=True)
class Fact:
    """``line`` below ``path`` fills ``slot``; where ``gone``, the slot is empty again."""

    slot: Slot
    path: tuple[str, ...]
    line: str
    gone: bool = False


def tidy(line: str) -> str:
    """One blank between words, but for what stands in quotes; names in quotes, as the device shows them.

    >>> tidy('  name  "a  b"'), tidy("ip access-group PD-x in")
    ('name "a  b"', 'ip access-group "PD-x" in')
    """
    parts = line.strip().split('"')
    parts[::2] = [re.sub(r"\s+", " ", part) for part in parts[::2]]
    text = '"'.join(parts)
    negated = text.startswith("no ")
    text = text.removeprefix("no ")
    if match := _QUOTED.fullmatch(text):
        text = f'{match[1]} "{match[2]}"{match[3]}'
    return f"no {text}" if negated else text


def _key(line: str, keys: tuple[str, ...]) -> str:
    return next((key for key in keys if line == key or line.startswith(f"{key} ")), line)


def _port_key(rest: str) -> str:
    words = rest.split()
    return " ".join(words[:2 if words[:1] == ["critical-auth"] else 1])


def _plain(prefix: Slot, path: tuple[str, ...], line: str, keys: tuple[str, ...]) -> Fact:
    negated = line.startswith("no ")
    body = line.removeprefix("no ")
    slot = (*prefix, _key(body, keys))
    if body in _ON:
        return Fact(slot, path, line, gone=not negated)
    return Fact(slot, path, line if not negated else body, gone=negated or bool(_DEFAULTS.fullmatch(body)))


def _of_port(port: str, line: str) -> Fact:
    if line.removeprefix("no ") in {"enable", "disable"}:
        return Fact(("port", port, "disable"), (f"interface {port}",), "disable", gone=line in {"enable", "no disable"})
    return _plain(("port", port), (f"interface {port}",), line, _PORT_KEYS)


def _member(vlan: str, port: str, kind: str, negated: bool) -> Fact:
    path = (f"vlan {vlan}",)
    if kind == "tagged":
        return Fact(("port", port, f"tagged {vlan}"), path, f"tagged {port}", gone=negated)
    line = f"no untagged {port}" if negated else f"untagged {port}"
    return Fact(("port", port, "untagged"), path, line, gone=vlan == "1" and not negated)


def _in_vlan(vlan: str, line: str) -> Iterator[Fact]:
    if match := _MEMBER.fullmatch(line):
        for port in expand(match[3]):
            yield _member(vlan, port, match[2], bool(match[1]))
    elif line.startswith(("ip access-group ", "no ip access-group ")):
        body = line.removeprefix("no ")
        yield Fact(("vlan", vlan, f"ip access-group {body.split()[-1]}"), (f"vlan {vlan}",), body, line != body)
    else:
        yield _plain(("vlan", vlan), (f"vlan {vlan}",), line, _VLAN_KEYS)


def _in_list(header: str, line: str) -> Iterator[Fact]:
    negated, body = line.startswith("no "), line.removeprefix("no ")
    family = 6 if "ipv6" in header else 4
    match = SEQUENCE.fullmatch(body)
    number, words = (match[1], match[2]) if match else ("", body)
    if negated and body.isdigit():
        yield Fact(("list", header, body), (header,), body, gone=True)
        return
    if header.startswith("policy "):
        words = re.sub(r"ip-dscp (\S+)", lambda found: f"ip-dscp {dscp(found[1])}", tidy(words))
    elif words.startswith("remark "):
        number = f"{number} remark"
    else:
        words = canonical_entry(words, family)
    yield Fact(("list", header, number or words), (header,), words, gone=negated)


def _at_top(line: str) -> Iterator[Fact]:
    negated, body = line.startswith("no "), line.removeprefix("no ")
    if match := _ON_PORTS.fullmatch(body):
        head, ports, rest = match[1], expand(match[2]), match[3] or ""
        for port in ports:
            if head in _INSIDE_PORT:
                yield _of_port(port, f"no {head}" if negated else head)
                continue
            if head == "lldp config":
                yield Fact(("port", port, f"{head} {rest}"), (), f"no {head} {port} {rest}", gone=not negated)
                continue
            text = f"{head} {port} {rest}".rstrip()
            key = f"{head} {_port_key(rest)}".rstrip() if head != "port-security" else head
            yield Fact(("port", port, key), (), text, gone=negated or bool(_DEFAULTS.fullmatch(text)))
    elif match := _TRUNK.fullmatch(body):
        for port in expand(match[1]):
            yield Fact(("port", port, "trunk"), (), f"trunk {port} {match[2].lower()} {match[3] or 'trunk'}", negated)
    elif negated and (match := re.fullmatch(rf"trunk ({PORTS})", body)):
        for port in expand(match[1]):
            yield Fact(("port", port, "trunk"), (), body, gone=True)
    elif match := _VLAN_SETS.fullmatch(body):
        for number in expand_vlans(match[2]):
            yield Fact(("global", f"{match[1]} {number}"), (), f"{match[1]} {number}", negated)
    elif match := _SERVER_HOST.fullmatch(body):
        yield from _server_host(match, negated)
    elif match := re.fullmatch(r"qos dscp-map (\S+)(?: (.+))?", body):
        point = f"qos dscp-map {dscp(match[1])}"
        yield Fact(("global", point), (), f"{point} {match[2] or ''}".rstrip(), negated)
    elif match := re.fullmatch(r"((?:ntp|logging|sntp) (?:server )?(?:priority \d+ )?[\d.]+)(?: .+)?", body):
        yield Fact(("global", match[1]), (), body, negated)
    elif match := re.fullmatch(r"(ip source-binding \d+ \S+) (\S+) (\S+)", body):
        digits = re.sub(r"[^0-9a-f]", "", match[2].lower())
        yield Fact(("global", match[1]), (), f"{match[1]} {digits[:6]}-{digits[6:]} {match[3]}", negated)
    elif match := _SNMP_USER.fullmatch(body):
        kinds = "".join(f" {kind} {word}" for kind, word in (("auth", match[2]), ("priv", match[3])) if word)
        yield Fact(("global", match[1]), (), f"{match[1]}{kinds}", negated)
    elif body.startswith("ip authorized-managers "):
        words = body.split()
        yield Fact(("global", " ".join(words[:4])), (), body, negated)
    else:
        yield _plain(("global",), (), line, _GLOBAL_KEYS)


def _server_host(match: re.Match[str], negated: bool) -> Iterator[Fact]:
    """The host and its key are two facts: the key is hidden unless credentials are shown."""
    name = match[1]
    if not match[3] or negated:
        yield Fact(("global", name), (), name + match[2], negated)
    if negated:
        yield from (Fact(("global", f"{name} {extra}"), (), f"{name} {extra}", gone=True) for extra in _EXTRAS)
    if match[3] or negated:
        yield Fact(("global", f"{name} key"), (), f"{name}{match[2]} key {match[3]}", negated)


@lru_cache(maxsize=16384)
def facts(path: tuple[str, ...], line: str) -> tuple[Fact, ...]:
    """The facts of one tidy line below a path; one whose lists can't be read is kept as it is.

    >>> [(fact.slot, fact.line) for fact in facts(("vlan 20",), "tagged 1-2")]
    [(('port', '1', 'tagged 20'), 'tagged 1'), (('port', '2', 'tagged 20'), 'tagged 2')]
    """
    try:
        return _facts(path, line)
    except ValueError:
        return (Fact(("other", *path, line), path, line),)


def _facts(path: tuple[str, ...], line: str) -> tuple[Fact, ...]:
    if not path:
        return tuple(_at_top(line))
    root = path[0]
    if len(path) > 1 or not BLOCKS.fullmatch(root):
        return (Fact(("other", *path, line), path, line),)
    if root.startswith("vlan "):
        return tuple(_in_vlan(root.removeprefix("vlan "), line))
    if root.startswith("interface "):
        ports = expand(root.removeprefix("interface "))
        if match := _FROM_PORT.fullmatch(line):
            return tuple(_member(match[3], port, match[2], bool(match[1])) for port in ports)
        return tuple(_of_port(port, line) for port in ports)
    if LISTS.fullmatch(root):
        return tuple(_in_list(root, line))
    return (Fact(("other", *path, line), path, line),)
