"""What an ASA can enforce, and the intents it can't meet."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from punchdown.intent import DeviceIntent, FirewallIntent, Rule, Schedule
from punchdown.platforms.cisco_asa import logins, snmp, tunnels, words
from punchdown.platforms.cisco_asa.entries import ICMP
from punchdown.platforms.contract import Capabilities, Dialect
from punchdown.platforms.vpns import comes_by_vpn

DOCUMENT = "running-config"
UNPRIVILEGED = ("no configuration was shown: the login must be privileged "
                "(aaa authorization exec LOCAL auto-enable)")
FEATURES = ("system", "objects", "lists", "inspection", "qos", "nat", "vpns", "binding", "management", "snmp")
_MINUTES = range(1, 61)

CAPABILITIES = Capabilities(
    features=FEATURES,
    roles=("firewall",),
    filter_out=True,
    stateful=True,
    cli=Dialect(quiet=("terminal pager 0",), privileged=True),
    not_atomic="every line acts at once; going back line by line is quick, but the device's own timer is a restart: "
               "until it is up again nothing passes. What was not saved before is saved first. A name server, a "
               "certificate or a key is not restored by lines. Marks of untrusted segments pass: it can't set DSCP.",
    meets=("flow-schedule", "site-to-site-vpn", "login-radius", "login-tacacs", "snmpv3"),
)


def refusals(intent: DeviceIntent) -> tuple[str, ...]:
    """Why this intent can't be met; empty when it can."""
    firewall = intent.firewall
    if firewall is None:
        return ("this platform is a firewall and the intent has no firewall part",)
    return (*_management(intent), *_places(firewall), *_lists(firewall),
            *(reason for rule in firewall.policies for reason in _rule(rule, firewall)), *_forwards(firewall),
            *tunnels.refusals(firewall), *logins.refusals(intent),
            *snmp.refusals(intent))


def _management(intent: DeviceIntent) -> Iterator[str]:
    management = intent.management
    if management.session_timeout_minutes not in _MINUTES:
        longest, wanted = _MINUTES.stop - 1, management.session_timeout_minutes
        yield f"a session may rest for {_MINUTES.start} to {longest} minutes, not {wanted}"
    for server in (*management.ntp, *management.syslog):
        if words.family(server) != 4:
            yield f"{server}: NTP and syslog servers need an IPv4 address"
    for line in management.banner:
        if reason := words.banner_fault(line):
            yield f"the banner line {line!r} {reason}"
    if not words.is_name(intent.device):
        yield f"{intent.device!r} is no host name of at most 63 letters, digits and hyphens"


def _places(firewall: FirewallIntent) -> Iterator[str]:
    inside = words.inside(firewall)
    if not firewall.wan and firewall.forwards:
        yield "port-forwards without a WAN interface"
    if not any(item.prefix for item in inside):
        yield "no routed interface with an IPv4 prefix"
    if any(not item.prefix for item in inside):
        yield "a routed interface has no IPv4 prefix: its packets can't be told from spoofed ones"
    if not firewall.management_interface or not words.of_family(firewall.management_sources, 4):
        yield "no management interface, or no IPv4 prefix that may log in: the push would lock everybody out"
    for source in words.of_family(firewall.management_sources, 4):
        if words.leg_of(firewall, source.partition("/")[0]) != firewall.management_interface:
            yield f"{source} may log in from beyond {firewall.management_interface}: an ASA answers on no far address"
    if firewall.source_nat and not firewall.wan_address:
        yield "source NAT without a WAN address"
    if any(item.name == firewall.wan and item.address6 for item in firewall.interfaces):
        yield "IPv6 towards the WAN is not rendered"


def _lists(firewall: FirewallIntent) -> Iterator[str]:
    names = {item.name for item in firewall.netblocks}
    for name in sorted({firewall.denied, *(item.allow for item in firewall.forwards)} - {""} - names):
        yield f"the list {name} is used and not declared"


def _rule(rule: Rule, firewall: FirewallIntent) -> Iterator[str]:
    place = rule.note or rule.source.field
    yield from _times(place, rule.schedule)
    if rule.action != "permit":
        yield f"{place}: policies are openings; a denial among them is not rendered"
    protocol = words.protocol(rule)
    if rule.icmp and words.icmp_word(rule) not in ICMP.get(protocol, {}):
        yield f"{place}: no ICMP type {rule.icmp} in IPv{rule.family}"
    if not rule.destinations and not firewall.wan:
        yield f"{place}: opens towards the WAN, and there is no WAN interface"
    if not rule.destinations and rule.family == 6:
        yield f"{place}: opens towards the WAN over IPv6, which it has not"
    if words.from_wan(rule, firewall) and not comes_by_vpn(rule, firewall) and not any(
            forward.protocol == rule.protocol and forward.host_address == text.partition("/")[0]
            for forward in firewall.forwards for text in rule.destinations):
        yield f"{place}: opens from the WAN without a port-forward"


def _times(place: str, schedule: Schedule) -> Iterator[str]:
    if schedule and schedule[2] <= schedule[1]:
        yield f"{place}: times on several days can't go past midnight"


def _forwards(firewall: FirewallIntent) -> Iterator[str]:
    for item in firewall.forwards:
        if ":" in item.host_address or ":" in item.public_address:
            yield f"{item.name}: port-forwards are for IPv4"
        elif not words.leg_of(firewall, item.host_address):
            yield f"{item.name}: no interface leads to {item.host_address}"
        yield from _times(item.name, item.schedule)
        if item.ports.first != item.ports.last and item.host_port not in {0, item.ports.first}:
            yield f"{item.name}: a range of ports is forwarded to the same ports"
    for prefix in firewall.source_nat:
        if ip_network(prefix).version != 4 or not words.leg_of(firewall, prefix.partition("/")[0]):
            yield f"{prefix}: no interface leads there, so its source can't be translated"
