"""One rule of a chain as rules of a table: its conditions, its statements, its end.

A line becomes several rules where it holds alternatives: verdict maps, concatenations, translations by a map.
Source: nft(8), "Statements".
"""

from __future__ import annotations

from punchdown.platforms.linux_nftables.policy_compare import VERDICTS, compare
from punchdown.platforms.linux_nftables.policy_draft import Draft, Surroundings, take
from punchdown.platforms.linux_nftables.policy_flags import take_flags
from punchdown.platforms.linux_nftables.policy_matches import KEYS, numbers
from punchdown.platforms.linux_nftables.policy_nat import TRANSLATIONS, take_translation
from punchdown.platforms.linux_nftables.policy_text import Chain, Statement
from punchdown.values.policy import Assign, Enter, Field, Rule, Verdict

_SPEAKERS = frozenset({"prefix", "level", "group", "snaplen", "queue-threshold", "flags"})
_HARMLESS_SETS = frozenset({"meta priority", "meta nftrace", "meta pkttype", "ct event", "ip ttl", "ip6 hoplimit",
                            "tcp option", "ct mark", "ct label", "meta secmark"})


def read_rule(statement: Statement, around: Surroundings) -> tuple[tuple[Rule, ...], bool]:
    """The rules of one line, and whether it does something unknown beyond letting packets pass or not."""
    draft, words = Draft(), list(statement.words)
    while words:
        _step(draft, words, around)
    rules: list[Rule] = []
    for matches, verdict, actions in draft.ways:
        ends = _ends(verdict or draft.end, around.chain)
        unread = " ".join((*draft.unread, *draft.times))
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
    if words[0] in VERDICTS:
        end = VERDICTS[words[0]]
        return (_policy(chain),) if end is Verdict.RETURN and chain.hook else (end,)
    target = chain.table.chains.get(words[1]) if words[0] in {"jump", "goto"} and len(words) == 2 else None
    if target is None:
        return None
    if words[0] == "jump":
        return (Enter(target.key, returns=True),)
    return (Enter(target.key, returns=True), _policy(chain) if chain.hook else Verdict.RETURN)


def _policy(chain: Chain) -> Verdict:
    return Verdict.DROP if chain.policy == "drop" else Verdict.ACCEPT


def _step(draft: Draft, words: list[str], around: Surroundings) -> None:
    """Take the next expression or statement off the front."""
    if words[0] == "mark":
        words.insert(0, "meta")
    first = words[0]
    if draft.end and first != "comment":
        draft.unread += take(words, len(words))
        draft.sure = False
    elif first in VERDICTS:
        draft.end = (words.pop(0),)
    elif first in {"jump", "goto"}:
        draft.end = tuple(take(words, 2))
    elif first == "reject":
        draft.end = ("reject",)
        words.clear()
    elif first == "flow" and words[1:2] and words[1] in {"add", "offload"}:
        take(words, 3)  # what is forwarded past the chains are later packets of connections that these let through
    elif first in {"counter", "log", "comment", "last"}:
        _take_remark(words)
    elif first in {"limit", "quota"}:
        draft.unread += _take_limit(words)
    elif first in TRANSLATIONS:
        _translate(draft, words, around)
    elif first in {"add", "update", "delete", "set"} and words[1:2] and words[1].startswith("@"):
        _take_dynamic(draft, words)
    elif words[0] == "meta" and words[1:2] and words[1] in {"hour", "day", "time"}:
        draft.times += _take_time(words)
    elif words[:2] == ["tcp", "flags"]:
        del words[:2]
        found, narrower = take_flags(words)
        draft.narrow([found])
        draft.unread += [narrower] if narrower else []
    elif _is_set(words):
        _take_set(draft, words)
    else:
        compare(draft, words, around)


def _take_time(words: list[str]) -> list[str]:
    """``meta hour "08:00"-"18:00"``, ``meta day { "Monday", "Friday" }``: a value, a range or a set."""
    taken = take(words, 2)
    if words[:1] in (["!="], ["=="]):
        taken += take(words, 1)
    taken += take(words, words.index("}") + 1 if words[:1] == ["{"] else 1)
    while words[:1] == ["-"]:
        taken += take(words, 2)
    return taken


def _take_remark(words: list[str]) -> None:
    """Counters, logs and comments change nothing."""
    first = words.pop(0)
    if first == "comment":
        take(words, 1)
    elif first == "last":
        if words[:1] == ["used"]:
            take(words, 2)
    elif first == "counter":
        while words and words[0] in {"packets", "bytes", "name"}:
            take(words, 2)
    else:
        while words and words[0] in _SPEAKERS:
            taken = take(words, 2)
            if taken[0] == "flags" and taken[-1] in {"tcp", "ip"}:
                take(words, 1)
                while words[:1] == [","]:
                    take(words, 2)


def _take_limit(words: list[str]) -> list[str]:
    """``limit rate [over] N/unit [burst N unit]``, ``quota [over] N unit``: narrower by time, not by packet."""
    taken = take(words, 1)
    if words[:1] == ["name"]:
        return taken + take(words, 2)
    for word in ("rate", "over", "until"):
        if words[:1] == [word]:
            taken += take(words, 1)
    taken += take(words, 1)
    if taken[0] == "quota" or (words and "/" in words[0]):
        taken += take(words, 1)
    if words[:1] == ["used"]:
        taken += take(words, 3)
    if words[:1] == ["burst"]:
        taken += take(words, 3)
    return taken


def _take_dynamic(draft: Draft, words: list[str]) -> None:
    """``update @set { key limit rate over N/unit }``: a limit inside narrows, without one nothing does."""
    taken = take(words, 2)
    if words[:1] == ["{"]:
        inner = take(words, words.index("}") + 1)
        if {"limit", "quota"} & set(inner):
            draft.unread += [*taken, *inner]


def _is_set(words: list[str]) -> bool:
    return words[2:3] == ["set"] or words[:1] == ["notrack"] or (
        words[:2] == ["tcp", "option"] and words[4:5] == ["set"])


def _take_set(draft: Draft, words: list[str]) -> None:
    """A statement that writes. Its value is one word, or an expression that is not followed."""
    place = words.index("set") if "set" in words else 0
    name = " ".join(words[:2])
    del words[:place + 1]
    value = _take_value(words)
    key = KEYS.get(name)
    if key and key.field in {Field.DSCP, Field.MARK} and len(value) == 1:
        try:
            number = numbers(key, value[0])[0][0]
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
    ends = {*VERDICTS, "jump", "goto", "reject", "counter", "log", "comment", "limit", *TRANSLATIONS}
    place = next((number for number, word in enumerate(words) if word in ends), len(words))
    if place > 1 and words[0] not in {"rt", "ct", "meta", "ip", "numgen", "jhash", "symhash", "tcp"} \
            and "map" not in words[:place] and words[1] not in {"|", "&", "or", "and", "xor", "^"}:
        place = 1
    return take(words, place)


def _translate(draft: Draft, words: list[str], around: Surroundings) -> None:
    found = take_translation(words, around.sets, around.interfaces)
    draft.ways = [((*known, *new), ("accept",), actions) for known, _, _ in draft.ways
                  for new, actions in found.ways]
    draft.unread += found.unread
    draft.sure = draft.sure and not found.unread


