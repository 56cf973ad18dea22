"""Special behaviour of interface lines. Source: the platform's fact sheet."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios import words as w
from punchdown.lab.emulated.cisco_ios.catalogue_global import INTERFACE
from punchdown.lab.emulated.cisco_ios.hooks_checks import NOT_ACCESS, needs_encapsulation
from punchdown.lab.emulated.cisco_ios.refusals import Invalid, Rejected
from punchdown.lab.emulated.cisco_ios.store import Block, physical_ports
from punchdown.lab.emulated.cisco_ios.words import interface, short_name
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.configure import Configurator

Hook = Callable[["Configurator", Block, Parsed, bool], str]
_ALL = frozenset(range(1, 4095))


def _access_vlan(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    ctx.store(block, parsed, negated=negated)
    return "" if negated else _created(ctx, "Access", int(parsed.value))


def _voice_vlan(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if not negated and "network-policy" in block.lines:
        raise Rejected(f"Command rejected: network-policy is configured on {short_name(block.name)}.")
    ctx.store(block, parsed, negated=negated)
    return "" if negated else _created(ctx, "Voice", int(parsed.value))


def _created(ctx: Configurator, word: str, vlan: int) -> str:
    return f"% {word} VLAN does not exist. Creating vlan {vlan}" if ctx.config.add_vlan(vlan) else ""


def _network_policy(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if not negated and "switchport voice vlan" in block.lines:
        raise Rejected(f"Command rejected: voice vlan is configured on {short_name(block.name)}.")
    return ctx.store(block, parsed, negated=negated)


def _allowed_vlans(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    key = "switchport trunk allowed vlan"
    if negated or parsed.value == "all":
        block.lines.pop(key, None)
        return ""
    text = block.value(key)
    held = _ALL if not text else frozenset(() if text == "none" else w.vlan_ids(text) or ())
    new = _edited(held, parsed.value)
    if new == _ALL:
        block.lines.pop(key, None)
        return ""
    return ctx.store(block, parsed, negated=False, text=f"{key} {w.vlan_text(new) or 'none'}")


def _edited(held: frozenset[int], value: str) -> frozenset[int]:
    word, _, text = value.rpartition(" ")
    ids = frozenset(() if text == "none" else w.vlan_ids(text) or ())
    return {"": ids, "add": held | ids, "remove": held - ids, "except": _ALL - ids}[word]


def _mode(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    mode = "dynamic auto" if negated else parsed.value
    if mode.startswith("dynamic") and "switchport nonegotiate" in block.lines:
        raise Rejected("Command rejected: Conflict between 'nonegotiate' and 'dynamic' status on this interface: "
                       f"{short_name(block.name)}")
    authenticated = {"authentication port-control", "dot1x pae authenticator"} & set(block.lines)
    if mode != "access" and authenticated:
        raise Rejected(NOT_ACCESS)
    if mode.startswith("dynamic") and "switchport port-security" in block.lines:
        raise Rejected(f"Command rejected: {block.name} is a secure port.")
    if mode == "trunk" and needs_encapsulation(ctx, block):
        raise Rejected('Command rejected: An interface whose trunk encapsulation is "Auto" can not be configured to '
                       '"trunk" mode.')
    return ctx.store(block, parsed, negated=negated)


def _routed(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if not negated:
        block.lines.pop("ip address", None)
    return ctx.store(block, parsed, negated=negated)


def _portfast(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    text = parsed.text.replace(" edge", "")
    ctx.store(block, parsed, negated=negated, text=text)
    if negated or parsed.value == "disable":
        return ""
    return ("%Warning: portfast should only be enabled on ports connected to a single\n"
            " host. Connecting hubs, concentrators, switches, bridges, etc... to this\n"
            " interface  when portfast is enabled, can cause temporary bridging loops.\n"
            " Use with CAUTION\n\n"
            f"%Portfast has been configured on {block.name} but will only\n"
            " have effect when the interface is in a non-trunking mode.")


def _service_policy(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if not negated and f"policy-map {parsed.value}" not in ctx.config.root.lines:
        raise Rejected(f"% policy map {parsed.value} not configured")
    return ctx.store(block, parsed, negated=negated)


def _address(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if not negated:
        network = ip_network("/".join(parsed.words[2:4]), strict=False)
        for other in ctx.config.interfaces():
            held = other.value("ip address").split()
            if other is block or len(held) != 2 or other.value("vrf forwarding") != block.value("vrf forwarding"):
                continue
            if network.overlaps(ip_network("/".join(held), strict=False)):
                raise Rejected(f"% {network.network_address} overlaps with {other.name}")
    return ctx.store(block, parsed, negated=negated)


def _interface(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    name = parsed.words[-1]
    held = block.lines.get(f"interface {name}")
    virtual = name.startswith(("Vlan", "Loopback", "Port-channel"))
    if held is None and not virtual:
        raise Invalid(1)
    if negated:
        if not virtual:
            raise Rejected("%Removal of physical interfaces is not permitted")
        block.lines.pop(f"interface {name}", None)
        return ""
    if held is None or held.block is None:
        ctx.store(block, parsed, negated=False)
        held = block.lines[f"interface {name}"]
        held.block = Block(interface_mode(name), name)
    ctx.enter(held.block.mode, [held.block], "config-if")
    return ""


def interface_mode(name: str) -> str:
    """The grammar of an interface: switched ports, or those that carry addresses."""
    routed = name.startswith(("Vlan", "Loopback")) or name == "GigabitEthernet0/0"
    return "config-if-routed" if routed else "config-if"


def _interface_range(ctx: Configurator, _block: Block, parsed: Parsed, _negated: bool) -> str:
    blocks = []
    for part in parsed.words[2].replace(" -", "-").replace("- ", "-").split(","):
        names = _range_names(part.split())
        found = [ctx.config.interface(name) for name in names]
        if not names or None in found:
            raise Invalid(2)
        blocks += [one for one in found if one is not None]
    ctx.enter(blocks[0].mode, blocks, "config-if-range")
    return ""


def _range_names(words: list[str]) -> list[str]:
    """``['gi1/0/1-4']`` -> four long names."""
    joined = "".join(words)
    first, _, last = joined.partition("-") if joined[-1:].isdigit() else (joined, "", "")
    eaten = interface([first]) if first else None
    if eaten is None or (last and not last.rsplit("/", 1)[-1].isdigit()):
        return []
    digits = len(eaten[1]) - len(eaten[1].rstrip("0123456789"))
    stem, low = eaten[1][:-digits], int(eaten[1][-digits:])
    return [f"{stem}{number}" for number in range(low, int(last.rsplit("/", 1)[-1] or low) + 1 if last else low + 1)]


def _default_interface(ctx: Configurator, _block: Block, parsed: Parsed, _negated: bool) -> str:
    held = ctx.config.interface(parsed.words[2])
    if held is None:
        raise Invalid(2)
    held.lines.clear()
    return f"Interface {held.name} set to default configuration"


def add_physical(ctx: Configurator) -> None:
    """The ports of the hardware, with nothing configured."""
    for name in physical_ports(ctx.spec):
        ctx.store(ctx.config.root, Parsed(INTERFACE, ("interface", name), 2), negated=False)
        ctx.config.root.lines[f"interface {name}"].block = Block(interface_mode(name), name)


HOOKS: dict[str, Hook] = {
    "access-vlan": _access_vlan, "voice-vlan": _voice_vlan, "network-policy": _network_policy,
    "allowed-vlans": _allowed_vlans, "mode": _mode, "routed": _routed, "portfast": _portfast,
    "service-policy": _service_policy, "address": _address, "interface": _interface,
    "interface-range": _interface_range, "default-interface": _default_interface,
}
