"""No credential leaves before the host key is known and the device is within the credential's scope."""

from dataclasses import replace

import asyncssh
import pytest

from punchdown.devices import Operator, enrol, is_trusted, open_reader, open_writer, seen_key
from punchdown.errors import ConnectError, TrustError
from tests.devices.conftest import PASSWORD, make_target


@pytest.mark.parametrize("opened", [open_reader, open_writer])
def test_an_unknown_key_gets_no_login_attempt(box, operator, target, opened):
    with pytest.raises(TrustError, match="punchdown trust -d box-1"):
        opened(operator, target)
    assert box.attempts == []


@pytest.mark.parametrize("opened", [open_reader, open_writer])
@pytest.mark.parametrize("kind", ["ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256"])
def test_a_changed_key_gets_no_login_attempt(box, folder, operator, target, opened, kind):
    other = asyncssh.generate_private_key(kind).export_public_key().decode().split()[:2]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{box.port} {' '.join(other)}\n")
    with pytest.raises((TrustError, ConnectError)) as caught:
        opened(operator, target)
    assert box.attempts == []
    if kind == "ssh-ed25519":
        assert isinstance(caught.value, TrustError)
        assert "punchdown trust -d box-1" in str(caught.value)


def test_a_trusted_key_opens(box, operator, target, trusted):
    reader = open_reader(operator, target)
    assert reader.show("echo hello").output == "hello\n"
    reader.close()
    assert box.passwords == [PASSWORD]


def test_fetching_a_key_does_not_log_in_and_enrolling_it_opens(box, operator, target):
    key = seen_key(operator, target)
    assert box.attempts == []
    assert key.fingerprint == box.key.get_fingerprint()
    assert not is_trusted(operator, key)
    enrol(operator, key)
    assert is_trusted(operator, key)
    open_reader(operator, target).close()


def test_trust_of_one_port_is_not_trust_of_another(box, operator, target, trusted):
    with pytest.raises(TrustError):
        open_reader(operator, replace(target, port=target.port + 1))


@pytest.mark.parametrize("wrong", [{"device": "sw-1"}, {"address": "192.0.2.1"}, {"credential": "other"}])
def test_out_of_scope_sends_nothing(box, folder, target, wrong):
    (folder / "ssh_config").write_text(f"Host *\n  HostName 127.0.0.1\n  Port {box.port}\n")
    (folder / "known_hosts").write_text(box.known_hosts_line())
    with pytest.raises(TrustError, match=r"scope|no credential"):
        open_reader(Operator.load(folder), replace(target, **wrong))
    assert box.attempts == []


def test_no_key_of_the_home_directory_is_offered(box, folder, target, trusted, monkeypatch, tmp_path):
    home = tmp_path / "home" / ".ssh"
    home.mkdir(parents=True)
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(home / "id_ed25519"))
    monkeypatch.setenv("HOME", str(home.parent))
    mine = asyncssh.generate_private_key("ssh-ed25519")
    mine.write_private_key(str(folder / "mine"))
    text = (folder / "credentials.yml").read_text().replace("password: {file: login}", "key_file: mine")
    (folder / "credentials.yml").write_text(text)
    offered = []

    def note(_door, _user, key):
        offered.append(key.public_data)
        return False

    monkeypatch.setattr("tests.devices.conftest.Door.public_key_auth_supported", lambda _door: True, raising=False)
    monkeypatch.setattr("tests.devices.conftest.Door.validate_public_key", note, raising=False)
    with pytest.raises(ConnectError, match="refused the credential"):
        open_reader(Operator.load(folder), target)
    assert set(offered) == {mine.public_data}


def test_nobody_there_is_a_connect_error(operator, folder, box):
    (folder / "known_hosts").write_text("[127.0.0.1]:1 " + box.known_hosts_line("x").split(" ", 1)[1])
    with pytest.raises(ConnectError, match="refused"):
        open_reader(operator, make_target("box-1", 1))
