"""Conditions on TCP flags, judged by the flags that openings and replies of connections have.

Source: nft(8), "Bitwise".
"""

from __future__ import annotations

from punchdown.platforms.flags import FLAGS, Test, judged
from punchdown.platforms.linux_nftables.policy_matches import Conditions
from punchdown.values.policy import Field, Match

_TCP = Match(Field.PROTOCOL, ((6, 6),))
_KNOWN = FLAGS | {"0x0", "0", "&", "|", "(", ")", "==", "!=", "/", ",", "{", "}", "!"}


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
    values, exact = judged(test)
    condition = () if len(values) == 2 else (Match(Field.TCP_REPLY, values),)
    return (_TCP, *condition), "" if exact else shown


def _test(words: list[str]) -> Test | None:
    """``a,b / mask``, ``!= a / mask``, ``& mask == a``, ``& mask != a``, ``== a|b`` (just these), ``a,b`` (any of
    them), ``! a,b`` (none of them), ``{ a, b }`` (exactly one of them); None for another form."""
    def flags(part: list[str]) -> frozenset[str]:
        return FLAGS & frozenset(part)
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
    if words[:1] in (["=="], ["!="]):
        return lambda found: (found == flags(words)) == (words[0] == "==")
    if words[:1] == ["!"]:
        return lambda found: not found & flags(words)
    if words and words[0] in FLAGS and not {"==", "!=", "&"} & set(words):
        return lambda found: bool(found & flags(words))
    return None
