"""What a configuration becomes when a change is committed: one state, since the candidate takes effect as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from punchdown.platforms.juniper_junos.statements import Words, canonical, lines_of, tokens
from punchdown.values import Step

_SINGLE = frozenset((
    "vlan-id", "description", "interface-mode", "native-vlan-id", "host-name", "message", "storm-control",
    "l3-interface", "input", "forwarding-class", "supplicant", "transmit-period", "reauthentication", "guest-vlan",
    "server-reject-vlan", "vlan-name", "secret", "port", "accounting-port", "timeout", "retry", "source-address",
    "bandwidth-percentage", "idle-timeout", "root-login", "device-count", "bridge-priority", "minimum-links",
    "authentication-protocol", "authentication-profile-name", "max-data-session", "packet-action", "loss-priority",
    "mtu", "speed", "revert-interval", "group", "read-view", "notify-view", "tag", "type", "tag-list",
    "target-parameters", "interface-mac-limit", "802.3ad", "bpdu-timeout-action", "dscp", "vlan",
))
_TERM = 7
Row = tuple[Words, str, str]
"""A statement in its one form, its verb, and its line."""
_ENDS = frozenset(("accept", "discard", "reject"))


def _slot(words: Words) -> Words:
    """What a statement replaces: its own path without the value; the statement itself where values add up."""
    if words[:1] == ("firewall",):
        if words[-2:-1] == ("then",) and words[-1] in _ENDS:
            return words[:-1]
        return words[:-1] if words[-3:-2] == ("then",) and words[-2] in _SINGLE else words
    if words[:1] == ("class-of-service",) and "rewrite-rules" not in words and "classifiers" not in words:
        return words
    if words[:1] == ("class-of-service",) and words[1:2] != ("interfaces",):
        return words[:-1] if words[-2] == "code-point" else words
    return words[:-1] if len(words) > 1 and words[-2] in _SINGLE else words


def _put(kept: list[Row], words: Words, text: str) -> None:
    """Where a value stood its successor stands; what is new of a term stands beside the rest of it."""
    slot = _slot(words)
    if any(row[:2] == (words, "set ") for row in kept):
        return
    for at, row in enumerate(kept):
        if row[1] == "set " and slot != words and row[0][:-1] == slot and (slot[-1] != "then" or row[0][-1] in _ENDS):
            kept[at] = (words, "set ", text)
            return
    term = words[:_TERM] if words[:1] == ("firewall",) else words
    places = [at for at, row in enumerate(kept) if row[1] == "set " and row[0][:_TERM] == term]
    kept.insert(places[-1] + 1 if places else len(kept), (words, "set ", text))


def applied(text: str, steps: Iterable[Step]) -> str:
    """The configuration after all steps, one statement a line. Secret references stay references."""
    lines = list(lines_of(text))
    kept: list[Row] = [(words, f"{line.verb} ", line.text) for line in lines
                       for words in canonical(line.words, {})[:1] or (line.words,)]
    for step in steps:
        verb, _, rest = step.text.strip().partition(" ")
        for words in (one for found in tokens(rest) for one in canonical(found, {})):
            if verb == "delete":
                kept = [row for row in kept if row[0][:len(words)] != words]
            elif verb in {"activate", "deactivate"}:
                kept = [row for row in kept if row[:2] != (words, "deactivate ")]
                kept += [(words, "deactivate ", f"deactivate {rest}")] if verb == "deactivate" else []
            elif verb == "set":
                _put(kept, words, f"set {rest}")
    return "".join(f"{line}\n" for line in dict.fromkeys(line for _, _, line in kept))
