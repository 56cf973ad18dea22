"""Looks at real servers at good and bad levels, and what is made of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from punchdown.probes import Probe, look
from punchdown.probes.tls import VERSIONS
from punchdown.values import Finding, Severity
from punchdown.values.probe import PortQuestion, PortSeen, TlsSeen
from punchdown.verify import probe_findings

from .servers import Certificates, free_port, make_certificates, talking_server, tls_server, udp_server

OLD_LEVEL = ("-cipher", "ALL:@SECLEVEL=0")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("good"))


def ask(port: int, *, roots: Path | None = None, protocol: str = "tcp", allowed: bool = True, tls: bool = True,
        ) -> PortSeen:
    question = PortQuestion("mbg-1", "127.0.0.1", protocol, port, allowed, tls, "minet-tls")  # type: ignore[arg-type]
    (seen,) = look([question], Probe(pace=0.01, seconds=2, roots=roots))
    return seen


def seen_tls(port: int, roots: Path | None = None) -> TlsSeen:
    seen = ask(port, roots=roots)
    assert seen.state == "open"
    assert seen.tls is not None
    return seen.tls


def titles(seen: PortSeen) -> dict[str, Severity]:
    return {item.title.partition(" ")[2].partition(" ")[2]: item.severity for item in findings(seen)}


def findings(seen: PortSeen) -> tuple[Finding, ...]:
    return probe_findings("wan", [seen], datetime.now(UTC).date())


def test_a_good_server_leaves_nothing_to_say(good: Certificates) -> None:
    with tls_server(good, "-min_protocol", "TLSv1.2", "-cipher", "ECDHE+AESGCM") as port:
        seen = ask(port, roots=good.root)
        assert seen.tls is not None
        assert seen.tls.versions == {"SSL 3.0": False, "TLS 1.0": False, "TLS 1.1": False, "TLS 1.2": True,
                                     "TLS 1.3": True}
        assert (seen.tls.weak, seen.tls.static_key, seen.tls.chain) == ("", False, "")
        assert (seen.tls.subject, seen.tls.issuer) == ("CN=pbx.example.com", "CN=Test root")
        assert findings(seen) == ()


@pytest.mark.parametrize(("option", "version"), [("-tls1", "TLS 1.0"), ("-tls1_1", "TLS 1.1")])
def test_an_old_version_alone_is_seen_and_told(good: Certificates, option: str, version: str) -> None:
    with tls_server(good, option, *OLD_LEVEL) as port:
        seen = ask(port, roots=good.root)
        assert seen.tls is not None
        assert [name for name, accepted in seen.tls.versions.items() if accepted] == [version]
        assert titles(seen)[f"accepts {version}"] is Severity.HIGH
        assert titles(seen)["accepts neither TLS 1.2 nor TLS 1.3"] is Severity.HIGH


def test_ciphers_without_encryption_and_without_forward_secrecy(good: Certificates) -> None:
    with tls_server(good, "-tls1_2", "-cipher", "NULL-SHA256:AES128-GCM-SHA256:@SECLEVEL=0") as port:
        seen = ask(port, roots=good.root)
        assert titles(seen) == {"accepts a broken cipher: TLS_RSA_WITH_NULL_SHA256": Severity.HIGH,
                                "accepts a key exchange without forward secrecy": Severity.LOW}


def test_a_chain_that_leads_nowhere(good: Certificates) -> None:
    with tls_server(good) as port:
        assert seen_tls(port, good.root).chain == ""
        seen = ask(port)
        assert titles(seen)["has a certificate that is not trusted: unable to get local issuer certificate"] \
            is Severity.MEDIUM


@pytest.mark.parametrize(("days", "severity", "words"), [
    (-10, Severity.HIGH, "has a certificate that ended on "), (10, Severity.MEDIUM, "has a certificate that ends on ")])
def test_a_certificate_that_ends(tmp_path: Path, days: int, severity: Severity, words: str) -> None:
    made = make_certificates(tmp_path, days=days)
    with tls_server(made, "-cipher", "ECDHE+AESGCM") as port:
        ((title, found),) = titles(ask(port, roots=made.root)).items()
        assert title.startswith(words)
        assert found is severity


def test_clear_text_where_tls_belongs() -> None:
    with talking_server(b"220 ready\r\n") as port:
        seen = ask(port)
        assert (seen.banner, seen.tls) == ("220 ready", None)
        assert titles(seen) == {"speaks clear text where TLS belongs": Severity.HIGH}
    with talking_server() as port:
        assert titles(ask(port)) == {"agrees to no version of TLS": Severity.HIGH}


def test_ports_that_should_be_shut_and_are_not() -> None:
    with talking_server(b"SSH-2.0-old\x1b[2J\r\n") as port:
        (finding,) = findings(ask(port, allowed=False, tls=False))
        assert (finding.severity, finding.title) == (
            Severity.HIGH, f"TCP {port} is open from wan, which nothing in the definition asks for")
        assert "SSH-2.0-old" in finding.meaning
        assert "\x1b" not in finding.meaning


def test_a_shut_port_is_in_order_where_nobody_may_and_told_where_somebody_may() -> None:
    port = free_port()
    assert ask(port, allowed=False, tls=False).state == "closed"
    assert findings(ask(port, allowed=False, tls=False)) == ()
    (finding,) = findings(ask(port))
    assert finding.title == f"TCP {port} (minet-tls) is closed from wan, which the definition lets in"


@pytest.mark.parametrize(("answers", "state", "count"), [(True, "open", 1), (False, "silent", 0)])
def test_tftp_answers_or_does_not(answers: bool, state: str, count: int) -> None:
    with udp_server(answers=answers) as port:
        seen = ask(port, protocol="udp", allowed=False, tls=False)
        assert (seen.state, len(findings(seen))) == (state, count)


def test_connections_to_one_host_keep_their_distance(monkeypatch: pytest.MonkeyPatch, good: Certificates) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    look([PortQuestion("a", "127.0.0.1", "tcp", free_port(), False) for _ in range(5)], Probe(seconds=1))
    assert waits == [0.25] * 5
    waits.clear()
    with tls_server(good) as port:
        look([PortQuestion("a", "127.0.0.1", "tcp", port, allowed=True, tls=True)], Probe(seconds=2))
    assert waits == [0.25] * (1 + len(VERSIONS) + 3)
