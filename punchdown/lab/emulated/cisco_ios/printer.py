"""The running configuration as text, in the order and spelling of the device. Source: the platform's fact sheet."""

from __future__ import annotations

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache

from punchdown.lab.emulated.cisco_ios import words as w
from punchdown.lab.emulated.cisco_ios.catalogue_blocks import MODES
from punchdown.lab.emulated.cisco_ios.catalogue_global import SEPARATOR, SYSTEM_CLASSES
from punchdown.lab.emulated.cisco_ios.store import Block, Configuration, Line, interface_order
from punchdown.lab.emulated.spec import ApplianceSpec

_WIDTH = 80


def running_lines(spec: ApplianceSpec, config: Configuration) -> list[str]:
    """Everything from ``version`` to ``end``."""
    numbered = spec.release >= (16, 0)
    lines = ["!", f"version {'.'.join(map(str, spec.release))}"]
    places = _separators()
    before = -1
    for rank, group in _sections(config, numbered=numbered):
        if bisect_right(places, before) < bisect_left(places, rank) and lines[-1] != "!":
            lines.append("!")
        lines += group
        before = rank
    return [*lines, "!", "!", "end"]


@cache
def _separators() -> tuple[int, ...]:
    return tuple(rank for rank, command in enumerate(MODES["config"].commands) if command is SEPARATOR)


@cache
def _ranks() -> dict[str, int]:
    return {command.pattern: rank for rank, command in enumerate(MODES["config"].commands)}


def _sections(config: Configuration, *, numbered: bool) -> list[tuple[int, list[str]]]:
    """Groups of printed lines with the rank they stand at."""
    rank_of = _ranks()
    found: list[tuple[int, list[str]]] = []
    ordered = sorted(config.root.lines.items(), key=lambda item: (item[1].rank, _tie(item[0])))
    found += [(line.rank, _line_text(line, numbered=numbered)) for _, line in ordered]
    if "aaa new-model" not in config.root.lines:
        found.append((rank_of["aaa new-model"], ["no aaa new-model"]))
    found += [(rank_of["vlan <vlans>"], group) for group in _vlan_groups(config)]
    found.append((rank_of["policy-map <name>"], ["policy-map system-cpp-policy", "!"]))
    found.append((rank_of["class-map (match-any|match-all) <name>"], _system_classes()))
    found.append((rank_of["control-plane"], ["control-plane", " service-policy input system-cpp-policy", "!"]))
    found.append((rank_of["line (con|console|aux|vty) <0-98> [<1-98>]"], list(_terminals(config))))
    return sorted(found, key=lambda item: item[0])


def _tie(key: str) -> tuple[int, tuple[int, ...], str]:
    if key.startswith("interface "):
        return (*interface_order(key.removeprefix("interface ")), "")
    return (0, (), key if key.startswith(("ip access-list", "ipv6 access-list")) else "")


def _system_classes() -> list[str]:
    lines = []
    for name, description in SYSTEM_CLASSES.items():
        lines.append(f"class-map match-any {name}")
        lines += [f"  description {description}"] if description else []
    return lines


def _line_text(line: Line, *, numbered: bool) -> list[str]:
    if line.block is None:
        return line.text.split("\n") if line.text.startswith("banner") else [line.text]
    if line.block.acl is not None:
        return [line.text, *line.block.acl.lines(numbered=numbered), "!"]
    if line.block.mode == "config-cmap":
        return [line.text, *block_lines(line.block, " ")]
    return [line.text, *block_lines(line.block, " "), "!"]


def block_lines(block: Block, indent: str) -> Iterator[str]:
    """The lines of a block, indented, each with the lines of the block it opens."""
    if block.mode.startswith("config-if"):
        yield from interface_lines(block)
        return
    step = "  " if block.mode == "config-cmap" else indent
    for line in sorted(block.lines.values(), key=lambda line: line.rank):
        trailing = " " if line.text.startswith("conform-action") else ""
        yield f"{step}{line.text}{trailing}"
        if line.block is not None:
            yield from block_lines(line.block, step + " ")
            if line.block.mode == "config-vrf-af":
                yield f"{step}exit-address-family"


