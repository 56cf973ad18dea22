"""What a line of the ruleset does, in words, best effort: the segments' names instead of their prefixes."""

from __future__ import annotations

import re

from punchdown.intent import FirewallIntent
from punchdown.values import Verdict

_SIDE = r"(!= )?(\{[^}]*\}|\S+)"
_SOURCE = re.compile(r"\bip6? saddr " + _SIDE)
_TARGET = re.compile(r"\bip6? daddr " + _SIDE)
_ENTRY = re.compile(r"\biifname " + _SIDE)
_EXIT = re.compile(r"\boifname " + _SIDE)
_PORTS = re.compile(r"\b(tcp|udp) dport " + _SIDE)
_PROTOCOL = re.compile(r"\bmeta l4proto (\S+)|\b(icmp|icmpv6) type (\S+)")
_ACTION = re.compile(r"(?<!\S)(accept|drop|reject|dnat|snat|masquerade)\b")


def of_line(firewall: FirewallIntent, heading: str, line: str, verdict: Verdict) -> str:
    """What follows from this line being there, gone or moved, in words; empty when there is nothing to say."""
    if verdict is Verdict.REORDERED:
        return f"the order in {heading} is another: a different line decides first"
    effect = _effect(firewall, heading, line)
    if not effect:
        return ""
    return effect if verdict is Verdict.EXTRA else f"no longer so: {effect}"


def severity(heading: str, line: str, verdict: Verdict) -> str:
    """High when packets pass that should not."""
    extra = verdict is Verdict.EXTRA
    opens = re.search(r"(?<!\S)(accept|dnat)\b", line) is not None
    closes = re.search(r"(?<!\S)(drop|reject)\b", line) is not None
    if heading.startswith("ct helper") or line.startswith("ct helper"):
        return "high"
    if verdict is Verdict.REORDERED or (opens and extra) or (closes and not extra):
        return "high"
    return "high" if heading.startswith("set netblock") and line.startswith("element") else "medium"


def _effect(firewall: FirewallIntent, heading: str, line: str) -> str:
    if "ct helper" in heading or "ct helper" in line:
        return "a helper of the connection tracking rewrites signalling (SIP ALG)"
    if heading.startswith("set "):
        listed = line.removeprefix("element ")
        return f"{listed} is on the list {heading.removeprefix('set ')}" if listed != line else ""
    if line.startswith("type "):
        return f"{heading} hangs at {line}"
    action = _ACTION.search(line)
    return _sentence(firewall, heading, line, action[1]) if action else ""


def _sentence(firewall: FirewallIntent, heading: str, line: str, action: str) -> str:
    who, what = _who(firewall, line), _what(line)
    where = "the firewall itself" if heading == "chain input" else _where(firewall, line)
    if action == "accept":
        return f"{who} can open {what} on {where}"
    if action in {"drop", "reject"}:
        return f"packets of {who} to {where} ({what}) are refused"
    if action == "dnat":
        return f"{what} of {who} to {where} is forwarded to {line.partition('dnat ip to ')[2] or 'another address'}"
    return f"packets of {who} to {where} leave with another source address"


def _who(firewall: FirewallIntent, line: str) -> str:
    source, entry = _SOURCE.search(line), _ENTRY.search(line)
    if source:
        return f"{'anyone but ' if source[1] else ''}{_named(firewall, source[2])}"
    if entry:
        return f"{'anyone but ' if entry[1] else ''}{_interface(firewall, entry[2])}"
    return "anyone"


def _where(firewall: FirewallIntent, line: str) -> str:
    target, exit_ = _TARGET.search(line), _EXIT.search(line)
    if target:
        return f"{'anything but ' if target[1] else ''}{_named(firewall, target[2])}"
    if exit_:
        return f"{'anything but ' if exit_[1] else ''}{_interface(firewall, exit_[2])}"
    return "anything"


def _what(line: str) -> str:
    ports, protocol = _PORTS.search(line), _PROTOCOL.search(line)
    if ports:
        return f"{ports[1].upper()} {'other than ' if ports[2] else ''}{ports[3].strip('{ }')}"
    if protocol:
        return " ".join(word for word in protocol.groups() if word).upper()
    return "IPv6" if re.search(r"\bip6 |nfproto ipv6", line) else "anything"


def _named(firewall: FirewallIntent, addresses: str) -> str:
    """``10.20.20.0/24`` as ``phones (10.20.20.0/24)``."""
    names = {prefix: item.segment for item in firewall.interfaces for prefix in (item.prefix, item.prefix6) if prefix}
    words = [word.strip() for word in addresses.strip("{ }").split(",")]
    return ", ".join(f"{names[word]} ({word})" if word in names else word for word in words)


def _interface(firewall: FirewallIntent, names: str) -> str:
    segments = {f'"{item.name}"': item.segment for item in firewall.interfaces} | {f'"{firewall.wan}"': "the WAN"}
    words = [word.strip() for word in names.strip("{ }").split(",")]
    return ", ".join(segments.get(word, word) for word in words)
