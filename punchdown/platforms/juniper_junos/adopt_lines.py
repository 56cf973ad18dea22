"""What becomes of every line of a switch that runs already, and what the guideline wants otherwise.

A line is recognised when everything that it sets is what a definition says. Source: fact sheet, all sections.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from punchdown.platforms.adoption import Found
from punchdown.platforms.juniper_junos.adopt_text import PORT
from punchdown.platforms.juniper_junos.capabilities import DOCUMENT
from punchdown.platforms.juniper_junos.configuration import running_side
from punchdown.platforms.juniper_junos.ownership import is_built_in
from punchdown.platforms.juniper_junos.policy_text import Text
from punchdown.platforms.juniper_junos.statements import Line, Words, canonical, lines_of, vlan_numbers
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import Fate, SeenLine
from punchdown.values.policy import LineRef

_IF = rf"(?:interface-range \S+|{PORT.pattern})"
_AT = r"interface \S+"
_OURS = rf"{PREFIX}\S+"
_SWITCHING = rf"(?:interface-mode (?:access|trunk)|vlan members \S+|storm-control \S+|filter input {_OURS})"
_GUARD = (r"(?:supplicant (?:multiple|single-secure)|authentication-order \S+|no-reauthentication"
          r"|multi-domain (?:max-data-session 1|packet-action \S+)|mac-radius(?: authentication-protocol pap)?"
          r"|(?:transmit-period|reauthentication|guest-vlan|server-reject-vlan) \d+"
          r"|server-fail (?:vlan-name \S+|permit|deny)|server-fail-voip permit)")
_KNOWN = re.compile("|".join((
    r"system host-name \S+", r"system login message .*", rf"system login class {PREFIX}operators .*",
    r"system services ssh(?: (?:root-login deny|protocol-version v2))?", r"system (?:ntp server|name-server) [\d.]+",
    r"system syslog host [\d.]+ any notice", r"system authentication-order (?:radius|tacplus|password)",
    r"system (?:radius|tacplus)-server [\d.]+ (?:port|accounting-port|retry|secret|timeout|source-address) \S+",
    r"system accounting (?:events \S+|destination (?:radius|tacplus))",
    rf"system login user {PREFIX}operator class {PREFIX}operators",
    r"snmp v3 usm local-engine user \S+ (?:authentication-sha(?:256|512)?|privacy-aes(?:128|256)) key",
    rf"snmp v3 vacm security-to-group security-model usm security-name \S+ group {_OURS}",
    rf"snmp v3 vacm access group {_OURS} .*", rf"snmp v3 (?:target-\S+|notify) {_OURS} .*", rf"snmp view {_OURS} .*",
    r"interfaces interface-range \S+ member(?:-range)? .*", rf"interfaces {_IF}(?: unit 0)? description .*",
    rf"interfaces {_IF}(?: unit 0)?(?: disable)?", rf"interfaces {_IF} native-vlan-id \d+",
    rf"interfaces {_IF} (?:gig)?ether-options 802\.3ad ae\d+", r"interfaces ae\d+ aggregated-ether-options lacp",
    r"interfaces ae\d+ aggregated-ether-options lacp (?:active|passive)",
    rf"interfaces {_IF} unit 0 family ethernet-switching(?: {_SWITCHING})?",
    r"interfaces irb unit \d+ family inet6? address \S+", rf"interfaces irb unit \d+ family inet filter input {_OURS}",
    r"vlans \S+ (?:vlan-id \d+|l3-interface irb\.\d+|forwarding-options dhcp-security)",
    rf"vlans \S+ forwarding-options (?:filter input {_OURS}|dhcp-security group {PREFIX}(?:(?:un)?trusted|fixed) .*)",
    r"vlans \S+ forwarding-options dhcp-security (?:arp-inspection|ip-source-guard)",
    rf"firewall family \S+ filter {_OURS} .*", r"routing-options static route 0\.0\.0\.0/0 next-hop [\d.]+",
    r"protocols dot1x authenticator authentication-profile-name \S+",
    rf"protocols dot1x authenticator {_AT} {_GUARD}",
    rf"protocols (?:rstp|vstp) {_AT}(?: (?:edge|no-root-port|bpdu-timeout-action block))?",
    r"protocols (?:rstp|vstp|lldp|lldp-med|dot1x)", r"protocols (?:rstp|vstp) bpdu-block-on-edge",
    r"protocols vstp vlan all", r"protocols (?:rstp|vstp vlan all) bridge-priority (?:0k|4k)",
    r"access radius-server [\d.]+ (?:port|accounting-port|secret|timeout|retry|source-address) \S+",
    r"access profile \S+ (?:authentication-order|accounting order) radius",
    r"access profile \S+ radius (?:authentication-server|accounting-server|options revert-interval) \S+",
    rf"class-of-service \S+ dscp {_OURS} .*", rf"class-of-service interfaces \S+ unit 0 \S+ dscp {_OURS}",
    rf"switch-options voip {_AT}(?: (?:vlan \d+|forwarding-class expedited-forwarding))?",
    rf"switch-options {_AT} interface-mac-limit (?:\d+|packet-action drop-and-log)",
    rf"poe {_AT}(?: disable)?", r"chassis aggregated-devices ethernet device-count \d+",
    r"forwarding-options storm-control-profiles \S+ all(?: (?:bandwidth-\S+ \d+|no-unknown-unicast))?",
)))
_MANAGED = ("segregation-managed-switches",)
_WRONG = tuple((re.compile(pattern), title, severity) for pattern, title, severity in (
    (r"snmp community .*", "SNMP with a community, in clear", "medium"),
    (r"system services telnet.*", "logins over Telnet, in clear", "high"),
    (r"system services ftp.*", "files over FTP, in clear", "medium"),
    (r"system services web-management http(?: .*)?", "the switch is managed over HTTP in clear", "medium"),
    (r"system services ssh root-login allow", "the superuser may log in from the network", "medium"),
    (r"system services ssh protocol-version v1", "logins over the first version of SSH", "high"),
    (r"system services (?:xnm-clear-text|finger).*", "the switch is managed in clear", "high"),
))
_OFF = "inactive: it does nothing, and nothing of it is taken over"
_GROUP = "what groups give is not read: a port may do more than is told here"
_TAKEN = "a plan takes it off the ports that the definition names"


def told(text: str) -> Iterator[SeenLine]:
    """Every line that says something, with what becomes of it."""
    lines = list(lines_of(text))
    numbers = vlan_numbers((line.verb, line.words) for line in lines)
    inactive = tuple(line.words for line in lines if line.verb == "deactivate")
    shown = {item.lines[0]: item.text for item in running_side(text).all_items()}
    by_number: dict[int, list[tuple[Line, Words]]] = {}
    for line in lines:
        by_number.setdefault(line.number, []).extend((line, words) for words in canonical(line.words, numbers) or ((),))
    for number, rows in by_number.items():
        line, words = rows[0]
        off = line.verb != "set" or any(line.words[:len(path)] == path for path in inactive)
        fates = {_fate(each) for _, each in rows}
        fate = Fate.UNMANAGED if off or Fate.UNMANAGED in fates else fates.pop()
        yield SeenLine(LineRef(DOCUMENT, number, line.text), fate, _within(words),
                       _OFF if off else _note(words) if fate is Fate.UNMANAGED else "",
                       shown.get(line.text, ""))


def _fate(words: Words) -> Fate:
    if not words or is_built_in(words):
        return Fate.OWN
    return Fate.RECOGNISED if _KNOWN.fullmatch(" ".join(words)) else Fate.UNMANAGED


def _within(words: Words) -> str:
    """What a line is about, in two words: for a port what is set there, since there are many of them."""
    if words[:1] != ("interfaces",) or len(words) < 3:
        return " ".join(words[:2])
    below = words[3:] if words[1] == "interface-range" else words[2:]
    below = below[2:] if below[:1] == ("unit",) and len(below) > 2 else below
    below = below[1:] if below[:1] == ("family",) and len(below) > 1 else below
    return f"interfaces {below[1] if below[:1] == ('ethernet-switching',) and len(below) > 1 else below[0]}"


def _note(words: Words) -> str:
    if words[:1] == ("groups",) or "apply-groups" in words:
        return _GROUP
    return _TAKEN if words[:1] == ("interfaces",) and len(words) > 1 and PORT.fullmatch(words[1]) else ""


def advice(text: Text) -> Iterator[Found]:
    """What single statements have against the guideline."""
    for one in text.statements:
        words = " ".join(one.words)
        yield from ((title, one.line, _MANAGED, severity) for pattern, title, severity in _WRONG
                    if pattern.fullmatch(words))
