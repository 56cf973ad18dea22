"""Packages to a real sshd by SFTP."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from punchdown.cli import main

EXAMPLES = Path(__file__).parents[2] / "inventory" / "examples"
SSHD = "/usr/sbin/sshd"
SECRETS = ("home-7-value", "home-7-inside-value")
pytestmark = pytest.mark.skipif(not Path(SSHD).exists(), reason="no sshd on this machine")

Run = Callable[..., tuple[int, str, str]]


@dataclass(frozen=True)
class Server:
    """sshd on loopback."""

    root: Path
    port: int
    user: str

    @property
    def folder(self) -> Path:
        return self.root / "files"


@pytest.fixture
def server() -> Iterator[Server]:
    """A real sshd that serves SFTP only. As root it runs as nobody, so that it needs and writes nothing of the machine;
    PAM looks at the account, which has no password."""
    root = Path(tempfile.mkdtemp())
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    (root / "files").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", root / name], check=True)
    (root / "sshd_config").write_text("\n".join((
        "ListenAddress 127.0.0.1", f"Port {port}", f"HostKey {root}/host", f"AuthorizedKeysFile {root}/user.pub",
        "PidFile none", "StrictModes no", "UsePAM yes", "PasswordAuthentication no", "Subsystem sftp internal-sftp",
        "ForceCommand internal-sftp", "")))
    root.chmod(0o755)
    if user == "nobody":
        for path in (root, *root.iterdir()):
            shutil.chown(path, user)
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", root / "sshd_config"], stderr=subprocess.DEVNULL,
                               user=user if user == "nobody" else None)
    try:
        _wait(port, process)
        yield Server(root, port, user)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(root)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "sshd ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("sshd does not answer")


@pytest.fixture
def run(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line on an estate whose border gateway says where its files go."""
    estate, operator = tmp_path / "estate", tmp_path / "operator"
    shutil.copytree(EXAMPLES / "teleworkers", estate)
    site = estate / "sites" / "aveiro.yml"
    old = "    hairpin: true\n"
    assert site.read_text().count(old) == 1
    site.write_text(site.read_text().replace(
        old, f"{old}    delivery: {{folder: {server.folder}, port: 2022, credential: files}}\n"))
    (operator / "secrets").mkdir(parents=True)
    for name, value in zip(("home-7", "home-7-inside"), SECRETS, strict=True):
        (operator / "secrets" / name).write_text(value)
    shutil.copy(server.root / "user", operator / "key")
    (operator / "credentials.yml").write_text(
        f"credentials:\n  files: {{username: {server.user}, key_file: key, scope: {{management: [10.50.0.0/16], "
        "devices: ['mbg-*']}}\n")
    (operator / "ssh_config").write_text(f"Host 10.50.70.10\n  HostName 127.0.0.1\n  Port {server.port}\n")

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main([*arguments, "-e", str(estate), "--operator", str(operator)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err
    return call


def trusted(run: Run) -> None:
    assert run("trust", "--gateways", "-y")[0] == 0


def delivered(server: Server) -> dict[str, bytes]:
    top = server.folder / "aveiro-mbg-1"
    return {str(path.relative_to(top)): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def test_nothing_goes_to_a_server_that_is_not_trusted(run: Run, server: Server) -> None:
    code, out, _err = run("deliver")
    assert code == 1
    assert "its host key is not trusted, nothing was sent" in out
    assert delivered(server) == {}


def test_a_package_arrives_whole_with_its_manifest_and_without_secrets(run: Run, server: Server) -> None:
    trusted(run)
    assert run("deliver")[0] == 0
    found = delivered(server)
    manifest = json.loads(found.pop("manifest.json"))
    assert {row["path"]: row["sha256"] for row in manifest["files"]} == {
        path: hashlib.sha256(data).hexdigest() for path, data in found.items()}
    assert set(found) == {"checklist.md", "netblocks/homes-list.txt"}
    assert not any(secret.encode() in data for secret in SECRETS for data in found.values())
    modes = {path.stat().st_mode & 0o777 for path in (server.folder / "aveiro-mbg-1").rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_the_second_time_nothing_is_written(run: Run, server: Server) -> None:
    trusted(run)
    run("deliver")
    before = {path: path.stat().st_ino for path in server.folder.rglob("*")}
    assert run("deliver")[0] == 0
    assert {path: path.stat().st_ino for path in server.folder.rglob("*")} == before


def test_what_was_changed_there_is_put_right(run: Run, server: Server) -> None:
    trusted(run)
    run("deliver")
    path = server.folder / "aveiro-mbg-1" / "netblocks" / "homes-list.txt"
    right = path.read_bytes()
    path.write_text("0.0.0.0/0\n")
    assert run("deliver")[0] == 0
    assert path.read_bytes() == right


def test_a_foreign_file_stops_it_before_the_manifest(run: Run, server: Server) -> None:
    trusted(run)
    folder = server.folder / "aveiro-mbg-1"
    folder.mkdir()
    (folder / "sip-devices.devices.csv").write_text("old")
    if server.user == "nobody":
        shutil.chown(folder, "nobody")
    code, out, _err = run("deliver")
    assert code == 1
    assert "holds files that are no part of the package: sip-devices.devices.csv" in out
    assert "manifest.json" not in delivered(server)


def test_a_folder_that_is_not_there_fails_in_words(run: Run, server: Server) -> None:
    trusted(run)
    server.folder.rmdir()
    code, out, err = run("deliver")
    assert code == 1
    assert "No such file" in out
    assert "a fault in punchdown" not in err


def test_a_credential_goes_nowhere_outside_of_its_scope(run: Run, server: Server, tmp_path: Path) -> None:
    trusted(run)
    path = tmp_path / "operator" / "credentials.yml"
    path.write_text(path.read_text().replace("10.50.0.0/16", "10.60.0.0/16"))
    code, out, _err = run("deliver")
    assert code == 1
    assert "is outside of the scope of the credential" in out
    assert delivered(server) == {}


def test_an_estate_that_says_nothing_of_delivery_says_so(run: Run, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "teleworkers" / "sites" / "aveiro.yml", tmp_path / "estate" / "sites" / "aveiro.yml")
    assert "hosts.NAME.delivery" in run("deliver")[2]
