"""Words of the IOS command line: what a parameter accepts and how the device writes it back.

A word type takes the remaining words of a line and returns how many it eats and the canonical text, or None.
Source: the platform's fact sheet (interface names, rewrites of port, DSCP and VLAN words).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Sequence

Eaten = tuple[int, str]
WordType = Callable[[Sequence[str]], Eaten | None]

INTERFACE_KINDS = (
    "AppGigabitEthernet", "FastEthernet", "FiveGigabitEthernet", "FortyGigabitEthernet", "GigabitEthernet",
    "HundredGigE", "Loopback", "Port-channel", "TenGigabitEthernet", "TwentyFiveGigE", "TwoGigabitEthernet", "Vlan",
)
SHORT_KINDS = {
    "AppGigabitEthernet": "Ap", "FastEthernet": "Fa", "FiveGigabitEthernet": "Fi", "FortyGigabitEthernet": "Fo",
    "GigabitEthernet": "Gi", "HundredGigE": "Hu", "Loopback": "Lo", "Port-channel": "Po", "TenGigabitEthernet": "Te",
    "TwentyFiveGigE": "Twe", "TwoGigabitEthernet": "Tw", "Vlan": "Vl",
}
DSCP_NAMES = {
    0: "default", 8: "cs1", 10: "af11", 12: "af12", 14: "af13", 16: "cs2", 18: "af21", 20: "af22", 22: "af23",
    24: "cs3", 26: "af31", 28: "af32", 30: "af33", 32: "cs4", 34: "af41", 36: "af42", 38: "af43", 40: "cs5",
    46: "ef", 48: "cs6", 56: "cs7",
}
_DSCP_VALUES = {name: name for name in DSCP_NAMES.values()}
_INTERFACE = re.compile(r"([A-Za-z-]+)([0-9/.]*)")
_MAC = re.compile(r"[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2}")


def interface_kind(word: str) -> str | None:
    """The long kind a (possibly shortened) kind stands for; None when unknown or ambiguous."""
    known = [kind for kind in INTERFACE_KINDS if kind.lower().startswith(word.lower())]
    short = [kind for kind, text in SHORT_KINDS.items() if text.lower() == word.lower()]
    found = short or known
    return found[0] if len(found) == 1 else None


def short_name(name: str) -> str:
    """``GigabitEthernet1/0/1`` -> ``Gi1/0/1``, as operational tables print it."""
    match = _INTERFACE.fullmatch(name)
    return SHORT_KINDS[match[1]] + match[2] if match and match[1] in SHORT_KINDS else name


def interface(words: Sequence[str]) -> Eaten | None:
    """``gi1/0/1``, ``Gi 1/0/1``, ``vlan 20``: the long name without a space."""
    match = _INTERFACE.fullmatch(words[0])
    kind = interface_kind(match[1]) if match else None
    if match is None or kind is None:
        return None
    if match[2]:
        return 1, kind + match[2]
    return (2, kind + words[1]) if len(words) > 1 and re.fullmatch(r"[0-9/.]+", words[1]) else None


def interfaces(words: Sequence[str]) -> Eaten | None:
    """``gi1/0/1 - 4 , gi1/0/7`` or ``gi1/0/1-4``: long names, a comma between."""
    used = 0
    while used < len(words) and words[used].lower() not in {"both", "rx", "tx", "encapsulation", "ingress"}:
        used += 1
    found: list[str] = []
    for part in "".join(words[:used]).split(","):
        match = re.fullmatch(r"([A-Za-z-]+[\d/]*?)(\d+)(?:-(\d+))?", part)
        for each in range(int(match[2]), int(match[3] or match[2]) + 1) if match else ():
            eaten = interface([f"{match[1] if match else ''}{each}"])
            found += [eaten[1]] if eaten else []
        if not match or not found:
            return None
    return used, ",".join(found)


def number(low: int, high: int) -> WordType:
    """A whole number in a range, written without leading zeros."""
    def eat(words: Sequence[str]) -> Eaten | None:
        word = words[0]
        return (1, str(int(word))) if word.isdigit() and low <= int(word) <= high else None
    return eat


def matching(pattern: str) -> WordType:
    """One word that fully matches a regular expression, kept as it is."""
    compiled = re.compile(pattern)
    return lambda words: (1, words[0]) if compiled.fullmatch(words[0]) else None


def rest(words: Sequence[str]) -> Eaten | None:
    """All that is left of the line."""
    return len(words), " ".join(words)


def address(words: Sequence[str]) -> Eaten | None:
    """An IPv4 address."""
    try:
        return 1, str(ipaddress.IPv4Address(words[0]))
    except ValueError:
        return None


def mask(words: Sequence[str]) -> Eaten | None:
    """A contiguous network mask."""
    try:
        ipaddress.IPv4Network(f"0.0.0.0/{words[0]}")
    except ValueError:
        return None
    return (1, words[0]) if "." in words[0] else None


def ipv6_prefix(words: Sequence[str]) -> Eaten | None:
    """An IPv6 address with or without a length, in capitals as the device prints it."""
    try:
        ipaddress.IPv6Interface(words[0])
    except ValueError:
        return None
    return 1, words[0].upper()


def mac(words: Sequence[str]) -> Eaten | None:
    """``0800.0f10.0101``."""
    return (1, words[0].lower()) if _MAC.fullmatch(words[0]) else None


def dscp(words: Sequence[str]) -> Eaten | None:
    """A code point by number or name; the name where one exists."""
    word = words[0].lower()
    if word.isdigit() and int(word) < 64:
        return 1, DSCP_NAMES.get(int(word), str(int(word)))
    return (1, word) if word in _DSCP_VALUES else None


def dscps(words: Sequence[str]) -> Eaten | None:
    """Up to eight code points."""
    found = [dscp(words[place:]) for place in range(len(words))]
    names = [one[1] for one in found if one is not None]
    return (len(words), " ".join(names)) if len(names) == len(words) <= 8 else None


def vlan_ids(text: str) -> tuple[int, ...] | None:
    """``10,20-22`` -> (10, 20, 21, 22); None when it is no list of VLANs between 1 and 4094."""
    found: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if match is None:
            return None
        low, high = int(match[1]), int(match[2] or match[1])
        if not 1 <= low <= high <= 4094:
            return None
        found.update(range(low, high + 1))
    return tuple(sorted(found))


def vlan_text(ids: Iterable[int]) -> str:
    """(10, 20, 21, 22) -> ``10,20-22``; two neighbours stay apart only by a comma (``20,21``)."""
    runs: list[list[int]] = []
    for vlan in sorted(set(ids)):
        if runs and runs[-1][-1] == vlan - 1:
            runs[-1].append(vlan)
        else:
            runs.append([vlan])
    return ",".join(_run_text(run) for run in runs)


def _run_text(run: Sequence[int]) -> str:
    if len(run) == 1:
        return str(run[0])
    return f"{run[0]}{',' if len(run) == 2 else '-'}{run[-1]}"


def vlan_list(words: Sequence[str]) -> Eaten | None:
    """A list of VLANs, collapsed."""
    ids = vlan_ids(words[0])
    return None if ids is None else (1, vlan_text(ids))


def percent(words: Sequence[str]) -> Eaten | None:
    """A storm-control level, always two decimals."""
    match = re.fullmatch(r"(\d{1,3})(\.\d{1,2})?", words[0])
    return (1, f"{float(words[0]):.2f}") if match and float(words[0]) <= 100 else None


def rate(words: Sequence[str]) -> Eaten | None:
    """A rate in bits or packets per second, in the largest round unit (``1000`` -> ``1k``)."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([kmgKMG]?)", words[0])
    if match is None:
        return None
    value = float(match[1]) * {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}[match[2].lower()]
    for unit, size in (("g", 1e9), ("m", 1e6), ("k", 1e3)):
        if value >= size:
            return 1, f"{value / size:g}{unit}"
    return 1, f"{value:g}"


TYPES: dict[str, WordType] = {
    "if": interface, "ifs": interfaces, "line": rest, "ip": address, "mask": mask, "ipv6": ipv6_prefix, "mac": mac,
    "dscp": dscp, "dscps": dscps, "vlan": number(1, 4094), "vlans": vlan_list, "percent": percent, "rate": rate,
    "word": matching(r"\S+"), "name": matching(r"[^\s?]{1,64}"), "url": matching(r"[a-z0-9-]+:\S*"),
    "hex": matching(r"[0-9A-Fa-f]+"), "host": matching(r"[A-Za-z0-9][A-Za-z0-9.-]*"),
    "version": matching(r"\d+\.\d+"),
}


def word_type(name: str) -> WordType:
    """The type behind ``<name>`` in a pattern; ``<1-300>`` is a number in that range."""
    bounds = re.fullmatch(r"(\d+)-(\d+)", name)
    return number(int(bounds[1]), int(bounds[2])) if bounds else TYPES[name]
