"""Translations: what the device takes, and in which order it keeps them.

Source: ASA command reference, ``nat (global)`` and ``nat (object)``.
"""

from __future__ import annotations

import re

from punchdown.lab.emulated.cisco_asa.refusals import Incomplete, Invalid, Rejected
from punchdown.lab.emulated.cisco_asa.store import Configuration
from punchdown.lab.emulated.cisco_asa.words import ICMP, ICMP6, port, port_value

_PAIR = re.compile(r"\(([^,\s()]+),([^,\s()]+)\)")
_FLAGS = ("dns", "extended", "flat", "include-reserve", "inactive", "net-to-net", "no-proxy-arp", "round-robin",
          "route-lookup", "unidirectional")
_OWN_PORTS = {"tcp": {22: "ssh ", 443: "http server enable"}}


class _Words:
    def __init__(self, words: list[str], place: int) -> None:
        self.words, self.place = words, place

    def peek(self) -> str:
        return self.words[self.place] if self.place < len(self.words) else ""

    def take(self) -> str:
        if self.place >= len(self.words):
            raise Incomplete
        self.place += 1
        return self.words[self.place - 1]

    def expect(self, *known: str) -> str:
        word = self.take()
        found = [name for name in known if name.startswith(word)]
        if word in known:
            return word
        if len(found) != 1:
            raise Invalid(self.place - 1)
        return found[0]


def _pair(line: _Words, config: Configuration) -> str:
    if not line.peek().startswith("("):
        return "(any,any)"
    text = line.take()
    while not text.endswith(")") and line.peek():
        text += line.take()
    match = _PAIR.fullmatch(text)
    if not match:
        raise Invalid(line.place - 1)
    for name in match.groups():
        if name != "any" and name not in config.legs():
            raise Rejected(f"ERROR: interface <{name}> does not exist")
    return text


def _network(line: _Words, config: Configuration, *extra: str) -> str:
    name = line.take()
    if name == "any" or name in extra:
        return name
    if "network" not in {config.kind_of("object", name), config.kind_of("object-group", name)}:
        raise Rejected(f"ERROR: {name} doesn't match an existing object or object-group")
    return name


def _service(line: _Words, config: Configuration) -> str:
    name = line.take()
    if name != "any" and "service" not in {config.kind_of("object", name), config.kind_of("object-group", name)}:
        raise Rejected(f"ERROR: {name} doesn't match an existing object or object-group")
    return name


def parse_alone(words: list[str], config: Configuration) -> tuple[str, bool, int | None]:
    """A whole line ``nat ...``: its text, whether it stands after the objects, and the place asked for (from 1)."""
    line = _Words(words, 1)
    pair = _pair(line, config)
    late = line.peek() == "after-auto"
    if late:
        line.take()
    place = int(line.take()) if line.peek().isdigit() else None
    line.expect("source")
    kind = line.expect("static", "dynamic")
    real = _network(line, config)
    mapped = [_network(line, config, "interface", "pat-pool")]
    if mapped == ["pat-pool"]:
        mapped.append(_network(line, config))
    parts = ["source", kind, real, *mapped]
    if line.peek() == "destination":
        line.take()
        line.expect("static")
        parts += ["destination", "static", _network(line, config, "interface"), _network(line, config)]
    if line.peek() == "service":
        line.take()
        parts += ["service", _service(line, config), _service(line, config)]
    while line.peek():
        word = line.expect(*_FLAGS, "description")
        parts.append(word)
        if word == "description":
            parts += line.words[line.place:]
            line.place = len(line.words)
    if "unidirectional" in parts and kind == "dynamic":
        raise Rejected("ERROR: unidirectional is only allowed with static rules")
    return f"nat {pair} {'after-auto ' if late else ''}{' '.join(parts)}", late, place


def parse_object(words: list[str], config: Configuration) -> str:
    """What follows ``nat`` below an object."""
    line = _Words(words, 1)
    pair = _pair(line, config)
    kind = line.expect("static", "dynamic")
    mapped = line.take()
    if mapped not in {"interface", "pat-pool"} and not re.fullmatch(r"\d+\.\d+\.\d+\.\d+", mapped):
        line.place -= 1
        _network(line, config)
    parts = [kind, mapped]
    if line.peek() == "service":
        line.take()
        protocol = line.expect("tcp", "udp")
        ports = []
        for _ in range(2):
            text = port(protocol, line.take())
            if text is None:
                raise Invalid(line.place - 1)
            ports.append(text)
        own = _OWN_PORTS.get(protocol, {}).get(port_value(protocol, ports[1]))
        if mapped == "interface" and own and any(key.startswith(own) and key.endswith(pair[:-1].split(",")[1])
                                                 for key in config.root.lines):
            raise Rejected("ERROR: NAT unable to reserve ports.")
        parts += ["service", protocol, *ports]
    while line.peek():
        parts.append(line.expect(*_FLAGS))
    return f"{pair} {' '.join(parts)}"


def check_service(words: list[str]) -> str:
    """What follows ``service`` below a service object, in the device's words."""
    line = _Words(words, 1)
    protocol = line.take()
    if protocol not in {"tcp", "udp", "tcp-udp", "sctp", "icmp", "icmp6", "ip"} and not (
            protocol.isdigit() and int(protocol) < 256):
        raise Invalid(line.place - 1)
    parts = [protocol]
    if protocol in {"icmp", "icmp6"} and line.peek():
        parts += [_icmp_type(line, protocol), *([line.take()] if line.peek().isdigit() else [])]
    while line.peek() and protocol in {"tcp", "udp", "tcp-udp", "sctp"}:
        parts.append(line.expect(*(name for name in ("source", "destination") if name not in parts)))
        parts += _port(line, protocol)
    if line.peek():
        raise Invalid(line.place)
    return " ".join(parts)


def _icmp_type(line: _Words, protocol: str) -> str:
    names, word = (ICMP if protocol == "icmp" else ICMP6), line.take()
    if word in names or (word.isdigit() and int(word) < 256):
        return {str(number): name for name, number in names.items()}.get(word, word)
    raise Invalid(line.place - 1)


def _port(line: _Words, protocol: str) -> list[str]:
    operator = line.expect("eq", "neq", "lt", "gt", "range")
    found = [operator]
    for _ in range(2 if operator == "range" else 1):
        text = port(protocol, line.take())
        if text is None:
            raise Invalid(line.place - 1)
        found.append(text)
    if operator == "range" and port_value(protocol, found[1]) > port_value(protocol, found[2]):
        raise Rejected("ERROR: range start is greater than range end")
    return found


def check_member(words: list[str], group: str) -> str:
    """A line below a service group, in the device's words; ``group`` is its opening line."""
    kind = group.split()[3] if len(group.split()) > 3 else ""
    if words[0] == "port-object":
        if not kind:
            raise Invalid(0)
        return " ".join(("port-object", *_port(_Words(words, 1), "tcp" if kind == "tcp-udp" else kind)))
    if kind:
        raise Invalid(0)
    if words[1] in {"tcp", "udp", "tcp-udp"}:
        line = _Words(words, 2)
        parts = ["service-object", words[1]]
        while line.peek():
            parts.append(line.expect("source", "destination"))
            parts += _port(line, words[1].removesuffix("-udp") if words[1] == "tcp-udp" else words[1])
        return " ".join(parts)
    if words[1] in {"icmp", "icmp6", "ip", "esp", "ah", "gre"} or words[1].isdigit():
        return " ".join(words)
    raise Invalid(1)
