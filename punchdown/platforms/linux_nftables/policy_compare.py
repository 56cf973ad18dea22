"""Comparisons of a rule: a key with a value, a set, a mask or a verdict map; and what is no key that a field holds.

Source: nft(8), "Expressions".
"""

from __future__ import annotations

from collections.abc import Sequence

from punchdown.platforms.linux_nftables.policy_draft import Draft, Surroundings, take
from punchdown.platforms.linux_nftables.policy_fib import take_route_check
from punchdown.platforms.linux_nftables.policy_matches import (
    KEYS,
    Conditions,
    Key,
    UnreadError,
    conditions,
    masked,
    numbers,
    take_key,
)
from punchdown.platforms.linux_nftables.policy_nat import TRANSLATIONS
from punchdown.platforms.linux_nftables.policy_text import elements
from punchdown.values.policy import Field, Match, Verdict

VERDICTS = {"accept": Verdict.ACCEPT, "drop": Verdict.DROP, "return": Verdict.RETURN, "continue": Verdict.NEXT}
_STEALERS = frozenset({"queue", "tproxy", "fwd", "dup", "synproxy", "xt"})
_KINDS = frozenset({"host", "unicast", "broadcast", "multicast", "other"})
_OPERATORS = frozenset({"==", "!=", "<", ">", "<=", ">="})
_NEIGHBOURS = ((133, 137),)


def compare(draft: Draft, words: list[str], around: Surroundings) -> None:
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
    if words[:2] == ["ip6", "nexthdr"] and _take_next_header(draft, words):
        return
    if words[:3] == ["ip6", "hoplimit", "255"] and _is_neighbour_discovery(draft):
        take(words, 3)
        return
    if words[:1] == ["fib"] and take_route_check(draft, words, around):
        return
    if _take_kind(draft, words) or _take_fragment(draft, words):
        return
    _unknown(draft, words)


def _take_next_header(draft: Draft, words: list[str]) -> bool:
    """``ip6 nexthdr tcp`` is the protocol of packets without extension headers: narrower than the protocol."""
    value = words[2:3]
    try:
        found = conditions(KEYS["meta l4proto"], value, ())
    except ValueError:
        return False
    draft.narrow([(*conditions(KEYS["meta nfproto"], ["ipv6"], ()), *found)])
    draft.unread += take(words, 3)
    return True


def _take_keys(words: list[str]) -> list[Key]:
    """``key`` or ``key . key ...``."""
    keys: list[Key] = []
    while key := take_key(words):
        keys.append(key)
        if words[:1] != ["."]:
            return keys
        words.pop(0)
    return []


def _values(draft: Draft, keys: list[Key], words: list[str], around: Surroundings) -> None:
    if words[0] == "vmap":
        words.pop(0)
        pairs = [(item[:item.index(":")], item[item.index(":") + 1:]) for item in _take_elements(words, around)]
        others = [key for key, _ in pairs if key != ("*",)]
        draft.ways = [((*known, *(_rest(keys, others, around) if key == ("*",) else _element(keys, key, around))),
                       verdict, actions) for known, _, actions in draft.ways for key, verdict in pairs]
        return
    if words[0] == "&":
        draft.narrow([_masked(keys, words)])
        return
    operator = words.pop(0) if words[0] in _OPERATORS else "=="
    if words[0] == "{" or words[0].startswith("@"):
        found = _take_elements(words, around)
    elif len(keys) > 1:
        found = [tuple(take(words, 2 * len(keys) - 1))]
    else:
        found = [tuple(take(words, 1))]
        while words[:1] == [","]:
            words.pop(0)
            found.append(tuple(take(words, 1)))
    if len(keys) == 1:
        values = [word for item in found for word in item]
        if "*" in values and operator in {"==", "!="}:
            values, operator = [], "!=" if operator == "==" else "=="
        if operator in {"<", ">", "<=", ">="}:
            draft.narrow([_ordered(keys[0], operator, values[0])])
        else:
            draft.narrow([conditions(keys[0], values, around.interfaces, negated=operator == "!=")])
    elif operator == "==":
        draft.narrow([_element(keys, item, around) for item in found])
    else:
        raise UnreadError(operator)


def _rest(keys: list[Key], others: list[tuple[str, ...]], around: Surroundings) -> Conditions:
    """The catch-all element of a map: what no other element is."""
    if len(keys) > 1:
        raise UnreadError("*")
    return conditions(keys[0], [word for item in others for word in item], around.interfaces, negated=True)


