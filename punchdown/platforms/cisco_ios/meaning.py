"""What a difference means, in words: filters, 802.1X, VLANs, RADIUS and the way in."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.intent import DeviceIntent
from punchdown.platforms.cisco_ios.access_lists import Entry as AclEntry
from punchdown.platforms.cisco_ios.access_lists import is_packet_list, parse_entry
from punchdown.platforms.cisco_ios.normalise import Entry, collapse_vlans, expand_vlans
from punchdown.platforms.cisco_ios.ownership import DYNAMIC_AUTHOR
from punchdown.platforms.lines import PREFIX, list_name
from punchdown.values import Verdict

_POLICIES = ("policy-map type control ", "class-map type control ", "service-template ")
_ASKED = {Verdict.MISSING: "is not asked", Verdict.EXTRA: "is asked as well",
          Verdict.REORDERED: "is not asked in its turn", Verdict.UNKNOWN: "may not be asked"}
_DOT1X = ("authentication ", "access-session ", "dot1x ", "mab", "service-policy type control ")


def _address(word: str) -> str:
    if word == "any":
        return "any address"
    return word.removeprefix("host ").replace(" 0.0.", " wildcard 0.0.")


def _service(entry: AclEntry, port: str) -> str:
    return f"{entry.protocol.upper()} {port.removeprefix('eq ').removeprefix('range ').replace(' ', '-')}".strip()


def _protects(intent: DeviceIntent, name: str) -> tuple[str, ...]:
    return next((item.protects for item in intent.filters
                 if name in {list_name(item.name), list_name(item.name, 6)}), ())


def _named(address: str, hosts: tuple[str, ...], entering: str) -> str:
    return f"{hosts[0]} ({address})" if len(hosts) == 1 and entering.startswith("host ") else address


def _opening(intent: DeviceIntent, name: str, entry: AclEntry) -> str:
    """Who can do what because of a permit: an answer that may leave a server is an opening towards it."""
    source, destination = _address(entry.source), _address(entry.destination)
    hosts = _protects(intent, name)
    if entry.source_port and not entry.destination_port:
        server = _named(source, hosts, entry.source)
        return f"{destination} can open {_service(entry, entry.source_port)} on {server}"
    server = _named(destination, hosts, entry.destination)
    return f"{source} can reach {_service(entry, entry.destination_port)} on {server}"


def acl_meaning(intent: DeviceIntent, verdict: Verdict, entry: Entry) -> str:
    """What a missing, extra or misplaced access-list line changes."""
    name = entry.path[0].rpartition(" ")[2]
    try:
        parsed = parse_entry(entry.line)
    except ValueError:
        allowed = entry.line.partition(" ")[2]
        return f"{allowed} may log in" if verdict is Verdict.EXTRA else f"the login list {name} differs at {entry.line}"
    opening = _opening(intent, name, parsed)
    if verdict is Verdict.REORDERED:
        return f"the first line that matches decides, and this one has moved: it is not certain whether {opening}"
    if (parsed.action == "permit") == (verdict is Verdict.EXTRA):
        return opening
    return f"no longer certain that {opening}" if parsed.action == "permit" else f"dropped although allowed: {opening}"


def _dot1x_meaning(verdict: Verdict, entry: Entry, port: str) -> str:
    if entry.line == "access-session closed":
        return (f"port {port} lets frames in before they are authenticated" if verdict is Verdict.MISSING
                else f"port {port} lets nothing in before it is authenticated")
    if entry.line.startswith("service-policy type control "):
        does = "does not do" if verdict is Verdict.MISSING else "does"
        return f"port {port} {does} what {entry.line.split()[-1]} says"
    if entry.line.endswith(" port-control auto"):
        return f"802.1X is off on port {port}" if verdict is Verdict.MISSING else f"802.1X is on at port {port}"
    if entry.line == "authentication open" and verdict is Verdict.EXTRA:
        return f"port {port} lets frames in before they are authenticated"
    if "server dead" in entry.line and verdict is Verdict.MISSING:
        return f"port {port} closes when no RADIUS server answers"
    if entry.line == "mab" and verdict is Verdict.MISSING:
        return f"devices without 802.1X are not authenticated by MAC address on port {port}"
    return f"port access control differs on port {port}"


def _trunk_meaning(entry: Entry, other: Iterable[Entry], port: str, verdict: Verdict) -> str:
    mine = set(expand_vlans(entry.line.removeprefix("switchport trunk allowed vlan ")))
    theirs = next((set(expand_vlans(item.line.removeprefix("switchport trunk allowed vlan "))) for item in other
                   if item.line.startswith("switchport trunk allowed vlan ")), set(range(1, 4095)))
    running, intended = (theirs, mine) if verdict is Verdict.MISSING else (mine, theirs)
    parts = [f"trunk {port} also carries VLAN {collapse_vlans(running - intended)}" if running - intended else "",
             f"trunk {port} lacks VLAN {collapse_vlans(intended - running)}" if intended - running else ""]
    return ", ".join(part for part in parts if part)


def _port_meaning(verdict: Verdict, entry: Entry, other: Iterable[Entry]) -> str:
    port = entry.path[0].removeprefix("interface ")
    if entry.line.startswith(_DOT1X):
        return _dot1x_meaning(verdict, entry, port)
    if entry.line.startswith("switchport trunk allowed vlan "):
        return _trunk_meaning(entry, other, port, verdict)
    if entry.line.startswith(("ip access-group ", "ipv6 traffic-filter ")):
        family = "IPv6 " if entry.line.startswith("ipv6") else ""
        return f"{family}frames that enter port {port} are not filtered as defined"
    if entry.line == "shutdown":
        return f"closed port {port} is open" if verdict is Verdict.MISSING else f"port {port} is shut"
    if entry.line == "ip verify source":
        return (f"whoever is on port {port} may send in the name of others" if verdict is Verdict.MISSING
                else f"who has no lease is cut off on port {port}")
    if entry.line == "ip arp inspection trust":
        return (f"ARP from port {port} is compared with leases, which machines behind it may not have"
                if verdict is Verdict.MISSING else f"whoever is on port {port} may forge ARP")
    if entry.line.startswith(("switchport access vlan ", "switchport voice vlan ")):
        kind, number = entry.line.split()[1], entry.line.split()[-1]
        return f"port {port} is {'not ' if verdict is Verdict.MISSING else ''}in {kind} VLAN {number}"
    return ""


def _global_meaning(verdict: Verdict, entry: Entry) -> str:
    root, missing = entry.key[0], verdict is Verdict.MISSING
    if root.startswith("vlan ") and not entry.path:
        state = "does not exist" if missing else "is left over: no segment has it"
        return f"VLAN {root.removeprefix('vlan ')} {state}"
    if root.startswith("radius server "):
        name = root.removeprefix("radius server ")
        return f"RADIUS server {name} {'is not configured' if missing and not entry.path else 'differs'}"
    if root.startswith("tacacs server ") and not entry.path:
        name = root.removeprefix("tacacs server ").removeprefix(PREFIX)
        return f"TACACS+ server {name} {'is not configured' if missing else 'is left over'}"
    if entry.line.startswith("server name "):
        name, what = entry.line.removeprefix("server name ").removeprefix(PREFIX), _ASKED[verdict]
        return f"{'RADIUS' if ' radius ' in root else 'TACACS+'} server {name} {what}"
    if root.startswith(("aaa authentication login ", "aaa authorization exec ")) and missing:
        return "logins are not checked as defined"
    if root.startswith(("aaa accounting exec ", "aaa accounting commands ")):
        return f"what is typed {'is not reported as defined' if missing else 'is reported further'}"
    if root.startswith("monitor session "):
        port = root.partition(" interface ")[2].split(" ")[0]
        if " source " in root:
            return f"the sensor {'does not see' if missing else 'also sees'} the frames of {port}"
        return f"the sensor on {port} sees nothing" if missing else f"whoever is on {port} sees the frames of others"
    if root == DYNAMIC_AUTHOR and entry.line.startswith("client "):
        return f"{entry.line.split()[1]} {'can not' if missing else 'can'} end or change sessions"
    if root == "dot1x system-auth-control" and missing:
        return "802.1X is off on the whole switch"
    if root.startswith(_POLICIES):
        return (f"{root.split()[-1]} of port access control "
                f"{'is not as defined' if missing or entry.path else 'is left over'}")
    if root.startswith("ip source binding "):
        words = root.split()
        return f"{words[6]} on port {words[8]} {'is cut off: it has no lease' if missing else 'needs no lease'}"
    if root.startswith("ip arp inspection vlan "):
        return "ARP is not compared with leases as defined: stations may be forged, or cut off"
    if root.startswith("arp access-list "):
        station = entry.line.removeprefix("permit ip host ") if entry.path else "hosts with fixed addresses"
        return f"{station} {'loses the network' if missing else 'may speak ARP without a lease'}"
    if root.startswith("snmp-server user ") and missing:
        return f"{root.split()[2]} can't poll the device by SNMPv3"
    if root.startswith("line vty "):
        return f"remote login on {root.removeprefix('line ')} differs from what is defined"
    return ""


def meaning(intent: DeviceIntent, verdict: Verdict, entry: Entry, other: Iterable[Entry]) -> str:
    """The words for one difference; ``other`` are the entries of the same section on the other side."""
    if not entry.path:
        if is_packet_list(entry.line) and verdict is Verdict.MISSING:
            return f"access list {entry.line.rpartition(' ')[2]} does not exist: where it is bound, everything passes"
        return _global_meaning(verdict, entry)
    if is_packet_list(entry.path[0]):
        return acl_meaning(intent, verdict, entry)
    if entry.path[0].startswith("interface "):
        return _port_meaning(verdict, entry, other)
    return _global_meaning(verdict, entry)


def severity(verdict: Verdict, entry: Entry) -> str:
    """How bad a difference is: filters, port access control, trunks and logins are high."""
    if verdict is Verdict.UNKNOWN:
        return "unknown"
    if verdict is Verdict.EXTRA and entry.line.startswith("monitor session "):
        return "high"
    words = ("authentication port-control", "access-session port-control", "access-session closed",
             "service-policy type control", "policy-map type control", "authentication open", "ip access-group",
             "ipv6 traffic-filter", "switchport trunk allowed", "switchport access vlan",
             "dot1x system-auth-control", "access-class", "transport input", "aaa ", "radius server")
    if f"access-list {PREFIX}" in " ".join(entry.key).replace("extended ", "").replace("standard ", ""):
        return "high"
    if entry.path and entry.path[0].startswith(_POLICIES):
        return "high"
    return "high" if entry.line.startswith(words) else "low" if entry.line.startswith("description") else "medium"
