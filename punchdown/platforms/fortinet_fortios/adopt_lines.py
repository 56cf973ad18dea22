"""Every line of a FortiGate's configuration with what becomes of it.

A heading says nothing by itself. What a unit brings from the factory, or numbers by itself, nobody configured. Source:
the vendor's CLI reference, and which blocks the shown configurations of several units have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from punchdown.platforms.fortinet_fortios.adopt_factory import INTERFACES, OBJECTS, OWN_SETTINGS, OWN_TABLES
from punchdown.platforms.fortinet_fortios.adopt_places import Places
from punchdown.platforms.fortinet_fortios.adopt_policies import INSPECTING, Policies
from punchdown.platforms.fortinet_fortios.capabilities import DOCUMENT
from punchdown.platforms.fortinet_fortios.normalise import ROUTES, TUNNELS, canonical, is_default
from punchdown.platforms.fortinet_fortios.tree import Key, Node, Stray, edit, flat, name_of, set_line
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import Fate, SeenLine
from punchdown.values.policy import LineRef

_POLICIES, _INTERFACES = "config firewall policy", "config system interface"
_KNOWN: Mapping[str, Collection[str]] = {
    "config system global": {"admintimeout", "hostname", "pre-login-banner", "strong-crypto"},
    "config system settings": {"default-voip-alg-mode", "sip-expectation", "sip-nat-trace", "strict-src-check"},
    "config system ntp": {"ntpsync", "type", "server"},
    "config system replacemsg admin pre_admin-disclaimer-text": {"buffer", "header", "format"},
    **{f"config log syslogd{number} setting": {"status", "server", "port", "facility", "format"}
       for number in ("", "2", "3", "4")},
    **{f"config log syslogd{number} filter": {"severity"} for number in ("", "2", "3", "4")},
    _INTERFACES: {"ip", "interface", "vlanid", "ip6-address", "alias", "description"},
    "config system zone": {"interface"},
}
_OBJECTS = tuple(f"config firewall {name}" for name in (
    "address", "address6", "addrgrp", "addrgrp6", "service custom", "service group", "ippool", "vip", "vipgrp",
    "schedule recurring"))
_ROWS = frozenset({*_OBJECTS, *TUNNELS, ROUTES, _POLICIES, _INTERFACES})
_NAMING = ("srcaddr", "dstaddr", "srcaddr6", "dstaddr6", "service", "poolname", "schedule", "member")
_ALLOWING = frozenset({"allowaccess", "ip6-allowaccess"})
_IN_TUNNELS = frozenset({
    "interface", "ike-version", "peertype", "net-device", "proposal", "dhgrp", "remote-gw", "psksecret", "phase1name",
    "auto-negotiate", "src-subnet", "dst-subnet", "src-name", "dst-name", "src-addr-type", "dst-addr-type",
    "authmethod"})
_Judge = Callable[[str], tuple[Fate, str]]
"""Name of a setting, empty for the heading, to what becomes of it and what a reader should know."""
@dataclass(frozen=True, slots=True)
class Known:
    """What the reading found that definitions can say."""

    root: Node
    places: Places
    policies: Policies
    text: tuple[str, ...]

    def line(self, number: int) -> LineRef:
        """A line as it stands in the text."""
        return LineRef(DOCUMENT, number, self.text[number - 1].strip())


def told(known: Known, several: Collection[str], strays: Collection[Stray], whole: Node) -> Iterator[SeenLine]:
    """All lines, in order. ``whole`` is the tree with all virtual domains, ``several`` names these where they are
    more than one."""
    used = _used(known)
    found: list[SeenLine] = []
    seen: set[int] = set()
    for key, node in flat(known.root):
        seen.add(node.number)
        found += _of_node(known, used, key, node)
    numbers = {item.line.number for item in found} | seen
    for key, node in flat(whole):
        if several and node.number not in numbers and key[:1] == ("config vdom",) and len(key) > 2:
            found += (SeenLine(known.line(number), Fate.UNMANAGED, "vdom " + name_of(key[1]),
                               "only a unit without virtual domains is managed")
                      for number in (item.number for item in node.settings.values()))
    found += (SeenLine(known.line(item.number), Fate.UNMANAGED, "not understood") for item in strays)
    yield from sorted(found, key=lambda item: item.line.number)


def _of_node(known: Known, used: Collection[Key], key: Key, node: Node) -> Iterator[SeenLine]:
    if not node.settings and not key[-1].startswith("edit "):
        return
    judge = _judge(known, used, key) if len(key) > 1 or key[0] not in _ROWS else _always(Fate.UNMANAGED)
    within = key[0].removeprefix("config ")
    if key[-1].startswith("edit "):
        fate, note = judge("")
        yield SeenLine(known.line(node.number), fate, within, note)
    for name, item in node.settings.items():
        fate, note = judge(name)
        place = "policy parts" if key[0] == _POLICIES and judge("")[0] is not fate else within
        if name in OWN_SETTINGS:
            fate, note = Fate.OWN, ""
        yield SeenLine(known.line(item.number), fate, place, note, set_line(name, canonical(key, name, item.values)))


def _always(fate: Fate, note: str = "") -> _Judge:
    return lambda _: (fate, note)


def _judge(known: Known, used: Collection[Key], key: Key) -> _Judge:
    """What becomes of an object's settings, of its heading by the empty name; and what a reader should know."""
    table = key[0]
    node = known.root.at(*key)
    if table == _POLICIES:
        return _policy(known, key)
    if table in _OBJECTS:
        fate = _object(key, node, used)
        return _always(fate, "nothing that a definition says uses it" if fate is Fate.UNMANAGED else "")
    if table == _INTERFACES:
        return _interface(known, key, node)
    if table in TUNNELS or table == ROUTES:
        return _tunnel(known, key, node)
    if table == "config system admin":
        return lambda name: (Fate.OWN if len(key) > 2 or name in {"accprofile", "password", "old-password"} else
                             Fate.RECOGNISED if name.startswith("trusthost") or not name else Fate.UNMANAGED, "")
    names = _KNOWN.get(table, ())
    own = OWN_TABLES.fullmatch(table) is not None
    if (names and not own) or table.startswith("config system replacemsg admin pre_admin"):
        return lambda name: (Fate.RECOGNISED if name in names or not name else Fate.UNMANAGED, "")
    return _always(Fate.OWN if own else Fate.UNMANAGED)