def _element(keys: list[Key], item: Sequence[str], around: Surroundings) -> Conditions:
    """One element of a set over one or more keys; a lone ``*`` matches everything that has these keys."""
    values = " ".join(item).split(" . ")
    if values == ["*"]:
        return tuple(match for key in keys for match in key.implied)
    if len(values) != len(keys):
        raise UnreadError(" ".join(item))
    return tuple(match for key, value in zip(keys, values, strict=True)
                 for match in conditions(key, [value], around.interfaces))


def _ordered(key: Key, operator: str, value: str) -> Conditions:
    if key.field is None:
        raise UnreadError(operator)
    number, top = numbers(key, value)[0][0], (1 << key.bits) - 1
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


def _take_kind(draft: Draft, words: list[str]) -> bool:
    """``meta pkttype``: what is forwarded came to the machine's own hardware address, so it is ``host``."""
    place = 2 if words[:2] == ["meta", "pkttype"] else 1
    if words[:1] != ["pkttype"] and place == 1:
        return False
    operator = words[place] if words[place:place + 1] and words[place] in {"==", "!="} else ""
    place += bool(operator)
    end = words.index("}") + 1 if words[place:place + 1] == ["{"] else place + 1
    values = {word for word in words[place:end] if word not in {"{", "}", ","}}
    if not values or not values <= _KINDS or words[end:end + 1] == [","]:
        return False
    take(words, end)
    holds = bool(values & {"host", "unicast"}) != (operator == "!=")
    draft.narrow([() if holds else (Match(Field.FAMILY),)])
    return True


def _take_fragment(draft: Draft, words: list[str]) -> bool:
    """``ip frag-off & 0x1fff != 0``: every fragment but the first."""
    if words[:3] != ["ip", "frag-off", "&"] or words[3:4] not in (["0x1fff"], ["8191"]) or words[5:6] not in (
            ["0"], ["0x0"]) or words[4] not in {"==", "!="}:
        return False
    value = int(take(words, 6)[4] == "!=")
    draft.narrow([(*KEYS["ip saddr"].implied, Match(Field.FRAGMENT, ((value, value),)))])
    return True


def _is_neighbour_discovery(draft: Draft) -> bool:
    """A hop limit of 255 is what neighbour discovery always has (RFC 4861, section 7.1), so it narrows nothing."""
    kinds = [match.ranges for way, _, _ in draft.ways for match in way
             if isinstance(match, Match) and match.field is Field.ICMP_TYPE and not match.negated]
    return bool(kinds) and all(_NEIGHBOURS[0][0] <= low and high <= _NEIGHBOURS[0][1]
                               for ranges in kinds for low, high in ranges)


def _unknown(draft: Draft, words: list[str]) -> None:
    """Put words aside: a key that no field holds with its value, else all up to the next statement, since what stands
    between could belong to what is not understood."""
    if words[0] in _STEALERS:
        draft.sure = False
    if " ".join(words[:2]) in _OPAQUE or words[0] in _OPAQUE:
        draft.unread += take(words, 1 if words[0] in _OPAQUE else 2)
        draft.unread += _take_opaque_value(words)
        return
    draft.unread += take(words, 1)
    while words and words[0] not in _STATEMENTS:
        draft.unread += take(words, 1)


def _take_opaque_value(words: list[str]) -> list[str]:
    taken = take(words, 1) if words and words[0] in {*_OPERATORS, "!"} else []
    if words[:1] == ["&"]:
        return taken + take(words, 4)
    if words[:1] == ["{"]:
        return taken + take(words, words.index("}") + 1)
    taken += take(words, 1)
    while words[:1] == [","]:
        taken += take(words, 2)
    return taken


_STATEMENTS = frozenset({*VERDICTS, *_STEALERS, *TRANSLATIONS, "jump", "goto", "reject", "counter", "log", "comment",
                         "limit", "quota"})
_OPAQUE = frozenset({
    "ip ttl", "ip length", "ip id", "ip hdrlength", "ip checksum", "ip frag-off", "ip version", "ip6 nexthdr",
    "ip6 hoplimit", "ip6 length", "ip6 flowlabel", "icmp id", "meta pkttype", "meta length",
    "meta skuid", "meta skgid", "meta cgroup", "meta priority", "meta iiftype", "meta oiftype", "meta iifgroup",
    "meta oifgroup", "meta iifkind", "meta oifkind", "meta cpu", "meta day", "meta hour", "meta time", "meta rtclassid",
    "iifgroup", "oifgroup", "iiftype", "oiftype", "pkttype", "ct mark", "ct expiration", "ct helper",
    "ct zone", "ct label", "ct count", "vlan id", "vlan pcp", "ether saddr", "ether type", "tcp sequence", "udp length",
    "meta ipsec", "rt ipsec", "meta secpath"})
"""Keys whose value is one word or one set: what stands behind them is read on."""
