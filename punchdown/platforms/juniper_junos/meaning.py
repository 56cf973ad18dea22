"""What a difference means, in words."""

from __future__ import annotations

from punchdown.intent import DeviceIntent
from punchdown.platforms.juniper_junos.configuration import Item
from punchdown.platforms.juniper_junos.words import list_name
from punchdown.values import Verdict


def _values(item: Item, name: str) -> str:
    """The values of a condition, ``any`` without one."""
    found = [value for at, value in enumerate(item.words) if at and item.words[at - 1] == name]
    return ", ".join(found)


def _opening(intent: DeviceIntent, item: Item) -> str:
    source, destination = _values(item, "source-address"), _values(item, "destination-address")
    server_port, client_port = _values(item, "destination-port"), _values(item, "source-port")
    protocol = _values(item, "protocol").upper()
    hosts = next((one.protects for one in intent.filters if list_name(one.name) == item.scope[-1]), ())

    def named(address: str) -> str:
        return f"{hosts[0]} ({address[:-3]})" if len(hosts) == 1 and address.endswith("/32") else address or "anything"

    if client_port and not server_port:
        return f"{destination or 'any address'} can open {protocol} {client_port} on {named(source)}"
    return f"{source or 'any address'} can reach {f'{protocol} {server_port}'.strip() or 'all'} on {named(destination)}"


def _term_meaning(intent: DeviceIntent, verdict: Verdict, item: Item) -> str:
    opening, accepts = _opening(intent, item), "accept" in item.words
    if verdict is Verdict.REORDERED:
        return f"the first term that matches decides, and this one has moved: it is not certain whether {opening}"
    if accepts == (verdict is Verdict.EXTRA):
        return opening
    return f"no longer certain that {opening}" if accepts else f"dropped although allowed: {opening}"


def _port_meaning(verdict: Verdict, item: Item, port: str) -> str:
    missing, text = verdict is Verdict.MISSING, item.text
    if item.scope[:2] == ("protocols", "dot1x"):
        if missing and text.startswith("supplicant"):
            return f"802.1X is not as defined on port {port}: supplicants"
        return f"port access control differs on port {port}"
    if text == "disable":
        return f"closed port {port} is open" if missing else f"port {port} is shut"
    if "vlan members" in text:
        return f"port {port} {'lacks' if missing else 'also carries'} VLAN {item.words[-1]}"
    if "filter input" in text:
        return f"frames that enter port {port} are not filtered as defined"
    if item.scope[:2] == ("switch-options", "voip") and text.startswith("vlan "):
        return f"port {port} {'has not' if missing else 'has'} voice VLAN {item.words[-1]}"
    if item.scope[:2] == ("interfaces", "interface-range"):
        return f"port {port} takes settings from the range {item.scope[2]} as well"
    return ""


def meaning(intent: DeviceIntent, verdict: Verdict, item: Item, port: str) -> str:
    """The words for one difference; ``port`` is the port that its scope is about, empty for none."""
    missing = verdict is Verdict.MISSING
    if item.place and item.scope[0] == "firewall":
        return _term_meaning(intent, verdict, item)
    if port:
        return _port_meaning(verdict, item, port)
    if item.scope[0] == "vlans" and item.words[:1] == ("vlan-id",):
        state = "does not exist" if missing else "is left over: no segment has it"
        return f"VLAN {item.words[-1]} ({item.scope[1]}) {state}"
    if item.scope[0] == "vlans" and "filter" in item.words:
        return f"frames in VLAN {item.scope[1]} are not filtered as defined"
    if item.scope[:2] == ("access", "radius-server"):
        return f"RADIUS server {item.scope[-1]} differs from what is defined"
    if item.scope[:3] == ("system", "services", "telnet") and not missing:
        return "the device can be reached by Telnet"
    return ""


def severity(verdict: Verdict, item: Item) -> str:
    """How bad a difference is: filters, port access control, VLANs of ports and logins are high."""
    if verdict is Verdict.UNKNOWN:
        return "unknown"
    grave = (item.scope[0] == "firewall" or item.scope[:2] in {("protocols", "dot1x"), ("system", "services")}
             or item.scope[0] == "access"
             or any(word in item.words for word in ("filter", "members", "disable", "voip")))
    return "high" if grave else "low" if item.words[:1] == ("description",) else "medium"
