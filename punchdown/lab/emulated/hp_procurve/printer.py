"""The running configuration as the switch prints it.

Source: the platform's fact sheet (order and indentation as found in real configurations: trust before the name of a
port, VLAN 1 with what it lost before what it keeps).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from punchdown.lab.emulated.hp_procurve.catalogue import CONFIG, PORT, VLAN
from punchdown.lab.emulated.hp_procurve.grammar import Grammar, Refused
from punchdown.lab.emulated.hp_procurve.store import Configuration
from punchdown.lab.emulated.hp_procurve.words import port_order, ranges, tokens

_KEY = re.compile(r" key \S+")
_PASSWORD = re.compile(r"(password \S+).*")
_SNMP = re.compile(r"(snmpv3 user \S+).*")
_LISTS = ("ip access-list ", "ipv6 access-list ", "class ", "policy ")


def _rank(grammar: Grammar, line: str) -> int:
    """Where a line stands, by its pattern."""
    words = tokens(line) or []
    negated = words[:1] == ["no"]
    try:
        return grammar.rank[grammar.parse(words[negated:], negated=negated).command.pattern]
    except Refused:
        return len(grammar.rank)


def _grouped(config: Configuration) -> Iterator[str]:
    """Lines that name ports, gathered by what they say of them."""
    found: dict[str, list[str]] = {}
    for name, port in config.ports.items():
        for text in port.lines.values():
            found.setdefault(text, []).append(name)
    for text, names in found.items():
        yield text.replace("{}", ranges(names))


def _lists(config: Configuration) -> Iterator[tuple[int, list[str]]]:
    for header, entries in config.lists.items():
        lines = [header]
        remarks = config.remarks.get(header, {})
        for number in sorted({*entries, *remarks}):
            lines += [f"   {number} {remarks[number]}"] if number in remarks else []
            lines += [f"   {number} {entries[number]}"] if number in entries else []
        yield _rank(CONFIG, header), [*lines, "   exit"]


def _interfaces(config: Configuration) -> Iterator[list[str]]:
    for name in sorted(config.ports, key=port_order):
        settings = config.ports[name].settings.values()
        if settings:
            ordered = sorted(settings, key=lambda line: _rank(PORT, line))
            yield [f"interface {name}", *(f"   {line}" for line in ordered), "   exit"]


def _vlans(config: Configuration) -> Iterator[list[str]]:
    for number in sorted(config.vlans):
        lines = dict(config.vlans[number])
        out = [f"vlan {number}", f"   {lines.pop('name')}"]
        untagged, tagged = config.members(number, "untagged"), config.members(number, "tagged")
        if number == 1:
            lost = [name for name, port in config.ports.items()
                    if port.untagged != 1 and 1 not in port.tagged and not port.trunk]
            out += [f"   no untagged {ranges(lost)}"] if lost else []
        out += [f"   untagged {ranges(untagged)}"] if untagged else []
        out += [f"   tagged {ranges(tagged)}"] if tagged else []
        address = lines.pop("ip address", "no ip address")
        rest = sorted(lines.values(), key=lambda line: _rank(VLAN, line))
        yield [*out, *(f"   {line}" for line in rest if "access-group" in line), f"   {address}",
               *(f"   {line}" for line in rest if "access-group" not in line), "   exit"]


def configuration(config: Configuration, *, secrets: bool) -> str:
    """Everything below the header; ``secrets``: as the flash keeps it."""
    shown = secrets or "include-credentials" in config.lines
    blocks: list[tuple[int, list[str]]] = list(_lists(config))
    for line in (*config.lines.values(), *_grouped(config)):
        text = line if shown else _SNMP.sub(r"\1", _PASSWORD.sub(r"\1", _KEY.sub("", line) if line.startswith(
            ("radius-", "tacacs-")) else line))
        blocks.append((_rank(CONFIG, line), [text]))
    blocks += [(CONFIG.rank["interface <ports>"], block) for block in _interfaces(config)]
    blocks += [(CONFIG.rank["vlan <vlan>"], block) for block in _vlans(config)]
    blocks += [(CONFIG.rank[name], _kept(config, name)) for name in ("stacking", "oobm") if name in config.other]
    blocks.sort(key=lambda item: (item[0], item[1][0] if len(item[1]) == 1 else ""))
    return "".join(f"{line}\n" for _, block in blocks for line in block)


def _kept(config: Configuration, block: str) -> list[str]:
    out = [block, *(f"   {line}" for line in config.other[block].values())]
    for name, lines in config.other.items():
        if name.startswith(f"{block}/"):
            out += [f"   {name.removeprefix(f'{block}/')}", *(f"      {line}" for line in lines.values()), "      exit"]
    return [*out, "   exit"]
