"""Intent in nft's words: matches, sets and comments as templates print them. Pure functions.

Policies speak of real addresses. A side without prefixes is the WAN: a policy without sources opens from the WAN
interface only, one without destinations towards the WAN interface only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_address, ip_network
from types import MappingProxyType

from netaddr import IPSet

from punchdown.intent import FirewallIntent, Interface, Netblocks, PortForward, PortRange, Rule, Schedule

UNTRUSTED_ZONES = frozenset({"data", "guest", "wan"})

_ICMP = {"echo": "echo-request", "unreachable": "destination-unreachable", "ttl-exceeded": "time-exceeded"}
_ERRORS = frozenset({"destination-unreachable", "echo-reply", "echo-request", "parameter-problem", "time-exceeded"})
_ICMP_TYPES = {4: _ERRORS, 6: _ERRORS | {"packet-too-big"}}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COMMENT_LENGTH = 120  # nft refuses more than 128 bytes


def networks(prefixes: Iterable[str], family: int) -> tuple[IPv4Network | IPv6Network, ...]:
    """The prefixes of one family, overlapping and adjacent ones merged, sorted."""
    parsed = [ip_network(prefix, strict=False) for prefix in prefixes]
    if family == 4:
        return tuple(collapse_addresses(item for item in parsed if isinstance(item, IPv4Network)))
    return tuple(collapse_addresses(item for item in parsed if isinstance(item, IPv6Network)))


def shown(network: IPv4Network | IPv6Network) -> str:
    """As nft shows it: a single address without its length."""
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def one_or_set(items: Iterable[str]) -> str:
    """
    >>> one_or_set(["22"]), one_or_set(["22", "443"])
    ('22', '{ 22, 443 }')
    """
    words = tuple(items)
    return words[0] if len(words) == 1 else f"{{ {', '.join(words)} }}"


def address_set(prefixes: Iterable[str], family: int = 4) -> str:
    """Prefixes of one family as one word or an anonymous set."""
    return one_or_set(shown(network) for network in networks(prefixes, family))


def port_set(ports: Iterable[PortRange]) -> str:
    """Ports merged and sorted as nft merges them.

    >>> port_set([PortRange(443, 443), PortRange(22, 22), PortRange(5000, 5010), PortRange(5011, 5020)])
    '{ 22, 443, 5000-5020 }'
    """
    merged: list[list[int]] = []
    for item in sorted(ports):
        if merged and item.first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], item.last)
        else:
            merged.append([item.first, item.last])
    return one_or_set(str(PortRange(first, last)) for first, last in merged)


def set_name(name: str, family: int) -> str:
    """A netblock list's set of one family: letters, digits and underscores, never a reserved word.

    >>> set_name("tele-workers", 4)
    'netblock_tele_workers_4'
    """
    return f"netblock_{re.sub(r'[^A-Za-z0-9]', '_', name)}_{family}"


def elements(block: Netblocks, family: int) -> str:
    """The prefixes of a list in one family, empty when it has none (nft refuses an empty list)."""
    return ", ".join(shown(network) for network in networks(block.prefixes, family))


def comment(text: str) -> str:
    """Text that is safe between nft's quotes and short enough."""
    return re.sub(r"[^A-Za-z0-9 ._:@/>,()+*-]", "?", text)[:_COMMENT_LENGTH]


def inside(firewall: FirewallIntent) -> tuple[Interface, ...]:
    """The interfaces other than the WAN's."""
    return tuple(item for item in firewall.interfaces if item.name != firewall.wan)


def inside_prefixes(firewall: FirewallIntent) -> str:
    """The IPv4 prefixes behind the firewall: nothing from the WAN may claim to be one of them."""
    return address_set(prefix for item in inside(firewall) for prefix in (item.prefix, *item.behind) if prefix)


def senders(interface: Interface, family: int) -> str:
    """The prefixes that may send on an interface: its own and those of networks that it leads to."""
    own = (interface.prefix,) if family == 4 else ("::/128", interface.prefix6, "fe80::/10")
    return address_set((*own, *interface.behind), family)


