"""A server that answers instant queries as Prometheus does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Prometheus(ThreadingHTTPServer):
    """``value`` is what the next query gives, None = an empty vector; ``says`` is an answer of its own instead.
    ``got`` are the queries with their headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.value: Callable[[], float | None] = lambda: 40
        self.says: tuple[int, bytes] | None = None
        self.got: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Any = self.server
        asked = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        server.got.append((parse_qs(asked.query).get("query", [""])[0], headers))
        value = server.value()
        result = [] if value is None else [{"metric": {"job": "mivb"}, "value": [1435781451.781, str(value)]}]
        code, body = server.says or (200 if asked.path == "/api/v1/query" else 404, json.dumps(
            {"status": "success", "data": {"resultType": "vector", "result": result}}).encode())
        self.send_response(code)
        if code == 302:
            self.send_header("location", f"{server.url}/api/v1/query?query=elsewhere")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Says nothing."""


@contextmanager
def prometheus() -> Iterator[Prometheus]:
    with Prometheus() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
