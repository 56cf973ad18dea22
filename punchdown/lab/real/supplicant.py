"""What an endpoint needs to log in to its port: a wpa_supplicant configuration and its certificates."""

from __future__ import annotations

from pathlib import Path

from punchdown.lab.real.pki import Authority
from punchdown.lab.real.site import Endpoint

_HEAD = "ctrl_interface={control}\nap_scan=0\neapol_version=2\n"


def write_supplicant(folder: Path, endpoint: Endpoint, password: str, authority: Authority, server: str) -> Path | None:
    """Write the configuration and what it refers to; None for an endpoint that has no supplicant (MAC only)."""
    if endpoint.method == "mab":
        return None
    (folder / "control").mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "ca.pem").write_text(authority.certificate, encoding="ascii")
    if endpoint.method == "tls":
        certificate, key = authority.issue(endpoint.name, server=False)
        (folder / "client.pem").write_text(certificate, encoding="ascii")
        (folder / "client.key").touch(mode=0o600)
        (folder / "client.key").write_text(key, encoding="ascii")
    path = folder / "wpa.conf"
    path.touch(mode=0o600)
    path.write_text(_HEAD.format(control=folder / "control") + _network(folder, endpoint, password, server),
                    encoding="utf-8")
    return path


def _network(folder: Path, endpoint: Endpoint, password: str, server: str) -> str:
    trust = f'ca_cert="{folder}/ca.pem" domain_match="{server}"'
    own = {
        "md5": f'eap=MD5 password="{password}"',
        "peap": f'eap=PEAP phase1="peapver=0" phase2="auth=MSCHAPV2" password="{password}" {trust}',
        "tls": f'eap=TLS {trust} client_cert="{folder}/client.pem" private_key="{folder}/client.key"',
    }[endpoint.method]
    fields = ["key_mgmt=IEEE8021X", "eapol_flags=0", f'identity="{endpoint.name}"', *own.split()]
    return "network={\n" + "".join(f"  {field}\n" for field in fields) + "}\n"
