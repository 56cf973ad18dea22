"""Switches with ArubaOS-Switch 16."""

import random
import re
from collections.abc import Callable, Mapping

from tests.contract.features import MACS
from tests.contract.member import Member
from tests.proof.edits import Edit, changing, dropping, exchanging, within


def one_by_one(root: str, line: str) -> tuple[str, ...]:
    """What a line says of each port in its list; what VLAN 1 lists follows from the others."""
    found = re.fullmatch(r"((?:no )?(?:untagged|tagged|spanning-tree|aaa port-access(?: authenticator| mac-based)?"
                         r"|ip source-lockdown) )([\d,-]+)(.*)", line)
    if not found:
        return (line,)
    if root == "vlan 1":
        return ()
    numbers = [number for part in found[2].split(",") for low, _, high in [part.partition("-")]
               for number in range(int(low), int(high or low) + 1)]
    return tuple(f"{found[1]}{number}{found[3]}" for number in numbers)


_ENTRY = r"^   \d+ (?:permit|deny) "
_SIDE = r"\d\S+ \d\S+(?: (?:eq \d+|range \d+ \d+))?"
_ORDER = exchanging(r"^   \d+ (?P<rest>(?:permit|deny) .+)", r"^(?:ip|ipv6) access-list .+")


def _other(one: str, two: str) -> Callable[[random.Random, re.Match[str]], str]:
    return lambda _dice, found: {one: two, two: one}[found[0].strip()].join(found[0].split(found[0].strip()))


def _near(dice: random.Random, found: re.Match[str]) -> str:
    number = int(found["number"])
    return found[0].replace(found["number"], str(dice.choice((number + 1, number - 1, 1752))))


_IN_LISTS: Mapping[str, Edit] = {
    "drop": dropping(_ENTRY), "swap": _ORDER,
    "negate": changing(r"(?<=\d )(permit|deny)(?= )", _other("permit", "deny")),
    "widen": changing(r"(?<= )(?P<address>10\.\d+\.\d+\.\d+) 0\.0\.0\.0(?= |$)",
                      lambda dice, found: f"{found['address']} {dice.choice(('0.0.0.1', '0.0.0.255'))}"),
    "widen a mask": changing(r"0\.0\.0\.255", lambda dice, _: dice.choice(("0.0.1.255", "0.0.255.0", "0.0.0.127"))),
    "port": changing(r"eq (?P<number>\d+)", _near),
    "end of a range": changing(r"range \d+ (?P<number>\d+)", _near),
    "connection": changing(r" established", lambda *_: ""),
    "direction": changing(rf"^(?P<head>   \d+ (?:permit|deny) \w+ )(?P<one>{_SIDE}) (?P<two>{_SIDE})(?P<tail>.*)$",
                          lambda _, found: f"{found['head']}{found['two']} {found['one']}{found['tail']}"),
    "protocol": changing(r"(?<=permit )(tcp|udp)(?= )(?!.*established)", _other("tcp", "udp")),
}
EDITS: Mapping[str, Edit] = {
    **{kind: within(r"^(?:ip|ipv6) access-list .*PD-(?:from|no)-", edit) for kind, edit in _IN_LISTS.items()},
    "unbind": within(r"^interface ", dropping(r"^   ip(?:v6)? access-group ")),
    "membership": changing(r"(?<=^   )(?:un)?tagged(?= \d)", _other("tagged", "untagged")),
    "VLAN": within(r"^vlan ", dropping(r"^   (?:un)?tagged ")),
    "authentication": dropping(r"^aaa port-access (?:authenticator|mac-based) [\d,-]+$"),
}

MEMBER = Member(
    "hp_procurve", "running-config", box={"ports": 48},
    refuses=("wrong credentials", "SNMP", "storms", "port security", "port security on one port", "link of several"),
    spread=one_by_one,
    golden={"protection": {"source_guard": True}, "hosts": MACS,
            "management": {"snmp": {"managers": ["admin-1"], "roles": ["core-switch"], "authentication": "sha",
                                    "traps": False},
                           "aaa": {"method": "radius", "servers": ["radius-2"], "roles": ["core-switch"]}}},
    alike=((r"^   untagged (\d+)-(\d+)$", r"   untagged \2,\1-\2"),
           (r"(?<= )(\d+\.\d+\.\d+\.\d+) 0\.0\.0\.0(?= eq)", r"host \1"),
           (r"(?<= )0\.0\.0\.0 255\.255\.255\.255(?= |$)", "any"),
           (r"(?<=ip-dscp )101110", "ef"),
           (r"(?<=dhcp-snooping vlan )(\d+) (\d+)", r"\1,\2"),
           (r"^   name \"([\w-]+)\"$", r"   name \1"),
           (r"^   (\d+)0 (?=permit|deny)", r"   \g<1>5 ")),
    order=_ORDER, edits=EDITS,
    foreign=("vlan 777", "name theirs", "exit", "snmp-server location \"the cellar\"",
             "ip access-list extended theirs", "permit tcp any any eq 7777", "exit"),
    foreign_shown=("   name \"theirs\"", "snmp-server location \"the cellar\"",
                   "   10 permit tcp 0.0.0.0 255.255.255.255 0.0.0.0 255.255.255.255 eq 7777"),
)