def _policy(known: Known, key: Key) -> _Judge:
    number, node = name_of(key[1]), known.root.at(*key)
    if node.value("name").startswith(PREFIX):
        return _always(Fate.RECOGNISED)
    policies = known.policies
    if number not in policies.said and number not in policies.partly:
        note = "it is switched off" if node.value("status") == "disable" else "policies of others stay as they are"
        return _always(Fate.UNMANAGED, note)
    return lambda name: (
        (Fate.UNMANAGED, "no definition says what is inspected") if INSPECTING.fullmatch(name) else
        (Fate.UNMANAGED, "a part of what it opens is not taken over") if name == "service" and number in policies.partly
        else (Fate.RECOGNISED, ""))


def _interface(known: Known, key: Key, node: Node) -> _Judge:
    name = name_of(key[1])
    legs = {leg.name: leg for leg in known.places.legs}
    leg = legs.get(name)
    if leg is None:
        ours = name.removeprefix(PREFIX) in {vpn.name for vpn in known.places.vpns if not vpn.unfit}
        said = Fate.RECOGNISED if ours else Fate.UNMANAGED
        bare = name in INTERFACES or not (set(node.settings) - OWN_SETTINGS - {"interface"} or node.children)
        return _always(Fate.OWN if bare and not ours else said)
    names = _KNOWN[_INTERFACES]
    allowed = {"ping", "ssh"} if not leg.outside else set()
    clean = set(node.values("allowaccess")) | set(node.at("config ipv6").values("ip6-allowaccess")) <= allowed
    return lambda setting: (
        (Fate.RECOGNISED, "") if setting in {*names, "role", ""} or (clean and setting in _ALLOWING) else
        (Fate.UNMANAGED, "a plan changes what the interface answers" if setting in _ALLOWING else ""))


def _tunnel(known: Known, key: Key, node: Node) -> _Judge:
    """VPNs that a definition says, with the settings that it has, and their routes; the way out."""
    vpns = {vpn.name: vpn for vpn in known.places.vpns if not vpn.unfit}
    if key[0] == ROUTES:
        prefixes = {_dotted(prefix) for vpn in vpns.values() for prefix in vpn.remote}
        said = node is known.places.route or node.value("device").removeprefix(PREFIX) in vpns or (
            node.value("blackhole") == "enable" and "/".join(canonical(key, "dst", node.values("dst"))) in prefixes)
        return _always(Fate.RECOGNISED if said else Fate.UNMANAGED)
    name = node.value("phase1name") or name_of(key[1])
    said = name.removeprefix(PREFIX) in vpns
    return lambda setting: (Fate.RECOGNISED if said and (not setting or setting in _IN_TUNNELS) else Fate.UNMANAGED, "")


def _dotted(prefix: str) -> str:
    return "/".join(canonical((ROUTES,), "dst", (prefix,)))


def _object(key: Key, node: Node, used: Collection[Key]) -> Fate:
    name = name_of(key[1])
    if name.startswith(PREFIX) or key[:2] in used:
        return Fate.RECOGNISED
    factory = name in OBJECTS or "category" in node.settings or all(
        is_default(key, setting, item.values) for setting, item in node.settings.items())
    return Fate.OWN if factory else Fate.UNMANAGED


def _used(known: Known) -> set[Key]:
    """Objects that recognised policies name, and those that these name."""
    names: set[str] = set()
    for number in known.policies.said | known.policies.partly:
        node = known.policies.nodes[number]
        names |= {word for setting in _NAMING for word in node.values(setting)}
    found: set[Key] = set()
    while True:
        more = {(table, edit(name)) for table in _OBJECTS for name in names
                if edit(name) in known.root.at(table).children} - found
        if not more:
            return found
        found |= more
        names = {word for key in more for setting in _NAMING for word in known.root.at(*key).values(setting)}
