"""Interfaces of a configuration: what each says about VLANs, lists, addresses and port access control."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import ip_address, ip_interface

from punchdown.platforms.cisco_ios.normalise import expand_vlans, long_name
from punchdown.platforms.cisco_ios.policy_known import is_harmless
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.values.policy import LineRef

_EVERY_VLAN = tuple(range(1, 4095))
_LINK_LOCAL = "fe80::"
_VLANS = re.compile(r"all|none|(?:(?:add|remove|except) )?[\d,-]+")


@dataclass(frozen=True, slots=True)
class Bound:
    """An access list bound to an interface; ``direction`` is ``in`` or ``out``."""

    family: int
    name: str
    direction: str
    line: LineRef


@dataclass(frozen=True, slots=True)
class Interface:
    """What the lines of one interface say, the device's defaults where they say nothing.

    ``switchport`` is None when no line decides between switch port and routed port. ``mode`` is ``access``, ``trunk``
    or empty (negotiated). ``voice`` and ``tag`` (a routed sub-interface's VLAN) are 0 when unset. ``control`` is the
    word of ``port-control``, ``guest`` the VLAN of who did not authenticate. ``group`` is the port-channel that this is
    a member of; ``vrf`` names its routing table, empty = the device's own. ``verifies``: the line that checks senders.
    ``new_style``: the control policy ``subscriber`` says what happens, and a port is open unless ``shut_before``.
    """

    name: str
    line: LineRef
    switchport: bool | None = None
    mode: str = ""
    access: int = 1
    voice: int = 0
    native: int = 1
    allowed: tuple[int, ...] = _EVERY_VLAN
    closed: bool = False
    lists: tuple[Bound, ...] = ()
    addresses: tuple[str, ...] = ()
    group: str = ""
    tag: int = 0
    control: str = ""
    open: bool = False
    new_style: bool = False
    shut_before: bool = False
    subscriber: str = ""
    pae: bool = False
    mab: bool = False
    dhcp_trusted: bool = False
    verifies: LineRef | None = None
    guest: int = 0
    vrf: str = ""
    vrf_line: LineRef | None = None
    unread: tuple[LineRef, ...] = ()


_Reader = Callable[[Interface, "re.Match[str]", LineRef], Interface]


def _allowed(item: Interface, found: re.Match[str], _line: LineRef) -> Interface:
    words = found[1].replace(" ,", ",").replace(", ", ",")
    if not _VLANS.fullmatch(words):
        raise ValueError(words)
    if words.startswith("add "):
        return replace(item, allowed=tuple(sorted({*item.allowed, *expand_vlans(words[4:])})))
    if words.startswith("remove "):
        return replace(item, allowed=tuple(sorted({*item.allowed} - {*expand_vlans(words[7:])})))
    return replace(item, allowed=expand_vlans(words))


def _address(item: Interface, found: re.Match[str], _line: LineRef) -> Interface:
    return replace(item, switchport=False, addresses=(*item.addresses, str(ip_interface(f"{found[1]}/{found[2]}"))))


def _address6(item: Interface, found: re.Match[str], line: LineRef) -> Interface:
    text = found[1]
    if text.lower().startswith(_LINK_LOCAL):
        return item
    if found[2]:
        return replace(item, unread=(*item.unread, line))
    return replace(item, switchport=False, addresses=(*item.addresses, str(ip_interface(text))))


def _shared(item: Interface, found: re.Match[str], _line: LineRef) -> Interface:
    """An address that the device answers for while it is the active one of its group."""
    return replace(item, addresses=(*item.addresses, f"{ip_address(found[1])}/32"))


def _bind(item: Interface, found: re.Match[str], line: LineRef) -> Interface:
    family = 4 if found[1] else 6
    kept = tuple(one for one in item.lists if (one.family, one.direction) != (family, found[3]))
    return replace(item, lists=(*kept, Bound(family, found[2], found[3], line)))


def _set(**values: object) -> _Reader:
    return lambda item, _found, _line: replace(item, **values)  # type: ignore[arg-type]


def _number(name: str) -> _Reader:
    return lambda item, found, _line: replace(item, **{name: int(found[1])})  # type: ignore[arg-type]


def _text(name: str) -> _Reader:
    return lambda item, found, _line: replace(item, **{name: found[1]})  # type: ignore[arg-type]


def _keep(item: Interface, _found: re.Match[str], _line: LineRef) -> Interface:
    return item


def _unread(item: Interface, _found: re.Match[str], line: LineRef) -> Interface:
    return replace(item, unread=(*item.unread, line))


def _guest(item: Interface, found: re.Match[str], line: LineRef) -> Interface:
    """The VLAN of who does not answer and of who fails; two VLANs are not followed."""
    if item.guest not in {0, int(found[1])}:
        return replace(item, unread=(*item.unread, line))
    return replace(item, guest=int(found[1]))


def _in_vrf(item: Interface, found: re.Match[str], line: LineRef) -> Interface:
    """A routing table of its own."""
    return replace(item, switchport=False, vrf=found[1], vrf_line=line)


def _switch(reader: _Reader) -> _Reader:
    """A line that only a switch port has."""
    def read(item: Interface, found: re.Match[str], line: LineRef) -> Interface:
        known = item if item.switchport is False else replace(item, switchport=True)
        return reader(known, found, line)
    return read


_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple((re.compile(pattern), reader) for pattern, reader in (
    (r"no switchport", _set(switchport=False)),
    (r"switchport", _set(switchport=True)),
    (r"switchport mode (access|trunk)", _switch(_text("mode"))),
    (r"switchport access vlan (\d+)", _switch(_number("access"))),
    (r"switchport voice vlan (\d+)", _switch(_number("voice"))),
    (r"switchport voice vlan (?:dot1p|none|untagged)", _switch(_set(voice=0))),
    (r"switchport trunk native vlan (\d+)", _switch(_number("native"))),
    (r"switchport trunk allowed vlan (.+)", _switch(_allowed)),
    (r"shutdown", _set(closed=True)),
    (r"no shutdown", _set(closed=False)),
    (r"no ip address(?: .*)?", _keep),
    (r"ip address (\d\S+) (\d\S+)(?: secondary)?", _address),
    (r"ipv6 address (\S+/\d+)( eui-64| anycast)?", _address6),
    (r"ipv6 address [fF][eE]80:\S+ link-local", _keep),
    (r"(?:standby|vrrp|glbp) \d+ ip (\d\S+)(?: secondary)?", _shared),
    (r"(ip) access-group (\S+) (in|out)", _bind),
    (r"(?:(ip) )?ipv6 traffic-filter (\S+) (in|out)", _bind),
    (r"channel-group (\d+)(?: mode .+)?", _text("group")),
    (r"encapsulation dot1[qQ] \d+ native", _keep),
    (r"encapsulation dot1[qQ] (\d+)", _number("tag")),
    (r"(?:authentication|dot1x) port-control (\S+)", _text("control")),
    (r"access-session port-control (\S+)", lambda item, found, _line: replace(item, control=found[1], new_style=True)),
    (r"access-session closed", _set(shut_before=True)),
    (r"service-policy type control subscriber (\S+)", _text("subscriber")),
    (r"authentication open", _set(open=True)),
    (r"dot1x pae (?:authenticator|both)", _set(pae=True)),
    (r"mab(?: eap)?", _set(mab=True)),
    (r"authentication event (?:no-response|fail(?: retry \d+)?) action authorize vlan (\d+)", _guest),
    (r"ip dhcp snooping trust", _set(dhcp_trusted=True)),
    (r"ip dhcp snooping limit rate .*", _keep),
    (r"ip verify source", lambda item, _found, line: replace(item, verifies=line)),
    (r"ip address (?:dhcp|negotiated).*|ipv6 address .*", _unread),
    (r"(?:ip )?vrf forwarding (\S+)", _in_vrf),
))


def read(section: Section) -> Interface:
    """One ``interface`` section. Its name is the long form that the device shows."""
    item = Interface(long_name(section.text.removeprefix("interface ").replace(" point-to-point", "")), section.head)
    for line in section.body:
        item = _line(item, line)
    return item


@lru_cache(maxsize=4096)
def _reader(text: str) -> tuple[_Reader, re.Match[str]] | None:
    """Who reads a line; ports repeat the same few, in every state of a configuration."""
    return next(((reader, found) for pattern, reader in _READERS if (found := pattern.fullmatch(text))), None)


def _line(item: Interface, line: LineRef) -> Interface:
    if known := _reader(line.text):
        try:
            return known[0](item, known[1], line)
        except ValueError:
            return replace(item, unread=(*item.unread, line))
    if line.text.startswith("no ") or is_harmless("interface", line.text):
        return item
    return replace(item, unread=(*item.unread, line))


def interfaces(found: Iterable[Section]) -> tuple[Interface, ...]:
    """Every interface of a configuration, in order; a second section of one name adds to the first."""
    bodies: dict[str, Section] = {}
    for section in found:
        if section.text.startswith("interface ") and not section.text.startswith("interface range "):
            name = long_name(section.text.removeprefix("interface "))
            known = bodies.get(name)
            bodies[name] = Section(known.head, known.body + section.body) if known else section
    return tuple(read(section) for section in bodies.values())
