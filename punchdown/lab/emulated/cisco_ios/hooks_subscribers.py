"""Special behaviour of control policies. Source: the platform's fact sheet, "IBNS 2.0 differences"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios.refusals import Rejected
from punchdown.lab.emulated.cisco_ios.store import Block, Line
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.configure import Configurator

Hook = Callable[["Configurator", Block, Parsed, bool], str]
BUILT_IN = {
    "DEFAULT_LINKSEC_POLICY_MUST_SECURE": "linksec policy must-secure",
    "DEFAULT_LINKSEC_POLICY_SHOULD_SECURE": "linksec policy should-secure",
    "DEFAULT_CRITICAL_VOICE_TEMPLATE": "voice vlan",
    "DEFAULT_CRITICAL_DATA_TEMPLATE": "",
}
_POLICY = "policy-map type control subscriber "


def _entries(root: Block) -> Iterator[Line]:
    """Every line of every control policy, with what it opens."""
    stack = [line for key, line in root.lines.items() if key.startswith(_POLICY)]
    while stack:
        line = stack.pop()
        yield line
        stack += line.block.lines.values() if line.block else ()


def _used(ctx: Configurator, pattern: str) -> bool:
    return any(re.fullmatch(pattern, line.text) for line in _entries(ctx.config.root))


def _service_template(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    name = re.escape(parsed.words[-1])
    if negated and _used(ctx, rf"\d+ activate service-template {name}(?: .*)?"):
        raise Rejected(f"% Service-template {parsed.words[-1]} is in use")
    return ctx.store(block, parsed, negated=negated)


def _control_class(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    name = parsed.words[-1]
    if negated and _used(ctx, rf"\d+ class {re.escape(name)}(?: .*)?"):
        raise Rejected(f"% Class-map {name} is being used")
    for key in [key for key in block.lines if key.startswith("class-map type control subscriber ")]:
        if key.split()[-1] == name and key != parsed.key and not negated:
            raise Rejected(f"% Class-map {name} exists with another match criterion")
    return ctx.store(block, parsed, negated=negated)


def _control_policy(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    name = parsed.words[-1]
    if negated and any(port.value("service-policy type control subscriber") == name
                       for port in ctx.config.interfaces()):
        raise Rejected(f"% Policy-map {name} is being used")
    return ctx.store(block, parsed, negated=negated)


def _control_event(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    return ctx.store(block, parsed, negated=negated, text=f"{parsed.key} {parsed.value or 'match-all'}")


def _control_entry(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    name = parsed.words[2] if len(parsed.words) > 2 else ""
    known = {key.split()[-1] for key in ctx.config.root.lines if key.startswith("class-map type control subscriber ")}
    if not negated and name != "always" and name not in known and not ctx.quiet:
        raise Rejected(f"% class map {name} not configured")
    text = parsed.text if len(parsed.words) > 3 else f"{parsed.text} do-until-failure"
    held = block.lines.get(parsed.key)
    if not negated and held is not None and held.text != text:
        del block.lines[parsed.key]
    return _placed(ctx, block, parsed, negated, text)


def _numbered(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    return _placed(ctx, block, parsed, negated, parsed.text)


def _placed(ctx: Configurator, block: Block, parsed: Parsed, negated: bool, text: str) -> str:
    """Lines with a number stand in its order."""
    said = ctx.store(block, parsed, negated=negated, text=text)
    if not negated:
        block.lines[parsed.key].rank = int(parsed.words[0])
    return said


def _binding(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if not (negated or ctx.quiet) and f"{_POLICY}{parsed.value}" not in ctx.config.root.lines:
        raise Rejected(f"% policy map {parsed.value} not configured")
    return ctx.store(block, parsed, negated=negated)


def convert(ctx: Configurator) -> None:
    """To the new style, with the templates that the device makes by itself."""
    ctx.config.new_style = True
    for name, line in BUILT_IN.items():
        for text in (f"service-template {name}", line):
            if text:
                ctx.feed(text)
    ctx.frames = ctx.frames[:1]


SUBSCRIBER_HOOKS: dict[str, Hook] = {
    "service-template": _service_template, "control-class": _control_class, "control-policy": _control_policy,
    "control-event": _control_event, "control-entry": _control_entry, "numbered": _numbered,
    "control-binding": _binding,
}