def inside_names(firewall: FirewallIntent) -> str:
    """The interfaces of the segments; a packet from any other opens nothing."""
    return interface_set(item.name for item in inside(firewall))


def wan_has_ipv6(firewall: FirewallIntent) -> bool:
    """Whether the WAN interface speaks IPv6 at all."""
    return any(item.name == firewall.wan and item.address6 for item in firewall.interfaces)


def from_wan(rule: Rule, firewall: FirewallIntent) -> bool:
    """Whether a policy opens from the outside: no sources, or none that overlaps a prefix behind the firewall."""
    own = tuple(text for item in inside(firewall) for text in (item.prefix, item.prefix6, *item.behind) if text)
    return _apart(rule.sources, own)


@lru_cache(maxsize=1024)
def _apart(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """The policies of a site have few sources between them."""
    return IPSet(some).isdisjoint(_set(others))


@lru_cache(maxsize=64)
def _set(prefixes: tuple[str, ...]) -> IPSet:
    return IPSet(prefixes)


def inside_policies(firewall: FirewallIntent) -> tuple[Rule, ...]:
    """Policies between segments and towards the WAN, in order."""
    return tuple(rule for rule in firewall.policies if not from_wan(rule, firewall))


def wan_policies6(firewall: FirewallIntent) -> tuple[Rule, ...]:
    """IPv6 policies from the WAN, in order: no NAT there. IPv4 comes in through port-forwards only."""
    return tuple(rule for rule in firewall.policies if rule.family == 6 and from_wan(rule, firewall))


def match(rule: Rule, firewall: FirewallIntent) -> str:
    """All that a policy asks of a packet, in nft's words and order."""
    return " ".join((*_addresses(rule, firewall), *_transport(rule), *_times(rule.schedule), *_rate(rule.rate)))


def _times(schedule: Schedule) -> Iterable[str]:
    """When a connection may be opened, in the device's own time zone. The last second counts, the next does not."""
    if not schedule:
        return
    days, start, end = schedule
    if len(days) < len(_DAYS):
        named = one_or_set(sorted('"' + day.capitalize() + '"' for day in days))
        yield f"meta day {named}"
    if (start, end) != ("00:00", "24:00"):
        hour, minute = divmod(int(end[:2]) * 60 + int(end[3:]) - 1, 60)
        yield f'meta hour "{start}"-"{hour:02}:{minute:02}:59"'


def overnight(schedule: Schedule) -> bool:
    """Whether a schedule goes over midnight: one range of hours can't say that.

    >>> overnight((("monday",), "22:00", "06:00")), overnight((("monday",), "08:00", "24:00")), overnight(())
    (True, False, False)
    """
    if not schedule:
        return False
    _, start, end = schedule
    return end <= start


def times(forward: PortForward) -> str:
    """When a forward is open with a blank behind it, empty when it always is."""
    return "".join(f"{text} " for text in _times(forward.schedule))


def _rate(rate: int) -> Iterable[str]:
    """Only openings get as far as a policy, so a limit on packets is one on new connections."""
    if rate:
        yield f"limit rate {rate}/second"


def rate(forward: PortForward) -> str:
    """The limit on new connections of a forward with a blank behind it, empty when it has none."""
    return "".join(f"{text} " for text in _rate(forward.rate))


def _addresses(rule: Rule, firewall: FirewallIntent) -> Iterable[str]:
    word = "ip" if rule.family == 4 else "ip6"
    if not rule.sources and not rule.destinations:
        yield f"meta nfproto ipv{rule.family}"
    if rule.sources:
        yield f"{word} saddr {address_set(rule.sources, rule.family)}"
    if rule.destinations:
        yield f"{word} daddr {address_set(rule.destinations, rule.family)}"
    else:
        yield f'oifname "{firewall.wan}"'


def _transport(rule: Rule) -> Iterable[str]:
    if rule.protocol == "icmp":
        yield _icmp(rule)
    elif rule.protocol != "ip":
        if not rule.source_ports and not rule.destination_ports:
            yield f"meta l4proto {rule.protocol}"
        if rule.source_ports:
            yield f"{rule.protocol} sport {port_set(rule.source_ports)}"
        if rule.destination_ports:
            yield f"{rule.protocol} dport {port_set(rule.destination_ports)}"


def _icmp(rule: Rule) -> str:
    if not rule.icmp:
        return "meta l4proto icmp" if rule.family == 4 else "meta l4proto ipv6-icmp"
    return f"{'icmp' if rule.family == 4 else 'icmpv6'} type {icmp_type(rule)}"


def icmp_type(rule: Rule) -> str:
    """nft's name of the rule's ICMP type, empty when nft has none in that family."""
    name = _ICMP.get(rule.icmp, rule.icmp)
    return name if name in _ICMP_TYPES[rule.family] else ""


def verdict(rule: Rule, firewall: FirewallIntent) -> str:
    """What happens to a packet that a policy matches."""
    if rule.action == "permit":
        return 'log prefix "punchdown permit: " accept' if rule.log else "accept"
    logged = 'log prefix "punchdown deny: " ' if rule.log else ""
    return logged + ("reject with icmpx admin-prohibited" if firewall.reject else "drop")


def key(rule: Rule) -> str:
    """The comment of a policy: where it was asked for, and what it is."""
    return comment(f"pol:{rule.source.field}: {rule.note}" if rule.note else f"pol:{rule.source.field}")


def translation(forward: PortForward) -> str:
    """Where a port-forward goes; the port is kept when it is the same or a range."""
    same = forward.ports.first != forward.ports.last or forward.host_port in {0, forward.ports.first}
    return forward.host_address if same else f"{forward.host_address}:{forward.host_port}"


def real_ports(forward: PortForward) -> str:
    """The port or range that the host sees."""
    same = forward.ports.first != forward.ports.last or forward.host_port in {0, forward.ports.first}
    return str(forward.ports if same else forward.host_port)


def allowed(forward: PortForward) -> str:
    """The match on a forward's allow list with a blank behind it, empty when it has none."""
    return f"ip saddr @{set_name(forward.allow, 4)} " if forward.allow else ""


def published(firewall: FirewallIntent) -> tuple[PortForward, ...]:
    """One forward per inside host, for the source NAT of what the host opens itself."""
    first = {item.host_address: item for item in reversed(firewall.forwards)}
    return tuple(first[address] for address in sorted(first, key=ip_address))


def hairpins(firewall: FirewallIntent) -> tuple[PortForward, ...]:
    """The forwards that inside clients use as well."""
    return tuple(item for item in firewall.forwards if item.hairpin and firewall.hairpin_interfaces)


def interface_set(names: Iterable[str]) -> str:
    """Interface names, quoted."""
    return one_or_set(f'"{name}"' for name in sorted(names))


def ipv6_forwarding(firewall: FirewallIntent) -> str:
    """1 when a segment behind the firewall speaks IPv6, else 0."""
    return "1" if any(item.prefix6 for item in inside(firewall)) else "0"


def untrusted(firewall: FirewallIntent) -> tuple[str, ...]:
    """Interfaces whose marks count for nothing."""
    names = {item.name for item in firewall.interfaces if item.zone in UNTRUSTED_ZONES}
    return tuple(sorted((names | {firewall.wan}) - {""}))


FILTERS: Mapping[str, Callable[..., object]] = MappingProxyType({
    "nft_address_set": address_set, "nft_allowed": allowed, "nft_comment": comment, "nft_elements": elements,
    "nft_hairpins": hairpins, "nft_inside": inside, "nft_inside_names": inside_names,
    "nft_inside_policies": inside_policies, "nft_inside_prefixes": inside_prefixes,
    "nft_interface_set": interface_set, "nft_ipv6_forwarding": ipv6_forwarding, "nft_key": key, "nft_match": match,
    "nft_published": published, "nft_rate": rate,
    "nft_senders": senders, "nft_real_ports": real_ports, "nft_set_name": set_name, "nft_times": times,
    "nft_translation": translation, "nft_untrusted": untrusted, "nft_verdict": verdict,
    "nft_wan_has_ipv6": wan_has_ipv6, "nft_wan_policies6": wan_policies6,
})
