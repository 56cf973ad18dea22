"""Keys and certificates of the lab, made fresh for every run and worthless outside of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAYS = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class HostKey:
    """An Ed25519 key pair in OpenSSH's forms."""

    private: str
    public: str


@dataclass(frozen=True, slots=True)
class RadiusCertificates:
    """PEM texts of the authority and the RADIUS server."""

    authority: str
    server: str
    server_key: str


class Authority:
    """A certificate authority that lives as long as this object."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = _builder(self._name, self._name, self._key.public_key())
        usage = x509.KeyUsage(digital_signature=False, content_commitment=False, key_encipherment=False,
                              data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
                              encipher_only=False, decipher_only=False)
        certificate = (builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                       .add_extension(usage, critical=True).sign(self._key, hashes.SHA256()))
        self.certificate = certificate.public_bytes(serialization.Encoding.PEM).decode()

    def issue(self, name: str, *, server: bool) -> tuple[str, str]:
        """A certificate for a common name and its private key, both PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        purpose = ExtendedKeyUsageOID.SERVER_AUTH if server else ExtendedKeyUsageOID.CLIENT_AUTH
        certificate = (_builder(subject, self._name, key.public_key())
                       .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
                       .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
                       .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
                       .sign(self._key, hashes.SHA256()))
        return certificate.public_bytes(serialization.Encoding.PEM).decode(), _private(key, openssh=False)


def radius_certificates(authority: Authority, name: str) -> RadiusCertificates:
    """The server certificate that phones and PCs check."""
    certificate, key = authority.issue(name, server=True)
    return RadiusCertificates(authority.certificate, certificate, key)


def ssh_key(comment: str) -> HostKey:
    """A new Ed25519 key pair."""
    key = ed25519.Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return HostKey(_private(key, openssh=True), f"{public.decode()} {comment}")


def _builder(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
            .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + _DAYS))


def _private(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, *, openssh: bool) -> str:
    form = serialization.PrivateFormat.OpenSSH if openssh else serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
