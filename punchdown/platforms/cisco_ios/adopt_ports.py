"""The lines of one interface, on the way from a running switch to a definition.

Source: fact sheet, "VLANs, access and voice ports", "802.1X + MAB + multi-domain".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from punchdown.platforms.adoption import Found, judged
from punchdown.platforms.cisco_ios.normalise import expand_vlans, long_name, parse_text
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.platforms.lines import PREFIX
from punchdown.values.adopted import Fate, SeenAuth, SeenLine, SeenPort
from punchdown.values.policy import LineRef

_LONGEST = 6
"""Digits of the longest number that a port's line can hold."""
_BUNDLE_MODES = {"active": "active", "passive": "passive", "on": "static"}


@dataclass
class Draft:
    """A port while it is read. ``periodic``: stations authenticate again; ``sharing``: a line of the new style says who
    shares it."""

    port: SeenPort
    auth: SeenAuth = field(default_factory=lambda: SeenAuth("single-host"))
    guarded: bool = False
    periodic: bool = False
    sharing: bool = False
    advice: list[Found] = field(default_factory=list)


_Take = Callable[[Draft, re.Match[str]], None]


def _set(**values: str) -> _Take:
    """Write groups of the match, by number, or words into fields of the port; digits become numbers."""
    def take(draft: Draft, found: re.Match[str]) -> None:
        draft.port = replace(draft.port, **{key: _value(found, text) for key, text in values.items()})
    return take


def _auth(**values: str) -> _Take:
    """As :func:`_set`, for port access control."""
    def take(draft: Draft, found: re.Match[str]) -> None:
        draft.auth = replace(draft.auth, **{key: _value(found, text) for key, text in values.items()})
    return take


def _value(found: re.Match[str], text: str) -> Any:
    word = found[int(text[1:])] if text.startswith("$") else text
    if word in {"yes", "no"}:
        return word == "yes"
    return int(word) if word.isdigit() else float(word) if re.fullmatch(r"\d+\.\d+", word) else word


def _described(draft: Draft, found: re.Match[str]) -> None:
    draft.port = replace(draft.port, description=found[1])


def _tagged(draft: Draft, found: re.Match[str]) -> None:
    numbers = expand_vlans(found[2])
    known = draft.port.tagged or () if found[1] else ()
    draft.port = replace(draft.port, tagged=tuple(sorted({*known, *numbers})))


def _bundle(draft: Draft, found: re.Match[str]) -> None:
    draft.port = replace(draft.port, bundle=int(found[1]), bundle_mode=_BUNDLE_MODES[found[2]])


def _share(draft: Draft, found: re.Match[str]) -> None:
    name = {"broadcast": "broadcast_percent", "multicast": "multicast_percent"}[found[1]]
    values: dict[str, Any] = {name: float(found[2])}
    draft.port = replace(draft.port, **values)


def _guarded(draft: Draft, _found: re.Match[str]) -> None:
    draft.guarded = True


def _guarded_new(draft: Draft, _found: re.Match[str]) -> None:
    """In the new style many may share a port unless a line says otherwise."""
    draft.guarded = True
    if not draft.sharing:
        draft.auth = replace(draft.auth, host_mode="multi-auth")


def _shared_new(draft: Draft, found: re.Match[str]) -> None:
    draft.sharing = True
    draft.auth = replace(draft.auth, host_mode=found[1])


def _periodic(draft: Draft, _found: re.Match[str]) -> None:
    draft.periodic = True


def _nothing(_draft: Draft, _found: re.Match[str]) -> None:
    """What every such port has: nothing to keep."""


