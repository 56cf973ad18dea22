"""Real servers on loopback: ``openssl s_server`` at the levels that a test asks for, with certificates made here."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificates:
    """A root, and a server's certificate and key, as PEM files."""

    root: Path
    server: Path
    key: Path


def make_certificates(folder: Path, *, days: int = 365) -> Certificates:
    """A root of ten years and a server's certificate that ends in so many days (negative: it has ended)."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)]) for text in ("Test root", "pbx.example.com")]
    keys = [rsa.generate_private_key(65537, 2048) for _ in names]

    def sign(number: int, start: datetime, end: datetime, *, authority: bool) -> x509.Certificate:
        builder = x509.CertificateBuilder().subject_name(names[number]).issuer_name(names[0])
        builder = builder.public_key(keys[number].public_key()).serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(start).not_valid_after(end)
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        return builder.sign(keys[0], hashes.SHA256())

    root = sign(0, now - timedelta(days=1000), now + timedelta(days=3650), authority=True)
    server = sign(1, now - timedelta(days=900), now + timedelta(days=days), authority=False)
    made = Certificates(folder / "root.pem", folder / "server.pem", folder / "key.pem")
    made.root.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    made.server.write_bytes(server.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return made


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def tls_server(certificates: Certificates, *options: str) -> Iterator[int]:
    """``openssl s_server`` with further options; gives its port."""
    port = free_port()
    process = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", str(certificates.server), "-key",
         str(certificates.key), *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"ACCEPT"):
                break
        else:
            raise AssertionError("openssl s_server did not start")
        drain = threading.Thread(target=process.stdout.read, daemon=True)
        drain.start()
        yield port
    finally:
        process.kill()
        process.wait()
        drain.join()
        process.stdout.close()
        if process.stdin:
            process.stdin.close()


@contextmanager
def talking_server(banner: bytes = b"") -> Iterator[int]:
    """A TCP server that says something to everybody and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    stream, _peer = listener.accept()
                except TimeoutError:
                    continue
                with stream:
                    stream.sendall(banner)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            done.set()
            thread.join()


@contextmanager
def udp_server(*, answers: bool) -> Iterator[int]:
    """A UDP port; where it ``answers``, from another port, as TFTP does."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(0.1)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    _data, peer = listener.recvfrom(1000)
                except TimeoutError:
                    continue
                if answers:
                    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
                        other.sendto(b"\x00\x05\x00\x01File not found\x00", peer)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            done.set()
            thread.join()
