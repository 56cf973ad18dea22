"""What the device checks when a candidate is committed, with its words. Source: fact sheet; vendor's messages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from punchdown.lab.emulated.juniper_junos.store import Branch, Tree

_NO_PLACE = ("log", "syslog")


def faults(tree: Tree) -> Iterator[str]:
    """Every reason why this configuration can't be committed."""
    root = tree.root
    vlans = root.entries("vlans")
    if not root.get("system", "root-authentication"):
        yield "error: Missing mandatory statement: 'root-authentication'"
    for kind in ("radius-server", "tacplus-server"):
        for address, server in root.entries("system", kind).items():
            if not server.value("secret"):
                yield f"{_at('system')}  '{kind} {address}'\n    Missing mandatory statement: 'secret'"
    yield from _vlans(vlans)
    yield from _filters(root, vlans)
    for name, port in root.entries("interfaces").items():
        yield from _port(root, name, port, vlans)
    yield from _dot1x(root, vlans)
    for name, voice in root.entries("switch-options", "voip", "interface").items():
        yield from _voice(root, name, voice, vlans)


def _at(*path: str) -> str:
    return f"[edit {' '.join(path)}]\n"


def _vlans(vlans: dict[str, Branch]) -> Iterator[str]:
    numbers: dict[str, str] = {}
    for name, vlan in vlans.items():
        number = vlan.value("vlan-id")
        if number and number in numbers:
            yield f"{_at('vlans')}  'vlan {name}'\n    duplicate vlan-id {number}, used by vlan {numbers[number]}"
        numbers.setdefault(number, name)


def _known(vlans: dict[str, Branch], member: str) -> bool:
    if member.isdigit():
        return any(vlan.value("vlan-id") == member for vlan in vlans.values())
    return member == "all" or bool(re.fullmatch(r"\d+-\d+", member)) or member in vlans


def _filters(root: Branch, vlans: dict[str, Branch]) -> Iterator[str]:
    for family in ("ethernet-switching", "inet", "inet6"):
        defined = root.entries("firewall", "family", family, "filter")
        bound = [("interfaces", name, unit, port.value("unit", unit, "family", family, "filter", way))
                 for name, port in root.entries("interfaces").items() for unit in port.entries("unit")
                 for way in ("input", "output")]
        if family == "ethernet-switching":
            bound += [("vlans", name, "", vlan.value("forwarding-options", "filter", way))
                      for name, vlan in vlans.items() for way in ("input", "output")]
        for section, name, unit, wanted in bound:
            if wanted and wanted not in defined:
                place = _at(section, name, *(("unit", unit, "family", family) if unit else ()))
                yield f"{place}  'filter'\n    Referenced filter '{wanted}' is not defined"
        for name, one in defined.items():
            for term, body in one.entries("term").items():
                if family == "ethernet-switching" and any(body.get("then", word) for word in _NO_PLACE):
                    yield (f"{_at('firewall', 'family', family)}  'filter {name}'\n    Referenced filter '{name}' can "
                           f"not be used as default physical interface filter: action in term {term} not supported")


def _port(root: Branch, name: str, port: Branch, vlans: dict[str, Branch]) -> Iterator[str]:
    switching = port.get("unit", "0", "family", "ethernet-switching")
    if switching is None:
        return
    place = _at("interfaces", name, "unit", "0", "family", "ethernet-switching")
    found = switching.get("vlan", "members")
    members = found.values if found else []
    for member in members:
        if not _known(vlans, member):
            yield (f"{place}  No vlan matches vlan tag {member} for interface {name}.0" if member.isdigit() else
                   f"{place}  'vlan'\n    VLAN name {member} not configured")
    if switching.value("interface-mode") != "trunk" and len(members) > 1:
        yield f"{place}  Access interface <{name}.0> has more than one vlan member"
    if port.value("native-vlan-id") and switching.value("interface-mode") != "trunk":
        yield f"{place}  native-vlan-id can be configured on trunk interface <{name}.0> only"
    profile = switching.value("storm-control")
    if profile and profile not in root.entries("forwarding-options", "storm-control-profiles"):
        yield f"{place}  'storm-control {profile}'\n    storm control profile {profile} is not defined"
    if port.get("ether-options", "802.3ad"):
        yield f"{_at('interfaces', name)}  'unit 0'\n    Logical unit is not allowed on aggregated link"


def _dot1x(root: Branch, vlans: dict[str, Branch]) -> Iterator[str]:
    authenticator = root.get("protocols", "dot1x", "authenticator")
    if authenticator is None:
        return
    profile = authenticator.value("authentication-profile-name")
    if profile and profile not in root.entries("access", "profile"):
        yield f"{_at('protocols', 'dot1x', 'authenticator')}  Access profile {profile} is not defined"
    for name, port in authenticator.entries("interface").items():
        place = _at("protocols", "dot1x", "authenticator", "interface", name)
        for path in (("guest-vlan",), ("server-reject-vlan",), ("server-fail", "vlan-name")):
            wanted = port.value(*path)
            if wanted and not _known(vlans, wanted):
                yield f"{place}  '{path[0]} {wanted}'\n    VLAN name {wanted} not configured"


def _voice(root: Branch, name: str, voice: Branch, vlans: dict[str, Branch]) -> Iterator[str]:
    place = _at("switch-options", "voip", "interface", name)
    wanted = voice.value("vlan")
    if wanted and not _known(vlans, wanted):
        yield f"{place}  'vlan {wanted}'\n    VLAN name {wanted} not configured"
    port = root.get("interfaces", name.removesuffix(".0"), "unit", "0", "family", "ethernet-switching")
    if port is not None and port.value("interface-mode") == "trunk":
        yield f"{place}  voip interface <{name}> must be in access mode"
