"""One rule of a chain as rules of a table: its conditions, its statements, its end.

A line becomes several rules where it holds alternatives: verdict maps, concatenations, translations by a map.
Source: nft(8), "Statements".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from punchdown.platforms.linux_nftables.policy_matches import (
    KEYS,
    Conditions,
    Key,
    UnreadError,
    conditions,
    masked,
    take_key,
    tcp_flags,
)
from punchdown.platforms.linux_nftables.policy_nat import TRANSLATIONS, take_translation
from punchdown.platforms.linux_nftables.policy_text import Chain, Elements, Statement, elements
from punchdown.values.policy import Action, Assign, Enter, Field, Match, Rule, Verdict

_VERDICTS = {"accept": Verdict.ACCEPT, "drop": Verdict.DROP, "return": Verdict.RETURN, "continue": Verdict.NEXT}
_SPEAKERS = frozenset({"prefix", "level", "group", "snaplen", "queue-threshold", "flags"})
_STEALERS = frozenset({"queue", "tproxy", "fwd", "dup", "synproxy", "flow", "xt"})
_HARMLESS_SETS = frozenset({"meta priority", "meta nftrace", "meta pkttype", "ct event", "ip ttl", "ip6 hoplimit",
                            "tcp option", "ct mark", "ct label", "meta secmark"})
_OPERATORS = frozenset({"==", "!=", "<", ">", "<=", ">="})
_NEIGHBOURS = ((133, 137),)


@dataclass(slots=True)
class _Draft:
    """A rule while it is read. ``ways`` are its alternatives: conditions, the words of a verdict map's verdict, and
    the actions of a translation. ``sure``: its end is known. ``matters``: it writes what is not followed."""

    ways: list[tuple[Conditions, tuple[str, ...], tuple[Action, ...]]] = field(
        default_factory=lambda: [((), (), ())])
    actions: list[Action] = field(default_factory=list)
    end: tuple[str, ...] = ()
    unread: list[str] = field(default_factory=list)
    sure: bool = True
    matters: bool = False

    def narrow(self, found: Sequence[Conditions]) -> None:
        """Each way with each of the found conditions."""
        self.ways = [((*known, *new), verdict, actions) for known, verdict, actions in self.ways for new in found]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule's words may refer to: the table's named sets and the device's interfaces."""

    chain: Chain
    sets: Mapping[str, Elements]
    interfaces: Collection[str]


def read_rule(statement: Statement, around: Surroundings) -> tuple[tuple[Rule, ...], bool]:
    """The rules of one line, and whether it does something unknown beyond letting packets pass or not."""
    draft, words = _Draft(), list(statement.words)
    while words:
        _step(draft, words, around)
    unread = " ".join(draft.unread)
    rules: list[Rule] = []
    for matches, verdict, actions in draft.ways:
        ends = _ends(verdict or draft.end, around.chain)
        sure = draft.sure and ends is not None
        what = (*draft.actions, *actions)
        silent = not what and sure and ends == (Verdict.NEXT,)
        words_left = "" if silent else unread or ("" if sure else _NO_END)
        rules += [Rule(tuple(dict.fromkeys(matches)), end, statement.line, what, words_left, sure)
                  for end in ends or (Verdict.ACCEPT,)]
    return tuple(rules), draft.matters


_NO_END = "jumps to what is not there"


def _ends(words: tuple[str, ...], chain: Chain) -> tuple[Verdict | Enter, ...] | None:
    """The ends of a verdict; ``goto`` is a jump and the way back at once. None for a chain that is not there."""
    if not words:
        return (Verdict.NEXT,)
    if words[0] == "reject":
        return (Verdict.REJECT,)
    if words[0] in _VERDICTS:
        end = _VERDICTS[words[0]]
        return (_policy(chain),) if end is Verdict.RETURN and chain.hook else (end,)
    target = chain.table.chains.get(words[1])
    if target is None:
        return None
    if words[0] == "jump":
        return (Enter(target.key, returns=True),)
    return (Enter(target.key, returns=True), _policy(chain) if chain.hook else Verdict.RETURN)


def _policy(chain: Chain) -> Verdict:
    return Verdict.DROP if chain.policy == "drop" else Verdict.ACCEPT


def _step(draft: _Draft, words: list[str], around: Surroundings) -> None:
    """Take the next expression or statement off the front."""
    first = words[0]
    if first in _VERDICTS:
        draft.end = (words.pop(0),)
    elif first in {"jump", "goto"}:
        draft.end = tuple(_take(words, 2))
    elif first == "reject":
        draft.end = ("reject",)
        words.clear()
    elif first in {"counter", "log", "comment"}:
        _take_remark(words)
    elif first in {"limit", "quota"}:
        draft.unread += _take_limit(words)
    elif first in TRANSLATIONS:
        _translate(draft, words, around)
    elif first in {"add", "update", "delete", "set"} and words[1:2] and words[1].startswith("@"):
        _take_dynamic(draft, words)
    elif words[:2] == ["tcp", "flags"]:
        del words[:2]
        found, narrower = tcp_flags(words)
        draft.narrow([found])
        draft.unread += [narrower] if narrower else []
    elif _is_set(words):
        _take_set(draft, words)
    else:
        _compare(draft, words, around)


