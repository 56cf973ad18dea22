"""What a difference means, in plain words."""

from __future__ import annotations

from punchdown.intent import DeviceIntent
from punchdown.platforms.openvswitch.normalise import Flow
from punchdown.platforms.openvswitch.tables import ADMISSION, FAMILY, FORWARD, SOURCE, TO_HOST, TRUST
from punchdown.values import Verdict

_TRANSPORTS = {"tcp": "TCP", "tcp6": "TCP", "udp": "UDP", "udp6": "UDP"}


def is_opening(verdict: Verdict, flow: Flow) -> bool:
    """Whether the difference lets more through than was declared."""
    return (flow.actions == "drop") is (verdict is Verdict.MISSING)


def flow_meaning(intent: DeviceIntent, verdict: Verdict, flow: Flow) -> str:
    """What follows from a flow that lacks or that nobody declared."""
    match = dict(flow.match)
    service = _service(match)
    target = _host(intent, match.get("nw_dst") or match.get("ipv6_dst") or "")
    if flow.table == ADMISSION and set(match) == {"in_port"}:
        return _admission(intent, verdict, flow, match["in_port"])
    if service and is_opening(verdict, flow):
        past = "" if flow.table == TO_HOST else " past the filter"
        return f"{_sender(match)} can open {service} on {target or 'any host'}{past}"
    if service:
        return f"{_sender(match)} can't open {service} on {target or 'any host'}"
    if flow.actions == "NORMAL" and flow.table != FORWARD and verdict is Verdict.EXTRA:
        return f"{_sender(match)} can reach {target or 'every host'} past every filter"
    return _guard(verdict, flow, target)


def _admission(intent: DeviceIntent, verdict: Verdict, flow: Flow, number: str) -> str:
    port = next((item for item in intent.ports if item.name == f"p{number}"), None)
    if is_opening(verdict, flow) and port and port.dot1x:
        return f"802.1X is off on port {port.name}"
    state = "is open" if is_opening(verdict, flow) else "is shut"
    return f"port {port.name if port else number} {state}"


def _guard(verdict: Verdict, flow: Flow, target: str) -> str:
    lost = is_opening(verdict, flow)
    subject = {FAMILY: "IPv6 that nobody declared", SOURCE: "a forged sender or DHCP answer"}.get(flow.table, "")
    if subject and lost:
        return f"{subject} can pass"
    if TRUST <= flow.table < TO_HOST and "ip_dscp" in flow.actions:
        return "DSCP marks are not those that were declared"
    if target and lost:
        return f"{target} can be reached by what no flow allows"
    return "frames are let through that were not" if lost else "frames are dropped that should pass"


def _service(match: dict[str, str]) -> str:
    protocol = next((word for name, word in _TRANSPORTS.items() if name in match), "")
    return f"{protocol} {match['tp_dst']}" if protocol and "tp_dst" in match else ""


def _sender(match: dict[str, str]) -> str:
    source = match.get("nw_src") or match.get("ipv6_src")
    if source:
        return source
    return f"whoever is behind port p{match['in_port']}" if match.get("in_port", "").isdigit() else "anyone"


def _host(intent: DeviceIntent, address: str) -> str:
    """The description of the port behind which an address lives, with the address."""
    for port in intent.ports:
        if address and any(address in host for host in port.hosts) and port.description:
            return f"{port.description} ({address})"
    return address


def database_meaning(wanted: str, shown: str) -> str:
    """What follows from a row that differs; ``shown`` is empty when the row or column is absent."""
    table, row, setting = wanted.split(" ", 2)
    if setting.startswith("vlan_mode="):
        return f"port {row} {_vlans(shown)}; declared: {_vlans(wanted)}"
    if setting.startswith("fail_mode="):
        return "without flows the switch forwards everything: every filter is off after a restart"
    if setting.startswith("ofport_request="):
        return f"port {row} can get another number, and the flows of its number would judge another port"
    return f"{table} {row} is described differently"


def _vlans(line: str) -> str:
    if not line:
        return "is not there"
    columns = dict(word.partition("=")[::2] for word in line.split(" ")[2:])
    tagged = "" if columns["trunks"] == "[]" else f" with tagged VLAN {columns['trunks']}"
    if columns["tag"] != "[]":
        return f"is in VLAN {columns['tag']}{tagged} ({columns['vlan_mode']})"
    return f"carries{tagged.removeprefix(' with') or ' every VLAN'} ({columns['vlan_mode']})"
