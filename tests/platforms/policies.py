"""Probes for policy parsers: packets in short words, and what tables do to them by the plain evaluator."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

from punchdown.compiler import compile_site
from punchdown.intent import DeviceIntent
from punchdown.loader import load_estate
from punchdown.render import render_device
from punchdown.values.policy import DevicePolicy, Field, Table
from tests.proof.plain import Packet, results

INVENTORY = Path(__file__).parents[2] / "inventory"

_PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "icmp6": 58, "sctp": 132}


def packet(words: str, **fields: int) -> Packet:
    """``tcp 10.0.0.1:1000 10.0.0.2:80``, ``icmp 10.0.0.1 10.0.0.2``, ``89 fd00::1 fd00::2``; an IPv6 address with a
    port stands in brackets. ``fields`` by their names with ``_``: ``icmp_type=8``."""
    protocol, source, destination = words.split()
    (first, source_port), (second, destination_port) = _end(source), _end(destination)
    found = dict.fromkeys(Field, 0)
    found |= {
        Field.FAMILY: int(ip_address(first).version == 6), Field.PROTOCOL: _PROTOCOLS.get(protocol, 0) or int(protocol),
        Field.SOURCE: int(ip_address(first)), Field.DESTINATION: int(ip_address(second)),
        Field.SOURCE_PORT: source_port, Field.DESTINATION_PORT: destination_port,
        Field.ETHERTYPE: 0x86DD if ip_address(first).version == 6 else 0x0800,
    }
    return found | {Field(name.replace("_", "-")): value for name, value in fields.items()}


def _end(text: str) -> tuple[str, int]:
    if text.startswith("["):
        address, _, port = text[1:].partition("]:")
        return address, int(port)
    if text.count(":") == 1:
        address, _, port = text.partition(":")
        return address, int(port)
    return text, 0


def outcomes(tables: tuple[Table, ...], name: str, probe: Packet, entry: str = "", leaving: str = "") -> set[str]:
    """All that can happen to a packet in a table: ``accept``, ``drop``; both where a line was not understood."""
    return {end for end, _ in results({table.name: table for table in tables}, name, probe, entry, leaving)}


def through(policy: DevicePolicy, names: tuple[str, ...], probe: Packet, entry: str = "",
            leaving: str = "") -> set[str]:
    """The same through tables that must all accept; a packet that one changed enters the next one changed."""
    tables = {table.name: table for table in policy.tables}
    ends, arriving = set(), [probe]
    for name in names:
        found = [item for one in arriving for item in results(tables, name, one, entry, leaving)]
        ends |= {end for end, _ in found if end != "accept"}
        arriving = [dict(zip(Field, left, strict=True)) for end, left in found if end == "accept"]
    return ends | ({"accept"} if arriving else set())


def unread(policy: DevicePolicy) -> list[tuple[int, str]]:
    """(line, words) of everything that a policy did not understand."""
    return sorted({(rule.line.number, rule.unread) for table in policy.tables for rule in table.rules if rule.unread}
                  | {(line.number, line.text) for line in policy.unread})


def lisbon(device: str) -> tuple[DeviceIntent, dict[str, str]]:
    """A device of the example site, and its rendered documents."""
    loaded = load_estate(INVENTORY).loaded["lisbon"]
    intent = next(item for item in compile_site(loaded).devices if item.device == device)
    return intent, {document.name: document.text for document in render_device(intent).documents}
