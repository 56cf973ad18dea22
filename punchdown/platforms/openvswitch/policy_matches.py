"""The match of an OpenFlow flow as conditions.

Source: ovs-fields(7), ovs-ofctl(8) "Flow Syntax". A transport port of a later fragment is 0 (``frags`` normal), so a
condition on ports looks at first fragments unless it holds for port 0 as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network

from punchdown.platforms.flags import FLAGS, judged
from punchdown.values.policy import At, Field, Match, Place

Conditions = tuple["Match | At", ...]

LOCAL = "LOCAL"
PRIORITY_TAGGED_MASK = 0x0FFF
_PRESENT = 0x1000

_SHORT: Mapping[str, tuple[int | None, int | None]] = {
    "ip": (0, None), "ipv6": (1, None), "tcp": (0, 6), "udp": (0, 17), "icmp": (0, 1), "sctp": (0, 132),
    "tcp6": (1, 6), "udp6": (1, 17), "icmp6": (1, 58), "sctp6": (1, 132),
}
_ETHERTYPES: Mapping[str, int] = {"arp": 0x0806, "rarp": 0x8035, "mpls": 0x8847, "mplsm": 0x8848}
_NAMES: Mapping[str, str] = {
    "tcp_src": "tp_src", "tcp_dst": "tp_dst", "udp_src": "tp_src", "udp_dst": "tp_dst", "sctp_src": "tp_src",
    "sctp_dst": "tp_dst", "eth_src": "dl_src", "eth_dst": "dl_dst", "ip_src": "nw_src", "ip_dst": "nw_dst",
    "eth_type": "dl_type", "ip_proto": "nw_proto", "icmpv6_type": "icmp_type", "icmpv6_code": "icmp_code",
    "arp_src": "arp_spa", "arp_dst": "arp_tpa", "nw_frag": "ip_frag", "pkt_mark": "pkt_mark",
}
_ADDRESSES: Mapping[str, tuple[Field, int]] = {
    "nw_src": (Field.SOURCE, 4), "nw_dst": (Field.DESTINATION, 4), "arp_spa": (Field.SOURCE, 4),
    "arp_tpa": (Field.DESTINATION, 4), "ipv6_src": (Field.SOURCE, 6), "ipv6_dst": (Field.DESTINATION, 6),
}
_NUMBERS: Mapping[str, tuple[Field, int]] = {
    "icmp_type": (Field.ICMP_TYPE, 8), "icmp_code": (Field.ICMP_CODE, 8), "pkt_mark": (Field.MARK, 32),
    "ip_dscp": (Field.DSCP, 6),
    **{f"reg{number}": (Field(f"register{number}"), 32) for number in range(4)},
}
_STATES: Mapping[str, int] = {"new": 0, "est": 1, "rel": 2, "inv": 3}
_CT_BITS = ("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat")
_TCP_BITS = ("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns")
_FLAG_NAMES = {"ece": "ecn"}
_TRANSPORT = frozenset({6, 17, 132})
_FIRST_PART = Match(Field.FRAGMENT, ((0, 0),))


def conditions(words: Mapping[str, str], ports: Mapping[str, str]) -> tuple[Conditions, str]:
    """The conditions of a match, and the words of it that were not understood.

    ``words`` are the match as written, ``ports`` OpenFlow numbers to names. A field without the protocol that it
    needs is ignored, as the switch does ("normalization changed ofp_match").
    """
    left = {_NAMES.get(name, name): value for name, value in words.items()}
    found: list[Match | At] = []
    unread: list[str] = []
    family, protocol, other = _protocol(left, found, unread)
    for name, value in left.items():
        try:
            found += _condition(name, value, family, protocol, other, ports)
        except (ValueError, KeyError):
            unread.append(f"{name}={value}" if value else name)
    return tuple(found), ",".join(unread)


def _protocol(left: dict[str, str], found: list[Match | At],
              unread: list[str]) -> tuple[int | None, int | None, int | None]:
    """Take the words for family and protocol out: (family, protocol, ethertype of what is not IP)."""
    family = protocol = other = None
    for name in [name for name in left if name in _SHORT]:
        family, protocol = _SHORT[name]
        del left[name]
    for name in [name for name in left if name in _ETHERTYPES]:
        other = _ETHERTYPES[name]
        del left[name]
    if "dl_type" in left:
        number = int(left.pop("dl_type"), 0)
        family = {0x0800: 0, 0x86DD: 1}.get(number, family)
        other = None if number in {0x0800, 0x86DD} else number
    if "nw_proto" in left and family is not None:
        text = left.pop("nw_proto")
        if text.isdigit() and int(text) < 256:
            protocol = int(text)
        else:
            unread.append(f"nw_proto={text}")
    if family is not None:
        found.append(Match(Field.FAMILY, ((family, family),)))
    if other is not None:
        found.append(Match(Field.ETHERTYPE, ((other, other),)))
    if protocol is not None and family is not None:
        found.append(Match(Field.PROTOCOL, ((protocol, protocol),)))
    return family, protocol, other


def _condition(name: str, value: str, family: int | None, protocol: int | None, other: int | None,
               ports: Mapping[str, str]) -> Conditions:
    """One field; the hardware addresses inside of ARP count as those of its frame. Raises ValueError or KeyError for
    what no condition can say."""
    if name == "in_port":
        return (At(Place.IN, (port_name(value, ports),)),)
    if name in _ADDRESSES:
        return _address(name, value, family, other)
    if name in {"tp_src", "tp_dst"}:
        return _port(name, value) if protocol in _TRANSPORT else ()
    if name == "icmp_type":
        return _masked(*_NUMBERS[name], value) if protocol in {1, 58} else ()
    if name == "icmp_code":
        return _masked(*_NUMBERS[name], value) if protocol in {1, 58} else ()
    if name == "nw_tos":
        return _masked(Field.DSCP, 6, str(int(value, 0) >> 2)) if family is not None else ()
    if name == "ip_dscp":
        return _masked(Field.DSCP, 6, value) if family is not None else ()
    if name in _NUMBERS:
        return _masked(*_NUMBERS[name], value)
    if name in {"dl_src", "dl_dst"}:
        return _mac(Field.SOURCE_MAC if name == "dl_src" else Field.DESTINATION_MAC, value)
    if name in {"arp_sha", "arp_tha"} and other == _ETHERTYPES["arp"]:
        return _mac(Field.SOURCE_MAC if name == "arp_sha" else Field.DESTINATION_MAC, value)
    if name in {"dl_vlan", "vlan_vid", "vlan_tci"}:
        return _vlan(name, value)
    if name == "ct_state":
        return _ct_state(value)
    if name == "tcp_flags":
        return _tcp_flags(value) if protocol == 6 else ()
    if name == "ip_frag":
        return (Match(Field.FRAGMENT, (({"later": 1, "not_later": 0, "no": 0}[value],) * 2,)),)
    raise KeyError(name)


def port_name(value: str, ports: Mapping[str, str]) -> str:
    """The name of a port that a flow calls by number or name; a number without a name stays what it is."""
    value = value.strip('"')
    return ports.get(LOCAL if value.upper() in {LOCAL, "65534"} else value, value)


def _address(name: str, value: str, family: int | None, other: int | None) -> Conditions:
    where, version = _ADDRESSES[name]
    if name.startswith("arp_"):
        if other != 0x0806:
            return ()
    elif family != (0 if version == 4 else 1):
        return ()
    text, slash, mask = value.partition("/")
    if slash and not mask.isdigit():
        full = (1 << (32 if version == 4 else 128)) - 1
        bits = int(ip_address(mask)) & full
        return (Match(where, masked=((int(ip_address(text)) & bits, bits),)),)
    network = ip_network(value, strict=False)
    if network.version != version:
        raise ValueError(value)
    if network.prefixlen == 0:
        return ()
    return (Match(where, ((int(network.network_address), int(network.broadcast_address)),)),)


def _masked(where: Field, bits: int, value: str) -> Conditions:
    text, slash, mask = value.partition("/")
    full = (1 << bits) - 1
    number, kept = int(text, 0), int(mask, 0) & full if slash else full
    if not 0 <= number <= full:
        raise ValueError(value)
    if not kept:
        return ()
    if kept == full:
        return (Match(where, ((number, number),)),)
    return (Match(where, masked=((number & kept, kept),)),)


def _port(name: str, value: str) -> Conditions:
    found = _masked(Field.SOURCE_PORT if name == "tp_src" else Field.DESTINATION_PORT, 16, value)
    match = found[0] if found else None
    holds_for_zero = not isinstance(match, Match) or match.ranges == ((0, 0),) or any(
        not number for number, _ in match.masked)
    return found if holds_for_zero else (*found, _FIRST_PART)


def _mac(where: Field, value: str) -> Conditions:
    text, slash, mask = value.partition("/")
    number = int(text.replace(":", ""), 16)
    if not slash:
        return (Match(where, ((number, number),)),)
    bits = int(mask.replace(":", ""), 16)
    return (Match(where, masked=((number & bits, bits),)),)


def _vlan(name: str, value: str) -> Conditions:
    """VLAN 0 is a frame without a tag; one with a tag of VLAN 0 (priority only) counts as such. Bit 12 of ``vlan_tci``
    and ``vlan_vid`` says that there is a tag. Priority bits are no field."""
    text, slash, mask = value.partition("/")
    number = int(text, 0)
    if not 0 <= number <= 0xFFFF or (name == "dl_vlan" and 0xFFF < number < 0xFFFF):
        raise ValueError(value)
    if name == "dl_vlan":
        return (Match(Field.VLAN, ((0, 0),) if number == 0xFFFF else ((number, number),)),)
    bits = int(mask, 0) if slash else (0xFFFF if name == "vlan_tci" else 0x1FFF)
    if bits & 0xE000 and number:
        raise ValueError(value)
    identity = bits & PRIORITY_TAGGED_MASK
    if bits & _PRESENT and not number & _PRESENT:
        return (Match(Field.VLAN, ((0, 0),)),)
    if identity == 0:
        return (Match(Field.VLAN, ((0, 0),), negated=True),) if bits & _PRESENT else ()
    if identity == PRIORITY_TAGGED_MASK:
        return (Match(Field.VLAN, ((number & identity,) * 2,)),)
    return (Match(Field.VLAN, masked=((number & identity, identity),)),)


def _signed(value: str, bits: Sequence[str]) -> list[tuple[str, str]]:
    """``+trk-new``, ``0x20/0x21`` or ``0x20`` as signs and names, bit 0 first. Raises ValueError for another form."""
    if re.fullmatch(r"(?:[+-][a-z]+)+", value):
        return re.findall(r"([+-])([a-z]+)", value)
    text, slash, mask = value.partition("/")
    number, wanted = int(text, 0), int(mask, 0) if slash else (1 << len(bits)) - 1
    if (number | wanted) >> len(bits):
        raise ValueError(value)
    return [("+" if number >> place & 1 else "-", name) for place, name in enumerate(bits) if wanted >> place & 1]


def _tcp_flags(value: str) -> Conditions:
    """Flags by which openings and replies are told apart. Raises ValueError where they are not."""
    signs = [(_FLAG_NAMES.get(name, name), sign == "+") for sign, name in _signed(value, _TCP_BITS) if name != "ns"]
    if not {name for name, _ in signs} <= FLAGS:
        raise ValueError(value)
    values, exact = judged(lambda found: all((name in found) == there for name, there in signs))
    if not exact:
        raise ValueError(value)
    return (_FIRST_PART, *(() if len(values) == 2 else (Match(Field.TCP_REPLY, values),)))


def _ct_state(value: str) -> Conditions:
    """Flags that must be set or clear. ``+rpl`` is the reply of a connection, which is the established packet that
    :class:`Field` speaks of. Raises ValueError or KeyError for what no field holds: ``+snat``."""
    found: list[Match] = []
    for sign, name in _signed(value, _CT_BITS):
        clear = sign == "-"
        if name == "trk":
            found.append(Match(Field.TRACKED, ((0, 0),) if clear else ((1, 1),)))
        elif name == "rpl":
            found.append(Match(Field.STATE, ((1, 2),), negated=clear))
        elif name == "dnat":
            found.append(Match(Field.DNAT, ((0, 0),) if clear else ((1, 1),)))
        else:
            number = _STATES[name]
            found += [Match(Field.TRACKED, ((1, 1),))] if not clear else []
            found.append(Match(Field.STATE, ((number, number),), negated=clear))
    return tuple(dict.fromkeys(found))
