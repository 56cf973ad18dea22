"""What was seen from outside, as findings. The day is handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from punchdown.values import Finding, Severity, Sighting, finding_id
from punchdown.values.probe import PortSeen, TlsSeen

SOON = timedelta(days=30)
"""A certificate that ends within these days is told."""

OLD = ("SSL 3.0", "TLS 1.0", "TLS 1.1")
CURRENT = ("TLS 1.2", "TLS 1.3")


def probe_findings(place: str, seen: Iterable[PortSeen], as_of: date) -> tuple[Finding, ...]:
    """The findings of looks from one place, in the order of the ports."""
    return tuple(finding for item in seen for finding in (*_port(place, item), *_tls(place, item, as_of)))


def probe_document(place: str) -> str:
    """What a look from a place is at, as findings name it."""
    return f"probe from {place}"


def _finding(place: str, seen: PortSeen, severity: Severity, what: str, title: str, meaning: str = "") -> Finding:
    question = seen.question
    port = f"{question.protocol.upper()} {question.port}"
    return Finding(finding_id("probe", place, question.host, port, what), question.host, "verify", severity,
                   f"{port} {title}", meaning, probe_document(place), controls=question.source.controls,
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


ADMINISTRATION = 443
"""TCP port of every gateway's administration; looks at it count in audits."""


def looked(place: str, host: str) -> str:
    """The name under which looks at a host from a place are kept."""
    return f"{host}@{place}"[:64]


def probe_sightings(place: str, seen: Iterable[PortSeen], at: str) -> tuple[Sighting, ...]:
    """What audits keep of looks at the administration of gateways: whether it speaks TLS, only versions that are good
    enough, with a certificate that is trusted, and until when. ``value`` of the last is the day; ``at`` is when."""
    return tuple(
        sighting for item in seen
        if item.question.allowed and item.question.tls and item.question.port == ADMINISTRATION
        for sighting in _administration(place, item, at))


def _administration(place: str, item: PortSeen, at: str) -> Iterator[Sighting]:
    question, tls = item.question, item.tls
    speaks = None if item.state != "open" else tls is not None and any(tls.versions.values())
    old = [tls.versions.get(version) for version in OLD] if tls else []
    facts: dict[str, tuple[str, bool | None, str]] = {
        "tls": ("speaks TLS", speaks, "true"),
        "versions": ("speaks TLS 1.2 or later only", _all_false(old) if speaks else speaks, "true"),
        "trusted": ("has a certificate that is trusted", tls.chain == "" if tls and tls.chain is not None else None,
                    "true"),
        "in-time": ("has a certificate that does not end soon", True if tls and tls.not_after else None,
                    tls.not_after if tls else "")}
    for fact, (title, holds, value) in facts.items():
        yield Sighting(looked(place, question.host), f"{question.protocol}/{question.port} {fact}",
                       f"TCP {question.port} of {question.host} {title}, seen from {place}", value, holds, at)


def _all_false(accepted: Iterable[bool | None]) -> bool | None:
    """False when any is accepted, None when one could not be told."""
    known = list(accepted)
    return False if any(known) else None if None in known else True
