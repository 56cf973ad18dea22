"""What was seen from outside, as findings. The day is handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from punchdown.values import Finding, Severity, finding_id
from punchdown.values.probe import PortSeen, TlsSeen

SOON = timedelta(days=30)
"""A certificate that ends within these days is told."""

OLD = ("SSL 3.0", "TLS 1.0", "TLS 1.1")
CURRENT = ("TLS 1.2", "TLS 1.3")


def probe_findings(place: str, seen: Iterable[PortSeen], as_of: date) -> tuple[Finding, ...]:
    """The findings of looks from one place, in the order of the ports."""
    return tuple(finding for item in seen for finding in (*_port(place, item), *_tls(place, item, as_of)))


def _finding(place: str, seen: PortSeen, severity: Severity, what: str, title: str, meaning: str = "") -> Finding:
    question = seen.question
    port = f"{question.protocol.upper()} {question.port}"
    return Finding(finding_id("probe", place, question.host, port, what), question.host, "verify", severity,
                   f"{port} {title}", meaning, f"probe from {place}", controls=question.source.controls,
                   position=question.source.position, field=question.source.field)


def _port(place: str, seen: PortSeen) -> Iterator[Finding]:
    question = seen.question
    says = f"it says {seen.banner!r}" if seen.banner else ""
    if seen.state == "unknown":
        yield _finding(place, seen, Severity.UNKNOWN, "unknown", f"can't be looked at from {place}")
    elif seen.state == "open" and not question.allowed:
        yield _finding(place, seen, Severity.HIGH, "open",
                       f"is open from {place}, which nothing in the definition asks for", says)
    elif question.allowed and question.protocol == "tcp" and seen.state != "open":
        yield _finding(place, seen, Severity.MEDIUM, "shut",
                       f"({question.service}) is {seen.state} from {place}, which the definition lets in")
    elif question.tls and seen.banner:
        yield _finding(place, seen, Severity.HIGH, "clear", "speaks clear text where TLS belongs", says)


def _tls(place: str, seen: PortSeen, as_of: date) -> Iterator[Finding]:
    tls = seen.tls
    if tls is None:
        return
    if not any(tls.versions.values()):
        yield _finding(place, seen, Severity.UNKNOWN if None in tls.versions.values() else Severity.HIGH, "no-tls",
                       "agrees to no version of TLS")
        return
    for version in OLD:
        if tls.versions.get(version):
            yield _finding(place, seen, Severity.HIGH, version, f"accepts {version}", "TLS 1.2 is the least")
    if not any(tls.versions.get(version) for version in CURRENT):
        yield _finding(place, seen, Severity.HIGH, "current", "accepts neither TLS 1.2 nor TLS 1.3")
    if tls.weak:
        yield _finding(place, seen, Severity.HIGH, "weak", f"accepts a broken cipher: {tls.weak}")
    if tls.static_key:
        yield _finding(place, seen, Severity.LOW, "static", "accepts a key exchange without forward secrecy")
    unsure = [name for name, accepted in tls.versions.items() if accepted is None]
    if unsure:
        yield _finding(place, seen, Severity.UNKNOWN, "unsure", f"does not show whether it accepts {', '.join(unsure)}")
    yield from _certificate(place, seen, tls, as_of)


def _certificate(place: str, seen: PortSeen, tls: TlsSeen, as_of: date) -> Iterator[Finding]:
    told = f"certificate of {tls.subject}, issued by {tls.issuer}, until {tls.not_after}"
    if not tls.not_after:
        yield _finding(place, seen, Severity.UNKNOWN, "certificate", "shows no certificate that can be read")
        return
    end = date.fromisoformat(tls.not_after)
    if end < as_of:
        yield _finding(place, seen, Severity.HIGH, "expired", f"has a certificate that ended on {tls.not_after}", told)
    elif end <= as_of + SOON:
        yield _finding(place, seen, Severity.MEDIUM, "soon", f"has a certificate that ends on {tls.not_after}", told)
    if tls.chain is None:
        yield _finding(place, seen, Severity.UNKNOWN, "chain", "does not show whether its certificate is trusted", told)
    elif tls.chain and end >= as_of:
        yield _finding(place, seen, Severity.MEDIUM, "chain", f"has a certificate that is not trusted: {tls.chain}",
                       told)
