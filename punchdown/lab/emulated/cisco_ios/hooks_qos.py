"""Special behaviour of class-maps and policy-maps. Source: the platform's fact sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios.catalogue_global import SYSTEM_CLASSES, SYSTEM_POLICY
from punchdown.lab.emulated.cisco_ios.refusals import Rejected
from punchdown.lab.emulated.cisco_ios.store import Block, Line
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.configure import Configurator


def _class_map(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    name = parsed.words[-1]
    if name in SYSTEM_CLASSES:
        ctx.enter("config-cmap", [Block("config-cmap", name)])
        return ""
    held = next((key for key in block.lines if re.fullmatch(rf"class-map match-\w+ {re.escape(name)}", key)), None)
    if negated:
        if any(f"class {name}" in policy.lines for policy in _policies(block)):
            raise Rejected(f"% Class-map {name} is being used")
        block.lines.pop(held or "", None)
        return ""
    new = f"class-map {parsed.words[1] if len(parsed.words) > 2 else 'match-all'} {name}"
    if held and held != new and len(parsed.words) > 2:
        block.lines[new] = Line(new, block.lines[held].rank, block.lines.pop(held).block)
    if held and len(parsed.words) == 2:
        new = held
    if new not in block.lines:
        block.lines[new] = Line(new, ctx.rank("class-map (match-any|match-all) <name>"), Block("config-cmap", name))
    opened = block.lines[new].block
    if opened is not None:
        ctx.enter("config-cmap", [opened])
    return ""


def _policies(root: Block) -> Iterator[Block]:
    return (line.block for key, line in root.lines.items() if key.startswith("policy-map ") and line.block)


def _policy_map(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    name = parsed.words[-1]
    if name == SYSTEM_POLICY:
        ctx.enter("config-pmap", [Block("config-pmap", name)])
        return ""
    for port in ctx.config.interfaces() if negated else ():
        if name in (port.value("service-policy input"), port.value("service-policy output")):
            raise Rejected(f"% Policy-map {name} is being used")
    return ctx.store(block, parsed, negated=negated)


def _policy_class(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    name = parsed.words[-1]
    known = {"class-default", *SYSTEM_CLASSES, *(key.split()[-1] for key in ctx.config.root.lines
                                                 if key.startswith("class-map "))}
    if not negated and name not in known:
        raise Rejected(f"% class map {name} not configured")
    return ctx.store(block, parsed, negated=negated)


def _police(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if negated:
        return ctx.store(block, parsed, negated=True)
    numbers = re.findall(r"\b\d{4,}\b", parsed.value)
    text = f"police cir {numbers[0]}" + (f" bc {numbers[1]}" if len(numbers) > 1 else "")
    ctx.store(block, parsed, negated=False, text=text)
    opened = block.lines["police"].block
    actions = {"conform-action": "transmit", "exceed-action": "drop"}
    actions |= dict(re.findall(r"(conform-action|exceed-action) (\S+(?: (?!exceed)\S+)?)", parsed.value))
    for rank, (word, action) in enumerate(actions.items()):
        if opened is not None and (word not in opened.lines or word in parsed.value):
            opened.lines[word] = Line(f"{word} {action}", rank)
    return ""


HOOKS: dict[str, Callable[[Configurator, Block, Parsed, bool], str]] = {
    "class-map": _class_map, "policy-map": _policy_map, "policy-class": _policy_class, "police": _police,
}
