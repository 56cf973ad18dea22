"""A small access switch by hand, and an emulated appliance to push to (it shares no code with the platform)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from punchdown.intent import (
    DeviceIntent,
    Dot1xPolicy,
    Filter,
    LinkMode,
    Management,
    PortIntent,
    PortRange,
    QosIntent,
    RadiusServer,
    Rule,
    TrafficClass,
    Vlan,
)
from punchdown.lab.emulated import ApplianceSpec, ManualClock
from punchdown.lab.emulated.cisco_ios import IosAppliance
from punchdown.platforms import platform
from punchdown.platforms.cisco_ios.masking import mask
from punchdown.platforms.contract import Answer
from punchdown.render import render_device
from punchdown.values import Change, Position, Provenance, RunningConfig, RunningDocument

SITE = "inventory/sites/lisbon.yml"


def source(field: str, line: int) -> Provenance:
    return Provenance(field, Position(SITE, line, 3))


def reply(sources: str, destination: str, port: int, *, line: int) -> Rule:
    return Rule(
        "permit",
        4,
        "tcp",
        (sources,),
        (destination,),
        (PortRange(port, port),),
        (),
        True,
        False,
        "",
        source("hosts.mivb-2", line),
    )


DOT1X = Dot1xPolicy("multi-domain", True, "critical", 130, 0, 0, 10, source("dot1x", 5))
PORT = PortIntent(
    name="",
    role="phone-and-pc",
    mode=LinkMode.ACCESS,
    description="phone-and-pc",
    access_vlan=130,
    voice_vlan=120,
    tagged=(),
    native_vlan=0,
    dot1x=DOT1X,
    trust_dscp=False,
    dhcp_trusted=False,
    edge=True,
    lldp_med=True,
    filter_in="",
    filter_out="",
    reply_filter="",
    hosts=(),
    ipv6_vlans=(),
    storm_control=True,
    source=source("devices.sw-acc-1.ports", 30),
)


def port(number: int, **changes: object) -> PortIntent:
    return replace(PORT, name=f"GigabitEthernet1/0/{number}", **changes)  # type: ignore[arg-type]


def pbx(number: int) -> PortIntent:
    return port(
        number,
        role="host",
        description="mivb-2",
        access_vlan=110,
        voice_vlan=0,
        dot1x=None,
        trust_dscp=True,
        lldp_med=False,
        reply_filter="from-mivb-2",
    )


def closed(number: int) -> PortIntent:
    return port(
        number,
        role="unused",
        mode=LinkMode.CLOSED,
        description="unused",
        access_vlan=999,
        voice_vlan=0,
        dot1x=None,
        lldp_med=False,
        edge=False,
        storm_control=False,
    )


def trunk(number: int, *tagged: int) -> PortIntent:
    return port(
        number,
        role="uplink",
        mode=LinkMode.TRUNK,
        description="sw-core-1",
        access_vlan=0,
        voice_vlan=0,
        tagged=tagged or (110, 120, 130, 199),
        native_vlan=999,
        dot1x=None,
        trust_dscp=True,
        dhcp_trusted=True,
        edge=False,
        lldp_med=False,
        storm_control=False,
    )


FILTER = Filter(
    "from-mivb-2",
    "from-host",
    False,
    (
        reply("10.20.10.11/32", "10.20.20.0/24", 6801, line=11),
        reply("10.20.10.11/32", "10.20.20.0/24", 5061, line=12),
        reply("10.20.10.11/32", "10.20.40.15/32", 1752, line=13),
        Rule(
            "deny",
            4,
            "udp",
            ("10.20.10.11/32",),
            ("10.20.32.0/24",),
            (),
            (),
            False,
            True,
            "",
            source("hosts.mivb-2", 14),
        ),
        Rule(
            "permit",
            4,
            "udp",
            ("10.20.10.11/32",),
            (),
            (PortRange(50000, 50511),),
            (),
            False,
            False,
            "",
            source("hosts.mivb-2", 15),
        ),
    ),
    ("mivb-2",),
    True,
    source("hosts.mivb-2", 10),
)

INTENT = DeviceIntent(
    site="lisbon",
    device="sw-acc-1",
    platform="cisco_ios",
    model="",
    version="",
    role="access-switch",
    manage="declared",
    management=Management(
        "10.20.99.11/24",
        199,
        "10.20.99.1",
        ("10.20.99.100/32", "10.20.98.0/24"),
        ("Authorised use only.", "All sessions are recorded."),
        ("10.20.99.5",),
        ("10.20.99.5",),
        15,
        source("devices.sw-acc-1.management", 40),
    ),
    vlans=tuple(
        Vlan(number, name, zone, prefix, "", source(f"segments.{name}", 3 + index))
        for index, (number, name, zone, prefix) in enumerate(
            (
                (110, "call-control", "call-control", "10.20.10.0/24"),
                (120, "phones", "voice", "10.20.20.0/24"),
                (130, "office", "data", "10.20.32.0/24"),
                (199, "management", "management", "10.20.99.0/24"),
            )
        )
    ),
    parking_vlan=999,
    ports=(
        port(1),
        port(2),
        port(3, role="pc", voice_vlan=0, lldp_med=False, description="pc"),
        pbx(5),
        closed(6),
        trunk(8),
    ),
    filters=(FILTER,),
    radius_servers=tuple(
        RadiusServer(
            f"radius-{n}", f"10.20.99.{4 + n}", 1812, 1813, "radius-sw-acc-1", source(f"hosts.radius-{n}", 20 + n)
        )
        for n in (1, 2)
    ),
    qos=QosIntent(
        (
            TrafficClass("media", 46, 5, (), (), source("qos", 2)),
            TrafficClass("signalling", 24, 3, (), (), source("qos", 2)),
            TrafficClass("video", 34, 4, (), (), source("qos", 2)),
        ),
        (120,),
        (130,),
        source("qos", 2),
    ),
    radius=None,
    dhcp=None,
    firewall=None,
    source=source("devices.sw-acc-1", 39),
)

IOS = platform("cisco_ios")


def fingerprint(clear: str) -> str:
    return f"<masked:{hashlib.sha256(clear.encode()).hexdigest()[:16]}>"


def resolve(text: str) -> str:
    return re.sub(r"<secret:([^>]+)>", r"clear-\1", text)


KNOWN = {name: fingerprint(f"clear-{name}") for name in ("radius-sw-acc-1", "tacacs-sw-acc-1")}


class EmulatedWriter:
    """A writer on an emulated switch, without the network."""

    device = "sw-acc-1"

    def __init__(self, appliance: IosAppliance) -> None:
        self.appliance = appliance
        self.session = appliance.session()
        self.sent: list[str] = []

    def _leave(self) -> None:
        if self.session.configurator is not None:
            self.session.feed("end")

    def show(self, command: str, *, timeout: float = 30.0) -> Answer:
        assert any(re.fullmatch(pattern, command) for pattern in IOS.read_commands), command
        return self.run(command)

    def run(self, command: str, *, timeout: float = 60.0, stdin: str = "") -> Answer:
        self._leave()
        output = "" if command == "end" else self.session.feed(command)
        while self.session.question is not None:
            output += self.session.feed("")
        return Answer(output)

    def configure(self, line: str, *, timeout: float = 30.0) -> Answer:
        if self.session.configurator is None:
            self.session.feed("configure terminal")
        self.sent.append(line)
        return Answer("\n".join(self.session.feed(part) for part in line.split("\n")))

    def reconnect(self) -> EmulatedWriter:
        return EmulatedWriter(self.appliance)

    def close(self) -> None:
        self._leave()


@dataclass
class Switch:
    """An emulated switch with what the tests do to it."""

    appliance: IosAppliance
    clock: ManualClock

    def writer(self) -> EmulatedWriter:
        return EmulatedWriter(self.appliance)

    def running(self) -> RunningConfig:
        return IOS.fetch(self.writer(), fingerprint)

    def compare(self, intent: DeviceIntent = INTENT) -> Change:
        return IOS.compare(intent, render_device(intent), self.running(), KNOWN)

    def type(self, *lines: str) -> None:
        writer = self.writer()
        for line in lines:
            answer = writer.configure(line).output
            assert "%" not in answer.replace("% Access VLAN", ""), (line, answer)
        writer.close()

    def push(self, change: Change) -> list[str]:
        """Apply a change the whole way. Returns every line that was sent."""
        writer, safe = self.writer(), IOS.safe_change()
        safe.stage(writer, change, resolve)
        safe.check(writer)
        safe.commit(writer, 300)
        second = writer.reconnect()
        safe.confirm(second)
        safe.save(second)
        return writer.sent


def shown(text: str) -> RunningConfig:
    """A running configuration from text, masked as a fetch would."""
    return RunningConfig("sw-acc-1", "cisco_ios", (RunningDocument("running-config", mask(text, fingerprint)),))


def new_switch(version: str = "17.9.4", running: DeviceIntent | None = None) -> Switch:
    """A fresh emulated switch of a release, brought to an intent where one is given."""
    clock = ManualClock()
    made = Switch(IosAppliance(ApplianceSpec("Switch", version=version, ports=8), clock), clock)
    if running:
        made.push(made.compare(running))
    return made
