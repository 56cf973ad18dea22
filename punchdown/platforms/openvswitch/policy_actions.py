"""The actions of an OpenFlow flow: what it writes, and where it ends.

Source: ovs-actions(7). A flow that outputs nothing drops.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from punchdown.platforms.openvswitch.policy_matches import LOCAL
from punchdown.values.policy import OUT_AGAIN, Action, Assign, Enter, Field, Track, Verdict

_SET = re.compile(r"set_field:([^-/]+|[0-9a-fA-F:]+)(?:/([^-]+))?->(\w+)")
_LOAD = re.compile(r"load:(\w+)->(?:nxm_nx_)?reg([0-3])\[(?:(\d+)(?:\.\.(\d+))?)?\]")
_WITHOUT_EFFECT = re.compile(
    r"set_field:\w+->vlan_pcp|mod_vlan_pcp:\d+|set_vlan_pcp:\d+|dec_ttl(?:\(.*\))?|set_queue:\d+|pop_queue|note:.*|"
    r"push_vlan:0x8100|set_tunnel:\w+|set_field:\w+->(?:ip_ecn|nw_ttl|tun_id)|mod_nw_ttl:\d+|mod_nw_ecn:\d+")
_REMEMBERED = re.compile(r"exec\((?:(?:set_field:[^()]+->ct_(?:mark|label)|load:\w+->NXM_NX_CT_(?:MARK|LABEL)\S*)"
                         r",?)+\)", re.IGNORECASE)
"""What is written beside a connection; whoever asks for it is not understood."""
_GO = re.compile(r"(?:resubmit\(,(\w+)\)|goto_table:(\w+))")
_WIDTHS = {Field.DSCP: 6, Field.VLAN: 12, Field.SOURCE_MAC: 48, Field.DESTINATION_MAC: 48}
_FIELDS = {"ip_dscp": Field.DSCP, "vlan_vid": Field.VLAN, "eth_src": Field.SOURCE_MAC, "eth_dst": Field.DESTINATION_MAC,
           "dl_src": Field.SOURCE_MAC, "dl_dst": Field.DESTINATION_MAC, "pkt_mark": Field.MARK,
           **{f"reg{number}": Field(f"register{number}") for number in range(4)}}


@dataclass(frozen=True, slots=True)
class Done:
    """What a flow does. ``zone`` is the word of a ``ct`` action; ``leaks``: it sends to where nobody follows it;
    ``outputs`` are the ports to which it sends frames by themselves."""

    actions: tuple[Action, ...]
    end: Verdict | Enter
    unread: str = ""
    end_known: bool = True
    zone: str = ""
    leaks: bool = False
    outputs: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    actions: list[Action] = field(default_factory=list)
    end: Verdict | Enter = Verdict.DROP
    unread: list[str] = field(default_factory=list)
    sure: bool = True
    zone: str = ""
    leaks: bool = False
    outputs: list[str] = field(default_factory=list)


def split(text: str) -> list[str]:
    """The actions of a list, at commas outside of brackets.

    >>> split("ct(commit,nat(src=10.0.0.1),zone=1),resubmit(,40)")
    ['ct(commit,nat(src=10.0.0.1),zone=1)', 'resubmit(,40)']
    """
    parts, depth = [""], 0
    for letter in text.strip():
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def table_name(number: str) -> str:
    """The table of an OpenFlow table number.

    >>> table_name("0x1f"), table_name("31")
    ('table 31', 'table 31')
    """
    return f"table {int(number, 0)}" if re.fullmatch(r"0x[0-9a-f]+|\d+", number) else f"table {number}"


def read(text: str, meters: Collection[str] = (), ports: Mapping[str, str] | None = None) -> Done:
    """All actions of a flow in order. ``meters`` are the numbers of meters that only limit a rate: they let a packet
    pass that is alone. ``ports``: OpenFlow numbers to names."""
    draft = _Draft()
    parts = [part for part in split(text.partition(" #")[0]) if part.removeprefix("meter:") not in meters]
    for place, part in enumerate(parts):
        _read(draft, part, ports or {}, last=place == len(parts) - 1)
    return Done(tuple(draft.actions), draft.end, ",".join(draft.unread), draft.sure, draft.zone, draft.leaks,
                tuple(dict.fromkeys(draft.outputs)))


def _output(name: str, ports: Mapping[str, str]) -> tuple[str, ...]:
    """The ports that a word sends a frame to, empty for a word that does something else."""
    everywhere = tuple(port for number, port in ports.items() if number != LOCAL)
    if name in {"flood", "all"}:
        return everywhere
    if name == "in_port":
        return (OUT_AGAIN,)
    found = re.fullmatch(r'(?:output:|enqueue:)?"?([\w.-]+?)"?(?::\d+)?', name)
    word = found[1] if found else ""
    if word == "local":
        return (ports.get(LOCAL, LOCAL),)
    if name.startswith(("output:", "enqueue:")) and re.fullmatch(r"\d+", word):
        return (ports.get(word, word),)
    return (ports.get(word, word),) if word in ports or word in everywhere else ()


def _read(draft: _Draft, part: str, ports: Mapping[str, str], *, last: bool) -> None:
    name = part.lower()
    if draft.outputs and name != "drop" and not _output(name, ports):
        _unknown(draft, part)
        return
    if name == "drop":
        return
    if name == "normal":
        draft.end = Verdict.ACCEPT
    elif found := _GO.fullmatch(name):
        draft.end = Enter(table_name(found[1] or found[2]), returns=False)
        if not last:
            _unknown(draft, part)
    elif found := re.fullmatch(r"ct\((.*)\)", part):
        _track(draft, split(found[1]), part, last=last)
    elif draft.end is Verdict.DROP and (sent := _output(name, ports) or _output(part, ports)):
        draft.outputs += sent
    elif not _WITHOUT_EFFECT.fullmatch(name) and not _write(draft, name):
        _unknown(draft, part)


def _unknown(draft: _Draft, part: str) -> None:
    """An action that is not followed: a rate limit only narrows; anything else may send the frame somewhere."""
    draft.unread.append(part)
    if not part.startswith("meter:"):
        draft.sure = False
        draft.leaks = draft.leaks or not part.lower().startswith(("controller", "note", "sample"))


def _track(draft: _Draft, words: Sequence[str], part: str, *, last: bool) -> None:
    """``ct(commit,zone=Z)`` remembers and goes on; with ``table=N`` it asks and continues there."""
    known = {"commit", "force", "nat"}
    values = dict(word.partition("=")[::2] for word in words)
    draft.zone = values.get("zone", "0")
    rest = set(values) - known - {"zone", "table", "timeout"}
    if any(not _REMEMBERED.fullmatch(word) for word in words if word.partition("=")[0] in rest):
        _unknown(draft, part)
        return
    if "commit" in values:
        draft.actions.append(Track(commit=True))
    if "table" in values:
        draft.actions.append(Track())
        draft.end = Enter(table_name(values["table"]), returns=False)
        if not last:
            _unknown(draft, part)


def _write(draft: _Draft, part: str) -> bool:
    """Actions that write a field; False for one that is none."""
    if part in {"strip_vlan", "pop_vlan"}:
        draft.actions.append(Assign(Field.VLAN, 0, 0xFFF))
        return True
    if found := re.fullmatch(r"mod_vlan_vid:(\w+)", part):
        draft.actions.append(Assign(Field.VLAN, int(found[1], 0), 0xFFF))
        return True
    if found := re.fullmatch(r"mod_nw_tos:(\w+)", part):
        draft.actions.append(Assign(Field.DSCP, int(found[1], 0) >> 2, 0x3F))
        return True
    if found := re.fullmatch(r"mod_dl_(src|dst):([0-9a-f:]+)", part):
        part = f"set_field:{found[2]}->eth_{found[1]}"
    if found := _LOAD.fullmatch(part):
        first, last = int(found[3] or 0), int(found[4] or found[3] or 31)
        mask = ((1 << (last - first + 1)) - 1) << first
        draft.actions.append(Assign(Field(f"register{found[2]}"), int(found[1], 0) << first & mask, mask))
        return True
    if (found := _SET.fullmatch(part)) and found[3] in _FIELDS:
        where = _FIELDS[found[3]]
        full = (1 << _WIDTHS.get(where, 32)) - 1
        try:
            mask = _value(found[2]) & full if found[2] else full
            draft.actions.append(Assign(where, _value(found[1]) & full, mask))
        except ValueError:
            return False
        return True
    return False


def _value(text: str) -> int:
    return int(text.replace(":", ""), 16) if ":" in text else int(text, 0)
