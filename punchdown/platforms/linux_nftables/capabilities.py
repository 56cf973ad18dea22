"""What a Linux gateway with nftables can enforce, and which intents it must refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from punchdown.intent import DeviceIntent, FirewallIntent, PortForward, Rule
from punchdown.platforms.contract import Capabilities
from punchdown.platforms.linux import management
from punchdown.platforms.linux_nftables import words

RULES = "/etc/nftables.d/50-punchdown.nft"
FORWARDING = "/etc/sysctl.d/90-punchdown.conf"
BOOT_FILE = f"file:{RULES}"
"""The stored file; the document :data:`RULES` is what the kernel runs."""
FOREIGN = "foreign-base-chains"

_TABLE_FEATURES = ("table", "netblocks", "spoofing", "nat", "marking", "input", "policy", "end")

DOCUMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {RULES: _TABLE_FEATURES, FORWARDING: ("forwarding",), **management.DOCUMENTS})

_OVERNIGHT = "its schedule goes over midnight, which one range of hours can't say; write two"

CAPABILITIES = Capabilities(
    features=tuple(feature for features in DOCUMENTS.values() for feature in features),
    roles=("firewall",),
    filter_out=True,
    stateful=True,
    not_atomic="the ruleset is one transaction; forwarding and each file of the management plane follow one by one",
    linux=True,
    meets=("flow-rate", "flow-schedule"),
)


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met, in words; empty = it can."""
    firewall = intent.firewall
    if firewall is None:
        return ("this platform is a firewall and the intent has no firewall part",)
    return (*_places(firewall), *_lists(firewall), *(reason for rule in firewall.policies
                                                     for reason in _rule(rule, firewall)),
            *(reason for forward in firewall.forwards for reason in _forward(forward)))


def _places(firewall: FirewallIntent) -> Iterator[str]:
    if firewall.sip_helper:
        yield "a SIP helper is asked for; this platform never rewrites signalling"
    for vpn in firewall.vpns:
        yield (f"{vpn.name}: keys are exchanged by another program (strongSwan), which this platform neither sets up "
               "nor watches; rules alone would let through what nobody encrypts")
    if not firewall.wan and firewall.forwards:
        yield "port-forwards without a WAN interface"
    if not any(item.prefix for item in words.inside(firewall)):
        yield "no routed interface with an IPv4 prefix"
    if any(not item.prefix for item in words.inside(firewall)):
        yield "a routed interface has no IPv4 prefix: its packets can't be told from spoofed ones"
    if not firewall.management_interface or not words.networks(firewall.management_sources, 4):
        yield "no management interface, or no IPv4 prefix that may log in: the push would lock everybody out"
    if firewall.source_nat and not firewall.wan_address:
        yield "source NAT without a WAN address"


def _lists(firewall: FirewallIntent) -> Iterator[str]:
    names = [item.name for item in firewall.netblocks]
    used = {firewall.denied, *(item.allow for item in firewall.forwards)} - {""}
    for name in sorted(used - set(names)):
        yield f"the list {name} is used and not declared"
    if len({words.set_name(name, 4) for name in names}) < len(names):
        yield "two lists have the same name but for punctuation"


def _rule(rule: Rule, firewall: FirewallIntent) -> Iterator[str]:
    place = rule.note or rule.source.field
    if words.overnight(rule.schedule):
        yield f"{place}: {_OVERNIGHT}"
    if rule.protocol == "icmp" and rule.icmp and not words.icmp_type(rule):
        yield f"{place}: no ICMP type {rule.icmp} in IPv{rule.family}"
    if not rule.destinations and not firewall.wan:
        yield f"{place}: opens towards the WAN, and there is no WAN interface"
    if rule.action == "permit" and words.from_wan(rule, firewall):
        if not rule.destinations:
            yield f"{place}: opens from the WAN to anything"
        elif rule.family == 4 and not any(_carries(forward, rule) for forward in firewall.forwards):
            yield f"{place}: opens from the WAN without a port-forward"


def _carries(forward: PortForward, rule: Rule) -> bool:
    return forward.protocol == rule.protocol and any(
        forward.host_address == text.partition("/")[0] for text in rule.destinations)


def _forward(forward: PortForward) -> Iterator[str]:
    if words.overnight(forward.schedule):
        yield f"{forward.name}: {_OVERNIGHT}"
    if forward.ports.first != forward.ports.last and forward.host_port not in {0, forward.ports.first}:
        yield f"{forward.name}: nftables can't shift a range of ports one to one"
    if ":" in forward.host_address or ":" in forward.public_address:
        yield f"{forward.name}: port-forwards are for IPv4; IPv6 needs a policy"
