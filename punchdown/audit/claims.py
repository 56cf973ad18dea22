"""Claims about a site that no single line shows: each rule gives what speaks against it.

A rule answers None when no device of the definition could make it true, so that nothing can be said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from punchdown.audit.facts import SiteFacts
from punchdown.catalog import eap_method
from punchdown.catalog.controls import traits
from punchdown.intent import Flow, LinkMode, PortIntent
from punchdown.model import Host
from punchdown.values import Gap

Gaps = tuple[Gap, ...]
Claim = Callable[[SiteFacts], Gaps | None]

USER_ROLES = ("phone", "phone-and-pc", "pc", "printer")
"""Port roles that people plug into."""

VOICE_KINDS = ("dect-base", "analog-gateway", "console", "softphone")
"""Kinds of host that are phones in all but name and may stand among them."""

VOICE_PREFIX = 24
"""Bits of the smallest prefix that the papers call normal for phones (254 hosts)."""

FTP, TELNET = 21, 23


def _controllers(facts: SiteFacts) -> Iterator[tuple[str, Host]]:
    wanted = _patterns("controller")
    return ((name, host) for name, host in facts.site.hosts.items() if host.kind in wanted)


def _gateways(facts: SiteFacts) -> Iterator[tuple[str, Host]]:
    wanted = _patterns("border-gateway")
    return ((name, host) for name, host in facts.site.hosts.items() if host.kind in wanted)


def _patterns(trait: str) -> tuple[str, ...]:
    return dict(traits()[trait].where)["kind"]


def _ports(facts: SiteFacts) -> Iterator[tuple[str, PortIntent]]:
    return ((intent.device, port) for intent in facts.intents for port in intent.ports)


def _by_place(found: Iterator[tuple[str, PortIntent]], words: str) -> Gaps:
    """One gap for each place of the definition, with the number of its ports."""
    places: dict[tuple[str, str], list[PortIntent]] = {}
    for device, port in found:
        places.setdefault((device, port.source.field), []).append(port)
    return tuple(
        Gap(f"{device}: {ports[0].name}{f' and {len(ports) - 1} more' if len(ports) > 1 else ''} {words}",
            ports[0].source.position)
        for (device, _), ports in places.items())


def three_groups(facts: SiteFacts) -> Gaps:
    """Phones, data and, where the site has any, call controllers are in zones of their own."""
    wanted = ["voice", "data", *(["call-control"] if any(_controllers(facts)) else [])]
    zones = {segment.zone for segment in facts.site.segments.values()}
    return tuple(Gap(f"there is no segment of zone {zone}", facts.at("segments")) for zone in wanted
                 if zone not in zones)


def controllers_together(facts: SiteFacts) -> Gaps:
    """All call controllers are in one segment of zone call-control, and nothing else is."""
    hosts, segments = facts.site.hosts, facts.site.segments
    controllers = dict(_controllers(facts))
    homes = {host.segment for host in controllers.values()}
    gaps = [Gap(f"{name} is in {host.segment}, which is no segment of zone call-control", facts.at("hosts", name))
            for name, host in controllers.items() if segments[host.segment].zone != "call-control"]
    if len(homes) > 1:
        gaps.append(Gap(f"call controllers are spread over {', '.join(sorted(homes))}", facts.at("segments")))
    gaps += [Gap(f"{name} is no call controller and shares {host.segment} with them", facts.at("hosts", name))
             for name, host in hosts.items() if host.segment in homes and name not in controllers]
    return tuple(gaps)


def phones_apart(facts: SiteFacts) -> Gaps:
    """Voice segments hold no data host: neither a server (a border gateway's inner leg may stand there) nor a PC."""
    site = facts.site
    voice = {name for name, segment in site.segments.items() if segment.zone == "voice"}
    allowed = {name for name, _ in (*_gateways(facts), *_controllers(facts))}
    gaps = [Gap(f"{name} stands among the phones in {host.segment}", facts.at("hosts", name))
            for name, host in site.hosts.items()
            if host.segment in voice and name not in allowed and host.kind not in VOICE_KINDS]
    gaps += [Gap(f"{name}, a {item.kind}, is put among the phones in {item.segment}", facts.at("endpoints", name))
             for name, item in site.endpoints.items() if item.kind != "phone" and item.segment in voice]
    return tuple(gaps)


def data_apart(facts: SiteFacts) -> Gaps:
    """Data segments hold neither phones nor call controllers."""
    site = facts.site
    data = {name for name, segment in site.segments.items() if segment.zone == "data"}
    gaps = [Gap(f"{name} stands among data hosts in {host.segment}", facts.at("hosts", name))
            for name, host in _controllers(facts) if host.segment in data]
    gaps += [Gap(f"the phone {name} is put among data hosts in {item.segment}", facts.at("endpoints", name))
             for name, item in site.endpoints.items() if item.kind == "phone" and item.segment in data]
    return (*gaps, *(() if data else (Gap("there is no segment of zone data", facts.at("segments")),)))


def every_segment_routed(facts: SiteFacts) -> Gaps | None:
    """A device routes each segment in which hosts or phones are."""
    if not any(intent.firewall for intent in facts.intents):
        return None
    used = {host.segment for host in facts.site.hosts.values()}
    return tuple(Gap(f"no device routes {item.name}", facts.at("segments", item.name)) for item in facts.matrix.segments
                 if not item.router and (item.name in used or item.zone in {"voice", "data"}))


def protected_on_their_ports(facts: SiteFacts) -> Gaps | None:
    """Each protected host stands on a declared port, where its filter is."""
    if not any(True for _ in _ports(facts)):
        return None
    return tuple(Gap(f"{host.name} stands on no declared port, so that its own segment reaches all of it",
                     facts.at("hosts", host.name))
                 for host in facts.matrix.hosts if host.protected and not host.port[0])


def no_users_among_servers(facts: SiteFacts) -> Gaps:
    """No user's port, no endpoint and no fall-back of 802.1X leads to servers or controllers."""
    site = facts.site
    guarded = {name: segment.vlan for name, segment in site.segments.items()
               if segment.zone in {"call-control", "server"}}
    numbers = set(guarded.values())
    gaps = [*_by_place(((device, port) for device, port in _ports(facts) if port.role in USER_ROLES
                        and numbers & {port.access_vlan, port.voice_vlan}),
                       "is a user's port in a VLAN of servers or controllers")]
    gaps += [Gap(f"{name} is put among servers in {item.segment}", facts.at("endpoints", name))
             for name, item in site.endpoints.items() if item.segment in guarded]
    gaps += [Gap(f"802.1X falls back to {getattr(site.dot1x, key)}, a segment of servers", facts.at("dot1x", key))
             for key in ("critical_segment", "guest_segment") if getattr(site.dot1x, key) in guarded]
    return tuple(gaps)


def voice_prefix_size(facts: SiteFacts) -> Gaps:
    """Phone segments are no wider than /24."""
    return tuple(Gap(f"{name} is wider than /{VOICE_PREFIX} ({segment.prefix})", facts.at("segments", name, "prefix"))
                 for name, segment in facts.site.segments.items()
                 if segment.zone == "voice" and segment.prefix.prefixlen < VOICE_PREFIX)


def user_ports_authenticate(facts: SiteFacts) -> Gaps | None:
    """Every open port that people plug into asks for 802.1X."""
    users = [(device, port) for device, port in _ports(facts)
             if port.role in USER_ROLES and port.mode is LinkMode.ACCESS]
    if not users:
        return None
    return _by_place(((device, port) for device, port in users if port.dot1x is None), "has no 802.1X")


def tls_where_able(facts: SiteFacts) -> Gaps:
    """A phone that can do EAP-TLS does not use less."""
    return tuple(Gap(f"{name} is a {item.model} and could use EAP-TLS instead of {item.eap}",
                     facts.at("endpoints", name, "eap"))
                 for name, item in facts.site.endpoints.items()
                 if item.kind == "phone" and item.eap not in {None, "tls"} and eap_method(item.model) == "tls")


def _flow_gap(flow: Flow, words: str) -> Gap:
    return Gap(f"{flow.client} may open {flow.service} on {flow.server}: {words}", flow.source.position)


def administration_from_administrators(facts: SiteFacts) -> Gaps:
    """HTTPS administration and SSH of controllers and gateways are open to administrators alone."""
    site = facts.site
    guarded = {name for name, _ in (*_controllers(facts), *_gateways(facts))}
    admins = {name for name, host in site.hosts.items() if host.kind == "admin"}
    admins |= {name for name, segment in site.segments.items() if segment.zone == "management"}
    return tuple(_flow_gap(flow, "it is no administrator") for flow in facts.matrix.flows
                 if flow.server in guarded and flow.service in {"admin-https", "ssh"} and flow.client not in admins)


def no_clear_minet(facts: SiteFacts) -> Gaps:
    """Nobody may signal in clear-text MiNET."""
    return tuple(_flow_gap(flow, "its signalling is in the clear") for flow in facts.matrix.flows
                 if flow.service == "minet")


def no_clear_file_transfer(facts: SiteFacts) -> Gaps:
    """Nobody may open FTP or Telnet on a call controller."""
    guarded = {name for name, _ in _controllers(facts)}
    return tuple(_flow_gap(flow, "it is in the clear") for flow in facts.matrix.flows
                 if flow.server in guarded and flow.protocol == "tcp"
                 and any(item.first <= port <= item.last for item in flow.ports for port in (FTP, TELNET)))


def no_clear_directory(facts: SiteFacts) -> Gaps:
    """Nobody may ask a directory in the clear."""
    return tuple(_flow_gap(flow, "it is in the clear") for flow in facts.matrix.flows if flow.service == "ldap")


def no_clear_mail(facts: SiteFacts) -> Gaps:
    """A call controller may not send mail in the clear."""
    guarded = {name for name, _ in _controllers(facts)}
    return tuple(_flow_gap(flow, "it is in the clear") for flow in facts.matrix.flows
                 if flow.client in guarded and flow.service == "smtp")


def inner_leg_among_phones(facts: SiteFacts) -> Gaps:
    """The inner leg of a border gateway in server-gateway mode stands in a voice segment."""
    edges = dict(traits()["server-gateway"].where)["kind"]
    zones = {name: segment.zone for name, segment in facts.site.segments.items()}
    return tuple(Gap(f"the inner leg of {name} stands in {host.segment}, which is no voice segment",
                     facts.at("hosts", name, "segment"))
                 for name, host in facts.site.hosts.items() if host.kind in edges and zones[host.segment] != "voice")


def two_regions(facts: SiteFacts) -> Gaps:
    """The addresses of both regions of the hosted service are declared, so that filters let both be reached."""
    hosted = dict(traits()["flex"].where)["kind"]
    return tuple(Gap(f"{name} has no second region", facts.at("remotes", name))
                 for name, remote in facts.site.remotes.items() if remote.kind in hosted and len(remote.regions) < 2)


def dmz_address_private(facts: SiteFacts) -> Gaps:
    """A border gateway in a DMZ has a private address."""
    zones = {name: segment.zone for name, segment in facts.site.segments.items()}
    return tuple(Gap(f"{name} has the address {host.address}, which is not private", facts.at("hosts", name, "address"))
                 for name, host in _gateways(facts) if zones[host.segment] == "dmz" and not host.address.is_private)


def public_address_dedicated(facts: SiteFacts) -> Gaps:
    """A border gateway has a public address that neither the firewall nor another host uses."""
    site = facts.site
    wan = site.firewall.wan
    taken = {str(wan.address.ip): "the firewall"} if wan else {}
    gaps = []
    for name, host in _gateways(facts):
        others = {str(item.public): other for other, item in site.hosts.items() if item.public and other != name}
        user = {**taken, **others}.get(str(host.public))
        if host.public is None:
            gaps.append(Gap(f"{name} has no public address", facts.at("hosts", name)))
        elif user:
            gaps.append(Gap(f"{name} shares {host.public} with {user}", facts.at("hosts", name, "public")))
    return tuple(gaps)


def three_legs(facts: SiteFacts) -> Gaps | None:
    """A firewall has a WAN, a DMZ and an inner interface."""
    firewalls = [intent.firewall for intent in facts.intents if intent.firewall]
    if not firewalls:
        return None
    zones = [{item.zone for item in firewall.interfaces} for firewall in firewalls]
    if any({"wan", "dmz"} <= found and found - {"wan", "dmz"} for found in zones):
        return ()
    return (Gap("no firewall has WAN, DMZ and inner interfaces", facts.at("devices")),)


CLAIMS: Mapping[str, Claim] = {
    rule.__name__.replace("_", "-"): rule
    for rule in (
        three_groups, controllers_together, phones_apart, data_apart, every_segment_routed, protected_on_their_ports,
        no_users_among_servers, voice_prefix_size, user_ports_authenticate, tls_where_able,
        administration_from_administrators, no_clear_minet, no_clear_file_transfer, no_clear_directory,
        no_clear_mail, inner_leg_among_phones, two_regions, dmz_address_private, public_address_dedicated, three_legs)
}
"""Name in the catalogue to its rule."""
