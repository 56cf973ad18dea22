"""Guards: on a switch that can't filter outbound, what is for a protected host is filtered where it enters.

A protected host's own port filters only its answers there, so a neighbour in its VLAN could still send it what needs no
answer. Every other port that carries the VLAN gets an inbound list: what is declared to the protected hosts, nothing
else to them, the rest as before. On the port of a named host nobody speaks but that host, and on the ports of unnamed
ones nobody speaks in the name of a named one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from ipaddress import ip_network

from punchdown.compiler.context import SiteContext
from punchdown.compiler.filters import finding_neighbours, neighbour_rules, to_protected
from punchdown.intent import Filter, FlowMatrix, HostFact, LinkMode, PortIntent, PortRange, Rule
from punchdown.values import Provenance

_NOTE = "ports can't filter outbound: what is for a protected host is filtered where it enters"
_CONTROLS = ("segregation-voice-nodes-protected", "segregation-l2-access-control-core")


@dataclass(frozen=True, slots=True)
class Guarded:
    """Ports with their guards bound, and the guards by name."""

    ports: tuple[PortIntent, ...]
    filters: tuple[Filter, ...]


def _common(prefixes: tuple[str, ...], within: tuple[str, ...]) -> tuple[str, ...]:
    """What lies in both; empty ``prefixes`` = any.

    >>> _common(("10.0.0.0/8", "192.0.2.1/32"), ("10.1.0.0/16",)), _common((), ("10.1.0.0/16",))
    (('10.1.0.0/16',), ('10.1.0.0/16',))
    """
    found = []
    for one in prefixes or within:
        for other in within:
            first, second = ip_network(one), ip_network(other)
            if first.version == second.version and first.overlaps(second):
                found.append(one if first.prefixlen >= second.prefixlen else other)
    return tuple(dict.fromkeys(found))


def _narrowed(rules: Iterable[Rule], within: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules as far as their senders lie within some prefixes."""
    found = ((rule, _common(rule.sources, tuple(item for item in within if (":" in item) == (rule.family == 6))))
             for rule in rules)
    return tuple(replace(rule, sources=senders) for rule, senders in found if senders)


def _whole(action: str, source: Provenance, *, sender: str = "", receiver: str = "") -> Rule:
    """Everything from or to one prefix."""
    return Rule(action, ip_network(sender or receiver).version, "ip", (sender,) if sender else (),
                (receiver,) if receiver else (), (), (), established=False, log=action == "deny", note="",
                source=source)


def _asks_for_address(source: Provenance) -> Rule:
    return Rule("permit", 4, "udp", ("0.0.0.0/32",), ("255.255.255.255/32",), (PortRange(68, 68),),
                (PortRange(67, 67),), established=False, log=False, note="asks for an address", source=source)


def _dhcp6_answers(source: Provenance) -> Rule:
    return Rule("permit", 6, "udp", ("fe80::/10",), ("fe80::/10",), (PortRange(547, 547),), (PortRange(546, 546),),
                established=False, log=False, note="DHCPv6 answers", source=source)


def _single(*addresses: str) -> tuple[str, ...]:
    return tuple(f"{address}/{128 if ':' in address else 32}" for address in addresses if address)


