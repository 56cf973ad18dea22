"""What a rule asks of a packet: keys with one value, a range, a set or a mask, as conditions.

Source: nft(8), "Payload expressions", "Meta expressions", "Conntrack expressions".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from ipaddress import ip_address, ip_network

from punchdown.platforms.linux_nftables import policy_words as names
from punchdown.values.policy import At, Field, Match, Place

Conditions = tuple["Match | At", ...]
Ranges = tuple[tuple[int, int], ...]


class UnreadError(ValueError):
    """Words that this parser does not know; the message is those words."""


@dataclass(frozen=True, slots=True)
class Key:
    """A thing that a rule compares. ``implied`` are the conditions that nft adds by itself (``tcp dport`` is TCP).
    ``number`` turns one value into inclusive ranges; None for interface names, whose place is ``place``."""

    name: str
    field: Field | None
    number: Callable[[str], Ranges] | None
    implied: Conditions = ()
    place: Place | None = None
    bits: int = 0


def _numbers(known: Mapping[str, int], word: str) -> Ranges:
    first, dash, last = (word, "", "") if word in known else word.partition("-")
    low = known[first] if first in known else int(first, 0)
    if not dash:
        return ((low, low),)
    return ((low, known[last] if last in known else int(last, 0)),)


def _words(known: Mapping[str, int], word: str) -> Ranges:
    if word not in known:
        raise UnreadError(word)
    return ((known[word], known[word]),)


@lru_cache(maxsize=16384)
def _addresses(family: int, word: str) -> Ranges:
    first, dash, last = word.partition("-")
    if dash:
        pair = ip_address(first), ip_address(last)
        if {item.version for item in pair} != {family}:
            raise UnreadError(word)
        return ((int(pair[0]), int(pair[1])),)
    network = ip_network(first, strict=False)
    if network.version != family:
        raise UnreadError(word)
    return ((int(network.network_address), int(network.broadcast_address)),)


def _macs(word: str) -> Ranges:
    value = int(word.replace(":", ""), 16)
    return ((value, value),)


def _family(number: int) -> Match:
    return Match(Field.FAMILY, ((number, number),))


def _protocol(*numbers: int) -> Match:
    return Match(Field.PROTOCOL, tuple((number, number) for number in numbers))


_IP, _IP6 = (_family(0),), (_family(1),)
_port = partial(_numbers, names.SERVICES)
_proto = partial(_numbers, names.PROTOCOLS)
_dscp = partial(_numbers, names.DSCP)
_plain: Callable[[str], Ranges] = partial(_numbers, {})
_TRANSPORTS = {"tcp": 6, "udp": 17, "sctp": 132, "dccp": 33, "udplite": 136}

_PORT_KEYS = [
    Key(f"{word} {side}", where, _port, (_protocol(number),), bits=16)
    for word, number in _TRANSPORTS.items()
    for side, where in (("sport", Field.SOURCE_PORT), ("dport", Field.DESTINATION_PORT))]

KEYS: Mapping[str, Key] = {key.name: key for key in (
    Key("ip saddr", Field.SOURCE, partial(_addresses, 4), _IP, bits=32),
    Key("ip daddr", Field.DESTINATION, partial(_addresses, 4), _IP, bits=32),
    Key("ip6 saddr", Field.SOURCE, partial(_addresses, 6), _IP6, bits=128),
    Key("ip6 daddr", Field.DESTINATION, partial(_addresses, 6), _IP6, bits=128),
    Key("ip protocol", Field.PROTOCOL, _proto, _IP, bits=8),
    Key("ip dscp", Field.DSCP, _dscp, _IP, bits=6),
    Key("ip6 dscp", Field.DSCP, _dscp, _IP6, bits=6),
    Key("meta l4proto", Field.PROTOCOL, _proto, bits=8),
    Key("meta nfproto", Field.FAMILY, partial(_words, names.FAMILIES), bits=1),
    Key("meta protocol", Field.FAMILY, partial(_words, names.FAMILIES), bits=1),
    Key("ether type", Field.FAMILY, partial(_words, names.FAMILIES), bits=1),
    Key("ether saddr", Field.SOURCE_MAC, _macs, bits=48),
    Key("ether daddr", Field.DESTINATION_MAC, _macs, bits=48),
    Key("meta mark", Field.MARK, _plain, bits=32),
    *_PORT_KEYS,
    Key("th sport", Field.SOURCE_PORT, _port, (_protocol(*_TRANSPORTS.values()),), bits=16),
    Key("th dport", Field.DESTINATION_PORT, _port, (_protocol(*_TRANSPORTS.values()),), bits=16),
    Key("icmp type", Field.ICMP_TYPE, partial(_numbers, names.ICMP), (*_IP, _protocol(1)), bits=8),
    Key("icmpv6 type", Field.ICMP_TYPE, partial(_numbers, names.ICMP6), (*_IP6, _protocol(58)), bits=8),
    Key("icmp code", Field.ICMP_CODE, partial(_numbers, names.CODES), (*_IP, _protocol(1)), bits=8),
    Key("icmpv6 code", Field.ICMP_CODE, partial(_numbers, names.CODES6), (*_IP6, _protocol(58)), bits=8),
    Key("ct state", Field.STATE, partial(_words, names.STATES), bits=2),
    Key("ct direction", Field.STATE, partial(_words, {"original": 0, "reply": 1}), bits=2),
    Key("ct status", Field.DNAT, partial(_words, {"dnat": 1}), bits=1),
    *(Key(word, None, None, place=place) for word, place in (
        ("iifname", Place.IN), ("oifname", Place.OUT), ("iif", Place.IN), ("oif", Place.OUT),
        ("meta iifname", Place.IN), ("meta oifname", Place.OUT), ("meta iif", Place.IN), ("meta oif", Place.OUT))),
)}
"""By its words. ``ip6 nexthdr``, ``icmp code``, ``ct direction`` and the like say what no field holds."""


def take_key(words: list[str]) -> Key | None:
    """Take a known key off the front."""
    for count in (2, 1):
        key = KEYS.get(" ".join(words[:count]))
        if key and len(words) >= count:
            del words[:count]
            return key
    return None


def conditions(key: Key, values: Sequence[str], interfaces: Collection[str], *, negated: bool = False) -> Conditions:
    """``key`` has one of ``values`` (or none of them). Raises ValueError for a value that is not understood.

    ``interfaces`` are the device's own, for names that end in ``*``.
    """
    if any(value.startswith("$") for value in values):
        raise UnreadError(" ".join(values))
    if key.place is not None:
        if key.name.endswith("if") and any(value.isdigit() for value in values):
            raise UnreadError(" ".join(values))
        return (At(key.place, tuple(_interfaces(values, interfaces)), negated),)
    if key.field is None:
        raise UnreadError(key.name)
    known = [value for value in values if not (key.field is Field.STATE and value == "untracked")]
    ranges = tuple(pair for value in known for pair in numbers(key, value))
    return (*key.implied, Match(key.field, ranges, negated=negated))


def numbers(key: Key, value: str) -> Ranges:
    """The numbers of one value. Raises ValueError for what does not fit into the field."""
    if key.number is None:
        raise UnreadError(value)
    found = key.number(value)
    if any(not 0 <= first <= last < 1 << key.bits for first, last in found):
        raise UnreadError(value)
    return found


def masked(key: Key, mask: str, value: str, *, negated: bool = False) -> Conditions:
    """``key & mask == value``. Raises ValueError."""
    if key.field is None:
        raise UnreadError(f"{key.name} & {mask}")
    (number, last), (bits, _) = numbers(key, value)[0], numbers(key, mask)[0]
    if number != last:
        raise UnreadError(value)
    return (*key.implied, Match(key.field, masked=((number, bits),), negated=negated))


def _interfaces(values: Sequence[str], interfaces: Collection[str]) -> list[str]:
    found: list[str] = []
    for value in values:
        found += sorted(name for name in interfaces if fnmatchcase(name, value)) if value.endswith("*") else [value]
    return found
