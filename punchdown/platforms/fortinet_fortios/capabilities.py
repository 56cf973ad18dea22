"""What a FortiGate can enforce here, and the intents that it must refuse."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from punchdown.intent import DeviceIntent, FirewallIntent, Rule
from punchdown.platforms.contract import Capabilities, Dialect
from punchdown.platforms.fortinet_fortios import objects, tunnels
from punchdown.platforms.lines import PREFIX

DOCUMENT = "running-config"
FEATURES = ("system", "interfaces", "admin", "vpns", "addresses", "services", "forwards", "policies", "management")
TRUSTED_HOSTS = 10
SYSLOG_SERVERS = 4
OLDEST = (7, 2, 3)
TOO_OLD = "before 7.2.3 a denial does not see translated packets by default"
_OBJECT_NAME = 79
_INTERFACE_NAME = 15

CAPABILITIES = Capabilities(
    features=FEATURES,
    roles=("firewall",),
    filter_out=True,
    stateful=True,
    cli=Dialect(
        quiet=("get system status | grep Version",),
        prompt=r"(?P<prompt>(?:^|\n){name}[^\s()#>]* ?(?P<mode>\([^)\n]*\) ?)?[#$] ?$)",
        configuring=r"\(", enter="", leave="end", more=r" ?--More-- ?", question=r"\(y/n\)\s*$", answer="y"),
    not_atomic="the lines are one transaction; going back reloads the saved configuration, which ends every session "
               "through the firewall",
    meets=("flow-schedule", "site-to-site-vpn"),
)


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met, in words; empty = it can."""
    firewall = intent.firewall
    if firewall is None:
        return ("this platform is a firewall and the intent has no firewall part",)
    return (*_unit(intent), *_places(firewall), *_lists(intent, firewall),
            *(reason for rule in firewall.policies for reason in _rule(rule, firewall)), *_forwards(firewall),
            *tunnels.refusals(firewall))


def _unit(intent: DeviceIntent) -> Iterator[str]:
    release = [int(part) for part in intent.version.lstrip("v").split(".") if part.isdigit()]
    if release and tuple(release) < OLDEST[:len(release)]:
        yield f"FortiOS {intent.version}: {TOO_OLD}"
    if any("?" in line for line in intent.management.banner):
        yield "the device's command line takes ? as a call for help: it can't stand in a banner"


def _places(firewall: FirewallIntent) -> Iterator[str]:
    if firewall.sip_helper:
        yield "a SIP helper is asked for; this platform's helpers are switched off"
    if not firewall.wan and firewall.forwards:
        yield "port-forwards without a WAN interface"
    if any(not item.prefix for item in objects.inside(firewall)) or not objects.inside(firewall):
        yield "a routed interface without an IPv4 prefix: forged sources could not be told"
    if not firewall.management_interface or not firewall.management_sources:
        yield "no management interface, or no prefix that may log in: the push would lock everybody out"
    if len(firewall.management_sources) > TRUSTED_HOSTS or any(":" in item for item in firewall.management_sources):
        yield f"an account takes {TRUSTED_HOSTS} trusted IPv4 prefixes at most"
    if firewall.source_nat and not firewall.wan_address:
        yield "source NAT without a WAN address"
    yield from (f"{item.name}: interface names have {_INTERFACE_NAME} characters at most"
                for item in firewall.interfaces if len(item.name) > _INTERFACE_NAME)


def _lists(intent: DeviceIntent, firewall: FirewallIntent) -> Iterator[str]:
    names = {item.name for item in firewall.netblocks}
    for name in sorted({firewall.denied, *(item.allow for item in firewall.forwards)} - {""} - names):
        yield f"the list {name} is used and not declared"
    if len(intent.management.syslog) > SYSLOG_SERVERS:
        yield f"the device reports to {SYSLOG_SERVERS} syslog servers at most"
    long = (objects.group(name) for name in names if len(objects.group(name)) > _OBJECT_NAME)
    yield from (f"the name {name} has more than {_OBJECT_NAME} characters" for name in sorted(long))


def _rule(rule: Rule, firewall: FirewallIntent) -> Iterator[str]:
    place = rule.note or rule.source.field
    if rule.protocol == "icmp" and rule.icmp and rule.icmp not in objects.ICMP[rule.family]:
        yield f"{place}: no ICMP type {rule.icmp} in IPv{rule.family}"
    if rule.rate:
        yield f"{place}: a policy has no rate of new connections"
    if rule.established:
        yield f"{place}: a policy speaks of openings; replies follow by themselves"
    if not rule.destinations and not firewall.wan:
        yield f"{place}: opens towards the WAN, and there is no WAN interface"
    if any(not objects.legs(firewall, prefix) for prefix in (*rule.sources, *rule.destinations)):
        yield f"{place}: no interface leads there"
    elif rule.action == "permit" and objects.from_wan(rule, firewall):
        if not rule.destinations:
            yield f"{place}: opens from the WAN to anything"
        elif rule.family == 4 and not any(
                forward.protocol == rule.protocol and any(ip_network(text).network_address.exploded
                                                          == forward.host_address for text in rule.destinations)
                for forward in firewall.forwards):
            yield f"{place}: opens from the WAN without a port-forward"


def _forwards(firewall: FirewallIntent) -> Iterator[str]:
    for forward in firewall.forwards:
        if ":" in forward.host_address or ":" in forward.public_address:
            yield f"{forward.name}: port-forwards are for IPv4; IPv6 needs a policy"
        if forward.rate:
            yield f"{forward.name}: a policy has no rate of new connections"
        if objects.real_ports(forward).last > 65535:
            yield f"{forward.name}: the range does not fit behind the port {forward.host_port}"
        if len(objects.virtual_ip(forward)) > _OBJECT_NAME:
            yield f"{forward.name}: the name has more than {_OBJECT_NAME - len(PREFIX)} characters"