_PORT: tuple[tuple[str, _Take], ...] = (
    (r"description (.+)", _described),
    (r"switchport mode (access|trunk)", _set(mode="$1")),
    (r"switchport access vlan (\d+)", _set(access_vlan="$1")),
    (r"switchport voice vlan 0*(\d+)", _set(voice_vlan="$1")),
    (r"switchport trunk native vlan (\d+)", _set(native_vlan="$1")),
    (r"switchport trunk allowed vlan (add )?(none|[\d,-]+)", _tagged),
    (r"switchport nonegotiate|switchport trunk encapsulation dot1q|switchport", _nothing),
    (r"no switchport", _set(mode="routed")),
    (r"shutdown", _set(closed="yes")),
    (r"no shutdown", _set(closed="no")),
    (r"channel-protocol lacp", _nothing),
    (r"channel-group (\d+) mode (active|passive|on)", _bundle),
    (rf"ip access-group ({PREFIX}\S+) in", _set(list_name="$1")),
    (rf"ipv6 traffic-filter {PREFIX}\S+ in|service-policy input {PREFIX}\S+", _nothing),
    (r"storm-control (broadcast|multicast) level (\d+(?:\.\d+)?)", _share),
    (r"spanning-tree portfast(?: edge)?(?: trunk)?", _set(edge="yes")),
    (r"description", _nothing),
    (r"spanning-tree bpduguard enable", _nothing),
    (r"spanning-tree guard root", _set(root_guard="yes")),
    (r"ip arp inspection (?:trust|limit (?:none|rate \d+))|ip verify source", _nothing),
    (r"power inline never", _set(poe="off")),
    (r"power inline auto", _nothing),
    (r"switchport port-security maximum (\d+)", _set(max_macs="$1")),
    (r"switchport port-security violation restrict", _nothing),
    (r"switchport port-security", lambda draft, _: setattr(
        draft, "port", replace(draft.port, max_macs=max(1, draft.port.max_macs)))),
    (r"ip dhcp snooping trust", _set(trusted="yes")),
    (r"ip dhcp snooping limit rate (\d+)", _set(dhcp_rate="$1")),
    (r"no cdp enable", _nothing),
)
_AUTH: tuple[tuple[str, _Take], ...] = (
    (r"(?:authentication|dot1x) port-control auto", _guarded),
    (r"access-session port-control auto", _guarded_new),
    (r"access-session host-mode (single-host|multi-domain|multi-auth)", _shared_new),
    (rf"access-session closed|service-policy type control subscriber {PREFIX}\S+", _nothing),
    (r"authentication host-mode (single-host|multi-domain|multi-auth)", _auth(host_mode="$1")),
    (r"authentication event fail action next-method", _nothing),
    (r"authentication event fail action authorize vlan (\d+)", _auth(auth_fail_vlan="$1")),
    (r"authentication event server dead action (?:authorize|reinitialize) vlan (\d+)",
     _auth(dead="critical", critical_vlan="$1")),
    (r"authentication event server dead action authorize(?: voice)?", _auth(dead="critical")),
    (r"authentication event server alive action reinitialize", _nothing),
    (r"authentication event no-response action authorize vlan (\d+)", _auth(guest_vlan="$1")),
    (r"authentication periodic", _periodic),
    (r"authentication timer reauthenticate server", _auth(reauth_seconds="0")),
    (r"authentication timer reauthenticate (\d+)", _auth(reauth_seconds="$1")),
    (r"authentication violation restrict", _nothing),
    (r"mab", _auth(mab="yes")),
    (r"dot1x pae authenticator", _nothing),
    (r"dot1x timeout tx-period (\d+)", _auth(tx_period_seconds="$1")),
)
_TABLE = tuple((re.compile(pattern), take) for pattern, take in (*_PORT, *_AUTH))
_STRICT = ("dot1x-enabled-on-access-switches",)
_APART = ("segregation-by-type-and-trust",)
_WRONG: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    (r"authentication open", "802.1X asks and lets in whoever fails", _STRICT, "high"),
    (r"authentication host-mode multi-host", "one station authenticates for all behind a port", _STRICT, "high"),
    (r"switchport mode dynamic \S+", "a port negotiates whether it is a trunk", _APART, "high"),
)
_WRONG_LINES = tuple((re.compile(pattern), title, controls, severity) for pattern, title, controls, severity in _WRONG)
TAKEN_AWAY = "the port is the definition's: a plan takes this line away"


@lru_cache(maxsize=2048)
def is_default(line: str) -> bool:
    """Whether an interface line says what it would be without it."""
    return len(parse_text(f"interface GigabitEthernet1/0/1\n {line}\n")) == 1


def read_port(section: Section) -> tuple[SeenPort, list[SeenLine], list[Found]]:
    """One port, what becomes of its lines, and what the guideline wants otherwise."""
    name = long_name(section.text.removeprefix("interface "))
    bundle = re.fullmatch(r"Port-channel(\d+)", name)
    draft = Draft(SeenPort(name, section.head, bundle=int(bundle[1]) if bundle else 0, is_bundle=bundle is not None))
    lines = [SeenLine(section.head, Fate.RECOGNISED)]
    lines += [SeenLine(line, *_fate(draft, line), within=section.text) for line in section.body]
    auth = draft.auth if draft.guarded else None
    if auth is not None and not draft.periodic:
        auth = replace(auth, reauth_seconds=-1)
    port = replace(draft.port, auth=auth)
    texts = {line.text for line in section.body}
    if "access-session port-control auto" in texts and "access-session closed" not in texts:
        draft.advice.append(("802.1X asks and lets in whoever fails", section.head, _STRICT, "high"))
    return port, lines, [*draft.advice, *judged(port)]


def _fate(draft: Draft, line: LineRef) -> tuple[Fate]:
    for pattern, title, controls, severity in _WRONG_LINES:
        if pattern.fullmatch(line.text):
            draft.advice.append((title, line, controls, severity))
    for known, take in _TABLE:
        found = known.fullmatch(line.text)
        if found and not any(len(word) > _LONGEST for word in re.findall(r"\d+", line.text)):
            take(draft, found)
            return (Fate.RECOGNISED,)
    return (Fate.RECOGNISED if is_default(line.text) else Fate.UNMANAGED,)
