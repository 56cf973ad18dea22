"""TCP flags as conditions: which openings and which replies of connections meet them.

A :class:`Field` tells openings from replies alone. What a language says of flags is asked of the flags that the packets
of connections have; a scan's, which no connection shows, meet no packet here, nor does a bare RST, which carries
nothing. Source: RFC 9293, section 3.5; RFC 3168, section 6.1.1.
"""

from __future__ import annotations

from collections.abc import Callable

FLAGS = frozenset({"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"})
BITS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "cwr": 128}
_OPENINGS = tuple(map(frozenset, ({"syn"}, {"syn", "ecn", "cwr"})))
_REPLIES = tuple(map(frozenset, (
    {"syn", "ack"}, {"syn", "ack", "ecn"}, {"ack"}, {"ack", "psh"}, {"ack", "urg"}, {"ack", "ecn"}, {"fin", "ack"},
    {"fin", "ack", "psh"}, {"rst", "ack"})))

Test = Callable[[frozenset[str]], bool]


def judged(test: Test) -> tuple[tuple[tuple[int, int], ...], bool]:
    """The values of ``TCP_REPLY`` for which some packet meets a condition, and whether all packets of these do.

    >>> judged(lambda flags: "ack" in flags), judged(lambda flags: "syn" in flags)
    ((((1, 1),), True), (((0, 0), (1, 1)), False))
    """
    met = {value: {test(flags) for flags in kind} for value, kind in ((0, _OPENINGS), (1, _REPLIES))}
    return (tuple((value, value) for value, kinds in met.items() if True in kinds),
            all(len(kinds) == 1 for kinds in met.values()))


def masked(value: int, mask: int) -> Test:
    """Flags as bits: those of the mask are the ones of the value."""
    def test(found: frozenset[str]) -> bool:
        return sum(BITS[flag] for flag in found) & mask == value & mask
    return test
