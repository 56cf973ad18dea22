"""A site out of NetBox, whose answers are recorded; a server on this machine gives them page by page."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from punchdown.cli import main
from punchdown.devices.rest import RestReader
from punchdown.errors import ConnectError, InputError
from punchdown.values import to_json
from tests.adopt.netbox_answers import ANSWERS

TOKEN = "nbt_4F9DAouzURLb.zjebxBPzICiPbWz0Wtx0fTL7bCKXKGTY"
PAGE = 5


class NetBox(ThreadingHTTPServer):
    """Pages of :data:`ANSWERS`; ``asked`` are (path, token) in order."""

    asked: list[tuple[str, str]]
    elsewhere = ""


class Handler(BaseHTTPRequestHandler):
    server: NetBox

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        token = self.headers.get("Authorization", "")
        self.server.asked.append((self.path, token))
        if self.server.elsewhere:
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere)
            self.end_headers()
        elif token != f"Bearer {TOKEN}":
            self.answer(403, {"detail": "Invalid token"})
        else:
            query = parse_qs(parts.query)
            rows, offset = ANSWERS[parts.path], int(query.get("offset", ["0"])[0])
            after = offset + PAGE
            # As behind a proxy that NetBox does not know of: another scheme and another host.
            following = f"http://inner.example.net{parts.path}?site=porto&limit={PAGE}&offset={after}"
            self.answer(200, {"count": len(rows), "next": following if after < len(rows) else None, "previous": None,
                              "results": rows[offset:after]})

    def answer(self, code: int, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def netbox() -> Iterator[NetBox]:
    server = NetBox(("127.0.0.1", 0), Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def imported(netbox: NetBox, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "me" / "secrets").mkdir(parents=True)
    (tmp_path / "me" / "secrets" / "netbox-token").write_text(TOKEN)

    def run(*more: str) -> tuple[int, str, str]:
        code = main(["import", "--netbox", f"http://127.0.0.1:{netbox.server_port}", "--site", "porto", "-e",
                     str(tmp_path / "estate"), "--operator", str(tmp_path / "me"), "--admin", "10.7.99.100", *more])
        captured = capsys.readouterr()
        return code, captured.out, captured.err
    return run


def test_a_site_of_netbox_becomes_a_definition_that_checks_clean(imported, tmp_path: Path) -> None:
    code, out, err = imported()
    assert code == 0, err
    site = yaml.safe_load((tmp_path / "estate" / "sites" / "porto.yml").read_text())
    assert site["segments"] == {
        "telephones": {"vlan": 20, "prefix": "10.7.20.0/24", "zone": "voice"},
        "office": {"vlan": 30, "prefix": "10.7.30.0/24", "zone": "data"},
        "mgmt": {"vlan": 99, "prefix": "10.7.99.0/24", "zone": "management"}}
    assert set(site["devices"]) == {"prt-acc-1", "prt-core"}
    access = site["devices"]["prt-acc-1"]
    assert access["management"] == "10.7.99.11"
    assert access["ports"]["1-20"] == "phone-and-pc"
    assert access["ports"][21] == {"role": "pc", "description": "Printer 2nd floor"}
    assert access["ports"][22] == "unused"
    assert access["ports"][48] == {"role": "uplink", "segments": ["telephones", "office", "mgmt"],
                                   "description": "PRT-CORE"}
    assert site["devices"]["prt-core"]["aggregations"]["po1"]["ports"] == ["2-3"]
    assert "Written by `punchdown import` from NetBox" in (tmp_path / "estate" / "sites" / "porto.yml").read_text()
    assert "PRT-RTR is not in the definition: its role router" in out
    assert "PRT-JNP is not in the definition: its platform junos" in out
    assert "PRT-OLD is not in the definition: it is not active" in out
    assert main(["check", "-e", str(tmp_path / "estate"), "--no-cache"]) == 0


def test_every_page_is_read_and_the_token_goes_nowhere_else(imported, netbox: NetBox) -> None:
    imported()
    pages = [path for path, _ in netbox.asked if path.startswith("/api/dcim/interfaces/")]
    assert len(pages) == -(-len(ANSWERS["/api/dcim/interfaces/"]) // PAGE)
    assert {token for _, token in netbox.asked} == {f"Bearer {TOKEN}"}


def test_a_redirect_is_not_followed(imported, netbox: NetBox) -> None:
    netbox.elsewhere = f"http://127.0.0.1:{netbox.server_port}/api/dcim/devices/"
    code, _, err = imported()
    assert code == 1
    assert "HTTP 302" in err
    assert len(netbox.asked) == 1


def test_the_token_stands_in_no_output(imported, netbox: NetBox, tmp_path: Path) -> None:
    _, out, err = imported("-o", "json")
    (tmp_path / "me" / "secrets" / "netbox-token").write_text("another-token")
    code, out2, err2 = imported("--force")
    assert code == 1
    assert "HTTP 403" in err2
    told = out + err + out2 + err2 + repr(RestReader("https://n.example.net", TOKEN)) + to_json(dict(ANSWERS))
    assert TOKEN not in told
    assert "another-token" not in told


def test_a_file_is_never_written_over_without_asking(imported, tmp_path: Path) -> None:
    imported()
    path = tmp_path / "estate" / "sites" / "porto.yml"
    path.write_text("# mine\n")
    code, _, err = imported()
    assert code == 1
    assert "is there already" in err
    assert path.read_text() == "# mine\n"
    assert imported("--force")[0] == 0


@pytest.mark.parametrize("url", ["http://netbox.example.net", "ftp://x", "netbox", "https://u:p@netbox.example.net"])
def test_an_address_that_would_show_the_token_is_refused(url: str) -> None:
    with pytest.raises(InputError) as caught:
        RestReader(url, TOKEN)
    assert TOKEN not in str(caught.value)


def test_what_is_no_list_of_netbox_is_told(netbox: NetBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Handler, "do_GET", lambda self: self.answer(200, ["not", "a", "page"]))
    with pytest.raises(ConnectError, match=r"no list of NetBox's"):
        RestReader(f"http://127.0.0.1:{netbox.server_port}", TOKEN).rows("/api/dcim/sites/?slug=porto")
