"""Which parts of a configuration are ours: two views of the same objects, one as intended and one as it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from punchdown.platforms.fortinet_fortios.normalise import (
    POLICIES,
    SECRETS,
    WHOLE,
    Settings,
    is_ours,
    without_defaults,
)
from punchdown.platforms.fortinet_fortios.tree import ANY4, NOWHERE, Key, Node, flat, name_of, printed
from punchdown.values import Provenance

INTERFACES, ADMINS, HELPERS, TIME = ("config system interface", "config system admin", "config system session-helper",
                                     "config system ntp")
SERVERS = "config ntpserver"
_SHARED = {INTERFACES: frozenset({"ip", "allowaccess"}),
           ADMINS: frozenset(f"trusthost{number}" for number in range(1, 11))}
_IPV6 = "config ipv6"
_IPV6_NAMES = frozenset({"ip6-address", "ip6-allowaccess"})


@dataclass(slots=True)
class View:
    """Objects by path with what differs from the defaults. ``sources`` are those of the objects; ``helpers`` the
    numbers of session helpers that rewrite SIP."""

    objects: dict[Key, Settings] = field(default_factory=dict)
    sources: dict[Key, Provenance] = field(default_factory=dict)
    helpers: tuple[str, ...] = ()
    helpers_source: Provenance = NOWHERE

    def policies(self) -> list[str]:
        """Numbers of the policies, in order."""
        return [name_of(key[1]) for key in self.objects if key[0] == POLICIES]


def is_whole(key: Key) -> bool:
    """Whether everything in the object is ours."""
    return (len(key) == 2 and key[0] in WHOLE) or (key[0] == TIME and len(key) == 3)


def views(wanted: Node, present: Node) -> tuple[View, View]:
    """What is intended, and what runs in its place. ``edit "admin"`` is a model: every account of the device is held
    to it. A secret that is set counts as the right one: only its use can show that it is."""
    intended, running = View(), View()
    for key, node in _targets(wanted, present):
        names = _names(key, node)
        intended.objects[key] = without_defaults(key, node.settings)
        intended.sources[key] = node.source
        there = present.at(*key)
        shown = without_defaults(key, there.settings)
        shown |= {name: intended.objects[key][name] for name in SECRETS & set(shown) & set(intended.objects[key])}
        if is_whole(key):
            if key[-1] in present.at(*key[:-1]).children:
                running.objects[key] = shown
        else:
            running.objects[key] = {name: item for name, item in shown.items() if name in names}
    _extra(wanted, present, running)
    helpers = wanted.at(HELPERS)
    if helpers.deleted:
        running.helpers = tuple(name for name, node in present.entries("system session-helper").items()
                                if node.value("name") == "sip")
        intended.helpers_source = helpers.source
    running.objects = _as_shown(running, present)
    return intended, running


def _targets(wanted: Node, present: Node) -> Iterator[tuple[Key, Node]]:
    accounts = present.at(ADMINS).children
    for key, node in flat(wanted):
        if key[0] == HELPERS:
            continue
        if key[0] == ADMINS and accounts:
            yield from (((ADMINS, line), node) for line in accounts)
        elif node.settings or node.unset or key[-1].startswith("edit "):
            yield key, node
        if key[0] == INTERFACES and len(key) == 2 and _IPV6 not in node.children:
            yield (*key, _IPV6), Node(source=node.source)


def _names(key: Key, node: Node) -> frozenset[str]:
    if key[-1] == _IPV6:
        return _IPV6_NAMES
    return _SHARED.get(key[0], frozenset(node.settings) | node.unset)


def _extra(wanted: Node, present: Node, running: View) -> None:
    """Objects of ours that nobody wants any more."""
    for table in WHOLE:
        for line, node in present.at(table).children.items():
            if is_ours(table, line, node):
                running.objects.setdefault((table, line), without_defaults((table, line), node.settings))
    if TIME in wanted.children:
        for line, node in present.at(TIME, SERVERS).children.items():
            running.objects.setdefault((TIME, SERVERS, line), without_defaults((TIME, SERVERS, line), node.settings))


def _as_shown(running: View, present: Node) -> dict[Key, Settings]:
    """Policies in the device's own order, the rest as found."""
    order = {line: place for place, line in enumerate(present.at(POLICIES).children)}
    policies = sorted((key for key in running.objects if key[0] == POLICIES), key=lambda key: order.get(key[1], 0))
    rest = {key: item for key, item in running.objects.items() if key[0] != POLICIES}
    return rest | {key: running.objects[key] for key in policies}


def unmanaged(wanted: Node, present: Node) -> tuple[str, ...]:
    """What is not ours and may matter: policies and virtual IPs, and interfaces with addresses."""
    tables = (POLICIES, "config firewall vip", INTERFACES)
    return tuple("\n".join((table, line, *printed(node)))
                 for table in tables for line, node in present.at(table).children.items()
                 if line not in wanted.at(table).children
                 and (node.value("ip", ANY4[0]) != ANY4[0] if table == INTERFACES else not is_ours(table, line, node)))
