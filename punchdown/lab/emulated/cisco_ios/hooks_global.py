"""Special behaviour of the other configuration lines: system, AAA, RADIUS, VLANs, access lists, terminal lines.

Source: the platform's fact sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.cisco_ios import words as w
from punchdown.lab.emulated.cisco_ios.acl import AccessList
from punchdown.lab.emulated.cisco_ios.hooks_features import FEATURE_HOOKS
from punchdown.lab.emulated.cisco_ios.hooks_qos import HOOKS as QOS_HOOKS
from punchdown.lab.emulated.cisco_ios.hooks_subscribers import SUBSCRIBER_HOOKS
from punchdown.lab.emulated.cisco_ios.refusals import Banner, Invalid, Rejected
from punchdown.lab.emulated.cisco_ios.secretwords import decode7, encode7, hashed
from punchdown.lab.emulated.cisco_ios.store import VTY_COUNT, Block
from punchdown.lab.emulated.grammar import Parsed

if TYPE_CHECKING:
    from punchdown.lab.emulated.cisco_ios.configure import Configurator

Hook = Callable[["Configurator", Block, Parsed, bool], str]
_BANNER = re.compile(r"\s*banner\s+(login|motd|exec|incoming)\s+(\S)(.*)", re.DOTALL | re.IGNORECASE)
_MODES = {"standard": "config-std-nacl", "extended": "config-ext-nacl", "ipv6": "config-ipv6-acl"}
_RESERVED = frozenset(range(1002, 1006))


def start_banner(raw: str, *, file: bool) -> Banner | None:
    """A banner that begins on this line, and may end on it. The delimiter is one character; in a file it is written
    as the two characters ``^C``."""
    match = _BANNER.fullmatch(raw)
    if match is None:
        return None
    marked = file and match[2] + match[3][:1] == "^C"
    delimiter, body = ("^C", match[3][1:]) if marked else (match[2], match[3])
    text, ended, _ = body.partition(delimiter)
    if ended:
        return Banner(match[1].lower(), delimiter, [text] if text else [], closed=True)
    return Banner(match[1].lower(), delimiter, [text] if text.strip() else [])


def _banner(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if not negated:
        raise Invalid(2)
    return ctx.store(block, parsed, negated=True)


def encrypted(ctx: Configurator, value: str) -> str:
    """A key as stored: type 7 once the service encrypts, clear before. Raises Rejected on a bad type 7 text."""
    kind, _, rest = value.rpartition(" ")
    if kind == "7" and decode7(rest) is None:
        raise Rejected("% Invalid encrypted password/key: " + "*" * len(rest))
    if kind in ("5", "6", "7"):
        return value
    return f"7 {encode7(rest, ctx.dice)}" if "service password-encryption" in ctx.config.root.lines else rest


def _key(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if negated:
        return ctx.store(block, parsed, negated=True)
    head, _, value = f"{parsed.key} {parsed.value}".partition("key " if "key" in parsed.text else "password ")
    word = "key" if "key" in parsed.text else "password"
    text = f"{head}{word} {encrypted(ctx, value)}"
    return ctx.store(block, parsed, negated=False, text=text)


def _encrypt_all(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    ctx.store(block, parsed, negated=negated)
    for one in () if negated else _keyed_blocks(ctx):
        for line in one.lines.values():
            match = re.fullmatch(r"((?:.*-)?key|password|client \S+ server-key) (\S+)", line.text)
            if match:
                line.text = f"{match[1]} 7 {encode7(match[2], ctx.dice)}"
    return ""


def _keyed_blocks(ctx: Configurator) -> list[Block]:
    opened = [line.block for line in ctx.config.root.lines.values() if line.block is not None]
    return [*opened, *ctx.config.terminals.values()]


def _aaa_new_model(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if negated and parsed.key not in block.lines:
        return ""
    ctx.store(block, parsed, negated=negated)
    if negated:
        for key in [key for key in block.lines if key.startswith("aaa ")]:
            del block.lines[key]
    for name, terminal in ctx.config.terminals.items():
        terminal.lines.pop("login", None)
        if negated and name.startswith("vty"):
            ctx.terminal_login(terminal)
    return ""


def _method_list(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    ctx.store(block, parsed, negated=negated)
    groups = re.findall(r"group (\S+)", parsed.value)
    known = {"radius", "tacacs+"} | {key.split()[-1] for key in block.lines if key.startswith("aaa group server ")}
    missing = [] if negated else [group for group in groups if group not in known]
    return "\n".join(f'%AAAA-4-SERVUNDEF: The server-group "{group}" is not defined. Please define it.'
                     for group in missing)


def _server_name(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    """A member that is typed must exist; a file prints groups before servers, so loading takes it unseen."""
    kind = "tacacs" if block.mode == "config-sg-tacacs+" else "radius"
    if not (negated or ctx.quiet) and f"{kind} server {parsed.words[-1]}" not in ctx.config.root.lines:
        raise Rejected(f"%Error: {kind} server {parsed.words[-1]} is not configured")
    return ctx.store(block, parsed, negated=negated)


def _aaa_server(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    kind, name = parsed.words[0], parsed.words[-1]
    for key, line in ctx.config.root.lines.items() if negated else ():
        if key.startswith(f"aaa group server {kind}") and line.block and f"server name {name}" in line.block.lines:
            raise Rejected(f"%Error: {kind} server {name} is in use by server group {line.block.name}")
    return ctx.store(block, parsed, negated=negated)


def _radius_address(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if negated:
        return ctx.store(block, parsed, negated=True)
    ports = dict(zip(parsed.words[3::2], parsed.words[4::2], strict=False))
    text = (f"address ipv4 {parsed.words[2]} auth-port {ports.get('auth-port', '1645')} "
            f"acct-port {ports.get('acct-port', '1646')}")
    return ctx.store(block, parsed, negated=False, text=text)


def _legacy_radius(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if ctx.spec.release >= (16, 0):
        raise Rejected("%Error: this CLI is deprecated. Use radius server command")
    return ctx.store(block, parsed, negated=negated)


def _vsa_send(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    return "" if ctx.spec.release >= (16, 0) else ctx.store(block, parsed, negated=negated)


def _username(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if negated:
        return ctx.store(block, parsed, negated=True)
    value = f"{block.value(parsed.key)} {parsed.value}"
    level = re.findall(r"privilege (\d+)", value)[-1:]
    secret = re.search(r"(secret|password) (?:([05789]) )?(\S+)$", parsed.value)
    kept = re.findall(r"(?:secret|password) \d \S+", block.value(parsed.key))[-1:]
    stored = _stored_secret(ctx, secret) if secret else "".join(kept)
    privilege = f"privilege {level[0]}" if level and level[0] != "1" else ""
    return ctx.store(block, parsed, negated=False, text=" ".join(filter(None, (parsed.key, privilege, stored))))


def _stored_secret(ctx: Configurator, match: re.Match[str]) -> str:
    word, kind, text = match.groups()
    if word == "secret":
        return f"secret {kind} {text}" if kind in ("5", "8", "9") else f"secret {hashed(text, ctx.dice)}"
    value = encrypted(ctx, f"{kind} {text}" if kind else text)
    return f"password {value if ' ' in value else '0 ' + value}"


def _enable_secret(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    kind, _, text = parsed.value.rpartition(" ")
    if negated or kind in ("5", "7", "8", "9"):
        return ctx.store(block, parsed, negated=negated)
    stored = hashed(text, ctx.dice) if parsed.words[1] == "secret" else encrypted(ctx, text)
    return ctx.store(block, parsed, negated=False, text=f"{parsed.key} {stored}")


def _vlan(ctx: Configurator, _block: Block, parsed: Parsed, negated: bool) -> str:
    ids = w.vlan_ids(parsed.words[1]) or ()
    if negated:
        if 1 in ids or _RESERVED & set(ids):
            raise Rejected(f"%Default VLAN {ids[0]} may not be deleted.")
        for vlan in ids:
            ctx.config.vlans.pop(vlan, None)
        return ""
    for vlan in ids:
        ctx.config.add_vlan(vlan)
    ctx.enter("config-vlan", [ctx.config.vlans.get(vlan) or Block("config-vlan", str(vlan)) for vlan in ids])
    return ""


def _vlan_name(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    if not negated and len(parsed.value) > 32:
        raise Rejected("% VLAN name can not exceed 32 characters.")
    for vlan, other in ctx.config.vlans.items():
        if not negated and other is not block and other.value("name") == parsed.value:
            raise Rejected(f"%VLAN #{vlan} and #{block.name} have an identical name: {parsed.value}")
    return ctx.store(block, parsed, negated=negated)


def _access_list(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    kind, name = ("ipv6" if parsed.words[0] == "ipv6" else parsed.words[2]), parsed.words[-1]
    other = ctx.config.access_list(name)
    if not negated and other is not None and other.kind != kind:
        raise Rejected("%A named access list with this name already exists")
    ctx.store(block, parsed, negated=negated)
    if negated:
        return ""
    line = block.lines[parsed.key]
    line.block = line.block or Block(_MODES[kind], name, acl=AccessList(kind, name))
    ctx.enter(_MODES[kind], [line.block])
    return ""


def _numbered(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    number = parsed.words[1]
    kind = "standard" if int(number) < 100 else "extended"
    if negated:
        block.lines.pop(f"ip access-list {kind} {number}", None)
        return ""
    replies = [ctx.feed(f"ip access-list {kind} {number}"), ctx.feed(parsed.words[2])]
    ctx.frames = ctx.frames[:1]
    if any(reply.refused for reply in replies):
        raise Invalid(2)
    return ""


def _resequence(ctx: Configurator, _block: Block, parsed: Parsed, _negated: bool) -> str:
    acl = ctx.config.access_list(parsed.words[3])
    if acl is None:
        raise Rejected("%Access-list does not exist")
    acl.resequence(int(parsed.words[4]), int(parsed.words[5]))
    return ""


def _logging_host(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    default = parsed.value == "transport udp port 514"
    return ctx.store(block, parsed, negated=negated, text=parsed.key if default else parsed.text)


def _ssh_version(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    return "" if ctx.spec.release >= (17, 10) else ctx.store(block, parsed, negated=negated)


def _generate_keys(_ctx: Configurator, _block: Block, parsed: Parsed, _negated: bool) -> str:
    bits = parsed.words[-1] if parsed.words[-1].isdigit() else "1024"
    return f"% Generating {bits} bit RSA keys, keys will be non-exportable...\n[OK] (elapsed time was 1 seconds)"


def _line(ctx: Configurator, _block: Block, parsed: Parsed, negated: bool) -> str:
    kind = {"console": "con"}.get(parsed.words[1], parsed.words[1])
    first = int(parsed.words[2])
    last = int(parsed.words[3]) if len(parsed.words) > 3 else first
    if last < first or (kind != "vty" and last > 0):
        raise Invalid(len(parsed.words) - 1)
    if negated:
        if kind != "vty" or first < VTY_COUNT:
            raise Rejected("% Can't delete last 16 VTY lines")
        for number in [number for number in range(first, 99) if f"vty {number}" in ctx.config.terminals]:
            del ctx.config.terminals[f"vty {number}"]
        return ""
    ctx.enter("config-line", [ctx.terminal(f"{kind} {number}") for number in range(first, last + 1)])
    return ""


def _login(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    aaa = "aaa new-model" in ctx.config.root.lines
    if not negated and aaa != parsed.value.startswith("authentication"):
        raise Invalid(1 if parsed.value else 0)
    text = "login" if parsed.value == "authentication default" else parsed.text
    return ctx.store(block, parsed, negated=negated or text == "login authentication default", text=text)


def _exec_timeout(ctx: Configurator, block: Block, parsed: Parsed, negated: bool) -> str:
    value = parsed.value if " " in parsed.value else f"{parsed.value} 0"
    return ctx.store(block, parsed, negated=negated or value == "10 0", text=f"exec-timeout {value}")


def _leave(ctx: Configurator, _block: Block, _parsed: Parsed, _negated: bool) -> str:
    ctx.leave()
    return ""


HOOKS: dict[str, Hook] = {
    **QOS_HOOKS, **FEATURE_HOOKS, **SUBSCRIBER_HOOKS, "banner": _banner, "key": _key, "encrypt-all": _encrypt_all,
    "aaa-new-model": _aaa_new_model, "method-list": _method_list, "server-name": _server_name,
    "aaa-server": _aaa_server, "radius-address": _radius_address, "legacy-radius": _legacy_radius,
    "vsa-send": _vsa_send, "username": _username, "enable-secret": _enable_secret, "vlan": _vlan,
    "vlan-name": _vlan_name, "access-list": _access_list, "numbered-access-list": _numbered,
    "resequence": _resequence, "logging-host": _logging_host, "ssh-version": _ssh_version,
    "generate-keys": _generate_keys, "line": _line, "login": _login,
    "exec-timeout": _exec_timeout, "leave": _leave,
}
