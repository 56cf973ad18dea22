"""Names, texts and ranges as a definition takes them, out of whatever a device says."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_RESERVED = frozenset({"wan", "any", "phone-and-pc", "phone", "pc", "printer", "pbx", "application", "access-point",
                       "uplink", "mirror", "unused"})
"""Words that mean something else where a name could stand."""
LONGEST = 40
_TEXT = re.compile(r"[^A-Za-z0-9 .,:/()+&'@_=*%-]")


@dataclass(frozen=True, slots=True)
class Note:
    """What a person has to know or to decide. ``kind``: guessed, left-out, secret or question; ``path`` is the place in
    the definition, empty where there is none; ``device`` and ``line`` where it was seen."""

    kind: str
    title: str
    path: tuple[str, ...] = ()
    device: str = ""
    line: str = ""


def name_of(text: str, fallback: str, longest: int = LONGEST) -> str:
    """A name: lower case, digits and inner hyphens.

    >>> name_of("VOICE_VLAN 2", "vlan-2"), name_of("Büro", "x"), name_of("^^", "vlan-7")
    ('voice-vlan-2', 'buro', 'vlan-7')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:longest].strip("-")
    return words or fallback


def unique(name: str, taken: Collection[str]) -> str:
    """The name, or with a number behind it where it is taken or means something else.

    >>> unique("pc", ()), unique("voice", {"voice", "voice-2"})
    ('pc-2', 'voice-3')
    """
    known = _RESERVED.union(taken)
    number = 2
    wanted = name
    while wanted in known:
        wanted, number = f"{name}-{number}", number + 1
    return wanted


def text_of(text: str) -> str:
    """A description that a definition may hold: what it may not hold is left out.

    >>> text_of('Room 12 "suite"; reload'), text_of("a  b")
    ('Room 12 suite reload', 'a b')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(_TEXT.sub(" ", plain).split())[:200].strip()


def within(value: float, low: float, high: float) -> bool:
    """Whether a definition may hold a number; whatever a device says may be none."""
    return low <= value <= high


def split_port(name: str) -> tuple[str, int] | None:
    """Prefix and number of a port's name, None for one that no definition can write.

    >>> split_port("GigabitEthernet1/0/7"), split_port("7"), split_port("1/7"), split_port("1/A7")
    (('GigabitEthernet1/0/', 7), ('', 7), ('1/', 7), ('1/A', 7))
    >>> split_port("xe-0/1/3"), split_port("A1/x")
    (('xe-0/1/', 3), None)
    """
    match = re.fullmatch(r"((?:\d{1,2}/[A-Z]?|[a-z]{2,3}-(?:\d{1,2}/){2}|[A-Za-z][A-Za-z0-9/]*?)?)(\d{1,4})", name)
    return (match[1], int(match[2])) if match else None


def key_of(prefix: str, numbers: Iterable[int], default: str) -> str:
    """Ports of one prefix, in a row, as a person writes them; ``default`` is what the platform puts before a number.
    Where that is nothing, both ends are whole names, as the device prints them.

    >>> key_of("GigabitEthernet1/0/", [1, 2, 3], "GigabitEthernet1/0/")
    '1-3'
    >>> key_of("GigabitEthernet2/0/", [7], "GigabitEthernet1/0/")
    '2/0/7'
    >>> key_of("1/", range(1, 25), ""), key_of("A", [1, 2], ""), key_of("1/A", [1], "")
    ('1/1-1/24', 'A1-A2', '1/A1')
    """
    items = list(numbers)
    span = str(items[0]) if len(items) == 1 else f"{items[0]}-{items[-1]}"
    if prefix == default:
        return span
    if not default:
        return "-".join(f"{prefix}{number}" for number in dict.fromkeys((items[0], items[-1])))
    kind = re.sub(r"[0-9/]+$", "", default)
    rest = prefix.removeprefix(kind)
    return f"{rest}{span}" if kind and prefix.startswith(kind) and re.fullmatch(r"(\d{1,2}/){1,3}", rest) else \
        f"{prefix}{span}"


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as rows without gaps.

    >>> runs([3, 1, 2, 7])
    [[1, 2, 3], [7]]
    """
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return found
