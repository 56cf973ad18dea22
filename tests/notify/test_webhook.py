"""Messages arrive signed, once more where that may help, nowhere else, and say nothing of address or key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from urllib3 import Retry

from punchdown.errors import InputError, NotifyError
from punchdown.notify import Hook, deliver, load_hooks, message_of, tell, wanted
from punchdown.notify.webhook import TIMES, retries
from punchdown.secrets import Secrets
from punchdown.values import DeviceReport, Finding, Report, Severity, to_json

KEY = bytes(range(32))
QUICK = retries(first_pause=0)
HIGH = Finding("1" * 12, "sw-1", "drift", Severity.HIGH, "802.1X is off on port Gi1/0/7", "anybody gets in")
LOW = Finding("2" * 12, "sw-1", "drift", Severity.LOW, "missing: ntp server\x1b[2J")
ROW = DeviceReport("sw-1", "lisbon", "cisco_ios", "access-switch", "different", (LOW, HIGH))
REPORT = Report("drift", "grand-hotels", "2026-03-02T04:05:06Z", (ROW,), new=(LOW.id,))


class Receiver(HTTPServer):
    """Answers with ``answers`` one after the other, then 200; keeps what it got."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?token=sesame"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        body = self.rfile.read(int(self.headers["content-length"]))
        server.got.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        status, headers = server.answers.pop(0) if server.answers else (200, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "content-length" not in headers:
            self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Silence."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "hook").write_text("whsec_" + base64.b64encode(KEY).decode() + "\n")
    return Secrets(tmp_path / "secrets", b"")


def hook(receiver: Receiver, **more: object) -> Hook:
    return Hook.model_validate({"url": receiver.url, "key": "hook", **more})


def test_it_arrives_and_the_signature_holds(receiver: Receiver, secrets: Secrets) -> None:
    deliver("ops", hook(receiver), message_of(REPORT), secrets, QUICK)
    ((path, headers, body),) = receiver.got
    assert path == "/hook?token=sesame"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    told = json.loads(body)
    assert (told["kind"], told["devices"], told["findings"]["high"]) == ("drift", {"different": 1}, 1)
    assert [(item["title"], item["new"], item["names"]) for item in told["faults"]] == [
        ("missing: ntp server\\x1b[2J", True, ["lisbon/sw-1"]),
        ("802.1X is off on port Gi1/0/7", False, ["lisbon/sw-1"])]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_what_may_do_later_is_tried_again_with_the_same_id(receiver: Receiver, secrets: Secrets, status: int) -> None:
    receiver.answers = [(status, {"retry-after": "0"}), (status, {})]
    deliver("ops", hook(receiver), message_of(REPORT), secrets, QUICK)
    assert len(receiver.got) == 3
    assert len({headers["webhook-id"] for _, headers, _ in receiver.got}) == 1


@pytest.mark.parametrize("status", [400, 401, 404, 410])
def test_what_will_never_do_is_not(receiver: Receiver, secrets: Secrets, status: int) -> None:
    receiver.answers = [(status, {})]
    with pytest.raises(NotifyError, match=f"ops was not told: it answered {status}"):
        deliver("ops", hook(receiver), message_of(REPORT), secrets, QUICK)
    assert len(receiver.got) == 1


def test_it_gives_up(receiver: Receiver, secrets: Secrets) -> None:
    receiver.answers = [(503, {})] * 50
    with pytest.raises(NotifyError, match="it answered 503"):
        deliver("ops", hook(receiver), message_of(REPORT), secrets, QUICK)
    assert len(receiver.got) == 6


def test_a_redirect_is_not_followed(receiver: Receiver, secrets: Secrets) -> None:
    receiver.answers = [(307, {"location": "/elsewhere"})]
    with pytest.raises(NotifyError):
        deliver("ops", hook(receiver), message_of(REPORT), secrets, QUICK)
    assert [path for path, _, _ in receiver.got] == ["/hook?token=sesame"]


def test_what_a_receiver_says_beside_its_status_is_not_waited_for(receiver: Receiver, secrets: Secrets) -> None:
    receiver.answers = [(200, {"content-length": "1000000000", "content-encoding": "gzip"})]
    deliver("ops", hook(receiver), message_of(REPORT), secrets, QUICK)
    assert len(receiver.got) == 1


def test_the_last_try_comes_while_the_time_that_was_signed_is_taken() -> None:
    """The specification's receivers refuse what is older than five minutes."""
    retry = retries()
    longest = max(retry.backoff_max, retry.retry_after_max)
    assert isinstance(retry.total, int)
    assert retry.total * longest + (retry.total + 1) * (TIMES.connect_timeout + TIMES.read_timeout) <= 300


def test_no_message_repeats_address_or_key(receiver: Receiver, secrets: Secrets) -> None:
    url = receiver.url
    gone = Hook(url=url.replace(str(receiver.server_port), "1"), key="hook")
    with pytest.raises(NotifyError) as error:
        deliver("ops", gone, message_of(REPORT), secrets, Retry(total=0))
    assert str(error.value) == "the webhook ops was not told: NewConnectionError"
    assert error.value.__cause__ is None
    assert "sesame" not in repr(gone)


@pytest.mark.parametrize("text", ["short", "whsec_" + base64.b64encode(b"short").decode(), "whsec_no base64!"])
def test_a_key_that_is_too_short_signs_nothing(receiver: Receiver, secrets: Secrets, text: str) -> None:
    (secrets.directory / "hook").write_text(text)
    with pytest.raises(NotifyError, match="needs 24 bytes") as error:
        deliver("ops", hook(receiver), message_of(REPORT), secrets, QUICK)
    assert text not in str(error.value)
    assert receiver.got == []


@pytest.mark.parametrize("url", [
    "http://hooks.example.com/x", "ftp://hooks.example.com", "https://user:sesame@hooks.example.com", "file:///etc/passwd",
    "https://", "hooks.example.com", "http://127.0.0.1.example.com/",
])
def test_an_address_that_gives_the_message_away_is_refused(url: str) -> None:
    with pytest.raises(ValidationError) as error:
        Hook(url=url, key="hook")
    assert "sesame" not in str(error.value)


QUIET, FRESH = replace(REPORT, new=()), REPORT
FAILED = replace(QUIET, devices=(replace(ROW, findings=(), status="failed", error="no answer"),))
ORDER = replace(QUIET, devices=(replace(ROW, findings=(), status="in-order"),))

PLANNED = replace(QUIET, kind="plan")
APPLIED = replace(QUIET, kind="apply", devices=(replace(ROW, status="changed"),))


@pytest.mark.parametrize(("when", "severity", "report", "says"), [
    ("changes", "low", QUIET, False), ("changes", "low", FRESH, True), ("changes", "high", FRESH, False),
    ("changes", "low", FAILED, True), ("changes", "low", replace(QUIET, gone=(HIGH,)), True),
    ("changes", "high", replace(QUIET, gone=(LOW,)), False), ("findings", "low", QUIET, True),
    ("findings", "high", QUIET, True), ("findings", "low", ORDER, False), ("findings", "low", FAILED, True),
    ("always", "high", ORDER, True), ("changes", "low", APPLIED, True), ("changes", "high", PLANNED, True),
    ("changes", "low", replace(ORDER, kind="plan"), False), ("findings", "low", APPLIED, False),
    ("changes", "low", replace(ORDER, kind="check", warnings=(LOW,)), True),
    ("changes", "medium", replace(ORDER, kind="check", warnings=(LOW,)), False),
])
def test_who_hears_of_what(receiver: Receiver, when: str, severity: str, report: Report, says: bool) -> None:
    assert (wanted(hook(receiver, when=when, severity=severity), report) is not None) is says


def test_a_hook_hears_of_its_verbs_only(receiver: Receiver) -> None:
    assert wanted(hook(receiver, kinds=["verify"], when="always"), REPORT) is None


def test_a_message_of_a_thousand_devices_is_short() -> None:
    rows = tuple(replace(ROW, device=f"sw-{number}", findings=tuple(
        replace(HIGH, id=f"{number:04}{place:08}", title=f"fault {place}") for place in range(30)),
        error="x" * 100) for number in range(1000))
    message = message_of(replace(REPORT, devices=rows))
    assert (len(message.faults), message.more, message.faults[0].count, len(message.faults[0].names)) == (
        20, 10, 1000, 10)
    assert len(to_json(message)) < 20_000


@pytest.fixture
def operator(tmp_path: Path, secrets: Secrets) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        (tmp_path / "notifications.yml").write_text(text)
        return tmp_path
    return write


def test_one_that_can_not_be_reached_does_not_keep_the_others_from_hearing(
    receiver: Receiver, operator: Callable[[str], Path],
) -> None:
    receiver.answers = [(404, {})]
    folder = operator(f"webhooks:\n  a: {{url: '{receiver.url}', key: hook}}\n"
                      f"  b: {{url: '{receiver.url}', key: hook}}\n"
                      f"  c: {{url: '{receiver.url}', key: nowhere}}\n")
    first, second = tell(REPORT, folder)
    assert len(receiver.got) == 2
    assert first == "the webhook a was not told: it answered 404"
    assert "there is no secret 'nowhere'" in second
    assert "sesame" not in first + second


def test_without_a_file_there_is_nobody_to_tell(tmp_path: Path) -> None:
    assert tell(REPORT, tmp_path) == ()


def test_a_wrong_file_is_told_without_its_values(operator: Callable[[str], Path]) -> None:
    folder = operator("webhooks:\n  a: {url: 'http://example.com/sesame', key: hook}\n")
    with pytest.raises(InputError) as error:
        load_hooks(folder)
    assert "webhooks.a.url" in str(error.value)
    assert "sesame" not in str(error.value)
