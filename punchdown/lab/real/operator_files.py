"""The operator's directory of the lab: how to log in, which host keys to trust, which secrets there are."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from punchdown import pipeline
from punchdown.lab.real.pki import HostKey
from punchdown.lab.real.site import LabSite
from punchdown.secrets import REFERENCE

_PASSWORD_BYTES = 16


def make_secrets(site: LabSite, site_file: Path) -> dict[str, str]:
    """Random secrets by name: what the site's configurations refer to, and one per endpoint that has a password.

    Raises:
        InputError: the definition is wrong; names the places.
    """
    rendered = pipeline.render(site_file.resolve().parents[1], pipeline.Selection(sites=(site.name,)))
    names = {name for config in rendered for document in config.documents
             for name in REFERENCE.findall(document.text)}
    names |= {f"eap-{item.name}" for item in site.endpoints.values() if item.method in {"md5", "peap"}}
    return {name: secrets.token_urlsafe(_PASSWORD_BYTES) for name in sorted(names)}


def write_operator(folder: Path, site: LabSite, login: HostKey, hosts: dict[str, HostKey], values: dict[str, str],
                   jump: str) -> None:
    """Write everything, readable by its owner only. ``jump`` is the namespace from which devices are reached."""
    for name in ("keys", "secrets"):
        (folder / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder / "keys" / "id_ed25519", login.private)
    _write(folder / "keys" / "id_ed25519.pub", f"{login.public}\n")
    for name, value in values.items():
        _write(folder / "secrets" / name, f"{value}\n")
    _write(folder / "fingerprint.key", secrets.token_hex(32) + "\n")
    _write(folder / "ssh_config", _ssh_config(jump))
    trusted = [f"{site.management_of(name)} {key.public}\n" for name, key in hosts.items()]
    _write(folder / "known_hosts", "".join(trusted))
    _write(folder / "credentials.yml", _credentials(site))


def trust(folder: Path, lines: str) -> None:
    """Add known_hosts lines."""
    with (folder / "known_hosts").open("a", encoding="utf-8") as file:
        file.write(lines)


def _ssh_config(jump: str) -> str:
    return f"Host *\n  ProxyCommand ip netns exec {jump} socat - TCP:%h:%p\n"


def _credentials(site: LabSite) -> str:
    """JSON is YAML: nothing to quote by hand."""
    scope = {"management": [f"{address}/32" for _, address in site.devices.values()], "devices": ["*"]}
    login = {"username": "root", "key_file": "keys/id_ed25519", "scope": scope}
    return json.dumps({"credentials": dict.fromkeys(site.credentials, login)}, indent=2) + "\n"


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


