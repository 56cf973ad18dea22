"""Conditions a line needs before the device takes it. Source: the platform's fact sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios.refusals import Invalid, Rejected
from punchdown.lab.emulated.cisco_ios.store import Block
from punchdown.lab.emulated.cisco_ios.words import short_name
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.configure import Configurator

_NEW_MODELS = re.compile(r"C9|WS-C3[68]50")
_OLD_MODELS = re.compile(r"WS-C3[57]")
NOT_ACCESS = "Command rejected: Dot1x is supported only on Ethernet interfaces configured in Access mode."


def _aaa(ctx: Configurator, _block: Block, _parsed: Parsed) -> None:
    if "aaa new-model" not in ctx.config.root.lines:
        raise Invalid(1)


def _access_mode(_ctx: Configurator, block: Block, parsed: Parsed) -> None:
    default = parsed.command.default is not None and parsed.value == parsed.command.default
    if not default and block.value("switchport mode") != "access":
        raise Rejected(NOT_ACCESS)


def _secure_mode(_ctx: Configurator, block: Block, _parsed: Parsed) -> None:
    if block.value("switchport mode") not in ("access", "trunk"):
        raise Rejected(f"Command rejected: {block.name} is a dynamic port.")


def _static_mode(_ctx: Configurator, block: Block, _parsed: Parsed) -> None:
    if block.value("switchport mode") not in ("access", "trunk"):
        raise Rejected("Command rejected: Conflict between 'nonegotiate' and 'dynamic' status on this interface: "
                       f"{short_name(block.name)}")


def _mls(ctx: Configurator, _block: Block, _parsed: Parsed) -> None:
    if _NEW_MODELS.match(ctx.spec.model):
        raise Invalid(0)


def _encapsulation(ctx: Configurator, _block: Block, _parsed: Parsed) -> None:
    if not _OLD_MODELS.match(ctx.spec.model):
        raise Invalid(2)


def _routed(_ctx: Configurator, block: Block, _parsed: Parsed) -> None:
    if "switchport" not in block.lines:
        raise Invalid(1)


def _new_style(ctx: Configurator, _block: Block, _parsed: Parsed) -> None:
    """A file tells its style; at the terminal the device asks whether to convert for good, and is told no."""
    if ctx.quiet:
        ctx.config.new_style = True
    elif not ctx.config.new_style:
        raise Rejected("% This operation will permanently convert all relevant authentication commands to their CPL "
                       "control-policy equivalents: aborted.")


def _classic(ctx: Configurator, _block: Block, _parsed: Parsed) -> None:
    if ctx.config.new_style:
        raise Invalid(1)


_NEEDS: dict[str, Callable[[Configurator, Block, Parsed], None]] = {
    "aaa": _aaa, "access-mode": _access_mode, "secure-mode": _secure_mode, "static-mode": _static_mode, "mls": _mls,
    "encapsulation": _encapsulation, "routed": _routed,
    "new-style": _new_style, "classic": _classic,
}


def check_needs(ctx: Configurator, block: Block, parsed: Parsed) -> None:
    """Raise Rejected or Invalid when a condition of the line is not met."""
    for need in parsed.command.needs:
        _NEEDS[need](ctx, block, parsed)


def needs_encapsulation(ctx: Configurator, block: Block) -> bool:
    """Whether a trunk must name its encapsulation first (older models)."""
    return bool(_OLD_MODELS.match(ctx.spec.model)) and "switchport trunk encapsulation" not in block.lines
