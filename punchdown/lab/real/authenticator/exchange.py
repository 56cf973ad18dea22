"""Requests under way: sent again, sent to the next server, given up. No socket in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from punchdown.lab.real.authenticator import radius
from punchdown.lab.real.authenticator.settings import Server

TRY_SECONDS = 1.0
TRIES = 2
"""Per server."""

Send = Callable[[bytes, tuple[str, int]], None]
Done = Callable[[radius.Reply | None], None]
"""Called with the answer, or None when no server gave one."""


@dataclass(slots=True)
class Request:
    """One question. ``place`` counts tries over all servers."""

    attributes: radius.Attributes
    password: bytes
    done: Done
    place: int = 0
    packet: bytes = b""
    authenticator: bytes = b""
    deadline: float = 0.0


@dataclass(slots=True)
class Exchange:
    """All questions by RADIUS identifier."""

    send: Send
    servers: tuple[Server, ...] = ()
    waiting: dict[int, Request] = field(default_factory=dict)
    last: int = 0

    def ask(self, attributes: radius.Attributes, password: bytes, done: Done, now: float) -> None:
        """Send a question; without servers or free identifiers the answer is None at once."""
        if not self.servers or len(self.waiting) == 256:
            done(None)
            return
        while self.last in self.waiting:
            self.last = (self.last + 1) % 256
        self.waiting[self.last] = Request(attributes, password, done)
        self._try(self.last, now)
        self.last = (self.last + 1) % 256

    def receive(self, packet: bytes, source: str) -> None:
        """Take an answer; what is not one, from whom it was asked, is ignored."""
        request = self.waiting.get(packet[1]) if len(packet) > 1 else None
        if request is None or self._server(request).address != source:
            return
        try:
            reply = radius.read_reply(packet, request.authenticator, self._server(request).secret.encode())
        except ValueError:
            return
        del self.waiting[packet[1]]
        request.done(reply)

    def tick(self, now: float) -> None:
        """Send again what waits too long."""
        for identifier, request in list(self.waiting.items()):
            if request.deadline > now:
                continue
            request.place += 1
            if request.place >= TRIES * len(self.servers):
                del self.waiting[identifier]
                request.done(None)
            else:
                self._try(identifier, now)

    def forget(self) -> None:
        """Drop all questions without an answer: the servers changed."""
        self.waiting.clear()

    def _server(self, request: Request) -> Server:
        return self.servers[request.place // TRIES]

    def _try(self, identifier: int, now: float) -> None:
        request = self.waiting[identifier]
        server = self._server(request)
        if request.place % TRIES == 0:
            request.packet, request.authenticator = radius.access_request(
                identifier, server.secret.encode(), request.attributes, request.password)
        request.deadline = now + TRY_SECONDS
        self.send(request.packet, (server.address, server.auth_port))
