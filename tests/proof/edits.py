"""One wrong rule in a device's text: dropped, swapped, turned round, widened, another port, unbound, another direction.

Each edit takes the lines of a document and a die, and gives the lines after it, or None where it finds nothing to do.
The text stays one that the device would take.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

Lines = list[str]
Edit = Callable[[random.Random, Lines], Lines | None]


def _places(lines: Lines, pattern: str) -> list[int]:
    return [place for place, line in enumerate(lines) if re.search(pattern, line)]


def dropping(pattern: str) -> Edit:
    """One of the lines goes."""
    def edit(dice: random.Random, lines: Lines) -> Lines | None:
        places = _places(lines, pattern)
        if not places:
            return None
        place = dice.choice(places)
        return [*lines[:place], *lines[place + 1:]]
    return edit


def changing(pattern: str, change: Callable[[random.Random, re.Match[str]], str]) -> Edit:
    """What the pattern finds in one of the lines is written otherwise."""
    def edit(dice: random.Random, lines: Lines) -> Lines | None:
        places = _places(lines, pattern)
        if not places:
            return None
        place = dice.choice(places)
        found = dice.choice(list(re.finditer(pattern, lines[place])))
        line = lines[place]
        return [*lines[:place], line[:found.start()] + change(dice, found) + line[found.end():], *lines[place + 1:]]
    return edit


def exchanging(pattern: str, group: str) -> Edit:
    """Two lines of one group change what the pattern's second part holds; ``group`` finds what a group has in
    common, looking upward where the line itself does not say it."""
    def edit(dice: random.Random, lines: Lines) -> Lines | None:
        groups: dict[str, list[int]] = {}
        here = ""
        for place, line in enumerate(lines):
            if found := re.search(group, line):
                here = found[0]
            if re.search(pattern, line):
                groups.setdefault(here, []).append(place)
        several = [places for places in groups.values() if len(places) > 1]
        if not several:
            return None
        one, other = dice.sample(dice.choice(several), 2)
        first, second = re.search(pattern, lines[one]), re.search(pattern, lines[other])
        assert first is not None
        assert second is not None
        if first["rest"] == second["rest"]:
            return None
        changed = list(lines)
        changed[one], changed[other] = (
            line[:mine.start("rest")] + his["rest"] + line[mine.end("rest"):]
            for line, mine, his in ((lines[one], first, second), (lines[other], second, first)))
        return changed
    return edit


def within(heading: str, edit: Edit) -> Edit:
    """The same inside of one section that starts with a heading: lines that stand further in, and the heading."""
    def narrowed(dice: random.Random, lines: Lines) -> Lines | None:
        heads = _places(lines, heading)
        if not heads:
            return None
        first = dice.choice(heads)
        depth = len(lines[first]) - len(lines[first].lstrip())
        last = first + 1
        while last < len(lines) and len(lines[last]) - len(lines[last].lstrip()) > depth:
            last += 1
        changed = edit(dice, lines[first:last])
        return None if changed is None else [*lines[:first], *changed, *lines[last:]]
    return narrowed


def _words(**words: str) -> Callable[[random.Random, re.Match[str]], str]:
    """Each word becomes the other one."""
    def change(_dice: random.Random, found: re.Match[str]) -> str:
        return {**words, **{value: key for key, value in words.items()}}[found[0]]
    return change


def _next_number(dice: random.Random, found: re.Match[str]) -> str:
    """One more or one less, or a port of the guideline."""
    number = int(found["number"], 0)
    other = dice.choice([wanted for wanted in (number + 1, number - 1, 1752, 22) if 0 < wanted < 65536])
    return found[0].replace(found["number"], str(other))


def _wider(_dice: random.Random, found: re.Match[str]) -> str:
    """One bit less of the address counts."""
    return f"{found['address']}/{int(found['bits'] or 32) - 1}" if "bits" in found.groupdict() else ""


_ENTRY = r"^ (sequence )?\d+ (permit|deny) "
_SIDE = r"(?:any|host \S+|\d\S+ \d\S+)(?: (?:eq \S+|range \S+ \S+))?"


def _turned(_dice: random.Random, found: re.Match[str]) -> str:
    return f"{found['head']}{found['two']} {found['one']}{found['tail']}"


def _wider_list(dice: random.Random, found: re.Match[str]) -> str:
    address = found["address"]
    return dice.choice((f"{address.rpartition('.')[0]}.{int(address.rpartition('.')[2]) & ~1} 0.0.0.1", "any"))


_IN_LISTS: Mapping[str, Edit] = {
    "drop": dropping(_ENTRY),
    "swap": exchanging(r"^ (?:sequence )?\d+ (?P<rest>(?:permit|deny) .+)", r"^(?:ip|ipv6) access-list .+"),
    "negate": changing(r"(?<=\d )(permit|deny)(?= )", _words(permit="deny")),
    "widen": changing(r"host (?P<address>\d+\.\d+\.\d+\.\d+)", _wider_list),
    "widen a mask": changing(r"0\.0\.0\.255", lambda dice, _: dice.choice(("0.0.1.255", "0.0.255.0", "0.0.0.127"))),
    "port": changing(r"(?:eq|range) (?P<number>\d+)", _next_number),
    "end of a range": changing(r"range \d+ (?P<number>\d+)", lambda _, found: found[0].replace(
        found["number"], str(int(found["number"]) + 1))),
    "connection": changing(r" established", lambda *_: ""),
    "direction": changing(
        rf"^(?P<head> \d+ (?:permit|deny) \w+ )(?P<one>{_SIDE}) (?P<two>{_SIDE})(?P<tail>.*)$", _turned),
    "protocol": changing(r"(?<=permit )(tcp|udp)(?= )(?!.*established)", _words(tcp="udp")),
}

CISCO_IOS: Mapping[str, Edit] = {
    **{kind: within(r"^(?:ip|ipv6) access-list (?:extended )?PD-(?:from|no)-", edit)
       for kind, edit in _IN_LISTS.items()},
    "unbind": within(r"^interface (?!Vlan)", dropping(r"^ (?:ip access-group|ipv6 traffic-filter) \S+ in")),
    "bind the other way": changing(r"(?<=^ ip access-group PD-from)\S+ in", lambda _, found: found[0][:-2] + "out"),
    "VLAN": changing(r"switchport (?:access|voice) vlan (?P<number>\d+)", _next_number),
    "trunk": changing(r"(?<=allowed vlan )(\d+),(?=\d)", lambda *_: ""),
}

_RULE = r"^\t\t(?!type |elements|flags|auto-merge).*\b(?:accept|drop|jump \S+|dnat .+|snat .+|masquerade)\b"

_IN_CHAINS: Mapping[str, Edit] = {
    "drop": dropping(_RULE),
    "swap": exchanging(r"^\t\t(?P<rest>(?!type |elements|flags|auto-merge).*\b(?:accept|drop|reject.*|jump \S+)\b.*)$",
                       r"^\tchain \S+"),
    "negate": changing(r"\b(?:accept|drop)(?= comment)", _words(accept="drop")),
    "negate a match": changing(r"\b(?P<field>ip [sd]addr|[io]ifname|(?:tcp|udp) dport) (?P<not>!= )?",
                               lambda _, found: f"{found['field']} {'' if found['not'] else '!= '}"),
    "widen": changing(r"(?P<address>\d+\.\d+\.\d+\.\d+)(?:/(?P<bits>\d+))?(?=[ ,])(?<!nat ip to )", _wider),
    "port": changing(r"dport (?P<number>\d+)(?!-)", _next_number),
    "end of a range": changing(r"dport \d+-(?P<number>\d+)", lambda _, found: found[0].replace(
        f"-{found['number']}", f"-{int(found['number']) + 1}")),
    "direction": changing(r"(?<=ip )(?:saddr|daddr)\b", _words(saddr="daddr")),
    "direction of a port": changing(r"\b(?:sport|dport)\b", _words(sport="dport")),
    "direction of an interface": changing(r"(?<=\t)iifname(?=.*oifname)", lambda *_: "oifname"),
    "connection": changing(r"ct state (?:established,related|invalid)", lambda dice, _: "ct state " + dice.choice(
        ("new", "related", "established", "new,established"))),
    "translated": changing(r" ct status dnat", lambda *_: ""),
    "to another address": changing(r"(?<=nat ip to )\S+", lambda dice, _: dice.choice(("10.20.10.10", "10.20.40.15"))),
    "interface": changing(r'(?<=iifname )"(?P<name>\w+)"', lambda dice, found: dice.choice(
        [f'"{name}"' for name in ("lan110", "lan120", "lan130", "wan0") if name != found["name"]])),
    "policy": changing(r"policy (?:accept|drop)", _words(**{"policy accept": "policy drop"})),
    "unbind": dropping(r"^\t\t.*jump "),
    "bind elsewhere": changing(r"hook (?:forward|prerouting)(?= priority (?:filter|raw))", lambda *_: "hook input"),
}

LINUX_NFTABLES: Mapping[str, Edit] = {
    **{kind: within(r"^\tchain (?!input)", edit) for kind, edit in _IN_CHAINS.items()},
    "set": changing(r"(?<=elements = \{ )(?P<address>\d\S+)/(?P<bits>\d+)", _wider),
}


def _wider_flow(_dice: random.Random, found: re.Match[str]) -> str:
    bits = int(found["bits"][1:]) if found["bits"] else 32
    return f"{found['field']}={found['address']}/{bits - 1}"


def _other_port(dice: random.Random, found: re.Match[str]) -> str:
    return f"in_port={dice.choice([number for number in (1, 5, 6, 20) if str(number) != found['number']])}"


OPENVSWITCH: Mapping[str, Edit] = {
    "drop": dropping(r"priority=\d+,(?!arp).*actions="),
    "swap": exchanging(r"priority=(?P<rest>\d+)", r"table=\d+"),
    "negate": changing(r"(?<!arp,)actions=(?P<does>.+)$", lambda dice, found: "actions=drop" if found["does"] != "drop"
                       else dice.choice(("actions=NORMAL", "actions=resubmit(,40)"))),
    "widen": changing(r"(?P<field>nw_src|nw_dst)=(?P<address>[\d.]+)(?P<bits>/\d+)?", _wider_flow),
    "port": changing(r"tp_(?:src|dst)=(?P<number>\d+)(?=,)", _next_number),
    "widen a mask": changing(r"(?<=tp_dst=)(?P<value>0x[0-9a-f]+)/0x[0-9a-f]+",
                             lambda _, found: f"{int(found['value'], 16) & 0x8000:#x}/0x8000"),
    "direction": changing(r"nw_(?:src|dst)(?!.*nw_)", _words(nw_src="nw_dst")),
    "direction of a port": changing(r"tp_(?:src|dst)", _words(tp_src="tp_dst")),
    "connection": changing(r"[+-]est", _words(**{"+est": "-est"})),
    "forget a match": changing(r",(?:in_port|nw_src|nw_dst|reg0|dl_vlan|tp_dst)=[^, ]+(?=[, ])", lambda *_: ""),
    "in port": changing(r"in_port=(?P<number>\d+)", _other_port),
    "commit": changing(r"ct\(commit,[^)]*\)+,", lambda *_: ""),
    "unbind": changing(r"resubmit\(,(?P<table>\d+)\)", lambda *_: "resubmit(,40)"),
    "protocol": changing(r"(?<=,)(?:tcp|udp)(?=,)", _words(tcp="udp")),
}

_TERM = re.compile(r"(?P<filter>set firewall family ethernet-switching filter \S+ term )(?P<term>\S+) "
                   r"(?P<rest>.+)")


def exchanging_terms(dice: random.Random, lines: Lines) -> Lines | None:
    """Two terms of one filter that say different things change places; the names stay where they are."""
    terms: dict[str, dict[str, list[str]]] = {}
    for line in lines:
        if found := _TERM.fullmatch(line):
            terms.setdefault(found["filter"], {}).setdefault(found["term"], []).append(found["rest"])
    pairs = [(head, one, other) for head, every in terms.items() for one in every for other in every
             if one < other and every[one] != every[other]]
    if not pairs:
        return None
    head, one, other = dice.choice(pairs)
    said = {one: terms[head][other], other: terms[head][one]}
    out: Lines = []
    for line in lines:
        found = _TERM.fullmatch(line)
        if found is None or found["filter"] != head or found["term"] not in {one, other}:
            out.append(line)
        elif found["term"] in said:
            out += [f"{head}{found['term']} {rest}" for rest in said.pop(found["term"])]
    return out


_IN_TERMS = r"^set firewall family ethernet-switching filter PD-(?:from|guard)\S+ term \S+ "
JUNIPER_JUNOS: Mapping[str, Edit] = {
    "forget a match": dropping(rf"{_IN_TERMS}from (?:ip-destination-address|source-port|destination-port)"),
    "swap": exchanging_terms,
    "negate": changing(r"(?<= then )(?:accept|discard)(?=$)", _words(accept="discard")),
    "widen": changing(rf"{_IN_TERMS}from ip-(?:source|destination)-address \d+\.\d+\.\d+\.(?P<number>\d+)/32$",
                      lambda _, found: found[0].replace("/32", "/31")),
    "port": changing(r"(?<=-port )(?P<number>\d+)$", _next_number),
    "end of a range": changing(r"(?<=-port )\d+-(?P<number>\d+)$", lambda _, found: found[0].replace(
        f"-{found['number']}", f"-{int(found['number']) + 1}")),
    "connection": dropping(rf"{_IN_TERMS}from tcp-established"),
    "direction": changing(r"ip-(?:source|destination)-address", _words(**{
        "ip-source-address": "ip-destination-address"})),
    "unbind": dropping(r"^set interfaces ge-\S+ unit 0 family ethernet-switching filter input "),
    "another VLAN": changing(r"(?<=family ethernet-switching vlan members )\d+",
                             lambda dice, _: dice.choice(("99", "10", "35"))),
}

_ACE = r"^access-list \S+ extended (permit|deny) "
_ASA_SIDE = r"(?:any4?|host \S+|object-group \S+|\d\S+ \d\S+)"


def _wider_asa(dice: random.Random, found: re.Match[str]) -> str:
    address = found["address"]
    near = f"{address.rpartition('.')[0]}.{int(address.rpartition('.')[2]) & ~1} 255.255.255.254"
    return dice.choice((near, "any4"))


CISCO_ASA: Mapping[str, Edit] = {
    "drop": dropping(_ACE),
    "swap": exchanging(r"^access-list \S+ (?P<rest>extended (?:permit|deny) .+)", r"^access-list \S+"),
    "negate": changing(r"(?<=extended )(?:permit|deny)(?= )", _words(permit="deny")),
    "widen": changing(r"(?<=extended permit ).*host (?P<address>\d+\.\d+\.\d+\.\d+)",
                      lambda dice, found: found[0][:found.start("address") - found.start() - 5]
                      + _wider_asa(dice, found)),
    "port": changing(r"(?:eq|range) (?P<number>\d+)", _next_number),
    "end of a range": changing(r"range \d+ (?P<number>\d+)", lambda _, found: found[0].replace(
        found["number"], str(int(found["number"]) + 1))),
    "direction": changing(rf"(?<=extended permit tcp )(?P<one>{_ASA_SIDE}) (?P<two>{_ASA_SIDE})",
                          lambda _, found: f"{found['two']} {found['one']}"),
    "protocol": changing(r"(?<=extended permit )(?:tcp|udp)(?= )", _words(tcp="udp")),
    "member": dropping(r"^ network-object "),
    "unbind": dropping(r"^access-group "),
    "bind elsewhere": changing(r"(?<=in interface )\S+", lambda dice, found: dice.choice(
        [name for name in ("lan20", "lan50", "wan0") if name != found[0]])),
    "same level": dropping(r"^same-security-traffic permit inter"),
    "forget a translation": dropping(r"^nat "),
    "translate otherwise": exchanging(r"^nat \(lan50,wan0\) source static \S+ \S+ service (?P<rest>\S+ \S+)$",
                                      r"^nat"),
    "another real host": changing(r"(?<=^ host )10\.80\.50\.10", lambda *_: "10.80.10.10"),
    "both ways": changing(r" unidirectional$", lambda *_: ""),
}

PLATFORMS: Mapping[str, tuple[str, Mapping[str, Edit]]] = {
    "cisco_ios": ("running-config", CISCO_IOS),
    "linux_nftables": ("/etc/nftables.d/50-punchdown.nft", LINUX_NFTABLES),
    "openvswitch": ("flows:br0", OPENVSWITCH),
}
"""The document in which rules stand, and what may be wrong with it, of those that are asked hundreds of times here; the
contract suite asks every platform, with the edits of its member."""
