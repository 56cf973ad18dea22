"""A RADIUS appliance with the packaged FreeRADIUS in its own namespaces, its intent, and the clients that ask it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from punchdown.intent import DeviceIntent, Management, RadiusClient, RadiusIntent, RadiusUser
from punchdown.platforms.freeradius import PLATFORM
from punchdown.render import render_device
from punchdown.values import Change, Position, Provenance
from tests.platforms.linux.local_writer import Appliance, LocalWriter

CERTS = "/etc/freeradius/3.0/certs/punchdown"
SECRETS = {"radius-sw-core-1": 'k3y %{x}${y}#"z', "radius-sw-acc-1": "another-key", "eap-room-102": "phone pass",
           "eap-reception": "desk-pass"}


def source(field: str) -> Provenance:
    return Provenance(field, Position("lisbon.yml", 1, 1))


def mask(secret: str) -> str:
    return f"<masked:{hashlib.sha256(b'test' + secret.encode()).hexdigest()[:12]}>"


NAMES = {name: mask(secret) for name, secret in SECRETS.items()}

RADIUS = RadiusIntent(
    listen="*",
    clients=(RadiusClient("sw-acc-1", "10.20.99.11", "radius-sw-acc-1", "cisco", source("devices.sw-acc-1")),
             RadiusClient("sw-core-1", "127.0.0.1", "radius-sw-core-1", "other", source("devices.sw-core-1"))),
    users=(RadiusUser("08-00-0F-10-01-03", "mab", "", 120, True, source("endpoints.room-103")),
           RadiusUser("reception", "peap", "eap-reception", 130, False, source("endpoints.reception")),
           RadiusUser("room-101", "tls", "", 120, True, source("endpoints.room-101")),
           RadiusUser("room-102", "md5", "eap-room-102", 120, True, source("endpoints.room-102"))),
    ca_file=f"{CERTS}/ca.pem", certificate_file=f"{CERTS}/server.pem", private_key_file=f"{CERTS}/server.key",
    methods=("md5", "peap", "tls"), source=source("devices.radius-1"))


def intent(radius: RadiusIntent | None = RADIUS) -> DeviceIntent:
    management = Management("10.20.99.5/24", 199, "10.20.99.1", ("10.20.99.0/24",), ("Authorised use only",),
                            ("10.20.99.1",), ("10.20.99.100",), 10, source("devices.radius-1.management"))
    return DeviceIntent("lisbon", "radius-1", "freeradius", "", "", "radius", "", management, (), 0, (), (), (), None,
                        radius, None, None, source("devices.radius-1"))


def resolve(text: str) -> str:
    for name, secret in SECRETS.items():
        text = text.replace(f"<secret:{name}>", secret)
    return text


def make_certificates(folder: Path) -> Path:
    """A CA, the server, room-101, an unlisted room-999, and room-101 by a rogue CA. Elliptic curve keys: fast."""
    folder.mkdir(parents=True, exist_ok=True)

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    for ca in ("ca", "rogue"):
        openssl("req", "-x509", *new_key, "-keyout", f"{ca}.key", "-out", f"{ca}.pem", "-days", "60",
                "-subj", f"/CN={ca}")
    for name, common, ca, usage in (("server", "radius-1.lisbon", "ca", "serverAuth"),
                                    ("room-101", "room-101", "ca", "clientAuth"),
                                    ("room-999", "room-999", "ca", "clientAuth"),
                                    ("rogue-101", "room-101", "rogue", "clientAuth")):
        (folder / "ext").write_text(f"extendedKeyUsage={usage}\n")
        openssl("req", *new_key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={common}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key", "-CAcreateserial",
                "-days", "60", "-extfile", "ext", "-out", f"{name}.pem")
    return folder


PREPARE = f"""mount -t tmpfs tmpfs /var/log && mkdir -p /var/log/freeradius/radacct {CERTS}
cp "$1"/ca.pem "$1"/server.pem "$1"/server.key {CERTS}/
chown -R freerad:freerad /var/log/freeradius {CERTS}
"""


def install(appliance: Appliance, certificates: Path) -> LocalWriter:
    """The packaged configuration and the certificates; the daemon does not run yet."""
    subprocess.run(["cp", "-a", "/etc/freeradius", str(appliance.disk / "etc")], check=True)
    writer = appliance.writer()
    answer = writer.run(f"set -- {certificates}\n{PREPARE}")
    assert answer.code == 0, answer.error
    return writer


def plan(writer: LocalWriter, radius: RadiusIntent = RADIUS) -> Change:
    wanted = intent(radius)
    return PLATFORM.compare(wanted, render_device(wanted), PLATFORM.fetch(writer, mask), NAMES)


def push(writer: LocalWriter, change: Change, *, confirm: bool = True) -> None:
    safe = PLATFORM.safe_change()
    safe.stage(writer, change, resolve)
    safe.check(writer)
    safe.commit(writer, 30)
    if confirm:
        safe.confirm(writer.reconnect())
        safe.save(writer)


@dataclass(frozen=True)
class Login:
    """How an EAP login ended; ``vlan`` from the accept, ``early`` the VLAN attributes that leaked into challenges."""

    accepted: bool
    vlan: str
    voice: bool
    early: int


def eap(appliance: Appliance, folder: Path, method: str, identity: str, secret: str = "", *, certificate: str = "",
        anonymous: str = "anonymous", inner: str = "MSCHAPV2", key: str = SECRETS["radius-sw-core-1"]) -> Login:
    """One run of eapol_test inside the appliance."""
    lines = ["key_mgmt=IEEE8021X", f"eap={method}", f'identity="{identity}"', "eapol_flags=0"]
    if secret:
        lines.append(f'password="{secret}"')
    if method == "PEAP":
        lines += [f'anonymous_identity="{anonymous}"', f'phase2="auth={inner}"', f'ca_cert="{folder}/ca.pem"']
    if method == "TLS":
        lines += [f'ca_cert="{folder}/ca.pem"', f'client_cert="{folder}/{certificate}.pem"',
                  f'private_key="{folder}/{certificate}.key"']
    handle, name = tempfile.mkstemp(suffix=".conf", dir=folder)
    os.close(handle)
    conf = Path(name)
    conf.write_text("network={\n" + "\n".join(lines) + "\n}\n")
    no_keys = ["-n"] if method == "MD5" else []
    done = subprocess.run([*appliance.enter(), "eapol_test", "-c", str(conf), "-a", "127.0.0.1", "-s", key, "-r0",
                           "-t", "3", "-M", "08:00:0f:10:01:02", *no_keys], capture_output=True, text=True)
    packets = done.stdout.split("RADIUS message: code=")
    accept = next((packet for packet in packets if packet.startswith("2 ")), "")
    value = accept.partition("Attribute 81 ")[2].partition("Value: ")[2].split("\n")[0].strip()
    return Login(done.returncode == 0, bytes.fromhex(value).decode() if value else "", b"voice".hex() in accept.lower(),
                 sum("Attribute 81 " in packet for packet in packets if packet.startswith("11 ")))


def mab(appliance: Appliance, user: str, calling: str, *, service: str = "Call-Check") -> str:
    """One MAC authentication; the answer as radclient prints it."""
    request = (f'User-Name="{user}"\nUser-Password="{user}"\nCalling-Station-Id="{calling}"\nService-Type={service}\n'
               "Message-Authenticator=0x00\n")
    return subprocess.run([*appliance.enter(), "radclient", "-x", "-r", "1", "-t", "3", "127.0.0.1:1812", "auth",
                           SECRETS["radius-sw-core-1"]], input=request, capture_output=True, text=True).stdout


