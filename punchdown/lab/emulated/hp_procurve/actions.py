"""What lines do besides being kept: membership, port lists, lists in use, servers and groups, questions.

Source: the platform's fact sheet, "VLANs, voice", "RADIUS", "ACLs", "QoS".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from punchdown.lab.emulated.hp_procurve import actions_servers, actions_snmp
from punchdown.lab.emulated.hp_procurve.grammar import Parsed, Refused
from punchdown.lab.emulated.hp_procurve.questions import Question
from punchdown.lab.emulated.hp_procurve.store import Configuration, Port
from punchdown.lab.emulated.hp_procurve.words import port_order, port_range, ranges, vlan_numbers

if TYPE_CHECKING:
    from punchdown.lab.emulated.hp_procurve.configure import Configurator

_CAUTION = """                              **** CAUTION ****

You have invoked the command 'include-credentials'. This action will make
changes to the password and SSH public-key storage.

It will affect *all* stored configurations, which might need to be updated.
Those credentials will no longer be readable by older software revisions.
It also may break some of your existing user scripts.

A config file with 'include-credentials' may contain sensitive information,
and should be encrypted or stored in a physically secure location.

Continue?[y/n] """


def ports_of(config: Configuration, text: str) -> list[Port]:
    """The ports of a list. Raises Refused for one that the switch does not have, or that is part of a trunk."""
    return [config.ports[name] for name in names_of(config, text)]


def names_of(config: Configuration, text: str) -> list[str]:
    """The same by name."""
    names = plugged(config, text)
    for name in names:
        if config.ports[name].trunk:
            raise Refused(f"Error: port {name} is a member of {config.ports[name].trunk}; operation not allowed.")
    return names


def plugged(config: Configuration, text: str) -> list[str]:
    """Ports that the switch has, members of trunks among them. Raises Refused."""
    names = port_range(text) or []
    for name in names:
        if name not in config.ports:
            raise Refused(f"Module not present for port or invalid port: {name}")
    return names


def in_use(config: Configuration, header: str) -> bool:
    """Whether a class stands in a policy, or a policy at a port."""
    name = header.split(" ", 2)[2]
    if header.startswith("policy "):
        return bool(config.users(f"service-policy {name} in"))
    part = f"class {header.split(' ')[1]} {name} "
    return any(line.startswith(part) for other, entries in config.lists.items() if other.startswith("policy ")
               for line in entries.values())


def _hostname(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    c.config.lines["hostname"] = 'hostname "switch"' if negated else parsed.text
    return ""


def _credentials(c: Configurator, _mode: str, _name: str, _parsed: Parsed, negated: bool) -> str | Question:
    def change(key: str) -> str:
        if key == "y":
            c.config.lines["include-credentials"] = "include-credentials"
        return ""

    if negated:
        c.config.lines.pop("include-credentials", None)
        return ""
    return "" if "include-credentials" in c.config.lines else Question(_CAUTION, change)


def _list(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    lists, header = c.config.lists, parsed.text
    if not negated:
        other = header.replace("standard", "\0").replace("extended", "standard").replace("\0", "extended")
        if other != header and other in lists:
            raise Refused(f"Error: {header.split(' ')[-1]} is in use by a list of another kind.")
        lists.setdefault(header, {})
        c.path = [("list", header)]
        return ""
    if header not in lists:
        raise Refused(f"{header.split(' ')[-1]} not found.")
    if header.startswith(("class", "policy")) and in_use(c.config, header):
        raise Refused(f"Operation failed: {header.split(' ')[-1]} is in use.")
    del lists[header]
    c.config.remarks.pop(header, None)
    return ""


def _resequence(c: Configurator, _mode: str, _name: str, parsed: Parsed, _negated: bool) -> str:
    _, _, _, name, first, step = parsed.words
    for header, entries in c.config.lists.items():
        if header.startswith("ip access-list ") and header.endswith(f" {name}"):
            texts = [entries[number] for number in sorted(entries)]
            c.config.lists[header] = {int(first) + int(step) * place: text for place, text in enumerate(texts)}
            return ""
    raise Refused(f"{name} not found.")


def _interface(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    if negated:
        raise Refused(f"Invalid input: {parsed.words[1]}")
    plugged(c.config, parsed.words[1])
    c.path = [("eth", parsed.words[1])]
    return ""


def _block(c: Configurator, mode: str, _name: str, parsed: Parsed, _negated: bool) -> str:
    name = parsed.text if mode == "config" else f"{c.path[-1][1]}/{parsed.text}"
    c.config.other.setdefault(name, {})
    c.path = [*c.path, ("block", name)] if mode == "block" else [("block", name)]
    return ""


def _vlan(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str | Question:
    number = int(parsed.words[1])
    if not negated:
        c.config.vlans.setdefault(number, {"name": f'name "VLAN{number}"'})
        c.path = [("vlan", str(number))]
        return ""
    if number == 1:
        raise Refused("Error: the primary or default VLAN cannot be removed.")
    if number not in c.config.vlans:
        raise Refused(f"VLAN {number} not found.")
    alone = [name for name, port in c.config.ports.items() if port.untagged == number and not port.trunk]

    def remove(key: str) -> str:
        if key == "y":
            del c.config.vlans[number]
            for port in c.config.ports.values():
                port.tagged.discard(number)
                if port.untagged == number or (not port.tagged and not port.untagged):
                    port.untagged = 1
        return ""

    if not alone:
        return remove("y")
    listed = ",".join(sorted(alone, key=port_order))
    return Question(f"The following ports will be moved to the default VLAN:\n  {listed}\nDo you want to continue? "
                    "[y/n] ", remove)


def _vlan_name(c: Configurator, _mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    text = f'name "VLAN{name}"' if negated else parsed.text
    if any(lines.get("name") == text for number, lines in c.config.vlans.items() if number != int(name)):
        raise Refused("Inconsistent value: the VLAN name is in use.")
    c.config.vlans[int(name)]["name"] = text
    return ""


def _address(c: Configurator, _mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    lines = c.config.vlans[int(name)]
    if negated:
        lines.pop("ip address", None)
    else:
        lines["ip address"] = parsed.text
    return ""


def _member(c: Configurator, _mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    kind, text = parsed.words
    for port_name, port in zip(names_of(c.config, text), ports_of(c.config, text), strict=True):
        _move(port_name, port, int(name), kind, negated=negated, file=c.file)
    return ""


def _move(name: str, port: Port, vlan: int, kind: str, *, negated: bool, file: bool) -> None:
    """A port is always in some VLAN; the last one that it leaves is followed by VLAN 1, which it can't leave. A file
    says what VLAN 1 lost before it says where that went."""
    if file and negated and port.untagged == vlan:
        port.untagged = 0
    elif not negated and kind == "untagged":
        port.untagged = vlan
        port.tagged.discard(vlan)
    elif not negated:
        port.untagged = 0 if port.untagged == vlan else port.untagged
        port.tagged.add(vlan)
    elif kind == "tagged":
        port.tagged.discard(vlan)
        port.untagged = port.untagged if port.untagged or port.tagged else 1
    elif port.untagged == vlan:
        if not port.tagged and vlan == 1:
            raise Refused(f"Error: port {name} must belong to at least one VLAN.")
        port.untagged = 0 if port.tagged else 1


def _port_member(c: Configurator, _mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    vlan = int(parsed.words[2])
    if vlan not in c.config.vlans:
        raise Refused(f"VLAN {vlan} not found.")
    for port_name in names_of(c.config, name):
        _move(port_name, c.config.ports[port_name], vlan, parsed.words[0], negated=negated, file=c.file)
    return ""


def _vlan_group(c: Configurator, _mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    lines, key = c.config.vlans[int(name)], f"ip access-group {parsed.words[-1]}"
    if not negated:
        lines[key] = parsed.text
    elif lines.pop(key, None) is None:
        raise Refused(f"{parsed.words[2]} has not been configured.")
    return ""


def _group_off(c: Configurator, mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    for lines in c.targets(mode, name):
        if not negated:
            lines[parsed.key] = parsed.text
        elif lines.get(parsed.key) != parsed.text:
            raise Refused(f"{(*parsed.words, '')[2]} has not been configured.")
        else:
            del lines[parsed.key]
    return ""


def _service(c: Configurator, mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    if not negated and f"policy qos {parsed.words[1]}" not in c.config.lists:
        raise Refused(f"Policy {parsed.words[1]} not found.")
    for lines in c.targets(mode, name):
        if negated and lines.get("service-policy") != parsed.text:
            raise Refused(f"{parsed.words[1]} has not been configured.")
        if negated:
            del lines["service-policy"]
        else:
            lines["service-policy"] = parsed.text
    return ""


def _disable(c: Configurator, _mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    """Of single ports, whatever trunk they belong to."""
    off = (parsed.text == "disable") != negated
    for lines in (c.config.ports[port].settings for port in plugged(c.config, name)):
        lines.pop("disable", None)
        lines |= {"disable": "disable"} if off else {}
    return ""


def _trust(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    key = " ".join(parsed.words[:2])
    for port in ports_of(c.config, parsed.words[2]):
        port.settings.pop(key, None)
        port.settings |= {} if negated else {key: key}
    return ""


def _vlan_set(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    key = " ".join(parsed.words[:2])
    known = {number for word in c.config.lines.get(key, "").split(" ")[2:] for number in vlan_numbers(word) or ()}
    given = {number for word in parsed.words[2:] for number in vlan_numbers(word) or ()}
    left = known - given if negated else known | given
    c.config.lines.pop(key, None)
    if left:
        c.config.lines[key] = f"{key} {ranges(map(str, left)).replace(',', ' ')}"
    return ""


def _port_line(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    place = next(index for index, word in enumerate(parsed.words) if port_range(word))
    key = " ".join(word if index != place else "{}" for index, word in enumerate(parsed.words[: parsed.split]))
    text = " ".join(word if index != place else "{}" for index, word in enumerate(parsed.words))
    for name, port in zip(names_of(c.config, parsed.words[place]), ports_of(c.config, parsed.words[place]),
                          strict=True):
        if not negated and key.startswith("aaa ") and "port-security" in "".join(port.settings):
            raise Refused(f"Inconsistent value: port {name} has port security.")
        port.lines.pop(key, None)
        if not negated and parsed.value != parsed.command.default:
            port.lines[key] = text
        if negated and key in {"aaa port-access authenticator {}", "aaa port-access mac-based {}"}:
            for other in [item for item in port.lines if item.startswith(f"{key} ")]:
                del port.lines[other]
    return ""


def _port_on(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    key = " ".join((*parsed.words[:2], "{}", *parsed.words[3:]))
    for port in ports_of(c.config, parsed.words[2]):
        port.lines.pop(key, None)
        port.lines |= {key: f"no {key}"} if negated else {}
    return ""


def _port_line_vlan(c: Configurator, mode: str, name: str, parsed: Parsed, negated: bool) -> str:
    if not negated and int(parsed.value) not in c.config.vlans:
        raise Refused(f"VLAN {parsed.value} not found.")
    return _port_line(c, mode, name, parsed, negated)


def _port_security(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    for port in ports_of(c.config, parsed.words[1]):
        if not negated and any(key.startswith("aaa port-access") for key in port.lines):
            raise Refused("Inconsistent value: learn-mode is not allowed with port access.")
        port.lines.pop("port-security {}", None)
        if not negated and "continuous" not in parsed.words:
            port.lines["port-security {}"] = " ".join(("port-security", "{}", *parsed.words[2:]))
    return ""


def _trunk(c: Configurator, _mode: str, _name: str, parsed: Parsed, negated: bool) -> str:
    """Ports join or leave an aggregation, and lose their VLANs; it ends with its last member."""
    members = [c.config.ports[name] for name in plugged(c.config, parsed.words[1])]
    wanted, kind = (*parsed.words[2:], *("", "trunk")[len(parsed.words) - 2:])
    name = wanted.replace("trk", "Trk")
    if not negated and (other := next((port.trunk for port in members if port.trunk not in {"", name}), "")):
        raise Refused(f"Error: a port is a member of {other}; operation not allowed.")
    for port in (port for port in members if port.trunk or not negated):
        port.trunk = "" if negated else name
        port.lines.pop("trunk {}", None)
        port.untagged, port.tagged = 1, set()
        port.lines |= {} if negated else {"trunk {}": f"trunk {{}} {wanted} {kind}"}
    used = {port.trunk for port in c.config.ports.values()} - {""}
    for empty in [own for own in c.config.ports if own.startswith("Trk") and own not in used]:
        del c.config.ports[empty]
    c.config.ports |= {own: Port() for own in used if own not in c.config.ports}
    return ""


Hook = Callable[["Configurator", str, str, Parsed, bool], "str | Question"]
HOOKS: dict[str, Hook] = {
    "hostname": _hostname, "credentials": _credentials, "list": _list, "resequence": _resequence,
    "interface": _interface, "block": _block, "vlan": _vlan, "vlan-name": _vlan_name, "address": _address,
    "member": _member, "port-member": _port_member, "vlan-group": _vlan_group, "group-off": _group_off,
    "service": _service, "disable": _disable, "trust": _trust, "vlan-set": _vlan_set, "port-line": _port_line,
    "port-on": _port_on, "port-line-vlan": _port_line_vlan, "port-security": _port_security, "trunk": _trunk,
    "radius": actions_servers.radius, "radius-extra": actions_servers.radius_extra, "group": actions_servers.group,
    "uses-group": actions_servers.uses_group, "login": actions_servers.login, "ntp-mode": actions_servers.ntp_mode,
    "password": actions_servers.password, "snmpv3": actions_snmp.enable, "snmp-user": actions_snmp.user,
    "snmp-group": actions_snmp.group,
}
