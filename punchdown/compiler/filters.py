"""Filters on a protected host's own port, and the policies of the routed path, from the flow matrix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from punchdown.compiler.context import SiteContext
from punchdown.intent import Filter, Flow, FlowMatrix, HostFact, Rule
from punchdown.values import Provenance

_REPLIES = "the port can't filter outbound: the replies are filtered inbound"


def by_family(prefixes: Iterable[str], family: int) -> tuple[str, ...]:
    """The prefixes of one address family, in order."""
    return tuple(prefix for prefix in prefixes if (":" in prefix) == (family == 6))


def opening_rules(flow: Flow) -> Iterator[Rule]:
    """The rules that let a connection of this flow be opened, one per family in which both ends have addresses."""
    for family in (4, 6):
        sources, destinations = by_family(flow.sources, family), by_family(flow.destinations, family)
        if (sources or not flow.sources) and (destinations or not flow.destinations):
            yield Rule("permit", family, flow.protocol, sources, destinations, (), flow.ports, established=False,
                       log=False, note=f"{flow.client} to {flow.server}: {flow.service}", source=flow.source,
                       schedule=flow.schedule, rate=flow.rate)


def _reply_rules(flow: Flow, note: str) -> Iterator[Rule]:
    """The replies of a server, for a port that filters only inbound and knows no connections."""
    for rule in opening_rules(flow):
        source = replace(rule.source, note=note)
        yield Rule("permit", rule.family, rule.protocol, rule.destinations, rule.sources, flow.ports, (),
                   established=flow.protocol == "tcp", log=False,
                   note=f"replies of {flow.server} to {flow.client}: {flow.service}", source=source)


def _concerns(flow: Flow, side: str, host: HostFact) -> bool:
    name = flow.server if side == "server" else flow.client
    return name in {host.name, host.segment}


def _narrowed(flow: Flow, host: HostFact, side: str) -> Flow:
    """A flow of the host's whole segment as a flow of the host alone."""
    own = (f"{host.address}/32", *((f"{host.address6}/128",) if host.address6 else ()))
    if side == "server":
        return Flow(flow.id, flow.client, flow.client_kind, flow.sources, host.name, own, flow.service, flow.protocol,
                    flow.ports, flow.source, flow.schedule, flow.rate)
    return Flow(flow.id, host.name, "host", own, flow.server, flow.destinations, flow.service, flow.protocol,
                flow.ports, flow.source, flow.schedule, flow.rate)


def _flows_of(matrix: FlowMatrix, host: HostFact, side: str) -> list[Flow]:
    return [_narrowed(flow, host, side) for flow in matrix.flows if _concerns(flow, side, host)]


def _before_translation(context: SiteContext, flow: Flow) -> Flow:
    """A host's port sees a hairpin by the public address; the firewall translates it behind the port."""
    server = context.site.hosts.get(flow.server)
    if server is None or not (server.hairpin and server.public):
        return flow
    return replace(flow, destinations=(*flow.destinations, f"{server.public}/32"))


def port_filters(context: SiteContext, matrix: FlowMatrix, host: HostFact, *, stateful: bool) -> tuple[Filter, ...]:
    """The filters of a protected host's own port.

    A stateful port gets one for what reaches the host and one for what it opens itself; any other gets one inbound
    list of its replies and of what it may open.
    """
    controls = context.kind(context.site.hosts[host.name]).controls
    source = context.origin("hosts", host.name, controls=controls)
    served, opened = _flows_of(matrix, host, "server"), _flows_of(matrix, host, "client")
    openings = tuple(rule for flow in opened for rule in opening_rules(_before_translation(context, flow)))
    if stateful:
        inward = tuple(rule for flow in served for rule in opening_rules(flow))
        return (
            Filter(f"to-{host.name}", "to-host", True, inward, (host.name,), True, source),
            Filter(f"from-{host.name}", "from-host", True, openings, (host.name,), True, source),
        )
    replies = tuple(rule for flow in served for rule in _reply_rules(flow, _REPLIES))
    rules = (*neighbour_rules(host.address6, source), *replies, *openings)
    return (Filter(f"from-{host.name}", "from-host", False, rules, (host.name,), True, source),)


def to_protected(context: SiteContext, matrix: FlowMatrix, host: HostFact, note: str) -> tuple[Rule, ...]:
    """What may reach a protected host, for a port that knows no connections: openings towards it, and replies to it."""
    served = (replace(rule, source=replace(rule.source, note=note)) for flow in _flows_of(matrix, host, "server")
              for rule in opening_rules(flow))
    replies = (rule for flow in _flows_of(matrix, host, "client")
               for rule in _reply_rules(_before_translation(context, flow), note))
    return (*served, *replies)


def finding_neighbours(senders: tuple[str, ...], source: Provenance) -> tuple[Rule, ...]:
    """Neighbour discovery (RFC 4861) of some senders, empty = any; the unspecified address asks only."""
    words = (("neighbour-solicitation", senders and (*senders, "::/128")), ("neighbour-advertisement", senders))
    return tuple(Rule("permit", 6, "icmp", names, (), (), (), established=False, log=False, note="finds its neighbours",
                      source=source, icmp=word) for word, names in words)


def neighbour_rules(address6: str, source: Provenance) -> tuple[Rule, ...]:
    """Neighbour discovery of a host in its own name; none without an IPv6 address."""
    return finding_neighbours((f"{address6}/128", "fe80::/10"), source) if address6 else ()


def _segment_of(context: SiteContext, name: str) -> str:
    site = context.site
    if name in site.remotes:
        return site.remotes[name].via
    return site.hosts[name].segment if name in site.hosts else name


def routed_policies(context: SiteContext, matrix: FlowMatrix) -> tuple[Rule, ...]:
    """The openings that cross a router, in order of flow; neither those inside one segment nor those from the WAN."""
    crossing = (flow for flow in matrix.flows if flow.client_kind != "wan"
                and _segment_of(context, flow.client) != _segment_of(context, flow.server))
    return tuple(rule for flow in crossing for rule in opening_rules(flow))