def interface_lines(block: Block) -> Iterator[str]:
    """The lines of an interface; one that could carry an address says when it has none."""
    routed = block.mode == "config-if-routed" or "switchport" in block.lines
    lines = sorted(block.lines.values(), key=lambda line: line.rank)
    early = [line for line in lines if line.text.startswith(("description", "vrf ", "no switchport"))]
    if routed and "ip address" not in block.lines:
        yield from (f" {line.text}" for line in early)
        yield " no ip address"
        lines = [line for line in lines if line not in early]
    for line in lines:
        if line.text.startswith("switchport trunk allowed vlan "):
            yield from _wrapped(line.text)
        else:
            yield f" {line.text}"


def _wrapped(text: str) -> Iterator[str]:
    """A long VLAN list continues on ``add`` lines."""
    head, _, value = text.rpartition(" ")
    current = ""
    for part in value.split(","):
        joined = f"{current},{part}" if current else part
        if len(f" {head} {joined}") > _WIDTH:
            yield f" {head} {current}"
            head, joined = "switchport trunk allowed vlan add", part
        current = joined
    yield f" {head} {current}"


def _vlan_groups(config: Configuration) -> Iterator[list[str]]:
    """Named VLANs by themselves, runs of unnamed ones collapsed; nothing in VTP server or client mode."""
    if not config.vtp_shown:
        return
    unnamed: list[int] = []
    for vlan, block in config.vlans.items():
        if block.lines:
            yield from _unnamed(unnamed)
            unnamed = []
            yield [f"vlan {vlan}", *block_lines(block, " "), "!"]
        else:
            unnamed.append(vlan)
    yield from _unnamed(unnamed)


def _unnamed(ids: Iterable[int]) -> Iterator[list[str]]:
    text = w.vlan_text(ids)
    if text:
        yield [f"vlan {text}{' ' if ',' in text or '-' in text else ''}", "!"]


def _terminals(config: Configuration) -> Iterator[str]:
    """Terminal lines; equal neighbours share a range, and a range always ends at vty 4."""
    groups: list[tuple[list[str], list[str]]] = []
    order = sorted(config.terminals, key=lambda name: ("cav".index(name[0]), int(name.split()[1])))
    for name in order:
        body = list(block_lines(config.terminals[name], " "))
        joins = groups and name.startswith("vty") and name != "vty 5" and groups[-1][0][0].startswith("vty")
        if joins and groups[-1][1] == body:
            groups[-1][0].append(name)
        else:
            groups.append(([name], body))
    for names, body in groups:
        last = f" {names[-1].split()[1]}" if len(names) > 1 else ""
        yield f"line {names[0]}{last}"
        yield from body
    yield "!"


def running_config(spec: ApplianceSpec, config: Configuration, changed: float, saved: float, user: str) -> str:
    """The whole text of ``show running-config``, volatile head included."""
    lines = running_lines(spec, config)
    head = ["!", f"! Last configuration change at {stamp(changed)}" + (f" by {user}" if user else "")]
    head += [f"! NVRAM config last updated at {stamp(saved)}" + (f" by {user}" if user else "")] if saved else []
    body = "\n".join([*head, *lines])
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n{body}\n"


def interface_config(block: Block) -> str:
    """The text of ``show running-config interface``."""
    body = "\n".join(["!", f"interface {block.name}", *interface_lines(block), "end"])
    return f"Building configuration...\n\nCurrent configuration : {len(body)} bytes\n{body}\n"


def stamp(seconds: float) -> str:
    """``09:30:00 UTC Fri Nov 21 2025``."""
    return time.strftime("%H:%M:%S UTC %a %b %d %Y", time.gmtime(seconds)).replace(" 0", " ")
