"""From a firewall's intent to the objects of FortiOS: what each rule, port-forward and list becomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from zlib import crc32

from punchdown.intent import DeviceIntent, FirewallIntent, Netblocks, PortForward, PortRange, Rule, Schedule
from punchdown.platforms.fortinet_fortios.objects import (
    ICMP,
    OWN_IDS,
    UNTRUSTED_ZONES,
    Objects,
    Policy,
    Service,
    from_wan,
    group,
    legs,
    overlap,
    real_ports,
    virtual_ip,
)
from punchdown.platforms.lines import PREFIX
from punchdown.values import Provenance


@dataclass(slots=True)
class _Used:
    """Objects as policies name them."""

    addresses: dict[int, dict[str, tuple[str, Provenance]]] = field(default_factory=lambda: {4: {}, 6: {}})
    services: dict[str, Service] = field(default_factory=dict)
    schedules: dict[str, tuple[Schedule, Provenance]] = field(default_factory=dict)
    pools: dict[str, tuple[str, Provenance]] = field(default_factory=dict)

    def address(self, prefix: str, family: int, source: Provenance) -> str:
        network = ip_network(prefix, strict=False)
        if network.prefixlen == 0:
            return "all"
        text = str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)
        name = f"{PREFIX}{text}"
        self.addresses[family].setdefault(name, (str(network), source))
        return name

    def service(self, protocol: str, ports: PortRange | None, senders: PortRange | None, source: Provenance) -> str:
        said = str(ports or PortRange(0, 65535))
        name = f"{PREFIX}{protocol}-{said}" + (f"-from-{senders}" if senders else "")
        text = f"{said}:{senders}" if senders else said
        self.services.setdefault(name, Service(name, protocol, text, -1, source))
        return name

    def icmp(self, rule: Rule) -> str:
        word = "icmp" if rule.family == 4 else "icmp6"
        if not rule.icmp:
            return "ALL_ICMP" if rule.family == 4 else "ALL_ICMP6"
        name = f"{PREFIX}{word}-{rule.icmp}"
        self.services.setdefault(name, Service(name, word, "", ICMP[rule.family][rule.icmp], rule.source))
        return name

    def schedule(self, schedule: Schedule, source: Provenance) -> str:
        if not schedule:
            return "always"
        days, start, end = schedule
        name = f"{PREFIX}{start}-{end}-{''.join(day[:2] for day in days)}".replace(":", "")
        self.schedules.setdefault(name, (schedule, source))
        return name

    def pool(self, address: str, source: Provenance) -> str:
        name = f"{PREFIX}{address}"
        self.pools.setdefault(name, (address, source))
        return name


def build(intent: DeviceIntent, firewall: FirewallIntent) -> Objects:
    """Everything of one firewall. Raises KeyError for an ICMP type without a number, which ``refusals`` names."""
    used = _Used()
    drafts = [*_denied(firewall), *(_inbound(item, firewall, used) for item in firewall.forwards)]
    for rule in firewall.policies:
        drafts += _openings(rule, firewall, used) if not from_wan(rule, firewall) else _outside6(rule, firewall, used)
    drafts += _rest(firewall)
    policies = tuple(_numbered(_unmarked(intent, item) for item in drafts))
    for block in firewall.netblocks:
        for prefix in block.prefixes:
            used.address(prefix, ip_network(prefix).version, block.source)
    rows = {number: tuple((name, *found) for name, found in sorted(names.items()))
            for number, names in used.addresses.items()}
    return Objects(
        rows[4], rows[6], _groups(firewall.netblocks, 4), _groups(firewall.netblocks, 6),
        tuple(used.services[name] for name in sorted(used.services)),
        tuple((name, *used.schedules[name]) for name in sorted(used.schedules)),
        tuple((name, *used.pools[name]) for name in sorted(used.pools)), firewall.forwards, policies)


def _groups(blocks: Iterable[Netblocks], family: int) -> tuple[tuple[str, tuple[str, ...], Provenance], ...]:
    found = []
    for block in blocks:
        used = _Used()
        names = tuple(used.address(prefix, family, block.source) for prefix in block.prefixes
                      if ip_network(prefix).version == family)
        found += [(group(block.name), tuple(dict.fromkeys(names)), block.source)] if names else []
    return tuple(found)


def _members(firewall: FirewallIntent, name: str, family: int) -> str:
    """The list of that name, or the address that nobody has when it is empty."""
    prefixes = next((block.prefixes for block in firewall.netblocks if block.name == name), ())
    return group(name) if any(ip_network(prefix).version == family for prefix in prefixes) else "none"


def _denied(firewall: FirewallIntent) -> Iterator[Policy]:
    """The deny list, above everything; it sees translated packets as well."""
    for family in (4, 6) if firewall.denied and firewall.wan else ():
        if (name := _members(firewall, firewall.denied, family)) != "none":
            yield Policy(f"denied {family}", f"deny {firewall.denied}", family, (firewall.wan,), ("any",), (name,),
                         ("all",), ("ALL",), permit=False, source=firewall.source, log=firewall.log,
                         translated_too=family == 4)


def _inbound(forward: PortForward, firewall: FirewallIntent, used: _Used) -> Policy:
    """A port-forward: the policy names the virtual IP and the port that the host sees."""
    allow = _members(firewall, forward.allow, 4) if forward.allow else "all"
    service = used.service(forward.protocol, real_ports(forward), None, forward.source)
    return Policy(f"in {forward.name}", f"in {forward.name}", 4, (firewall.wan,),
                  legs(firewall, forward.host_address), (allow,), (virtual_ip(forward),), (service,), permit=True,
                  source=forward.source, schedule=used.schedule(forward.schedule, forward.source))


def _outside6(rule: Rule, firewall: FirewallIntent, used: _Used) -> Iterator[Policy]:
    """From the WAN without translation: IPv6 alone."""
    if rule.family == 6:
        yield _policy(rule, firewall, used, rule.sources, "")


def _openings(rule: Rule, firewall: FirewallIntent, used: _Used) -> Iterator[Policy]:
    """One policy, or one for each way in which its senders are translated."""
    towards = {leg for prefix in rule.destinations for leg in legs(firewall, prefix)} or {firewall.wan}
    if rule.family == 6 or towards != {firewall.wan} or rule.action != "permit":
        yield _policy(rule, firewall, used, rule.sources, "")
        return
    published = {item.host_address: item for item in reversed(firewall.forwards)}
    senders = [ip_network(prefix) for prefix in rule.sources]
    for address, forward in sorted(published.items()):
        if any(overlap(item, address) for item in senders):
            pool = used.pool(forward.public_address, forward.source)
            yield replace(_policy(rule, firewall, used, (f"{address}/32",), f" as {forward.public_address}"),
                          nat=True, pool=pool)
    left = tuple(str(item) for item in senders
                 if item.prefixlen < 32 or str(item.network_address) not in published)
    hidden = tuple(item for item in left if any(overlap(ip_network(item), text) for text in firewall.source_nat))
    if hidden:
        yield replace(_policy(rule, firewall, used, hidden, ""), nat=True)
    if bare := tuple(item for item in left if item not in hidden):
        yield _policy(rule, firewall, used, bare, " untranslated" if hidden else "")


def _policy(rule: Rule, firewall: FirewallIntent, used: _Used, senders: tuple[str, ...], part: str) -> Policy:
    entry = tuple(dict.fromkeys(leg for prefix in senders for leg in legs(firewall, prefix))) or (firewall.wan,)
    leaving = tuple(dict.fromkeys(leg for prefix in rule.destinations for leg in legs(firewall, prefix)))
    targets = tuple(used.address(prefix, rule.family, rule.source) for prefix in rule.destinations)
    return Policy(
        f"{rule.action} {rule.family} {rule.protocol} {rule.note or rule.source.field}{part}",
        rule.note or rule.source.field, rule.family, entry, leaving or (firewall.wan,),
        tuple(used.address(prefix, rule.family, rule.source) for prefix in senders) or ("all",),
        (*(targets or ("all",)), *_hairpins(rule, firewall, entry)), tuple(_services(rule, used)),
        permit=rule.action == "permit", source=rule.source, schedule=used.schedule(rule.schedule, rule.source),
        log=rule.log, answer=rule.action != "permit" and firewall.reject)


def _hairpins(rule: Rule, firewall: FirewallIntent, entry: tuple[str, ...]) -> Iterator[str]:
    """The virtual IPs by which inside clients reach the same host and ports."""
    if rule.family == 6 or not set(entry) & set(firewall.hairpin_interfaces):
        return
    for forward in firewall.forwards:
        wanted = real_ports(forward)
        ports = rule.destination_ports
        if forward.hairpin and rule.protocol in {"ip", forward.protocol} and any(
                overlap(ip_network(prefix), forward.host_address) for prefix in rule.destinations) and (
                not ports or any(item.first <= wanted.last and wanted.first <= item.last for item in ports)):
            yield virtual_ip(forward)


def _services(rule: Rule, used: _Used) -> Iterator[str]:
    if rule.protocol == "ip":
        yield "ALL"
    elif rule.protocol == "icmp":
        yield used.icmp(rule)
    else:
        for ports in rule.destination_ports or (None,):
            for senders in rule.source_ports or (None,):
                yield used.service(rule.protocol, ports, senders, rule.source)


def _rest(firewall: FirewallIntent) -> Iterator[Policy]:
    """What nobody opened; the device's own last policy neither logs nor answers."""
    for family in (4, 6):
        yield Policy(f"rest {family}", f"deny the rest of IPv{family}", family, ("any",), ("any",), ("all",), ("all",),
                     ("ALL",), permit=False, source=firewall.source, log=firewall.log, answer=firewall.reject,
                     translated_too=family == 4)


def _unmarked(intent: DeviceIntent, policy: Policy) -> Policy:
    """Marks from untrusted segments count for nothing."""
    if intent.qos is None or intent.firewall is None or not policy.permit:
        return policy
    untrusted = {item.name for item in intent.firewall.interfaces if item.zone in UNTRUSTED_ZONES} | {
        intent.firewall.wan}
    return replace(policy, unmark=bool(untrusted & set(policy.entry)),
                   unmark_replies=bool(untrusted & set(policy.leaving)))


def _numbered(policies: Iterable[Policy]) -> Iterator[Policy]:
    taken: set[int] = set()
    for policy in policies:
        number = crc32(re.sub(r"\s+", " ", policy.key).encode()) % len(OWN_IDS)
        while number in taken:
            number = (number + 1) % len(OWN_IDS)
        taken.add(number)
        yield replace(policy, id=OWN_IDS.start + number)
