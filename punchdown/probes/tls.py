"""What a TLS server agrees to: versions, broken ciphers, its certificate. Old versions are spoken by tlslite-ng, since
the OpenSSL of a machine of today may not speak them at all."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from tlslite.api import HandshakeSettings, TLSConnection
from tlslite.constants import AlertDescription, CipherSuite
from tlslite.errors import TLSAbruptCloseError, TLSAlert, TLSLocalAlert, TLSRemoteAlert

from punchdown.values.probe import TlsSeen

VERSIONS = {"SSL 3.0": (3, 0), "TLS 1.0": (3, 1), "TLS 1.1": (3, 2), "TLS 1.2": (3, 3), "TLS 1.3": (3, 4)}
BROKEN = ("rc4", "3des", "null")
_REFUSALS = {AlertDescription.protocol_version, AlertDescription.handshake_failure, AlertDescription.illegal_parameter,
             AlertDescription.insufficient_security}


@dataclass(frozen=True, slots=True)
class _Agreed:
    """A handshake that came to its end."""

    cipher: str
    certificate: bytes


@dataclass(frozen=True, slots=True)
class TlsProbe:
    """Handshakes with one port, ``pace`` seconds apart. ``roots`` is a file of trusted roots beside the machine's."""

    address: str
    port: int
    seconds: float
    pace: float
    roots: Path | None = None

    def look(self) -> TlsSeen:
        """Seven handshakes and one check of the chain, one after the other."""
        agreed = {name: self._agree(version, version) for name, version in VERSIONS.items()}
        done = [item for item in agreed.values() if isinstance(item, _Agreed)]
        weak = self._agree((3, 1), (3, 3), ciphers=BROKEN)
        static = self._agree((3, 1), (3, 3), exchanges=("rsa",))
        subject, issuer, not_after = _certificate(done[-1].certificate) if done else ("", "", "")
        return TlsSeen(
            {name: _accepted(item) for name, item in agreed.items()},
            weak.cipher if isinstance(weak, _Agreed) else "", _accepted(static), subject, issuer, not_after,
            self._chain() if done else None)

    def _agree(self, lowest: tuple[int, int], highest: tuple[int, int], *, ciphers: tuple[str, ...] = (),
               exchanges: tuple[str, ...] = ()) -> _Agreed | bool | None:
        """The handshake, False when the server refused it, None when it can't be told."""
        settings = HandshakeSettings()
        settings.minVersion, settings.maxVersion = lowest, highest
        settings.minKeySize = 512
        settings.cipherNames = list(ciphers) or [*settings.cipherNames, "rc4"]
        settings.macNames = ["sha", "sha256", "sha384", "aead", "md5"]
        if exchanges:
            settings.keyExchangeNames = list(exchanges)
        if highest < (3, 4):
            settings.versions = [version for version in settings.versions if version <= highest]
        time.sleep(self.pace)
        try:
            with self._connection() as connection:
                connection.handshakeClientCert(settings=settings)
                chain = connection.session.serverCertChain
                suite = CipherSuite.ietfNames.get(connection.session.cipherSuite, "unknown")
                return _Agreed(suite, bytes(chain.x509List[0].bytes) if chain else b"")
        except TLSLocalAlert as alert:
            return False if alert.description in _REFUSALS else None
        except (TLSRemoteAlert, TLSAbruptCloseError, ConnectionResetError, BrokenPipeError):
            return False
        except (TLSAlert, OSError, ValueError, TypeError, SyntaxError):
            return None

    @contextmanager
    def _connection(self) -> Iterator[TLSConnection]:
        with socket.create_connection((self.address, self.port), self.seconds) as stream:
            stream.settimeout(self.seconds)
            connection = TLSConnection(stream)
            connection.closeSocket = False
            connection.ignoreAbruptClose = True
            try:
                yield connection
            finally:
                with suppress(Exception):
                    connection.close()

    def _chain(self) -> str | None:
        """Why the machine's roots (and those of the file) do not lead to the certificate; the name is not compared."""
        time.sleep(self.pace)
        context = ssl.create_default_context()
        if self.roots is not None:
            context.load_verify_locations(self.roots)
        context.check_hostname = False
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.set_ciphers("ALL:@SECLEVEL=0")
        try:
            with (socket.create_connection((self.address, self.port), self.seconds) as stream,
                  context.wrap_socket(stream)):
                return ""
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        except OSError:
            return None


def _accepted(item: _Agreed | bool | None) -> bool | None:
    return True if isinstance(item, _Agreed) else item


def _certificate(data: bytes) -> tuple[str, str, str]:
    """Subject, issuer and the last day (ISO 8601), empty where the certificate can't be read."""
    try:
        found = x509.load_der_x509_certificate(data)
        return (found.subject.rfc4514_string(), found.issuer.rfc4514_string(),
                found.not_valid_after_utc.date().isoformat())
    except ValueError:
        return "", "", ""
