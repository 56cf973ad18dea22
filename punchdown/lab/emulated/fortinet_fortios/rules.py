"""What must hold between the values of an entry, and between entries.

Source: the platform's fact sheet, "Gotchas" and "Port forward (VIP)"; vendor's CLI reference.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Interface

from punchdown.lab.emulated.fortinet_fortios.schema import Refused
from punchdown.lab.emulated.fortinet_fortios.store import Block, Store


def check(store: Store, path: str, name: str, draft: Block) -> None:
    """Raises Refused."""
    rule = _RULES.get(path)
    if rule:
        rule(store, name, draft)


def kept(store: Store, path: str, name: str) -> None:
    """What an entry that has been kept brings with it: a VPN has an interface of its name."""
    if path == _TUNNELS:
        block = store.blocks["system interface"]
        values = {"vdom": ("root",), "type": ("tunnel",),
                  "interface": store.blocks[path].entries[name].get("interface")}
        block.entries.setdefault(name, Block(block.table)).values |= values


def gone(store: Store, path: str, name: str) -> None:
    """What goes with an entry."""
    if path == _TUNNELS:
        store.blocks["system interface"].entries.pop(name, None)


def users(store: Store, path: str, name: str) -> int:
    """How many entries name an entry, or what goes with it."""
    return store.users(path, name) + (store.users("system interface", name) if path == _TUNNELS else 0)


def _tunnel(store: Store, name: str, draft: Block) -> None:
    there = store.blocks["system interface"].entries.get(name)
    if there is not None and there.first("type") != "tunnel":
        raise Refused(f"node_check_object fail! for name {name}\n\nan interface has this name", -5)
    del draft


def _policy(store: Store, name: str, draft: Block) -> None:
    four, six = draft.get("srcaddr"), draft.get("srcaddr6")
    for pair in (("srcaddr", "dstaddr"), ("srcaddr6", "dstaddr6")):
        present = [item for item in pair if draft.get(item)]
        if len(present) == 1 or not (four or six):
            missing = next(item for item in pair if item not in present)
            raise Refused(f"Attribute '{missing}' MUST be set.", -56)
    title = draft.first("name")
    if title and any(entry.first("name") == title for other, entry in store.blocks["firewall policy"].entries.items()
                     if other != name):
        raise Refused(f"node_check_object fail! for name {title}\n\nvalue parse error before '{title}'", -5)
    central = store.blocks["system settings"].first("central-nat") == "enable"
    if central and any(item in store.blocks["firewall vip"].entries for item in draft.get("dstaddr")):
        raise Refused("Cannot use a virtual IP in a policy while central NAT is enabled", -94)


def _interface(store: Store, name: str, draft: Block) -> None:
    mine = _network(draft)
    placed = (item for item in store.blocks["system interface"].entries.items() if mine and "ip" in item[1].values)
    if draft.first("type") == "vlan" and not int(draft.first("vlanid")):
        raise Refused("Attribute 'vlanid' MUST be set.", -56)
    for other, entry in placed:
        theirs = _network(entry)
        if other != name and mine and theirs and mine.network.overlaps(theirs.network):
            raise Refused(f"Subnets overlap between '{name}' and '{other}'\nobject set operator error, -54 discard the "
                          "setting", -54)


def _network(block: Block) -> IPv4Interface | None:
    found = IPv4Interface("/".join(block.get("ip")))
    return found if int(found.ip) else None


def _vip(store: Store, name: str, draft: Block) -> None:
    if draft.first("portforward") != "enable":
        return
    if draft.first("protocol") != "icmp" and _length(draft.first("extport")) != _length(draft.first("mappedport")):
        raise Refused("The external and the mapped port range must have the same size", -9)
    for other, entry in store.blocks["firewall vip"].entries.items():
        same = all(entry.get(item) == draft.get(item) for item in ("extip", "protocol", "portforward", "src-filter"))
        places = {entry.first("extintf"), draft.first("extintf")}
        if other != name and same and (len(places) == 1 or "any" in places) and _meet(entry, draft):
            port = draft.first("extport")
            raise Refused(f"node_check_object fail! for extport {port}\n\nduplicate of '{other}'", -15)


def _span(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _length(text: str) -> int:
    first, last = _span(text)
    return last - first


def _meet(one: Block, other: Block) -> bool:
    first, second = _span(one.first("extport")), _span(other.first("extport"))
    return first[0] <= second[1] and second[0] <= first[1]


def _settings(store: Store, _name: str, draft: Block) -> None:
    used = [number for number, entry in store.blocks["firewall policy"].entries.items()
            if any(item in store.blocks["firewall vip"].entries for item in entry.get("dstaddr"))]
    if draft.first("central-nat") == "enable" and used:
        raise Refused(f"Cannot enable central-nat with firewall policy using vip (id={used[0]}).", -94)


def _group(store: Store, name: str, draft: Block) -> None:
    if name in draft.get("member"):
        raise Refused(f"node_check_object fail! for member {name}\n\na group is no member of itself", -1)
    del store


_TUNNELS = "vpn ipsec phase1-interface"
_RULES: dict[str, Callable[[Store, str, Block], None]] = {
    "firewall policy": _policy, "system interface": _interface, "firewall vip": _vip, "system settings": _settings,
    _TUNNELS: _tunnel, "firewall addrgrp": _group, "firewall addrgrp6": _group}
