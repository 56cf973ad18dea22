"""How a site's boxes are wired: who may sit on which port, and which ports are two ends of one cable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from punchdown.compiler.context import SiteContext
from punchdown.intent import DeviceIntent, LinkMode, PortIntent
from punchdown.intent.topology import UNUSED, Attachment, Link, Topology


def build_topology(context: SiteContext, devices: tuple[DeviceIntent, ...]) -> Topology:
    """Attachments and cables as the definition says them, sorted.

    A port that leads to a device is an end of a cable; the other end is the leg's interface, or the port of that
    device that leads back (several between two devices are paired in order of writing). An uplink to nobody the
    definition knows leads to any machine of its segments, and to the remote networks behind these. A network behind a
    VPN sits on the firewall, at a port with the VPN's name.
    """
    wiring = _Wiring(context, {intent.device: intent for intent in devices})
    for name in wiring.intents:
        for port, role in wiring.roles(name):
            wiring.place(name, port, role)
    attachments = [*wiring.attachments, *(item for name in wiring.intents for item in wiring.outside(name))]
    return Topology(context.site.site, tuple(sorted(attachments, key=_order)),
                    tuple(sorted((*wiring.links, *wiring.uplinks()), key=lambda link: (link.one, link.other))))


def _order(item: Attachment) -> tuple[str, str, int, str, str]:
    return (item.device, item.port, item.tag, item.kind, item.name)


class _Wiring:
    """Ports one by one; uplinks wait for their other end."""

    def __init__(self, context: SiteContext, intents: dict[str, DeviceIntent]) -> None:
        self.context = context
        self.intents = intents
        self.attachments: list[Attachment] = []
        self.links: list[Link] = []
        self._leading: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._segments = {segment.vlan: name for name, segment in context.site.segments.items()}

    def roles(self, name: str) -> Iterator[tuple[PortIntent, str]]:
        """A device's ports with their roles as written, aggregated ones as one."""
        intent = self.intents[name]
        ports = {port.name: port for port in intent.ports}
        for place in self.context.port_places[name]:
            if place.name in ports:
                yield ports[place.name], place.spec.role
        for link in intent.links:
            yield link.port, self.context.site.devices[name].aggregations[link.name].role

    def outside(self, name: str) -> Iterator[Attachment]:
        """Who sits beyond a firewall: the WAN, and the networks behind its VPNs."""
        firewall = self.intents[name].firewall
        if firewall is not None and firewall.wan:
            yield Attachment("wan", "wan", name, firewall.wan)
            for vpn in firewall.vpns:
                yield Attachment("remote", self.context.site.firewall.vpns[vpn.name].remote, name, vpn.name)

    def place(self, name: str, port: PortIntent, role: str) -> None:
        """Who sits on one port, or where its cable goes."""
        peer, _, segment = role.partition("/")
        if port.mode is LinkMode.CLOSED:
            self.attachments.append(Attachment("unused", UNUSED, name, port.name))
            return
        if role in self.context.site.hosts:
            self.attachments.append(Attachment("host", role, name, port.name))
        elif peer in self.context.site.hosts and segment == self.context.site.hosts[peer].segment:
            self.attachments.append(Attachment("host", peer, name, port.name))
        elif segment:
            self.links.append(Link((name, port.name), (peer, self._leg(peer, segment))))
        elif peer in self.intents:
            self._leading[name, peer].append(port.name)
        elif role != "mirror":
            for vlan, tag in _carried(port):
                for kind, who in self._people(self._segments.get(vlan, ""), beyond=role == "uplink"):
                    self.attachments.append(Attachment(kind, who, name, port.name, tag))

    def _people(self, segment: str, *, beyond: bool) -> Iterator[tuple[str, str]]:
        """Who may sit in a segment on a port: any machine, and ``beyond`` an uplink the networks it leads to."""
        if segment:
            yield "segment", segment
        for name, remote in self.context.site.remotes.items() if beyond else ():
            if remote.via == segment and segment:
                yield "remote", name

    def _leg(self, peer: str, segment: str) -> str:
        """The interface of a device in a segment, by its own name where it has one."""
        intent = self.intents.get(peer)
        if intent is not None and intent.firewall is not None:
            for interface in intent.firewall.interfaces:
                if interface.segment == segment:
                    return interface.name
        return segment

    def uplinks(self) -> Iterator[Link]:
        """Cables between switches, each once; a port whose other end nobody wrote down leads nowhere."""
        for (name, peer), ports in self._leading.items():
            if name < peer:
                for port, other in zip(ports, self._leading.get((peer, name), ()), strict=False):
                    yield Link((name, port), (peer, other))


def _carried(port: PortIntent) -> Iterator[tuple[int, int]]:
    """(VLAN, the tag of its frames) of an edge port."""
    if port.access_vlan:
        yield port.access_vlan, 0
    for vlan in sorted({port.voice_vlan, *port.tagged} - {0, port.access_vlan}):
        yield vlan, vlan
