"""Site-to-site VPNs of a running firewall, by its crypto maps. Source: fact sheet, "IPsec (IKEv2 crypto map)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from itertools import product

from punchdown.platforms.cisco_asa.capabilities import DOCUMENT
from punchdown.platforms.cisco_asa.policy_tunnels import BOUND, FAR_END, MapPlace, Tunnels, places
from punchdown.platforms.cisco_asa.sections import Node
from punchdown.platforms.cisco_asa.tunnels import FILTERED, MAP, POLICY, PROPOSAL
from punchdown.platforms.cisco_asa.words import PREFIX
from punchdown.platforms.openings import prefixes
from punchdown.values.adopted import SeenVpn
from punchdown.values.policy import Field, LineRef, Table, Verdict

_SAID = re.compile(rf"crypto map \S+ (?:\d+ .+|interface \S+)|crypto ikev2 (?:policy {POLICY}|enable \S+)|"
                   rf"crypto ipsec ikev2 ipsec-proposal {re.escape(PROPOSAL)}|{re.escape(FILTERED)}")
"""Lines that follow from a VPN of the definition."""
_KEY = re.compile(r"ikev2 (?:remote|local)-authentication pre-shared-key .*")


@dataclass
class Vpns:
    """``known`` are the numbers of lines that the definition says, ``lists`` the lists that select what is carried."""

    found: list[SeenVpn] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    past: list[LineRef] = field(default_factory=list)


def read_vpns(nodes: Sequence[Node], tables: Mapping[str, Table]) -> Vpns:
    """Every place of a map that is bound to an interface and names a far end."""
    out = Vpns()
    maps = places(DOCUMENT, nodes, Tunnels())
    ends = {match[1]: {child.text for other in nodes if other.text == f"tunnel-group {match[1]} ipsec-attributes"
                       for child in other.below} for node in nodes if (match := FAR_END.fullmatch(node.text))}
    for node in nodes:
        if match := BOUND.fullmatch(node.text):
            out.found += [vpn for place in maps.get(match[1], ()) if (vpn := _vpn(place, tables, ends))]
    said = {vpn.peer for vpn in out.found if not vpn.unfit}
    if said:
        out.known |= set(_lines(nodes, said, maps))
        out.lists |= {place.settings.get("match address", "") for held in maps.values() for place in held
                      if place.settings.get("set peer") in said}
    if out.found and not any(node.text == FILTERED for node in nodes):
        out.past = [vpn.line for vpn in out.found]
    return out


def _vpn(place: MapPlace, tables: Mapping[str, Table], ends: Mapping[str, set[str]]) -> SeenVpn | None:
    peer = place.settings.get("set peer", "")
    peers = [peer] if peer else [word for line in place.odd if " set peer " in line.text for word in line.text.split()]
    address = next((word for word in peers if _is_address(word)), "")
    if not address:
        return None
    table = tables.get(place.settings.get("match address", ""))
    pairs = [(here, there) for rule in (table.rules if table else ()) if rule.end is Verdict.ACCEPT
             for here in prefixes(rule, Field.SOURCE) for there in prefixes(rule, Field.DESTINATION)]
    local, remote = (tuple(dict.fromkeys(side)) for side in (zip(*pairs, strict=True) if pairs else ((), ())))
    keyed = any(_KEY.fullmatch(text) for text in ends.get(address, ()))
    reason = next(_unfit(place, pairs, [*product(local, remote)], keyed=keyed), "")
    name = (table.name if table else "").removeprefix(f"{PREFIX}vpn-")
    return SeenVpn(name if table and name != table.name else f"to-{address}".replace(".", "-"), address, local, remote,
                   place.line, shared_secret=keyed, unfit=reason)


def _unfit(place: MapPlace, pairs: list[tuple[str, str]], every: list[tuple[str, str]], *,
           keyed: bool) -> Iterator[str]:
    """Why no definition holds it."""
    if place.odd:
        yield f"no definition says {place.odd[0].text.partition(' set ')[2] or place.odd[0].text}"
    if "set ikev2 ipsec-proposal" not in place.settings:
        yield "it does not speak IKEv2"
    if not keyed:
        yield "it has no shared secret for IKEv2"
    if set(pairs) != set(every):
        yield "not every network here may use it towards every network there"


def _lines(nodes: Iterable[Node], peers: set[str], maps: Mapping[str, list[MapPlace]]) -> Iterator[int]:
    """Numbers of the lines that say those VPNs, of our names or not."""
    ours = {name for name, held in maps.items() if name == MAP or any(
        place.settings.get("set peer") in peers for place in held)}
    for node in nodes:
        words = node.text.split()
        end = FAR_END.fullmatch(node.text)
        if (end and end[1] in peers) or (_SAID.fullmatch(node.text) and (words[1:2] != ["map"] or words[2] in ours)):
            yield node.number
            yield from (child.number for child in node.below if not end or _KEY.fullmatch(child.text))


def _is_address(text: str) -> bool:
    try:
        return bool(IPv4Address(text))
    except ValueError:
        return False
