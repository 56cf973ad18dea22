"""What Open vSwitch shows, in the words of the intended configuration.

Source: fact sheet "How flows read back (rewrites)" and "Verify" (JSON encoding of sets and maps).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from netaddr import IPNetwork

from punchdown.platforms.openvswitch.tables import ADMISSION, SESSION_COOKIE, VLAN

_DEFAULT_PRIORITY = 32768
_STATISTICS = frozenset({"duration", "n_packets", "n_bytes", "idle_age", "hard_age", "reset_counts"})
_PROTOCOLS = {("ip", "6"): "tcp", ("ip", "17"): "udp", ("ip", "1"): "icmp",
              ("ipv6", "6"): "tcp6", ("ipv6", "17"): "udp6", ("ipv6", "58"): "icmp6"}
_FAMILIES = {0x0800: "ip", 0x86DD: "ipv6", 0x0806: "arp"}
_NAMES = {"tcp_src": "tp_src", "tcp_dst": "tp_dst", "udp_src": "tp_src", "udp_dst": "tp_dst", "eth_src": "dl_src",
          "eth_dst": "dl_dst", "ip_src": "nw_src", "ip_dst": "nw_dst", "eth_type": "dl_type", "ip_proto": "nw_proto",
          "vlan_pcp": "dl_vlan_pcp"}
_ADDRESSES = frozenset({"nw_src", "nw_dst", "arp_spa", "arp_tpa", "ipv6_src", "ipv6_dst"})
_NUMBERS = frozenset({"tp_src", "tp_dst"})
_PORTS = frozenset({"in_port"})


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow. ``match`` is sorted; two flows with the same table, priority and match are one to the switch."""

    table: int
    priority: int
    match: tuple[tuple[str, str], ...]
    actions: str
    cookie: int
    other: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Table, priority and match as text."""
        words = (f"{name}={value}" if value else name for name, value in self.match)
        return ",".join((f"table={self.table}", f"priority={self.priority}", *words))

    @property
    def text(self) -> str:
        """The canonical line."""
        other = "".join(f",{name}={value}" if value else f",{name}" for name, value in self.other)
        return f"cookie={self.cookie:#x},{self.key}{other},actions={self.actions}"

    @property
    def is_session(self) -> bool:
        """Exactly the flow that the 802.1X authenticator opens for one MAC on one port in one VLAN."""
        names = [name for name, _ in self.match]
        sizes = {"dl_src": r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}", "in_port": r"\d+", "dl_vlan": r"\d+",
                 "vlan_tci": "0x0/0x1fff"}
        shapes = (["dl_src", "dl_vlan", "in_port"], ["dl_src", "in_port", "vlan_tci"])
        return (self.cookie == SESSION_COOKIE and self.table == ADMISSION and self.priority == 300 and not self.other
                and names in shapes
                and all(re.fullmatch(sizes[name], value) for name, value in self.match)
                and self.actions == f"resubmit(,{VLAN})")


@cache
def parse_flow(line: str) -> Flow | None:
    """A line of a flow file or of ``dump-flows``; None for lines that are no flows.

    Raises:
        ValueError: a number or address that is none.
    """
    head, found, actions = line.strip().partition("actions=")
    if not found or line.lstrip().startswith("#"):
        return None
    fields = {name: value for name, _, value in (word.partition("=") for word in re.split(r"[,\s]+", head) if word)}
    for name in _STATISTICS:
        fields.pop(name, None)
    cookie = int(fields.pop("cookie", "0").split("/")[0], 0)
    table = int(fields.pop("table", "0"), 0)
    priority = int(fields.pop("priority", str(_DEFAULT_PRIORITY)), 0)
    other = tuple(sorted((name, fields.pop(name)) for name in list(fields)
                         if name.endswith("_timeout") or name in {"importance", "send_flow_rem", "check_overlap"}))
    return Flow(table, priority, _match(fields), _actions(actions), cookie, other)


def _match(fields: dict[str, str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for spelled, value in fields.items():
        name, canonical = _field(_NAMES.get(spelled, spelled), value)
        if canonical is not None:
            found[name] = canonical
    _prerequisites(found)
    return tuple(sorted(found.items()))


def _prerequisites(found: dict[str, str]) -> None:
    """``dl_type=0x800,nw_proto=6`` is ``tcp``."""
    if "dl_type" in found and int(found["dl_type"], 0) in _FAMILIES:
        found[_FAMILIES[int(found.pop("dl_type"), 0)]] = ""
    for (family, number), word in _PROTOCOLS.items():
        if family in found and found.get("nw_proto") == number:
            del found[family], found["nw_proto"]
            found[word] = ""


def _field(name: str, value: str) -> tuple[str, str | None]:
    """One match in canonical words; None where it matches everything."""
    if name == "ip_dscp":
        return "nw_tos", str(int(value, 0) << 2)
    if name == "ct_state":
        return name, _ct_state(value)
    if name in _ADDRESSES:
        return name, _address(value)
    if name in _NUMBERS:
        return name, _masked_number(value)
    if name in _PORTS:
        return name, "LOCAL" if value.upper() in {"LOCAL", "65534"} else value
    if name in {"dl_src", "dl_dst", "arp_sha", "arp_tha"}:
        return name, value.lower()
    if re.fullmatch(r"(?:0[xX])?[0-9a-fA-F]+(?:/(?:0[xX])?[0-9a-fA-F]+)?", value) and name in _HEX | _DECIMAL:
        return name, "/".join(_number(part, name) for part in value.split("/"))
    return name, value


_HEX = frozenset({"vlan_tci", "dl_type", *(f"reg{number}" for number in range(16))})
_DECIMAL = frozenset({"dl_vlan", "dl_vlan_pcp", "nw_tos", "nw_proto", "icmp_type", "icmp_code"})


def _number(text: str, name: str) -> str:
    return f"{int(text, 0):#x}" if name in _HEX else str(int(text, 0))


def _ct_state(value: str) -> str:
    return "".join(sorted(re.findall(r"[+-][a-z]+", value)))


def _address(value: str) -> str | None:
    network = IPNetwork(value)
    if network.prefixlen == 0:
        return None
    return str(network.network if network.size == 1 else network.cidr)


def _masked_number(text: str) -> str | None:
    value, _, mask = text.partition("/")
    bits = int(mask or "0xffff", 0)
    if not bits:
        return None
    number = int(value, 0) & bits
    return str(number) if bits == 0xFFFF else f"{number:#06x}/{bits:#06x}"


def _actions(text: str) -> str:
    return ",".join(_action(action) for action in _split(text.strip())) or "drop"


def _split(text: str) -> list[str]:
    """Parts at commas outside brackets."""
    return [part for part in re.findall(r"(?:[^,(]|\([^()]*\))+", text) if part]


def _action(text: str) -> str:
    if text.lower() in {"normal", "drop", "flood", "local"}:
        return "drop" if text.lower() == "drop" else text.upper()
    name, _, value = text.partition(":")
    if name == "mod_nw_tos":
        return f"set_field:{int(value, 0) >> 2}->ip_dscp"
    if name == "mod_vlan_pcp":
        return f"set_field:{int(value, 0)}->vlan_pcp"
    if loaded := re.fullmatch(r"load:(\w+)->NXM_NX_REG(\d+)\[\]", text):
        return f"set_field:{int(loaded[1], 0):#x}->reg{loaded[2]}"
    if stored := re.fullmatch(r"set_field:(\w+)->reg(\d+)", text):
        return f"set_field:{int(stored[1], 0):#x}->reg{stored[2]}"
    if tracked := re.fullmatch(r"ct\((.*)\)", text):
        return f"ct({','.join(sorted(tracked[1].split(',')))})"
    return text


def canonical_flow(line: str) -> str:
    """One line of a flow file in canonical words, empty when it is no flow."""
    flow = parse_flow(line)
    return flow.text if flow else ""


def shown_flows(dump: str, port_numbers: dict[str, str]) -> str:
    """The flow table as a document: canonical, sorted, sessions of authenticated MACs left out (they are state).

    ``port_numbers`` maps OpenFlow numbers to the ports that the document calls by name.
    """
    found = (parse_flow(_named(line, port_numbers)) for line in dump.splitlines())
    return "".join(sorted(f"{flow.text}\n" for flow in found if flow and not flow.is_session))


def _named(line: str, port_numbers: dict[str, str]) -> str:
    return re.sub(r"\bin_port=(\d+)\b", lambda match: f"in_port={port_numbers.get(match[1], match[1])}", line)


def rows(text: str) -> tuple[dict[str, Any], ...]:
    """The rows of ``ovs-vsctl --format=json list``: column to scalar, sorted list or dict.

    >>> rows('{"headings": ["name", "trunks"], "data": [["p1", ["set", [20, 10]]]]}')
    ({'name': 'p1', 'trunks': [10, 20]},)
    """
    table = json.loads(text)
    return tuple({name: _value(cell) for name, cell in zip(table["headings"], row, strict=True)}
                 for row in table["data"])


def _value(cell: Any) -> Any:
    if isinstance(cell, list) and len(cell) == 2 and cell[0] == "set":
        return sorted((_value(item) for item in cell[1]), key=str) if cell[1] and isinstance(cell[1][0], list) \
            else sorted(cell[1])
    if isinstance(cell, list) and len(cell) == 2 and cell[0] == "map":
        return dict(cell[1])
    return cell


def members(value: Any) -> list[Any]:
    """A set column as a list, whichever of its three shapes it has."""
    return list(value) if isinstance(value, list) else [value]


def shown_columns(row: dict[str, Any]) -> str:
    """The VLAN columns of a port row; an empty mode is what the switch derives from the other two."""
    tag, trunks = members(row["tag"]), members(row["trunks"])
    mode = (members(row["vlan_mode"]) or ["access" if tag else "trunk"])[0]
    return f"vlan_mode={mode} tag={tag[0] if tag else '[]'} trunks={','.join(map(str, trunks)) or '[]'}"


def shown_database(bridge: dict[str, Any], ports: tuple[dict[str, Any], ...],
                   interfaces: tuple[dict[str, Any], ...]) -> str:
    """The database as a document: one line per setting that this tool knows, sorted."""
    lines = [f"bridge {bridge['name']} fail_mode={(members(bridge['fail_mode']) or ['standalone'])[0]}"]
    lines += [f'bridge {bridge["name"]} external_ids:{key}="{value}"'
              for key, value in bridge["external_ids"].items() if key.startswith("vlan-")]
    for port in ports:
        lines.append(f"port {port['name']} {shown_columns(port)}")
        if "description" in port["external_ids"]:
            lines.append(f'port {port["name"]} external_ids:description="{port["external_ids"]["description"]}"')
    lines += [f"interface {item['name']} ofport_request={(members(item['ofport_request']) or ['[]'])[0]}"
              for item in interfaces]
    return "".join(f"{line}\n" for line in sorted(lines))
