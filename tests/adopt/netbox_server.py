"""A NetBox on this machine that answers as a real one did: the recordings of ``record_netbox.py``, question by
question."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.adopt.record_netbox import FOLDER, KINDS, SERVER

VERSIONS = ("4.6.8", "3.7.8")
TOKENS = {"Bearer": ("nbt_4F9DAouzURLb.zjebxBPzICiPbWz0Wtx0fTL7bCKXKGTY", "nbt_aaaaaaaaaaaa.BlindBlindBlindBlindBlind"),
          "Token": ("0123456789abcdef0123456789abcdef01234567", "abcdefabcdefabcdefabcdefabcdefabcdefabcd")}
"""Of who may look at everything, and of who sees sites alone. Made up, in the forms that the versions give."""


@cache
def recording(version: str) -> Mapping[str, Any]:
    """What a NetBox of this version answered."""
    found: Mapping[str, Any] = json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    return found


class NetBox(ThreadingHTTPServer):
    """``asked`` are (path with query, Authorization) in order; ``instead`` answers whatever is asked: status, headers,
    body."""

    daemon_threads = True

    def __init__(self, version: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.recorded = recording(version)
        self.scheme = self.recorded["scheme"]
        self.token, self.blind_token = TOKENS[self.scheme]
        self.asked: list[tuple[str, str]] = []
        self.instead: tuple[int, dict[str, str], bytes] | None = None
        self.url = f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Who does not trust the server leaves in the middle."""


class Handler(BaseHTTPRequestHandler):
    server: NetBox

    def do_GET(self) -> None:
        netbox, shown = self.server, self.headers.get("Authorization", "")
        netbox.asked.append((self.path, shown))
        if netbox.instead:
            self.answer(*netbox.instead)
            return
        by_token = {f"{netbox.scheme} {token}": who for token, who in zip(TOKENS[netbox.scheme], KINDS, strict=False)}
        answers = netbox.recorded["answers"][by_token.get(shown, "stranger")]
        answer = answers.get(self.path, {"status": 599, "kind": "text/plain", "body": f"not recorded: {self.path}"})
        # As behind a proxy that NetBox does not know of: the next page is said to be at another server.
        body = json.dumps(answer["body"]).replace(SERVER, "http://inner.example.net")
        self.answer(answer["status"], {"Content-Type": answer["kind"]}, body.encode())

    def answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def netbox_of(version: str, certificate: tuple[Path, Path] | None = None) -> Iterator[NetBox]:
    """A NetBox that answers; over HTTPS with (certificate, key)."""
    server = NetBox(version)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.url = f"https://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
