"""The control of one port: what a frame, an answer or the clock changes. Side effects go through ``Outside``."""

from __future__ import annotations

import logging
import socket
from dataclasses import dataclass, field
from typing import Protocol

from punchdown.lab.real.authenticator import frames, radius
from punchdown.lab.real.authenticator.settings import Port
from punchdown.lab.real.authenticator.station import Station, Status, slot_free

logger = logging.getLogger(__name__)

HOLD_SECONDS = 10.0
"""After a refusal, and between two looks for a server that was dead."""
BUSY_SECONDS = 30.0
"""A supplicant that stops in the middle is forgotten."""

_ETHERNET, _FRAMED, _CALL_CHECK, _MTU = 15, 2, 10, 1400


class Outside(Protocol):
    """What a port's control may do to the world."""

    def transmit(self, port: Port, target: str, eap: bytes) -> None:
        """Send an EAP packet out of a port."""

    def ask(self, attributes: radius.Attributes, password: bytes, port: Port, mac: str) -> None:
        """Ask RADIUS; the answer comes back through ``PortControl.answer``."""

    def admit(self, port: Port, station: Station) -> None:
        """Let the station's frames in."""

    def shut(self, port: Port, mac: str) -> None:
        """Keep them out."""


@dataclass(slots=True)
class PortControl:
    """State of one port. ``phones``: MACs that said by LLDP-MED that they are phones."""

    port: Port
    outside: Outside
    nas_identifier: str
    nas_address: str
    stations: dict[str, Station] = field(default_factory=dict)
    phones: set[str] = field(default_factory=set)

    def greet(self) -> None:
        """Ask whoever is there who it is, as a switch does when a link comes up (IEEE 802.1X)."""
        request = frames.eap_packet(frames.REQUEST, 0, bytes([frames.IDENTITY]))
        self.outside.transmit(self.port, "", request)

    def frame(self, frame: bytes, now: float) -> None:
        """A frame that entered the port."""
        mac = frames.source(frame)
        if not mac:
            return
        if frames.kind(frame) == frames.EAPOL:
            self._eapol(mac, frames.read_eapol(frame), now)
            return
        if frames.kind(frame) == frames.LLDP and frames.is_phone(frame):
            self.phones.add(mac)
        if mac not in self.stations:
            self._request_identity(mac, now)

    def _eapol(self, mac: str, packet: frames.Eapol | None, now: float) -> None:
        if packet is None:
            return
        if packet.kind == frames.START:
            self._request_identity(mac, now)
        elif packet.kind == frames.LOGOFF:
            self.remove(mac)
        elif packet.eap_code == frames.RESPONSE:
            self._response(mac, packet.body, now)

    def _request_identity(self, mac: str, now: float) -> None:
        station = self.stations.setdefault(mac, Station(mac))
        station.eap_id = (station.eap_id + 1) % 256
        station.radius_state = b""
        station.status, station.deadline = Status.ASKED, now + self.port.tx_period_seconds
        request = frames.eap_packet(frames.REQUEST, station.eap_id, bytes([frames.IDENTITY]))
        self.outside.transmit(self.port, mac, request)

    def _response(self, mac: str, eap: bytes, now: float) -> None:
        station = self.stations.get(mac)
        if station is None:
            self._request_identity(mac, now)
            return
        if eap[1] != station.eap_id:
            return
        if station.status is Status.ASKED and eap[4:5] == bytes([frames.IDENTITY]):
            station.identity, station.method = eap[5:].decode("utf-8", "replace"), "eap"
        station.status, station.deadline = Status.BUSY, now + BUSY_SECONDS
        state = [(radius.STATE, station.radius_state)] if station.radius_state else []
        self.outside.ask([*self._about(mac, station.identity, _FRAMED), *radius.fragments(eap), *state], b"",
                         self.port, mac)

    def _about(self, mac: str, user: str, service: int) -> radius.Attributes:
        return [(radius.USER_NAME, user.encode()[:253]), (radius.NAS_ADDRESS, socket.inet_aton(self.nas_address)),
                (radius.NAS_IDENTIFIER, self.nas_identifier.encode()), (radius.SERVICE_TYPE, radius.number(service)),
                (radius.FRAMED_MTU, radius.number(_MTU)), (radius.NAS_PORT_TYPE, radius.number(_ETHERNET)),
                (radius.NAS_PORT_ID, self.port.name.encode()),
                (radius.CALLING_STATION, mac.upper().replace(":", "-").encode())]

    def answer(self, mac: str, reply: radius.Reply | None, now: float) -> None:
        """What RADIUS said of a station; None when no server answered."""
        station = self.stations.get(mac)
        if station is None or station.status is not Status.BUSY:
            return
        if reply is None:
            self._server_dead(station, now)
        elif reply.code == radius.CHALLENGE and reply.eap:
            station.radius_state, station.eap_id = reply.first(radius.STATE), reply.eap[1]
            self.outside.transmit(self.port, mac, reply.eap)
        elif reply.code == radius.ACCEPT:
            self._accept(station, reply, now)
        else:
            self._refuse(station, "refused by RADIUS", reply.eap, now)

    def _accept(self, station: Station, reply: radius.Reply, now: float) -> None:
        domain = "voice" if reply.voice else "data"
        vlan = self.port.voice_vlan if reply.voice else self.port.data_vlan
        if not vlan or reply.vlan not in {0, vlan}:
            self._refuse(station, f"VLAN {reply.vlan} is not the {domain} VLAN of the port", b"", now)
        elif not slot_free(list(self.stations.values()), station.mac, domain, self.port.host_mode):
            self._refuse(station, f"the port holds another {domain} station", b"", now)
        else:
            seconds = self.port.reauth_seconds or reply.session_seconds
            self._admit(station, Status.OPEN, domain, vlan, now + seconds if seconds else float("inf"))
            if reply.eap:
                self.outside.transmit(self.port, station.mac, reply.eap)

    def _admit(self, station: Station, status: Status, domain: str, vlan: int, deadline: float) -> None:
        if station.domain and station.domain != domain:
            self.outside.shut(self.port, station.mac)
        station.status, station.domain, station.vlan, station.deadline = status, domain, vlan, deadline
        station.reason = ""
        self.outside.admit(self.port, station)
        logger.info("%s %s %s in VLAN %s as %s", self.port.name, station.mac, status.value, vlan, domain)

    def _refuse(self, station: Station, reason: str, eap: bytes, now: float) -> None:
        if station.method == "eap":
            failure = eap or frames.eap_packet(frames.FAILURE, station.eap_id)
            self.outside.transmit(self.port, station.mac, failure)
        self._close(station)
        station.status, station.deadline, station.reason = Status.HELD, now + HOLD_SECONDS, reason
        logger.info("%s %s held: %s", self.port.name, station.mac, reason)

    def _server_dead(self, station: Station, now: float) -> None:
        """Who is in stays in; newcomers enter where the policy says so, phones into the voice VLAN."""
        domain = "voice" if station.mac in self.phones else "data"
        vlan = self.port.voice_vlan if domain == "voice" else self.port.critical_vlan
        fits = vlan in {self.port.voice_vlan, self.port.data_vlan} - {0}
        free = slot_free(list(self.stations.values()), station.mac, domain, self.port.host_mode)
        if station.domain:
            station.status, station.deadline = Status.CRITICAL, now + HOLD_SECONDS
        elif self.port.dead == "critical" and fits and free:
            self._admit(station, Status.CRITICAL, domain, vlan, now + HOLD_SECONDS)
            if station.method == "eap":
                self.outside.transmit(self.port, station.mac, frames.eap_packet(frames.SUCCESS, station.eap_id))
        else:
            self._refuse(station, "no RADIUS server answers", b"", now)

    def tick(self, now: float) -> None:
        """What time alone changes."""
        for station in [item for item in self.stations.values() if item.deadline <= now]:
            if station.status is Status.ASKED:
                self._silent(station, now)
            elif station.status in {Status.OPEN, Status.CRITICAL}:
                self._again(station, now)
            else:
                self.remove(station.mac)

    def _silent(self, station: Station, now: float) -> None:
        """No supplicant answered."""
        if station.method == "eap" and station.domain:
            self.remove(station.mac)
        elif self.port.mab:
            self._ask_by_mac(station, now)
        else:
            self._refuse(station, "no supplicant and no MAC authentication", b"", now)

    def _ask_by_mac(self, station: Station, now: float) -> None:
        user = station.mac.replace(":", "")
        station.identity, station.method = user, "mab"
        station.status, station.deadline = Status.BUSY, now + BUSY_SECONDS
        self.outside.ask(self._about(station.mac, user, _CALL_CHECK), user.encode(), self.port, station.mac)

    def _again(self, station: Station, now: float) -> None:
        """Authenticate once more; the port stays open meanwhile."""
        if station.method == "mab":
            self._ask_by_mac(station, now)
        else:
            self._request_identity(station.mac, now)

    def remove(self, mac: str) -> None:
        """Forget a station: it logged off or left."""
        station = self.stations.pop(mac, None)
        if station:
            self._close(station)

    def _close(self, station: Station) -> None:
        if station.domain:
            self.outside.shut(self.port, station.mac)
            logger.info("%s %s closed", self.port.name, station.mac)
        station.domain, station.vlan = "", 0

    def link_down(self) -> None:
        """The cable is out: everybody is gone."""
        for mac in list(self.stations):
            self.remove(mac)
        self.phones.clear()