def _take(words: list[str], count: int) -> list[str]:
    taken = words[:count]
    del words[:count]
    return taken


def _take_remark(words: list[str]) -> None:
    """Counters, logs and comments change nothing."""
    first = words.pop(0)
    if first == "comment":
        _take(words, 1)
    elif first == "counter":
        while words and words[0] in {"packets", "bytes", "name"}:
            _take(words, 2)
    else:
        while words and words[0] in _SPEAKERS:
            taken = _take(words, 2)
            if taken[0] == "flags" and taken[-1] in {"tcp", "ip"}:
                _take(words, 1)
                while words[:1] == [","]:
                    _take(words, 2)


def _take_limit(words: list[str]) -> list[str]:
    """``limit rate [over] N/unit [burst N unit]``, ``quota [over] N unit``: narrower by time, not by packet."""
    taken = _take(words, 1)
    if words[:1] == ["name"]:
        return taken + _take(words, 2)
    for word in ("rate", "over", "until"):
        if words[:1] == [word]:
            taken += _take(words, 1)
    taken += _take(words, 1)
    if taken[0] == "quota" or (words and "/" in words[0]):
        taken += _take(words, 1)
    if words[:1] == ["used"]:
        taken += _take(words, 3)
    if words[:1] == ["burst"]:
        taken += _take(words, 3)
    return taken


def _take_dynamic(draft: _Draft, words: list[str]) -> None:
    """``update @set { key limit rate over N/unit }``: a limit inside narrows, without one nothing does."""
    taken = _take(words, 2)
    if words[:1] == ["{"]:
        inner = _take(words, words.index("}") + 1)
        if {"limit", "quota"} & set(inner):
            draft.unread += [*taken, *inner]


def _is_set(words: list[str]) -> bool:
    return words[2:3] == ["set"] or words[:1] == ["notrack"] or (
        words[:2] == ["tcp", "option"] and words[4:5] == ["set"])


def _take_set(draft: _Draft, words: list[str]) -> None:
    """A statement that writes. Its value is one word, or an expression that is not followed."""
    place = words.index("set") if "set" in words else 0
    name = " ".join(words[:2])
    del words[:place + 1]
    value = _take_value(words)
    key = KEYS.get(name)
    if key and key.field in {Field.DSCP, Field.MARK} and len(value) == 1 and key.number:
        try:
            number = key.number(value[0])[0][0]
        except ValueError:
            draft.matters = True
            return
        draft.narrow([key.implied])
        draft.actions.append(Assign(key.field, number, (1 << key.bits) - 1))
    elif name not in _HARMLESS_SETS:
        draft.unread += [name, "set", *value]
        draft.matters = True


def _take_value(words: list[str]) -> list[str]:
    """The words of a written value: up to the next statement."""
    ends = {*_VERDICTS, "jump", "goto", "reject", "counter", "log", "comment", "limit", *TRANSLATIONS}
    place = next((number for number, word in enumerate(words) if word in ends), len(words))
    if place > 1 and words[0] not in {"rt", "ct", "meta", "ip", "numgen", "jhash", "symhash", "tcp"} \
            and "map" not in words[:place] and words[1] not in {"|", "&", "or", "and", "xor", "^"}:
        place = 1
    return _take(words, place)


def _translate(draft: _Draft, words: list[str], around: Surroundings) -> None:
    found = take_translation(words, around.sets, around.interfaces)
    draft.ways = [((*known, *new), ("accept",), actions) for known, _, _ in draft.ways
                  for new, actions in found.ways]
    draft.unread += found.unread
    draft.sure = draft.sure and not found.unread


def _compare(draft: _Draft, words: list[str], around: Surroundings) -> None:
    """A key with a value, a set, a mask or a verdict map; else one word that is not understood."""
    before = list(words)
    if keys := _take_keys(words):
        try:
            _values(draft, keys, words, around)
        except (ValueError, IndexError):
            pass
        else:
            return
    words[:] = before
    if words[:3] == ["ip6", "hoplimit", "255"] and _is_neighbour_discovery(draft):
        _take(words, 3)
        return
    _unknown(draft, words)


def _take_keys(words: list[str]) -> list[Key]:
    """``key`` or ``key . key ...``."""
    keys: list[Key] = []
    while key := take_key(words):
        keys.append(key)
        if words[:1] != ["."]:
            return keys
        words.pop(0)
    return []


