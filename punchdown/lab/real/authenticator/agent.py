"""The running authenticator: sockets, the clock, the settings file, the switch."""

from __future__ import annotations

import json
import logging
import selectors
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path

from punchdown.lab.real.authenticator import flows, frames, radius
from punchdown.lab.real.authenticator.access import PortControl
from punchdown.lab.real.authenticator.exchange import Exchange
from punchdown.lab.real.authenticator.settings import NOTHING, Port, Settings, read_settings
from punchdown.lab.real.authenticator.station import Station

logger = logging.getLogger(__name__)

SETTINGS = Path("/etc/punchdown/dot1x.json")
SESSIONS = Path("/run/punchdown/dot1x/sessions.json")
_TICK_SECONDS = 0.2
_OUTGOING = 4  # linux/if_packet.h: a frame that this machine sent
_ALL = 3


@dataclass(slots=True)
class Agent:
    """Everything under control. ``stamp`` is the settings file's time of change, 0 = there is none."""

    selector: selectors.BaseSelector
    radius_socket: socket.socket
    exchange: Exchange
    settings: Settings = NOTHING
    stamp: int = 0
    controls: dict[str, PortControl] = field(default_factory=dict)
    sockets: dict[str, socket.socket] = field(default_factory=dict)
    linked: dict[str, bool] = field(default_factory=dict)

    def transmit(self, port: Port, target: str, eap: bytes) -> None:
        """Send an EAP packet out of a port; a port without link loses it."""
        sock = self.sockets[port.name]
        try:
            sock.send(frames.eap_frame(target, bytes(sock.getsockname()[4]), eap))
        except OSError as error:
            logger.info("%s: %s", port.name, error)

    def ask(self, attributes: radius.Attributes, password: bytes, port: Port, mac: str) -> None:
        """Ask RADIUS about a station."""

        def done(reply: radius.Reply | None) -> None:
            control = self.controls.get(port.name)
            if control:
                control.answer(mac, reply, time.monotonic())

        self.exchange.ask(attributes, password, done, time.monotonic())

    def admit(self, port: Port, station: Station) -> None:
        """Open the switch for a station."""
        flows.open_session(port.ofport, station.mac, port.voice_vlan if station.domain == "voice" else 0)
        flows.set_forwarding(port.ofport, forward=True)

    def shut(self, port: Port, mac: str) -> None:
        """Close it again; a port without a session also sends nothing."""
        flows.close_session(port.ofport, mac)
        others = (item for item in self.controls[port.name].stations.values() if item.mac != mac)
        flows.set_forwarding(port.ofport, forward=any(item.domain for item in others))

    def load(self) -> None:
        """Follow the settings file: ports that stay as they were keep their sessions, and get their flows again."""
        stamp = SETTINGS.stat().st_mtime_ns if SETTINGS.exists() else 0
        if stamp == self.stamp:
            return
        try:
            settings = read_settings(SETTINGS.read_text(encoding="utf-8")) if stamp else NOTHING
        except (OSError, ValueError) as error:
            logger.warning("%s: %s", SETTINGS, error)
            settings = NOTHING
        if settings.servers != self.exchange.servers:
            self.exchange.forget()
        self.stamp, self.settings, self.exchange.servers = stamp, settings, settings.servers
        wanted = {port.name: port for port in settings.ports}
        for name, control in list(self.controls.items()):
            if wanted.get(name) != control.port:
                self._release(name)
        for port in settings.ports:
            self._control(port)

    def _control(self, port: Port) -> None:
        if port.name not in self.controls:
            sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
            sock.bind((port.name, _ALL))
            sock.setblocking(False)
            self.selector.register(sock, selectors.EVENT_READ, port.name)
            self.sockets[port.name] = sock
            self.controls[port.name] = PortControl(port, self, "", "")
        control = self.controls[port.name]
        control.nas_identifier, control.nas_address = self.settings.nas_identifier, self.settings.nas_address
        inside = [station for station in control.stations.values() if station.domain]
        for station in inside:
            self.admit(port, station)
        if not inside:
            flows.set_forwarding(port.ofport, forward=False)

    def _release(self, name: str) -> None:
        control = self.controls[name]
        control.link_down()
        self.linked.pop(name, None)
        del self.controls[name]
        flows.set_forwarding(control.port.ofport, forward=True)
        sock = self.sockets.pop(name)
        self.selector.unregister(sock)
        sock.close()

    def receive(self, name: str) -> None:
        """A frame waits at a port, or an answer at the RADIUS socket (name empty)."""
        try:
            if not name:
                packet, source = self.radius_socket.recvfrom(4096)
                self.exchange.receive(packet, source[0])
                return
            frame, address = self.sockets[name].recvfrom(4096)
        except BlockingIOError:
            return
        except OSError as error:
            logger.info("%s: %s", name or "RADIUS", error)
            return
        if address[2] != _OUTGOING:
            self.controls[name].frame(frame, time.monotonic())

    def tick(self) -> None:
        """The clock, cables, the settings, and what is written for readers."""
        self.load()
        now = time.monotonic()
        self.exchange.tick(now)
        for name, control in self.controls.items():
            linked = has_link(name)
            if self.linked.get(name) and not linked:
                control.link_down()
            if linked and not self.linked.get(name):
                control.greet()
            self.linked[name] = linked
            control.tick(now)
        write_sessions(SESSIONS, self.controls)


def has_link(name: str) -> bool:
    """Whether something is plugged in."""
    try:
        return Path("/sys/class/net", name, "carrier").read_text(encoding="ascii").strip() == "1"
    except OSError:
        return False


def write_sessions(path: Path, controls: dict[str, PortControl]) -> None:
    """Admitted stations as JSON, replaced at once and only when it changed."""
    found = [{"port": name, "mac": station.mac, "domain": station.domain, "vlan": station.vlan,
              "method": station.method, "identity": station.identity, "status": station.status.value}
             for name, control in controls.items() for station in control.stations.values() if station.domain]
    text = json.dumps(found, indent=1) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def serve() -> None:
    """Run until killed."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    flows.close_all()
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)

    def send(packet: bytes, target: tuple[str, int]) -> None:
        try:
            sock.sendto(packet, target)
        except OSError as error:
            logger.info("RADIUS %s: %s", target[0], error)

    agent = Agent(selectors.DefaultSelector(), sock, Exchange(send))
    agent.selector.register(sock, selectors.EVENT_READ, "")
    next_tick = 0.0
    while True:
        for key, _ in agent.selector.select(_TICK_SECONDS):
            if key.data == "" or key.data in agent.sockets:
                agent.receive(key.data)
        if time.monotonic() >= next_tick:
            next_tick = time.monotonic() + _TICK_SECONDS
            try:
                agent.tick()
            except OSError as error:
                logger.warning("%s", error)
