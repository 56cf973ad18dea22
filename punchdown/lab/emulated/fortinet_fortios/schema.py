"""What a table of the configuration holds: its fields with their types, defaults and references.

Refusals are in the words of the device. Source: the platform's fact sheet, "Error markers"; vendor's CLI reference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv6Interface

Values = tuple[str, ...]


class Refused(Exception):
    """The device refuses, in these words, with this return code."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.text = f"{text}\nCommand fail. Return code {code}\n"


def unknown_word(word: str) -> Refused:
    """A word that is no command, no table and no attribute here."""
    return Refused(f"\ncommand parse error before '{word}'", -61)


def bad_value(word: str) -> Refused:
    """A value of the wrong kind."""
    return Refused(f"\nvalue parse error before '{word}'", -651)


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute. ``kind``: enum, int, text, ip, mask (address and mask), net (the same, host bits cleared),
    addresses (one or a range), ports, ranges (several, with source ports), prefix6, time, reference, secret.

    ``options`` of an enum; ``low`` and ``high`` of a number, ``high`` of a text's length; ``tables`` that a reference
    may point into (``any`` and the like as ``=any``); ``when``: (attribute, values) that must hold for it to exist;
    ``must``: it has to be set. ``several``: takes more than one value.
    """

    name: str
    kind: str = "enum"
    default: Values = ()
    options: tuple[str, ...] = ("enable", "disable")
    low: int = 0
    high: int = 2**32 - 1
    tables: tuple[str, ...] = ()
    when: tuple[str, tuple[str, ...]] | None = None
    must: bool = False
    several: bool = False

    @property
    def quoted(self) -> bool:
        """Whether it is shown between quotes."""
        return self.kind in {"text", "reference", "addresses", "host"} and self.name != "extip"


@dataclass(frozen=True, slots=True)
class Table:
    """``path`` as typed after ``config``. ``keyed``: it has entries, ``numbered`` ones or named; ``inner`` are tables
    inside of it (of each entry). ``own_id``: entries get a universal identifier."""

    path: str
    fields: tuple[Field, ...]
    keyed: bool = False
    numbered: bool = False
    inner: tuple[Table, ...] = ()
    own_id: bool = False
    ordered: bool = False
    name_length: int = 79
    by_name: dict[str, Field] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        self.by_name.update((item.name, item) for item in self.fields)

    @property
    def last(self) -> str:
        """What the prompt shows of it."""
        return self.path.split()[-1]

    def attribute(self, word: str, values: dict[str, Values]) -> Field:
        """The field of that name or unambiguous beginning, if it exists in this situation. Raises Refused."""
        known = [item for item in self.fields if item.name == word] or [
            item for item in self.fields if item.name.startswith(word)]
        there = [item for item in known if exists(self, item, values)]
        if len(there) != 1:
            raise unknown_word(word)
        return there[0]


def exists(table: Table, item: Field, values: dict[str, Values]) -> bool:
    """Whether an attribute is to be had: others decide."""
    if item.when is None:
        return True
    other, wanted = item.when
    deciding = table.by_name[other]
    return exists(table, deciding, values) and values.get(other, deciding.default)[:1] in {(word,) for word in wanted}


_PORTS = re.compile(r"(\d{1,5})(?:-(\d{1,5}))?")


def taken(item: Field, words: Values) -> Values:
    """Values as the device keeps them. Raises Refused."""
    if not words or (len(words) > 1 and not item.several and item.kind not in {"mask", "net"}):
        raise unknown_word(words[1] if len(words) > 1 else item.name)
    if item.kind in {"mask", "net"}:
        return _with_mask(item, words)
    return tuple(dict.fromkeys(part for word in words for part in _one(item, word)))


def _one(item: Field, word: str) -> Values:
    kinds = {"enum": _enum, "int": _int, "text": _text, "ip": _ip, "addresses": _addresses, "ports": _ports,
             "ranges": _ports, "prefix6": _prefix6, "time": _time, "reference": _text, "secret": _text, "host": _text,
             "bits": _bits}
    return (kinds[item.kind](item, word),)


def _enum(item: Field, word: str) -> str:
    found = [option for option in item.options if option == word]
    if not found:
        raise bad_value(word)
    return found[0]


def _int(item: Field, word: str) -> str:
    if not word.isdigit() or not item.low <= int(word) <= item.high:
        raise bad_value(word)
    return str(int(word))


def _text(item: Field, word: str) -> str:
    if len(word) > min(item.high, 32768):
        raise Refused(f"\nThe string is too long; it may have {item.high} characters\n"
                      f"value parse error before '{word}'", -651)
    if item.kind == "text" and item.name == "name" and re.search(r"[<>()#'\"]", word):
        raise Refused("\nThe string contains XSS vulnerability characters\n"
                      f"value parse error before '{word}'", -173)
    return word


def _ip(_item: Field, word: str) -> str:
    try:
        return str(IPv4Address(word))
    except ValueError:
        raise bad_value(word) from None


def _addresses(item: Field, word: str) -> str:
    first, dash, last = word.partition("-")
    found = _ip(item, first), _ip(item, last or first)
    return "-".join(found) if dash and found[0] != found[1] else found[0]


def _ports(item: Field, word: str) -> str:
    parts = word.split(":") if item.kind == "ranges" else [word]
    found = [match for part in parts if (match := _PORTS.fullmatch(part))]
    if not len(parts) == len(found) <= 2:
        raise bad_value(word)
    shown = []
    for match in found:
        first, last = int(match[1]), int(match[2] or match[1])
        if not 0 <= first <= last <= 65535:
            raise bad_value(word)
        shown.append(str(first) if first == last else f"{first}-{last}")
    return ":".join(shown)


def _prefix6(_item: Field, word: str) -> str:
    try:
        return str(IPv6Interface(word))
    except ValueError:
        raise bad_value(word) from None


def _time(_item: Field, word: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", word):
        raise bad_value(word)
    return word


def _bits(_item: Field, word: str) -> str:
    if not re.fullmatch(r"[01]{6}", word):
        raise bad_value(word)
    return word


def _with_mask(item: Field, words: Values) -> Values:
    if len(words) > 2:
        raise unknown_word(words[2])
    try:
        found = IPv4Interface("/".join(words) if len(words) == 2 or "/" in words[0] else "x")
    except ValueError:
        raise bad_value(words[-1]) from None
    address = found.network.network_address if item.kind == "net" else found.ip
    return (str(address), str(found.netmask))
