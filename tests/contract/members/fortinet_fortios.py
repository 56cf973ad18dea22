"""FortiGate firewalls, with the VLAN interfaces that their engineer made."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping

from punchdown.lab.emulated.fortinet_fortios import prepared
from tests.contract.features import VPN
from tests.contract.member import Member
from tests.proof.edits import Edit, Lines, changing, dropping, within

_POLICY = re.compile(r"    edit \d+$")


def _policies(lines: Lines) -> list[tuple[int, int]]:
    """First and last line of every policy."""
    start = lines.index("config firewall policy")
    ends = [at for at in range(start, lines.index("end", start)) if lines[at] == "    next"]
    begins = [at for at in range(start, ends[-1]) if _POLICY.match(lines[at])]
    return list(zip(begins, ends, strict=True))


def drop(dice: random.Random, lines: Lines) -> Lines | None:
    """One policy goes."""
    first, last = dice.choice(_policies(lines))
    return [*lines[:first], *lines[last + 1:]]


def swap(dice: random.Random, lines: Lines) -> Lines | None:
    """Two policies change places."""
    (one, end), (other, last) = sorted(dice.sample(_policies(lines), 2))
    return [*lines[:one], *lines[other:last + 1], *lines[end + 1:other], *lines[one:end + 1], *lines[last + 1:]]


def swap_unlike(dice: random.Random, lines: Lines) -> Lines | None:
    """The first policy, which denies, and any other change places."""
    found = _policies(lines)
    (one, end), (other, last) = found[0], dice.choice(found[1:])
    return [*lines[:one], *lines[other:last + 1], *lines[end + 1:other], *lines[one:end + 1], *lines[last + 1:]]


def _next_number(dice: random.Random, found: re.Match[str]) -> str:
    number = int(found["number"])
    return str(dice.choice([wanted for wanted in (number + 1, number - 1, 1752, 22) if 0 < wanted < 65536]))


_IN_POLICIES: Mapping[str, Edit] = {
    "action": changing(r"(?<=set action )(?:accept|deny)",
                       lambda _, found: "deny" if found[0] == "accept" else "accept"),
    "interface": changing(r'(?<=set srcintf )"\w+"', lambda dice, found: dice.choice(
        [name for name in ('"lan10"', '"lan20"', '"lan30"', '"wan0"', '"any"') if name != found[0]])),
    "way out": changing(r'(?<=set dstintf )"\w+"', lambda dice, found: dice.choice(
        [name for name in ('"lan10"', '"lan50"', '"wan0"', '"any"') if name != found[0]])),
    "sender": changing(r"(?<=set srcaddr )\"\S+\"", lambda *_: '"all"'),
    "target": changing(r"(?<=set dstaddr )\"PD-\d\S+\"", lambda *_: '"all"'),
    "service": changing(r"(?<=set service )\"PD-\S+\"", lambda *_: '"ALL"'),
    "off": changing(r"(?<=set action )accept", lambda *_: "accept\n        set status disable"),
}
EDITS: Mapping[str, Edit] = {
    "drop": drop, "swap": swap, "swap a denial": swap_unlike,
    **{kind: within(r"^config firewall policy", edit) for kind, edit in _IN_POLICIES.items()},
    "widen": within(r"^config firewall address$", changing(r"255\.255\.255\.255$", lambda *_: "255.255.255.254")),
    "port": changing(r"(?<=-portrange )(?P<number>\d+)$", _next_number),
    "end of a range": changing(r"(?<=-portrange )\d+-(?P<number>\d+)", lambda _, found: found[0].replace(
        f"-{found['number']}", f"-{int(found['number']) + 1}")),
    "protocol": changing(r"(?<=set )(?:tcp|udp)(?=-portrange)", lambda _, found: "udp" if found[0] == "tcp" else "tcp"),
    "to another host": changing(r"(?<=set mappedip )\"\S+\"", lambda dice, _: dice.choice(
        ('"10.80.10.10"', '"10.80.40.15"'))),
    "from another address": changing(r"(?<=set extip )\S+", lambda *_: "198.51.100.11"),
    "forged sources": dropping(r"set strict-src-check enable"),
    "member": changing(r'(?<=set member )"\S+" (?=")', lambda *_: ""),
}

# Without pages: tests of the platform's own turn them.
_PREPARED = f"config system console\n    set output standard\nend\n{prepared(range(2, 255))}"

MEMBER = Member(
    "fortinet_fortios", "running-config", box={"startup": _PREPARED}, says=r"^new entry '",
    alike=((r"(?<=set subnet )(\d+\.\d+\.\d+\.\d+) 255\.255\.255\.0", r"\1/24"),
           (r"(?<=set subnet )(\d+\.\d+\.\d+\.\d+) 255\.255\.255\.255", r"\1/32"),
           (r"(?<=portrange )(\d+)$", r"\1-\1"),
           (r"(?<=set allowaccess )ping ssh", "ssh ping"),
           (r'(?<=set member )("\S+") ("\S+")$', r"\2 \1")),
    order=swap, edits=EDITS,
    golden=VPN,
    foreign=("config firewall address", 'edit "theirs"', "set subnet 192.168.7.0/24", "next", "end",
             "config firewall policy", "edit 7", 'set name "theirs"', 'set srcintf "lan2"', 'set dstintf "lan3"',
             'set srcaddr "theirs"', 'set dstaddr "all"', 'set schedule "always"', 'set service "HTTPS"',
             "set action accept", "next", "end"),
    foreign_shown=('    edit "theirs"', '        set name "theirs"', '        set srcaddr "theirs"'),
)
