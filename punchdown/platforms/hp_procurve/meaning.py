"""What a difference means, in words: filters, membership, authentication and the way in."""

from __future__ import annotations

from punchdown.intent import DeviceIntent
from punchdown.platforms.hp_procurve.normalise import Entry
from punchdown.platforms.lines import list_name
from punchdown.values import Verdict


def severity(verdict: Verdict, entry: Entry) -> str:
    """High where something may be open that should not."""
    setting = entry.slot[2] if len(entry.slot) == 3 else ""
    if "access-list " in " ".join(entry.slot) or "access-group" in setting or setting.startswith("aaa port-access"):
        return "high"
    if entry.slot[-1].startswith(("ip authorized-managers", "telnet-server", "web-management",
                                  "aaa authentication ssh")):
        return "high"
    if setting == "untagged" or setting.startswith("tagged "):
        return "high" if verdict is Verdict.EXTRA else "medium"
    return "low" if setting == "name" else "medium"


def _list(intent: DeviceIntent, verdict: Verdict, entry: Entry) -> str:
    name = entry.slot[1].split(" ")[-1].strip('"')
    protects = next((item.protects for item in intent.filters
                     if name in {list_name(item.name), list_name(item.name, 6)}), ())
    whom = f" that protects {', '.join(protects)}" if protects else ""
    if len(entry.slot) == 2:
        return f"the list {name}{whom} is {'missing' if verdict is Verdict.MISSING else 'too many'}"
    if verdict is Verdict.REORDERED:
        return f"the first line that matches decides, and this one has moved in {name}{whom}: {entry.line}"
    opens = entry.line.startswith("permit") == (verdict is Verdict.EXTRA)
    return f"{'lets through' if opens else 'drops'} what the list {name}{whom} should not: {entry.line}"


def _port(verdict: Verdict, entry: Entry) -> str:
    port, setting = entry.slot[1], entry.slot[2]
    lacks = verdict is Verdict.MISSING
    vlan = entry.path[0].removeprefix("vlan ") if entry.path else ""
    if setting == "untagged":
        where = "is in no VLAN without a tag" if entry.line.startswith("no ") else f"is in VLAN {vlan}"
        return f"port {port} {where}" if not lacks else f"port {port} should be as intended: it {where}"
    if setting.startswith("tagged "):
        return f"port {port} {'does not carry' if lacks else 'carries'} VLAN {setting.removeprefix('tagged ')}"
    if setting == "aaa port-access authenticator":
        return f"802.1X is {'off' if lacks else 'on'} at port {port}"
    if setting == "aaa port-access mac-based":
        return f"devices without 802.1X are {'not ' if lacks else ''}authenticated by MAC address on port {port}"
    if setting in {"ip access-group", "ipv6 access-group"}:
        return f"port {port} {'lacks' if lacks else 'has'} the filter {entry.line}"
    if setting == "disable":
        return f"port {port} is {'open' if lacks else 'disabled'}"
    return f"port {port} {'lacks' if lacks else 'has'}: {entry.line}"


def meaning(intent: DeviceIntent, verdict: Verdict, entry: Entry) -> str:
    """What follows from a difference."""
    if verdict is Verdict.UNKNOWN:
        return "the device does not show it, or the key to compare it is missing"
    if entry.slot[0] == "list":
        return _list(intent, verdict, entry)
    if entry.slot[0] == "port":
        return _port(verdict, entry)
    if entry.slot[-1].startswith("aaa authentication ssh"):
        who = entry.line.split(" ", 4)[-1]
        return f"who comes by SSH is {'not ' if verdict is Verdict.MISSING else ''}checked by {who}"
    if entry.slot[-1].startswith("ip authorized-managers"):
        who = " ".join(entry.line.split()[2:4])
        return f"{who} can{'not' if verdict is Verdict.MISSING else ''} log in"
    return f"{'missing' if verdict is Verdict.MISSING else 'too many'}: {entry.line}"
