"""Signed and repeated delivery of one message, as https://www.standardwebhooks.com describes it."""

from __future__ import annotations

import binascii
import hashlib
from base64 import b64decode
from datetime import UTC, datetime

from standardwebhooks import Webhook
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from punchdown import __version__
from punchdown.errors import NotifyError
from punchdown.notify.message import message_of
from punchdown.notify.settings import Hook
from punchdown.report.groups import as_bad, standing
from punchdown.secrets import Secrets
from punchdown.values import Message, Report, Severity, to_json

KEY_BYTES = 24
"""The least that the specification asks of a key."""
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers after which another try may do."""
REMEMBERED = frozenset({"verify", "prove", "drift", "audit"})
TIMES = Timeout(connect=5.0, read=15.0)
"""Seconds."""


def retries(first_pause: float = 0.5) -> Retry:
    """Five more tries, each after twice the pause (seconds), or as long as the receiver asks for, up to half a minute:
    the last comes within the five minutes for which a receiver takes the time that was signed. No redirect is followed,
    since it could lead a signed message anywhere."""
    return Retry(total=5, redirect=0, status_forcelist=LATER, allowed_methods={"POST"}, backoff_factor=first_pause,
                 backoff_max=30, retry_after_max=30, raise_on_redirect=False, raise_on_status=False)


def wanted(hook: Hook, report: Report) -> Message | None:
    """The message for a hook, None when it does not want to hear of this report."""
    if report.kind not in hook.kinds:
        return None
    message = message_of(report, Severity(hook.severity))
    says = {"changes": bool(message.unseen) or _news(report, Severity(hook.severity)),
            "findings": bool(message.faults or message.unseen), "always": True}
    return message if says[hook.when] else None


def _news(report: Report, least: Severity) -> bool:
    """Something came or went; for a verb that remembers nothing, there is something at all."""
    if report.kind in REMEMBERED:
        new = (item for item in report.findings if item.id in set(report.new))
        return any(as_bad(item, least) for item in (*new, *report.gone))
    return any(row.status == "changed" for row in report.devices) or any(
        as_bad(item, least) for item in (*(item for _, item in standing(report)), *report.warnings))


def deliver(name: str, hook: Hook, message: Message, secrets: Secrets, retry: Retry | None = None) -> None:
    """Send a message. The id is of its content, so that a receiver knows a message that comes twice. Of the answer
    nothing is read but its status.

    Raises:
        NotifyError: it was not taken; neither address nor key is repeated.
        SecretError: there is no such key.
    """
    body = to_json(message, indent=None)
    signer = Webhook(_key(name, secrets.resolve(hook.key)))
    number, at = f"msg_{hashlib.sha256(body.encode()).hexdigest()[:24]}", datetime.now(UTC)
    headers = {"content-type": "application/json", "user-agent": f"punchdown/{__version__}", "webhook-id": number,
               "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signer.sign(number, at, body)}
    try:
        with PoolManager(retries=retry or retries(), timeout=TIMES) as pool:
            answer = pool.request("POST", hook.url, body=body.encode(), headers=headers, preload_content=False)
            answer.close()
    except (HTTPError, ValueError) as error:
        cause = getattr(error, "reason", None) or error
        raise NotifyError(f"the webhook {name} was not told: {type(cause).__name__}") from None
    if not 200 <= answer.status < 300:
        raise NotifyError(f"the webhook {name} was not told: it answered {answer.status}")


def _key(name: str, text: str) -> bytes:
    """``whsec_`` and base64, or any text that is long enough."""
    try:
        key = b64decode(text.removeprefix("whsec_"), validate=True) if text.startswith("whsec_") else text.encode()
    except binascii.Error:
        key = b""
    if len(key) < KEY_BYTES:
        raise NotifyError(f"the key of the webhook {name} needs {KEY_BYTES} bytes or more: `whsec_` and base64, "
                          "or any text")
    return key