class Guards:
    """The guards of one switch."""

    def __init__(self, context: SiteContext, matrix: FlowMatrix, name: str) -> None:
        self.context, self.matrix = context, matrix
        self.source = context.origin("devices", name, controls=_CONTROLS, note=_NOTE)
        segments = context.site.segments
        here = {place.spec.role for place in context.port_places[name]}
        self.prefixes = {segment.vlan: tuple(str(item) for item in (segment.prefix, segment.prefix6) if item)
                         for segment in segments.values()}
        self.protected: dict[int, list[HostFact]] = {}
        self.local: dict[int, list[HostFact]] = {}
        self.named = {segment.vlan: _single(context.router_of(segment)) for segment in segments.values()}
        for host in matrix.hosts:
            vlan = segments[host.segment].vlan
            self.named[vlan] += _single(host.address, host.address6)
            if host.protected:
                self.protected.setdefault(vlan, []).append(host)
            if host.protected and host.name in here:
                self.local.setdefault(vlan, []).append(host)
        self._made: dict[str, Filter] = {}

    def bind(self, ports: tuple[PortIntent, ...]) -> Guarded:
        """The ports, with an inbound guard wherever one is needed; a port with a list of its own keeps it."""
        bound = tuple(self._bound(port) for port in ports)
        return Guarded(bound, tuple(self._made[name] for name in sorted(self._made)))

    def _bound(self, port: PortIntent) -> PortIntent:
        if port.mode is LinkMode.CLOSED or port.reply_filter or port.filter_in or port.role == "mirror":
            return port
        vlans = sorted({port.access_vlan, port.voice_vlan, *port.tagged} - {0})
        if port.hosts and port.role != "router":
            name = "-".join(("from", *(word for host in port.hosts for word in host[1:] if word)))
            return self._with(port, name.replace(":", "."), vlans, lambda: self._speaker(port, vlans))
        passing = port.mode is LinkMode.TRUNK or port.role == "router"
        guarded = [vlan for vlan in vlans if vlan in (self.local if passing else self.protected)]
        if not guarded:
            return port
        if passing:
            name = "-".join(("guard", *map(str, guarded)))
            return self._with(port, name, guarded, lambda: self._guard(self.local, guarded))
        name = "-".join(("guard-users", *map(str, vlans)))
        return self._with(port, name, vlans, lambda: self._users(vlans))

    def _with(self, port: PortIntent, name: str, vlans: list[int], rules: Callable[[], tuple[Rule, ...]]) -> PortIntent:
        if name not in self._made:
            protects = tuple(host.name for vlan in vlans for host in self.protected.get(vlan, ()))
            rest = "deny" if name.startswith("from-") else "permit"
            self._made[name] = Filter(name, "from-host", False, rules(), protects, True, self.source, rest)
        return replace(port, filter_in=name)

    def _guard(self, hosts: dict[int, list[HostFact]], vlans: list[int],
               within: tuple[str, ...] = ()) -> tuple[Rule, ...]:
        """What is declared to the protected hosts of some VLANs, and the denial of everything else to them.

        Their link-local addresses are declared nowhere: none is reached, but by DHCPv6 answers on their way through.
        """
        found: list[Rule] = []
        for host in (host for vlan in vlans for host in hosts.get(vlan, ())):
            rules = to_protected(self.context, self.matrix, host, _NOTE)
            own = _single(host.address, host.address6)
            found += _narrowed(rules, within) if within else rules
            found += [_whole("deny", self.source, receiver=receiver) for receiver in own]
        if found and any(":" in prefix for prefixes in self.prefixes.values() for prefix in prefixes):
            answers = [] if within else [_dhcp6_answers(self.source)]
            found = [*finding_neighbours((), self.source), *found, *answers,
                     _whole("deny", self.source, receiver="fe80::/10")]
        return tuple(found)

    def _speaker(self, port: PortIntent, vlans: list[int]) -> tuple[Rule, ...]:
        own = tuple(address for _, ipv4, ipv6 in port.hosts for address in _single(ipv4, ipv6))
        neighbours = tuple(rule for _, _, ipv6 in port.hosts for rule in neighbour_rules(ipv6, self.source))
        guard = (rule for rule in self._guard(self.protected, vlans, own) if not rule.icmp.startswith("neighbour-"))
        return (*neighbours, *guard,
                *(_whole("permit", self.source, sender=sender) for sender in own), _asks_for_address(self.source))

    def _users(self, vlans: list[int]) -> tuple[Rule, ...]:
        named = tuple(address for vlan in vlans for address in self.named[vlan])
        within = tuple(prefix for vlan in vlans for prefix in self.prefixes[vlan])
        return (*(_whole("deny", self.source, sender=sender) for sender in named),
                *self._guard(self.protected, vlans, within))
