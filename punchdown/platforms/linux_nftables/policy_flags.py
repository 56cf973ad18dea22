"""Conditions on TCP flags, judged by the flags that openings and replies of connections have.

Source: nft(8), "Bitwise"; RFC 9293, section 3.5. Flags that no connection shows together (a scan) meet no packet here.
"""

from __future__ import annotations

from collections.abc import Callable

from punchdown.platforms.linux_nftables.policy_matches import Conditions
from punchdown.values.policy import Field, Match

_TCP = Match(Field.PROTOCOL, ((6, 6),))
_OPENINGS = tuple(map(frozenset, ({"syn"}, {"syn", "ecn", "cwr"})))
_REPLIES = tuple(map(frozenset, (
    {"syn", "ack"}, {"syn", "ack", "ecn"}, {"ack"}, {"ack", "psh"}, {"ack", "urg"}, {"ack", "ecn"}, {"fin", "ack"},
    {"fin", "ack", "psh"}, {"rst"}, {"rst", "ack"})))
_FLAGS = frozenset({"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"})
_KNOWN = _FLAGS | {"0x0", "0", "&", "|", "(", ")", "==", "!=", "/", ",", "{", "}", "!"}

_Test = Callable[[frozenset[str]], bool]


def take_flags(words: list[str]) -> tuple[Conditions, str]:
    """Take a condition off the front, behind ``tcp flags``: what it says of openings and replies, and its words where
    it tells replies (or openings) from each other."""
    taken = []
    while words and words[0] in _KNOWN:
        taken.append(words.pop(0))
    shown = "tcp flags " + " ".join(taken)
    test = _test(taken)
    if test is None:
        return (_TCP,), shown
    openings = {test(flags) for flags in _OPENINGS}
    replies = {test(flags) for flags in _REPLIES}
    values = tuple((value, value) for value, kind in ((0, openings), (1, replies)) if True in kind)
    exact = len(openings) == len(replies) == 1
    condition = () if len(values) == 2 else (Match(Field.TCP_REPLY, values),)
    return (_TCP, *condition), "" if exact else shown


def _test(words: list[str]) -> _Test | None:
    """``a,b / mask``, ``!= a / mask``, ``& mask == a``, ``& mask != a``, ``a,b`` (any of them), ``! a,b`` (none of
    them), ``{ a, b }`` (exactly one of them); None for another form."""
    def flags(part: list[str]) -> frozenset[str]:
        return _FLAGS & frozenset(part)
    if words[:1] == ["{"]:
        return lambda found: len(found) == 1 and found <= flags(words)
    if "/" in words:
        place = words.index("/")
        value, mask, wanted = flags(words[:place]), flags(words[place + 1:]), words[0] != "!="
        return lambda found: (found & mask == value) == wanted
    if words[:1] == ["&"]:
        place = next((number for number, word in enumerate(words) if word in {"==", "!="}), 0)
        value, mask, wanted = flags(words[place:]), flags(words[:place]), words[place] == "=="
        return (lambda found: (found & mask == value) == wanted) if place else None
    if words[:1] == ["!"]:
        return lambda found: not found & flags(words)
    if words and words[0] in _FLAGS and not {"==", "!=", "&"} & set(words):
        return lambda found: bool(found & flags(words))
    return None
