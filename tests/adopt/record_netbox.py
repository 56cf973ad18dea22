"""Records what a NetBox answers when a site is imported, for tests that replay it.

    python -m tests.adopt.record_netbox http://127.0.0.1:8000 READER-TOKEN-FILE BLIND-TOKEN-FILE

Writes ``tests/adopt/netbox/VERSION.json``: the answers as they came, by who asked (``reader`` may look at everything,
``blind`` at sites alone, ``stranger`` has a token that NetBox never gave), with another name for the server. Tokens are
not in it. The tests want the site of ``fill_netbox.py``, and a NetBox whose ``MAX_PAGE_SIZE`` is small, so that lists
have several pages; another NetBox can be recorded as well, but what it knows then stands in the file.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import urllib3

from punchdown.cli import main as punchdown

FOLDER = Path(__file__).parent / "netbox"
SERVER = "https://netbox.example.net"
KINDS = ("reader", "blind", "stranger")
Answer = dict[str, Any]


def through(url: str, told: Callable[[str, Answer], None]) -> type[BaseHTTPRequestHandler]:
    """A server's handler that asks ``url`` the same, and tells what came: path with query, status, kind and body."""
    pool = urllib3.PoolManager(timeout=120, retries=False)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = {"Authorization": self.headers["Authorization"], "Accept": "application/json"}
            answer = pool.request("GET", url + self.path, redirect=False, headers=asked)
            kind = answer.headers.get("Content-Type", "")
            told(self.path, {"status": answer.status, "kind": kind, "api": answer.headers.get("API-Version", ""),
                             "body": answer.json() if kind == "application/json" else answer.data.decode()})
            self.send_response(answer.status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer.data)))
            self.end_headers()
            self.wfile.write(answer.data)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


def record(url: str, token: str, site: str) -> dict[str, Answer]:
    """What NetBox answers to an import of the site, in the order of the questions."""
    found: dict[str, Answer] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), through(url, found.__setitem__))
    Thread(target=server.serve_forever, daemon=True).start()
    with TemporaryDirectory() as folder:
        secrets = Path(folder, "me", "secrets")
        secrets.mkdir(parents=True)
        Path(secrets, "netbox-token").write_text(token, encoding="utf-8")
        punchdown(["import", "--netbox", f"http://127.0.0.1:{server.server_port}", "--site", site, "-e",
                   str(Path(folder, "estate")), "--operator", str(Path(folder, "me")), "--admin", "10.7.99.100"])
    server.shutdown()
    server.server_close()
    return found


def text_of(version: str, scheme: str, answers: dict[str, dict[str, Answer]]) -> str:
    """The recording as JSON, a line for each row of a list."""
    rows: list[str] = []

    def marked(value: Any) -> Any:
        if isinstance(value, list):
            rows.extend(json.dumps(item, ensure_ascii=False) for item in value)
            return [f"@{number}@" for number in range(len(rows) - len(value), len(rows))]
        return {key: marked(item) for key, item in value.items()} if isinstance(value, dict) else value

    text = json.dumps({"netbox": version, "scheme": scheme, "answers": marked(answers)}, indent=1, ensure_ascii=False)
    return re.sub(r'"@(\d+)@"', lambda match: rows[int(match[1])], text) + "\n"


def main() -> None:
    url, files = sys.argv[1].rstrip("/"), [Path(name) for name in sys.argv[2:4]]
    tokens = [path.read_text(encoding="utf-8").strip() for path in files]
    bearer = tokens[0].startswith("nbt_")
    tokens.append("nbt_000000000000.0000000000000000000000000000000000000000" if bearer else 40 * "0")
    scheme = "Bearer" if bearer else "Token"
    status = urllib3.request("GET", f"{url}/api/status/", headers={"Authorization": f"{scheme} {tokens[0]}"}).json()
    answers = {who: record(url, token, "porto") for who, token in zip(KINDS, tokens, strict=True)}
    answers["reader"] |= record(url, tokens[0], "portu")
    text = text_of(status["netbox-version"], scheme, answers).replace(url, SERVER)
    json.loads(text)
    if any(token in text for token in tokens):
        raise SystemExit("a token stands in the answers: nothing was written")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{status['netbox-version']}.json").write_text(text, encoding="utf-8")
    print(f"{FOLDER / status['netbox-version']}.json: {sum(map(len, answers.values()))} answers")


if __name__ == "__main__":
    main()
