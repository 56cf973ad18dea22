"""Translations and the objects that they name, as lines in the order in which the device tries them. Pure functions.

Every object says by its name what it holds, so it never has to change while a translation uses it. A forward is a
static translation of the server's own ports, so one line serves both directions; a hairpin is one of the destination
alone, and unidirectional: inside clients may use the real address as well.
Source: fact sheet, "DNAT" and "Objects".
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from punchdown.intent import FirewallIntent, PortForward, PortRange
from punchdown.platforms.cisco_asa.tunnels import exemptions, untranslated
from punchdown.platforms.cisco_asa.words import PREFIX, Line, leg_of, port_words, real_ports
from punchdown.values import Provenance


def network_object(prefix: str) -> str:
    """The name of the object of a host or network: it says what it holds, so it never has to change.

    >>> network_object("10.0.0.1/32"), network_object("10.0.0.0/24")
    ('PD-h-10.0.0.1', 'PD-n-10.0.0.0-24')
    """
    network = ip_network(prefix)
    if network.prefixlen == network.max_prefixlen:
        return f"{PREFIX}h-{network.network_address}"
    return f"{PREFIX}n-{network.network_address}-{network.prefixlen}"


def _service_object(side: str, transport: str, ports: PortRange) -> str:
    return f"{PREFIX}{side}-{transport}-{ports}"


def _mapped(firewall: FirewallIntent, address: str) -> str:
    return "interface" if address == firewall.wan_address else network_object(address)


def hairpins(firewall: FirewallIntent) -> tuple[tuple[PortForward, str], ...]:
    """Forwards that inside clients use as well, with the interface of the clients."""
    return tuple((item, leg) for item in firewall.forwards if item.hairpin for leg in firewall.hairpin_interfaces)


def published(firewall: FirewallIntent) -> tuple[PortForward, ...]:
    """One forward per inside host, for what the host opens itself."""
    first = {item.host_address: item for item in reversed(firewall.forwards)}
    return tuple(first[address] for address in sorted(first, key=ip_address))


def network_objects(firewall: FirewallIntent) -> tuple[tuple[str, Line], ...]:
    """(name, what it holds) of every object that a translation names, sorted by name."""
    found: dict[str, Line] = {}

    def add(prefix: str, source: Provenance) -> None:
        network = ip_network(prefix)
        single = network.prefixlen == network.max_prefixlen
        text = f"host {network.network_address}" if single else f"subnet {network.network_address} {network.netmask}"
        found.setdefault(network_object(prefix), Line(text, source))

    for item in firewall.forwards:
        add(item.host_address, item.source)
        hairpin = item.hairpin and firewall.hairpin_interfaces
        if item.public_address != firewall.wan_address or hairpin:
            add(item.public_address, item.source)
    for item, leg in hairpins(firewall):
        if leg == leg_of(firewall, item.host_address):
            add(_prefix_of(firewall, leg), item.source)
    for prefix in firewall.source_nat:
        add(prefix, firewall.source)
    for _, prefix, _, source in untranslated(firewall):
        add(prefix, source)
    return tuple(sorted(found.items()))


def _prefix_of(firewall: FirewallIntent, leg: str) -> str:
    return next(item.prefix for item in firewall.interfaces if item.name == leg)


def service_objects(firewall: FirewallIntent) -> tuple[tuple[str, Line], ...]:
    """(name, what it holds) of every service that a translation names: source ports of a server as it answers,
    destination ports as an inside client asks."""
    found: dict[str, Line] = {}
    for item in firewall.forwards:
        for ports in (real_ports(item), item.ports):
            found.setdefault(_service_object("s", item.protocol, ports),
                             Line(f"service {item.protocol} source {port_words(item.protocol, ports)}", item.source))
            if item.hairpin and firewall.hairpin_interfaces:
                found.setdefault(_service_object("d", item.protocol, ports), Line(
                    f"service {item.protocol} destination {port_words(item.protocol, ports)}", item.source))
    return tuple(sorted(found.items()))


def forwarded(firewall: FirewallIntent) -> tuple[Line, ...]:
    """The translation of each forward."""
    lines = []
    for item in firewall.forwards:
        leg, host = leg_of(firewall, item.host_address), network_object(item.host_address)
        real, public = (_service_object("s", item.protocol, ports) for ports in (real_ports(item), item.ports))
        lines.append(Line(f"nat ({leg},{firewall.wan}) source static {host} "
                          f"{_mapped(firewall, item.public_address)} service {real} {public}", item.source))
    return tuple(lines)


def translations(firewall: FirewallIntent) -> tuple[Line, ...]:
    """Every translation in the order in which the device tries them: what VPNs carry, forwards, their hairpins, then
    sources."""
    lines = [*exemptions(firewall), *forwarded(firewall)]
    for item, client in hairpins(firewall):
        leg, host = leg_of(firewall, item.host_address), network_object(item.host_address)
        real, public = (_service_object("d", item.protocol, ports) for ports in (real_ports(item), item.ports))
        source = (f"dynamic {network_object(_prefix_of(firewall, client))} interface" if client == leg
                  else "static any any")
        end = "" if client == leg else " unidirectional"
        lines.append(Line(f"nat ({client},{leg}) source {source} destination static "
                          f"{network_object(item.public_address)} {host} service {public} {real}{end}", item.source))
    lines += [_outward(firewall, item.host_address, _mapped(firewall, item.public_address), item.source)
              for item in published(firewall)]
    lines += [_outward(firewall, prefix, "interface", firewall.source) for prefix in firewall.source_nat]
    return tuple(lines)


def _outward(firewall: FirewallIntent, prefix: str, mapped: str, source: Provenance) -> Line:
    leg = leg_of(firewall, prefix.partition("/")[0])
    return Line(f"nat ({leg},{firewall.wan}) after-auto source dynamic {network_object(prefix)} {mapped}", source)
