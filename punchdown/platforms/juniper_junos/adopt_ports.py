"""The ports of a switch, on the way from a running switch to a definition.

Source: fact sheet, "VLANs, access, trunk, voice", "RADIUS and 802.1X", "Storm control, port security".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from punchdown.platforms.juniper_junos.adopt_operators import address
from punchdown.platforms.juniper_junos.adopt_text import PortTexts
from punchdown.platforms.juniper_junos.policy_text import Text
from punchdown.platforms.juniper_junos.statements import Words
from punchdown.platforms.juniper_junos.words import PER_CENT
from punchdown.values.adopted import SeenAuth, SeenGuards, SeenPort

_SWITCHING = ("unit", "0", "family", "ethernet-switching")
_MODES = ("interface-mode", "port-mode")
_TREES = ("rstp", "vstp", "mstp")
_ADDRESS = re.compile(r"(PD-from-)(\d+_\d+_\d+_\d+)")
_MAC = re.compile(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}")
_USUAL = 80.0
"""Per cent of a port's speed that a profile without a level lets through."""
ZERO = -1
"""Number of ``ae0``: 0 is none, and a definition counts from 1."""
Said = list[Words]


def filter_name(name: str) -> str:
    """A filter as the definition calls it: the dots of an address, which the device takes for none, are back.

    >>> filter_name("PD-from-10_20_40_15"), filter_name("theirs_1")
    ('PD-from-10.20.40.15', 'theirs_1')
    """
    match = _ADDRESS.fullmatch(name)
    return f"{match[1]}{match[2].replace('_', '.')}" if match else name


def plain(text: str) -> str:
    """What stands between double quotes, as it was typed."""
    return text.replace('\\"', '"').replace("\\\\", "\\")


def read_ports(text: Text, found: PortTexts) -> tuple[SeenPort, ...]:
    """Every port that a text names."""
    storms = _storms(text)
    trusted = _trusted(text)
    links = {words[-1] for port in found.names() for words in _link(found, port)}
    modes = {name: next((words[-1] for words, _ in found.said(name)
                         if words[:2] == ("aggregated-ether-options", "lacp") and words[-1] in {"active", "passive"}),
                        "static") for name in links}
    return tuple(_port(name, text, found, storms, modes, trusted) for name in found.names())


def _link(found: PortTexts, port: str) -> Iterator[Words]:
    return (words for words, _ in found.said(port) if words[1:2] == ("802.3ad",) and re.fullmatch(r"ae\d+", words[-1]))


def _port(name: str, text: Text, found: PortTexts, storms: dict[str, str], modes: dict[str, str],
          trusted: frozenset[str]) -> SeenPort:
    said = [words for words, _ in found.said(name)]
    line = found.line(name)
    if group := found.shaped.get(name, ""):
        return SeenPort(name, line, unread=f"the group {group} shapes it, and what groups give is not read")
    switching = [words[4:] for words in said if words[:4] == _SWITCHING]
    members = _members(text, switching)
    voice = _voice(text, found, name)
    mode = _mode(said, switching, members, voice)
    bundle = next((words[-1] for words in _link(found, name)), name if name.startswith("ae") else "")
    native = text.number(_value(said, "native-vlan-id"))
    level = _level(name, storms.get(_value(switching, "storm-control"), ""))
    return SeenPort(
        name, line, mode=mode, closed=any(words in {("disable",), ("unit", "0", "disable")} for words in said),
        access_vlan=min(members or (), default=1) if mode != "trunk" else 1,
        voice_vlan=voice if mode == "access" else 0,
        tagged=members if mode == "trunk" else (), native_vlan=native if members is None or native in members else 0,
        description=plain(_value(said, "description") or _value(said, "unit", "0", "description")),
        auth=_auth(text, found.elsewhere("dot1x", name)) if mode == "access" else None,
        poe="off" if ("disable",) in found.elsewhere("poe", name) else "", max_macs=_number(
            [words for words in found.elsewhere("macs", name) if len(words) == 2], "interface-mac-limit"),
        trusted=name in trusted, edge=any(("edge",) in found.elsewhere(tree, name) for tree in _TREES),
        root_guard=any(("no-root-port",) in found.elsewhere(tree, name) for tree in _TREES),
        list_name=filter_name(_value(switching, "filter", "input")),
        bundle=(int(bundle[2:]) or ZERO) if bundle else 0, bundle_mode=modes.get(bundle, "") if bundle != name else "",
        is_bundle=name.startswith("ae"), broadcast_percent=level, multicast_percent=level)


