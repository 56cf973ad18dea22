"""The ports of a switch, on the way from a running switch to a definition. The switch writes them in lists of ports.

Source: fact sheet, "VLANs, voice" and "RADIUS, 802.1X, MAC auth".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from punchdown.platforms.hp_procurve.capabilities import DOCUMENT
from punchdown.platforms.hp_procurve.normalise import Entry, Tree
from punchdown.platforms.hp_procurve.ports import expand, port_key
from punchdown.values.adopted import SeenAuth, SeenPort
from punchdown.values.policy import LineRef

_AUTH = "aaa port-access authenticator"
_EDGES = ("admin-edge-port", "auto-edge-port")
KNOWN = re.compile("|".join((
    r"name", r"disable", r"ip access-group", r"ipv6 access-group", r"service-policy", r"untagged", r"tagged \d+",
    r"rate-limit [bm]cast in", r"(?:dhcp-snooping|arp-protect) trust", r"ip source-lockdown",
    r"trunk", r"power-over-ethernet", r"port-security",
    r"spanning-tree (?:admin-edge-port|bpdu-protection|root-guard)", _AUTH,
    rf"{_AUTH} (?:client-limit|tx-period|reauth-period|unauth-vid|cached-reauth-period)",
    r"aaa port-access mac-based(?: (?:addr-limit|reauth-period|unauth-vid))?",
    r"aaa port-access critical-auth (?:data-vlan|voice-vlan)", r"aaa port-access controlled-direction",
)))
"""Slots of a port that a definition says."""
_OURS = ("ip access-group", "ipv6 access-group", "service-policy")


def is_known(slot: str, line: str) -> bool:
    """Whether a definition says what a line sets on a port: filters and policies only where they are ours."""
    return KNOWN.fullmatch(slot) is not None and (slot not in _OURS or '"PD-' in line)


def read_ports(tree: Tree, voice: Iterable[int]) -> tuple[SeenPort, ...]:
    """Every port that a text names, by the order of the switch. ``voice`` are the VLANs that it has for phones."""
    found: dict[str, dict[str, Entry]] = {}
    for slot, entry in tree.items():
        if slot[0] == "port":
            found.setdefault(slot[1], {})[slot[2]] = entry
    phones = frozenset(voice)
    return tuple(_port(name, found[name], phones) for name in sorted(found, key=port_key))


def ports_of(text: str) -> tuple[str, ...]:
    """The ports of a list, none for what is no list."""
    try:
        return expand(text)
    except ValueError:
        return ()


def _port(name: str, said: Mapping[str, Entry], phones: frozenset[int]) -> SeenPort:
    first = min(said.values(), key=lambda entry: entry.number)
    own = said.get("untagged")
    native = 0 if own and own.line.startswith("no ") else int(own.path[0].split()[1]) if own else 1
    tagged = tuple(sorted(int(slot.split()[1]) for slot in said if slot.startswith("tagged ")))
    phone = len(tagged) == 1 and tagged[0] in phones and native > 1
    trunk = _words(said, "trunk")
    of_trunk = re.fullmatch(r"[Tt]rk(\d+)", name)
    mode = "access" if phone or (not tagged and own and native) else "trunk" if tagged else ""
    return SeenPort(
        name, LineRef(DOCUMENT, first.number, first.text.strip()), mode="routed" if "routing" in said else mode,
        closed="disable" in said,
        access_vlan=native or 1, voice_vlan=tagged[0] if phone else 0, tagged=() if phone else tagged,
        native_vlan=native, description=_quoted(said.get("name")), auth=_auth(said),
        poe="off" if said.get("power-over-ethernet") else "", max_macs=_number(said, "port-security", "address-limit"),
        trusted="dhcp-snooping trust" in said, edge=any(f"spanning-tree {word}" in said for word in _EDGES),
        list_name=name if (name := _quoted(said.get("ip access-group"))).startswith("PD-") else "",
        bundle=int(trunk[2][3:]) if trunk else int(of_trunk[1]) if of_trunk else 0,
        bundle_mode={"lacp": "active", "trunk": "static"}.get(trunk[3], "") if trunk else "",
        is_bundle=of_trunk is not None,
        root_guard="spanning-tree root-guard" in said,
        broadcast_percent=_number(said, "rate-limit bcast in", "percent"),
        multicast_percent=_number(said, "rate-limit mcast in", "percent"))


def _auth(said: Mapping[str, Entry]) -> SeenAuth | None:
    """Without a limit of clients, one that authenticates opens the port for all: of that no definition knows."""
    asks, mac = _AUTH in said, "aaa port-access mac-based" in said
    if not asks and not mac:
        return None
    clients = _number(said, f"{_AUTH} client-limit", "client-limit") if asks else 1
    return SeenAuth(
        "single-host" if clients <= 1 else "multi-domain" if clients == 2 else "multi-auth",
        mab=mac, dead="critical" if "aaa port-access critical-auth data-vlan" in said else "closed",
        critical_vlan=_number(said, "aaa port-access critical-auth data-vlan", "data-vlan"),
        guest_vlan=_number(said, f"{_AUTH} unauth-vid", "unauth-vid"),
        reauth_seconds=_number(said, f"{_AUTH} reauth-period", "reauth-period") or -1,
        tx_period_seconds=_number(said, f"{_AUTH} tx-period", "tx-period") or 30)


def opens_for_all(said: Mapping[str, Entry]) -> bool:
    """Whether one station authenticates for all behind the port."""
    return _AUTH in said and f"{_AUTH} client-limit" not in said


def _words(said: Mapping[str, Entry], slot: str) -> list[str]:
    return said[slot].line.split() if slot in said else []


def _number(said: Mapping[str, Entry], slot: str, word: str) -> int:
    """The number behind a word of a port's line, 0 where there is none."""
    found = re.search(rf"\b{word} (\d{{1,6}})\b", said[slot].line) if slot in said else None
    return int(found[1]) if found else 0


def _quoted(entry: Entry | None) -> str:
    found = re.search(r'"([^"]*)"', entry.line) if entry else None
    return found[1] if found else ""
