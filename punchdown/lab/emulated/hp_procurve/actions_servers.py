"""Lines about servers, time and passwords: what must exist before it is named, and what stays while it is in use.

Source: the platform's fact sheet, "RADIUS, 802.1X, MAC auth" and "Management".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchdown.lab.emulated.hp_procurve.grammar import Parsed, Refused

if TYPE_CHECKING:
    from punchdown.lab.emulated.hp_procurve.configure import Configurator


def radius(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    key, lines = " ".join(parsed.words[:3]), c.config.lines
    if not negated:
        before = lines.get(key, "")
        kept = f" {before[before.index('key '):]}" if "key " in before and "key" not in parsed.words else ""
        lines[key] = f"{parsed.text}{kept}"
        return ""
    if key not in lines:
        raise Refused(f"RADIUS server {parsed.words[2]} not found.")
    if any(line.startswith("aaa server-group") and line.endswith(f"host {parsed.words[2]}") for line in lines):
        raise Refused(f"Error: RADIUS server {parsed.words[2]} is in use by a server group.")
    for other in [name for name in lines if name == key or name.startswith(f"{key} ")]:
        del lines[other]
    return ""


def radius_extra(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    host = " ".join(parsed.words[:3])
    if host not in c.config.lines:
        raise Refused(f"RADIUS server {parsed.words[2]} not found.")
    c.config.lines.pop(parsed.key, None)
    c.config.lines |= {} if negated else {parsed.key: parsed.text}
    return ""


def group(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    lines, name = c.config.lines, parsed.words[3]
    if not negated:
        if f"radius-server host {parsed.words[5]}" not in lines:
            raise Refused(f"RADIUS server {parsed.words[5]} not found.")
        lines[parsed.text] = parsed.text
        return ""
    members = [line for line in lines if line.startswith(f"aaa server-group radius {name} ")]
    used = any(f"server-group {name}" in text for key, text in lines.items() if not key.startswith("aaa server-group"))
    if members == [parsed.text] and used:
        raise Refused("Error: the last server of a group in use cannot be removed.")
    lines.pop(parsed.text, None)
    return ""


def uses_group(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    if "server-group" in parsed.words and not negated:
        name = parsed.words[parsed.words.index("server-group") + 1]
        if not any(line.startswith(f"aaa server-group radius {name} ") for line in c.config.lines):
            raise Refused(f"Server group {name} not found.")
    c.config.lines.pop(parsed.key, None)
    c.config.lines |= {} if negated else {parsed.key: parsed.text}
    return ""


def login(c: Configurator, mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    """The switch's own users are the default, which does not show."""
    return uses_group(c, mode, name, parsed, negated or parsed.words[parsed.split:] in {("local",), ("local", "none")})


def ntp_mode(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    c.config.lines.pop("ntp", None)
    c.config.lines |= {} if negated else {"ntp": parsed.text}
    return ""


def password(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    c.config.lines.pop(f"password {parsed.words[1]}", None)
    c.config.lines |= {} if negated else {f"password {parsed.words[1]}": parsed.text}
    return ""
