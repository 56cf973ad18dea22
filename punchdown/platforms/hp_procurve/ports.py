"""Port lists: ``1-4,24``, ``A1-A4``, ``1/1-1/24``, ``Trk1``. They mean sets; the device writes them in its own order.

Source: fact sheet, header ("Ports") and "VLANs, voice".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

LIST = r"(?:(?:\d+/)?[A-Z]?\d+|[Tt]rk\d+)(?:-(?:(?:\d+/)?[A-Z]?\d+|[Tt]rk\d+))?"
"""One item of a port list, as a regular expression without groups."""
PORTS = rf"{LIST}(?:,{LIST})*"
_NAME = re.compile(r"((?:\d+/)?[A-Z]?|Trk)(\d+)")
_MOST = 1024
"""Ports of one range, at most: no switch has more."""
_PHYSICAL = re.compile(r"(?:\d{1,2}/)?[A-Z]?\d{1,3}")


def is_port(name: str) -> bool:
    """Whether the software has ports of such names: by number, slot and number, or either in a member of a stack.

    >>> is_port("24"), is_port("A1"), is_port("2/24"), is_port("1/A2"), is_port("a1"), is_port("1/0/1"), is_port("Trk1")
    (True, True, True, True, False, False, False)
    """
    return _PHYSICAL.fullmatch(name) is not None


def port_key(name: str) -> tuple[int, int, str, int]:
    """Sorts ports as the device lists them: by member, slot and number; trunks last.

    >>> sorted(["Trk1", "A2", "10/1", "2/A1", "2/9", "10", "2"], key=port_key)
    ['2', '10', 'A2', '2/9', '2/A1', '10/1', 'Trk1']
    """
    match = _NAME.fullmatch(name)
    if not match:
        return 2, 0, name, 0
    member, _, slot = match[1].rpartition("/")
    return int(slot == "Trk"), int(member or 0), slot, int(match[2])


@lru_cache(maxsize=4096)
def expand(text: str) -> tuple[str, ...]:
    """The ports of a list, sorted; people leave the prefix off the last port. Raises ValueError for what is none.

    >>> expand("A3,1-3"), expand("1/47-1/48"), expand("trk2"), expand("B1-2")
    (('1', '2', '3', 'A3'), ('1/47', '1/48'), ('Trk2',), ('B1', 'B2'))
    """
    found: set[str] = set()
    for part in text.replace("trk", "Trk").split(","):
        first, dash, last = part.partition("-")
        one, other = _NAME.fullmatch(first), _NAME.fullmatch(last if dash else first)
        if not one or not other or other[1] not in {one[1], ""} or not 0 <= int(other[2]) - int(one[2]) < _MOST:
            raise ValueError(f"no port list: {text}")
        found |= {f"{one[1]}{number}" for number in range(int(one[2]), int(other[2]) + 1)}
    return tuple(sorted(found, key=port_key))


def collapse(ports: Iterable[str]) -> str:
    """A port list with ranges.

    >>> collapse(["1", "2", "3", "A1", "A2", "Trk1", "7"])
    '1-3,7,A1-A2,Trk1'
    """
    runs: list[tuple[str, int, int]] = []
    for _, member, slot, number in sorted({port_key(name) for name in ports}):
        prefix = f"{member}/{slot}" if member else slot
        if runs and runs[-1][0] == prefix and runs[-1][2] == number - 1:
            runs[-1] = (prefix, runs[-1][1], number)
        else:
            runs.append((prefix, number, number))
    return ",".join(f"{prefix}{first}" if first == last else f"{prefix}{first}-{prefix}{last}"
                    for prefix, first, last in runs)


@lru_cache(maxsize=1024)
def expand_vlans(text: str) -> tuple[int, ...]:
    """VLAN numbers of a list with blanks or commas. Raises ValueError.

    >>> expand_vlans("10 20-22"), expand_vlans("10,20-22")
    ((10, 20, 21, 22), (10, 20, 21, 22))
    """
    found: set[int] = set()
    for part in re.split(r"[ ,]+", text.strip()):
        first, _, last = part.partition("-")
        if int(last or first) > 4094:
            raise ValueError(f"no VLAN numbers: {text}")
        found |= set(range(int(first), int(last or first) + 1))
    return tuple(sorted(found))


def collapse_vlans(numbers: Iterable[int]) -> str:
    """As the device prints them.

    >>> collapse_vlans([10, 20, 21, 22])
    '10 20-22'
    """
    return collapse(map(str, numbers)).replace(",", " ")
