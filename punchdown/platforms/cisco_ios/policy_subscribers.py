"""What ports do with whoever has not authenticated, in the new style: read from the control policies they are bound to.

Source: Cisco IOS XE "Identity-Based Networking Services Configuration Guide", "Configuring Identity Control Policies".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from punchdown.platforms.cisco_ios.policy_ports import Interface
from punchdown.platforms.cisco_ios.policy_sections import Section
from punchdown.values.policy import LineRef

_HEAD = re.compile(r"(?:(policy|class)-map type control subscriber(?: match-\S+)?|service-(template)) (\S+)")
_EVENT = re.compile(r"event (\S+)(?: match-\S+)?")
_CLASS = re.compile(r"\d+ class (\S+)(?: do-\S+)?")
_ACTIVATE = re.compile(r"\d+ activate service-template (\S+)(?: .*)?")
_INERT = re.compile(
    r"\d+ (?:authenticate using (?:dot1x|mab)\b.*|terminate (?:dot1x|mab)|authentication-restart \d+|clear-session"
    r"|(?:pause|resume) reauthentication|clear-authenticated-data-hosts-on-port|restrict|protect|replace|err-disable"
    r"|unauthorize)|description .*")
_SILENT_SERVER = re.compile(r"match result-type (?:method \S+ )?(?:aaa-timeout|aaa-server down)")
_BEFORE = frozenset({"session-started", "authentication-failure", "authorization-failure", "agent-found"})
"""Events of somebody who has not authenticated."""


@dataclass(frozen=True, slots=True)
class _Policy:
    """``vlans`` of who is let in without an answer, each once, in the order of the classes; ``open``: somebody is let
    in where the port is."""

    vlans: tuple[int, ...]
    open: bool
    unread: tuple[LineRef, ...]


def with_policies(ports: Iterable[Interface], found: tuple[Section, ...]) -> tuple[Interface, ...]:
    """The interfaces, those of the new style with what their policy says of who has not authenticated."""
    sections: dict[str, dict[str, Section]] = {"policy": {}, "class": {}, "template": {}}
    for section in found:
        if match := _HEAD.fullmatch(section.text):
            sections[match[1] or match[2]][match[3]] = section
    policies = {name: _read(section, sections) for name, section in sections["policy"].items()}
    return tuple(_bound(item, policies.get(item.subscriber)) if item.new_style else item for item in ports)


def _bound(item: Interface, policy: _Policy | None) -> Interface:
    """A port that no policy tells what to do lets nobody in: what is declared for it is not certain."""
    if policy is None:
        return replace(item, open=not item.shut_before, unread=(*item.unread, item.line))
    unread = (*item.unread, *policy.unread, *((item.line,) if len(policy.vlans) > 1 else ()))
    return replace(item, open=not item.shut_before or policy.open, guest=next(iter(policy.vlans), 0), unread=unread)


def _read(section: Section, known: dict[str, dict[str, Section]]) -> _Policy:
    vlans: list[int] = []
    unread: list[LineRef] = []
    opened = False
    for event, name, actions in _classes(section):
        templates = [match[1] for line in actions if (match := _ACTIVATE.fullmatch(line.text))]
        lets_in = any(re.fullmatch(r"\d+ authorize", line.text) for line in actions)
        unread += [line for line in actions
                   if not (_INERT.fullmatch(line.text) or _ACTIVATE.fullmatch(line.text)
                           or re.fullmatch(r"\d+ authorize", line.text))]
        if event not in _BEFORE or not lets_in or _only_without_server(known["class"].get(name)):
            continue
        numbers = [int(line.text.removeprefix("vlan ")) for template in templates if template in known["template"]
                   for line in known["template"][template].body if re.fullmatch(r"vlan \d+", line.text)]
        vlans += numbers
        opened = opened or not numbers
    return _Policy(tuple(dict.fromkeys(vlans)), opened, tuple(unread))


def _only_without_server(section: Section | None) -> bool:
    """Whether a class holds only while no RADIUS server answers."""
    return section is not None and " match-all " in section.text and any(
        _SILENT_SERVER.fullmatch(line.text) for line in section.body)


def _classes(section: Section) -> Iterator[tuple[str, str, list[LineRef]]]:
    """(event, class, its actions), in order."""
    event, name = "", ""
    actions: list[LineRef] = []
    for line in section.body:
        if match := _EVENT.fullmatch(line.text):
            yield event, name, actions
            event, name, actions = match[1], "", []
        elif match := _CLASS.fullmatch(line.text):
            yield event, name, actions
            name, actions = match[1], []
        else:
            actions.append(line)
    yield event, name, actions
