"""Small random sites: two switches, a router that translates, a way out; tables from the same maker."""

from __future__ import annotations

from dataclasses import replace

from punchdown.intent.topology import Attachment, Link, Topology
from punchdown.values.policy import (
    DevicePolicy,
    Field,
    LineRef,
    Match,
    PortPolicy,
    Route,
    RoutedInterface,
    Rule,
    Table,
    Track,
    Translate,
    Verdict,
)

from . import plain
from .corners import Maker, canonical

A, B, OUT = 0x0A0A0A00, 0x0A141400, 0xCB007100
HOSTS = {"a1": A + 5, "a2": A + 6, "b1": B + 5, "b2": B + 6, "wan": OUT + 77, "public": OUT + 10, "router": A + 1,
         "masked": OUT + 2}


class SiteMaker(Maker):
    """A site from one seed."""

    def site(self) -> tuple[Topology, dict[str, DevicePolicy]]:
        attachments = (Attachment("host", "a1", "s1", "p1"), Attachment("host", "a2", "s2", "p1"),
                       Attachment("host", "b1", "s1", "p2"), Attachment("host", "b2", "s2", "p2", 20),
                       Attachment("wan", "wan", "r", "w"))
        links = (Link(("s1", "p8"), ("s2", "p8")), Link(("s1", "p6"), ("r", "l10")), Link(("s1", "p7"), ("r", "l20")))
        return Topology("small", attachments, links), {"s1": self.switch("s1"), "s2": self.switch("s2"),
                                                       "r": self.router()}

    def switch(self, name: str) -> DevicePolicy:
        tables = self.filters(("in", "out"), commits=self.dice.random() < 0.5)
        inbound = ("in",) if self.dice.random() < 0.7 else ()
        outbound = ("out",) if self.dice.random() < 0.4 else ()
        ports = [PortPolicy("p1", 10, (), inbound, outbound),
                 PortPolicy("p2", 20, (), inbound, ()) if name == "s1" else PortPolicy("p2", 0, (20,), inbound, ()),
                 PortPolicy("p8", 0, (10, 20), (), outbound if self.dice.random() < 0.3 else ())]
        if name == "s1":
            ports += [PortPolicy("p6", 10, (), inbound), PortPolicy("p7", 20)]
        return DevicePolicy(name, "plain", tables, tuple(ports))

    def router(self) -> DevicePolicy:
        tables = self.filters(("forward", "raw"), commits=False)
        interfaces = (RoutedInterface("l10", ("10.10.10.1/24",)), RoutedInterface("l20", ("10.20.20.1/24",)),
                      RoutedInterface("w", ("203.0.113.2/24",)))
        return DevicePolicy("r", "plain", (*tables, self.before(), self.after()), (), interfaces,
                            (Route("0.0.0.0/0", "w"),), ("raw", "before"), ("forward",), ("after",),
                            routes_packets=True, tracks=self.dice.random() < 0.8)

    def before(self) -> Table:
        rule = Rule((_address(Field.DESTINATION, HOSTS["public"]),), Verdict.ACCEPT, LineRef("r", 1, "dnat"),
                    (Translate(Field.DESTINATION, HOSTS[self.dice.choice(("a1", "b1"))],
                               self.dice.choice((None, (443, 443)))),))
        return Table("before", (rule,) if self.dice.random() < 0.7 else (), Verdict.ACCEPT)

    def after(self) -> Table:
        source = _address(Field.SOURCE, HOSTS[self.dice.choice(("a1", "b1", "b2"))])
        rule = Rule((source,), Verdict.ACCEPT, LineRef("r", 2, "snat"),
                    (Translate(Field.SOURCE, self.dice.choice((None, HOSTS["masked"], HOSTS["public"]))),))
        return Table("after", (rule,) if self.dice.random() < 0.6 else (), Verdict.ACCEPT)

    def filters(self, names: tuple[str, str], *, commits: bool) -> tuple[Table, ...]:
        made = self.tables(3, 4)
        first, second = made["t0"], made["t1"]
        friendly = Rule((), self.dice.choice((Verdict.ACCEPT, Verdict.NEXT)), LineRef("f", 99, "any"),
                        (Track(True),) if commits else ())
        established = Rule((Match(Field.STATE, ((1, 1),)),), Verdict.ACCEPT, LineRef("f", 98, "established"))
        return (replace(first, name=names[0], rules=(established, *first.rules, friendly)),
                replace(second, name=names[1], rules=(*second.rules, friendly), default=Verdict.ACCEPT),
                made["t1"], made["t2"])

    def letters(self, count: int) -> list[plain.Packet]:
        """Packets between the addresses of the site, with the ports that rules speak of."""
        found = []
        for _ in range(count):
            packet = dict.fromkeys(Field, 0)
            packet[Field.ETHERTYPE] = 0x0800
            packet[Field.PROTOCOL] = self.dice.choice((6, 6, 17, 1))
            packet[Field.ICMP_TYPE] = 8
            packet[Field.SOURCE] = self.dice.choice(list(HOSTS.values()))
            packet[Field.DESTINATION] = self.dice.choice(list(HOSTS.values()))
            packet[Field.SOURCE_PORT] = self.dice.choice((0, 1, 443, 1752, 1753, 65535, 50000))
            packet[Field.DESTINATION_PORT] = self.dice.choice((0, 1, 443, 1752, 1753, 65535, 32767))
            packet[Field.DSCP] = self.dice.choice((0, 46))
            found.append(canonical(packet))
        return found

    def address(self, field: Field, family: int) -> Match:
        """Like any maker's, but of this site's addresses."""
        if family:
            return super().address(field, family)
        base = self.dice.choice(list(HOSTS.values()))
        size = self.dice.choice((0, 0, 1, 8))
        first = base >> size << size
        return Match(field, ((first, first + (1 << size) - 1),), (), self.dice.random() < 0.2)


def _address(field: Field, number: int) -> Match:
    return Match(field, ((number, number),))
