"""The words of Open vSwitch: port numbers, VLAN columns, value/mask pairs, matches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from netaddr import IPAddress, IPNetwork

from punchdown.errors import RenderError
from punchdown.intent import DeviceIntent, LinkMode, PortIntent, PortRange, Rule
from punchdown.platforms.openvswitch.tables import MANAGEMENT_PORT

_FULL = 0xFFFF
_ICMP_TYPES = {4: {"echo": 8, "unreachable": 3, "time-exceeded": 11},
               6: {"echo": 128, "unreachable": 1, "time-exceeded": 3}}


def ofport(name: str) -> str:
    """The OpenFlow number of a port: the number in its name; the management port stays a name.

    >>> ofport("p5"), ofport("mgmt")
    ('5', 'mgmt')

    Raises:
        RenderError: the name holds no number.
    """
    if name == MANAGEMENT_PORT:
        return name
    number = name.removeprefix("p")
    if not number.isdigit():
        raise RenderError(f"port {name!r} has no number: ports of this platform are named p1, p2, ...")
    return str(int(number))


def masks(ports: PortRange) -> tuple[str, ...]:
    """The range as OpenFlow value/mask pairs, fewest first from below.

    >>> masks(PortRange(16384, 32767)), masks(PortRange(5060, 5062))
    (('0x4000/0xc000',), ('0x13c4/0xfffe', '5062'))
    """
    return tuple(_pair(value, size) for value, size in _blocks(ports.first, ports.last))


def _blocks(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Aligned blocks (start, size) that together are exactly first..last."""
    while first <= last:
        size = first & -first or _FULL + 1
        while first + size - 1 > last:
            size >>= 1
        yield first, size
        first += size


def _pair(value: int, size: int) -> str:
    if size == 1:
        return str(value)
    return f"{value:#06x}/{_FULL & ~(size - 1):#06x}"


def vlan_columns(port: PortIntent, parking_vlan: int) -> str:
    """The three VLAN columns, always all three, so that none is left stale.

    An empty ``trunks`` would mean every VLAN, so a trunk without VLANs is a parked access port.
    """
    if port.mode is LinkMode.CLOSED or (port.mode is LinkMode.TRUNK and not trunk_vlans(port)):
        return f"vlan_mode=access tag={parking_vlan} trunks=[]"
    if port.mode is LinkMode.ACCESS:
        if port.voice_vlan:
            return f"vlan_mode=native-untagged tag={port.access_vlan} trunks={port.voice_vlan}"
        return f"vlan_mode=access tag={port.access_vlan} trunks=[]"
    tagged = ",".join(map(str, sorted(set(port.tagged)))) or str(port.native_vlan)
    if port.native_vlan:
        return f"vlan_mode=native-untagged tag={port.native_vlan} trunks={tagged}"
    return f"vlan_mode=trunk tag=[] trunks={tagged}"


def trunk_vlans(port: PortIntent) -> tuple[int, ...]:
    """Tagged and native VLANs of a trunk, sorted."""
    return tuple(sorted({*port.tagged, port.native_vlan} - {0}))


def ingress_vlans(port: PortIntent) -> tuple[tuple[str, int], ...]:
    """(match of the VLAN tag, VLAN the frame belongs to). VID 0 counts as untagged; the native tag is accepted too."""
    untagged = port.access_vlan if port.mode is LinkMode.ACCESS else port.native_vlan
    tagged = (port.voice_vlan,) if port.mode is LinkMode.ACCESS else port.tagged
    carried = {*tagged} - {0}
    if carried and untagged:
        carried.add(untagged)
    plain = ((_NO_VID, untagged),) if untagged else ()
    return plain + tuple((f"dl_vlan={vlan}", vlan) for vlan in sorted(carried))


_NO_VID = "vlan_tci=0x0000/0x0fff"


def vlan_of(intent: DeviceIntent, address: str) -> int:
    """The VLAN whose prefix holds the address, 0 when none does."""
    where = IPAddress(address)
    for vlan in intent.vlans:
        if any(prefix and where in IPNetwork(prefix) for prefix in (vlan.prefix, vlan.prefix6)):
            return vlan.id
    return 0


def rule_matches(rule: Rule, *, source: str = "", destination: str = "") -> tuple[str, ...]:
    """One rule as matches without VLAN: the product of its addresses and value/mask pairs.

    ``source`` or ``destination`` narrows that side to one host; a rule that does not speak of the host gives nothing.
    """
    sources = _narrow(rule.sources, source)
    destinations = _narrow(rule.destinations, destination)
    ports = [*_ports(rule)]
    names = ("nw_src", "nw_dst") if rule.family == 4 else ("ipv6_src", "ipv6_dst")
    return tuple(
        ",".join(part for part in (_protocol(rule), _field(names[0], one), _field(names[1], other), port) if part)
        for one in sources for other in destinations for port in ports)


def _narrow(prefixes: tuple[str, ...], host: str) -> tuple[str, ...]:
    if not host:
        return prefixes or ("",)
    fits = not prefixes or any(_holds(prefix, host) for prefix in prefixes)
    return (host,) if fits else ()


def _holds(prefix: str, host: str) -> bool:
    network, address = IPNetwork(prefix), IPAddress(host)
    return bool(network.version == address.version and address in network)


def _field(name: str, prefix: str) -> str:
    """The match of one prefix; full length reads back without its length.

    >>> _field("nw_src", "10.0.0.1/32"), _field("nw_src", "10.0.0.1/24"), _field("nw_src", "0.0.0.0/0")
    ('nw_src=10.0.0.1', 'nw_src=10.0.0.0/24', '')
    """
    if not prefix:
        return ""
    network = IPNetwork(prefix)
    if network.prefixlen == 0:
        return ""
    host = network.prefixlen == (32 if network.version == 4 else 128)
    return f"{name}={network.network if host else network.cidr}"


def _protocol(rule: Rule) -> str:
    name = {"ip": "ip", "tcp": "tcp", "udp": "udp", "icmp": "icmp"}[rule.protocol]
    if rule.family == 6:
        name = {"ip": "ipv6", "icmp": "icmp6"}.get(name, f"{name}6")
    return f"{name},icmp_type={_ICMP_TYPES[rule.family][rule.icmp]}" if rule.icmp else name


def _ports(rule: Rule) -> Iterator[str]:
    for source in _masks(rule.source_ports, "tp_src"):
        for destination in _masks(rule.destination_ports, "tp_dst"):
            yield ",".join(part for part in (source, destination) if part)


def _masks(ranges: Iterable[PortRange], field: str) -> tuple[str, ...]:
    return tuple(f"{field}={pair}" for item in ranges for pair in masks(item)) or ("",)


def known_icmp(rule: Rule) -> bool:
    """Whether the rule's ICMP type has a number here."""
    return not rule.icmp or rule.icmp in _ICMP_TYPES[rule.family]


def lldp_priority(pcp: int) -> str:
    """lldpcli's word for an 802.1p priority 0..7.

    >>> lldp_priority(5), lldp_priority(3)
    ('voice', 'critical-applications')
    """
    return _PRIORITIES[pcp]


_PRIORITIES = ("best-effort", "background", "excellent-effort", "critical-applications", "video", "voice",
               "internetwork-control", "network-control")


def yes(value: bool) -> str:
    """A JSON truth value."""
    return "true" if value else "false"


WORDS: Mapping[str, Callable[..., str]] = {
    "ofport": ofport, "vlan_columns": vlan_columns, "lldp_priority": lldp_priority, "yes": yes,
}