def _mode(said: Said, switching: Said, members: tuple[int, ...] | None, voice: int) -> str:
    """A port in VLAN 1 of which nothing else is said is one that nobody configured."""
    if any(words[:1] == ("unit",) and words[2:4] in {("family", "inet"), ("family", "inet6")} for words in said):
        return "routed"
    told = next((words[1] for words in switching if words[:1] and words[0] in _MODES and len(words) > 1), "")
    if told in {"access", "trunk"}:
        return told
    return "access" if voice or members is None or {*members} - {1} else ""


def _members(text: Text, switching: Said) -> tuple[int, ...] | None:
    """VLANs by number, None for all; names that are not defined are left out."""
    names = [words[2] for words in switching if words[:2] == ("vlan", "members") and len(words) > 2]
    return None if "all" in names else tuple(sorted({text.number(name) for name in names} - {0}))


def _voice(text: Text, found: PortTexts, port: str) -> int:
    return text.number(_value(found.elsewhere("voip", port), "vlan"))


def _value(said: Iterable[Words], *path: str) -> str:
    """The word behind a path; of several the first, which is the port's own. Empty where there is none."""
    return next((words[len(path)] for words in said if words[:len(path)] == path and len(words) > len(path)), "")


def _number(said: Iterable[Words], *path: str) -> int:
    word = _value(said, *path)
    return int(word) if re.fullmatch(r"\d{1,6}", word) else 0


def _auth(text: Text, said: Said) -> SeenAuth | None:
    """``single``, which is what a port does that names no other, lets all in behind one that authenticates: of that no
    definition knows, and the nearest is one station."""
    if not said:
        return None
    kind = _value(said, "supplicant")
    dead = _value(said, "server-fail")
    shared = any(words[:1] == ("multi-domain",) for words in said)
    return SeenAuth(
        "single-host" if kind != "multiple" else "multi-domain" if shared else "multi-auth",
        mab=any(words[:1] == ("mac-radius",) for words in said),
        dead="critical" if dead in {"vlan-name", "permit"} else "closed",
        critical_vlan=text.number(_value(said, "server-fail", "vlan-name")),
        guest_vlan=text.number(_value(said, "guest-vlan")),
        auth_fail_vlan=text.number(_value(said, "server-reject-vlan")),
        reauth_seconds=_number(said, "reauthentication") or -1,
        tx_period_seconds=_number(said, "transmit-period") or 30)


def opens_for_all(said: Said) -> bool:
    """Whether one station authenticates for all behind the port."""
    return bool(said) and _value(said, "supplicant") in {"", "single"}


def _storms(text: Text) -> dict[str, str]:
    """Profile to its level in words, for broadcast and what else floods."""
    found: dict[str, str] = {}
    for one in text.under("forwarding-options", "storm-control-profiles"):
        words = one.words[2:]
        if words[1:2] == ("all",) and (len(words) == 2 or words[2].startswith("bandwidth-")):
            found[words[0]] = " ".join(words[2:]) or found.get(words[0], "usual")
    return found


def _level(port: str, words: str) -> float:
    """Per cent of the port's speed, 0 where none is told."""
    kind, _, number = words.partition(" ")
    if kind == "usual":
        return _USUAL
    speed = PER_CENT.get(port.partition("-")[0], 0)
    if not re.fullmatch(r"\d{1,9}", number):
        return 0.0
    return float(number) if kind == "bandwidth-percentage" else int(number) / speed if speed else 0.0


def guards(text: Text) -> SeenGuards:
    """What senders are held to: by the leases that the switch has seen, or by a line of their own."""
    rows = [one.words[4:] for one in text.under("vlans") if one.words[2:4] == ("forwarding-options", "dhcp-security")]
    fixed = [(address(words[5]), words[7].lower()) for words in rows if len(words) == 8 and words[0] == "group"
             and (words[4], words[6]) == ("static-ip", "mac") and address(words[5]) and _MAC.fullmatch(words[7])]
    return SeenGuards(("arp-inspection",) in rows, source=("ip-source-guard",) in rows,
                      fixed=tuple(dict.fromkeys(fixed)))


def _trusted(text: Text) -> frozenset[str]:
    """Ports whose answers of DHCP are taken, by groups."""
    rows = [one.words for one in text.under("vlans") if one.words[2:5] == (
        "forwarding-options", "dhcp-security", "group") and len(one.words) > 7]
    groups = {(words[1], words[5]) for words in rows if words[6:8] == ("overrides", "trusted")}
    return frozenset(words[7] for words in rows if words[6] == "interface" and (words[1], words[5]) in groups)