def _values(draft: _Draft, keys: list[Key], words: list[str], around: Surroundings) -> None:
    if words[0] == "vmap":
        words.pop(0)
        found = _take_elements(words, around)
        draft.ways = [((*known, *_element(keys, item[:item.index(":")], around)), item[item.index(":") + 1:], actions)
                      for known, _, actions in draft.ways for item in found]
        return
    if words[0] == "&":
        draft.narrow([_masked(keys, words)])
        return
    operator = words.pop(0) if words[0] in _OPERATORS else "=="
    if words[0] == "{" or words[0].startswith("@"):
        found = _take_elements(words, around)
    elif len(keys) > 1:
        found = [tuple(_take(words, 2 * len(keys) - 1))]
    else:
        found = [tuple(_take(words, 1))]
        while words[:1] == [","]:
            words.pop(0)
            found.append(tuple(_take(words, 1)))
    if len(keys) == 1:
        values = [word for item in found for word in item]
        if operator in {"<", ">", "<=", ">="}:
            draft.narrow([_ordered(keys[0], operator, values[0])])
        else:
            draft.narrow([conditions(keys[0], values, around.interfaces, negated=operator == "!=")])
    elif operator == "==":
        draft.narrow([_element(keys, item, around) for item in found])
    else:
        raise UnreadError(operator)


def _element(keys: list[Key], item: Sequence[str], around: Surroundings) -> Conditions:
    """One element of a set over one or more keys; ``*`` matches everything."""
    values = " ".join(item).split(" . ")
    if len(values) != len(keys):
        raise UnreadError(" ".join(item))
    return tuple(match for key, value in zip(keys, values, strict=True) if value != "*"
                 for match in conditions(key, [value], around.interfaces))


def _ordered(key: Key, operator: str, value: str) -> Conditions:
    if key.number is None or key.field is None or not key.bits:
        raise UnreadError(operator)
    number, top = key.number(value)[0][0], (1 << key.bits) - 1
    low, high = {"<": (0, number - 1), "<=": (0, number), ">": (number + 1, top), ">=": (number, top)}[operator]
    return (*key.implied, Match(key.field, ((low, high),) if low <= high else ()))


def _masked(keys: list[Key], words: list[str]) -> Conditions:
    mask, operator, value = words[1], words[2], words[3]
    if len(keys) != 1 or operator not in {"==", "!="} or mask == "(":
        raise UnreadError(mask)
    del words[:4]
    return masked(keys[0], mask, value, negated=operator == "!=")


def _take_elements(words: list[str], around: Surroundings) -> list[tuple[str, ...]]:
    """The elements of ``{ ... }`` or of a named set. Raises UnreadError for a set that is absent or changes."""
    if words[0] == "{":
        end = words.index("}")
        found = elements(words[1:end])
        del words[:end + 1]
        return found
    known = around.sets.get(words[0][1:])
    if known is None or known.changing:
        raise UnreadError(words[0])
    words.pop(0)
    return known.elements


def _is_neighbour_discovery(draft: _Draft) -> bool:
    """A hop limit of 255 is what neighbour discovery always has (RFC 4861, section 7.1), so it narrows nothing."""
    kinds = [match.ranges for way, _, _ in draft.ways for match in way
             if isinstance(match, Match) and match.field is Field.ICMP_TYPE and not match.negated]
    return bool(kinds) and all(_NEIGHBOURS[0][0] <= low and high <= _NEIGHBOURS[0][1]
                               for ranges in kinds for low, high in ranges)


def _unknown(draft: _Draft, words: list[str]) -> None:
    """Put words aside: a key that no field holds with its value, else all up to the next statement, since what stands
    between could belong to what is not understood."""
    if words[0] in _STEALERS:
        draft.sure = False
    if " ".join(words[:2]) in _OPAQUE or words[0] in _OPAQUE:
        draft.unread += _take(words, 1 if words[0] in _OPAQUE else 2)
        draft.unread += _take_opaque_value(words)
        return
    draft.unread += _take(words, 1)
    while words and words[0] not in _STATEMENTS:
        draft.unread += _take(words, 1)


def _take_opaque_value(words: list[str]) -> list[str]:
    taken = _take(words, 1) if words and words[0] in {*_OPERATORS, "!"} else []
    if words[:1] == ["&"]:
        return taken + _take(words, 4)
    if words[:1] == ["{"]:
        return taken + _take(words, words.index("}") + 1)
    taken += _take(words, 1)
    while words[:1] == [","]:
        taken += _take(words, 2)
    return taken


_STATEMENTS = frozenset({*_VERDICTS, *_STEALERS, *TRANSLATIONS, "jump", "goto", "reject", "counter", "log", "comment",
                         "limit", "quota"})
_OPAQUE = frozenset({
    "ip ttl", "ip length", "ip id", "ip hdrlength", "ip checksum", "ip frag-off", "ip version", "ip6 nexthdr",
    "ip6 hoplimit", "ip6 length", "ip6 flowlabel", "icmp code", "icmpv6 code", "icmp id", "meta pkttype", "meta length",
    "meta skuid", "meta skgid", "meta cgroup", "meta priority", "meta iiftype", "meta oiftype", "meta iifgroup",
    "meta oifgroup", "meta iifkind", "meta oifkind", "meta cpu", "meta day", "meta hour", "meta time", "meta rtclassid",
    "iifgroup", "oifgroup", "iiftype", "oiftype", "pkttype", "ct mark", "ct direction", "ct expiration", "ct helper",
    "ct zone", "ct label", "ct count", "vlan id", "vlan pcp", "ether saddr", "ether type", "tcp sequence", "udp length",
    "meta ipsec", "rt ipsec", "meta secpath"})
"""Keys whose value is one word or one set: what stands behind them is read on."""
