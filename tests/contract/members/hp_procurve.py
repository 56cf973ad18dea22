"""Switches with ArubaOS-Switch 16."""

import re

from tests.contract.member import Member
from tests.proof.edits import exchanging


def one_by_one(root: str, line: str) -> tuple[str, ...]:
    """What a line says of each port in its list; what VLAN 1 lists follows from the others."""
    found = re.fullmatch(r"((?:no )?(?:untagged|tagged|spanning-tree|aaa port-access(?: authenticator| mac-based)?) )"
                         r"([\d,-]+)(.*)", line)
    if not found:
        return (line,)
    if root == "vlan 1":
        return ()
    numbers = [number for part in found[2].split(",") for low, _, high in [part.partition("-")]
               for number in range(int(low), int(high or low) + 1)]
    return tuple(f"{found[1]}{number}{found[3]}" for number in numbers)


MEMBER = Member(
    "hp_procurve", "running-config", box={"ports": 48},
    refuses=("wrong credentials", "storms", "port security", "port security on one port", "link of several"),
    spread=one_by_one,
    alike=((r"^   untagged (\d+)-(\d+)$", r"   untagged \2,\1-\2"),
           (r"(?<= )(\d+\.\d+\.\d+\.\d+) 0\.0\.0\.0(?= eq)", r"host \1"),
           (r"(?<= )0\.0\.0\.0 255\.255\.255\.255(?= |$)", "any"),
           (r"(?<=ip-dscp )101110", "ef"),
           (r"(?<=dhcp-snooping vlan )(\d+) (\d+)", r"\1,\2"),
           (r"^   name \"([\w-]+)\"$", r"   name \1"),
           (r"^   (\d+)0 (?=permit|deny)", r"   \g<1>5 ")),
    order=exchanging(r"^   \d+ (?P<rest>(?:permit|deny) .+)", r"^(?:ip|ipv6) access-list .+"),
    foreign=("vlan 777", "name theirs", "exit", "snmp-server location \"the cellar\"",
             "ip access-list extended theirs", "permit tcp any any eq 7777", "exit"),
    foreign_shown=("   name \"theirs\"", "snmp-server location \"the cellar\"",
                   "   10 permit tcp 0.0.0.0 255.255.255.255 0.0.0.0 255.255.255.255 eq 7777"),
)
